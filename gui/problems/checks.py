"""What can be wrong or doubtful with a plan before it runs: one small function each, and the table of them.

To add one: write a function that looks at a :class:`gui.problems.plan.Plan`, yields problems, and stands in
:data:`CHECKS`. What concerns decomposed and replaced layers is in :mod:`gui.problems.rewriting`.
Only what is true for certain is an error; what depends on the network is a warning. What the recipe refuses by itself
is not checked again here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from backend.errors import CompressionError, Message, RecipeError, Repair, msg, nearest
from backend.paths import found
from backend.recipe import ModelSpec, Stage, filled, judged, recipe_from_data, unmatched
from gui.network_text import ORIGINAL
from gui.problems.plan import REWRITING, Plan, Problem
from gui.problems.rewriting import folded_untrained, rewritten_untrained, zeros_rewritten
from gui.run_notes import removable
from gui.stage_settings import without_foreign

LIMITS = {
    "macs": msg("MACs"), "parameters": msg("parameters"), "size": msg("size"), "latency": msg("latency"),
    "sparsity": msg("sparsity"), "accuracy_drop": msg("accuracy"),
}  # fmt: skip
"""What a limit of the budget is called within a sentence."""
FEW_IMAGES = 200
"""Below this many images one of them is more than half a point of accuracy."""
UNUSUAL = 100
"""A learning rate this many times as large or as small as the optimizer's usual one."""
MOST_LEFT = 0.5
"""Share of the multiply-accumulates that a method leaves untouched before that is worth saying."""


def refused(plan: Plan) -> Iterator[Problem]:
    """What can't be read as a recipe at all."""
    try:
        recipe_from_data(plan.recipe.to_data(), plan.catalogue)
    except CompressionError as error:
        path = error.path.split(".") if isinstance(error, RecipeError) else []
        stage = int(path[1]) if path[:1] == ["stages"] and len(path) > 1 else None
        yield Problem(error.message, error.hint, error.repair, stage=stage)


def no_such_layer(plan: Plan) -> Iterator[Problem]:
    """A run would end with this."""
    types = {layer.name: layer.type for layer in plan.layers if layer.name}
    for place, stage in plan.acting() if types else ():
        for pattern in unmatched(stage, types):
            if pattern == "*":
                continue
            close = nearest(pattern, types)
            yield Problem(
                msg("No layer of this network is called {pattern}.", pattern=pattern),
                msg("Did you mean {close}?", close=close) if close else None,
                plan.without_rule(place, pattern),
                stage=place[0],
            )


def refusing_layer(plan: Plan) -> Iterator[Problem]:
    """A rule that names layers which its method can't treat."""
    for place, stage in plan.acting():
        for rule, layers in plan.rules_of(stage):
            if rule is None or rule.settings is None:
                continue
            if any(plan.refusal(stage, rule, layer) is None for layer in layers):
                continue
            reason = plan.refusal(stage, rule, layers[0])
            yield Problem(
                msg("{method} does not apply to {layer}.", method=plan.method_label(stage, rule), layer=rule.pattern),
                reason,
                plan.without_rule(place, rule.pattern),
                level="warning",
                stage=place[0],
            )


def nothing_changes(plan: Plan) -> Iterator[Problem]:
    """A stage that keeps, or can't treat, every layer."""
    for place, stage in plan.acting():
        layers = ((rule, layer) for rule, found in plan.rules_of(stage) for layer in found)
        if not plan.leaves or stage.settings.get("target") is not None:
            continue
        if all(plan.idle(stage, rule, layer) for rule, layer in layers):
            text = msg("Stage {number} changes nothing: every layer is kept as it is.", number=place[0] + 1)
            yield Problem(text, None, plan.without_stage(place), level="warning", stage=place[0])


