"""What the recipe does to a layer, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backend.answers import Coupling, LayerInfo
from backend.recipe import LayerPlan, Stage, plan_of, rule_of
from gui.document import Document
from gui.precisions import brief, planned
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
        self._read: dict[tuple[int, int], LayerPlan] = {}
        self._said: dict[tuple[int, int, str], Words] = {}
        self._ends: dict[str, tuple[str, str]] = {}
        recipe = self._document.recipe
        self._stages = [
            (stage, stage is not top)
            for top in (recipe.stages if recipe is not None else ())
            for stage in (top.during if top.kind == "train" else (top,))
        ]

    def take_couplings(self, couplings: Mapping[str, Coupling]) -> None:
        """Which layers lose channels together."""
        self._couplings = couplings
        self.clear()

    def badge(self, place: int) -> Badge:
        """The plan for a layer over all stages."""
        if place not in self._badges:
            self._badges[place] = self._badge(self._layers[place])
        return self._badges[place]

    def treating(self, layer: LayerInfo) -> list[tuple[Stage, LayerPlan, bool]]:
        """What each stage that can treat ``layer`` does to it, and whether that happens while another one trains."""
        if not self._document.is_open or self._document.catalogue is None:
            return []
        plans = [(stage, self._plan(stage, layer), within) for stage, within in self._stages]
        return [found for found in plans if not self._refused(found[0], found[1], layer)]

    def has_rule(self, pattern: str) -> bool:
        """Whether some stage has a rule so named."""
        return any(pattern in stage.rules_by_pattern for stage, _ in self._stages)

    def summary(self, places: Iterable[int]) -> str:
        """What is planned for several layers in a few words; where it differs, for how many."""
        badges = Counter(self.badge(place).text for place in places)
        badges.pop("", None)
        if len(badges) > MOST_PLANS:
            return tr("{count} different plans", count=number(len(badges)))
        if len(badges) < 2:
            return next(iter(badges), "")
        return " · ".join(tr("{plan} ({count})", plan=plan, count=number(n)) for plan, n in badges.most_common())

    def _badge(self, layer: LayerInfo) -> Badge:
        plans = self.treating(layer) if layer.parameters else []
        if not plans:
            return Badge()
        own = not layer.name or any(plan.origin == layer.name for _, plan, _ in plans)
        told = [self._words(stage, plan, layer, within) for stage, plan, within in plans]
        said = [words for words, _ in told]
        why = [note for _, note in told if note]
        whole = " · ".join(word for word, _ in said if word)
        if not whole:
            return Badge(tr("Keep as is"), "keep" if own else "inherited", why="\n".join(why))
        few = " · ".join(word for _, word in said if word)
        return Badge(whole, "set" if own else "inherited", few, "\n".join(why))

    def _plan(self, stage: Stage, layer: LayerInfo) -> LayerPlan:
        rule = rule_of(stage, layer.name, layer.type)
        key = id(stage), id(rule)  # the recipe holds both for as long as this is kept
        if key not in self._read:
            catalogue = self._document.catalogue
            if catalogue is None:
                raise RuntimeError("the engine has not named its methods yet")
            self._read[key] = plan_of(stage, rule, catalogue)
        return self._read[key]

    def _refused(self, stage: Stage, plan: LayerPlan, layer: LayerInfo) -> bool:
        inspection = self._document.inspection
        if inspection is None or not layer.leaf or plan.settings is None:
            return layer.leaf and not layer.weight_shape
        if plan.settings.get("remove") and layer.name in inspection.refusals.get("removal", {}).get("channels", {}):
            return True
        kind = _method_kind(self._document, stage)
        return layer.name in inspection.refusals.get(kind, {}).get(str(plan.settings.get("method")), {})

    def _words(self, stage: Stage, plan: LayerPlan, layer: LayerInfo, within: bool) -> tuple[Words, str]:
        """What a stage does to a layer, and what to know of it where others decide."""
        if plan.settings is None:
            return ("", ""), ""
        if stage.kind == "prune" and plan.settings.get("remove") and layer.leaf:
            plan, why = self._together(stage, plan, layer)
            if plan.settings is None:
                return ("", ""), why
        else:
            why = ""
        edge = self._edge(stage, plan, layer)
        if edge == "float":
            return ("", ""), tr("The setting First and last layer leaves it in float")
        return self._say(stage, plan, within, edge), why

    def _say(self, stage: Stage, plan: LayerPlan, within: bool, edge: str) -> Words:
        key = id(stage), id(plan), edge
        if key not in self._said:
            self._said[key] = words_of(self._document, stage, plan, within=within, edge=edge)
        return self._said[key]

    def _together(self, stage: Stage, plan: LayerPlan, layer: LayerInfo) -> tuple[LayerPlan, str]:
        """Layers that lose channels together have one amount, and are kept together."""
        coupling = self._couplings.get(layer.name)
        if coupling is None:
            return plan, ""
        others = [self._by_name[name] for name in coupling.layers if name in self._by_name]
        plans = [(other, self._plan(stage, other)) for other in others]
        for other, theirs in plans:
            if theirs.settings is None or self._refused(stage, theirs, other):
                why = tr("Pruned only together with {layer}, which is kept", layer=other.name)
                return LayerPlan(None, plan.origin), why
        first = next(((other, theirs) for other, theirs in plans if theirs.origin), None)
        if first is None or first[1] is plan or first[1].settings is None:
            return plan, ""
        why = tr("Pruned together with {layer}, which has the amount", layer=first[0].name)
        return first[1], why

    def _edge(self, stage: Stage, plan: LayerPlan, layer: LayerInfo) -> str:
        """What a learning scheme does with the first and the last layer: "float", "8", or "" where nothing special.

        A rule that names one of them by itself is followed.
        """
        setting = str((plan.settings or {}).get("edges", "same"))
        if setting == "same" or plan.origin == layer.name or not layer.leaf:
            return ""
        method = str((plan.settings or {}).get("method"))
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


def words_of(document: Document, stage: Stage, plan: LayerPlan, *, within: bool = False, edge: str = "") -> Words:
    """What a stage does to a layer, and the same where there is little room; nothing where it keeps it."""
    settings = plan.settings
    if settings is None or (stage.kind == "prune" and plan.origin and settings.get("amount") == 0):
        return "", ""
    id = str(settings.get("method", ""))
    if stage.kind == "quantize":
        return _quantized(id, settings, plan, within=within, edge=edge)
    method = document.method_of(_method_kind(document, stage), id)
    name = phrase(method.label).split()[0] if method is not None else id
    if settings.get("target") is not None and not plan.origin:
        return tr("Prune by target"), tr("by target")
    amount = percent(settings.get("amount"))
    traits = method.traits if method is not None else {}
    if traits.get("unit") == "block":
        return tr("Remove {amount} of the blocks", amount=amount), tr("{amount} of blocks", amount=amount)
    if not traits.get("ranks", True) or amount == NOTHING:
        return tr("Prune {method}", method=name), name
    brief = tr("{amount} {method}", amount=amount, method=name)
    if within:
        return tr("Prune {amount} {method} while training", amount=amount, method=name), brief
    if settings.get("remove"):
        return tr("Remove {amount} {method}", amount=amount, method=name), brief
    return tr("Prune {amount} {method}", amount=amount, method=name), brief


def _quantized(method: str, settings: Mapping[str, Any], plan: LayerPlan, *, within: bool, edge: str) -> Words:
    if settings.get("target") is not None and not plan.origin:
        return tr("Bits by target"), tr("by target")
    if edge:
        settings = {**settings, "weight_bits": int(edge), "activation_bits": int(edge)}
    word = planned(method, settings)
    return (tr("{precision} while training", precision=word) if within else word), brief(word)


def quantization_of(document: Document, layer: LayerInfo) -> tuple[Mapping[str, Any] | None, bool]:
    """The settings a quantize stage of the recipe has for ``layer`` (None where none treats it), and whether a
    target chooses its bits in the run."""
    if not document.is_open or document.catalogue is None:
        return None, False
    plans = LayerPlans(document, document.inspection.layers if document.inspection is not None else [layer])
    found = [
        (plan.settings, stage.settings.get("target") is not None and "bits" in plan.settings)
        for stage, plan, _ in plans.treating(layer)
        if stage.kind == "quantize" and plan.settings is not None
    ]
    return found[-1] if found else (None, False)
