"""What operations on each element by itself, and those that write into tensors, do to labels."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map

from backend.errors import msg
from backend.removal._labels import compact, flat, positive, varying
from backend.removal._trace import CONSTANT, Trace, name_of

WEIGHING = msg("Is one value for all channels of another result")
WRITTEN = msg("Is written over a part of a tensor, or over one that is used under another name")


def pointwise(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    """Elements at the same place go together; what comes out is zero where trying it on zeros says so."""
    inputs = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
    labels = {i: found.expand(result.shape) for i, t in enumerate(inputs) if (found := trace.of(t)) is not None}
    for i in _weighing(trace, inputs, labels, result):
        trace.labels.pin(labels.pop(i), WEIGHING)
    first = next(iter(labels.values()))
    for other in labels.values():
        trace.labels.tie(first, other)
    _fixed_size(trace, [t for i, t in enumerate(inputs) if i not in labels], list(labels.values()), result)
    zero = torch.zeros((), dtype=torch.bool)
    for signs in itertools.product((True, False), repeat=len(labels)):
        here = torch.ones((), dtype=torch.bool)
        for each, zeroed in zip(labels.values(), signs, strict=True):
            here = here & ((compact(each)[0] > 0) == zeroed)
        if bool(here.any()) and _gives_zero(func, args, kwargs, dict(zip(labels, signs, strict=True))):
            zero = zero | here
    out = positive(_longest(list(labels.values())))
    _assign(trace, func, result, _signed(trace, out, zero, name_of(func)))


def _weighing(trace: Trace, inputs: Sequence[Tensor], labels: Mapping[int, Tensor], result: Tensor) -> list[int]:
    """Those of the inputs that are one value for all channels of the others, by their order."""
    learned = {i for i in labels if trace.learned(inputs[i])}
    found: list[int] = []
    for i, own in labels.items():
        rivals = labels.keys() - {i} - (learned if i in learned else set())
        dims = {dim for j in rivals for dim in varying(labels[j])}
        shape = [1] * (result.dim() - inputs[i].dim()) + [*inputs[i].shape]
        if dims and all(shape[dim] == 1 for dim in dims) and (i in learned or not varying(own)):
            found.append(i)
    return found


def _longest(labels: Sequence[Tensor]) -> Tensor:
    """Of labels that were tied to each other the ones that tell most apart, so that none is lost."""
    return max(labels, key=lambda each: len(varying(each)))


def _signed(trace: Trace, labels: Tensor, zero: Tensor, operation: str) -> Tensor:
    if bool(zero.all()):
        return labels
    negative = trace.turn(labels, operation)
    if not bool(zero.any()):
        return negative
    kept = {d for d, size in enumerate(zero.shape) if size > 1} | set(varying(labels))
    small = flat(labels, (d for d in range(labels.dim()) if d not in kept))
    return torch.where(zero, small, -small).expand(labels.shape)


def _fixed_size(trace: Trace, constants: Sequence[Tensor], labels: Sequence[Tensor], result: Tensor) -> None:
    """A constant with an entry for each channel keeps them all: nobody would shorten it."""
    for constant in constants:
        long = {result.dim() - 1 - i for i, size in enumerate(reversed(constant.shape)) if size > 1}
        for each in labels:
            if long & set(varying(each)):
                trace.labels.pin(each, CONSTANT)


def _gives_zero(func: Any, args: Any, kwargs: Any, zeros: Mapping[int, bool]) -> bool:
    """Whether ``func`` gives 0 where the tensors marked in ``zeros`` (by their order) are 0, whatever the others."""
    counter = itertools.count()

    def sample(leaf: Any) -> Any:
        if not isinstance(leaf, Tensor):
            return leaf
        i = next(counter)
        zero = zeros.get(i, False) or (i not in zeros and not bool(leaf.count_nonzero()))
        tried = _sample(leaf.dtype).roll(i)  # rolled, as x − y is 0 where both are the same
        return torch.zeros_like(tried) if zero else tried

    try:
        tried = func(*tree_map(sample, args), **tree_map(sample, kwargs))
    except (RuntimeError, TypeError, ValueError):  # it needs more than three numbers to work on
        return False
    return isinstance(tried, Tensor) and bool((tried == 0).all())


def _sample(dtype: torch.dtype) -> Tensor:
    if dtype == torch.bool:
        return torch.tensor([True, False, True])
    return torch.tensor([0.37, -1.9, 2.6] if dtype.is_floating_point or dtype.is_complex else [1, -2, 3], dtype=dtype)


def _assign(trace: Trace, func: Any, result: Tensor, labels: Tensor) -> None:
    """Label a result; one that was written over the memory of others says the same of them or keeps its channels."""
    if func._schema.is_mutable:
        before = trace.of(result)
        signs = before is not None and bool(((before > 0) == (labels.expand(before.shape) > 0)).all())
        others = list(trace.others(result))
        if not signs and (others or _partial(result)):
            for each in (labels, *others):
                trace.labels.pin(each, WRITTEN)
    trace.put(result, labels)


def _partial(tensor: Tensor) -> bool:
    """Whether the tensor is a part of a larger one."""
    return tensor.untyped_storage().nbytes() > tensor.numel() * tensor.element_size()


def alike(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """zeros_like and its relatives take their size from the tensor."""
    labels = trace.labels_of(args[0])
    zero = not bool(result.count_nonzero()) and "rand" not in name_of(func) and "empty" not in name_of(func)
    trace.put(result, positive(labels) if zero else trace.turn(labels, name_of(func)))


def sized(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """new_zeros and its relatives are told their size: a constant."""


def filled(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """fill_, zero_ and masked_fill_ with a number."""
    labels = trace.labels_of(args[0])
    value = args[-1] if len(args) > 1 else 0
    if isinstance(value, Tensor):
        value = value.item()
    _assign(trace, func, result, labels if value == 0 else trace.turn(labels, name_of(func)))


def written(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """copy_: a whole tensor takes over the labels; a part of one has its channels kept."""
    target, source = args[0], args[1]
    if source.data_ptr() == target.data_ptr() and source.stride() == target.stride():
        return  # x[…] *= 2 writes its result where it stands already
    labels = trace.of(source)
    if labels is None:
        trace.pin([target], WRITTEN)
        return
    others = list(trace.others(target))
    if _partial(target) or others:
        trace.pin([target, source], WRITTEN)
        for other in others:
            trace.labels.pin(other, WRITTEN)
    trace.put(target, labels.expand(target.shape))
