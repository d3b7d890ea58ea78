"""Self-attention whose number of heads is whatever its weights hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.evaluation._mode import evaluating, hooked


class Attention(nn.Module):
    """What nn.MultiheadAttention computes where query, key and value are the same.

    Its heads are rows of ordinary linear layers, so that they can be removed: ``in_proj`` holds 3 · heads ·
    ``head_width`` of them, first the queries of all heads, then the keys, then the values.
    """

    _qkv_same_embed_dim = False  # nn.TransformerEncoderLayer then calls forward instead of a kernel of its own

    def __init__(self, old: nn.MultiheadAttention) -> None:
        super().__init__()
        self.batch_first, self.dropout = old.batch_first, old.dropout
        self.embed_dim, self.head_width = old.embed_dim, old.head_dim
        self.in_proj = _linear(old.in_proj_weight, old.in_proj_bias)
        self.out_proj = _linear(old.out_proj.weight, old.out_proj.bias)
        self.training = old.training

    @property
    def num_heads(self) -> int:
        return len(self.in_proj.weight) // (3 * int(self.head_width))

    @property
    def in_proj_weight(self) -> Tensor:
        return self.in_proj.weight

    @property
    def in_proj_bias(self) -> Tensor | None:
        return self.in_proj.bias

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, None]:
        """As nn.MultiheadAttention's; ``key``, ``value`` and what concerns weights is not looked at."""
        x = query if self.batch_first else query.transpose(0, 1)
        query, key, value = self.in_proj(x).chunk(3, dim=-1)
        allowed = ~attn_mask if attn_mask is not None and attn_mask.dtype == torch.bool else attn_mask
        share = self.dropout if self.training else 0.0
        mixed = F.scaled_dot_product_attention(
            self._heads(query), self._heads(key), self._heads(value), allowed, dropout_p=share
        )
        out = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return (out if self.batch_first else out.transpose(0, 1)), None

    def _heads(self, rows: Tensor) -> Tensor:
        """Batch × tokens × rows as batch × heads × tokens × width of a head."""
        heads: Tensor = rows.unflatten(-1, (-1, self.head_width)).transpose(1, 2)
        return heads


def replaceable(module: nn.Module, example: Tensor) -> list[str]:
    """Names of the attention layers that :class:`Attention` can stand for, from one run on ``example``."""
    layers = {name: part for name, part in module.named_modules() if type(part) is nn.MultiheadAttention}
    calls: dict[str, list[bool]] = {name: [] for name in layers}
    if not layers:
        return []
    with evaluating(module), torch.no_grad(), slow_attention(), _noting(layers, calls):
        module(example)
    return [name for name, fit in calls.items() if fit and all(fit) and _usual(layers[name])]


def replace(module: nn.Module, layers: Iterable[str]) -> nn.Module:
    """``module`` itself, with its attention ``layers`` replaced."""
    for name in layers:
        old = module.get_submodule(name)
        if not isinstance(old, nn.MultiheadAttention):
            raise TypeError(f"{name} is a {type(old).__name__}")
        module.set_submodule(name, Attention(old))
    return module


@contextmanager
def slow_attention() -> Iterator[None]:
    """Keep nn.TransformerEncoderLayer and nn.MultiheadAttention from kernels that show nothing of their insides."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)


@contextmanager
def _noting(layers: dict[str, nn.MultiheadAttention], calls: dict[str, list[bool]]) -> Iterator[None]:
    def noting(name: str) -> Any:
        def note(part: nn.Module, args: Any, kwargs: Any) -> None:
            calls[name].append(_fits(*args, **kwargs))

        return note

    with hooked(part.register_forward_pre_hook(noting(name), with_kwargs=True) for name, part in layers.items()):
        yield


def _fits(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> bool:
    plain = attn_mask is None or attn_mask.dim() == 2
    return _same(query, key) and _same(key, value) and query.dim() == 3 and key_padding_mask is None and plain


def _same(one: Tensor, other: Tensor) -> bool:
    place = one.data_ptr() == other.data_ptr()
    return one is other or (place and one.shape == other.shape and one.stride() == other.stride())


def _usual(part: nn.MultiheadAttention) -> bool:
    extra = part.bias_k is not None or part.bias_v is not None or part.add_zero_attn
    return part._qkv_same_embed_dim and not extra


def _linear(weight: Any, bias: Any) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0], bias is not None, device="meta")
    made.weight = weight
    if bias is not None:
        made.bias = bias
    return made
