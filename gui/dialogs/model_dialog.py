"""Choose the network: a bundled architecture, one of torchvision's, saved weights, or a Python file.

``ModelDialog(catalogue, values, look)``: ``values`` is the recipe's ``model`` section; ``look(model, found)`` has the
engine look at a file, and ``found(inspection)`` called with what its names and shapes tell.

Signals:
    chosen(dict): the new ``model`` section.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from backend.answers import Inspection
from backend.description import Catalogue
from gui.dialogs.path_field import PathField
from gui.dialogs.sheet import LABEL, Sheet, field
from gui.forms import Combo
from gui.forms.numbers import PercentSpin
from gui.text import phrase, tr
from gui.theme import tokens
from gui.widgets.held_line import HeldLine
from gui.widgets.segmented import Segmented
from gui.widgets.text_label import text_label

Look = Callable[[Mapping[str, Any], Callable[[Inspection], None]], None]
WEIGHT_FILES = "*.safetensors *.pth *.pt *.th *.ckpt *.bin *.tar"
SOURCES = ("bundled", "torchvision", "checkpoint", "python")
PARTS: Mapping[str, tuple[str, ...]] = {
    "bundled": ("architecture", "weights", "num_classes", "size"),
    "torchvision": ("name", "pretrained", "num_classes", "size"),
    "checkpoint": ("checkpoint", "matched"),
    "python": ("file", "class", "weights", "num_classes"),
}


class ModelDialog(Sheet):
    """See the module's text."""

    chosen = Signal(dict)

    def __init__(
        self, catalogue: Catalogue, values: Mapping[str, Any], look: Look | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Network"), tr("Choosing another network starts a new document."), parent=parent)
        self._catalogue, self._look = catalogue, look
        self._held = HeldLine()
        self._values: dict[str, Any] = {"source": "bundled", **values}
        source = self._values["source"] if self._values["source"] in SOURCES else "checkpoint"
        words = (tr("Bundled"), "torchvision", tr("Saved weights"), tr("Python file"))
        self.source = Segmented(list(zip(SOURCES, words, strict=True)), source, tr("Source"))
        self.source.changed.connect(lambda _: self._rebuild())
        row = QHBoxLayout()
        row.addWidget(self.source)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addSpacing(4)
        self._fields = QWidget()
        self.body.addWidget(self._fields)
        self.body.addStretch(1)
        self._reason = text_label("", 12, 400, tokens().sec)
        self.footer.addWidget(self._reason)
        self._accept = self.add_buttons(tr("Open"))
        self.setMinimumHeight(330)
        self._rebuild()

    def _rebuild(self) -> None:
        """Show what the chosen source needs."""
        old = self._fields
        self._fields = QWidget()
        column = QVBoxLayout(self._fields)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in PARTS[self.source.value]:
            getattr(self, f"_add_{part}")(column)
        self.body.replaceWidget(old, self._fields)
        old.deleteLater()
        self._check()

    def _add_architecture(self, column: QVBoxLayout) -> None:
        combo = Combo()
        for id, description in self._catalogue.kind("model").items():
            combo.addItem(phrase(description.label), id)
        combo.setCurrentIndex(max(0, combo.findData(self._values.get("name"))))
        summary = text_label("", 12, 400, tokens().sec, wrap=True)

        def picked(_: int = 0) -> None:
            self._set("name", combo.currentData())
            description = self._catalogue.kind("model").get(str(combo.currentData()))
            summary.setText(phrase(description.summary) if description else "")

        combo.currentIndexChanged.connect(picked)
        column.addLayout(field(tr("Architecture"), combo))
        indented = QHBoxLayout()
        indented.setContentsMargins(LABEL + 8, 0, 0, 0)
        indented.addWidget(summary, 1)
        column.addLayout(indented)
        picked()

    def _add_matched(self, column: QVBoxLayout) -> None:
        combo = Combo()
        combo.addItem(tr("Found from names and shapes"), None)
        for id, description in self._catalogue.kind("model").items():
            combo.addItem(phrase(description.label), id)
        combo.setCurrentIndex(max(0, combo.findData(self._values.get("name"))))
        combo.currentIndexChanged.connect(lambda _: self._set("name", combo.currentData()))
        self._values["name"] = combo.currentData()
        column.addLayout(field(tr("Architecture"), combo))

    def _add_name(self, column: QVBoxLayout) -> None:
        name = self._values.get("name")
        bundled = name in self._catalogue.kind("model")
        self._line(column, "name", tr("Name"), "resnet18", "" if bundled else str(name or ""))

    def _add_pretrained(self, column: QVBoxLayout) -> None:
        combo = Combo()
        combo.addItem(tr("torchvision's best (DEFAULT)"), "DEFAULT")
        combo.addItem(tr("None: fresh weights"), None)
        combo.setCurrentIndex(0 if self._values.get("weights") == "DEFAULT" or not self._values.get("name") else 1)
        combo.currentIndexChanged.connect(lambda _: self._set("weights", combo.currentData()))
        self._values["weights"] = combo.currentData()
        column.addLayout(field(tr("Weights"), combo))

    def _add_weights(self, column: QVBoxLayout) -> None:
        given = str(self._values.get("weights") or "")
        self._path(column, "weights", tr("Weights"), "" if given == "DEFAULT" else given, tr("Optional"))

    def _add_checkpoint(self, column: QVBoxLayout) -> None:
        given = str(self._values.get("weights") or "")
        self._path(column, "weights", tr("File"), "" if given == "DEFAULT" else given, "")
        self._held = HeldLine()
        indented = QHBoxLayout()
        indented.setContentsMargins(LABEL + 8, 0, 0, 0)
        indented.addWidget(self._held, 1)
        column.addLayout(indented)
        self._look_at()

    def _add_file(self, column: QVBoxLayout) -> None:
        edit = PathField(str(self._values.get("file") or ""), "file", tr("Python files (*.py)"))
        edit.changed.connect(lambda text: self._set("file", text.strip() or None))
        column.addLayout(field(tr("Python file"), edit))
        self._indented(column, tr("Pare asks before the file's code is run."))

    def _add_class(self, column: QVBoxLayout) -> None:
        self._line(column, "class", tr("Class"), "Net", str(self._values.get("class") or ""))

    def _add_num_classes(self, column: QVBoxLayout) -> None:
        spin = QSpinBox()
        spin.setRange(0, 1_000_000)
        spin.setSpecialValueText(tr("As it is"))
        spin.setValue(int(self._values.get("num_classes") or 0))
        spin.valueChanged.connect(lambda count: self._set("num_classes", count or None))
        spin.setFixedWidth(140)
        spin.lineEdit().setTextMargins(6, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(spin)
        row.addStretch(1)
        column.addLayout(field(tr("Classes"), row))
        spin.setAccessibleName(tr("Classes"))

    def _add_size(self, column: QVBoxLayout) -> None:
        """A narrower or shallower version of the architecture, as shares of the whole one."""
        row = QHBoxLayout()
        row.setSpacing(8)
        width, depth = self._factor("width", tr("Width")), self._factor("depth", tr("Depth"))
        row.addWidget(width)
        row.addSpacing(16)
        named = text_label(tr("Depth"), 13, 400, tokens().sec)
        named.setBuddy(depth)
        row.addWidget(named)
        row.addWidget(depth)
        row.addStretch(1)
        column.addLayout(field(tr("Width"), row))
        self._indented(column, tr(
            "Shares of the channels of each layer and of the blocks of each stage. Below 100% it is a smaller network "
            "of the same kind, with weights of its own: a student to be trained."
        ))  # fmt: skip

    def _factor(self, key: str, label: str) -> PercentSpin:
        spin = PercentSpin()
        spin.setRange(1, 100)
        spin.setValue(100 * float(self._values.get(key) or 1))
        spin.lineEdit().setTextMargins(6, 0, 0, 0)
        spin.setAccessibleName(label)
        spin.valueChanged.connect(lambda value: self._set(key, round(value / 100, 4) if value < 100 else None))
        return spin

    def _indented(self, column: QVBoxLayout, text: str) -> None:
        note = text_label(text, 12, 400, tokens().sec, wrap=True)
        row = QHBoxLayout()
        row.setContentsMargins(LABEL + 8, 0, 0, 0)
        row.addWidget(note, 1)
        column.addLayout(row)

    def _line(self, column: QVBoxLayout, key: str, label: str, hint: str, text: str) -> None:
        line = QLineEdit(text)
        line.setPlaceholderText(hint)
        line.textChanged.connect(lambda value: self._set(key, value.strip() or None))
        self._values[key] = text or None
        column.addLayout(field(label, line))

    def _path(self, column: QVBoxLayout, key: str, label: str, text: str, hint: str) -> None:
        edit = PathField(text, "file", tr("Weights ({patterns})", patterns=WEIGHT_FILES), hint)
        edit.changed.connect(lambda value: self._set(key, value.strip() or None))
        self._values[key] = text or None
        column.addLayout(field(label, edit))

    def _set(self, key: str, value: Any) -> None:
        self._values[key] = value
        if key == "weights":
            self._look_at()
        self._check()

    def _look_at(self) -> None:
        """Say what the chosen file holds."""
        path = str(self._values.get("weights") or "")

        def found(inspection: Inspection | None) -> None:
            if isValid(self) and self.source.value == "checkpoint" and str(self._values.get("weights") or "") == path:
                self._held.show_held(inspection)

        found(None)
        if self._look is not None and Path(path).is_absolute():
            self._look({"source": "checkpoint", "weights": path}, found)

    def missing(self) -> str:
        """Why the network can't be opened yet; empty where it can."""
        needed = {
            "bundled": ("name", tr("Choose an architecture")),
            "torchvision": ("name", tr("Name one of torchvision's networks")),
            "checkpoint": ("weights", tr("Choose a file with weights")),
            "python": ("file", tr("Choose a Python file")),
        }
        key, reason = needed[self.source.value]
        if not self._values.get(key):
            return reason
        smaller = self._values.get("width") or self._values.get("depth")
        if self.source.value == "torchvision" and self._values.get("weights") and smaller:
            return tr("torchvision's weights are those of the whole network")
        return ""

    def _check(self) -> None:
        reason = self.missing()
        self._accept.setEnabled(not reason)
        self._reason.setText(reason)

    def result_values(self) -> dict[str, Any]:
        """The ``model`` section as the dialog stands."""
        keys = {
            "bundled": ("name", "weights", "num_classes", "width", "depth"),
            "torchvision": ("name", "weights", "num_classes", "width", "depth"),
            "checkpoint": ("weights", "name"),
            "python": ("file", "class", "weights", "num_classes"),
        }[self.source.value]
        given = {key: self._values[key] for key in keys if self._values.get(key)}
        arguments = self._values.get("arguments")
        kept = {"arguments": arguments} if arguments and self.source.value == self._values["source"] else {}
        return {"source": self.source.value, **given, **kept}

    def accept(self) -> None:
        self.chosen.emit(self.result_values())
        super().accept()
