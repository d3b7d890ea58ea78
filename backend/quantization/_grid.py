"""The values that a layer's numbers can have once they are quantized: R = S · (Q − Z), Q = round(R / S) + Z.

Worked out from the settings of a layer before anything is run (what will be joined with the layer, such as a
normalization, is not looked at), or read off a layer that is quantized already.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from backend.answers import Grid
from backend.evaluation.sqnr import output_error
from backend.quantization._base import Scheme
from backend.quantization._codes import blocks, stored
from backend.quantization._engines import candidates, highest_level
from backend.quantization._inputs import NAME as QUANTIZER
from backend.quantization._kinds import TRANSPOSED
from backend.quantization._packing import PREFIX, packed
from backend.quantization.observers._base import ActivationRange, Observer
from backend.registry import method

MOST = 256
"""No grid has more levels: eight bits."""
ENOUGH = 1_000_000
"""Weights that are rounded to find out what that costs: evenly spread rows of a larger layer."""


def planned_weights(layer: nn.Module, weight: Tensor, settings: Mapping[str, Any]) -> Grid | None:
    """The grid that ``settings`` give a float ``weight`` of ``layer``; None where only the run can tell.

    Where every output channel, or every group of weights, has a grid of its own, it is the first one's.
    """
    step = math.ceil(weight.numel() / ENOUGH)
    found = _planned(layer, weight.detach(), weight.detach()[::step], settings)
    return dataclasses.replace(found, channel=step * found.channel) if found is not None else None


def _planned(layer: nn.Module, weight: Tensor, some: Tensor, settings: Mapping[str, Any]) -> Grid | None:
    """From ``some`` rows of ``weight``, but for a range that all of it shares."""
    scheme = method("quantization", settings["method"])
    if isinstance(scheme, Scheme) and scheme.weight is not None:
        return _of_groups(some, scheme.weight(some.clone(), settings), settings)
    if "weights" not in settings:
        return None
    affine = settings.get("weight_scheme") == "affine"
    if settings["weights"] == "per_channel" and not isinstance(layer, TRANSPOSED):
        return _int8(some.flatten(1), *_int8_steps(some.flatten(1), affine))
    return _int8(some.reshape(1, -1), *_int8_steps(weight.reshape(1, -1), affine))


def weights_of(layer: nn.Module) -> Grid | None:
    """The grid that the weight of a quantized ``layer`` lies on; None where it is a float one."""
    weight = getattr(layer, "weight", None)
    if callable(weight) and (found := weight()).is_quantized:  # a layer of torch.ao
        if found.qscheme() not in (torch.per_channel_affine, torch.per_channel_symmetric):
            step, integer = found.q_scale(), found.q_zero_point()
            return Grid(_levels(step, integer, -128, 127), step, integer)
        row = _first(found.dequantize().movedim(found.q_per_channel_axis(), 0).flatten(1))
        step, integer = float(found.q_per_channel_scales()[row]), int(found.q_per_channel_zero_points()[row])
        return Grid(_levels(step, integer, -128, 127), step, integer, "channel", channel=row)
    code = packed(layer)
    if code is None or code["kind"] == stored.KIND or not isinstance(weight, Tensor):
        return None
    group = code.get("group")
    if code["kind"] != blocks.KIND:
        return _seen(weight, group)
    scales = layer.get_buffer(PREFIX + "scales").flatten()
    points = layer.get_buffer(PREFIX + "zero_points").flatten() if "zero_points" in code["tensors"] else None
    rows = weight.flatten(1)
    row = _first(rows[:, :group]) if len(scales) > 1 else 0
    at = row * (len(scales) // len(rows))
    scale, zero_point = float(scales[at]), float(points[at]) if points is not None else float(code["zero_point"])
    of = _own(weight, group) if len(scales) > 1 else "layer"
    return Grid(_levels(scale, zero_point, 0, 2 ** code["bits"] - 1), scale, zero_point, of, channel=row)


@dataclass(frozen=True)
class Scales:
    """S of each output channel; the mean where its groups of weights have their own.

    Attributes:
        each: one number a channel.
        of: what has a scale of its own.
    """

    each: Tensor
    of: Literal["layer", "channel", "group"]


def planned_scales(layer: nn.Module, weight: Tensor, settings: Mapping[str, Any]) -> Scales | None:
    """The scales that ``settings`` give a float ``weight`` (outputs first) of ``layer``; None if only the run knows."""
    scheme = method("quantization", settings["method"])
    rows = weight.flatten(1)
    if isinstance(scheme, Scheme) and scheme.weight is not None:
        return _scales_of_groups(rows, settings) if not isinstance(layer, TRANSPOSED) else None
    if "weights" not in settings:
        return None
    per_channel = settings["weights"] == "per_channel" and not isinstance(layer, TRANSPOSED)
    scales, _ = _int8_steps(rows if per_channel else rows.reshape(1, -1), settings.get("weight_scheme") == "affine")
    return Scales(scales.flatten().expand(len(rows)), "channel" if per_channel else "layer")


def scales_of(layer: nn.Module) -> Scales | None:
    """The scales that a quantized ``layer`` has; None where it is in float, or has no scales."""
    weight = getattr(layer, "weight", None)
    if callable(weight) and (found := weight()).is_quantized:  # a layer of torch.ao
        if found.qscheme() in (torch.per_channel_affine, torch.per_channel_symmetric):
            return Scales(found.q_per_channel_scales(), "channel")
        return Scales(torch.full((len(found),), found.q_scale()), "layer")
    code = packed(layer)
    if code is None or "scales" not in code["tensors"] or not isinstance(weight, Tensor):
        return None
    scales = layer.get_buffer(PREFIX + "scales").float()
    if scales.numel() == 1:
        outputs = weight.shape[1] * layer.groups if isinstance(layer, TRANSPOSED) else len(weight)
        return Scales(scales.reshape(1).expand(outputs), "layer")
    if isinstance(layer, TRANSPOSED):  # the rows of its code are inputs
        return None
    return _mean(scales.reshape(len(weight), -1))


def _mean(scales: Tensor) -> Scales:
    return Scales(scales.mean(1), "channel" if scales.shape[1] == 1 else "group")


def _scales_of_groups(rows: Tensor, settings: Mapping[str, Any]) -> Scales | None:
    if "weight_scheme" not in settings:
        return None
    parts = blocks.split(rows, _group(settings, rows.shape[1]))
    if settings.get("code") == "normal_float":
        return _mean(parts.abs().amax(-1))
    return _mean(blocks.fit(parts, settings["bits"], settings["weight_scheme"] == "symmetric")[0])


def _group(settings: Mapping[str, Any], columns: int) -> int:
    """Weights of a row that share a scale."""
    return min(settings["group"], columns) if isinstance(settings.get("group"), int) else columns


class Activations:
    """The grid of an activation, from the values that are shown to it.

    Args:
        settings: of the layer, with the ``observer`` that chooses the range.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        observer = method("observer", settings["observer"])
        if not isinstance(observer, Observer):
            raise TypeError(settings["observer"])
        self._observer = observer.make(ActivationRange(settings["activation_scheme"] == "symmetric"))()
        engine = settings.get("engine", "auto")
        symmetric = settings.get("weight_scheme") != "affine"
        self._highest = highest_level(candidates(symmetric)[0] if engine == "auto" else engine)
        for name, value in (("quant_min", 0), ("quant_max", self._highest), ("has_customized_qrange", True)):
            setattr(self._observer, name, value)

    def show(self, values: Tensor) -> None:
        self._observer(values)

    def grid(self, values: Tensor) -> Grid:
        """What was shown decides; ``values`` tell what rounding costs."""
        found, at = self._observer.calculate_qparams()  # type: ignore[operator]
        scale, zero_point = float(found), int(at)
        rounded = (torch.clamp(torch.round(values / scale) + zero_point, 0, self._highest) - zero_point) * scale
        return Grid(_levels(scale, zero_point, 0, self._highest), scale, zero_point, sqnr_db=_sqnr(values, rounded))


