"""Which layers of a network an entry of NNI's config_list selects."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backend.answers import LayerInfo
from backend.errors import Message, msg
from backend.recipe._nni_rules import weighted

SELECTING = (
    "op_types", "op_names", "op_names_re", "op_partial_names", "exclude", "exclude_op_types", "exclude_op_names",
    "exclude_op_names_re",
)  # fmt: skip


class Selector:
    """Looks layers up by name, part of a name, pattern and type.

    Args:
        layers: of the network by name, in order.
        slim: whether BatchNorm layers stand for the layers before them.
        note: told what selects nothing.
    """

    def __init__(self, layers: Mapping[str, LayerInfo], slim: bool, note: Callable[[Message], None]) -> None:
        self._layers, self._slim, self._note = layers, slim, note

    def selected(self, entry: Mapping[str, Any]) -> list[str]:
        """Names of the layers with weights that an entry selects."""
        names, types = _texts(entry, "op_names"), _texts(entry, "op_types")
        missing = [name for name in names if name not in self._layers]
        if missing:
            self._note(msg("The network has no layer called {names}.", names=", ".join(missing)))
        patterns = self._patterns(entry, "op_names_re")
        parts = _texts(entry, "op_partial_names")
        by_name = bool(names or parts or entry.get("op_names_re"))

        def selects(layer: LayerInfo) -> bool:
            named = layer.name in names or any(p.search(layer.name) for p in patterns)
            named = named or any(part in layer.name for part in parts)
            return (named or not by_name) and (not types or layer.type in types or "default" in types)

        dropped = set(_texts(entry, "exclude_op_names"))
        unwanted, refused = self._patterns(entry, "exclude_op_names_re"), _texts(entry, "exclude_op_types")
        found = [
            layer
            for layer in self._layers.values()
            if selects(layer)
            and layer.name not in dropped
            and layer.type not in refused
            and not any(p.search(layer.name) for p in unwanted)
        ]
        return self._with_weights(found, named=set(names))

    def _patterns(self, entry: Mapping[str, Any], key: str) -> list[re.Pattern[str]]:
        found = []
        for text in _texts(entry, key):
            try:
                found.append(re.compile(text))
            except re.error:
                self._note(msg("{text} is no regular expression, so it selects nothing.", text=text))
        return found

    def _with_weights(self, found: Sequence[LayerInfo], named: set[str]) -> list[str]:
        """Those whose weights can be pruned or quantized; for Slim the layers that a BatchNorm scales."""
        if self._slim:
            norms = [layer for layer in found if "BatchNorm" in layer.type]
            if norms:
                self._note(msg("Slim names BatchNorm layers; in Pare the layers stand whose channels they scale."))
            return [before for layer in norms if (before := self._before(layer.name))] + weighted(
                layer for layer in found if layer not in norms
            )
        without = [layer.name for layer in found if layer.name in named and not weighted([layer])]
        if without:
            self._note(msg("{names} has no weights that Pare prunes or quantizes.", names=", ".join(without)))
        return weighted(found)

    def _before(self, norm: str) -> str:
        """The layer whose output the BatchNorm ``norm`` scales: the last one with weights before it."""
        names = list(self._layers)
        earlier = weighted(self._layers[name] for name in names[: names.index(norm)])
        return earlier[-1] if earlier else ""


def _texts(entry: Mapping[str, Any], key: str) -> list[str]:
    value = entry.get(key) or []
    return [value] if isinstance(value, str) else [str(one) for one in value]
