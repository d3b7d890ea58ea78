"""What a run works on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from backend.datasets._base import Data
from backend.network import Network
from backend.recipe import Recipe


@dataclass
class Session:
    """The network, its masks and the data that the stages change in turn.

    Attributes:
        recipe: as given, with defaults filled.
        network: what the stages change; a copy, never the person's own.
        masks: parameter name (``conv1.weight``) → mask of its shape (1 keeps, 0 prunes), float32.
        data: the four parts.
        original: the untouched network.
        folder: what relative paths in the recipe are relative to.
        allowed: Python files that may be run: path → SHA-256.
        generator: the run's source of randomness, seeded by the recipe; part of every checkpoint.
        choices: path in the recipe → value that was chosen automatically.
        report: what the stage at work has to say in its record of result.json beside its figures.
        keep: ``keep(at, metrics)``: what the stage at work has made so far is a point to come back to, after
            ``at`` of its steps; saved beside the stage's checkpoint.
        files: name (``calibration.json``) → what JSON can hold, written beside the stage's checkpoint.
        save: ``save(state)``: where the stage at work stands; ``state`` gives tensors and plain data, and is asked
            where it is time to write them.
        earlier: what was saved last by the stage at work before it was stopped; None where it begins.
        figures: layer name → figures that a stage knows and result.json lists (precision, scale, …).
    """

    recipe: Recipe
    network: Network
    original: Network
    data: Data
    folder: Path
    generator: torch.Generator
    masks: dict[str, Tensor] = field(default_factory=dict)
    choices: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    keep: Callable[[int, Mapping[str, Any]], None] = lambda at, metrics: None
    save: Callable[[Callable[[], Mapping[str, Any]]], None] = lambda state: None
    earlier: Mapping[str, Any] | None = None
    files: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    allowed: Mapping[str, str] = field(default_factory=dict)

    @property
    def device(self) -> torch.device:
        return torch.device(self.recipe.device)
