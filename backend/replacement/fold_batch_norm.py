"""A BatchNorm folded into the convolution or linear layer directly before it.

In evaluation BatchNorm is y = γ (x − μ) / √(σ² + ε) + β per channel, and x = W a + b: the same as a layer with the
weight W γ / √(σ² + ε) and the bias β + (b − μ) γ / √(σ² + ε).
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from backend.description import Reference
from backend.errors import Message, msg
from backend.replacement._base import Joining, Replacement

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
BEFORE = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, *TRANSPOSED)


def applies(module: nn.Module) -> Message | None:
    if type(module) not in NORMS:
        return msg("It is no BatchNorm")
    if getattr(module, "running_mean", None) is None:
        return msg("It keeps no statistics, so it computes something else for every batch")
    return None


def joinable(before: nn.Module, output: Tensor, layer: nn.Module) -> Message | None:
    if type(before) not in BEFORE:
        return msg("The layer before it is no convolution and no linear layer")
    if type(before) is nn.Linear and output.dim() != 2:
        return msg("It normalizes other dimensions than the linear layer before it computes")
    return None


def join(before: nn.Module, layer: nn.Module) -> nn.Module:
    """A copy of ``before`` that does the work of ``layer``, too; computed in double precision."""
    norm: Any = copy.deepcopy(layer).cpu().double()
    new: Any = copy.deepcopy(before).cpu()
    weight = new.weight.detach().double()
    scale = (norm.running_var + norm.eps).rsqrt()
    if norm.weight is not None:
        scale = scale * norm.weight.detach()
    shift = 0.0 if norm.bias is None else norm.bias.detach()
    old = 0.0 if new.bias is None else new.bias.detach().double()
    bias = (old - norm.running_mean) * scale + shift
    new.weight = nn.Parameter(_scaled(before, weight, scale).to(new.weight.dtype), new.weight.requires_grad)
    new.bias = nn.Parameter(bias.to(new.weight.dtype))
    return new  # type: ignore[no-any-return]


def _scaled(before: Any, weight: Tensor, scale: Tensor) -> Tensor:
    """``weight`` with each output channel times its ``scale``; transposed convolutions have theirs in dimension 1,
    a group after the other."""
    if not isinstance(before, TRANSPOSED):
        return weight * scale.view(-1, *(1 for _ in weight.shape[1:]))
    inputs, outputs, *window = weight.shape
    parts = weight.view(before.groups, inputs // before.groups, outputs, *window)
    return (parts * scale.view(before.groups, 1, outputs, *(1 for _ in window))).view_as(weight)


def replace(module: nn.Module, settings: Mapping[str, Any]) -> nn.Identity:
    return nn.Identity()


METHOD = Replacement(
    id="fold_batch_norm",
    label="Fold BatchNorm",
    summary="Puts a BatchNorm into the convolution or linear layer before it; the network computes the same.",
    when="After the last training, for a network that is faster in float; int8 does it by itself. Training goes worse "
    "without BatchNorm.",
    reference=Reference(
        authors="Jacob et al.",
        title="Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
        year=2018,
        link="doi:10.1109/CVPR.2018.00286",
    ),
    kinds=NORMS,
    applies=applies,
    replace=replace,
    joining=Joining(joinable, join),
    calls=frozenset({"batch_norm"}),
    exact=True,
)
