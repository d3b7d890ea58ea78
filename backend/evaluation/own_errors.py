"""How far each layer is off by its own doing: the error of earlier layers is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_map_only

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.evaluation._mode import evaluating, hooked
from backend.evaluation.sqnr import CHUNK, Sums
from backend.network import Edit
from backend.removal import cut_masks

_Compute = Callable[..., Any]


def own_errors(
    before: nn.Module,
    after: nn.Module,
    edits: Sequence[Edit],
    data: Data,
    device: torch.device,
    cancel: Cancel,
) -> dict[str, float]:
    """Layer → SQNR in dB of its output for the input that the original network gives it.

    Compared are layers of the same shape whose weights (or statistics) differ, layers that became several,
    blocks that pass their input on in ``after``, and layers that lost outputs (which are zero then; inputs
    that are missing are the doing of an earlier layer). A layer that is as it was has no error of its own and
    is left out.

    Args:
        before: the original network.
        after: the changed one.
        edits: of the changed one; the last removal of channels is the one that lies between the two.
        data: all images of its validation part are looked at.
        device: of both networks.
        cancel: checked at every batch.
    """
    pairs = _pairs(before, after, edits)
    sums = {name: Sums() for name in pairs}
    given: dict[str, list[Any]] = {}

    def keep(name: str) -> Callable[..., None]:
        def hook(_: nn.Module, inputs: Any, __: Any) -> None:
            given[name] = [i.clone() if isinstance(i, Tensor) else i for i in inputs]  # it may work in place

        return hook

    def compare(name: str) -> Callable[..., None]:
        def hook(_: nn.Module, __: Any, options: Any, output: Any) -> None:
            original = _tensor(output)
            changed = _tensor(pairs[name](original, *given.pop(name), **options))
            if original is not None and changed is not None and original.shape == changed.shape:
                sums[name].add(original, changed)

        return hook

    layers = {name: before.get_submodule(name) for name in pairs}
    hooks = [
        *(layer.register_forward_pre_hook(keep(name), with_kwargs=True) for name, layer in layers.items()),
        *(layer.register_forward_hook(compare(name), with_kwargs=True) for name, layer in layers.items()),
    ]
    with hooked(hooks), evaluating(before), evaluating(after), torch.no_grad():
        for images, _ in data.batches("validation", CHUNK, device=device):
            cancel.check()
            before(images)
    return {name: found.sqnr_db for name, found in sums.items() if found.signal or found.noise}


def precision_errors(
    original: nn.Module, changed: nn.Module, names: Iterable[str], inputs: Iterable[Tensor], cancel: Cancel
) -> dict[str, float]:
    """Layer → SQNR in dB of its output for the input that the changed network gives it.

    Args:
        original: a float network with layers joined as in ``changed``.
        changed: the same in low precision.
        names: of the layers to compare.
        inputs: batches N×C×H×W.
        cancel: checked at every batch.
    """
    first, second = dict(original.named_modules()), dict(changed.named_modules())
    sums = {name: Sums() for name in names if name in first and name in second}

    def compare(name: str) -> Callable[..., None]:
        def hook(_: nn.Module, args: Any, options: Any, output: Any) -> None:
            expected, got = _tensor(first[name](*_floats(args), **_floats(options))), _tensor(output)
            if expected is not None and got is not None and expected.shape == got.shape:
                sums[name].add(expected, _floats(got))

        return hook

    hooks = [second[name].register_forward_hook(compare(name), with_kwargs=True) for name in sums]
    with hooked(hooks), torch.no_grad():
        for batch in inputs:
            for images in torch.split(batch, CHUNK):
                cancel.check()
                changed(images)
    return {name: found.sqnr_db for name, found in sums.items() if found.signal or found.noise}


def _floats(values: Any) -> Any:
    """Tensors in float32, copied: a layer may work in place."""

    def plain(value: Tensor) -> Tensor:
        if value.is_quantized:
            return value.dequantize()
        return value.float().clone() if value.is_floating_point() else value

    return tree_map_only(Tensor, plain, values)


def _pairs(before: nn.Module, after: nn.Module, edits: Sequence[Edit]) -> dict[str, _Compute]:
    """Name of a layer of ``before`` → its output in ``after``, from the original output and the input."""
    found: dict[str, _Compute] = {}
    changed = dict(after.named_modules())
    removal = next((edit for edit in reversed(edits) if edit.kind == "remove"), None)
    for name, part in before.named_modules():
        other = changed.get(name)
        if not name or other is None:
            continue
        if _dropped(part, other) or _divided(part, other) or _altered(part, other):
            found[name] = _itself(other)
        elif removal is not None and (lost := _lost(name, part, other, removal)) is not None:
            found[name] = lost
    return found


def _dropped(before: nn.Module, after: nn.Module) -> bool:
    return type(after) is nn.Identity and next(before.parameters(), None) is not None


def _divided(before: nn.Module, after: nn.Module) -> bool:
    """Whether several layers have taken the place of one."""
    return next(before.children(), None) is None and next(after.children(), None) is not None


def _altered(before: nn.Module, after: nn.Module) -> bool:
    """Whether the two have the same tensors in the same shapes, but not with the same values."""
    old, new = _tensors(before), _tensors(after)
    if {name: t.shape for name, t in old.items()} != {name: t.shape for name, t in new.items()}:
        return False
    return any(not torch.equal(tensor, new[name]) for name, tensor in old.items())


def _tensors(part: nn.Module) -> dict[str, Tensor]:
    """What a layer computes with. Attention does not call the projection in it, it takes its weights."""
    if isinstance(part, nn.MultiheadAttention):
        return dict(part.named_parameters())
    tensors = {**part._parameters, **part._buffers}
    return {name: tensor for name, tensor in tensors.items() if tensor is not None}


def _itself(layer: nn.Module) -> _Compute:
    return lambda _, *inputs, **options: layer(*inputs, **options)


def _lost(name: str, before: nn.Module, after: nn.Module, removal: Edit) -> _Compute | None:
    """The original output with the removed channels at zero; None where the layer lost none."""
    if not isinstance(before, (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Linear)) or type(after) is not type(before):
        return None
    rows, columns = before.weight.shape[:2]
    numbers = torch.arange(rows).view(-1, 1).expand(rows, columns)
    left = cut_masks({f"{name}.weight": numbers}, removal)[f"{name}.weight"]
    if left.shape != after.weight.shape[:2] or len(left) == rows:
        return None
    silent = torch.ones(rows, dtype=torch.bool)
    silent[left[:, 0]] = False
    gone = silent.nonzero().flatten().to(before.weight.device)
    return lambda output, *_, **__: output.index_fill(-1 if isinstance(before, nn.Linear) else 1, gone, 0.0)


def _tensor(output: Any) -> Tensor | None:
    value = output[0] if isinstance(output, tuple) and output else output
    return value if isinstance(value, Tensor) else None
