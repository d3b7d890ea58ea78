"""Refuses settings of a prune stage that make no sense together or in their place, each with its repair.

Every repair gives the whole list of stages: it can be applied to the recipe as it was before the edit
that was refused.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.description import KIND, Catalogue
from backend.errors import Message, RecipeError, Repair, msg
from backend.recipe._rules import USUAL_SCHEDULE, filled, within
from backend.recipe._sense_quantize import removes, repeats, stays_alone
from backend.recipe._types import Stage

CHANNELS = "ln_structured"
"""The usual method for whole channels."""


def check_sense(stages: Sequence[Stage], catalogue: Catalogue) -> None:
    """Look at every prune stage, and at every one within a train stage.

    Raises:
        RecipeError: settings that can't go together, or that belong elsewhere.
    """
    for index, stage in enumerate(stages):
        if stage.kind == "prune":
            place = _Place(stages, index, None, catalogue)
            _by_itself(place)
            _removal(place)
        for number, entry in enumerate(stage.during):
            if entry.kind != "prune":
                continue
            place = _Place(stages, index, number, catalogue)
            _while_weights_move(place)
            _removal(place)


@dataclasses.dataclass(frozen=True)
class _Place:
    """Where a prune stage stands: stage ``index``, or entry ``number`` of its ``during`` list."""

    stages: Sequence[Stage]
    index: int
    number: int | None
    catalogue: Catalogue

    @property
    def stage(self) -> Stage:
        stage = self.stages[self.index]
        return stage if self.number is None else stage.during[self.number]

    @property
    def path(self) -> str:
        inner = "" if self.number is None else f"train.during.{self.number}."
        return f"stages.{self.index}.{inner}prune"

    def get(self, key: str) -> Any:
        return self.stage.settings.get(key)

    def trait(self, method: str, name: str) -> Any:
        return self.catalogue.get("criterion", method).traits.get(name)

    def error(self, key: str, message: Message, hint: Message, repair: Repair | None = None) -> RecipeError:
        return RecipeError(message, hint, path=f"{self.path}.{key}", repair=repair)

    def with_settings(self, label: Message, **settings: Any) -> Repair:
        """A repair that sets ``settings``, or removes those that are None."""
        kept = {**self.stage.settings, **settings}
        kept = {key: value for key, value in kept.items() if value is not None or key not in settings}
        changed = dataclasses.replace(self.stage, settings=kept)
        stage = self.stages[self.index]
        if self.number is not None:
            entries = (*stage.during[: self.number], changed, *stage.during[self.number + 1 :])
            changed = dataclasses.replace(stage, during=entries)
        return _stages(label, [*self.stages[: self.index], changed, *self.stages[self.index + 1 :]])

    def methods(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Where each method in use is named, its id, and its settings; a rule for * leaves nothing to the stage's."""
        stage = self.stage
        if not any(rule.pattern == "*" for rule in stage.layers):
            full = filled(stage, self.catalogue)
            yield "method", full["method"], full
        for rule in stage.layers:
            if rule.settings is not None:
                merged = dataclasses.replace(stage, settings={**stage.settings, **rule.settings})
                full = filled(merged, self.catalogue)
                yield f"layers.{rule.pattern}.method", full["method"], full


def _by_itself(place: _Place) -> None:
    """A stage outside of ``during`` prunes once, while the weights rest."""
    _target(place)
    if place.get("schedule") is not None:
        blocks = any(place.trait(method, "unit") == "block" for _, method, _ in place.methods())
        raise place.error(
            "schedule",
            msg("A schedule prunes while weights move, and in a prune stage by itself they rest."),
            msg("Move the stage into the during list of a train stage, or remove the schedule."),
            place.with_settings(msg("Remove the schedule"), schedule=None) if blocks else _moved(place),
        )
    for key, method, _ in place.methods():
        if place.trait(method, "learns"):
            raise place.error(
                key,
                msg("{method} learns what to prune while weights move, and here they rest.", method=method),
                msg("Move the stage into the during list of a train stage."),
                _moved(place),
            )


def _target(place: _Place) -> None:
    """Masks make a network sparse and nothing else; removal leaves no zeros."""
    kind = next(iter(place.get("target") or {}), None)
    removal = bool(place.get("remove"))
    if kind in (None, "accuracy_drop") or removal == (kind != "sparsity"):
        return
    whole = all(place.trait(method, "unit") == "channel" for _, method, _ in place.methods())
    repair = place.with_settings(msg("Remove the channels"), remove=True)
    if removal or not whole:
        repair = place.with_settings(msg("Remove the target"), target=None)
    raise place.error(
        "target",
        msg("Only masks make a network sparse, and only removal makes it smaller or faster."),
        msg("Set remove: true for macs, parameters, size and latency, and remove: false for sparsity."),
        repair,
    )


