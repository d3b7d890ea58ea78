"""What is removed computes what the masked network does, or is refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Cancelled, CompressionError
from backend.evaluation.macs import shapes
from backend.models.resnet_cifar import CifarResNet
from backend.network import Edit, Network
from backend.pruning._masks import apply_masks
from backend.recipe import ModelSpec
from backend.removal import agreement, analyze, checked, cut_masks, prepared, remove, replay

SHAPE = (3, 8, 8)


class Net(nn.Module):
    """A network put together from a function over named parts."""

    def __init__(self, forward: Callable[[Any, Tensor], Tensor], **parts: nn.Module | nn.Parameter) -> None:
        super().__init__()
        self.function = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self, x)


def lively(module: nn.Module, seed: int = 0) -> nn.Module:
    """Nothing of it is at a value that would hide a mistake: no zeros, no ones."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 1.5, generator=random)
            elif tensor.is_floating_point():
                tensor.normal_(0.1, 0.4, generator=random)
    return module.eval()


def network(module: nn.Module, shape: tuple[int, ...] = SHAPE) -> Network:
    return Network("Net", ModelSpec("python", "net"), lively(module), shape, 3)


def images(count: int = 2, shape: tuple[int, ...] = SHAPE) -> Tensor:
    return torch.randn((count, *shape), generator=torch.Generator().manual_seed(5))


def some(structure: Any, seed: int = 0, share: float = 0.5) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(seed)
    return {g.name: torch.randperm(g.units, generator=random)[: max(1, int(share * g.units))] for g in structure.groups}


def shown(found: Network, share: float = 0.5) -> Any:
    """The structure, once a removal by it was shown to be right in results and costs."""
    structure = analyze(found)
    for seed in range(2):
        removed = some(structure, seed, share)
        masked, smaller = found.copy(), remove(found, structure, removed)
        apply_masks(masked.module, structure.silenced(removed))
        assert agreement(masked.module, smaller.module, images(shape=found.input_shape)).equal
        parameters = sum(p.numel() for p in smaller.module.parameters())
        assert structure.costs(removed) == (parameters, sum(shapes(smaller).macs.values()))
    return structure


def units(structure: Any) -> dict[str, int]:
    return {group.name: group.units for group in structure.groups}


def reasons(structure: Any) -> dict[str, str]:
    return {layer: str(why) for layer, why in structure.refused.items()}


# Random networks


