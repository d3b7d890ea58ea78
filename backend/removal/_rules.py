"""What each operation does to labels.

Activations need no list: an operation that PyTorch calls pointwise is tried on zeros. Views, permutations and
the like are carried out on the labels themselves. Whatever is not known here keeps all channels that enter it,
with a reason that names it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map

from backend.errors import msg
from backend.models.resnet_cifar import PadShortcut
from backend.removal._labels import along, compact, compressed, flat, positive, spread, varying
from backend.removal._layers import LAYERS
from backend.removal._pick import Pick
from backend.removal._trace import CONSTANT, Held, Trace

aten = torch.ops.aten
PICKED = msg("Its channels are picked by their position")
WRITTEN = msg("Is written over a part of a tensor, or over one that is used under another name")
POOLED = msg("Its channels are combined into one value, which every one of them changes")
ORDERED = msg("Its channels are computed from one another in order")

Rule = Callable[[Trace, Any, Any, Any, Any], None]
"""``rule(trace, operation, arguments, keyword arguments, result)``."""


def follow(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Label what ``func`` made of labelled tensors."""
    inputs = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
    if not any(trace.labelled(tensor) for tensor in inputs):
        return
    if isinstance(trace.inside, Pick):
        numbered(trace, trace.inside, args, result)
        return
    rule = RULES.get(func.overloadpacket)
    if rule is not None:
        rule(trace, func, args, kwargs, result)
    elif torch.Tag.pointwise in func.tags and isinstance(result, Tensor) and "out" not in kwargs:
        pointwise(trace, func, args, kwargs, result)
    else:
        unknown(trace, func, args, kwargs, result)


def unknown(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    why = msg("Pare can't follow the operation {operation}", operation=name_of(func))
    trace.pin(tree_leaves((args, kwargs)), why)
    for tensor in tree_leaves(result):
        if isinstance(tensor, Tensor):
            trace.stay(tensor, why)


def name_of(func: Any) -> str:
    return str(func.overloadpacket._qualified_op_name).split("::")[-1].strip("_")


# Operations on each element by itself


def pointwise(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    """Elements at the same place go together; what comes out is zero where trying it on zeros says so."""
    inputs = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, Tensor)]
    labels = {i: found.expand(result.shape) for i, t in enumerate(inputs) if (found := trace.of(t)) is not None}
    first = next(iter(labels.values()))
    for other in labels.values():
        trace.labels.tie(first, other)
    _fixed_size(trace, [t for i, t in enumerate(inputs) if i not in labels], list(labels.values()), result)
    zero = torch.zeros((), dtype=torch.bool)
    for signs in itertools.product((True, False), repeat=len(labels)):
        here = torch.ones((), dtype=torch.bool)
        for each, zeroed in zip(labels.values(), signs, strict=True):
            small = flat(each, (d for d in range(each.dim()) if d not in varying(each)))
            here = here & ((small > 0) == zeroed)
        if bool(here.any()) and _gives_zero(func, args, kwargs, dict(zip(labels, signs, strict=True))):
            zero = zero | here
    out = positive(_longest(list(labels.values())))
    _assign(trace, func, result, _signed(trace, out, zero, name_of(func)))


def _longest(labels: Sequence[Tensor]) -> Tensor:
    """Of labels that were tied to each other the ones that tell most apart, so that none is lost."""
    if len(labels) == 1:
        return labels[0]
    most = max(labels, key=lambda each: len(varying(each)))
    if all(set(varying(each)) <= set(varying(most)) for each in labels):
        return most
    return next(iter(labels)) if not varying(most) else most


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


# Operations that only move elements


