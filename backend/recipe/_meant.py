"""What somebody meant by a word that a stage does not know: another method's key, or a precision for a method."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from backend.description import Catalogue, Description, offer
from backend.errors import Message, msg

TYPO = 0.8
"""How alike a key and a valid one are where a slip of the keyboard is likelier than another method's key."""
MOST = 3
PRECISIONS = {"int8": "static_int8", "fp16": "float16", "bf16": "bfloat16"}
"""Precisions that are the name of no preset alone → the method that computes in them."""


def meant_by_key(key: str, allowed: Iterable[str], kind: str, catalogue: Catalogue, *, rules: bool) -> Message:
    """The hint for a ``key`` that the method in use lacks.

    Args:
        key: what was written.
        allowed: the keys that may stand there.
        kind: of the stage.
        catalogue: all methods.
        rules: whether a rule of this stage may name a method of its own.
    """
    allowed = list(allowed)
    methods = methods_of(kind, catalogue)
    owners = {id: parameter for id, method in methods.items() if (parameter := method.parameter(key))}
    if not owners or difflib.get_close_matches(key, allowed, n=1, cutoff=TYPO):
        return offer(key, allowed)
    # Methods that also work without a training come first: they have a place in every list.
    ids = sorted(owners, key=lambda id: not methods[id].traits.get("by_itself", True))
    words = ", ".join(ids[:MOST])
    if rules and any(parameter.per_layer for parameter in owners.values()):
        return msg("{key} belongs to {methods}; a rule may name its own method.", key=key, methods=words)
    return msg("{key} belongs to {methods}.", key=key, methods=words)


def meant_by_method(word: Any, kind: str, catalogue: Catalogue) -> Message | None:
    """The hint for a precision where a method should stand; None where ``word`` is a method, or is no precision."""
    methods, name = methods_of(kind, catalogue), str(word).casefold()
    if str(word) in methods:
        return None
    if PRECISIONS.get(name) in methods:
        return msg("Did you mean {close}?", close=PRECISIONS[name])
    for id, method in methods.items():
        presets: Mapping[str, Mapping[str, Any]] = method.traits.get("presets", {})
        for preset, settings in presets.items():
            if preset.casefold() == name:
                written = ", ".join(f"{key}: {value}" for key, value in settings.items())
                return msg("Write method: {method} with {settings}.", method=id, settings=written)
    return None


def methods_of(kind: str, catalogue: Catalogue) -> Mapping[str, Description]:
    """What a stage of ``kind`` chooses its method from; nothing where it has none."""
    choice = catalogue.get("stage", kind).parameter("method")
    return {} if choice is None else catalogue.kind(choice.of)
