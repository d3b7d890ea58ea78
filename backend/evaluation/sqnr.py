"""How far a layer's output is from the original's.

SQNR = 10·log₁₀(Σx² / Σ(x − q)²) in dB and the cosine Σxq / √(Σx²·Σq²), over all values x of the
original layer's output and q of the changed one's, each in its own network: the error that came in
from earlier layers counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.evaluation._mode import hooked

HIGHEST_DB = 200.0
"""Reported where the outputs are equal: JSON has no infinity."""
CHUNK = 16


@dataclass
class Sums:
    """What both figures are made of, in double precision."""

    signal: float = 0.0
    noise: float = 0.0
    product: float = 0.0
    changed: float = 0.0

    def add(self, x: Tensor, q: Tensor) -> None:
        x, q = x.detach().double().flatten(), q.detach().double().flatten()
        self.signal += float(x @ x)
        self.noise += float((x - q) @ (x - q))
        self.product += float(x @ q)
        self.changed += float(q @ q)

    @property
    def sqnr_db(self) -> float:
        if self.noise == 0:
            return HIGHEST_DB
        if self.signal == 0 or not math.isfinite(self.noise):
            return -HIGHEST_DB
        return max(-HIGHEST_DB, min(HIGHEST_DB, 10 * math.log10(self.signal / self.noise)))

    @property
    def cosine(self) -> float:
        if self.signal == 0 or self.changed == 0:
            return 1.0 if self.signal == self.changed else 0.0
        return self.product / math.sqrt(self.signal * self.changed)

    def to_data(self) -> dict[str, float]:
        return {"sqnr_db": self.sqnr_db, "cosine": self.cosine}


def output_error(original: Tensor, changed: Tensor) -> Sums:
    """Sums over one pair of tensors of equal shape."""
    sums = Sums()
    sums.add(original, changed)
    return sums


def layer_errors(
    original: nn.Module,
    changed: nn.Module,
    names: Iterable[str],
    inputs: Iterable[Tensor],
    cancel: Cancel,
) -> dict[str, dict[str, float]]:
    """Layer name → {"sqnr_db", "cosine"} over ``inputs`` (batches N×C×H×W).

    Layers that one of the networks lacks or does not run are left out.
    """
    first, second = dict(original.named_modules()), dict(changed.named_modules())
    shared = [name for name in names if name in first and name in second]
    sums: dict[str, Sums] = {}
    for batch in inputs:
        for images in torch.split(batch, CHUNK):
            cancel.check()
            before, after = _outputs(original, first, shared, images), _outputs(changed, second, shared, images)
            for name in before.keys() & after.keys():
                if before[name].shape == after[name].shape:
                    sums.setdefault(name, Sums()).add(before[name], after[name])
    return {name: sums[name].to_data() for name in shared if name in sums}


def _outputs(
    network: nn.Module, modules: Mapping[str, nn.Module], names: list[str], images: Tensor
) -> dict[str, Tensor]:
    """What the named layers give for ``images`` when they first run, as float tensors."""
    seen: dict[str, Tensor] = {}

    def keep(name: str) -> Any:
        def hook(_: nn.Module, __: Any, output: Any) -> None:
            value = output[0] if isinstance(output, tuple) else output
            if isinstance(value, Tensor) and name not in seen:
                # A copy: an in-place activation may follow.
                seen[name] = value.dequantize() if value.is_quantized else value.float().clone()

        return hook

    with hooked(modules[name].register_forward_hook(keep(name)) for name in names), torch.no_grad():
        network(images)
    return seen
