"""Layer rules that give each layer what was asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from backend.answers import LayerInfo
from backend.recipe._types import Rule


def rules(
    wanted: Mapping[str, Mapping[str, Any]], types: Mapping[str, str], *, alike: bool = False
) -> tuple[dict[str, Any], tuple[Rule, ...]]:
    """The settings of a stage, and rules for the layers that want others; layers not in ``wanted`` are kept.

    ``alike``: amounts must not differ from layer to layer (one ranking over all); the most usual one holds.
    """
    usual = Counter(repr(sorted(settings.items())) for settings in wanted.values()).most_common(1)[0][0]
    common = dict(next(s for s in wanted.values() if repr(sorted(s.items())) == usual))

    def differs(name: str) -> dict[str, Any] | None:
        if name not in wanted:
            return None
        changed = {key: value for key, value in wanted[name].items() if common.get(key) != value}
        return {key: value for key, value in changed.items() if not (alike and key == "amount")}

    made: list[Rule] = []
    whole: list[Rule] = []
    for type in dict.fromkeys(types.values()):
        names = [name for name in types if types[name] == type]
        told = {name: differs(name) for name in names}
        most = Counter(repr(value) for value in told.values()).most_common(1)[0][0]
        majority = next(value for value in told.values() if repr(value) == most)
        single = len(names) == 1
        made += [Rule(name, value) for name, value in told.items() if value != majority or (single and value != {})]
        if majority != {} and not single:
            whole.append(Rule(f"type:{type}", majority))
    return common, (*made, *whole)


def weighted(layers: Iterable[LayerInfo]) -> list[str]:
    """Names of the layers whose weight is a matrix or a filter bank."""
    return [layer.name for layer in layers if layer.leaf and len(layer.weight_shape) >= 2]
