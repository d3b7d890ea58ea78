"""What decomposing and replacing layers is called in a few words, in menus and in the tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Description
from gui.forms import choice_text
from gui.text import number, percent, phrase, significant, tr


def rewritten(method: Description, settings: Mapping[str, Any], *, by_target: bool = False) -> tuple[str, str]:
    """What ``method`` makes of a layer, and the same where there is little room: "SVD 90% energy" and "SVD 90%".

    Args:
        method: of kind ``decomposition`` or ``replacement``.
        settings: with every default filled.
        by_target: whether the stage's target, where it has one, decides for the layer.
    """
    name = phrase(method.label)
    if method.kind == "replacement":
        return (tr("→ {kind}", kind=successor(method, settings)),) * 2
    if by_target and settings.get("target") is not None:
        return (tr("{method} by target", method=name),) * 2
    if ranks := _ranks(settings):
        return (tr("{method} r {ranks}", method=name, ranks=ranks),) * 2
    energy = settings.get("energy")
    if energy is None:
        return name, name
    share = percent(energy)
    return tr("{method} {share} energy", method=name, share=share), tr("{method} {share}", method=name, share=share)


def successor(method: Description, settings: Mapping[str, Any]) -> str:
    """What a layer is replaced by: what is chosen where there is a choice, else what the method is called."""
    choice = next((p for p in method.parameters if p.type == "choice"), None)
    if choice is None:
        return phrase(method.label)
    return choice_text(settings.get(choice.name, choice.default))


def _ranks(settings: Mapping[str, Any]) -> str:
    """Ranks that were given, joined; empty where they are found."""
    found = [value for name, value in settings.items() if "rank" in name and value not in (None, [])]
    flat = [one for value in found for one in (value if isinstance(value, (list, tuple)) else [value])]
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in flat):
        return ""
    return ", ".join(number(one) if one >= 1 else significant(one) for one in flat)
