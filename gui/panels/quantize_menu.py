"""Which precisions a menu offers for layers, with what settings, and why the others can't be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.answers import LayerInfo
from backend.description import Description
from backend.recipe import Recipe, filled
from gui.document import Document
from gui.forms import choice_text
from gui.item_models.layer_refusals import Refusals
from gui.precisions import planned
from gui.stage_settings import learning
from gui.text import phrase, tr

FAMILIES = ("int8", "int", "nf", "codebook", "w", "fp16", "bf16")
"""The order in which precisions are offered: by how their words begin."""


@dataclass(frozen=True)
class Offer:
    """A method that can be set on layers: at once with ``settings``, or through its form."""

    method: Description
    usable: list[LayerInfo]
    text: str
    settings: Mapping[str, Any] = field(default_factory=dict)


def offers(
    document: Document,
    layers: Sequence[LayerInfo],
    last: Mapping[str, Any],
    refusals: Refusals,
) -> tuple[list[Offer], list[tuple[str, str]]]:
    """What can be set on ``layers``, what was chosen ``last`` first; and labels with why not."""
    catalogue, recipe = document.catalogue, document.recipe
    if catalogue is None or recipe is None:
        return [], []
    known = catalogue.kind("quantization")
    taken = _taken(document, recipe)
    elsewhere = {**learning(catalogue, "quantization"), **taken}
    found: list[Offer] = []
    refused: list[tuple[str, str]] = []
    for method in known.values():
        usable = refusals.able("quantization", method.id, layers)
        reason = elsewhere.get(method.id, "") or ("" if usable else refusals.why("quantization", method.id, layers[0]))
        if taken.get(method.id):
            refused[:] = [(tr("Other methods"), reason), *(one for one in refused if one[1] != reason)]
        elif reason:
            refused.append((phrase(method.label), reason))
        else:
            found += [Offer(method, usable, text, settings) for text, settings in _ready(method)]
    usual = catalogue.get("stage", "quantize").parameter("method")
    first = usual.default if usual is not None else None
    found.sort(key=lambda one: (_family(one), one.method.id != first))
    again = next((one for one in found if one.method.id == last.get("method")), None)
    if again is not None:
        settings = last.get("settings") or {}
        anew = Offer(again.method, again.usable, words(again.method, settings), settings)
        chosen = next((one for one in found if (one.method.id, one.settings) == (again.method.id, settings)), anew)
        found = [chosen, *(one for one in found if one is not chosen)]
    return found, refused


def _ready(method: Description) -> list[tuple[str, Mapping[str, Any]]]:
    """What can be chosen without a form: presets where they differ in precision, else the usual settings."""
    usual = {p.name: p.default for p in method.parameters}
    presets = method.traits.get("presets") or {}
    if len({planned(method.id, {**usual, **settings}) for settings in presets.values()}) > 1:
        return [
            (tr("{method} {preset}", method=phrase(method.label), preset=phrase(name)), settings)
            for name, settings in presets.items()
        ]
    return [(words(method, {}), {})]


def words(method: Description, settings: Mapping[str, Any]) -> str:
    """A method with what sets its precision: "Weight-only, 4 bits"; other settings that differ follow."""
    bits = method.parameter("bits")
    name = phrase(method.label)
    if bits is not None:
        name = tr("{method}, {bits} bits", method=name, bits=settings.get("bits", bits.default))
    rest = [
        tr("{name} {value}", name=phrase(p.label).lower(), value=choice_text(settings[p.name]).lower())
        for p in method.parameters
        if p.name in settings and p.name != "bits" and settings[p.name] != p.default
    ]
    return " · ".join([name, *rest])


def _taken(document: Document, recipe: Recipe) -> dict[str, str]:
    """Where a training quantizes already: its method can be set on layers, and no other."""
    catalogue = document.catalogue
    inner = next((e for stage in recipe.stages for e in stage.during if e.kind == "quantize"), None)
    if catalogue is None or inner is None:
        return {}
    used = str(filled(inner, catalogue)["method"])
    label = phrase(catalogue.get("quantization", used).label)
    why = tr("A training of this recipe quantizes already: {method}", method=label)
    return {id: "" if id == used else why for id in catalogue.kind("quantization")}


def _family(one: Offer) -> int:
    usual = {p.name: p.default for p in one.method.parameters}
    word = planned(one.method.id, {**usual, **one.settings})
    return next((i for i, start in enumerate(FAMILIES) if word.startswith(start)), len(FAMILIES))
