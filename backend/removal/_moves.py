"""What operations that only move elements do to labels: most are carried out on the labels themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from backend.errors import msg
from backend.models.resnet_cifar import PadShortcut
from backend.removal._labels import along, compact, compressed, flat, spread, varying
from backend.removal._pick import Pick
from backend.removal._trace import Held, Trace, name_of

PICKED = msg("Its channels are picked by their position")
ZEROS = msg("Is added to a fixed number of zeros")


def moved(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Carried out on the labels themselves."""
    trace.put(result, func(compact(trace.labels_of(args[0]))[0], *args[1:], **kwargs))


def exchanged(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Dimensions change places; a parameter stays known as the one it is."""
    held = trace.held(args[0])
    if held is None:
        moved(trace, func, args, kwargs, result)
        return
    order = func(torch.empty([1 + i for i in range(len(held.dims))]), *args[1:], **kwargs).shape
    trace.hold(result, Held(held.name, tuple(held.dims[size - 1] for size in order), held.learned))


def same(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    held = trace.held(args[0])
    if held is None:
        trace.put(result, trace.labels_of(args[0]))
    else:
        trace.hold(result, held)


def viewed(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    trace.view(result, trace.labels_of(args[0]))


def shuffled(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    labels = trace.labels_of(args[0])
    if "channel_shuffle" in name_of(func):  # as many have to go of each group
        trace.grids.append(compressed(labels.unflatten(1, (args[1], -1))))
    trace.view(result, func(labels.contiguous(), *args[1:], **kwargs))


def picked(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Slice and select: a dimension of which only a part is taken can't get shorter."""
    labels = trace.labels_of(args[0])
    dim = kwargs.get("dim", args[1] if len(args) > 1 else 0)
    if result.shape != labels.shape:
        labels = trace.uniform(labels, [dim], PICKED)
    trace.put(result, func(labels, *args[1:], **kwargs))


def indexed(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """x[indices]: the indices say nothing about channels."""
    trace.pin(tree_leaves(args[1]), PICKED)
    labels = trace.labels_of(args[0])
    dims = [dim for dim, index in enumerate(args[1]) if index is not None]
    masks = any(index is not None and index.dtype in (torch.bool, torch.uint8) for index in args[1])
    labels = trace.uniform(labels, range(labels.dim()) if masks else dims, PICKED)
    if masks:
        trace.put(result, flat(labels, range(labels.dim())).reshape(()))
    else:
        trace.view(result, labels[tuple(slice(None) if index is None else index.cpu() for index in args[1])])


def selected(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """index_select."""
    trace.pin([args[2]], PICKED)
    labels = trace.uniform(trace.labels_of(args[0]), [args[1]], PICKED)
    trace.put(result, flat(labels, [args[1]]).expand(result.shape))


def numbered(trace: Trace, layer: Pick, args: Any, result: Any) -> None:
    """Picked by numbers that removal corrects."""
    labels = trace.labels_of(args[0])
    row = along(trace.uniform(labels, [d for d in range(labels.dim()) if d != 1], PICKED), 1)
    trace.labels.tie(row, trace.rows.setdefault((trace.inside_name, 0), row.abs()))
    trace.put(result, spread(row[layer.indices.cpu()], 1, result.shape))


def rolled(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    labels = trace.labels_of(args[0])
    trace.put(result, trace.uniform(labels, args[2] if len(args) > 2 else range(labels.dim()), PICKED))


def split(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Pieces of equal size lose the same channels, so that they stay equal."""
    labels = trace.labels_of(args[0])
    dim = kwargs.get("dim", args[2] if len(args) > 2 else 0)
    sizes = [piece.shape[dim] for piece in result]
    if len(set(sizes)) > 1:
        labels = trace.uniform(labels, [dim], PICKED)
    pieces = labels.split(sizes, dim)
    for tensor, piece in zip(result, pieces, strict=True):
        if piece.shape == pieces[0].shape:
            trace.labels.tie(piece, pieces[0])
        trace.put(tensor, piece)


def gated(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    """Gated linear units: the first half of the channels, each times the sigmoid of one of the second half."""
    first, second = trace.labels_of(args[0]).chunk(2, args[1])
    trace.labels.tie(first, second)
    trace.put(result, first)


def unbound(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    labels = trace.labels_of(args[0])
    dim = kwargs.get("dim", args[1] if len(args) > 1 else 0)
    for tensor, piece in zip(result, trace.uniform(labels, [dim], PICKED).unbind(dim), strict=True):
        trace.put(tensor, piece)


def joined(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Concatenate and stack: the pieces must agree in all other dimensions, also after removal."""
    stacked = name_of(func) == "stack"
    dim = kwargs.get("dim", args[1] if len(args) > 1 else 0) % result.dim()
    found = [trace.labels_of(t) for t in args[0] if t.dim() > 1 or t.numel()]  # cat lets empty tensors through
    pieces = [each.unsqueeze(dim) if stacked else each for each in found]
    across = any(set(varying(each)) - {dim} for each in pieces)
    if across or stacked:
        firsts = [flat(trace.uniform(each, [dim], PICKED), [dim]) for each in pieces]
        for first in firsts:
            trace.labels.tie(first, firsts[0])
        wide = max(firsts, key=lambda each: len(varying(each)))
        negative = any(bool((first < 0).any()) for first in firsts)
        trace.put(result, trace.turn(wide, name_of(func)) if negative else wide)
    else:
        trace.put(result, _cat(pieces, dim))


def _cat(pieces: Sequence[Tensor], dim: int) -> Tensor:
    rows = [flat(each, (d for d in range(each.dim()) if d != dim)) for each in pieces]
    return torch.cat(rows, dim)


def padded(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Zeros around the image, or, where a shortcut widens, zeros as channels."""
    labels, pads = trace.labels_of(args[0]), args[1]
    value = kwargs.get("value", args[2] if len(args) > 2 else 0)
    for i in range(len(pads) // 2):
        dim = labels.dim() - 1 - i
        before, after = pads[2 * i : 2 * i + 2]
        if dim in varying(labels):
            labels = _widened(trace, labels, dim, before, after)
        elif before or after:
            shape = [*labels.shape]
            shape[dim] += before + after
            labels = flat(labels, [dim]).expand(shape)
    trace.put(result, labels if value == 0 else trace.turn(labels, name_of(func)))


def _widened(trace: Trace, labels: Tensor, dim: int, before: int, after: int) -> Tensor:
    """New channels of zeros. Those of Pare's own shortcut can go, as its widths are kept as numbers."""
    labels = compact(labels)[0]
    if before < 0 or after < 0:
        labels = trace.uniform(labels, [dim], PICKED)
        return labels.narrow(dim, 0, labels.shape[dim] + before + after)
    new = trace.labels.fresh(before + after)
    if isinstance(trace.inside, PadShortcut):
        trace.labels.tie(new, trace.rows.setdefault((trace.inside_name, 0), new))
    else:
        trace.labels.pin(new, ZEROS)
    shape = [-1 if d == dim else 1 for d in range(labels.dim())]
    ends = [row.view(shape) for row in new.split([before, after])]
    wide = [end.expand([*labels.shape[:dim], end.shape[dim], *labels.shape[dim + 1 :]]) for end in ends]
    return torch.cat([wide[0], labels, wide[1]], dim)