def activations_of(values: Tensor) -> Grid:
    """The grid of a quantized tensor."""
    scale, zero_point = values.q_scale(), values.q_zero_point()
    return Grid(_levels(scale, zero_point, 0, 255), scale, zero_point)


def rounded_before(layer: nn.Module | None, values: Tensor) -> Grid | None:
    """The grid of the input of a ``layer`` that rounds it; None where it does not."""
    if layer is None or not hasattr(layer, QUANTIZER):
        return None
    levels = values.unique()
    return Grid(levels.tolist()) if levels.numel() <= MOST else None


def _int8(rows: Tensor, scales: Tensor, zero_points: Tensor) -> Grid:
    """As torch's min-max observers have it, with one scale a row or one in all."""
    rounded = (torch.clamp(torch.round(rows / scales) + zero_points, -128, 127) - zero_points) * scales
    row = _first(rows)
    scale, zero_point = float(scales[row]), int(zero_points[row])
    return Grid(
        _levels(scale, zero_point, -128, 127),
        scale,
        zero_point,
        "channel" if len(scales) > 1 else "layer",
        _sqnr(rows, rounded),
        row,
    )


def _int8_steps(rows: Tensor, affine: bool) -> tuple[Tensor, Tensor]:
    """S and Z of each row, rows × 1."""
    low, high = rows.amin(1, keepdim=True).clamp(max=0), rows.amax(1, keepdim=True).clamp(min=0)
    least = torch.finfo(torch.float32).eps
    if affine:
        scales = ((high - low) / 255).clamp(min=least)
        return scales, torch.clamp(-128 - torch.round(low / scales), -128, 127)
    scales = (torch.maximum(-low, high) / 127.5).clamp(min=least)
    return scales, torch.zeros_like(scales)


