"""What is said of a decomposition: figures per layer, and why some layers stayed as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._sample import sample
from backend.decomposition._base import Ranks, weight_of
from backend.decomposition._costs import Cost
from backend.errors import Message, by_reason, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.figures import layer_rows
from backend.evaluation.sqnr import CHUNK, layer_errors
from backend.events import Emit, LayerChanged, Progress, Warned
from backend.session import Session

IMAGES = 64
"""Validation images that outputs are compared on."""


@dataclass(frozen=True)
class Row:
    """One layer: its ranks, what it cost and costs, and ‖W − Ŵ‖ ÷ ‖W‖ of its weight."""

    name: str
    method: str
    ranks: Ranks
    before: Cost
    after: Cost
    weight_error: float

    def to_data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "method": self.method,
            "ranks": list(self.ranks),
            "parameters_before": self.before.parameters,
            "parameters": self.after.parameters,
            "macs_before": self.before.macs,
            "macs": self.after.macs,
            "weight_error": self.weight_error,
        }


def weight_error(layer: nn.Module, factors: nn.Sequential) -> float:
    """‖W − Ŵ‖ ÷ ‖W‖, with Ŵ what ``factors`` multiply an input by."""
    weight = weight_of(layer)
    product = weight_of(factors[0]).flatten(1)  # rank × inputs
    for factor in list(factors)[1:]:
        product = _after(factor, product)
    return float((weight - product.reshape(weight.shape)).norm() / weight.norm())


def _after(factor: nn.Module, product: Tensor) -> Tensor:
    """The weight (outputs × inputs × kernel) of ``factor`` after others that multiply by ``product``."""
    weight = weight_of(factor)
    if weight.shape[1] == 1 and len(weight) == len(product):  # depthwise: along one axis, then along the other
        return weight * product.reshape(*product.shape, *[1] * (weight.dim() - product.dim()))
    if product.dim() > 2:
        return torch.einsum("or,ri...->oi...", weight.flatten(1), product)
    return torch.einsum("or...,ri->oi...", weight, product)


def errors(
    session: Session, before: nn.Module, after: nn.Module, layers: Sequence[str], cancel: Cancel
) -> dict[str, dict[str, float]]:
    """SQNR and cosine of each layer's output, and under an empty name of the network's."""
    data = sample(session.data, "validation", IMAGES)
    images = (images for images, _ in data.batches("validation", CHUNK, device=session.device))
    with evaluating(before), evaluating(after):
        return layer_errors(before, after, ["", *layers], images, cancel)


def tell(
    session: Session,
    rows: Sequence[Row],
    found: Mapping[str, Mapping[str, float]],
    refused: Mapping[str, Message],
    larger: Mapping[str, tuple[Cost, Cost]],
    dropped: Sequence[str],
    index: int,
    emit: Emit,
) -> None:
    """Put the figures into the session's report, and say what was done and what was not.

    Args:
        session: holds the decomposed network.
        rows: its decomposed layers.
        found: of :func:`errors`.
        refused: layer → why it can't be decomposed.
        larger: layer → what it costs, and what its factors would.
        dropped: layers whose zeros are gone with their masks.
        index: the stage's, for events.
        emit: receives the events.
    """
    output = found.get("")
    session.report["decomposition"] = {
        "layers": [{**row.to_data(), **found.get(row.name, {})} for row in rows],
        "output": dict(output) if output else None,
    }
    emit(Warned(index, _summary(rows, output)))
    if dropped:
        emit(
            Warned(
                index,
                msg("The zeros of {layers} are in no factor any more: what was pruned there counts as dense again.",
                    layers=", ".join(dropped)),
                msg("Prune after decomposing, or remove channels before it."),
            )
        )  # fmt: skip
    for layers, why in (*by_reason(refused), *_by_size(larger)):
        emit(Warned(index, msg("Kept as they are: {layers}. Reason: {reason}.", layers=layers, reason=why)))
    emit(Progress(index, 1, 1, msg("Decomposed {count} layers", count=len(rows))))
    names = tuple(f"{row.name}." for row in rows)
    changed = [row for row in layer_rows(session.network, session.figures) if row["name"].startswith(names)]
    emit(LayerChanged(index, changed))


def _summary(rows: Sequence[Row], output: Mapping[str, float] | None) -> Message:
    parameters = sum(row.before.parameters for row in rows), sum(row.after.parameters for row in rows)
    macs = sum(row.before.macs for row in rows), sum(row.after.macs for row in rows)
    error = 10 ** (-output["sqnr_db"] / 20) if output else 0.0
    return msg(
        "Layers decomposed: {count}. Of their {parameters_before} parameters {parameters} are left, of their "
        "{macs_before} MACs {macs}. The network's output is off by {error}% before any training.",
        count=len(rows),
        parameters_before=f"{parameters[0]:,}",
        parameters=f"{parameters[1]:,}",
        macs_before=f"{macs[0]:,}",
        macs=f"{macs[1]:,}",
        error=f"{100 * error:.3g}",
    )


def _by_size(larger: Mapping[str, tuple[Cost, Cost]]) -> list[tuple[str, Message]]:
    """``fc3 (1,100 > 1,010)`` by the figure that would grow."""
    found = []
    by_parameters = {name: pair for name, pair in larger.items() if pair[1].parameters >= pair[0].parameters}
    by_macs = {name: pair for name, pair in larger.items() if name not in by_parameters}
    if by_parameters:
        text = ", ".join(f"{n} ({b.parameters:,} ≥ {a.parameters:,})" for n, (a, b) in by_parameters.items())
        found.append((text, msg("The factors would have as many parameters or more")))
    if by_macs:
        text = ", ".join(f"{n} ({b.macs:,} > {a.macs:,})" for n, (a, b) in by_macs.items())
        found.append((text, msg("The factors would take more MACs")))
    return found
