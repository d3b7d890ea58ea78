"""Quantization: each layer by its method, with what became of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from torch import nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, msg
from backend.events import Emit, Warned
from backend.network import Network
from backend.pruning._masks import apply_masks
from backend.quantization._base import TRACES, Outcome, Scheme
from backend.quantization._bit_widths import choose_bits
from backend.quantization._helpers import corrected, equalized
from backend.quantization._install import changed, tell
from backend.recipe import LayerPlan, Stage, filled
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._batch_norm import REESTIMATE, reestimate_batch_norm
from backend.stages._layers import quantization_plans, schemes


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Quantize the planned layers, one scheme after the other, with what helps before and after.

    Raises:
        CompressionError: the network is quantized already, a pattern matches no layer, nothing
            could be quantized, a target can't be met, or a scheme refuses.
    """
    if session.network.converted:
        raise CompressionError(
            msg("This network is already quantized, so its float weights are gone."),
            msg("Open the original network, or remove the earlier quantize stage."),
        )
    plans = quantization_plans(session.network.module, stage)
    settings = filled(stage, catalogue())
    schemes = _schemes(plans)
    before = session.network
    apply_masks(session.network.module, session.masks)
    try:
        if settings["equalize"]:
            folds = any(scheme.turn == TRACES for scheme in schemes)  # int8 kernels hold no BatchNorm
            session.network = equalized(session, folds, index, emit, cancel)
        floats = session.network
        if settings["target"] is not None:
            session.network, outcomes = _with_chosen_bits(session, stage, plans, index, emit, cancel)
        else:
            session.network, outcomes = _carried_out(session, plans, index, emit, cancel)
        if settings["correct_bias"]:
            corrected(session, floats.module, outcomes, index, emit, cancel)
        if settings["reestimate"]:
            reestimate_batch_norm(session, index, emit, cancel)
        tell(session, floats.module, outcomes, index, stage, emit, cancel)
    except BaseException:
        session.network = before
        raise


def _carried_out(
    session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel
) -> tuple[Network, Mapping[str, Outcome]]:
    """The quantized network, and what each scheme did; the session stays as it is."""
    work = dataclasses.replace(session)
    outcomes: dict[str, Outcome] = {}
    for scheme in _schemes(plans):
        chosen = _only(plans, scheme.id, work.network.module)
        outcomes[scheme.id] = _quantize(scheme)(work, chosen, index, emit, cancel)
        work.network = changed(work.network, scheme.id, outcomes[scheme.id])
    return work.network, outcomes


def _with_chosen_bits(
    session: Session, stage: Stage, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel
) -> tuple[Network, Mapping[str, Outcome]]:
    """The same with bits per layer that meet the stage's target; resolved.yaml then holds them in its place."""
    drawn = session.generator.get_state()

    def convert(trial: Mapping[str, LayerPlan], tell: Emit) -> tuple[Network, Mapping[str, Outcome]]:
        session.generator.set_state(drawn)  # what is drawn is what a run of resolved.yaml draws
        return _carried_out(session, trial, index, tell, cancel)

    by_pattern = {rule.pattern: rule.settings or {} for rule in stage.layers}
    rules = {name: by_pattern.get(plan.origin, {}) for name, plan in plans.items()}
    target = filled(stage, catalogue())["target"]
    found = choose_bits(session, plans, rules, target, convert, index, emit, cancel)
    path = f"stages.{index}.quantize"
    for name, bits in found.bits.items():
        session.choices[f"{path}.layers.{name}"] = {**rules[name], "bits": bits}
    session.choices[f"{path}.target"] = None
    session.report["bits"] = {name: {"bits": bits, "noise_db": found.noise[name]} for name, bits in found.bits.items()}
    for event in found.told:
        emit(event)
    emit(Warned(index, msg("Bits chosen: {widths}.", widths=_widths(found.bits))))
    return found.made


def _widths(bits: Mapping[str, int]) -> str:
    """``8: conv1, fc; 3: conv2``."""
    counts = sorted(set(bits.values()), reverse=True)
    return "; ".join(f"{count}: {', '.join(name for name in bits if bits[name] == count)}" for count in counts)


def _quantize(scheme: Scheme) -> Callable[[Session, Mapping[str, LayerPlan], int, Emit, Cancel], Outcome]:
    if scheme.quantize is None:  # the recipe's check refuses it
        raise TypeError(scheme.id)
    return scheme.quantize


def _schemes(plans: Mapping[str, LayerPlan]) -> list[Scheme]:
    """The schemes in use, one after the other."""
    found = [method("quantization", id) for id in schemes(plans)]
    return sorted((s for s in found if isinstance(s, Scheme)), key=lambda s: s.turn)


def _only(plans: Mapping[str, LayerPlan], id: str, module: nn.Module) -> dict[str, LayerPlan]:
    """``plans`` with the layers of other schemes kept as they are; those that an earlier one folded away are gone."""
    present = {name for name, _ in module.named_modules()}
    return {
        name: plan if plan.settings is None or plan.settings["method"] == id else LayerPlan(None, plan.origin)
        for name, plan in plans.items()
        if name in present
    }


METHOD = StageMethod(
    id="quantize",
    label="Quantize",
    summary="Stores weights, or computes, with fewer bits.",
    when="As the last stage: what it makes can't be trained any further. Takes seconds; methods that learn "
    "belong into a fine-tune stage.",
    parameters=(
        Parameter(
            name="method", type="method", of="quantization", label="Method", default="static_int8", required=True
        ),
        Parameter(
            name="target",
            type="target",
            label="Target",
            choices=("size", "accuracy_drop"),
            per_layer=False,
            summary="Finds the bits of every layer from its measured noise; a size up to 1 is a share of the original.",
        ),
        Parameter(
            name="equalize",
            type="bool",
            label="Equalize layers",
            default=False,
            required=True,
            per_layer=False,
            advanced=True,
            summary="Moves ranges between consecutive layers first, which helps where one scale serves all channels.",
        ),
        Parameter(
            name="correct_bias",
            type="bool",
            label="Correct biases",
            default=False,
            required=True,
            per_layer=False,
            advanced=True,
            summary="Takes the mean error of each channel, measured on calibration images, off its bias.",
        ),
        dataclasses.replace(REESTIMATE, advanced=True),
    ),
    run=run,
)
