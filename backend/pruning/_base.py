"""What a pruning criterion is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

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


@dataclass(frozen=True)
class Candidate:
    """One layer as a criterion sees it.

    Attributes:
        name: dotted name.
        module: the layer; not to be changed.
        settings: the settings that apply to it.
        generator: for what is drawn.
        folder: what relative paths in the recipe are relative to.
    """

    name: str
    module: nn.Module
    settings: Mapping[str, Any]
    generator: torch.Generator
    folder: Path

    @property
    def weight(self) -> Tensor:
        return self.module.get_parameter("weight").detach()


def needs_weight(module: nn.Module) -> Message | None:
    """Why a layer can't be pruned: only convolutions and linear layers are."""
    if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)):
        return None
    return msg("Needs a convolution or a linear layer")


@dataclass(frozen=True, kw_only=True)
class Criterion(Method):
    """What to remove.

    Attributes:
        unit: what is removed as one: single weights or whole channels.
        scores: importance of each unit of a layer; the lowest go first. Shape of the weight for
            unit ``weight``; one value per slice of ``dim`` for unit ``channel``.
        mask: for a criterion that does not rank: the mask (1 keeps, 0 prunes) itself.
        applies: None where the layer qualifies, else why not.
    """

    unit: Literal["weight", "channel"]
    scores: Callable[[Candidate], Tensor] | None = None
    mask: Callable[[Candidate], Tensor] | None = None
    applies: Callable[[nn.Module], Message | None] = needs_weight

    def traits(self) -> dict[str, Any]:
        return {"unit": self.unit, "ranks": self.scores is not None}
