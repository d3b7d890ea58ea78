"""Quantization: each layer by its method, with what became of it."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Message, msg
from backend.evaluation.sqnr import layer_errors
from backend.events import Emit, LayerChanged, Progress, Warned
from backend.network import Edit
from backend.pruning._masks import apply_masks
from backend.quantization import packed_weights
from backend.quantization._base import Outcome, Scheme
from backend.quantization._calibrate import inputs
from backend.recipe import LayerPlan, Stage, plan
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._layers import layer_plans

ERROR_BATCHES = 1
"""Calibration batches the error of each layer is measured on."""


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Quantize the planned layers, one scheme after the other.

    Raises:
        CompressionError: the network is quantized already, a pattern matches no layer, nothing
            could be quantized, or a scheme refuses.
    """
    if session.network.converted:
        raise CompressionError(
            msg("This network is already quantized, so its float weights are gone."),
            msg("Open the original network, or remove the earlier quantize stage."),
        )
    plans = layer_plans(session.network.module, stage)
    plans[""] = plan(stage, "", "", catalogue())
    before = session.network
    apply_masks(session.network.module, session.masks)
    outcomes: dict[str, Outcome] = {}
    try:
        for scheme in _schemes(plans):
            outcome = scheme.quantize(session, _only(plans, scheme.id), index, emit, cancel)
            outcomes[scheme.id] = outcome
            edit = Edit("quantize", {"method": scheme.id, **outcome.data})
            session.network = dataclasses.replace(
                session.network, module=outcome.module, edits=(*session.network.edits, edit)
            )
        rows = _report(session, before.module, outcomes, index, emit, cancel)
    except BaseException:
        session.network = before
        raise
    for outcome in outcomes.values():
        session.choices |= {f"stages.{index}.quantize.{key}": value for key, value in outcome.choices.items()}
    _warn(outcomes, index, emit)
    emit(LayerChanged(index, rows))


def _schemes(plans: Mapping[str, LayerPlan]) -> list[Scheme]:
    """The schemes in use, those that need the whole graph first."""
    ids = {plan.settings["method"] for name, plan in plans.items() if name and plan.settings is not None}
    if not ids:
        raise CompressionError(
            msg("Every layer is kept as it is, so there is nothing to quantize."),
            msg("Remove a keep from the stage's layers, or remove the stage."),
        )
    found = [method("quantization", id) for id in sorted(ids)]
    return sorted((s for s in found if isinstance(s, Scheme)), key=lambda s: not s.calibrates)


def _only(plans: Mapping[str, LayerPlan], id: str) -> dict[str, LayerPlan]:
    """``plans`` with the layers of other schemes kept as they are."""
    return {
        name: plan if plan.settings is None or plan.settings["method"] == id else LayerPlan(None, plan.origin)
        for name, plan in plans.items()
    }


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
    weights = packed_weights(module)
    rows = []
    for name, facts in layers.items():
        known = {key: facts[key] for key in ("precision", "scale", "zero_point") if key in facts}
        kind = type(before.get_submodule(name)).__name__
        session.figures[name] = {**session.figures.get(name, {}), "type": kind, **known, **errors.get(name, {})}
        rows.append({**_row(name, before, weights), **session.figures[name]})
    emit(Progress(index, 1, 1, msg("Measuring the error of each layer")))
    return rows


def _errors(
    session: Session, reference: nn.Module, module: nn.Module, names: list[str], cancel: Cancel
) -> dict[str, dict[str, float]]:
    """Against calibration images; a scheme that needs none may have to do without."""
    part = session.data.parts.get("calibration")
    if part is None or len(part) == 0:
        return {}
    if session.device.type != "cpu":
        reference = copy.deepcopy(reference).cpu()
    return layer_errors(reference, module, names, inputs(session, ERROR_BATCHES), cancel)


def _row(name: str, before: nn.Module, weights: Mapping[str, Any]) -> dict[str, Any]:
    layer = before.get_submodule(name)
    row: dict[str, Any] = {"name": name}
    if name in weights:
        weight, bias = weights[name]
        row["parameters"] = weight.numel() + (bias.numel() if bias is not None else 0)
        row["sparsity"] = float((weight == 0).float().mean())
    else:
        row["parameters"] = sum(p.numel() for p in layer.parameters())
        row["sparsity"] = 0.0
    return row


def _warn(outcomes: Mapping[str, Outcome], index: int, emit: Emit) -> None:
    """One warning a reason, with all its layers."""
    reasons: dict[str, tuple[Message, list[str]]] = {}
    for outcome in outcomes.values():
        for name, why in outcome.left_in_float.items():
            reasons.setdefault(str(why), (why, []))[1].append(name)
    for why, names in reasons.values():
        emit(
            Warned(
                index,
                msg("Left in float: {layers}. Reason: {reason}.", layers=", ".join(names), reason=why),
            )
        )


METHOD = StageMethod(
    id="quantize",
    label="Quantize",
    summary="Computes with low-precision weights and activations.",
    parameters=(
        Parameter(
            name="method", type="method", of="quantization", label="Method", default="static_int8", required=True
        ),
    ),
    run=run,
)
