"""A diagnosis in words, with the edit of the recipe that repairs it."""

from __future__ import annotations

import math
from typing import Any

from backend.errors import Message, Repair, msg
from backend.evaluation.diagnosis import Diagnosis, gains
from backend.evaluation.precision_costs import Costs
from backend.events import Warned
from backend.recipe import Recipe, Stage, add_stage, filled, plan
from backend.registry import catalogue


def told(diagnosis: Diagnosis, recipe: Recipe, index: int) -> Warned:
    """The diagnosis of stage ``index`` in words, with a repair of ``recipe`` where there is one."""
    stage = recipe.stages[index]
    hint, repair = {
        "batch_norm": _told_batch_norm,
        "fine_tune": _told_fine_tune,
        "too_much": _told_too_much,
    }[diagnosis.verdict](diagnosis, recipe, stage, index)
    return Warned(index, _what(diagnosis), hint, repair)


def _what(found: Diagnosis) -> Message:
    before, after = (_rounded(value) for value in found.accuracy)
    if found.layer is None:
        return msg(
            "Accuracy fell from {before}% to {after}% of {images} validation images.",
            before=before, after=after, images=found.images,
        )  # fmt: skip
    if found.accumulated_db is None:
        return msg(
            "Accuracy fell from {before}% to {after}% of {images} validation images. The output of {layer} changed "
            "most: signal to error {own} dB by itself.",
            before=before, after=after, images=found.images, layer=found.layer, own=_rounded(found.sqnr_db),
        )  # fmt: skip
    return msg(
        "Accuracy fell from {before}% to {after}% of {images} validation images. The output of {layer} changed most: "
        "signal to error {own} dB by itself, {accumulated} dB with what comes in from earlier layers.",
        before=before, after=after, images=found.images, layer=found.layer, own=_rounded(found.sqnr_db),
        accumulated=_rounded(found.accumulated_db),
    )  # fmt: skip


def recommended(found: Costs, index: int) -> Warned:
    """What quantize stage ``index`` cost, and what brings most of it back, in words."""
    lost = found.accuracy
    best = found.kept[0] if found.kept else None
    what = msg(
        "Accuracy fell from {before}% to {after}% of {images} validation images.",
        before=_rounded(lost[0]), after=_rounded(lost[1]), images=found.images,
    )  # fmt: skip
    if gains(lost, found.corrected) and (best is None or (found.corrected or 0.0) >= best.accuracy):
        hint = msg(
            "Correcting biases brings {points} points back, and the file stays as small.",
            points=_rounded((found.corrected or 0.0) - lost[1]),
        )
        repair = Repair(msg("Correct biases"), {f"stages.{index}.quantize.correct_bias": True})
        return Warned(index, what, hint, repair)
    if best is None:
        return Warned(index, what)
    facts: dict[str, Any] = {"layer": best.layer, "points": _rounded(best.accuracy - lost[1])}
    if not gains(lost, best.accuracy):
        hint = msg("No layer is the cause by itself: {layer} in float brings {points} points back.", **facts)
        return Warned(index, what, hint)
    hint = msg(
        "{layer} costs {points} points; kept in float, the file grows by {percent}%.",
        **facts, percent=_rounded(100 * best.larger),
    )  # fmt: skip
    repair = Repair(
        msg("Keep {layer} in float", layer=best.layer), {f"stages.{index}.quantize.layers.{best.layer}": "keep"}
    )
    return Warned(index, what, hint, repair)


_Told = tuple[Message | None, Repair | None]


def _told_batch_norm(found: Diagnosis, _: Recipe, stage: Stage, index: int) -> _Told:
    reached = found.from_batch_norm[1] if found.from_batch_norm else math.nan
    if found.probe[1] is None:
        hint = msg(
            "Most of it is BatchNorm, whose statistics no longer fit: measured anew, accuracy is {accuracy}%.",
            accuracy=_rounded(reached),
        )
    else:
        hint = msg(
            "Most of it is BatchNorm, whose statistics no longer fit: measured anew, accuracy is {accuracy}%. "
            "Instead, {batches} batches of fine-tuning brought it to {after}%.",
            accuracy=_rounded(reached), batches=found.batches, after=_rounded(found.probe[1]),
        )  # fmt: skip
    if stage.kind != "prune" or stage.settings.get("reestimate"):
        return hint, None
    return hint, Repair(msg("Re-estimate BatchNorm"), {f"stages.{index}.prune.reestimate": True})


def _told_fine_tune(found: Diagnosis, recipe: Recipe, _: Stage, index: int) -> _Told:
    hint = msg(
        "Fine-tuning is likely to bring it back: {batches} batches brought it from {before}% to {after}%.",
        **_probed(found),
    )
    later = recipe.stages[index + 1 : index + 2]
    if later and later[0].kind == "train":
        return hint, None
    stages = add_stage(recipe, Stage("train"), index + 1).to_data()["stages"]
    return hint, Repair(msg("Add fine-tuning"), {"stages": stages})


def _told_too_much(found: Diagnosis, _: Recipe, stage: Stage, index: int) -> _Told:
    if found.probe[1] is None:
        hint = msg("Fine-tuning is unlikely to bring it back: in a trial the loss became infinite.")
    elif found.layer is not None and found.restored is not None and gains(found.accuracy, found.restored):
        hint = msg(
            "Fine-tuning is unlikely to bring it back: {batches} batches brought it from {before}% to {after}%. With "
            "{layer} as it was, accuracy is {restored}%.",
            **_probed(found), layer=found.layer, restored=_rounded(found.restored),
        )  # fmt: skip
    else:
        hint = msg(
            "Fine-tuning is unlikely to bring it back: {batches} batches brought it from {before}% to {after}%.",
            **_probed(found),
        )
    return hint, _less(found, stage, index)


def _probed(found: Diagnosis) -> dict[str, float]:
    before, after = found.probe
    return {"batches": found.batches, "before": _rounded(before), "after": _rounded(after or 0.0)}


def _rounded(value: float) -> float:
    return round(value, 1) + 0.0  # no minus before a zero


def _less(found: Diagnosis, stage: Stage, index: int) -> Repair | None:
    """Half of what was pruned of the layer, or of the stage's amount where the layer alone brings little back."""
    if stage.kind != "prune":
        return None
    alone = found.restored is None or gains(found.accuracy, found.restored)
    if found.layer is not None and found.pruned > 0 and alone:
        origin = plan(stage, found.layer, found.type, catalogue()).origin
        rule = next((r.settings for r in stage.layers if r.pattern == origin), None)
        half = round(found.pruned / 2, 3)
        return Repair(
            msg("Prune {percent}% of {layer}", percent=round(100 * half, 1), layer=found.layer),
            {f"stages.{index}.prune.layers.{found.layer}": {**(rule or {}), "amount": half}},
        )
    settings = filled(stage, catalogue())
    if settings["target"] is not None:
        return None
    half = round(settings["amount"] / 2, 3)
    return Repair(msg("Prune {percent}%", percent=round(100 * half, 1)), {f"stages.{index}.prune.amount": half})
