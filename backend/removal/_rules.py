"""What each operation does to labels.

Activations need no list: an operation that PyTorch calls pointwise is tried on zeros. Views, permutations and
the like are carried out on the labels themselves. Whatever is not known here keeps all channels that enter it,
with a reason that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from backend.errors import msg
from backend.removal import _moves as moves
from backend.removal import _pointwise as elements
from backend.removal._labels import flat
from backend.removal._layers import LAYERS
from backend.removal._pick import Pick
from backend.removal._trace import Trace, name_of

aten = torch.ops.aten
POOLED = msg("Its channels are combined into one value, which every one of them changes")
ORDERED = msg("Its channels are computed from one another in order")

Rule = Callable[[Trace, Any, Any, Any, Any], None]
"""``rule(trace, operation, arguments, keyword arguments, result)``."""


def follow(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Label what ``func`` made of labelled tensors."""
    labelled = [t for t in tree_leaves((args, kwargs)) if isinstance(t, Tensor) and trace.labelled(t)]
    if not labelled:
        return
    if isinstance(trace.inside, Pick):
        moves.numbered(trace, trace.inside, args, result)
        return
    rule = RULES.get(func.overloadpacket)
    if rule is not None:
        rule(trace, func, args, kwargs, result)
    elif torch.Tag.pointwise in func.tags and isinstance(result, Tensor) and "out" not in kwargs:
        elements.pointwise(trace, func, args, kwargs, result)
    else:
        unknown(trace, func, args, kwargs, result)
    if all(trace.learned(t) for t in labelled):
        trace.learn(t for t in tree_leaves(result) if isinstance(t, Tensor))


def unknown(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    why = msg("Pare can't follow the operation {operation}", operation=name_of(func))
    trace.pin(tree_leaves((args, kwargs)), why)
    for tensor in tree_leaves(result):
        if isinstance(tensor, Tensor):
            trace.stay(tensor, why)


def reduced(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """mean, sum, amax and the like, over dimensions that hold no channels."""
    labels = trace.labels_of(args[0])
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
    labels = trace.uniform(trace.labels_of(args[0]), [args[1]], POOLED)
    trace.put(result, trace.turn(labels, name_of(func)))


def accumulated(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    trace.put(result, trace.uniform(trace.labels_of(args[0]), [args[1]], ORDERED))


def spatial(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Pooling and resizing: every channel by itself, over height and width."""
    results = result if isinstance(result, (tuple, list)) else (result,)
    labels = trace.labels_of(args[0])
    first = labels.dim() - _spatial_dims(func)
    labels = flat(trace.uniform(labels, range(first, labels.dim()), POOLED), range(first, labels.dim()))
    for tensor in results:
        trace.put(tensor, labels)


def _spatial_dims(func: Any) -> int:
    name = name_of(func)
    return next((int(digit) for digit in "123" if f"{digit}d" in name), 2)


def _table(rules: Mapping[Any, str]) -> dict[Any, Rule]:
    """Operation → rule; what this PyTorch does not have is left out."""
    return {getattr(aten, name): rule for rule, names in rules.items() for name in names.split() if hasattr(aten, name)}


RULES: Mapping[Any, Rule] = {**LAYERS, **_table({
    moves.exchanged: "t transpose permute movedim swapaxes numpy_T",
    moves.same: "detach alias clone contiguous lift_fresh _to_copy",
    moves.viewed: "view _unsafe_view reshape _reshape_alias squeeze unsqueeze flatten unflatten",
    moves.shuffled: "pixel_shuffle pixel_unshuffle channel_shuffle native_channel_shuffle repeat",
    moves.moved: "expand flip",
    moves.picked: "slice select narrow",
    moves.indexed: "index",
    moves.selected: "index_select",
    moves.rolled: "roll",
    moves.split: "split split_with_sizes unsafe_split unsafe_split_with_sizes chunk",
    moves.gated: "glu",
    moves.unbound: "unbind",
    moves.joined: "cat stack",
    moves.padded: "constant_pad_nd",
    reduced: "mean sum amax amin max min var std prod linalg_vector_norm norm",
    weighed: "_softmax softmax",
    accumulated: "cumsum cumprod",
    spatial: "max_pool1d max_pool2d max_pool3d max_pool2d_with_indices max_pool3d_with_indices avg_pool1d avg_pool2d"
    " avg_pool3d _adaptive_avg_pool2d _adaptive_avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool2d"
    " adaptive_max_pool3d upsample_nearest1d upsample_nearest2d upsample_nearest3d _upsample_nearest_exact2d"
    " upsample_bilinear2d upsample_bicubic2d upsample_linear1d upsample_trilinear3d _upsample_bilinear2d_aa"
    " reflection_pad1d reflection_pad2d replication_pad1d replication_pad2d mkldnn_max_pool2d",
    elements.alike: "zeros_like ones_like full_like empty_like rand_like randn_like",
    elements.sized: "new_zeros new_ones new_full new_empty",
    elements.pointwise: "hardswish hardswish_ _prelu_kernel log_sigmoid_forward",
    elements.filled: "fill_ zero_ masked_fill_",
    elements.written: "copy_",
})}  # fmt: skip
"""Operation → what it does to labels; pointwise ones need no entry."""