def moved(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Carried out on the labels themselves."""
    trace.put(result, func(compact(_labels(trace, args[0]))[0], *args[1:], **kwargs))


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
        trace.put(result, _labels(trace, args[0]))
    else:
        trace.hold(result, held)


def viewed(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    trace.view(result, _labels(trace, args[0]))


def shuffled(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    labels = _labels(trace, args[0])
    if "channel_shuffle" in name_of(func):  # as many have to go of each group
        trace.grids.append(compressed(labels.unflatten(1, (args[1], -1))))
    trace.view(result, func(labels.contiguous(), *args[1:], **kwargs))


def picked(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Slice and select: a dimension of which only a part is taken can't get shorter."""
    labels = _labels(trace, args[0])
    dim = kwargs.get("dim", args[1] if len(args) > 1 else 0)
    if result.shape != labels.shape:
        labels = trace.uniform(labels, [dim], PICKED)
    trace.put(result, func(labels, *args[1:], **kwargs))


def indexed(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """x[indices]: the indices say nothing about channels."""
    trace.pin(tree_leaves(args[1]), PICKED)
    labels = _labels(trace, args[0])
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
    labels = trace.uniform(_labels(trace, args[0]), [args[1]], PICKED)
    trace.put(result, flat(labels, [args[1]]).expand(result.shape))


def numbered(trace: Trace, layer: Pick, args: Any, result: Any) -> None:
    """Picked by numbers that removal corrects."""
    labels = _labels(trace, args[0])
    row = along(trace.uniform(labels, [d for d in range(labels.dim()) if d != 1], PICKED), 1)
    trace.labels.tie(row, trace.rows.setdefault((trace.inside_name, 0), row.abs()))
    trace.put(result, spread(row[layer.indices.cpu()], 1, result.shape))


def rolled(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    labels = _labels(trace, args[0])
    trace.put(result, trace.uniform(labels, args[2] if len(args) > 2 else range(labels.dim()), PICKED))


def split(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Pieces of equal size lose the same channels, so that they stay equal."""
    labels = _labels(trace, args[0])
    dim = kwargs.get("dim", args[2] if len(args) > 2 else 0)
    sizes = [piece.shape[dim] for piece in result]
    if len(set(sizes)) > 1:
        labels = trace.uniform(labels, [dim], PICKED)
    pieces = labels.split(sizes, dim)
    for tensor, piece in zip(result, pieces, strict=True):
        trace.labels.tie(piece, pieces[0]) if len(set(sizes)) == 1 and dim % labels.dim() in varying(labels) else None
        trace.put(tensor, piece)


def gated(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    """Gated linear units: the first half of the channels, each times the sigmoid of one of the second half."""
    first, second = _labels(trace, args[0]).chunk(2, args[1])
    trace.labels.tie(first, second)
    trace.put(result, first)


def unbound(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    labels = _labels(trace, args[0])
    dim = kwargs.get("dim", args[1] if len(args) > 1 else 0)
    for tensor, piece in zip(result, trace.uniform(labels, [dim], PICKED).unbind(dim), strict=True):
        trace.put(tensor, piece)


def joined(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Concatenate and stack: the pieces must agree in all other dimensions, also after removal."""
    stacked = func.overloadpacket is aten.stack
    dim = kwargs.get("dim", args[1] if len(args) > 1 else 0) % result.dim()
    tensors = [t for t in args[0] if t.dim() > 1 or t.numel() or len(args[0]) == 1]
    found = [trace.of(t) for t in tensors]
    if any(each is None for each in found):
        blank = trace.labels.fresh()
        trace.labels.pin(blank, CONSTANT)
        found = [blank.expand(t.shape) if each is None else each for t, each in zip(tensors, found, strict=True)]
    pieces = [each.unsqueeze(dim) if stacked else each for each in found if each is not None]
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
    labels, pads = _labels(trace, args[0]), args[1]
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
    labels = flat(labels, (d for d in range(labels.dim()) if d not in varying(labels)))
    if before < 0 or after < 0:
        labels = trace.uniform(labels, [dim], PICKED)
        return labels.narrow(dim, 0, labels.shape[dim] + before + after)
    new = trace.labels.fresh(before + after)
    if isinstance(trace.inside, PadShortcut):
        trace.rows[trace.inside_name, 0] = new
    else:
        trace.labels.pin(new, msg("Is added to a fixed number of zeros"))
    shape = [-1 if d == dim else 1 for d in range(labels.dim())]
    ends = [row.view(shape) for row in new.split([before, after])]
    wide = [end.expand([*labels.shape[:dim], end.shape[dim], *labels.shape[dim + 1 :]]) for end in ends]
    return torch.cat([wide[0], labels, wide[1]], dim)


# Operations over some dimensions


def reduced(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """mean, sum, amax and the like, over dimensions that hold no channels."""
    labels = _labels(trace, args[0])
    place = 2 if "norm" in name_of(func) else 1
    given = args[place] if len(args) > place and not isinstance(args[place], bool) else kwargs.get("dim")
    dims = _dims(given, labels.dim())
    labels = flat(trace.uniform(labels, dims, POOLED), dims)
    results = result if isinstance(result, (tuple, list)) else (result,)
    for tensor in results:
        kept = labels if tensor.dim() == labels.dim() else labels.squeeze(tuple(dims))
        trace.put(tensor, kept)


def _dims(given: Any, count: int) -> list[int]:
    if given is None or (isinstance(given, (list, tuple)) and not given):
        return list(range(count))
    return [dim % count for dim in (given if isinstance(given, (list, tuple)) else [given])]


def weighed(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Weights that add up to 1."""
    labels = trace.uniform(_labels(trace, args[0]), [args[1]], POOLED)
    trace.put(result, trace.turn(labels, name_of(func)))


def accumulated(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    trace.put(result, trace.uniform(_labels(trace, args[0]), [args[1]], ORDERED))


def spatial(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Pooling and resizing: every channel by itself, over height and width."""
    results = result if isinstance(result, (tuple, list)) else (result,)
    labels = _labels(trace, args[0])
    first = labels.dim() - _spatial_dims(func)
    labels = flat(trace.uniform(labels, range(first, labels.dim()), POOLED), range(first, labels.dim()))
    for tensor in results:
        trace.put(tensor, labels)


def _spatial_dims(func: Any) -> int:
    name = name_of(func)
    return next((int(digit) for digit in "123" if f"{digit}d" in name), 2)


def alike(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """zeros_like and its relatives take their size from the tensor."""
    labels = _labels(trace, args[0])
    zero = not bool(result.count_nonzero()) and "rand" not in name_of(func) and "empty" not in name_of(func)
    trace.put(result, positive(labels) if zero else trace.turn(labels, name_of(func)))


def sized(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """new_zeros and its relatives are told their size: a constant."""


def filled(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """fill_, zero_ and masked_fill_ with a number."""
    labels = _labels(trace, args[0])
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


def _labels(trace: Trace, tensor: Tensor) -> Tensor:
    """Labels of a tensor; one that is a constant beside labelled ones has to stay."""
    found = trace.of(tensor)
    if found is None:
        label = trace.labels.fresh()
        trace.labels.pin(label, CONSTANT)
        found = label.expand(tensor.shape)
    return found


def _table(rules: Mapping[Any, str]) -> dict[Any, Rule]:
    """Operation → rule; what this PyTorch does not have is left out."""
    return {getattr(aten, name): rule for rule, names in rules.items() for name in names.split() if hasattr(aten, name)}


RULES: Mapping[Any, Rule] = {**LAYERS, **_table({
    exchanged: "t transpose permute movedim swapaxes numpy_T",
    same: "detach alias clone contiguous lift_fresh _to_copy",
    viewed: "view _unsafe_view reshape _reshape_alias squeeze unsqueeze flatten unflatten",
    shuffled: "pixel_shuffle pixel_unshuffle channel_shuffle native_channel_shuffle repeat",
    moved: "expand flip",
    picked: "slice select narrow",
    indexed: "index",
    selected: "index_select",
    rolled: "roll",
    split: "split split_with_sizes unsafe_split unsafe_split_with_sizes chunk",
    gated: "glu",
    unbound: "unbind",
    joined: "cat stack",
    padded: "constant_pad_nd",
    reduced: "mean sum amax amin max min var std prod linalg_vector_norm norm",
    weighed: "_softmax softmax",
    accumulated: "cumsum cumprod",
    spatial: "max_pool1d max_pool2d max_pool3d max_pool2d_with_indices max_pool3d_with_indices avg_pool1d avg_pool2d"
    " avg_pool3d _adaptive_avg_pool2d _adaptive_avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool2d"
    " adaptive_max_pool3d upsample_nearest1d upsample_nearest2d upsample_nearest3d _upsample_nearest_exact2d"
    " upsample_bilinear2d upsample_bicubic2d upsample_linear1d upsample_trilinear3d _upsample_bilinear2d_aa"
    " reflection_pad1d reflection_pad2d replication_pad1d replication_pad2d mkldnn_max_pool2d",
    alike: "zeros_like ones_like full_like empty_like rand_like randn_like",
    sized: "new_zeros new_ones new_full new_empty",
    pointwise: "hardswish hardswish_ _prelu_kernel log_sigmoid_forward",
    filled: "fill_ zero_ masked_fill_",
    written: "copy_",
})}  # fmt: skip
"""Operation → what it does to labels; pointwise ones need no entry."""
