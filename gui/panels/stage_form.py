"""The settings of one stage, its layer rules, and why a value was refused."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from backend.description import Catalogue
from backend.errors import CompressionError, Repair
from backend.recipe import Stage, filled, within
from gui import stage_text
from gui.document import Document
from gui.forms import Form, Surroundings
from gui.network_text import ORIGINAL
from gui.places import Place, path_of
from gui.stage_settings import Offer, offered, presets, without_foreign
from gui.text import message, phrase, plural, tr
from gui.widgets.buttons import button, tool_button
from gui.widgets.labels import ElidedLabel, label
from gui.widgets.reason_menu import ReasonMenu

RULES = 12
"""As many layer rules are listed; the tree shows them all."""
SECTIONS = ("group", "list")
"""Types of parameters that are edited as the recipe has them: what it leaves out stays out."""


class StageForm(QWidget):
    """Edits the stage at ``place``; every value entered is one step of undo."""

    def __init__(
        self,
        document: Document,
        place: Place,
        stage: Stage,
        catalogue: Catalogue,
        around: Surroundings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self.place, self.stage, self._catalogue = document, place, stage, catalogue
        self.entering = False
        self._offered: Repair | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        offer = self._offer(stage)
        full = within(stage, catalogue).settings if self._inner else filled(stage, catalogue)
        given = {p.name: stage.settings.get(p.name) for p in offer.parameters if p.type in SECTIONS}
        self.form = Form(
            offer.parameters,
            {**full, **given},
            catalogue,
            refused=offer.refused,
            blocked=offer.blocked,
            around=dataclasses.replace(around or Surroundings(), teacher=self._teacher),
        )
        self.form.changed.connect(self._entered)
        self.presets = button(tr("Presets"), self._offer_presets, icon_name="caret-down", kind="link", compact=True)
        self.presets.setVisible(bool(presets(stage, catalogue)))
        column.addWidget(self.presets, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.form)
        self.error = label("", "caption", "bad", wrap=True)
        self.error.hide()
        column.addWidget(self.error)
        self.repair = button("", self._repair, kind="link")
        self.repair.hide()
        column.addWidget(self.repair, 0, Qt.AlignmentFlag.AlignLeft)
        for row in self._rules():
            column.addWidget(row)

    def follow(self, stage: Stage) -> bool:
        """Take a change that the form shows already; False where more than its values changed."""
        if stage.kind != self.stage.kind or stage.layers != self.stage.layers:
            return False
        if self._offer(stage) != self._offer(self.stage):
            return False
        self.stage = stage
        return True

    @property
    def _inner(self) -> bool:
        return len(self.place) > 1

    def _teacher(self) -> Any:
        """The network that the stage distills from."""
        return (self.stage.settings.get("distill") or {}).get("teacher", ORIGINAL)

    def _offer(self, stage: Stage) -> Offer:
        return offered(stage, self._catalogue, within=self._inner)

    def _entered(self, name: str, value: Any) -> None:
        recipe = self._document.recipe
        if recipe is None:
            return
        path = path_of(recipe, self.place)
        edits: dict[str, Any] = {f"{path}.{name}": value}
        if name == "method":
            foreign = without_foreign(self.stage, str(value), self._catalogue)
            edits |= {f"{path}.{old}": None for old in foreign}
        elif name == "remove":
            edits |= {f"{path}.round_to": None, f"{path}.target": None}  # other targets are within reach now
        self.entering = name != "method"
        try:
            title = stage_text.title(self.stage, self._catalogue)
            self._document.set_values(edits, tr("{stage}: {setting}", stage=title, setting=name))
        except CompressionError as error:
            self.refuse(error)
        else:
            self.error.hide()
            self.repair.hide()
        finally:
            self.entering = False

    def _offer_presets(self) -> None:
        self.preset_menu().popup(self.presets.mapToGlobal(self.presets.rect().bottomLeft()))

    def preset_menu(self) -> ReasonMenu:
        """Settings that are usual together; what is set now has a check mark."""
        menu = ReasonMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        full = filled(self.stage, self._catalogue)
        for name, settings in presets(self.stage, self._catalogue).items():
            entry = menu.offer(phrase(name), functools.partial(self._use, name, settings))
            entry.setCheckable(True)
            entry.setChecked(all(full.get(key) == value for key, value in settings.items()))
        return menu

    def _use(self, name: str, settings: Mapping[str, Any]) -> None:
        recipe = self._document.recipe
        if recipe is None:
            return
        path = path_of(recipe, self.place)
        try:
            edits = {f"{path}.{key}": value for key, value in settings.items()}
            self._document.set_values(edits, tr("Preset {name}", name=phrase(name)))
        except CompressionError as error:
            self.refuse(error)

    def refuse(self, error: CompressionError) -> None:
        """Say why an edit can't be, and offer what would do instead."""
        self.error.setText(f"{message(error.message)} {message(error.hint)}".strip())
        self.error.show()
        self._offered = error.repair
        self.repair.setVisible(error.repair is not None)
        if error.repair is not None:
            self.repair.setText(message(error.repair.label))

    def _repair(self) -> None:
        repair = self._offered
        if repair is None:
            return
        try:
            self._document.set_values(repair.edits, message(repair.label))
        except CompressionError as error:
            self.refuse(error)

    def _rules(self) -> list[QWidget]:
        """The layer rules of the stage, each with a button that removes it."""
        rows: list[QWidget] = []
        for layer_rule in self.stage.layers[:RULES]:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(6)
            name = ElidedLabel(tr("Other layers") if layer_rule.pattern == "*" else layer_rule.pattern, "strong")
            line.addWidget(name, 1)
            line.addWidget(ElidedLabel(stage_text.rule_text(layer_rule, self._catalogue), "caption", "sec"), 1)
            remove = tool_button("x", tr("Remove the rule for {layer}", layer=layer_rule.pattern))
            remove.setFixedSize(22, 22)
            remove.clicked.connect(lambda _=False, p=layer_rule.pattern: self.forget(p))
            line.addWidget(remove)
            rows.append(row)
        if rows:
            rows.insert(0, label(tr("Layer rules"), "caption", "ter"))
        more = len(self.stage.layers) - RULES
        if more > 0:
            text = plural(more, "and {count} more in the layer tree", "and {count} more in the layer tree")
            rows.append(label(text, "caption", "ter"))
        return rows

    def forget(self, pattern: str) -> None:
        """Remove the rule for ``pattern``."""
        kept = tuple(rule for rule in self.stage.layers if rule.pattern != pattern)
        stage = dataclasses.replace(self.stage, layers=kept)
        self._document.set_stage(self.place, stage, tr("Reset {layers}", layers=pattern))
