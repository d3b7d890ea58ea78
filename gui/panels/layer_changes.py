"""What a person changes on selected layers: carried out, explained, and remembered for the next time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QSettings

from backend.answers import LayerInfo
from backend.description import Description, Parameter
from backend.errors import CompressionError
from gui.document import Document
from gui.forms import Form
from gui.item_models.layer_tree import LayerTreeModel
from gui.stage_settings import learning
from gui.text import message, phrase, plural, tr
from gui.widgets.method_help import HelpButton
from gui.widgets.popover import Popover


@dataclass(frozen=True)
class Chosen:
    """Layers that are edited together; ``pattern`` is that of a recipe which means exactly these, or empty."""

    layers: Sequence[LayerInfo]
    pattern: str = ""

    @property
    def names(self) -> list[str]:
        """As rules name them; the network itself is every layer."""
        return [layer.name or "*" for layer in self.layers]

    @property
    def text(self) -> str:
        if self.pattern:
            return self.pattern
        if len(self.layers) == 1:
            return self.layers[0].name or tr("every layer")
        return plural(len(self.layers), "{count} layer", "{count} layers")


@dataclass(frozen=True)
class Choice:
    """A method for layers: ``usable`` are those of ``chosen`` it applies to. ``remove``: whole channels go."""

    stage: Description
    method: Description
    chosen: Chosen
    usable: Sequence[LayerInfo]
    remove: bool = False

    @property
    def target(self) -> Chosen:
        """What the rule is written for."""
        return Chosen(self.usable, self.chosen.pattern)

    @property
    def title(self) -> str:
        doing = tr("Remove channels") if self.remove else phrase(self.stage.label)
        return tr("{stage}: {method}", stage=doing, method=phrase(self.method.label))


class LayerChanges:
    """Each change is one step of undo. ``say`` tells the person in the status line."""

    def __init__(self, document: Document, model: LayerTreeModel, say: Callable[[str], None]) -> None:
        self._document, self._model, self._say = document, model, say
        self.popover: Popover | None = None

    # Methods

    def why_not(self, stage: Description, method: str, layer: LayerInfo, *, remove: bool = False) -> str:
        """Why ``method`` can't be set on ``layer``; empty where it can."""
        why = self._model.refusals.why
        if remove and (reason := why("removal", "channels", layer)):
            return reason
        return why(str(stage.traits.get("method_kind")), method, layer)

    def apply(self, choice: Choice, settings: Mapping[str, Any]) -> None:
        """Set the method on every layer it applies to, and say where it does not."""
        try:
            self._set(choice, settings)
        except CompressionError as error:
            self._say(message(error.message))

    def _set(self, choice: Choice, settings: Mapping[str, Any]) -> None:
        target, stage, method = choice.target, choice.stage, choice.method
        if choice.remove:
            label = tr("Remove channels of {layers}", layers=target.text)
            self._document.remove_channels(target.names, method.id, settings, label, target.pattern)
        else:
            label = tr("{stage} {layers}", stage=phrase(stage.label), layers=target.text)
            self._document.apply_method(stage.id, target.names, method.id, settings, label, target.pattern)
            own = {key: value for key, value in settings.items() if key != "amount"}
            use(stage.id, {"method": method.id, "amount": settings.get("amount"), "settings": own})
        self._tell_left(choice)

    def _tell_left(self, choice: Choice) -> None:
        able = {id(one) for one in choice.usable}
        left = [one for one in choice.chosen.layers if id(one) not in able]
        if left:
            reason = self.why_not(choice.stage, choice.method.id, left[0], remove=choice.remove)
            self._say(
                plural(
                    len(left),
                    "Set on {done}; {count} layer was left as it is: {reason}.",
                    "Set on {done}; {count} layers were left as they are: {reason}.",
                    done=len(choice.usable),
                    reason=reason.rstrip("."),
                )
            )

    # The form

    def ask(self, choice: Choice, where: QPoint) -> None:
        """Open the method's form at ``where`` on the screen, with what all the layers have now."""
        catalogue = self._document.catalogue
        if catalogue is None:
            return
        parameters = per_layer(choice.stage, choice.method)
        now = self._now(choice, parameters)
        values = {p.name: now.get(p.name, p.default) for p in parameters}
        entered = {**({"amount": values["amount"]} if "amount" in values else {}), **now}
        form = Form(parameters, values, catalogue)
        form.changed.connect(lambda name, value: entered.__setitem__(name, value))

        def done() -> bool:
            given = {name: value for name, value in entered.items() if value is not None}
            try:
                self._set(choice, given)
            except CompressionError as error:
                popover.refuse(f"{message(error.message)} {message(error.hint)}".strip())
                return False
            return True

        popover = Popover(choice.title, self._note(choice), form, tr("Apply"), done, HelpButton(choice.method))
        self.popover = popover
        popover.show_at(where)

    def _note(self, choice: Choice) -> str:
        """Which layers, and what is planned for them now where that differs."""
        told = self._model.plans.summary(self._model.rows.places[one.name] for one in choice.usable)
        return tr("{layers} · now {plans}", layers=choice.target.text, plans=told) if told else choice.target.text

    def _now(self, choice: Choice, parameters: Sequence[Parameter]) -> dict[str, Any]:
        """What the method is set to on all the layers alike, where that is not the default."""
        plans = {
            id(one.settings): one.settings
            for layer in choice.usable
            for one in self._model.plans.treatments(layer)
            if one.stage.kind == choice.stage.id and bool(one.stage.settings.get("remove")) == choice.remove
        }
        found = [settings for settings in plans.values() if settings is not None]
        if len(found) < len(plans) or any(settings.get("method") != choice.method.id for settings in found):
            return {}
        told = {p.name: [settings.get(p.name) for settings in found] for p in parameters}
        alike = {name: values[0] for name, values in told.items() if values and values.count(values[0]) == len(values)}
        return {p.name: alike[p.name] for p in parameters if alike.get(p.name) not in (None, p.default)}

    def edit(self, chosen: Chosen, where: QPoint) -> bool:
        """Open the form of what is planned for the first of the layers; False where nothing is."""
        catalogue = self._document.catalogue
        if catalogue is None:
            return False
        for one in self._model.plans.treatments(chosen.layers[0]):
            described = catalogue.kind("stage").get(one.stage.kind)
            if one.settings is None or described is None or described.traits.get("method_kind") is None:
                continue
            kind, id = str(described.traits["method_kind"]), str(one.settings.get("method"))
            method = catalogue.kind(kind).get(id)
            if method is None or id in learning(catalogue, kind) or not per_layer(described, method):
                continue
            remove = bool(one.stage.settings.get("remove"))
            usable = [layer for layer in chosen.layers if not self.why_not(described, id, layer, remove=remove)]
            self.ask(Choice(described, method, chosen, usable, remove), where)
            return True
        return False

    # Keep and reset

    def keep(self, chosen: Chosen) -> None:
        """Leave the layers alone in every stage."""
        before = self._document.recipe
        self._document.keep(chosen.names, tr("Keep {layers} as is", layers=chosen.text), chosen.pattern)
        if self._document.recipe == before:
            self._say(tr("No stage changes these layers; there is nothing to keep them from."))

    def reset(self, chosen: Chosen) -> None:
        """Remove what was set on exactly these layers."""
        self._document.reset(chosen.names, tr("Reset {layers}", layers=chosen.text), chosen.pattern)

    def keep_in_float(self, chosen: Chosen) -> None:
        label = tr("Keep {layers} in float", layers=chosen.text)
        self._document.set_rule("quantize", chosen.names, "keep", label, chosen.pattern)


def per_layer(stage: Description, method: Description) -> list[Parameter]:
    """What may be set on a layer for ``method``: the stage's parameters, then the method's."""
    known = [p for p in stage.parameters if p.name != "method"] + list(method.parameters)
    return [p for p in known if p.per_layer]


def partly(text: str, choice: Choice) -> str:
    """Where a method applies to some of the layers only: to how many."""
    able, of = len(choice.usable), len(choice.chosen.layers)
    return text if able == of else tr("{method} · on {able} of {count}", method=text, able=able, count=of)


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
