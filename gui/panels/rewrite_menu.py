"""Which decompositions and replacements a menu offers for layers, at once or through their form."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QPoint

from backend.answers import LayerInfo
from backend.description import Description
from gui.icons import STAGES
from gui.panels.layer_changes import Choice, LayerChanges, last_used, partly, per_layer
from gui.rewrites import kinds, rewritten
from gui.text import phrase, tr
from gui.widgets.method_help import tip as help_tip
from gui.widgets.reason_menu import ReasonMenu

USUAL = ("relu", "hardswish", "silu", "average", "max")
"""Kinds of layers that are offered at once; the others stand in the form."""


def offer(menu: ReasonMenu, changes: LayerChanges, choice: Choice, where: QPoint) -> None:
    """The method of ``choice`` with the settings used last or the usual ones, and its form at ``where``."""
    put: Callable[[str, Callable[[], object]], object] = functools.partial(
        menu.offer, icon_name=STAGES[choice.stage.id], tip=help_tip(choice.method)
    )
    form = per_layer(choice.stage, choice.method)
    for settings in _ready(choice):
        if any(p.required and settings.get(p.name, p.default) is None for p in form):
            continue
        narrowed = dataclasses.replace(choice, usable=_others(choice, settings))
        if narrowed.usable:
            put(partly(_quick(narrowed, settings), narrowed), functools.partial(changes.apply, narrowed, settings))
    if form:
        text = tr("{method}…", method=phrase(choice.method.label))
        put(partly(text, choice), lambda: changes.ask(choice, where))


def ordered(methods: Mapping[str, Description], stage: Description) -> list[Description]:
    """The one chosen last first, then that which the stage has by itself."""
    usual = stage.parameter("method")
    first = last_used(stage.id).get("method"), usual.default if usual is not None else None
    return sorted(methods.values(), key=lambda m: first.index(m.id) if m.id in first else len(first))


def _ready(choice: Choice) -> Iterator[Mapping[str, Any]]:
    """Settings that can be chosen without the form; what was chosen last comes first."""
    last = last_used(choice.stage.id)
    mine: Mapping[str, Any] = (last.get("settings") or {}) if last.get("method") == choice.method.id else {}
    kind = kinds(choice.method)
    if kind is None:
        yield mine
        return
    if mine:
        yield mine
    yield from ({kind.name: one} for one in USUAL if one in kind.choices and mine != {kind.name: one})


def _others(choice: Choice, settings: Mapping[str, Any]) -> list[LayerInfo]:
    """The layers that are not of the kind already that would take their place."""
    kind = kinds(choice.method)
    if kind is None or choice.method.kind != "replacement":
        return list(choice.usable)
    word = str(settings.get(kind.name, kind.default)).replace("_", "")
    return [layer for layer in choice.usable if not (layer.leaf and _is(layer.type.lower(), word))]


def _is(type: str, word: str) -> bool:
    return type == word or ("pool" in type and word[:3] in type)


def _quick(choice: Choice, settings: Mapping[str, Any]) -> str:
    """What is done: "SVD 90% energy", "ReLU → Hardswish", "Depthwise separable"."""
    method = choice.method
    known = {p.name: p.default for p in (*choice.stage.parameters, *method.parameters)}
    whole, _ = rewritten(method, {**known, **settings})
    if method.kind != "replacement":
        return whole
    if kinds(method) is None:
        return phrase(method.label)
    types = {layer.type for layer in choice.usable if layer.leaf}
    return tr("{type} {successor}", type=types.pop(), successor=whole) if len(types) == 1 else whole
