"""How far each layer is off by its own doing: the error of earlier layers is left out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.evaluation._mode import evaluating
from backend.evaluation.sqnr import CHUNK, HIGHEST_DB, Sums


def own_errors(
    before: nn.Module, after: nn.Module, data: Data, device: torch.device, cancel: Cancel
) -> dict[str, float]:
    """Layer → SQNR in dB of its output for the original network's input, the error of earlier layers left out.

    Compared are the layers that both networks have in the same shape, and blocks that pass their input
    on in ``after``. The images are those of the validation part of ``data``, all of them.
    """
    pairs = _pairs(before, after)
    sums = {name: Sums() for name in pairs}

    def compare(name: str) -> Callable[..., None]:
        def hook(_: nn.Module, inputs: Any, options: Any, output: Any) -> None:
            original, changed = _tensor(output), _tensor(pairs[name](*given.pop(name), **options))
            if original is not None and changed is not None and original.shape == changed.shape:
                sums[name].add(original, changed)

        return hook

    def keep(name: str) -> Callable[..., None]:
        def hook(_: nn.Module, inputs: Any, __: Any) -> None:
            given[name] = [i.clone() if isinstance(i, Tensor) else i for i in inputs]

        return hook

    given: dict[str, list[Any]] = {}
    handles = []
    for name in pairs:
        layer = before.get_submodule(name)
        handles.append(layer.register_forward_pre_hook(keep(name), with_kwargs=True))
        handles.append(layer.register_forward_hook(compare(name), with_kwargs=True))
    try:
        with evaluating(before), evaluating(after), torch.no_grad():
            for images, _ in data.batches("validation", CHUNK, device=device):
                cancel.check()
                before(images)
    finally:
        for handle in handles:
            handle.remove()
    return {name: found.sqnr_db for name, found in sums.items()}


def _pairs(before: nn.Module, after: nn.Module) -> dict[str, nn.Module]:
    """Name of a layer of ``before`` → what stands for it in ``after`` and takes the same input."""
    found: dict[str, nn.Module] = {}
    changed = dict(after.named_modules())
    for name, part in before.named_modules():
        other = changed.get(name)
        if not name or other is None or other is part:
            continue
        own, others = _own_shapes(part), _own_shapes(other)
        dropped = type(other) is nn.Identity and next(part.parameters(), None) is not None
        if dropped or (own and own == others):
            found[name] = other
    return found


def _own_shapes(part: nn.Module) -> dict[str, tuple[int, ...]]:
    tensors = {**part._parameters, **part._buffers}
    return {name: tuple(t.shape) for name, t in tensors.items() if t is not None}


def _tensor(output: Any) -> Tensor | None:
    value = output[0] if isinstance(output, tuple) and output else output
    return value if isinstance(value, Tensor) else None


def lost_weights(before: nn.Module, after: nn.Module) -> dict[str, float]:
    """Layers that have become smaller → SQNR in dB that the weights of their lost outputs stand for.

    The output of a layer on inputs without structure has the energy of its weights; per input channel,
    because inputs that are missing are the doing of an earlier layer.
    """
    found: dict[str, float] = {}
    changed = dict(after.named_modules())
    for name, part in before.named_modules():
        old, new = getattr(part, "weight", None), getattr(changed.get(name), "weight", None)
        if not isinstance(old, Tensor) or not isinstance(new, Tensor) or old.shape == new.shape or old.dim() < 2:
            continue
        whole, left = (float(t.detach().square().sum()) / t.shape[1] for t in (old, new))
        share = 1.0 - left / whole if whole > 0 else 0.0
        found[name] = HIGHEST_DB if share <= 0 else -10.0 * math.log10(share)
    return found
