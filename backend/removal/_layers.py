"""What the layers that hold weights do to labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from backend.errors import Message, msg
from backend.removal._labels import along, flat, spread, varying
from backend.removal._trace import Held, Trace

aten = torch.ops.aten
NORMALIZED = msg("Is normalized over its channels together, so removing one would change the others")
COMPUTED = msg("A weight that it meets is computed from parameters before it is used")
ELSEWHERE = msg("Is combined along another dimension than its channels")
ATTENTION = msg("Is multiplied with another of the network's results, as attention with code of its own does")


def convolution(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    """Each filter makes a channel of its own from all channels of its group."""
    x, weight, bias, *_, transposed, _padding, groups = args
    held = trace.held(weight)
    labels = trace.of(x)
    if held is None or labels is None:
        _kept(trace, args, result, COMPUTED)
        return
    incoming = along(trace.uniform(labels, (0, *range(2, labels.dim())), ELSEWHERE), 1)
    trace.zero_needed(incoming)
    out_dim, in_dim = held.dims[int(transposed)], held.dims[1 - int(transposed)]
    if groups == 1:
        made = _made(trace, held, out_dim)
        trace.labels.tie(trace.row(held.name, in_dim), incoming)
    else:
        made = _grouped(trace, held, incoming, groups, transposed, result.shape[1])
    places = x if transposed else result
    _count(trace, held, places.numel() // places.shape[1])
    trace.put(result, spread(_biased(trace, made, bias), 1, result.shape))


def _grouped(trace: Trace, held: Held, incoming: Tensor, groups: int, transposed: bool, count: int) -> Tensor:
    """Whole groups go: what enters one, its filters and what comes out of it. Depthwise is one channel a group."""
    rows = trace.row(held.name, held.dims[0])
    trace.made.setdefault(held.name, held.dims[0])
    made = trace.labels.fresh(count) if transposed else rows
    parts = [labels.view(groups, -1) for labels in (incoming.abs(), made, rows)]
    for part in parts:
        trace.labels.tie(part, parts[0][:, :1])
    return made if held.learned else made * incoming.view(groups, -1).sign().amin(1).repeat_interleave(count // groups)


def matrix_product(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    """mm, addmm: a linear layer where the second factor is a parameter."""
    bias, x, weight = args if len(args) == 3 else (None, *args)
    held, labels = trace.held(weight), trace.of(x)
    if held is None or labels is None:
        _products(trace, args, result)
        return
    incoming = along(trace.uniform(labels, (0,), ELSEWHERE), 1)
    trace.zero_needed(incoming)
    trace.labels.tie(trace.row(held.name, held.dims[0]), incoming)
    made = _made(trace, held, held.dims[1])
    _count(trace, held, x.shape[0])
    trace.put(result, spread(_biased(trace, made, bias), 1, result.shape))


def _products(trace: Trace, args: Any, result: Tensor) -> None:
    """Any other product of matrices: rows of the one and columns of the other are kept apart only by constants."""
    tensors = [leaf for leaf in args if isinstance(leaf, Tensor)]
    if sum(trace.of(tensor) is not None for tensor in tensors) > 1 or len(tensors) != 2:
        _kept(trace, args, result, ATTENTION)
        return
    left = trace.of(tensors[0])
    labels = left if left is not None else trace.of(tensors[1])
    if labels is None:
        return
    summed = labels.dim() - (1 if left is not None else 2)
    labels = flat(trace.uniform(labels, (summed,), ELSEWHERE), (summed,)).expand(result.shape)
    for dim in varying(labels):
        each = result.numel() * tensors[0].shape[-1] // result.shape[dim]
        trace.products.append((along(labels, dim), each))
        break
    trace.put(result, labels)


def batch_products(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    _products(trace, args, result)


def batch_norm(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Every channel by itself. With a learned scale and shift, silencing both makes it zero."""
    x, *vectors = args[:5]
    labels = trace.of(x)
    if labels is None:
        _kept(trace, args, result, COMPUTED)
        return
    channels = along(trace.uniform(labels, (0, *range(2, labels.dim())), NORMALIZED), 1)
    out = result[0] if isinstance(result, (tuple, list)) else result
    trace.put(out, spread(_normalized(trace, channels, vectors, args[5] is True), 1, out.shape))


def _normalized(trace: Trace, channels: Tensor, vectors: list[Any], centered: bool) -> Tensor:
    """``centered``: by the statistics of what comes in, so that zeros stay zeros without a shift."""
    found = [trace.of(vector) if isinstance(vector, Tensor) else None for vector in vectors]
    for labels in found:
        if labels is not None:
            trace.labels.tie(channels, labels)
    scale, shift = found[:2]
    if vectors[0] is None and vectors[1] is None and centered:
        return channels
    silent = all(labels is not None and bool((labels > 0).all()) for labels in (scale, shift))
    return channels.abs() if silent else trace.turn(channels, "normalization")


