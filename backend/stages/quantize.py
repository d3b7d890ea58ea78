"""Quantization: each layer by its method, with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, msg
from backend.events import Emit
from backend.pruning._masks import apply_masks
from backend.quantization._base import Outcome, Scheme
from backend.quantization._install import changed, tell
from backend.recipe import LayerPlan, Stage
from backend.registry import method
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._layers import quantization_plans


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
    plans = quantization_plans(session.network.module, stage)
    before = session.network
    apply_masks(session.network.module, session.masks)
    outcomes: dict[str, Outcome] = {}
    try:
        for scheme in _schemes(plans):
            outcomes[scheme.id] = _quantize(scheme)(session, _only(plans, scheme.id), index, emit, cancel)
            session.network = changed(session.network, scheme.id, outcomes[scheme.id])
        tell(session, before.module, outcomes, index, f"stages.{index}.quantize", emit, cancel)
    except BaseException:
        session.network = before
        raise


def _quantize(scheme: Scheme) -> Callable[[Session, Mapping[str, LayerPlan], int, Emit, Cancel], Outcome]:
    if scheme.quantize is None:  # the recipe's check refuses it
        raise TypeError(scheme.id)
    return scheme.quantize


def _schemes(plans: Mapping[str, LayerPlan]) -> list[Scheme]:
    """The schemes in use, those that need the whole graph first."""
    ids = {plan.settings["method"] for name, plan in plans.items() if name and plan.settings is not None}
    if not ids:
        raise CompressionError(
            msg("Every layer is kept as it is, so there is nothing to quantize."),
            msg("Remove a keep from the stage's layers, or remove the stage."),
        )
    found = [method("quantization", id) for id in sorted(ids)]
    return sorted((s for s in found if isinstance(s, Scheme)), key=lambda s: not s.whole)


def _only(plans: Mapping[str, LayerPlan], id: str) -> dict[str, LayerPlan]:
    """``plans`` with the layers of other schemes kept as they are."""
    return {
        name: plan if plan.settings is None or plan.settings["method"] == id else LayerPlan(None, plan.origin)
        for name, plan in plans.items()
    }


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