def _while_weights_move(place: _Place) -> None:
    if place.get("target") is not None:
        raise place.error(
            "target",
            msg("A target is for a prune stage by itself: finding the amounts needs weights that rest."),
            msg("Give an amount here, or move the stage out of the during list."),
            place.with_settings(msg("Remove the target"), target=None),
        )
    if place.get("reestimate"):
        raise place.error(
            "reestimate",
            msg("Training measures the statistics of BatchNorm itself, so there is nothing to re-estimate."),
            msg("Remove reestimate here."),
            place.with_settings(msg("Remove reestimate"), reestimate=None),
        )
    for key, method, _ in place.methods():
        if place.trait(method, "unit") == "block":
            raise place.error(
                key,
                msg("{method} removes whole blocks at once, not while weights move.", method=method),
                msg("Move the entry out of the during list, to a prune stage before the training."),
                _moved_out(place),
            )
    schedule: dict[str, Any] = within(place.stage, place.catalogue).settings["schedule"]
    start, end = schedule.get("start"), schedule.get("end")
    if start is not None and end is not None and end <= start:
        raise place.error(
            "schedule.end",
            msg("The schedule ends at {end} of the training and begins at {start}.", end=end, start=start),
            msg("Choose an end after the start."),
        )
    if repeats(place.stage, place.catalogue) and len(place.stages[place.index].during) > 1:
        raise place.error(
            f"schedule.{KIND}",
            msg("{schedule} repeats the whole training, so nothing else can act in it.", schedule=schedule[KIND]),
            msg("Leave one entry in the during list."),
        )
    _first_step(place, schedule)


def _first_step(place: _Place, schedule: Mapping[str, Any]) -> None:
    """A method that learns has seen nothing before the first batch."""
    if schedule[KIND] != "one_shot" or schedule.get("start") != 0:
        return
    for key, method, _ in place.methods():
        if place.trait(method, "learns"):
            raise place.error(
                key,
                msg("{method} learns what to prune, and at the start of the training it has seen nothing.",
                    method=method),
                msg("Choose a later start, such as 0.5, or another schedule."),
                place.with_settings(msg("Start in the middle"), schedule={**schedule, "start": 0.5}),
            )  # fmt: skip


def _removal(place: _Place) -> None:
    if not place.get("remove"):
        if place.get("round_to") is not None:
            raise place.error(
                "round_to",
                msg("round_to says how many channels stay, and without remove all of them do."),
                msg("Set remove: true, or remove round_to."),
                place.with_settings(msg("Remove round_to"), round_to=None),
            )
        return
    for key, method, settings in place.methods():
        unit = settings.get("unit", place.trait(method, "unit"))
        if unit == "weight":
            raise place.error(
                key,
                msg("{method} prunes single weights, and only whole channels can be removed.", method=method),
                msg("Choose a method that prunes channels, such as ln_structured, or set remove: false."),
                _whole_channels(place, method) if key == "method" else None,
            )


def _whole_channels(place: _Place, method: str) -> Repair:
    """The method by channels where it can, else another one without the settings of this one."""
    own = {parameter.name for parameter in place.catalogue.get("criterion", method).parameters}
    changed = {"unit": "channel"} if "unit" in own else {**dict.fromkeys(own), "method": CHANNELS}
    return place.with_settings(msg("Prune whole channels"), **changed)


def _moved(place: _Place) -> Repair:
    """The prune stage in the ``during`` list of the train stage that follows it, else of a new one."""
    kept = {key: value for key, value in place.stage.settings.items() if key not in ("target", "reestimate")}
    if kept.get("schedule") is None:
        kept["schedule"] = {KIND: USUAL_SCHEDULE}
    entry = dataclasses.replace(place.stage, settings=kept)
    rest = [stage for i, stage in enumerate(place.stages) if i != place.index]
    at = next((i for i in range(place.index, len(rest)) if rest[i].kind == "train"), None)
    together = (entry, *rest[at].during) if at is not None else (entry,)
    repeated = len(together) > 1 and any(repeats(one, place.catalogue) for one in together)
    alone = removes(entry) and any(o.kind == "quantize" and stays_alone(o, place.catalogue) for o in together)
    if at is None or repeated or alone:
        rest.insert(place.index, Stage("train", {}, (), (entry,)))
    else:
        rest[at] = dataclasses.replace(rest[at], during=(*rest[at].during, entry))
    return _stages(msg("Prune while training"), rest)


def _moved_out(place: _Place) -> Repair:
    """The entry as a prune stage before its train stage."""
    train = place.stages[place.index]
    alone = {key: value for key, value in place.stage.settings.items() if key != "schedule"}
    entries = tuple(entry for i, entry in enumerate(train.during) if i != place.number)
    stages = [dataclasses.replace(place.stage, settings=alone), dataclasses.replace(train, during=entries)]
    label = msg("Prune before the training")
    return _stages(label, [*place.stages[: place.index], *stages, *place.stages[place.index + 1 :]])


def _stages(label: Message, stages: Sequence[Stage]) -> Repair:
    return Repair(label, {"stages": [stage.to_data() for stage in stages]})
