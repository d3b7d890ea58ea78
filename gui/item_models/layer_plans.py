"""What the recipe does to a layer, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backend.answers import Coupling, LayerInfo
from backend.errors import Message
from backend.recipe import Stage, plan_of, rule_of
from gui.document import Document
from gui.item_models.layer_refusals import BARE
from gui.precisions import brief, planned
from gui.rewrites import rewritten
from gui.text import NOTHING, number, percent, phrase, tr

Origin = Literal["set", "inherited", "keep", ""]
Words = tuple[str, str]
"""What a stage does, and the same where there is little room; empty where it keeps the layer."""

MOST_PLANS = 3
"""So many different plans are named; of more, their number is said."""


@dataclass(frozen=True)
class Badge:
    """A plan in a few words, and in fewer. ``origin``: set on this layer, inherited, kept as it is, or none.

    ``why``: what to know of it, where it is not what the layer's own settings say.
    """

    text: str = ""
    origin: Origin = ""
    brief: str = ""
    why: str = ""


@dataclass(frozen=True, eq=False)
class Treatment:
    """What a stage does to the layers that follow rules which say the same.

    Attributes:
        settings: with every default filled; None where the layers are kept.
        ruled: whether they come from a rule, not from the stage.
        within: whether it happens while another stage trains.
        reasons: layers that the method refuses, by name.
        by_layer: what becomes of a layer depends on more than its settings.
        bare: whether layers without weights are treated too.
    """

    stage: Stage
    settings: Mapping[str, Any] | None
    ruled: bool
    within: bool
    reasons: tuple[Mapping[str, Message], ...] = ()
    by_layer: bool = False
    bare: bool = False

    def refuses(self, layer: LayerInfo) -> bool:
        if not (layer.parameters or self.bare):
            return True
        if not layer.leaf:
            return False
        if self.settings is None:
            return not layer.weight_shape and layer.name not in self.stage.rules_by_pattern
        return any(layer.name in reasons for reasons in self.reasons)


KEPT = Treatment(Stage("prune"), None, ruled=True, within=False)


class LayerPlans:
    """The badges of ``layers`` by place, worked out when they are first asked for.

    Each rule is read once, however many layers follow it.
    """

    def __init__(self, document: Document, layers: Sequence[LayerInfo]) -> None:
        self._document, self._layers = document, layers
        self._couplings: Mapping[str, Coupling] = {}
        self._by_name = {layer.name: layer for layer in layers}
        self.clear()

    def clear(self) -> None:
        """The recipe, the methods or the couplings are others than before."""
        self._badges: dict[int, Badge] = {}
        self._alike: dict[tuple[int | bool, ...], Badge] = {}
        self._read: dict[tuple[int, int | None], Treatment] = {}
        self._said: dict[tuple[int, str], Words] = {}
        self._ends: dict[str, tuple[str, str]] = {}
        recipe = self._document.recipe if self._document.catalogue is not None else None
        self._stages = [
            (stage, stage is not top)
            for top in (recipe.stages if recipe is not None else ())
            for stage in (top.during if top.kind == "train" else (top,))
        ]
        self._bare = any(_method_kind(self._document, stage) in BARE for stage, _ in self._stages)

    def take_couplings(self, couplings: Mapping[str, Coupling]) -> None:
        """Which layers lose channels together."""
        self._couplings = couplings
        self.clear()

    def badge(self, place: int) -> Badge:
        """The plan for a layer over all stages."""
        if place not in self._badges:
            self._badges[place] = self._badge(self._layers[place])
        return self._badges[place]

    def has_rule(self, pattern: str) -> bool:
        """Whether some stage has a rule so named."""
        return any(pattern in stage.rules_by_pattern for stage, _ in self._stages)

    def summary(self, places: Iterable[int]) -> str:
        """What is planned for several layers in a few words; where it differs, for how many."""
        badges = Counter([self.badge(place).text for place in places])
        badges.pop("", None)
        if len(badges) > MOST_PLANS:
            return tr("{count} different plans", count=number(len(badges)))
        if len(badges) < 2:
            return next(iter(badges), "")
        return "; ".join(tr("{plan} ({count})", plan=plan, count=number(n)) for plan, n in badges.most_common())

    def treatments(self, layer: LayerInfo) -> list[Treatment]:
        """What each stage that can treat ``layer`` does to it."""
        found = [self._treatment(stage, layer, within) for stage, within in self._stages]
        return [one for one in found if not one.refuses(layer)]

    def _badge(self, layer: LayerInfo) -> Badge:
        """Layers that follow the same rules, and have nothing of their own, share a badge."""
        found = self.treatments(layer) if layer.parameters or self._bare else []
        if not found:
            return Badge()
        own = not layer.name or any(layer.name in one.stage.rules_by_pattern for one in found)
        if layer.leaf and any(one.by_layer for one in found):
            return self._told(layer, found, own)
        key = (own, *(id(one) for one in found))
        if key not in self._alike:
            self._alike[key] = self._told(layer, found, own)
        return self._alike[key]

    def _told(self, layer: LayerInfo, found: Sequence[Treatment], own: bool) -> Badge:
        told = [self._words(one, layer) for one in found]
        why = "\n".join(note for _, note in told if note)
        whole = " · ".join(word for (word, _), _ in told if word)
        if not whole:
            return Badge(tr("Keep as is"), "keep" if own else "inherited", why=why)
        few = " · ".join(word for (_, word), _ in told if word)
        return Badge(whole, "set" if own else "inherited", few, why)

    def _treatment(self, stage: Stage, layer: LayerInfo, within: bool) -> Treatment:
        rule = rule_of(stage, layer.name, layer.type) if stage.layers else None
        key = id(stage), None if rule is None else id(rule.settings)  # the recipe holds them for as long as this
        if key not in self._read:
            catalogue = self._document.catalogue
            if catalogue is None:
                raise RuntimeError("the engine has not named its methods yet")
            settings = plan_of(stage, rule, catalogue).settings
            self._read[key] = self._reading(stage, settings, within, ruled=rule is not None)
        return self._read[key]

    def _reading(self, stage: Stage, settings: Mapping[str, Any] | None, within: bool, *, ruled: bool) -> Treatment:
        inspection, kind = self._document.inspection, _method_kind(self._document, stage)
        if settings is None or inspection is None:
            return Treatment(stage, settings, ruled, within, bare=kind in BARE)
        method = str(settings.get("method"))
        removes = stage.kind == "prune" and bool(settings.get("remove"))
        reasons = [inspection.refusals.get(kind, {}).get(method, {})]
        if removes:
            reasons.append(inspection.refusals.get("removal", {}).get("channels", {}))
        by_layer = removes or settings.get("edges", "same") != "same"
        return Treatment(stage, settings, ruled, within, tuple(reasons), by_layer, kind in BARE)

    def _words(self, one: Treatment, layer: LayerInfo) -> tuple[Words, str]:
        """What a stage does to a layer, and what to know of it where others decide."""
        why = ""
        if one.by_layer and layer.leaf and one.settings is not None:
            if one.settings.get("remove"):
                one, why = self._together(one, layer)
            edge = self._edge(one, layer)
            if edge == "float":
                return ("", ""), tr("The setting First and last layer leaves it in float")
            return self._say(one, edge), why
        return self._say(one, ""), why

    def _say(self, one: Treatment, edge: str) -> Words:
        key = id(one), edge
        if key not in self._said:
            self._said[key] = words_of(self._document, one, edge)
        return self._said[key]

    def _together(self, one: Treatment, layer: LayerInfo) -> tuple[Treatment, str]:
        """Layers that lose channels together have one amount, and are kept together."""
        coupling = self._couplings.get(layer.name)
        names = coupling.layers if coupling is not None else ()
        others = [self._by_name[name] for name in names if name in self._by_name]
        theirs = [(other, self._treatment(one.stage, other, one.within)) for other in others]
        kept = next((other for other, its in theirs if its.settings is None or its.refuses(other)), None)
        if kept is not None:
            return KEPT, tr("Pruned only together with {layer}, which is kept", layer=kept.name)
        other, first = next(((other, its) for other, its in theirs if its.ruled), (layer, one))
        if first is one:
            return one, ""
        return first, tr("Pruned together with {layer}, which has the amount", layer=other.name)

    def _edge(self, one: Treatment, layer: LayerInfo) -> str:
        """What a learning scheme does with the first and the last layer: "float", "8", or "" where nothing special.

        A rule that names one of them by itself is followed.
        """
        settings = one.settings or {}
        setting = str(settings.get("edges", "same"))
        if setting == "same" or layer.name in one.stage.rules_by_pattern:
            return ""
        method = str(settings.get("method"))
        if method not in self._ends:
            inspection = self._document.inspection
            refused = inspection.refusals.get("quantization", {}).get(method, {}) if inspection is not None else {}
            called = [one.name for one in self._layers if one.leaf and one.weight_shape and one.macs]
            called = [name for name in called if name not in refused]
            self._ends[method] = (called[0], called[-1]) if called else ("", "")
        return setting if layer.name in self._ends[method] else ""


def _method_kind(document: Document, stage: Stage) -> str:
    found = document.method_of("stage", stage.kind)
    return str(found.traits.get("method_kind") or "") if found is not None else ""


def words_of(document: Document, one: Treatment, edge: str = "") -> Words:
    """What a stage does to a layer, and the same where there is little room; nothing where it keeps it."""
    settings, stage = one.settings, one.stage
    if settings is None or (stage.kind == "prune" and one.ruled and settings.get("amount") == 0):
        return "", ""
    id = str(settings.get("method", ""))
    if stage.kind == "quantize":
        return _quantized(id, settings, one, edge)
    method = document.method_of(_method_kind(document, stage), id)
    if stage.kind in ("decompose", "replace"):
        return rewritten(method, settings, by_target=not one.ruled) if method is not None else (id, id)
    name = phrase(method.label).split()[0] if method is not None else id
    if settings.get("target") is not None and not one.ruled:
        return tr("Prune by target"), tr("by target")
    amount = percent(settings.get("amount"))
    traits = method.traits if method is not None else {}
    if traits.get("unit") == "block":
        return tr("Remove {amount} of the blocks", amount=amount), tr("{amount} of blocks", amount=amount)
    if not traits.get("ranks", True) or amount == NOTHING:
        return tr("Prune {method}", method=name), name
    brief = tr("{amount} {method}", amount=amount, method=name)
    if one.within:
        return tr("Prune {amount} {method} while training", amount=amount, method=name), brief
    if settings.get("remove"):
        return tr("Remove {amount} {method}", amount=amount, method=name), brief
    return tr("Prune {amount} {method}", amount=amount, method=name), brief


def _quantized(method: str, settings: Mapping[str, Any], one: Treatment, edge: str) -> Words:
    if settings.get("target") is not None and not one.ruled:
        return tr("Bits by target"), tr("by target")
    if edge:
        settings = {**settings, "weight_bits": int(edge), "activation_bits": int(edge)}
    word = planned(method, settings)
    return (tr("{precision} while training", precision=word) if one.within else word), brief(word)


def quantization_of(document: Document, layer: LayerInfo) -> tuple[Mapping[str, Any] | None, bool]:
    """The settings a quantize stage of the recipe has for ``layer`` (None where none treats it), and whether a
    target chooses its bits in the run."""
    if not document.is_open or document.catalogue is None:
        return None, False
    plans = LayerPlans(document, document.inspection.layers if document.inspection is not None else [layer])
    found = [
        (one.settings, one.stage.settings.get("target") is not None and "bits" in one.settings)
        for one in plans.treatments(layer)
        if one.stage.kind == "quantize" and one.settings is not None
    ]
    return found[-1] if found else (None, False)
