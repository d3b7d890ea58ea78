"""Why a method does not apply to a layer, answered at once for many layers."""

from __future__ import annotations

from collections.abc import Sequence

from backend.answers import LayerInfo
from gui.document import Document
from gui.text import message, tr

BARE = frozenset({"replacement"})
"""Kinds of methods that treat layers without weights too."""


class Refusals:
    """What the engine said at opening, container by container; ``ends`` are the places behind what each holds."""

    def __init__(self, document: Document, layers: Sequence[LayerInfo], ends: Sequence[int]) -> None:
        self._document, self._layers, self._ends = document, layers, ends
        self._places = {layer.name: i for i, layer in enumerate(layers)}
        self._able: dict[tuple[str, str], list[int]] = {}

    def why(self, kind: str, method: str, layer: LayerInfo) -> str:
        """Why ``method`` does not apply to ``layer``; empty where it does.

        A container qualifies where one of its layers does.
        """
        inspection = self._document.inspection
        if inspection is None:
            return ""
        if not inspection.complete:
            return self._document.why_unknown()
        reasons = inspection.refusals.get(kind, {}).get(method, {})
        if layer.leaf:
            return message(reasons.get(layer.name)) or ("" if _asked(kind, layer) else tr("Needs a layer with weights"))
        described = self._document.method_of(kind, method)
        if described is not None and described.traits.get("unit") == "block":
            return ""
        at = self._places[layer.name]
        counts = self._counts(kind, method)
        if counts[self._ends[at]] > counts[at]:
            return ""
        below = self._layers[at : self._ends[at]]
        held = next((one for one in below if one.leaf and _asked(kind, one) and one.name in reasons), None)
        return message(reasons[held.name]) if held is not None else tr("Needs a layer with weights")

    def able(self, kind: str, method: str, layers: Sequence[LayerInfo]) -> list[LayerInfo]:
        """Those of ``layers`` to which ``method`` applies."""
        inspection = self._document.inspection
        if inspection is None:
            return list(layers)
        if not inspection.complete:
            return []
        reasons = inspection.refusals.get(kind, {}).get(method, {})
        fits = lambda one: _asked(kind, one) and one.name not in reasons  # noqa: E731
        return [one for one in layers if (fits(one) if one.leaf else not self.why(kind, method, one))]

    def _counts(self, kind: str, method: str) -> list[int]:
        """Before each place, how many layers the method applies to."""
        if (kind, method) not in self._able:
            inspection = self._document.inspection
            reasons = inspection.refusals.get(kind, {}).get(method, {}) if inspection is not None else {}
            counts, so_far = [0], 0
            for layer in self._layers:
                so_far += layer.leaf and _asked(kind, layer) and layer.name not in reasons
                counts.append(so_far)
            self._able[kind, method] = counts
        return self._able[kind, method]


def _asked(kind: str, layer: LayerInfo) -> bool:
    """Whether the engine was asked about ``layer`` at all."""
    return bool(layer.parameters) or kind in BARE
