"""What decomposing and replacing layers is called in a few words, in menus and in the tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Description, Parameter
from gui.forms import choice_text
from gui.text import number, percent, phrase, tr


def rewritten(method: Description, settings: Mapping[str, Any], *, by_target: bool = False) -> tuple[str, str]:
    """What ``method`` makes of a layer, and the same where there is little room: "SVD 90% energy" and "SVD 90%".

    Args:
        method: of kind ``decomposition`` or ``replacement``.
        settings: with every default filled.
        by_target: whether the stage's target, where it has one, decides for the layer.
    """
    name = phrase(method.label)
    if method.traits.get("exact"):
        return name, name.split()[0]
    if method.kind == "replacement":
        kind, few = successor(method, settings)
        return tr("→ {kind}", kind=kind), tr("→ {kind}", kind=few)
    if by_target and settings.get("target") is not None:
        return tr("{method} by target", method=name), name
    if ranks := _ranks(method, settings):
        return (tr("{method} r {ranks}", method=name, ranks=ranks),) * 2
    energy = settings.get("energy")
    if energy is None:
        return name, name
    share = percent(energy)
    return tr("{method} {share} energy", method=name, share=share), tr("{method} {share}", method=name, share=share)


def successor(method: Description, settings: Mapping[str, Any]) -> tuple[str, str]:
    """What a layer is replaced by, also in fewer words: what is chosen, else what the method is called."""
    choice = kinds(method)
    if choice is None:
        name = phrase(method.label)
        name = name[:1].lower() + name[1:]
        return name, name.split()[0]
    match chosen := settings.get(choice.name, choice.default):
        case "average":
            return tr("average pooling"), tr("average")
        case "max":
            return tr("max pooling"), tr("max")
    return (choice_text(chosen),) * 2


def kinds(method: Description) -> Parameter | None:
    """What chooses the kind that takes the place of a layer; None where a method makes one kind."""
    return next((p for p in method.parameters if p.type == "choice"), None)


def _ranks(method: Description, settings: Mapping[str, Any]) -> str:
    """Ranks that were given, one for each of the method's; empty where they are found."""
    names = method.traits.get("ranks", ())
    given = [settings[name] for name in names if settings.get(name) is not None]
    return ", ".join(number(rank) for rank in given)
