"""Puts what schemes made into the session, with the figures of every layer."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.errors import by_reason, msg
from backend.evaluation.figures import layer_rows
from backend.evaluation.own_errors import precision_errors
from backend.evaluation.sqnr import layer_errors
from backend.events import Emit, LayerChanged, Progress, Warned
from backend.network import Edit, Network
from backend.quantization._base import Outcome, path_of
from backend.quantization._calibrate import inputs
from backend.recipe import Stage, filled
from backend.registry import catalogue
from backend.session import Session

ERROR_BATCHES = 1
"""Calibration batches the error of each layer is measured on."""


def changed(network: Network, scheme: str, outcome: Outcome) -> Network:
    """``network`` after ``scheme`` did what ``outcome`` says."""
    edit = Edit("quantize", {"method": scheme, **outcome.data})
    return dataclasses.replace(network, module=outcome.module, edits=(*network.edits, edit))


def tell(
    session: Session,
    before: nn.Module,
    outcomes: Mapping[str, Outcome],
    index: int,
    stage: Stage,
    emit: Emit,
    cancel: Cancel,
) -> None:
    """Measure the error of each quantized layer, and say what stayed in float and why.

    Args:
        session: holds the quantized network; receives figures, choices and files.
        before: the float network.
        outcomes: scheme → what it did.
        index: the stage's, for events.
        stage: the quantize stage. What the scheme of a rule chose for all its layers has no place there; the
            network holds it.
        emit: receives the rows of the layers, and warnings.
        cancel: checked at every batch.
    """
    rows = _report(session, before, outcomes, index, emit, cancel)
    known, path = filled(stage, catalogue()), path_of(session, index)
    for outcome in outcomes.values():
        session.choices |= {f"{path}.{key}": value for key, value in outcome.choices.items() if key in known}
        session.files |= outcome.files
    left = {name: why.to_data() for outcome in outcomes.values() for name, why in outcome.left_in_float.items()}
    if left:
        session.report["left_in_float"] = left
    _warn(outcomes, index, emit)
    emit(LayerChanged(index, rows))


def _report(
    session: Session,
    before: nn.Module,
    outcomes: Mapping[str, Outcome],
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> list[dict[str, Any]]:
    """Put what is known of each quantized layer into the session's figures; rows L for the events."""
    emit(Progress(index, 0, 1, msg("Measuring the error of each layer")))
    module = session.network.module
    layers = {name: facts for outcome in outcomes.values() for name, facts in outcome.layers.items()}
    reference = next((o.reference for o in outcomes.values() if o.reference is not None), before)
    errors = _errors(session, reference, module, list(layers), cancel)
    for name, facts in layers.items():
        known = {key: facts[key] for key in ("precision", "scale", "zero_point") if key in facts}
        kind = type(before.get_submodule(name)).__name__
        session.figures[name] = {**session.figures.get(name, {}), "type": kind, **known, **errors.get(name, {})}
    emit(Progress(index, 1, 1, msg("Measuring the error of each layer")))
    rows = {row["name"]: row for row in layer_rows(session.network, session.figures)}
    return [
        rows.get(name, {"name": name, "parameters": 0, "sparsity": 0.0, **session.figures[name]}) for name in layers
    ]


def _errors(
    session: Session, reference: nn.Module, module: nn.Module, names: list[str], cancel: Cancel
) -> dict[str, dict[str, float]]:
    """Against calibration images: with what came in from earlier layers, and by the layer's own doing (``own_db``).

    A scheme that needs no images may have to do without.
    """
    part = session.data.parts.get("calibration")
    if part is None or len(part) == 0:
        return {}
    if session.device.type != "cpu":
        reference, module = copy.deepcopy(reference).cpu(), copy.deepcopy(module).cpu()
    images = list(inputs(session, ERROR_BATCHES))
    errors = layer_errors(reference, module, names, images, cancel)
    own = precision_errors(reference, module, names, images, cancel)
    return {name: {**found, **({"own_db": own[name]} if name in own else {})} for name, found in errors.items()}


def _warn(outcomes: Mapping[str, Outcome], index: int, emit: Emit) -> None:
    left = {name: why for outcome in outcomes.values() for name, why in outcome.left_in_float.items()}
    for layers, why in by_reason(left):
        emit(Warned(index, msg("Left in float: {layers}. Reason: {reason}.", layers=layers, reason=why)))
