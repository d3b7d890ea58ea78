"""What can be doubtful with stages that decompose or replace layers; see :mod:`gui.problems.checks`."""

from __future__ import annotations

from collections.abc import Iterator

from backend.errors import msg
from backend.recipe import Stage
from gui.problems.plan import REWRITING, Plan, Problem


def rewritten_untrained(plan: Plan) -> Iterator[Problem]:
    """Layers that compute something else than before, and no training that makes up for it."""
    stages = list(enumerate(plan.recipe.stages))
    late = [i for i, stage in stages if stage.kind in REWRITING and i > plan.last_training() and not plan.exact(stage)]
    for index in late[-1:]:
        text = msg("Nothing trains after stage {number}, so the accuracy that it costs is not won back.",
                   number=index + 1)  # fmt: skip
        trained = [*plan.recipe.stages[: index + 1], Stage("train"), *plan.recipe.stages[index + 1 :]]
        repair = plan.stages(msg("Add fine-tuning"), trained) if "train" in plan.catalogue.kind("stage") else None
        yield Problem(text, None, repair, level="warning", stage=index)


def folded_untrained(plan: Plan) -> Iterator[Problem]:
    """BatchNorm is of use to a training, so it is folded away behind the last one."""
    last = plan.last_training()
    for index, stage in enumerate(plan.recipe.stages[: max(0, last)]):
        exact = [method.traits.get("exact") for method in plan.methods(stage)] if stage.kind == "replace" else []
        if not any(exact):
            continue
        text = msg("Stage {number} folds BatchNorm away before stage {later} trains, which goes worse without it.",
                   number=index + 1, later=last + 1)  # fmt: skip
        repair = plan.moved(msg("Fold after the training"), index, last) if all(exact) else None
        hint = None if repair else msg("Give the folding a stage of its own behind the training.")
        yield Problem(text, hint, repair, level="warning", stage=index)


def zeros_rewritten(plan: Plan) -> Iterator[Problem]:
    """A layer that is decomposed or replaced loses the zeros that it had."""
    masked: dict[str, int] = {}
    for index, stage in enumerate(plan.recipe.stages):
        if stage.kind == "prune" and not stage.settings.get("remove"):
            masked |= dict.fromkeys(plan.touched(stage), index)
        if stage.kind not in REWRITING or plan.exact(stage):
            continue
        lost = next((name for name in plan.touched(stage) if name in masked), None)
        if lost is not None:
            text = msg("Stage {later} puts other layers in the place of some that stage {earlier} prunes: their zeros "
                       "are lost.", later=index + 1, earlier=masked[lost] + 1)  # fmt: skip
            repair = plan.moved(msg("Prune afterwards"), index, masked[lost])
            yield Problem(text, None, repair, level="warning", stage=index)
