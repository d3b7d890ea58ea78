"""Refuses a distillation in which nothing counts, with its repair."""

from __future__ import annotations

from collections.abc import Sequence

from backend.description import Catalogue
from backend.errors import RecipeError, Repair, msg
from backend.recipe._rules import filled
from backend.recipe._types import Stage


def check_distilling(stages: Sequence[Stage], catalogue: Catalogue) -> None:
    """Look at every train stage that distills.

    Raises:
        RecipeError: the labels and every loss weigh 0, so that there is nothing to learn from.
    """
    for index, stage in enumerate(stages):
        if stage.kind != "train" or stage.settings.get("distill") is None:
            continue
        distill = filled(stage, catalogue)["distill"]
        if distill["label_weight"] or any(loss["weight"] for loss in distill["losses"]):
            continue
        path = f"stages.{index}.train.distill.label_weight"
        raise RecipeError(
            msg("There is nothing to learn from: the labels and every loss weigh 0."),
            msg("Give the labels or a loss a weight above 0."),
            path=path,
            repair=Repair(msg("Learn from the labels"), {path: 1.0}),
        )
