"""Fine-tuning, or training from scratch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.description import Parameter
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
from backend.training._precision import AUTO, FULL, TYPES, fastest
from backend.training.distillation._teaching import ORIGINAL
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
    parameters=(
        Parameter(name="epochs", type="int", label="Epochs", default=3, minimum=1, required=True, per_layer=False),
        Parameter(
            name="optimizer",
            type="method",
            of="optimizer",
            label="Optimizer",
            default="sgd",
            required=True,
            per_layer=False,
        ),
        Parameter(
            name="learning_rate",
            type="float",
            label="Learning rate",
            above=0.0,
            maximum=100.0,
            per_layer=False,
            summary="Empty takes the optimizer's usual one: 0.01 for SGD, 0.001 for Adam and AdamW; a tenth of it for "
            "quantization-aware training.",
        ),
        Parameter(
            name="scheduler",
            type="method",
            of="scheduler",
            label="Schedule",
            default="cosine",
            required=True,
            per_layer=False,
        ),
        Parameter(
            name="momentum",
            type="float",
            label="Momentum",
            default=0.9,
            minimum=0.0,
            maximum=1.0,
            per_layer=False,
            advanced=True,
            required=True,
            summary="Used by SGD alone.",
        ),
        Parameter(
            name="weight_decay",
            type="float",
            label="Weight decay",
            default=0.0,
            minimum=0.0,
            maximum=10.0,
            per_layer=False,
            advanced=True,
            required=True,
        ),
        Parameter(
            name="batch_size",
            type="int",
            label="Batch size",
            minimum=1,
            per_layer=False,
            advanced=True,
            summary="Empty takes the data's.",
        ),
        Parameter(
            name="precision",
            type="choice",
            label="Precision",
            default=FULL,
            choices=(FULL, *TYPES, AUTO),
            required=True,
            per_layer=False,
            advanced=True,
            summary="Of the forward and backward passes; weights stay in float32. Auto times a few batches of each and "
            "keeps the fastest. float16 needs CUDA.",
        ),
        Parameter(
            name="distill",
            type="group",
            label="Distill",
            per_layer=False,
            advanced=True,
            summary="Learns from a teacher beside the labels.",
            fields=(
                Parameter(
                    name="teacher",
                    type="network",
                    label="Teacher",
                    default=ORIGINAL,
                    required=True,
                    summary="The network as it was opened, or another one: a file, or the folder of a run.",
                ),
                Parameter(
                    name="label_weight",
                    type="float",
                    label="Label weight",
                    default=0.3,
                    minimum=0.0,
                    maximum=1000.0,
                    required=True,
                    summary="What the labels' part of the loss is multiplied by.",
                ),
                Parameter(
                    name="losses",
                    type="list",
                    of="distillation",
                    key="loss",
                    label="Losses",
                    default=({"loss": "soft_targets"},),
                    required=True,
                ),
            ),
        ),
        Parameter(
            name="from_scratch",
            type="bool",
            label="From scratch",
            default=False,
            per_layer=False,
            advanced=True,
            required=True,
            summary="Draws new weights first and keeps only the structure.",
        ),
    ),
    run=run,
)
