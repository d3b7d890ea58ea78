"""Which layers a network calls, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from backend.evaluation._mode import evaluating, hooked
from backend.quantization._inputs import given
from backend.quantization._kinds import WEIGHTED


@dataclass
class Calls:
    """What one pass through a network showed.

    Attributes:
        names: its layers in the order in which they are called.
        normalized: those of them whose input is what a BatchNorm gave, with nothing in between.
    """

    names: list[str] = field(default_factory=list)
    normalized: set[str] = field(default_factory=set)

    @property
    def edges(self) -> set[str]:
        return {self.names[0], self.names[-1]} if self.names else set()


def calls(module: nn.Module, example: Tensor, kinds: tuple[type[nn.Module], ...] = WEIGHTED) -> Calls:
    """Run ``module`` once and watch layers of ``kinds``, which keeps torch from its fast paths through them.

    A layer whose weight is read from outside (by attention) is not called.
    """
    found = Calls()
    normal: list[tuple[Tensor, int]] = []

    def keep(_: nn.Module, __: Any, output: Tensor) -> None:
        normal.append((output, output._version))  # an activation that works in place raises the version

    def note(name: str) -> Any:
        def hook(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            found.names.append(name)
            values = given(args, kwargs)
            if any(values is output and output._version == version for output, version in normal):
                found.normalized.add(name)

        return hook

    parts = list(module.named_modules())
    norms = [part for _, part in parts if isinstance(part, _BatchNorm) and not isinstance(part, kinds)]
    hooks = [
        *(
            part.register_forward_pre_hook(note(name), with_kwargs=True)
            for name, part in parts
            if isinstance(part, kinds)
        ),
        *(part.register_forward_hook(keep) for part in norms),
    ]
    with hooked(hooks), evaluating(module), torch.no_grad():
        module(example)
    return found