def pruned_before(plan: Plan) -> Iterator[Problem]:
    """An amount is the share that is zero afterwards: a smaller one after a larger one does nothing."""
    masked: tuple[int, dict[str, Any]] | None = None
    for index, stage in enumerate(plan.recipe.stages):
        if stage.kind != "prune" or stage.layers or stage.settings.get("target") or stage.settings.get("remove"):
            masked = masked if stage.kind == "train" and not stage.during else None
            continue
        full = plan.filled(stage)
        if masked is not None:
            before, settings = masked
            same = (settings["method"], settings["scope"]) == (full["method"], full["scope"])
            if same and full["amount"] <= settings["amount"]:
                text = msg("Stage {later} asks for no more zeros than stage {earlier} leaves.",
                           later=index + 1, earlier=before + 1)  # fmt: skip
                hint = msg("An amount is the share of weights that are zero afterwards.")
                yield Problem(text, hint, plan.without_stage((index,)), level="warning", stage=index)
        masked = (index, full)


def nothing_trains_after(plan: Plan) -> Iterator[Problem]:
    """Heavy pruning without training after it."""
    for index, stage in plan.heavy():
        amount = f"{100 * plan.filled(stage)['amount']:.0f}%"
        text = msg("Stage {number} prunes {amount} and nothing trains after it, so accuracy may fall.",
                   number=index + 1, amount=amount)  # fmt: skip
        stages = list(plan.recipe.stages)
        stages.insert(index + 1, Stage("train"))
        hint = msg("Fine-tuning wins back most of what pruning costs.")
        repair = plan.stages(msg("Add fine-tuning"), stages) if "train" in plan.catalogue.kind("stage") else None
        yield Problem(text, hint, repair, level="warning", stage=index)


def old_statistics(plan: Plan) -> Iterator[Problem]:
    """BatchNorm after heavy pruning works with the statistics of what is no longer there."""
    if not any("BatchNorm" in layer.type for layer in plan.layers):
        return
    for index, stage in plan.heavy():
        if "reestimate" in plan.filled(stage) and not stage.settings.get("reestimate"):
            text = msg("BatchNorm keeps the statistics it had before stage {number} prunes.", number=index + 1)
            hint = msg("Re-estimating them takes seconds and needs no labels.")
            repair = Repair(msg("Re-estimate BatchNorm"), {f"stages.{index}.prune.reestimate": True})
            yield Problem(text, hint, repair, level="warning", stage=index)


def local_lamp(plan: Plan) -> Iterator[Problem]:
    """Within one layer LAMP's score rises with the weight: only a ranking over all layers tells it from L1."""
    for place, stage in plan.acting():
        full = plan.filled(stage) if stage.kind == "prune" else {}
        if full.get("method") == "lamp" and full.get("scope") == "local" and not full.get("target"):
            text = msg("Within each layer LAMP prunes the same weights as L1.")
            repair = Repair(msg("Rank all layers together"), {f"{plan.path(place)}.scope": "global"})
            yield Problem(text, None, repair, level="warning", stage=place[0])


def missing_engine(plan: Plan) -> Iterator[Problem]:
    """An int8 engine that this computer lacks, or whose kernels are made for another processor."""
    here = plan.capabilities.get("engines")
    for place, stage in plan.acting():
        engine = plan.filled(stage).get("engine", "auto") if stage.kind == "quantize" else "auto"
        if here is None or engine == "auto":
            continue
        repair = Repair(msg("Choose the engine by itself"), {f"{plan.path(place)}.engine": "auto"})
        if engine not in here:
            text = msg("The int8 engine {engine} is not available on this computer.", engine=engine)
            yield Problem(text, None, repair, stage=place[0])
        elif engine == "qnnpack" and "x86" in here:
            text = msg("{engine} is made for ARM: on this processor it is slower than float32.", engine=engine)
            yield Problem(text, None, repair, level="warning", stage=place[0])


def few_layers(plan: Plan) -> Iterator[Problem]:
    """Dynamic int8 treats linear layers alone, and most networks for images compute in convolutions."""
    for place, stage in plan.acting():
        if stage.kind != "quantize" or plan.filled(stage)["method"] != "dynamic_int8" or stage.layers:
            continue
        leaves = plan.leaves
        total = sum(layer.macs or 0 for layer in leaves)
        left = sum(layer.macs or 0 for layer in leaves if plan.refusal(stage, None, layer) is not None)
        if not total or left / total < MOST_LEFT:
            continue
        text = msg(
            "Dynamic int8 leaves layers with {share} of the MACs in float32.", share=f"{100 * left / total:.0f}%"
        )
        path = plan.path(place)
        gone = dict.fromkeys(f"{path}.{key}" for key in without_foreign(stage, "static_int8", plan.catalogue))
        repair = Repair(msg("Use static int8"), {**gone, f"{path}.method": "static_int8"})
        yield Problem(text, None, repair, level="warning", stage=place[0])


