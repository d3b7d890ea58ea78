"""Which decompositions and replacements a menu offers for layers, at once or through their form."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPoint

from backend.description import Description
from gui.icons import STAGES
from gui.panels.layer_changes import Choice, LayerChanges, last_used, partly, per_layer
from gui.rewrites import rewritten
from gui.text import phrase, tr
from gui.widgets.method_help import tip as help_tip
from gui.widgets.reason_menu import ReasonMenu


def offer(menu: ReasonMenu, changes: LayerChanges, choice: Choice, where: QPoint) -> None:
    """The method of ``choice`` with the settings used last or the usual ones, and its form at ``where``."""
    last = last_used(choice.stage.id)
    mine = last.get("method") == choice.method.id
    settings: Mapping[str, Any] = last.get("settings") or {} if mine else {}
    form = per_layer(choice.stage, choice.method)
    put: Callable[[str, Callable[[], object]], object] = functools.partial(
        menu.offer, icon_name=STAGES[choice.stage.id], tip=help_tip(choice.method)
    )
    if not any(p.required and settings.get(p.name, p.default) is None for p in form):
        put(partly(_quick(choice, settings), choice), lambda: changes.apply(choice, settings))
    if form:
        text = tr("{method}…", method=phrase(choice.method.label))
        put(partly(text, choice), lambda: changes.ask(choice, where))


def ordered(methods: Mapping[str, Description], stage: Description) -> list[Description]:
    """The one chosen last first, then that which the stage has by itself."""
    usual = stage.parameter("method")
    first = last_used(stage.id).get("method"), usual.default if usual is not None else None
    return sorted(methods.values(), key=lambda m: first.index(m.id) if m.id in first else len(first))


def _quick(choice: Choice, settings: Mapping[str, Any]) -> str:
    """What is done: "SVD 90% energy", "ReLU → Hardswish", "Depthwise-separable"."""
    method = choice.method
    known = {p.name: p.default for p in (*choice.stage.parameters, *method.parameters)}
    whole, _ = rewritten(method, {**known, **settings})
    if method.kind != "replacement":
        return whole
    if not any(p.type == "choice" for p in method.parameters):
        return phrase(method.label)
    types = {layer.type for layer in choice.usable if layer.leaf}
    return tr("{type} {successor}", type=types.pop(), successor=whole) if len(types) == 1 else whole
