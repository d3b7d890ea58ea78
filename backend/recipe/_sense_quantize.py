"""Refuses quantize stages that make no sense in their place, each with its repair."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from backend.description import KIND, Catalogue
from backend.errors import Message, RecipeError, Repair, msg
from backend.recipe._rules import filled, within
from backend.recipe._types import Stage

HELPERS = ("target", "equalize", "correct_bias", "reestimate")
"""Settings of a quantize stage that mean nothing within a training."""
CASTS = ("float16", "bfloat16")
"""Methods without a grid: a floating type is as fine for small channels as for large ones."""
USUAL = {"by_itself": True, "learns": False}
"""Traits of a method that says nothing else."""
LEARNED = "qat_int8"
"""What is meant by quantizing while weights move, where nothing else is said."""


def check_quantizing(stages: Sequence[Stage], catalogue: Catalogue) -> None:
    """Look at every quantize stage, and at every one within a train stage.

    Raises:
        RecipeError: a method that learns where weights rest, or one that does not where they move.
    """
    for index, stage in enumerate(stages):
        if stage.kind == "quantize":
            _while_weights_rest(stages, index, catalogue)
            _of_use(stages, index, catalogue)
        entries = [number for number, entry in enumerate(stage.during) if entry.kind == "quantize"]
        for number in entries:
            _while_weights_move(stages, index, number, catalogue)
        if entries:
            _together(stages, index, entries, catalogue)


def converts(stage: Stage, catalogue: Catalogue) -> bool:
    """Whether the network has no weights to change after ``stage``."""
    chosen = {
        id for acting in (stage, *stage.during) if acting.kind == "quantize" for _, id in _methods(acting, catalogue)
    }
    return any(catalogue.get("quantization", method).traits.get("converts", True) for method in chosen)


def quantized_last(stages: Sequence[Stage], catalogue: Catalogue) -> list[Stage]:
    """The stages in an order that makes sense: the first that converts the network after all that do not."""
    last = [stage for stage in stages if converts(stage, catalogue)]
    return [*(stage for stage in stages if stage not in last), *last[:1]]


def quantized_twice(stages: Sequence[Stage], earlier: int, later: int) -> RecipeError:
    """What is wrong with a quantize stage after another conversion: no order of the two makes sense."""
    kept = [stage.to_data() for i, stage in enumerate(stages) if i != later]
    return RecipeError(
        msg(
            "Stages {earlier} and {later} both quantize, and a network is quantized once.",
            earlier=earlier + 1,
            later=later + 1,
        ),
        msg("Leave one of them; layers differ by rules below it."),
        path=f"stages.{later}",
        repair=Repair(msg("Remove stage {number}", number=later + 1), {"stages": kept}),
    )


def _methods(stage: Stage, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Where each method in use is named, and its id; a rule for * leaves nothing to the stage's."""
    chosen = (
        [] if any(rule.pattern == "*" for rule in stage.layers) else [("method", filled(stage, catalogue)["method"])]
    )
    for rule in stage.layers:
        if rule.settings is not None:
            merged = dataclasses.replace(stage, settings={**stage.settings, **rule.settings})
            chosen.append((f"layers.{rule.pattern}.method", filled(merged, catalogue)["method"]))
    return chosen


def _while_weights_rest(stages: Sequence[Stage], index: int, catalogue: Catalogue) -> None:
    stage = stages[index]
    path = f"stages.{index}.quantize"
    able = _able(stage, "by_itself", catalogue)
    for key, method in _methods(stage, catalogue):
        if method not in able:
            repair = _stages(msg("Quantize while training"), _moved_in(stages, index), catalogue)
            if able:
                changed = _by_one(stage, able[0], catalogue)
                repair = _stages(_by(able[0]), _replaced(stages, index, changed), catalogue)
            raise RecipeError(
                msg(
                    "{method} trains the network while it quantizes, and nothing trains in a quantize stage by itself.",
                    method=method,
                ),
                msg("Move the stage into the during list of a train stage."),
                path=f"{path}.{key}",
                repair=repair,
            )
    if stage.settings.get("start"):
        raise RecipeError(
            msg("start says when quantization begins within a training, and here nothing trains."),
            msg("Remove start, or move the stage into the during list of a train stage."),
            path=f"{path}.start",
            repair=_stages(msg("Remove start"), _replaced(stages, index, _without(stage, "start")), catalogue),
        )


