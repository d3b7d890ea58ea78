"""What the recipe does to a layer, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from backend.answers import LayerInfo
from backend.recipe import LayerPlan, Stage
from gui.document import Document
from gui.precisions import brief, planned
from gui.text import NOTHING, percent, phrase, tr

Origin = Literal["set", "inherited", "keep", ""]


@dataclass(frozen=True)
class Badge:
    """A plan in a few words, and in fewer. ``origin``: set on this layer, inherited, kept as it is, or none."""

    text: str = ""
    origin: Origin = ""
    brief: str = ""


def badge_of(document: Document, layer: LayerInfo) -> Badge:
    """The plan for ``layer`` over all stages."""
    if not document.is_open or document.catalogue is None or not layer.parameters:
        return Badge()
    plans = [found for found in document.plans(layer) if not _refused(document, found[0], found[1], layer)]
    if not plans:
        return Badge()
    said = [_words(document, stage, plan, within=within) for stage, plan, within in plans]
    words = [word for word, _ in said if word]
    brief = " · ".join(word for _, word in said if word)
    own = not layer.name or any(plan.origin == layer.name for _, plan, _ in plans)
    if not words:
        return Badge(tr("Keep as is"), "keep" if own else "inherited")
    return Badge(" · ".join(words), "set" if own else "inherited", brief)


def _refused(document: Document, stage: Stage, plan: LayerPlan, layer: LayerInfo) -> bool:
    inspection = document.inspection
    if inspection is None or not layer.leaf or plan.settings is None:
        return layer.leaf and not layer.weight_shape
    kind = _method_kind(document, stage)
    if plan.settings.get("remove") and layer.name in inspection.refusals.get("removal", {}).get("channels", {}):
        return True
    return layer.name in inspection.refusals.get(kind, {}).get(str(plan.settings.get("method")), {})


def _method_kind(document: Document, stage: Stage) -> str:
    found = document.method_of("stage", stage.kind)
    return str(found.traits.get("method_kind") or "") if found is not None else ""


def _words(document: Document, stage: Stage, plan: LayerPlan, *, within: bool = False) -> tuple[str, str]:
    """What a stage does to a layer, and the same where there is little room; nothing where it keeps it."""
    settings = plan.settings
    if settings is None or (stage.kind == "prune" and plan.origin and settings.get("amount") == 0):
        return "", ""
    id = str(settings.get("method", ""))
    if stage.kind == "quantize":
        return _quantized(id, settings, plan, within=within)
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


def _quantized(method: str, settings: Mapping[str, Any], plan: LayerPlan, *, within: bool) -> tuple[str, str]:
    if settings.get("target") is not None and not plan.origin:
        return tr("Bits by target"), tr("by target")
    word = planned(method, settings)
    return (tr("{precision} while training", precision=word) if within else word), brief(word)


def quantization_of(document: Document, layer: LayerInfo) -> tuple[Mapping[str, Any] | None, bool]:
    """The settings a quantize stage of the recipe has for ``layer`` (None where none treats it), and whether a
    target chooses its bits in the run."""
    if not document.is_open or document.catalogue is None:
        return None, False
    found = [
        (plan.settings, stage.settings.get("target") is not None and "bits" in plan.settings)
        for stage, plan, _ in document.plans(layer)
        if stage.kind == "quantize" and plan.settings is not None and not _refused(document, stage, plan, layer)
    ]
    return found[-1] if found else (None, False)
