"""Figures of every output channel of a layer: range, norms, sparsity, and the scale of its quantization."""

from __future__ import annotations

import torch
from torch import Tensor

from backend.answers import CHANNEL_FIGURES
from backend.evaluation.layer_weight import LayerWeight


def channel_figures(weight: LayerWeight, scales: Tensor | None = None) -> Tensor:
    """A row a channel, a column for each of :data:`backend.answers.CHANNEL_FIGURES` (float32).

    Args:
        weight: of the layer.
        scales: S of each channel's grid; NaN stands in its place where it is not known, and where all is zero.

    Returns:
        Channels × figures. ‖w‖₁ = Σ|w|, ‖w‖₂ = √Σw², the standard deviation is that of all the channel's weights.
    """
    rows = weight.values.flatten(1)
    low, high = rows.amin(1), rows.amax(1)
    size = rows.shape[1]
    l2 = torch.linalg.vector_norm(rows, 2, dim=1)
    mean = rows.mean(1)
    figures = {
        "number": weight.rows.float(),
        "minimum": low,
        "maximum": high,
        "mean": mean,
        "std": (l2.square() / size - mean.square()).clamp(min=0).sqrt(),
        "l1": torch.linalg.vector_norm(rows, 1, dim=1),
        "l2": l2,
        "zeros": rows.eq(0).float().mean(1),
        "pruned": 1 - weight.present().float().mean(1),
        "scale": torch.full_like(low, torch.nan) if scales is None else scales.float().where(l2 > 0, torch.nan),
    }
    return torch.stack([figures[name] for name in CHANNEL_FIGURES], dim=1)
