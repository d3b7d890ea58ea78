"""A convolution as a depthwise and a pointwise one (MobileNets).

A k×k convolution mixes places and channels at once; the depthwise convolution filters each input channel by one k×k
kernel, and the 1×1 convolution mixes the channels. Together they hold what a weight W holds whose part for each input
channel c, the outputs × k² matrix W_c, has rank 1: W_c = p_c d_cᵀ. The closest such weight takes the first singular
vectors of every W_c (Eckart and Young 1936): d_c = √σ₁ v₁ and p_c = √σ₁ u₁. It leaves √(Σ_c Σ_{i>1} σ_i²).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from backend.description import Reference
from backend.errors import Message, msg
from backend.replacement._base import Replacement

KINDS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)


def applies(module: nn.Module) -> Message | None:
    if type(module) not in KINDS:
        return msg("It is no convolution")
    conv: Any = module
    outputs, inputs, *window = conv.weight.shape
    if conv.groups != 1:
        return msg("It is a grouped convolution already")
    taps = torch.Size(window).numel()
    if taps == 1:
        return msg("Its kernel is a single value, so there is nothing to separate")
    if inputs * (taps + outputs) >= inputs * taps * outputs:
        return msg("Separated it would hold no fewer weights")
    return None


def replace(module: nn.Module, settings: Mapping[str, Any]) -> nn.Sequential:
    """``depthwise`` (with the stride, padding and dilation of ``module``) and ``pointwise`` (with its bias)."""
    old: Any = module
    kind, made = type(old), {"device": old.weight.device, "dtype": old.weight.dtype}
    depthwise = kind(
        old.in_channels, old.in_channels, old.kernel_size, stride=old.stride, padding=old.padding,
        dilation=old.dilation, groups=old.in_channels, bias=False, padding_mode=old.padding_mode, **made,
    )  # fmt: skip
    pointwise = kind(old.in_channels, old.out_channels, 1, bias=old.bias is not None, **made)
    kernels, mixing = separated(old.weight.detach().cpu())
    with torch.no_grad():
        depthwise.weight.copy_(kernels)
        pointwise.weight.copy_(mixing)
        if old.bias is not None:
            pointwise.bias.copy_(old.bias)
    return nn.Sequential(OrderedDict(depthwise=depthwise, pointwise=pointwise))


def separated(weight: Tensor) -> tuple[Tensor, Tensor]:
    """The depthwise kernels (in × 1 × k…) and the mixing (out × in × 1…) closest to ``weight`` (out × in × k…)."""
    outputs, inputs, *window = weight.shape
    matrices = weight.double().flatten(2).transpose(0, 1)
    # The first right singular vector is the last eigenvector of the k² × k² matrix WᵀW, which takes far less time.
    right = torch.linalg.eigh(matrices.mT @ matrices).eigenvectors[:, :, -1]
    sign = right.gather(1, right.abs().argmax(1, keepdim=True)).sign()
    right = right * sign
    left = (matrices @ right.unsqueeze(2)).squeeze(2)
    root = left.norm(dim=1, keepdim=True).sqrt()
    mixing = left / root.where(root > 0, 1.0)
    return (right * root).view(inputs, 1, *window), mixing.T.reshape(outputs, inputs, *(1 for _ in window))


def error(old: nn.Module, new: nn.Module) -> float:
    weight, depthwise, pointwise = (
        part.get_parameter(name).detach()
        for part, name in ((old, "weight"), (new, "depthwise.weight"), (new, "pointwise.weight"))
    )
    stood_for = pointwise * depthwise.transpose(0, 1)
    return float((weight - stood_for).norm() / weight.norm().clamp_min(torch.finfo(weight.dtype).tiny))


METHOD = Replacement(
    id="depthwise_separable",
    label="Depthwise separable",
    summary="Turns a k×k convolution into a depthwise and a 1×1 one: about k² times fewer multiplications.",
    when="For convolutions with many channels, before a long fine-tuning: the new layers begin as close to the old "
    "ones as they can, which is not very close.",
    reference=Reference(
        authors="Howard et al.",
        title="MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
        year=2017,
        link="arXiv:1704.04861",
    ),
    kinds=KINDS,
    applies=applies,
    replace=replace,
    calls=frozenset({"conv1d", "conv2d", "conv3d"}),
    error=error,
)
