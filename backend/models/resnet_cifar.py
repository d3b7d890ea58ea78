"""The residual networks for CIFAR of He et al. 2015, section 4.2: 6n + 2 layers, option-A shortcuts."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

from backend.models._base import Architecture


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut without parameters."""

    def __init__(self, channels_in: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()
        self.shortcut = PadShortcut(channels - channels_in) if stride != 1 else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu1(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y)) + self.shortcut(x)
        out: Tensor = self.relu2(y)
        return out


class PadShortcut(nn.Module):
    """Option A: every second pixel, the new channels filled with zeros (half before, half after)."""

    def __init__(self, new_channels: int) -> None:
        super().__init__()
        self.before = new_channels // 2
        self.after = new_channels - self.before

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.before, self.after))

    def shorten(self, indices: Sequence[int]) -> None:
        """Add fewer channels: ``indices`` count those before and then those after the input's own."""
        fewer = sum(index < self.before for index in indices)
        self.before, self.after = self.before - fewer, self.after - len(indices) + fewer


class CifarResNet(nn.Module):
    """Three stages of ``blocks`` blocks with 16, 32 and 64 channels."""

    def __init__(self, blocks: int, num_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.relu = nn.ReLU()
        self.layer1 = _stage(16, 16, blocks, 1)
        self.layer2 = _stage(16, 32, blocks, 2)
        self.layer3 = _stage(32, 64, blocks, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.linear = nn.Linear(64, num_classes)
        for module in self.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: Tensor) -> Tensor:
        """N×3×32×32 to N×classes."""
        x = self.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        x = self.pool(x).flatten(1)
        out: Tensor = self.linear(x)
        return out


def _stage(channels_in: int, channels: int, blocks: int, stride: int) -> nn.Sequential:
    first = BasicBlock(channels_in, channels, stride)
    return nn.Sequential(first, *(BasicBlock(channels, channels, 1) for _ in range(blocks - 1)))


def _architecture(depth: int, summary: str) -> Architecture:
    return Architecture(
        id=f"resnet{depth}",
        label=f"ResNet-{depth}",
        summary=summary,
        build=functools.partial(CifarResNet, (depth - 2) // 6),
        input_shape=(3, 32, 32),
    )


METHODS = (
    _architecture(20, summary="Residual network of 20 layers for 32×32 color images: 269,722 parameters."),
    _architecture(32, summary="Residual network of 32 layers for 32×32 color images: 464,154 parameters."),
    _architecture(44, summary="Residual network of 44 layers for 32×32 color images: 658,586 parameters."),
    _architecture(56, summary="Residual network of 56 layers for 32×32 color images: 853,018 parameters."),
)
