"""What a distillation loss is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from torch import Size, Tensor, nn

from backend.description import Method, Parameter

WEIGHT = Parameter(
    name="weight",
    type="float",
    label="Weight",
    default=0.7,
    minimum=0.0,
    maximum=1000.0,
    required=True,
    summary="What this part of the loss is multiplied by.",
)
TEMPERATURE = Parameter(
    name="temperature",
    type="float",
    label="Temperature",
    default=4.0,
    above=0.0,
    maximum=100.0,
    required=True,
    summary="The higher, the more the classes that are not the most likely one count.",
)
"""A parameter of every loss on softened probabilities."""
PAIRS = Parameter(
    name="pairs",
    type="pairs",
    label="Layer pairs",
    summary="Layer of the student: layer of the teacher. Empty pairs the last layers, or blocks, of each height and "
    "width.",
)
"""A parameter of every loss on features."""


@dataclass(frozen=True, kw_only=True)
class Distillation(Method):
    """A loss between a student and its teacher; the fit loop multiplies it by ``weight`` and adds it to the labels'.

    Attributes:
        on: what it compares. ``outputs``: ``loss(student, teacher, labels, settings)``, both N×classes before any
            softmax, labels N. ``features``: ``loss(student, teacher, settings)`` for the outputs of a pair of layers,
            two lists of equal length: one of the teacher's outputs each, and the student's as adapted to it. They hold
            one entry unless a layer may meet ``several``. Over pairs the mean counts.
        loss: float32 in, a scalar out, a mean over the batch.
        adapter: ``adapter(student's shape, teacher's shape)`` (shapes of one output, batch included) makes what is
            trained beside the student to bring its features into the teacher's shape, and left out of the result;
            None where none is needed. Heights, widths and lengths may go on differing.
        several: whether a layer of the student may be paired with a list of the teacher's.
        dims: how many dimensions the outputs that it compares may have, the batch among them; a pair has as many on
            both sides.
    """

    on: Literal["outputs", "features"]
    loss: Callable[..., Tensor]
    adapter: Callable[[Size, Size], nn.Module | None] | None = None
    several: bool = False
    dims: tuple[int, ...] = (2, 3, 4)

    def traits(self) -> dict[str, Any]:
        adapts = self.adapter is not None
        return {"on": self.on, "several": self.several, "dims": list(self.dims), "adapter": adapts}
