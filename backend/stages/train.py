"""Fine-tuning, or training from scratch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.errors import CompressionError, Repair, msg
from backend.events import Emit, Progress, Warned
from backend.pruning._masks import apply_masks
from backend.quantization._base import Scheme
from backend.recipe import Stage, filled, within
from backend.registry import catalogue, method
from backend.removal import prepared
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._layers import layer_plans, quantization_plans, schemes
from backend.stages._training import PARAMETERS
from backend.training._precision import AUTO, fastest
from backend.training.fit import fit, usual_rate

TOO_LARGE = 10
"""Times the usual rate: what is larger is warned of."""


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Train the network; a layer whose rule says *keep* stays frozen, and what ``during`` says happens on the way.

    Raises:
        CompressionError: the network has no weights that could move, or the loss became infinite.
    """
    settings = filled(stage, catalogue())
    if any(within(entry, catalogue()).settings.get("remove") for entry in stage.during):
        session.network = prepared(session.network)  # what trains is what channels are removed from
    module = session.network.module
    frozen = [name for name, plan in layer_plans(module, stage).items() if plan.settings is None]
    still = {id(p) for name in frozen for p in module.get_submodule(name).parameters()}
    if settings["from_scratch"]:
        reset(module, frozen)
        apply_masks(module, session.masks)
    parameters = [p for p in module.parameters() if id(p) not in still]
    if not parameters:
        raise CompressionError(
            msg("Every layer is kept as it is, so there is nothing to train."), msg("Remove a keep from the stage.")
        )
    usual = _usual_rate(module, stage, settings)
    if not any(entry.kind == "prune" for entry in stage.during):  # what is pruned has more to learn again
        _advise(settings, usual, index, emit)
    batch_size = settings["batch_size"] or session.data.spec.batch_size
    chosen = {"learning_rate": settings["learning_rate"] or usual, "batch_size": batch_size}
    if settings["precision"] == AUTO:
        chosen["precision"] = _chosen_precision(session, batch_size, index, emit, cancel)
    fit(session, {**settings, **chosen}, parameters, index, emit, cancel, stage.during)
    session.choices |= {f"stages.{index}.train.{key}": value for key, value in chosen.items()}


def _chosen_precision(session: Session, batch_size: int, index: int, emit: Emit, cancel: Cancel) -> str:
    """The fastest; a training that is resumed stays with the one that it began with."""
    if session.earlier is not None:
        return str(session.earlier["precision"]["name"])
    emit(Progress(index, 0, 1, msg("Timing precisions in turn")))
    return fastest(session, batch_size, cancel)


def _usual_rate(module: nn.Module, stage: Stage, settings: Mapping[str, Any]) -> float:
    """The optimizer's, times what quantizing a network that is trained already asks for."""
    rate = usual_rate(settings["optimizer"])
    for entry in stage.during:
        if entry.kind == "quantize" and not settings["from_scratch"]:
            chosen = [
                method("quantization", id) for id in schemes(quantization_plans(module, within(entry, catalogue())))
            ]
            rate *= min(scheme.learning_rate for scheme in chosen if isinstance(scheme, Scheme))
    return rate


def _advise(settings: Mapping[str, Any], usual: float, index: int, emit: Emit) -> None:
    """Warn of a learning rate that undoes what quantized training is to keep."""
    if usual == usual_rate(settings["optimizer"]) or (settings["learning_rate"] or usual) <= TOO_LARGE * usual:
        return
    emit(
        Warned(
            index,
            msg(
                "A learning rate of {rate} is large for weights that are trained already: they move far from where "
                "they were accurate, and few steps are left to come back.",
                rate=settings["learning_rate"],
            ),
            msg("{usual} is usual for {optimizer} here.", usual=usual, optimizer=settings["optimizer"]),
            Repair(msg("Use the usual rate"), {f"stages.{index}.train.learning_rate": usual}),
        )
    )


def reset(module: nn.Module, kept: Collection[str] = ()) -> None:
    """Draw new weights for every layer that knows how to, those named in ``kept`` aside."""
    for name, child in module.named_modules():
        draw = getattr(child, "reset_parameters", None)
        if callable(draw) and name not in kept:
            draw()


METHOD = StageMethod(
    id="train",
    label="Fine-tune",
    summary="Trains the weights that are left; pruned weights stay zero.",
    when="After pruning, for a few epochs at a small learning rate; the more was pruned, the longer. It takes "
    "most of the time of a run.",
    parameters=PARAMETERS,
    run=run,
)
