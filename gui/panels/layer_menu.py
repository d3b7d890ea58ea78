"""What can be done to the selected layers, and why the rest can't: the menu of the model tree."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint

from backend.answers import LayerInfo
from backend.description import Catalogue
from gui.document import Document
from gui.icons import STAGES
from gui.item_models.layer_tree import LayerTreeModel
from gui.panels.layer_changes import Choice, Chosen, LayerChanges, last_used, partly, per_layer
from gui.panels.quantize_menu import offers
from gui.panels.rewrite_menu import offer, ordered
from gui.stage_settings import learning, unit
from gui.text import percent, phrase, plural, tr
from gui.widgets.method_help import tip as help_tip
from gui.widgets.reason_menu import ReasonMenu

ICONS: Mapping[str, str] = {
    "l1_unstructured": "dots-nine",
    "ln_structured": "columns",
    "random_unstructured": "shuffle",
    "random_structured": "shuffle",
    "custom_mask": "squares-four",
    "fpgm": "intersect",
    "layer": "stack",
    "taylor": "chart-line",
    "codebook": "palette",
    "weight_only": "package",
    "gptq": "package",
}
USUAL_REMOVAL = "ln_structured"
"""The method that stands first where channels are removed."""


class LayerMenu:
    """Builds the menu for a selection.

    Args:
        document: what is edited.
        model: knows which methods apply to which layers, and what is planned.
        changes: carries out what was chosen.
        weights: shows the weights of a layer.
        copy: copies the names.
    """

    def __init__(
        self,
        document: Document,
        model: LayerTreeModel,
        changes: LayerChanges,
        weights: Callable[[LayerInfo], None],
        copy: Callable[[], None],
    ) -> None:
        self._document, self._model, self._changes = document, model, changes
        self._weights, self._copy = weights, copy

    def build(self, chosen: Chosen, where: QPoint) -> ReasonMenu:
        """The menu for ``chosen``; a form that it opens stands at ``where`` on the screen."""
        menu = ReasonMenu()
        catalogue = self._document.catalogue
        if len(chosen.layers) > 1:
            menu.head(*self._head(chosen))
        if unknown := self._document.why_unknown():
            for text in (tr("Prune"), tr("Remove channels"), tr("Quantize"), tr("Decompose"), tr("Replace")):
                menu.refuse(text, unknown)
        elif catalogue is not None:
            self._criteria(menu.submenu(tr("Prune"), STAGES["prune"]), catalogue, chosen, where)
            self._removal(menu.submenu(tr("Remove channels"), "eraser"), catalogue, chosen, where)
            self._precisions(menu.submenu(tr("Quantize"), STAGES["quantize"]), catalogue, chosen, where)
            for kind, text in (("decompose", tr("Decompose")), ("replace", tr("Replace"))):
                self._rewrites(menu.submenu(text, STAGES[kind]), kind, catalogue, chosen, where)
        self._settings(menu, chosen)
        menu.addSeparator()
        with_weights = next((layer for layer in chosen.layers if layer.weight_shape), None)
        if with_weights is not None:
            menu.offer(tr("Show weights"), lambda: self._weights(with_weights), "chart-bar", "W")
        else:
            menu.refuse(tr("Show weights"), tr("Needs a layer with weights"))
        menu.offer(tr("Copy layer name"), self._copy, "copy", "Ctrl+C")
        return menu

    def _head(self, chosen: Chosen) -> tuple[str, str]:
        """How many layers, and what is planned for them now; a pattern says that it becomes one rule."""
        count = plural(len(chosen.layers), "{count} layer", "{count} layers")
        if chosen.pattern:
            count = tr("{layers} · one rule for {pattern}", layers=count, pattern=chosen.pattern)
        return count, self._model.plans.summary(self._model.rows.places[one.name] for one in chosen.layers)

    def _settings(self, menu: ReasonMenu, chosen: Chosen) -> None:
        """Keep and reset, or why there is nothing to keep or to reset."""
        badges = [self._model.plans.badge(self._model.rows.places[one.name]) for one in chosen.layers]
        keep, reset = tr("Keep as is"), tr("Reset to inherited")
        if not any(badge.text for badge in badges):
            menu.refuse(keep, tr("No stage of the recipe changes it"))
        elif all(badge.origin == "keep" or not badge.text for badge in badges):
            menu.refuse(keep, tr("Kept as it is already"))
        else:
            menu.offer(keep, lambda: self._changes.keep(chosen), "lock-simple", "K")
        if any(self._model.plans.has_rule(name) for name in (*chosen.names, chosen.pattern)):
            menu.offer(reset, lambda: self._changes.reset(chosen), "arrow-counter-clockwise", "R")
        else:
            menu.refuse(reset, tr("Nothing is set here; the plan is inherited"))

    def _precisions(self, menu: ReasonMenu, catalogue: Catalogue, chosen: Chosen, where: QPoint) -> None:
        """Every precision at once with its usual settings, each method's form below."""
        described = catalogue.kind("stage").get("quantize")
        if described is None:
            menu.refuse(tr("Quantize"), tr("Not in this version of Pare"))
            return
        found, refused = offers(self._document, chosen.layers, last_used("quantize"), self._model.refusals)
        asking: dict[str, Choice] = {}
        for one in found:
            choice = Choice(described, one.method, chosen, one.usable)
            entered = functools.partial(self._changes.apply, choice, one.settings)
            text = partly(one.text, choice)
            menu.offer(text, entered, ICONS.get(one.method.id, "cpu"), tip=help_tip(one.method))
            if per_layer(described, one.method):
                asking[one.method.id] = choice
        if asking:
            forms = menu.submenu(tr("With settings"), "sliders-horizontal")
            for id, choice in asking.items():
                ask = functools.partial(self._changes.ask, choice, where)
                forms.offer(tr("{method}…", method=phrase(choice.method.label)), ask, ICONS.get(id, "cpu"))
        menu.addSeparator()
        menu.offer(tr("Keep in float"), lambda: self._changes.keep_in_float(chosen), "lock-simple")
        _refuse(menu, refused)

    def _criteria(self, menu: ReasonMenu, catalogue: Catalogue, chosen: Chosen, where: QPoint) -> None:
        """Every criterion: the one used last with its amount first, then the stage's usual one."""
        described = catalogue.kind("stage").get("prune")
        if described is None:
            menu.refuse(tr("Prune"), tr("Not in this version of Pare"))
            return
        last = last_used("prune")
        first = last.get("method") or getattr(described.parameter("method"), "default", "")
        methods = sorted(catalogue.kind("criterion").values(), key=lambda m: m.id != first)
        refused: list[tuple[str, str]] = []
        late = learning(catalogue)
        for method in methods:
            usable = self._model.refusals.able("criterion", method.id, chosen.layers)
            if method.id in late or not usable:
                reason = late.get(method.id) or self._changes.why_not(described, method.id, chosen.layers[0])
                refused.append((phrase(method.label), reason))
            else:
                quick = last if method.id == first else None
                self._offer(menu, Choice(described, method, chosen, usable), quick, where)
        _refuse(menu, refused)

    def _removal(self, menu: ReasonMenu, catalogue: Catalogue, chosen: Chosen, where: QPoint) -> None:
        """The methods that prune whole channels, to take them out of the network."""
        described = catalogue.kind("stage").get("prune")
        if described is None or described.parameter("remove") is None:
            menu.refuse(tr("Remove channels"), tr("Not in this version of Pare"))
            return
        late = learning(catalogue)
        refused: list[tuple[str, str]] = []
        removable = self._model.refusals.able("removal", "channels", chosen.layers)
        for method in sorted(catalogue.kind("criterion").values(), key=lambda m: m.id != USUAL_REMOVAL):
            if unit({"method": method.id}, catalogue) != "channel" or method.id in late:
                continue
            usable = self._model.refusals.able("criterion", method.id, removable)
            if usable:
                choice = Choice(described, method, chosen, usable, remove=True)
                self._offer(menu, choice, {} if method.id == USUAL_REMOVAL else None, where)
            else:
                why = self._changes.why_not(described, method.id, chosen.layers[0], remove=True)
                refused.append((phrase(method.label), why))
        _refuse(menu, refused)

    def _rewrites(self, menu: ReasonMenu, kind: str, catalogue: Catalogue, chosen: Chosen, where: QPoint) -> None:
        """What puts other layers in the place of these: every method with its usual settings, and its form."""
        described = catalogue.kind("stage").get(kind)
        if described is None:
            menu.refuse(menu.title(), tr("Not in this version of Pare"))
            return
        refused: list[tuple[str, str]] = []
        of = str(described.traits["method_kind"])
        for method in ordered(catalogue.kind(of), described):
            usable = self._model.refusals.able(of, method.id, chosen.layers)
            if usable:
                offer(menu, self._changes, Choice(described, method, chosen, usable), where)
            else:
                refused.append((phrase(method.label), self._changes.why_not(described, method.id, chosen.layers[0])))
        _refuse(menu, refused)

    def _offer(self, menu: ReasonMenu, choice: Choice, quick: Mapping[str, Any] | None, where: QPoint) -> None:
        """A method through its form; with ``quick`` also at once, with the amount in it or the usual one."""
        method = choice.method
        form = per_layer(choice.stage, method)
        icon, tip, name = ICONS.get(method.id, "dots-nine"), help_tip(method), phrase(method.label)
        amount = choice.stage.parameter("amount")
        ready = not any(p.required and p.default is None for p in form)
        if amount is not None and ready and quick is not None:
            settings = {"amount": quick.get("amount", amount.default), **quick.get("settings", {})}
            text = tr("{method} {amount}", method=name, amount=percent(settings["amount"]))
            menu.offer(partly(text, choice), lambda: self._changes.apply(choice, settings), icon, tip=tip)
        elif not form:
            menu.offer(partly(name, choice), lambda: self._changes.apply(choice, {}), icon, tip=tip)
            return
        text = partly(tr("{method}…", method=name), choice)
        menu.offer(text, lambda: self._changes.ask(choice, where), icon, tip=tip)


def _refuse(menu: ReasonMenu, refused: Sequence[tuple[str, str]]) -> None:
    if refused:
        menu.addSeparator()
    for text, reason in refused:
        menu.refuse(text, reason)
