"""What a pruning criterion is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Method, Parameter
from backend.errors import Message, msg

DIM = Parameter(
    name="dim",
    type="int",
    label="Dimension",
    default=0,
    minimum=0,
    maximum=1,
    advanced=True,
    summary="0 removes output channels, 1 input channels.",
)


Unit = Literal["weight", "channel", "block"]


@dataclass(frozen=True)
class Candidate:
    """One layer as a criterion sees it.

    Attributes:
        name: dotted name.
        module: the layer; not to be changed.
        settings: the settings that apply to it.
        generator: for what is drawn.
        folder: what relative paths in the recipe are relative to.
        own_amount: whether its amount was set for it, and not for the stage as a whole.
        statistic: what the criterion's ``measure`` or ``learn`` found out about this layer.
    """

    name: str
    module: nn.Module
    settings: Mapping[str, Any]
    generator: torch.Generator
    folder: Path
    own_amount: bool = False
    statistic: Tensor | None = None

    @property
    def weight(self) -> Tensor:
        return self.module.get_parameter("weight").detach()


@dataclass(frozen=True)
class Evidence:
    """What a criterion that looks at data may look at.

    Attributes:
        module: the whole network in evaluation mode on its device; to be left as it is.
        layers: the candidates, by name.
        example: an input of one image, on the device.
        batches: gives the calibration batches anew: normalized images and their labels, on the device.
        count: how many batches that are.
        progress: ``progress(batches done, batches in all)``.
        cancel: to be checked at every batch.
    """

    module: nn.Module
    layers: Mapping[str, Candidate]
    example: Tensor
    batches: Callable[[], Iterator[tuple[Tensor, Tensor]]]
    count: int
    progress: Callable[[int, int], None]
    cancel: Cancel


class Learner(Protocol):
    """Watches, or takes part in, training: what a criterion that learns has at work in a ``train`` stage."""

    def after_backward(self) -> None:
        """Called at each batch when the gradients stand in ``.grad`` and the optimizer has not moved yet."""

    def statistics(self) -> Mapping[str, Tensor | Message]:
        """Layer → what its candidate's ``statistic`` shall be now, or why the layer is not pruned."""

    def state_dict(self) -> dict[str, Any]:
        """What it has learned, as tensors and plain data: a training that is resumed goes on from it."""

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""


def needs_weight(module: nn.Module) -> Message | None:
    """Why a layer can't be pruned: only convolutions and linear layers are."""
    if not isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)):
        return msg("Needs a convolution or a linear layer")
    if module._parameters.get("weight") is None:  # weight_norm, torch.nn.utils.prune
        return msg("Its weight is computed from other parameters")
    return None


@dataclass(frozen=True, kw_only=True)
class Criterion(Method):
    """What to remove.

    Attributes:
        unit: what is removed as one: single weights, whole channels or whole blocks.
        scores: importance of each unit of a layer; the lowest go first. Shape of the weight for
            unit ``weight``; one value per slice of ``dim`` for unit ``channel``.
            A criterion with a parameter ``unit`` ranks by the one that the settings name, and
            ``unit`` here is that parameter's default.
        mask: for a criterion that does not rank: the mask (1 keeps, 0 prunes) itself.
        measure: looks at calibration data once before it ranks; layer → its ``statistic``. A layer that
            it leaves out is not pruned, and the reason stands in the Message instead.
        learn: for a criterion that learns while weights move (only in ``during``): begins to.
        applies: None where the layer qualifies, else why not.
        on_cpu: what a person should know who uses it on a CPU.
    """

    unit: Unit
    scores: Callable[[Candidate], Tensor] | None = None
    mask: Callable[[Candidate], Tensor] | None = None
    measure: Callable[[Evidence], Mapping[str, Tensor | Message]] | None = None
    learn: Callable[[Evidence], Learner] | None = None
    applies: Callable[[nn.Module], Message | None] = needs_weight
    on_cpu: Message | None = None

    def traits(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "ranks": self.scores is not None,
            "measures": self.measure is not None,
            "learns": self.learn is not None,
        }


def unit_of(layer: Candidate, criterion: Criterion) -> Unit:
    """What goes as one under the settings of ``layer``."""
    unit: Unit = layer.settings.get("unit", criterion.unit)
    return unit
