"""One-shot pruning: masks from a criterion, an amount and a scope."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import Message, msg
from backend.evaluation.figures import layer_rows
from backend.events import Emit, LayerChanged, Progress, Warned
from backend.pruning._base import Candidate, Criterion
from backend.pruning._masks import apply_masks, global_masks, local_mask
from backend.recipe import LayerPlan, Stage, filled
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._layers import layer_plans


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Make masks for the planned layers and set the pruned weights to zero.

    Raises:
        CompressionError: a pattern matches no layer, or no layer is left to prune.
    """
    module = session.network.module
    candidates, refused = _candidates(session, stage, layer_plans(module, stage))
    _warn(refused, index, emit)
    settings = filled(stage, catalogue())
    ranked: list[tuple[Candidate, Criterion]] = []
    alone: list[tuple[Candidate, Criterion]] = []
    for layer, criterion, plan in candidates:
        together = settings["scope"] == "global" and _in_ranking(stage, plan, criterion)
        (ranked if together else alone).append((layer, criterion))
    total = len(alone) + bool(ranked)
    masks: dict[str, Tensor] = {}
    for done, (layer, criterion) in enumerate(alone):
        cancel.check()
        emit(Progress(index, done, total, msg("Pruning {layer}", layer=layer.name)))
        masks[layer.name] = local_mask(layer, criterion, layer.settings["amount"], session.masks.get(layer.name))
    if ranked:
        cancel.check()
        emit(Progress(index, len(alone), total, msg("Ranking {count} layers", count=len(ranked))))
        masks |= global_masks(ranked, settings["amount"], session.masks)
    session.masks |= masks
    apply_masks(module, session.masks)
    emit(Progress(index, total, total, msg("Pruned {count} layers", count=len(candidates))))
    _warn_empty(masks, index, emit)
    rows = layer_rows(session.network, session.figures)
    emit(LayerChanged(index, [row for row in rows if row["name"] in masks]))


def _candidates(
    session: Session, stage: Stage, plans: Mapping[str, LayerPlan]
) -> tuple[list[tuple[Candidate, Criterion, LayerPlan]], dict[str, Message]]:
    """The layers to prune, and why each of the others that was asked for is not."""
    found: list[tuple[Candidate, Criterion, LayerPlan]] = []
    refused: dict[str, Message] = {}
    head = classifier(session)
    for name, plan in plans.items():
        if plan.settings is None:
            continue
        criterion = method("criterion", plan.settings["method"])
        if not isinstance(criterion, Criterion):
            raise TypeError(criterion.id)
        module = session.network.module.get_submodule(name)
        why = criterion.applies(module)
        if why is None and name == head and criterion.unit == "channel" and plan.settings["dim"] == 0:
            why = msg("Its channels are the classes")
        if why is None:
            candidate = Candidate(name, module, plan.settings, session.generator, session.folder)
            found.append((candidate, criterion, plan))
        elif plan.origin == name or name == head:
            refused[name] = why
    return found, refused


def classifier(session: Session) -> str | None:
    """The layer whose outputs are the classes: the last linear layer or convolution with as many outputs."""
    classes = session.network.classes or len(session.data.classes)
    names = [
        name
        for name, m in session.network.module.named_modules()
        if (isinstance(m, nn.Linear) and m.out_features == classes)
        or (isinstance(m, nn.Conv2d) and m.out_channels == classes)
    ]
    return names[-1] if names else None


def _in_ranking(stage: Stage, plan: LayerPlan, criterion: Criterion) -> bool:
    """A layer with an amount or a method of its own leaves the ranking, and so does a mask from a file."""
    rule = next((r for r in stage.layers if r.pattern == plan.origin), None)
    own = rule is not None and rule.settings is not None and {"amount", "method"} & set(rule.settings)
    return not own and criterion.scores is not None


def _warn(refused: Mapping[str, Message], index: int, emit: Emit) -> None:
    for name, why in refused.items():
        emit(Warned(index, msg("{layer} is kept as it is: {reason}.", layer=name, reason=why)))


def _warn_empty(masks: Mapping[str, Tensor], index: int, emit: Emit) -> None:
    """A layer without weights gives the same output for every image; no training brings it back."""
    for name, mask in masks.items():
        if not bool(mask.any()):
            emit(Warned(index, msg("Every weight of {layer} is pruned, so it passes nothing on.", layer=name)))


METHOD = StageMethod(
    id="prune",
    label="Prune",
    summary="Sets the least important weights or channels to zero.",
    parameters=(
        Parameter(
            name="method", type="method", of="criterion", label="Method", default="l1_unstructured", required=True
        ),
        Parameter(
            name="amount",
            type="float",
            label="Amount",
            default=0.5,
            minimum=0.0,
            maximum=1.0,
            percent=True,
            required=True,
            summary="Share of the weights or channels that are zero afterwards.",
        ),
        Parameter(
            name="scope",
            type="choice",
            label="Scope",
            default="local",
            choices=("local", "global"),
            required=True,
            per_layer=False,
            summary="Local prunes every layer by the amount; global ranks all layers together.",
        ),
    ),
    run=run,
)
