"""What is said of a layer's histogram and of the grid of its quantization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.answers import Grid, Histogram
from backend.description import Description
from gui.precisions import planned
from gui.text import number, percent, phrase, plural, significant, tr


def title(layer: str, *, activations: bool) -> str:
    return tr("Activations into {layer}", layer=layer) if activations else tr("Weights of {layer}", layer=layer)


def detail(found: Histogram, precision: str) -> str:
    """What was counted; ``precision`` is that of the layer after the run in view, empty before any."""
    shape = " × ".join(str(n) for n in found.shape)
    if found.before is not None and list(found.before.shape) != list(found.shape):
        shape = tr("{before} → {shape}", before=" × ".join(str(n) for n in found.before.shape), shape=shape)
    if found.images and precision:
        return plural(
            found.images,
            "{shape} from {count} calibration image, after the run",
            "{shape} from {count} calibration images, after the run",
            shape=shape,
        )
    if found.images:
        return plural(
            found.images,
            "{shape} from {count} calibration image",
            "{shape} from {count} calibration images",
            shape=shape,
        )
    count = number(sum(found.counts))
    if precision:
        return tr("{count} weights, {shape}, {precision}", count=count, shape=shape, precision=precision)
    return tr("{count} weights, {shape}", count=count, shape=shape)


def facts(found: Histogram) -> str:
    return tr(
        "From {low} to {high} · mean {mean} · standard deviation {std} · {zeros} are zero",
        low=significant(found.minimum),
        high=significant(found.maximum),
        mean=significant(found.mean),
        std=significant(found.std),
        zeros=percent(found.zeros / max(1, sum(found.counts)), 1),
    )


def formula(grid: Grid) -> str:
    """The formula with its figures, and what rounding to it costs."""
    words = []
    if grid.scale is not None:
        scale, zero_point = significant(grid.scale), number(grid.zero_point)
        words.append(tr("Q = round(R / S) + Z with S = {scale}, Z = {zero_point}", scale=scale, zero_point=zero_point))
    else:
        words.append(tr("Levels at uneven steps, each a value that many weights share"))
    if grid.of == "channel" and grid.channel:
        words.append(tr("the grid of output channel {number}; each has its own", number=number(grid.channel)))
    elif grid.of == "channel":
        words.append(tr("the grid of the first output channel; each has its own"))
    if grid.of == "group":
        words.append(tr("the grid of the first group of weights; each has its own"))
    if grid.sqnr_db is not None:
        words.append(tr("SQNR of rounding {sqnr} dB", sqnr=number(grid.sqnr_db, 1)))
    return " · ".join(words)


def why_no_grid(method: Description | None, *, activations: bool, after: bool) -> str:
    """``method`` is that of the quantize stage that treats the layer, if one does."""
    if after:
        return tr("These values are in float: they lie on no grid.")
    if method is None:
        return tr("No quantize stage of the recipe treats this layer, so there is no grid to show.")
    if method.traits.get("learns"):
        return tr("{method} learns the grid of these values: the run shows it.", method=phrase(method.label))
    if activations and method.traits.get("weights_only"):
        return tr("{method} leaves activations in float.", method=phrase(method.label))
    return tr("{method} has no fixed grid for these values.", method=phrase(method.label))


def legend(grid: Grid, every: int, settings: Mapping[str, Any] | None) -> str:
    """How many levels there are, of which one in ``every`` is drawn, and whose grid it is if not the whole layer's."""
    text = plural(len(grid.levels), "{count} level", "{count} levels")
    if every > 1:
        text = tr("{levels}, 1 in {step} drawn", levels=text, step=every)
    if grid.of == "channel" and grid.channel:
        text = tr("{levels}, grid of channel {number}", levels=text, number=number(grid.channel))
    elif grid.of == "channel":
        text = tr("{levels}, grid of the first channel", levels=text)
    if grid.of == "group":
        text = tr("{levels}, grid of the first group", levels=text)
    if settings is None:
        return text
    return tr("{precision}: {levels}", precision=planned(str(settings["method"]), settings), levels=text)
