"""How the weights of a layer are distributed, or what comes into it, and the grid that quantization lays over them."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backend.answers import Before, Grid, Histogram
from backend.cancel import Cancel
from backend.errors import CompressionError, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.weights import owned
from backend.quantization._grid import Activations, activations_of, planned_weights, rounded_before, weights_of

SECONDS = 0.8
"""No further batch is looked at after so long: a person waits for the answer."""
MOST = 400_000
"""Values of one batch that are kept, evenly spread, where there are more."""


@dataclass(frozen=True)
class Values:
    """What is counted: all values of a weight, or of what came into a layer from ``images``."""

    flat: Tensor
    shape: list[int]
    grid: Grid | None = None
    images: int = 0


def weight_values(module: nn.Module, layer: str, settings: Mapping[str, Any] | None = None) -> Values:
    """The weights of ``layer``; those of a quantized layer are the values they stand for.

    Args:
        module: the network.
        layer: its name.
        settings: how a quantize stage treats it: the grid of a float weight.

    Raises:
        CompressionError: ``layer`` holds no weights.
    """
    holder = owned(module).get(layer)
    if holder is None:
        raise CompressionError(
            msg("{layer} has no weights to show.", layer=layer or "/"),
            msg("Choose a convolution or a linear layer."),
        )
    tensors = [t.detach().cpu() for t in holder.weights or holder.others]
    part = module.get_submodule(layer)
    grid = weights_of(part)
    if grid is None and settings and holder.weights and is_finite(tensors[0]):
        grid = planned_weights(part, tensors[0].float(), settings)
    flat = [t.reshape(-1).float() for t in tensors]
    return Values(torch.cat(flat) if len(flat) > 1 else flat[0], list(tensors[0].shape), grid)


def activation_values(
    module: nn.Module,
    layer: str,
    images: Iterable[Tensor],
    cancel: Cancel,
    settings: Mapping[str, Any] | None = None,
) -> Values:
    """What comes into ``layer``: the numbers that its weights are multiplied with.

    Args:
        module: the network.
        layer: its name.
        images: calibration images, batch by batch; as many are looked at as there is time for.
        cancel: checked at every batch.
        settings: how a quantize stage treats the layer: the grid of a float activation.

    Raises:
        CompressionError: the images never reach ``layer``.
    """
    part = dict(module.named_modules()).get(layer)
    observer = Activations(settings) if settings and "observer" in settings else None
    kept: list[Tensor] = []
    exact: list[Grid] = []
    shape: list[int] = []

    def keep(_: nn.Module, inputs: Any, named: Mapping[str, Any]) -> None:
        value = next((one for one in (*inputs, *named.values()) if isinstance(one, Tensor)), None)
        if value is None:
            return
        if value.is_quantized:
            exact[:] = [activations_of(value)]
            value = value.dequantize()
        value = value.detach().float()
        if observer is not None:
            observer.show(value)
        shape[:] = value.shape[1:]
        kept.append(value.reshape(-1)[:: math.ceil(value.numel() / MOST)].clone())

    seen, begun = 0, time.monotonic()
    handle = part.register_forward_pre_hook(keep, with_kwargs=True) if part is not None else None
    try:
        with evaluating(module), torch.no_grad():
            for batch in images:
                cancel.check()
                module(batch)
                seen += len(batch)
                if time.monotonic() - begun > SECONDS:
                    break
    finally:
        if handle is not None:
            handle.remove()
    if not kept:
        raise CompressionError(
            msg("No calibration image reaches {layer}, so there are no activations to show.", layer=layer or "/"),
            msg("Choose a layer that the network runs."),
        )
    values = torch.cat(kept)
    grid = exact[0] if exact else observer.grid(values) if observer is not None else rounded_before(part, values)
    return Values(values, shape, grid, seen)


def counted(layer: str, values: Values, bins: int = 64, before: Values | None = None) -> Histogram:
    """``values`` in ``bins`` bins, and those of the original network in the same ones."""
    known = _finite(values.flat)
    others = _finite(before.flat) if before is not None else known
    ends = [float(end) for part in (known, others) if len(part) for end in part.aminmax()]
    low, high = min(ends, default=0.0), max(ends, default=0.0)
    if low == high:  # one value only: a bin around it
        low, high = low - 0.5, high + 0.5
    flat = values.flat
    return Histogram(
        layer=layer,
        edges=torch.linspace(low, high, bins + 1).tolist(),
        counts=_counts(known, bins, low, high),
        zeros=_zeros(flat),
        shape=values.shape,
        minimum=float(flat.min()),
        maximum=float(flat.max()),
        mean=float(flat.mean()),
        std=float(flat.std(correction=0)),
        images=values.images,
        grid=values.grid,
        before=Before(_counts(others, bins, low, high), _zeros(before.flat), before.shape) if before else None,
    )


def _finite(values: Tensor) -> Tensor:
    """Those that can be counted; picking them out of very many takes long, and is hardly ever needed."""
    return values if is_finite(values) else values[values.isfinite()]


def is_finite(values: Tensor) -> bool:
    """Whether all are; their extremes tell, and are found faster."""
    return values.numel() == 0 or bool(torch.stack(values.aminmax()).isfinite().all())


def _counts(values: Tensor, bins: int, low: float, high: float) -> list[int]:
    return [int(count) for count in torch.histc(values, bins, low, high)]


def _zeros(values: Tensor) -> int:
    return len(values) - int(values.count_nonzero())
