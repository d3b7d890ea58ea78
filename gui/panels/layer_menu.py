"""What can be done to the selected layers: the menu of the model tree."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QSettings

from backend.answers import LayerInfo
from backend.description import Description, Parameter
from backend.errors import CompressionError
from gui.document import Document
from gui.forms import Form
from gui.item_models.layer_tree import LayerTreeModel
from gui.panels.quantize_menu import offers
from gui.stage_settings import learning, unit
from gui.text import message, percent, phrase, plural, tr
from gui.widgets.popover import Popover
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
    """Builds the menu for a selection and carries out what was chosen.

    Args:
        document: what is edited.
        model: knows which methods apply to which layers.
        say: tells the person in the status line.
        weights: shows the weights of a layer.
        copy: copies the names.
    """

    def __init__(
        self,
        document: Document,
        model: LayerTreeModel,
        say: Callable[[str], None],
        weights: Callable[[LayerInfo], None],
        copy: Callable[[], None],
    ) -> None:
        self._document = document
        self._model = model
        self._say = say
        self._weights = weights
        self._copy = copy
        self.popover: Popover | None = None

    def build(self, layers: Sequence[LayerInfo], where: QPoint) -> ReasonMenu:
        """The menu for ``layers``; a form that it opens stands at ``where`` on the screen."""
        menu = ReasonMenu()
        if self._document.catalogue is not None:
            self._criteria(menu.submenu(tr("Prune"), "scissors"), layers, where)
            self._removal(menu.submenu(tr("Remove channels"), "eraser"), layers, where)
            self._precisions(menu.submenu(tr("Quantize"), "stack-simple"), layers, where)
        menu.offer(tr("Keep as is"), lambda: self.keep(layers), "lock-simple", "K")
        menu.offer(tr("Reset to inherited"), lambda: self.reset(layers), "arrow-counter-clockwise", "R")
        menu.addSeparator()
        with_weights = [layer for layer in layers if layer.weight_shape]
        if with_weights:
            menu.offer(tr("Show weights"), lambda: self._weights(with_weights[0]), "chart-bar", "W")
        else:
            menu.refuse(tr("Show weights"), tr("Needs a layer with weights"))
        menu.offer(tr("Copy layer name"), self._copy, "copy", "Ctrl+C")
        return menu

    def _precisions(self, menu: ReasonMenu, layers: Sequence[LayerInfo], where: QPoint) -> None:
        """Every precision at once with its usual settings, each method's form below."""
        catalogue = self._document.catalogue
        described = catalogue.kind("stage").get("quantize") if catalogue is not None else None
        if described is None:
            menu.refuse(tr("Quantize"), tr("Not in this version of Pare"))
            return
        found, refused = offers(self._document, layers, last_used("quantize"), self._model.refusal)
        for one in found:
            entered = functools.partial(self.apply, described, one.method, layers, one.usable, one.settings)
            menu.offer(one.text, entered, ICONS.get(one.method.id, "cpu"), tip=phrase(one.method.summary))
        asking = list({one.method.id: one for one in found if per_layer(described, one.method)}.values())
        if asking:
            forms = menu.submenu(tr("With settings"), "sliders-horizontal")
            for one in asking:
                ask = functools.partial(self.ask, described, one.method, layers, one.usable, where)
                forms.offer(tr("{method}…", method=phrase(one.method.label)), ask, ICONS.get(one.method.id, "cpu"))
        menu.addSeparator()
        menu.offer(tr("Keep in float"), lambda: self._keep_in_float(layers), "lock-simple")
        _refuse(menu, refused)

    def _criteria(self, menu: ReasonMenu, layers: Sequence[LayerInfo], where: QPoint) -> None:
        catalogue = self._document.catalogue
        described = catalogue.kind("stage").get("prune") if catalogue is not None else None
        if catalogue is None or described is None:
            menu.refuse(tr("Prune"), tr("Not in this version of Pare"))
            return
        last = last_used("prune")
        methods = sorted(catalogue.kind("criterion").values(), key=lambda m: m.id != last.get("method"))
        if not last:
            methods.sort(key=lambda m: m.id != str(getattr(described.parameter("method"), "default", "")))
        refused: list[tuple[str, str]] = []
        late = learning(catalogue)
        for first, method in enumerate(methods):
            usable = [one for one in layers if not self._model.refusal("criterion", method.id, one)]
            if method.id in late or not usable:
                reason = late.get(method.id) or self._model.refusal("criterion", method.id, layers[0])
                refused.append((phrase(method.label), reason))
            else:
                self._offer(menu, described, method, layers, usable, last if first == 0 else {}, where)
        _refuse(menu, refused)

    def _removal(self, menu: ReasonMenu, layers: Sequence[LayerInfo], where: QPoint) -> None:
        """The methods that prune whole channels, to take them out of the network."""
        catalogue = self._document.catalogue
        described = catalogue.kind("stage").get("prune") if catalogue is not None else None
        if catalogue is None or described is None or described.parameter("remove") is None:
            menu.refuse(tr("Remove channels"), tr("Not in this version of Pare"))
            return
        late = learning(catalogue)
        refused: list[tuple[str, str]] = []
        for method in sorted(catalogue.kind("criterion").values(), key=lambda m: m.id != USUAL_REMOVAL):
            if unit({"method": method.id}, catalogue) != "channel" or method.id in late:
                continue
            usable = [one for one in layers if not self._why_not_removed(method.id, one)]
            if usable:
                self._offer(menu, described, method, layers, usable, {}, where, remove=True)
            else:
                refused.append((phrase(method.label), self._why_not_removed(method.id, layers[0])))
        _refuse(menu, refused)

    def _why_not_removed(self, method: str, layer: LayerInfo) -> str:
        return self._model.refusal("removal", "channels", layer) or self._model.refusal("criterion", method, layer)

    def _offer(
        self,
        menu: ReasonMenu,
        stage: Description,
        method: Description,
        layers: Sequence[LayerInfo],
        usable: list[LayerInfo],
        last: Mapping[str, Any],
        where: QPoint,
        *,
        remove: bool = False,
    ) -> None:
        form = per_layer(stage, method)
        icon = ICONS.get(method.id, "dots-nine")
        tip = phrase(method.summary)
        amount = stage.parameter("amount")
        name = phrase(method.label)
        ready = not any(p.required and p.default is None for p in form)
        if amount is not None and ready and _quick(stage, method, last, remove=remove):
            settings = {"amount": last.get("amount", amount.default), **last.get("settings", {})}
            text = tr("{method} {amount}", method=name, amount=percent(settings["amount"]))
            menu.offer(text, lambda: self.apply(stage, method, layers, usable, settings, remove=remove), icon, tip=tip)
        elif not form:
            menu.offer(name, lambda: self.apply(stage, method, layers, usable, {}, remove=remove), icon, tip=tip)
            return
        text = tr("{method}…", method=name)
        menu.offer(text, lambda: self.ask(stage, method, layers, usable, where, remove=remove), icon, tip=tip)

    def ask(
        self,
        stage: Description,
        method: Description,
        layers: Sequence[LayerInfo],
        usable: list[LayerInfo],
        where: QPoint,
        *,
        remove: bool = False,
    ) -> None:
        """Open the method's form beside the row."""
        catalogue = self._document.catalogue
        if catalogue is None:
            return
        parameters = per_layer(stage, method)
        values: dict[str, Any] = {p.name: p.default for p in parameters}
        entered: dict[str, Any] = {"amount": values["amount"]} if "amount" in values else {}
        form = Form(parameters, values, catalogue)
        form.changed.connect(lambda name, value: entered.__setitem__(name, value))

        def done() -> bool:
            given = {name: value for name, value in entered.items() if value is not None}
            try:
                self._set(stage, method, layers, usable, given, remove=remove)
            except CompressionError as error:
                popover.refuse(f"{message(error.message)} {message(error.hint)}".strip())
                return False
            return True

        doing = tr("Remove channels") if remove else phrase(stage.label)
        title = tr("{stage}: {method}", stage=doing, method=phrase(method.label))
        popover = Popover(title, _names(usable), form, tr("Apply"), done)
        self.popover = popover
        popover.show_at(where)

    def apply(
        self,
        stage: Description,
        method: Description,
        layers: Sequence[LayerInfo],
        usable: list[LayerInfo],
        settings: Mapping[str, Any],
        *,
        remove: bool = False,
    ) -> None:
        """Set the method on every layer it applies to, and say where it does not."""
        try:
            self._set(stage, method, layers, usable, settings, remove=remove)
        except CompressionError as error:
            self._say(message(error.message))

    def _set(
        self,
        stage: Description,
        method: Description,
        layers: Sequence[LayerInfo],
        usable: list[LayerInfo],
        settings: Mapping[str, Any],
        *,
        remove: bool,
    ) -> None:
        names = [pattern(one) for one in usable]
        if remove:
            label = tr("Remove channels of {layers}", layers=_names(usable))
            self._document.remove_channels(names, method.id, settings, label)
        else:
            label = tr("{stage} {layers}", stage=phrase(stage.label), layers=_names(usable))
            self._document.apply_method(stage.id, names, method.id, settings, label)
            own = {key: value for key, value in settings.items() if key != "amount"}
            use(stage.id, {"method": method.id, "amount": settings.get("amount"), "settings": own})
        left = [one for one in layers if one not in usable]
        if left:
            kind = str(stage.traits.get("method_kind"))
            refused = self._why_not_removed(method.id, left[0]) if remove else ""
            reason = refused or self._model.refusal(kind, method.id, left[0])
            self._say(
                plural(
                    len(left),
                    "Set on {done}; {count} layer was left as it is: {reason}.",
                    "Set on {done}; {count} layers were left as they are: {reason}.",
                    done=len(usable),
                    reason=reason.rstrip("."),
                )
            )

    def keep(self, layers: Sequence[LayerInfo]) -> None:
        """Leave the layers alone in every stage."""
        before = self._document.recipe
        self._document.keep([pattern(one) for one in layers], tr("Keep {layers} as is", layers=_names(layers)))
        if self._document.recipe == before:
            self._say(tr("No stage changes these layers; there is nothing to keep them from."))

    def reset(self, layers: Sequence[LayerInfo]) -> None:
        """Remove what was set on exactly these layers."""
        self._document.reset([pattern(one) for one in layers], tr("Reset {layers}", layers=_names(layers)))

    def _keep_in_float(self, layers: Sequence[LayerInfo]) -> None:
        label = tr("Keep {layers} in float", layers=_names(layers))
        self._document.set_rule("quantize", [pattern(one) for one in layers], "keep", label)