def forced_half(plan: Plan) -> Iterator[Problem]:
    """Arithmetic in 16 bits that the processor may not have."""
    for place, stage in plan.acting():
        full = plan.filled(stage) if stage.kind == "quantize" else {}
        if full.get("compute") == "half" and plan.recipe.device == "cpu":
            text = msg("Computing in 16 bits is slower than float32 on processors without the arithmetic.")
            repair = Repair(msg("Compute in 16 bits only where that is fast"), {f"{plan.path(place)}.compute": "auto"})
            yield Problem(text, None, repair, level="warning", stage=place[0])


def unusual_rate(plan: Plan) -> Iterator[Problem]:
    """A learning rate far from the optimizer's usual one."""
    for index, stage in enumerate(plan.recipe.stages):
        rate = stage.settings.get("learning_rate") if stage.kind == "train" else None
        optimizer = plan.catalogue.kind("optimizer").get(str(plan.filled(stage).get("optimizer")))
        usual = optimizer.traits.get("learning_rate") if optimizer is not None else None
        if rate and usual and optimizer is not None and not usual / UNUSUAL < rate < usual * UNUSUAL:
            text = msg("{optimizer} usually learns at a rate of {usual}; {rate} is far from that.",
                       optimizer=Message(optimizer.label), usual=usual, rate=rate)  # fmt: skip
            repair = Repair(msg("Use the usual rate"), {f"stages.{index}.train.learning_rate": usual})
            yield Problem(text, None, repair, level="warning", stage=index)


def silent_teacher(plan: Plan) -> Iterator[Problem]:
    """Distillation whose weights are zero costs a pass of the teacher and teaches nothing."""
    for index, stage in enumerate(plan.recipe.stages):
        distill = stage.settings.get("distill")
        if distill is None:
            continue
        losses = filled(stage, plan.catalogue)["distill"]["losses"]
        if not any(loss["weight"] for loss in losses):
            text = msg("Distillation has a weight of 0: the teacher teaches nothing.")
            heard = {**distill, "losses": [{**loss, "weight": 0.5 / len(losses)} for loss in losses]}
            repair = Repair(msg("Give it half of the loss"), {f"stages.{index}.train.distill": heard})
            yield Problem(text, None, repair, level="warning", stage=index)


def missing_teacher(plan: Plan) -> Iterator[Problem]:
    """A teacher that is not where the recipe says."""
    for index, stage in enumerate(plan.recipe.stages):
        teacher = (stage.settings.get("distill") or {}).get("teacher", ORIGINAL)
        for name in [teacher] if isinstance(teacher, str) else _files(ModelSpec.from_data(teacher)):
            if name == ORIGINAL:
                continue
            try:
                found(name, plan.folder)
            except CompressionError as error:
                text = msg("The teacher's file is not there: {path}.", path=name)
                repair = Repair(msg("Learn from the original network"), {f"stages.{index}.train.distill.teacher": None})
                yield Problem(text, error.hint, repair, stage=index)


def few_images(plan: Plan) -> Iterator[Problem]:
    """Figures on few images are mostly chance."""
    limit = plan.recipe.data.limit
    if limit is not None and limit < FEW_IMAGES:
        text = msg("Accuracy is measured on at most {limit} images, so one image is {points} pt.",
                   limit=limit, points=f"{100 / limit:.2g}")  # fmt: skip
        yield Problem(text, None, Repair(msg("Use all images"), {"data.limit": None}), level="warning")


def missing_device(plan: Plan) -> Iterator[Problem]:
    device = plan.recipe.device
    if device != "cpu" and plan.capabilities.get(device) is False:
        text = msg("This computer has no {device} device.", device=device)
        yield Problem(text, None, Repair(msg("Use the processor"), {"device": "cpu"}))


