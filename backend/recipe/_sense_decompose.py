"""Refuses decompose stages whose settings make no sense together, each with its repair."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.description import Catalogue
from backend.errors import Message, RecipeError, Repair, msg
from backend.recipe._rules import filled, plan_of
from backend.recipe._types import Stage


def check_decomposing(stages: Sequence[Stage], catalogue: Catalogue) -> None:
    """Look at every decompose stage.

    Raises:
        RecipeError: a rank beside a target for the whole stage, or a second rank without the first.
    """
    for index, stage in enumerate(stages):
        if stage.kind != "decompose":
            continue
        path = f"stages.{index}.decompose"
        if stage.settings.get("rank") is not None and stage.settings.get("target") is not None:
            raise RecipeError(
                msg("A target finds the rank of every layer, and here one is given for all of them."),
                msg("Remove the rank or the target; a layer with a rank of its own keeps it."),
                path=f"{path}.target",
                repair=_without(stages, index, "rank", msg("Remove the rank")),
            )
        for key, settings in _settings(stage, catalogue):
            first, *others = catalogue.get("decomposition", settings["method"]).traits["ranks"]
            given = next((name for name in others if settings.get(name) is not None), None)
            if given is not None and settings.get(first) is None:
                raise RecipeError(
                    msg("{other} goes with {rank}, which is not given.", other=given, rank=first),
                    msg("Set {rank} too, or remove {other}.", rank=first, other=given),
                    path=f"{path}.{key}{given}",
                )


def _settings(stage: Stage, catalogue: Catalogue) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Where settings stand, and what they are with all defaults: the stage's and every rule's."""
    yield "", filled(stage, catalogue)
    for rule in stage.layers:
        settings = plan_of(stage, rule, catalogue).settings
        if settings is not None:
            yield f"layers.{rule.pattern}.", settings


def _without(stages: Sequence[Stage], index: int, key: str, label: Message) -> Repair:
    kept = {name: value for name, value in stages[index].settings.items() if name != key}
    changed = [*stages[:index], dataclasses.replace(stages[index], settings=kept), *stages[index + 1 :]]
    return Repair(label, {"stages": [stage.to_data() for stage in changed]})
