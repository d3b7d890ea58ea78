"""Refuses quantize stages that make no sense in their place, each with its repair."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from backend.description import KIND, Catalogue
from backend.errors import Message, RecipeError, Repair, msg
from backend.recipe._rules import filled, within
from backend.recipe._types import Rule, Stage

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
        entries = [number for number, entry in enumerate(stage.during) if entry.kind == "quantize"]
        for number in entries:
            _while_weights_move(stages, index, number, catalogue)
        if entries:
            _together(stages, index, entries, catalogue)


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
    for key, method in _methods(stage, catalogue):
        if not catalogue.get("quantization", method).traits.get("by_itself", True):
            raise RecipeError(
                msg("{method} learns while weights move, and here they rest.", method=method),
                msg("Move the stage into the during list of a train stage."),
                path=f"{path}.{key}",
                repair=_stages(msg("Quantize while training"), _moved_in(stages, index)),
            )
    if stage.settings.get("start"):
        raise RecipeError(
            msg("start says when quantization begins within a training, and here nothing trains."),
            msg("Remove start, or move the stage into the during list of a train stage."),
            path=f"{path}.start",
            repair=_stages(msg("Remove start"), _replaced(stages, index, _without(stage, "start"))),
        )


def _while_weights_move(stages: Sequence[Stage], index: int, number: int, catalogue: Catalogue) -> None:
    entry = stages[index].during[number]
    path = f"stages.{index}.train.during.{number}.quantize"
    ids = {method for _, method in _methods(entry, catalogue)}
    for key, method in _methods(entry, catalogue):
        if not catalogue.get("quantization", method).traits.get("learns", False):
            raise RecipeError(
                msg("{method} does not learn, so it has no place in a training.", method=method),
                msg("Add a quantize stage after the training instead, or choose {learned}.", learned=LEARNED),
                path=f"{path}.{key}",
                repair=_stages(msg("Quantize after the training"), _moved_out(stages, index, number)),
            )
    if len(ids) > 1:
        raise RecipeError(
            msg("One training quantizes by one method, and this entry names {count}.", count=len(ids)),
            msg("Choose one method for all layers; keep leaves a layer in float."),
            path=path,
            repair=_stages(msg("Leave the other layers in float"), _one_method(stages, index, number, catalogue)),
        )


def _together(stages: Sequence[Stage], index: int, entries: Sequence[int], catalogue: Catalogue) -> None:
    """What else the list may hold beside a quantize entry: masks that do not start the training again."""
    train = stages[index]
    path = f"stages.{index}.train.during"
    if len(entries) > 1:
        raise RecipeError(
            msg("One training quantizes once, and its during list holds {count} quantize entries.", count=len(entries)),
            msg("Leave one of them; layers differ by rules below it."),
            path=f"{path}.{entries[1]}",
            repair=_stages(msg("Keep the first one"), _first_only(stages, index, entries)),
        )
    apart = [number for number, other in enumerate(train.during) if _needs_its_own(other, catalogue)]
    if apart:
        raise RecipeError(
            msg("Channels can't be removed, nor the training repeated, in a training that also quantizes."),
            msg("Prune in a train stage of its own before this one."),
            path=f"{path}.{apart[0]}.prune",
            repair=_stages(msg("Prune in a training before"), _apart(stages, index, apart)),
        )


def _needs_its_own(entry: Stage, catalogue: Catalogue) -> bool:
    """Whether a prune entry replaces the network that trains, or has the training repeated."""
    if entry.kind != "prune":
        return False
    settings: Mapping[str, Any] = within(entry, catalogue).settings
    repeats = catalogue.get("schedule", settings["schedule"][KIND]).traits.get("repeats", False)
    return bool(settings.get("remove") or repeats)


def _moved_in(stages: Sequence[Stage], index: int) -> list[Stage]:
    """The stage in the ``during`` list of the train stage right before it, else of a new one."""
    rest = [stage for i, stage in enumerate(stages) if i != index]
    before = rest[index - 1] if index > 0 else None
    if before is not None and before.kind == "train" and not before.during:
        rest[index - 1] = dataclasses.replace(before, during=(stages[index],))
    else:
        rest.insert(index, Stage("train", {}, (), (stages[index],)))
    return rest


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


def _one_method(stages: Sequence[Stage], index: int, number: int, catalogue: Catalogue) -> list[Stage]:
    """The entry with its first method alone; rules that name another one keep their layers in float."""
    train = stages[index]
    entry = train.during[number]
    method, own = _methods(entry, catalogue)[0][1], filled(entry, catalogue)["method"]
    rules = tuple(
        rule if rule.settings is None or rule.settings.get("method", own) == method else Rule(rule.pattern, None)
        for rule in entry.layers
    )
    entries = (*train.during[:number], dataclasses.replace(entry, layers=rules), *train.during[number + 1 :])
    return _replaced(stages, index, dataclasses.replace(train, during=entries))


def _without(stage: Stage, key: str) -> Stage:
    return dataclasses.replace(stage, settings={name: value for name, value in stage.settings.items() if name != key})


def _replaced(stages: Sequence[Stage], index: int, stage: Stage) -> list[Stage]:
    return [*stages[:index], stage, *stages[index + 1 :]]


def _stages(label: Message, stages: Sequence[Stage]) -> Repair:
    return Repair(label, {"stages": [stage.to_data() for stage in stages]})