def group_norm(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Whole groups can go; a single group can't."""
    x, scale, shift, *_, groups, _eps = args
    labels = trace.of(x)
    if labels is None or groups == 1 or scale is None:
        _kept(trace, args, result[0], NORMALIZED)
        return
    channels = along(trace.uniform(labels, (0, *range(2, labels.dim())), NORMALIZED), 1)
    parts = channels.view(groups, -1)
    trace.labels.tie(parts, parts[:, :1])
    trace.put(result[0], spread(_normalized(trace, channels, [scale, shift], True), 1, result[0].shape))


def layer_norm(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Dimensions that are normalized together keep their channels."""
    x, shape, *vectors = args[:4]
    labels = trace.of(x)
    inner = set(range(x.dim() - len(shape), x.dim()))
    if labels is None or inner & set(varying(labels)):
        _kept(trace, args, result[0], NORMALIZED)
        return
    trace.pin(vectors, NORMALIZED)
    trace.put(result[0], trace.turn(labels, "layer_norm"))


def embedding(trace: Trace, func: Any, args: Any, kwargs: Any, result: Tensor) -> None:
    """Rows of a table; its columns are the channels."""
    table, indices = args[:2]
    trace.pin([indices], ELSEWHERE)
    held = trace.held(table)
    if held is None:
        _kept(trace, args, result, COMPUTED)
        return
    made = _made(trace, held, held.dims[1])
    trace.put(result, spread(made, result.dim() - 1, result.shape))


def attention(trace: Trace, func: Any, args: Any, kwargs: Any, result: Any) -> None:
    """Scaled dot products (batch × heads × tokens × width): one head is one unit of query, key and value."""
    found = [trace.of(tensor) for tensor in args[:3]]
    if any(labels is None for labels in found):
        _kept(trace, args, result[0], ATTENTION)
        return
    trace.pin([*args[3:], *kwargs.values()], ATTENTION)
    query, key, value = (trace.uniform(labels, (0, 2, 3), ATTENTION) for labels in found if labels is not None)
    heads = along(value, 1)
    for other in (query, key):
        trace.labels.tie(along(other, 1), heads)
    q, k, v = args[:3]
    each = q.shape[0] * q.shape[2] * k.shape[2] * (q.shape[3] + v.shape[3])
    trace.products.append((heads, each))
    trace.put(result[0], spread(heads, 1, result[0].shape))


def _made(trace: Trace, held: Held, dim: int) -> Tensor:
    """The channels that the rows of a weight make. Those of a buffer can't be silenced."""
    if held.learned:
        trace.made.setdefault(held.name, dim)
    else:
        trace.labels.pin(trace.row(held.name, dim), COMPUTED)
    return trace.row(held.name, dim)


def _biased(trace: Trace, made: Tensor, bias: Any) -> Tensor:
    """With the bias, which is silenced with its row; a computed one is not."""
    if not isinstance(bias, Tensor):
        return made
    found, held = trace.of(bias), trace.held(bias)
    if found is None:
        trace.labels.pin(made, COMPUTED)
        return made
    trace.labels.tie(made, found)
    return made if held is not None and held.learned else trace.turn(made, "a bias that is computed")


def _count(trace: Trace, held: Held, places: int) -> None:
    trace.positions[held.name] = trace.positions.get(held.name, 0) + places


def _kept(trace: Trace, args: Any, result: Tensor, why: Message) -> None:
    trace.pin(tree_leaves(args), why)
    trace.stay(result, why)


LAYERS: Mapping[Any, Any] = {
    aten.convolution: convolution,
    aten.mm: matrix_product,
    aten.addmm: matrix_product,
    aten.bmm: batch_products,
    aten.baddbmm: batch_products,
    aten.native_batch_norm: batch_norm,
    aten.cudnn_batch_norm: batch_norm,
    aten._native_batch_norm_legit_no_training: batch_norm,
    aten._native_batch_norm_legit: batch_norm,
    aten.native_group_norm: group_norm,
    aten.native_layer_norm: layer_norm,
    aten.embedding: embedding,
    aten._scaled_dot_product_flash_attention_for_cpu: attention,
    aten._scaled_dot_product_flash_attention: attention,
    aten._scaled_dot_product_efficient_attention: attention,
    aten._scaled_dot_product_cudnn_attention: attention,
}
"""Operation → what it does to labels."""