def _of_use(stages: Sequence[Stage], index: int, catalogue: Catalogue) -> None:
    """Whether a method has bits to choose for a target, and a grid to help with."""
    stage = stages[index]
    methods = [method for _, method in _methods(stage, catalogue)]
    if not methods:
        return

    def refuse(key: str, message: Message) -> RecipeError:
        return RecipeError(
            message,
            msg("Remove {key}, or choose another method.", key=key),
            path=f"stages.{index}.quantize.{key}",
            repair=_stages(msg("Remove {key}", key=key), _replaced(stages, index, _without(stage, key)), catalogue),
        )

    if stage.settings.get("target") is not None and not any(_has_bits(method, catalogue) for method in methods):
        message = msg("A target chooses the bits of each layer, and {method} has none to choose.", method=methods[0])
        raise refuse("target", message)
    for key in ("equalize", "correct_bias"):
        if stage.settings.get(key) and all(method in CASTS for method in methods):
            message = msg("{key} helps where weights share a scale, and {method} has none.", key=key, method=methods[0])
            raise refuse(key, message)


def _has_bits(id: str, catalogue: Catalogue) -> bool:
    method = catalogue.get("quantization", id)
    return bool(method.traits.get("weights_only")) and method.parameter("bits") is not None


def _while_weights_move(stages: Sequence[Stage], index: int, number: int, catalogue: Catalogue) -> None:
    entry = stages[index].during[number]
    path = f"stages.{index}.train.during.{number}.quantize"
    able = _able(entry, "learns", catalogue)
    one = _by_one(entry, able[0], catalogue) if able else entry
    for key, method in _methods(entry, catalogue):
        if method not in able:
            repair = _stages(msg("Quantize after the training"), _moved_out(stages, index, number), catalogue)
            if able:
                repair = _stages(_by(able[0]), _with_entry(stages, index, number, one), catalogue)
            raise RecipeError(
                msg("{method} does not learn, so it has no place in a training.", method=method),
                msg("Add a quantize stage after the training instead, or choose {learned}.", learned=LEARNED),
                path=f"{path}.{key}",
                repair=repair,
            )
    helpers = [key for key in HELPERS if entry.settings.get(key)]
    if helpers:
        raise RecipeError(
            msg(
                "{key} repairs what rounding did to weights that rest; weights that train adapt to it by themselves.",
                key=helpers[0],
            ),
            msg("Remove {key} here.", key=helpers[0]),
            path=f"{path}.{helpers[0]}",
            repair=_stages(
                msg("Remove {key}", key=helpers[0]),
                _with_entry(stages, index, number, _without(entry, *HELPERS)),
                catalogue,
            ),
        )
    if len(able) > 1:
        raise RecipeError(
            msg("One training quantizes by one method, and this entry names {count}.", count=len(able)),
            msg("Choose one method for all layers; keep leaves a layer in float."),
            path=path,
            repair=_stages(_by(able[0]), _with_entry(stages, index, number, one), catalogue),
        )


def _able(stage: Stage, trait: str, catalogue: Catalogue) -> list[str]:
    """The methods in use that have a trait, each once."""
    named = dict.fromkeys(method for _, method in _methods(stage, catalogue))
    return [method for method in named if catalogue.get("quantization", method).traits.get(trait, USUAL[trait])]


def _by_one(stage: Stage, method: str, catalogue: Catalogue) -> Stage:
    """``stage`` with ``method`` alone: rules that name another one go, and so do settings of another one."""
    own = filled(stage, catalogue)["method"]
    rules = [rule for rule in stage.layers if rule.settings is None or rule.settings.get("method", own) == method]
    settings = stage.settings if own == method else {"method": method}
    return dataclasses.replace(stage, settings=settings, layers=tuple(rules))


def _by(method: str) -> Message:
    return msg("Quantize by {method} alone", method=method)


