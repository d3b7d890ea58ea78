"""Choose the data: a source and what it needs.

``DataDialog(catalogue, values)``: ``values`` is the recipe's ``data`` section.

Signals:
    chosen(dict): the new ``data`` section, settings at their default left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from backend.description import Catalogue, Description, Parameter
from backend.recipe import DATA_PARAMETERS
from gui.dialogs.path_field import PathField
from gui.dialogs.sheet import Sheet, field
from gui.forms import LABEL, Combo, Form
from gui.icons import pixmap
from gui.text import phrase, tr
from gui.theme import tokens
from gui.widgets.text_label import text_label

PLACES = ("root", "file", "function")
COMMON = ("batch_size", "limit", "augment", "mean", "std")
FOLDED = ("augment", "mean", "std")


class DataDialog(Sheet):
    """See the module's text."""

    chosen = Signal(dict)

    def __init__(self, catalogue: Catalogue, values: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Data"),
            tr("Validation and calibration images are cut from the training part; the test part is only reported."),
            parent=parent,
        )
        self._catalogue = catalogue
        self._values: dict[str, Any] = {"source": "digits", **values}
        self.source = Combo()
        for id, description in catalogue.kind("dataset").items():
            self.source.addItem(phrase(description.label), id)
        self.source.setCurrentIndex(max(0, self.source.findData(self._values["source"])))
        self.source.currentIndexChanged.connect(lambda _: self._rebuild())
        self.body.addLayout(field(tr("Source"), self.source, label_width=LABEL))
        self._places = QWidget()
        self.body.addWidget(self._places)
        self._accept = None
        self._places_fields: dict[str, PathField | QLineEdit] = {}
        self._rebuild()
        rule = QFrame()
        rule.setProperty("kind", "rule")
        self.body.addSpacing(4)
        self.body.addWidget(rule)
        self.body.addSpacing(4)
        self.form = Form(self._common(), self._values, catalogue)
        self.form.changed.connect(self._set)
        self.form.fold.toggled.connect(lambda _: QTimer.singleShot(0, self, self.adjustSize))
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self._reason = text_label("", 12, 400, tokens().sec)
        self.footer.addWidget(self._reason)
        self._accept = self.add_buttons(tr("Use this data"))
        self._check()

    def _common(self) -> list[Parameter]:
        known = {p.name: p for p in DATA_PARAMETERS}
        return [replace(known[name], advanced=name in FOLDED) for name in COMMON]

    @property
    def description(self) -> Description | None:
        return self._catalogue.kind("dataset").get(str(self.source.currentData()))

    def _rebuild(self) -> None:
        """Show what the chosen source needs."""
        old = self._places
        self._places = QWidget()
        column = QVBoxLayout(self._places)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._places_fields = {}
        description = self.description
        if description is not None:
            column.addLayout(_indented(text_label(phrase(description.summary), 12, 400, tokens().sec, wrap=True)))
            for name in self._places_of(description):
                column.addLayout(self._place(name, description))
            if "file" in self._places_of(description):
                note = tr("The file's code is run; Pare asks before it is run the first time.")
                column.addLayout(_indented(_note(note)))
        self.body.replaceWidget(old, self._places)
        old.deleteLater()
        self._check()

    def _places_of(self, description: Description) -> list[str]:
        needs = list(description.traits.get("needs") or [])
        if description.traits.get("downloads") and "root" not in needs:
            needs.insert(0, "root")
        return [name for name in PLACES if name in needs]

    def _place(self, name: str, description: Description) -> QHBoxLayout:
        text = str(self._values.get(name) or "")
        downloads = bool(description.traits.get("downloads"))
        if name == "function":
            line = QLineEdit(text)
            line.setPlaceholderText("load")
            line.textChanged.connect(lambda value: self._set(name, value.strip() or None))
            self._places_fields[name] = line
            return field(tr("Function"), line, label_width=LABEL)
        if name == "file":
            edit = PathField(text, "file", tr("Python files (*.py)"))
            label = tr("Python file")
        else:
            hint = tr("Folder or file; downloaded where nothing is given") if downloads else tr("Folder or file")
            edit = PathField(text, "both", hint=hint)
            label = tr("Location")
        edit.changed.connect(lambda value: self._set(name, value.strip() or None))
        self._places_fields[name] = edit
        return field(label, edit, label_width=LABEL)

    def _set(self, name: str, value: Any) -> None:
        self._values[name] = value
        self._check()

    def missing(self) -> str:
        """Why the data can't be used yet; empty where it can."""
        description = self.description
        if description is None:
            return tr("Choose a source")
        for name in description.traits.get("needs") or []:
            if not self._values.get(name):
                return {
                    "root": tr("Choose a folder or file"),
                    "file": tr("Choose a Python file"),
                    "function": tr("Name the function"),
                }.get(name, tr("Something is missing"))
        return ""

    def _check(self) -> None:
        if self._accept is not None:
            reason = self.missing()
            self._accept.setEnabled(not reason)
            self._reason.setText(reason)

    def result_values(self) -> dict[str, Any]:
        """The ``data`` section as the dialog stands."""
        description = self.description
        places = self._places_of(description) if description is not None else []
        defaults = {p.name: p.default for p in DATA_PARAMETERS}
        kept = {
            name: value
            for name, value in self._values.items()
            if name not in PLACES and name != "source" and value is not None and value != defaults.get(name)
        }
        given = {name: self._values[name] for name in places if self._values.get(name)}
        return {"source": self.source.currentData(), **given, **kept}

    def accept(self) -> None:
        self.chosen.emit(self.result_values())
        super().accept()


def _indented(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(LABEL + 8, 0, 0, 0)
    row.addWidget(widget, 1)
    return row


def _note(text: str) -> QWidget:
    note = QWidget()
    row = QHBoxLayout(note)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    sign = QLabel()
    sign.setPixmap(pixmap("shield-check", tokens().sec, 14))
    row.addWidget(sign)
    row.addWidget(text_label(text, 12, 400, tokens().sec, wrap=True), 1)
    return note
