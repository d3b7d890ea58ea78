"""The columns of the layer tree: what each is called, what it says, and where its figures come from."""

from __future__ import annotations

from enum import IntEnum

from gui.text import tr


class Column(IntEnum):
    """In the order in which they stand until a person moves them."""

    NAME = 0
    TYPE = 1
    PARAMETERS = 2
    MACS = 3
    LATENCY = 4
    SPARSITY = 5
    PRECISION = 6
    PLAN = 7
    SENSITIVITY = 8
    SQNR = 9
    SHAPE = 10


NUMBERS = (Column.PARAMETERS, Column.MACS, Column.LATENCY, Column.SQNR, Column.SHAPE)
"""Right-aligned, as their cells are."""
WORDS = (Column.NAME, Column.TYPE, Column.PRECISION, Column.PLAN)
"""Sorted by the alphabet."""
USUAL = (Column.NAME, Column.PARAMETERS, Column.MACS, Column.SPARSITY, Column.PRECISION, Column.PLAN)
"""Shown until a person chooses; the sensitivity joins them once a scan has figures."""


def title(column: int) -> str:
    """What stands in the header."""
    return (
        tr("Layer"), tr("Type"), tr("Params"), tr("MACs"), tr("Latency"), tr("Sparsity"), tr("Precision"),
        tr("Plan"), tr("Sens."), tr("SQNR"), tr("Output"),
    )[column]  # fmt: skip


def full_title(column: int) -> str:
    """What it is called where there is room: in the menu of columns."""
    return {
        Column.PARAMETERS: tr("Parameters"),
        Column.SENSITIVITY: tr("Sensitivity"),
        Column.SHAPE: tr("Output shape"),
    }.get(Column(column)) or title(column)


def tip(column: int) -> str:
    """What the figures of a column are."""
    return {
        Column.NAME: tr("Modules in the order of the network"),
        Column.TYPE: tr("Class of the module"),
        Column.PARAMETERS: tr("Weights and biases; an arrow where the run left fewer"),
        Column.MACS: tr("Share of the network's multiply-accumulates for one input"),
        Column.LATENCY: tr("Milliseconds per layer, measured on this machine; a block shows the sum"),
        Column.SPARSITY: tr("Share of the weights that are zero"),
        Column.PRECISION: tr("Precision of the weights, and of the arithmetic where it is int8"),
        Column.PLAN: tr("What the recipe does: bold where it is set here, dim where it is inherited"),
        Column.SENSITIVITY: tr("Points of accuracy lost when this layer alone is pruned"),
        Column.SQNR: tr("Signal to quantization noise of the layer's output, in decibels; higher is better"),
        Column.SHAPE: tr("Shape of the output for one input, without the batch"),
    }[Column(column)]


def how_to_get(column: int) -> str:
    """What to do where a column has no figures yet; empty where it always has."""
    return {
        Column.LATENCY: tr("No latency has been measured yet."),
        Column.SENSITIVITY: tr("No sensitivity has been scanned yet."),
        Column.SQNR: tr("SQNR is measured by a run that quantizes."),
    }.get(Column(column), "")