def missing_files(plan: Plan) -> Iterator[Problem]:
    """Weights and data that are not where the recipe says."""
    model, data = plan.recipe.model, plan.recipe.data
    named = [
        *((name, "network") for name in _files(model)),
        *((name, "data") for name in (data.root, data.file) if name),
    ]
    for name, action in named:
        try:
            found(name, plan.folder)
        except CompressionError as error:
            yield Problem(error.message, error.hint, action=action)
    source = plan.catalogue.kind("dataset").get(data.source)
    needs = source.traits.get("needs", ()) if source is not None else ()
    if source is not None and any(getattr(data, key, None) is None for key in needs):
        text = msg("{source} needs a folder or file, and none is chosen.", source=Message(source.label))
        yield Problem(text, None, action="data")


def _files(model: ModelSpec) -> list[str]:
    """The files that ``model`` names; weights of torchvision's by name are none."""
    weights = model.weights if model.source in ("checkpoint", "pare") or (model.weights or "").count(".") else None
    return [name for name in (weights, model.file) if name]


def no_place_for_runs(plan: Plan) -> Iterator[Problem]:
    """A folder of the runs that can't be written, or a disk that is nearly full."""
    place = next((one for one in (plan.workspace, *plan.workspace.parents) if one.exists()), plan.workspace)
    if not place.is_dir() or not os.access(place, os.W_OK):
        text = msg("Pare may not write to {path}.", path=str(plan.workspace))
        yield Problem(text, msg("Choose a folder that you may write to."), action="settings")
        return
    needed = 2 * (1 + len(plan.recipe.stages)) * (plan.inspection.size_bytes if plan.inspection is not None else 0)
    if shutil.disk_usage(place).free < needed:
        text = msg("The disk that holds the runs in {path} is nearly full.", path=str(plan.workspace))
        yield Problem(text, msg("Free some space, or choose a folder on another disk."), action="settings")


def masks_for_size(plan: Plan) -> Iterator[Problem]:
    """A budget for what masks can't change."""
    acting = [stage for _, stage in plan.acting()]
    removes = any(stage.kind in REWRITING or stage.settings.get("remove")
                  or plan.filled(stage).get("method") == "layer" for stage in acting)  # fmt: skip
    quantizes = any(stage.kind == "quantize" for stage in acting)
    masked = [i for i, stage in enumerate(plan.recipe.stages) if stage.kind == "prune"]
    reached = {"macs": removes, "parameters": removes, "size": removes or quantizes, "latency": removes or quantizes}
    limit = next((limit for limit in plan.recipe.budget if not reached.get(limit, True)), None)
    if limit is None or not masked:
        return
    text = msg("The budget limits {limit}, and masks make nothing smaller or faster.", limit=LIMITS[limit])
    edits = removable(masked, plan.recipe, plan.catalogue)
    repair = Repair(msg("Remove the channels"), edits) if edits else None
    yield Problem(text, None if edits else msg("Choose a method that prunes channels, and remove them."), repair,
                  level="warning", stage=masked[0])  # fmt: skip


def over_budget(plan: Plan) -> Iterator[Problem]:
    """What this very recipe came to when it was last run."""
    for verdict in judged(plan.recipe.budget, plan.baseline, plan.final) if plan.final else ():
        if verdict.within is False:
            text = msg("The last run of this recipe is outside the budget for {limit}.",
                       limit=LIMITS[verdict.limit])  # fmt: skip
            yield Problem(text, msg("Prune or quantize more, or change the budget."), level="warning")


CHECKS: tuple[Callable[[Plan], Iterator[Problem]], ...] = (
    refused,
    missing_device,
    missing_files,
    no_place_for_runs,
    no_such_layer,
    missing_engine,
    refusing_layer,
    nothing_changes,
    pruned_before,
    nothing_trains_after,
    rewritten_untrained,
    folded_untrained,
    zeros_rewritten,
    old_statistics,
    masks_for_size,
    local_lamp,
    few_layers,
    forced_half,
    unusual_rate,
    silent_teacher,
    missing_teacher,
    few_images,
    over_budget,
)