class Block(nn.Module):
    """One piece of a random network: ``channels`` in, ``out`` out, 8×8 or smaller images."""

    def __init__(self, kind: str, channels: int, out: int) -> None:
        super().__init__()
        self.kind, self.out = kind, channels
        make = getattr(self, f"_make_{kind}", None)
        if make is not None:
            make(channels, out)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = getattr(self, f"_{self.kind}")(x)
        return result

    def _make_conv(self, channels: int, out: int) -> None:
        self.conv, self.out = nn.Conv2d(channels, out, 3, padding=1), out

    def _conv(self, x: Tensor) -> Tensor:
        return F.relu(self.conv(x))

    def _make_norm(self, channels: int, out: int) -> None:
        self.conv, self.bn, self.out = nn.Conv2d(channels, out, 1, bias=False), nn.BatchNorm2d(out), out

    def _norm(self, x: Tensor) -> Tensor:
        return F.hardswish(self.bn(self.conv(x)))

    def _make_depthwise(self, channels: int, out: int) -> None:
        self.conv, self.bn = nn.Conv2d(channels, channels, 3, padding=1, groups=channels), nn.BatchNorm2d(channels)

    def _depthwise(self, x: Tensor) -> Tensor:
        return F.silu(self.bn(self.conv(x)))

    def _make_grouped(self, channels: int, out: int) -> None:
        self.out = out
        self.first, self.conv = nn.Conv2d(channels, 12, 1), nn.Conv2d(12, 2 * (out // 2), 3, padding=1, groups=2)
        self.out = 2 * (out // 2)

    def _grouped(self, x: Tensor) -> Tensor:
        return self.conv(F.gelu(self.first(x)))

    def _make_residual(self, channels: int, out: int) -> None:
        self.one, self.two = nn.Conv2d(channels, out, 1), nn.Conv2d(out, channels, 3, padding=1)
        self.bn = nn.BatchNorm2d(channels)

    def _residual(self, x: Tensor) -> Tensor:
        return F.relu_(self.bn(self.two(F.relu(self.one(x)))).add_(x))

    def _make_projected(self, channels: int, out: int) -> None:
        self.one, self.two, self.out = nn.Conv2d(channels, out, 1), nn.Conv2d(channels, out, 3, padding=1), out

    def _projected(self, x: Tensor) -> Tensor:
        return torch.relu(self.one(x) + self.two(x))

    def _make_dense(self, channels: int, out: int) -> None:
        self.conv, self.bn = nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(channels + out)
        self.out = channels + out

    def _dense(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(torch.cat([x, self.conv(x)], 1)))

    def _make_excited(self, channels: int, out: int) -> None:
        self.down, self.up = nn.Conv2d(channels, out, 1), nn.Conv2d(out, channels, 1)

    def _excited(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.up(F.relu(self.down(F.adaptive_avg_pool2d(x, 1)))))

    def _make_gated(self, channels: int, out: int) -> None:
        self.conv, self.out = nn.Conv2d(channels, 2 * out, 1), out

    def _gated(self, x: Tensor) -> Tensor:
        return F.glu(self.conv(x), 1)

    def _make_shuffled(self, channels: int, out: int) -> None:
        self.out = 2 * out
        self.one, self.two = nn.Conv2d(channels, 2 * out, 1), nn.Conv2d(2 * out, 2 * out, 1, groups=1)

    def _shuffled(self, x: Tensor) -> Tensor:
        y = self.one(x)
        n, c, h, w = y.shape
        return self.two(y.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w))

    def _make_scaled(self, channels: int, out: int) -> None:
        self.scale, self.shift = nn.Parameter(torch.ones(channels, 1, 1)), nn.Parameter(torch.ones(1, channels, 1, 1))

    def _scaled(self, x: Tensor) -> Tensor:
        return x * self.scale + self.shift

    def _make_sloped(self, channels: int, out: int) -> None:
        self.slope = nn.PReLU(channels)

    def _sloped(self, x: Tensor) -> Tensor:
        return self.slope(x)

    def _make_grouped_norm(self, channels: int, out: int) -> None:
        self.conv, self.gn, self.out = nn.Conv2d(channels, 12, 1), nn.GroupNorm(4, 12), 12

    def _grouped_norm(self, x: Tensor) -> Tensor:
        return torch.tanh(self.gn(self.conv(x)))

    def _make_transposed(self, channels: int, out: int) -> None:
        self.conv, self.after, self.out = nn.ConvTranspose2d(channels, out, 3, padding=1), nn.Conv2d(out, out, 1), out

    def _transposed(self, x: Tensor) -> Tensor:
        return self.after(F.relu(self.conv(x)))

    def _attended(self, x: Tensor) -> Tensor:
        """Every position weighed by all channels together, as CBAM does."""
        return x * torch.sigmoid(x.mean(1, keepdim=True))

    def _sigmoid(self, x: Tensor) -> Tensor:
        return torch.sigmoid(x)

    def _pooled(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 3, 1, 1) - F.avg_pool2d(x, 3, 1, 1)

    def _resized(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(F.interpolate(F.pad(x, (1, 1, 1, 1)), scale_factor=2, mode="bilinear"), 2)[:, :, 1:-1, 1:-1]

    def _moved(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1).flip(1).roll(1, 2).permute(0, 3, 1, 2).contiguous()


KINDS = sorted(name[1:] for name in vars(Block) if name.startswith("_") and not name.startswith(("__", "_make")))


class RandomNet(nn.Module):
    def __init__(self, pieces: list[tuple[str, int]], head: str) -> None:
        super().__init__()
        blocks, channels = [], 3
        for kind, out in [("conv", 6), *pieces]:
            blocks.append(Block(kind, channels, out))
            channels = blocks[-1].out
        self.blocks, self.head = nn.Sequential(*blocks), head
        self.hidden = nn.Linear(channels * 4 if head == "flat" else channels, 7)
        self.last = nn.Conv2d(channels, 3, 1) if head == "convolution" else nn.Linear(7, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(x)
        if self.head == "convolution":
            return self.last(x).mean((2, 3))
        x = F.adaptive_max_pool2d(x, 2).view(x.size(0), -1) if self.head == "flat" else x.mean((2, 3))
        out: Tensor = self.last(F.relu(self.hidden(x)))
        return out


pieces = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(4, 7)), max_size=5)


@given(pieces, st.sampled_from(["flat", "mean", "convolution"]))
@settings(max_examples=60)
def test_that_of_any_network_what_is_left_computes_what_the_masked_one_does(
    drawn: list[tuple[str, int]], head: str
) -> None:
    found = network(RandomNet(drawn, head))
    structure = shown(found)
    for name, part in found.module.named_modules():
        if isinstance(part, (nn.Conv2d, nn.Linear)):
            assert structure.group_of(name) is not None or name in structure.refused
    assert checked(found, structure).groups == structure.groups