def _refuse(menu: ReasonMenu, refused: Sequence[tuple[str, str]]) -> None:
    if refused:
        menu.addSeparator()
    for text, reason in refused:
        menu.refuse(text, reason)


def per_layer(stage: Description, method: Description) -> list[Parameter]:
    """What may be set on a layer for ``method``: the stage's parameters, then the method's."""
    known = [p for p in stage.parameters if p.name != "method"] + list(method.parameters)
    return [p for p in known if p.per_layer]


def pattern(layer: LayerInfo) -> str:
    """How a rule names ``layer``; the network itself is every layer."""
    return layer.name or "*"


def last_used(stage: str) -> dict[str, Any]:
    """Method, amount and settings chosen last in a menu; empty at first."""
    try:
        found = json.loads(str(QSettings().value(f"last/{stage}", "{}")))
    except ValueError:
        return {}
    return found if isinstance(found, dict) and "method" in found else {}


def use(stage: str, chosen: Mapping[str, Any]) -> None:
    """Remember what was chosen; pruning without an amount says too little to be offered again."""
    if stage != "prune" or chosen.get("amount") is not None:
        QSettings().setValue(f"last/{stage}", json.dumps(dict(chosen)))


def _default(stage: Description) -> str:
    method = stage.parameter("method")
    return str(method.default) if method is not None and not last_used(stage.id) else ""


def _quick(stage: Description, method: Description, last: Mapping[str, Any], *, remove: bool) -> bool:
    """Whether the method is offered with its amount: the one used last, else the usual one."""
    return method.id == USUAL_REMOVAL if remove else bool(last) or method.id == _default(stage)


def _names(layers: Sequence[LayerInfo]) -> str:
    if len(layers) == 1:
        return layers[0].name or tr("every layer")
    return plural(len(layers), "{count} layer", "{count} layers")