def _together(stages: Sequence[Stage], index: int, entries: Sequence[int], catalogue: Catalogue) -> None:
    """What else the list may hold beside a quantize entry: masks that do not start the training again."""
    train = stages[index]
    path = f"stages.{index}.train.during"
    if len(entries) > 1:
        raise RecipeError(
            msg("One training quantizes once, and its during list holds {count} quantize entries.", count=len(entries)),
            msg("Leave one of them; layers differ by rules below it."),
            path=f"{path}.{entries[1]}",
            repair=_stages(msg("Keep the first one"), _first_only(stages, index, entries), catalogue),
        )
    schedules = [number for number, other in enumerate(train.during) if repeats(other, catalogue)]
    removals = [number for number, other in enumerate(train.during) if removes(other)]
    if schedules:
        raise RecipeError(
            msg("The training can't be repeated while it also quantizes."),
            msg("Prune in a train stage of its own before this one."),
            path=f"{path}.{schedules[0]}.prune",
            repair=_stages(msg("Prune in a training before"), _apart(stages, index, schedules), catalogue),
        )
    method = stays_alone(train.during[entries[0]], catalogue)
    if removals and method is not None:
        raise RecipeError(
            msg("{method} has no zero among its values, so channels that are to be removed go on counting.",
                method=method),
            msg("Prune in a train stage of its own before this one, or choose {learned}.", learned=LEARNED),
            path=f"{path}.{removals[0]}.prune",
            repair=_stages(msg("Prune in a training before"), _apart(stages, index, removals), catalogue),
        )  # fmt: skip


def repeats(entry: Stage, catalogue: Catalogue) -> bool:
    """Whether an entry of a ``during`` list has its train stage repeated."""
    if entry.kind != "prune":
        return False
    kind = within(entry, catalogue).settings["schedule"][KIND]
    return bool(catalogue.get("schedule", kind).traits.get("repeats", False))


def removes(entry: Stage) -> bool:
    """Whether an entry of a ``during`` list removes channels when the training ends."""
    return entry.kind == "prune" and bool(entry.settings.get("remove"))


def stays_alone(entry: Stage, catalogue: Catalogue) -> str | None:
    """The method of a quantize entry beside which no channels can be removed; None where they can."""
    methods = [method for _, method in _methods(entry, catalogue)]
    return next((m for m in methods if not catalogue.get("quantization", m).traits.get("zero", True)), None)


def _moved_in(stages: Sequence[Stage], index: int) -> list[Stage]:
    """The stage in the ``during`` list of the train stage beside it, else of a new one."""
    entry = _without(stages[index], *HELPERS)
    for beside in (index - 1, index + 1):
        if 0 <= beside < len(stages) and stages[beside].kind == "train" and not stages[beside].during:
            moved = _replaced(stages, beside, dataclasses.replace(stages[beside], during=(entry,)))
            return [stage for i, stage in enumerate(moved) if i != index]
    return _replaced(stages, index, Stage("train", {}, (), (entry,)))


def _moved_out(stages: Sequence[Stage], index: int, number: int) -> list[Stage]:
    """The entry as a stage after its train stage."""
    train = stages[index]
    entries = tuple(entry for i, entry in enumerate(train.during) if i != number)
    alone = _without(train.during[number], "start")
    return [*stages[:index], dataclasses.replace(train, during=entries), alone, *stages[index + 1 :]]


def _apart(stages: Sequence[Stage], index: int, numbers: Sequence[int]) -> list[Stage]:
    """Each of the entries in a train stage of its own, with the same settings, before the one they stood in."""
    train = stages[index]
    rest = tuple(entry for i, entry in enumerate(train.during) if i not in numbers)
    alone = [dataclasses.replace(train, during=(train.during[number],)) for number in numbers]
    trains = [*alone, dataclasses.replace(train, during=rest)]
    goes_on = [dataclasses.replace(one, settings={**one.settings, "from_scratch": False}) for one in trains[1:]]
    return [*stages[:index], trains[0], *goes_on, *stages[index + 1 :]]


def _first_only(stages: Sequence[Stage], index: int, entries: Sequence[int]) -> list[Stage]:
    train = stages[index]
    kept = tuple(entry for number, entry in enumerate(train.during) if number not in entries[1:])
    return _replaced(stages, index, dataclasses.replace(train, during=kept))


def _without(stage: Stage, *keys: str) -> Stage:
    return dataclasses.replace(stage, settings={key: value for key, value in stage.settings.items() if key not in keys})


def _with_entry(stages: Sequence[Stage], index: int, number: int, entry: Stage) -> list[Stage]:
    """``entry`` in the place of entry ``number``."""
    train = stages[index]
    entries = (*train.during[:number], entry, *train.during[number + 1 :])
    return _replaced(stages, index, dataclasses.replace(train, during=entries))


def _replaced(stages: Sequence[Stage], index: int, stage: Stage) -> list[Stage]:
    return [*stages[:index], stage, *stages[index + 1 :]]


def _stages(label: Message, stages: Sequence[Stage], catalogue: Catalogue) -> Repair:
    return Repair(label, {"stages": [stage.to_data() for stage in quantized_last(stages, catalogue)]})