def _of_groups(weight: Tensor, rounded: Tensor, settings: Mapping[str, Any]) -> Grid | None:
    """The grid of the first group of weights that share a scale, else of what is there."""
    columns = weight.flatten(1).shape[1]
    group = _group(settings, columns)
    sqnr_db = _sqnr(weight, rounded)
    if "weight_scheme" not in settings or settings.get("code") == "normal_float":
        return _seen(rounded, group if "group" in settings else None, sqnr_db)
    rows = weight.detach().flatten(1)
    row = _first(rows[:, :group])
    first = blocks.split(rows[row : row + 1], group)[:, :1]
    scales, points = blocks.fit(first, settings["bits"], settings["weight_scheme"] == "symmetric")
    scale, zero_point = float(scales.flatten()[0]), float(points.flatten()[0])
    levels = _levels(scale, zero_point, 0, 2 ** settings["bits"] - 1)
    return Grid(levels, scale, zero_point, _own(weight, group), sqnr_db, row)


def _own(weight: Tensor, group: int | None) -> Literal["channel", "group"]:
    """Whether a whole output channel shares a scale."""
    return "channel" if group is None or group >= weight.flatten(1).shape[1] else "group"


def _seen(rounded: Tensor, group: int | None, sqnr_db: float | None = None) -> Grid | None:
    """The values that are there: of the first ``group`` of weights where those have grids of their own."""
    rows = rounded.detach().float().flatten(1)
    row = 0 if group is None else _first(rows[:, :group])
    levels = (rows if group is None else rows[row, :group]).unique()
    of = "layer" if group is None else _own(rounded, group)
    return Grid(levels.tolist(), None, None, of, sqnr_db, row) if levels.numel() <= MOST else None


def _first(rows: Tensor) -> int:
    """The first row that is not zero throughout: the grid of a pruned channel says nothing."""
    found = rows.ne(0).any(1).nonzero()
    return int(found[0]) if len(found) else 0


def _levels(scale: float, zero_point: float, low: int, high: int) -> list[float]:
    return [scale * (q - zero_point) for q in range(low, high + 1)]


def _sqnr(values: Tensor, rounded: Tensor) -> float:
    return output_error(values.reshape(-1), rounded.reshape(-1)).sqnr_db
