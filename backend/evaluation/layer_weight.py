"""The weight of one layer, its output channels first: what its tables and pictures are made from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from backend.errors import CompressionError, msg
from backend.evaluation.weights import owned
from backend.network import Network
from backend.removal import numbers_left


@dataclass(frozen=True)
class LayerWeight:
    """The values of a layer's weight, those that a low-precision weight stands for.

    Attributes:
        layer: its name.
        values: outputs × inputs of a group × kernel, float32, as they are now.
        kept: of the same shape, false where the mask prunes; None where no mask is known, and zeros count as pruned.
        rows, columns: the number that each output and each input had before channels were removed.
        outputs, inputs: how many of them there were before.
        others: matrices that the layer has besides (a recurrent one has several).
    """

    layer: str
    values: Tensor
    kept: Tensor | None
    rows: Tensor
    columns: Tensor
    outputs: int
    inputs: int
    others: int = 0

    @property
    def kernel(self) -> tuple[int, ...]:
        return tuple(self.values.shape[2:])

    @property
    def shape(self) -> list[int]:
        """Its shape before channels were removed."""
        return [self.outputs, self.inputs, *self.kernel]

    def present(self) -> Tensor:
        """Whether a weight is not pruned, outputs × the rest."""
        return (self.values.ne(0) if self.kept is None else self.kept).flatten(1)


def layer_weight(network: Network, layer: str, mask: Tensor | None = None) -> LayerWeight:
    """The weight of ``layer``; ``mask`` (1 keeps, 0 prunes) as its parameter is stored, or one value.

    Raises:
        CompressionError: the layer has none, or none with channels.
    """
    holder = owned(network.module).get(layer)
    if holder is None:
        raise CompressionError(
            msg("{layer} has no weights to show.", layer=layer or "/"),
            msg("Choose a convolution or a linear layer."),
        )
    if not holder.weights:
        raise CompressionError(
            msg("{layer} has one number for each channel, and no channels of weights.", layer=layer),
            msg("Its histogram shows them."),
        )
    part: Any = network.module.get_submodule(layer)
    stored = holder.weights[0].detach().cpu().float()
    values = outputs_first(stored, part)
    transposed = bool(getattr(part, "transposed", False))
    edits = network.edits if not transposed or part.groups == 1 else ()
    rows, outputs = numbers_left(edits, f"{layer}.weight", int(transposed), values.shape[0])
    columns, inputs = numbers_left(edits, f"{layer}.weight", 1 - int(transposed), values.shape[1])
    known = mask.cpu().bool() if mask is not None and mask.shape in (stored.shape, torch.Size([])) else None
    kept = outputs_first(known.expand_as(stored), part) if known is not None else None
    return LayerWeight(layer, values, kept, rows, columns, outputs, inputs, len(holder.weights) - 1)


def outputs_first(weight: Tensor, layer: Any) -> Tensor:
    """``weight`` as outputs × inputs of a group × kernel; a transposed convolution has its inputs first."""
    if not getattr(layer, "transposed", False):
        return weight
    groups = layer.groups
    split = weight.reshape(groups, weight.shape[0] // groups, *weight.shape[1:])
    return split.transpose(1, 2).flatten(0, 1)


def kernel_sides(kernel: Sequence[int]) -> tuple[int, int]:
    """Height and width that a kernel takes in a picture; one of three dimensions stands in slices below each other."""
    return math.prod(kernel[:-1]), kernel[-1] if kernel else 1


def largest_shown(values: Tensor) -> float:
    """Where the scale of colors ends: three times the root mean square of what is not zero, at most the largest."""
    nonzero = int(values.count_nonzero())
    power = float(torch.linalg.vector_norm(values.flatten())) / math.sqrt(max(1, nonzero))
    largest = max(abs(float(values.min())), abs(float(values.max()))) if values.numel() else 0.0
    return min(largest, 3 * power)
