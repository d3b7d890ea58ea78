"""Parts of the export dialog: the list of formats, and the table of what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from backend.description import Description
from gui.comparison import value
from gui.icons import pixmap
from gui.text import NOTHING, file_size, message, milliseconds, number, phrase, tr
from gui.theme import tokens
from gui.widgets.labels import ElidedLabel
from gui.widgets.method_help import tip
from gui.widgets.text_label import restyle, text_label


class FormatList(QFrame):
    """One row a format: tick, name, suffix, what it holds or why it can't be written.

    Signals:
        changed(): a tick was set or taken.
    """

    changed = Signal()

    def __init__(
        self, descriptions: Mapping[str, Description], refused: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        t = tokens()  # what is being exported stays ticked to the eye
        self.setStyleSheet(
            f"QCheckBox::indicator:checked:disabled {{ background: {t.dis}; border: 1px solid {t.dis}; }}"
        )
        self.boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        ordered = sorted(descriptions.values(), key=lambda d: d.id in refused)
        for i, description in enumerate(ordered):
            if i:
                rule = QFrame()
                rule.setProperty("kind", "rule")
                column.addWidget(rule)
            column.addWidget(self._row(description, refused.get(description.id, "")))
        first = next((id for id in self.boxes if self.boxes[id].isEnabled()), None)
        if first is not None:
            self.boxes[first].setChecked(True)

    def _row(self, description: Description, refused: str) -> QWidget:
        t = tokens()
        row = QWidget()
        row.setFixedHeight(34)
        line = QHBoxLayout(row)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(8)
        box = QCheckBox(phrase(description.label))
        box.setStyleSheet("font-weight: 500;")
        box.setEnabled(not refused)
        box.setAccessibleDescription(refused or phrase(description.summary))
        box.toggled.connect(lambda _: self.changed.emit())
        self.boxes[description.id] = box
        line.addWidget(box)
        line.addWidget(text_label(str(description.traits.get("suffix", "")), 12, 400, t.dis if refused else t.sec))
        if refused:
            line.addStretch(1)
            lock = QLabel()
            lock.setPixmap(pixmap("lock-simple", t.ter, 14))
            line.addWidget(lock)
            line.addWidget(text_label(refused, 12, 400, t.sec))
            return row
        box.setToolTip(tip(description))
        what = ElidedLabel(phrase(description.summary))
        restyle(what, 12, 400, t.sec)
        what.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(what, 1)
        return row

    def chosen(self) -> list[str]:
        """Ids of the formats that are ticked."""
        return [id for id, box in self.boxes.items() if box.isChecked()]


class ResultTable(QFrame):
    """What was written: format, check, largest difference, accuracy, size, latency."""

    def __init__(self, descriptions: Mapping[str, Description], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._descriptions = descriptions
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 2, 14, 2)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show ``rows`` of result.json's ``exports``."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        t = tokens()
        heads = (tr("Format"), tr("Check"), tr("Max difference"), tr("Accuracy"), tr("Size"), tr("Latency"))
        for column, head in enumerate(heads):
            self._put(0, column, text_label(head, 12, 500, t.sec))
        for number_of, row in enumerate(rows, 1):
            self._row(number_of, row)
        self.show()

    def _row(self, at: int, row: Mapping[str, Any]) -> None:
        description = self._descriptions.get(str(row.get("format")))
        name = phrase(description.label) if description else str(row.get("format"))
        accuracy, difference = value(row, "accuracy"), value(row, "max_abs_error")
        self._put(at, 0, text_label(name, 12, 600))
        self._put(at, 1, _check(row))
        self._put(at, 2, text_label(difference_text(difference), 12))
        self._put(at, 3, text_label(NOTHING if accuracy is None else f"{number(accuracy, 2)}%", 12))
        self._put(at, 4, text_label(file_size(value(row, "size_bytes")), 12))
        found = row.get("latency_ms")
        latency = value(found, "median") if isinstance(found, Mapping) else value(row, "latency_ms")
        self._put(at, 5, text_label(milliseconds(latency), 12))

    def _put(self, row: int, column: int, widget: QWidget) -> None:
        widget.setFixedHeight(30)
        if isinstance(widget, QLabel) and column > 1:
            widget.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(widget, row, column)


def difference_text(difference: float | None) -> str:
    """The largest difference of outputs: ``0``, ``1.2e-6``."""
    if difference is None:
        return NOTHING
    return "0" if difference == 0 else f"{difference:.1e}".replace("e-0", "e-").replace("e+0", "e")


def _check(row: Mapping[str, Any]) -> QWidget:
    t = tokens()
    good = bool(row.get("verified"))
    reason = row.get("reason")
    text = tr("Opens and matches") if good else message(reason) if isinstance(reason, Mapping) else tr("Does not match")
    widget = QWidget()
    line = QHBoxLayout(widget)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(7)
    sign = QLabel()
    sign.setFixedSize(QSize(14, 14))
    sign.setPixmap(pixmap("check-circle-fill", t.ok, 14) if good else pixmap("warning-fill", t.warn, 14))
    label = ElidedLabel(text)
    restyle(label, 12, 400, t.text if good else t.warn)
    line.addWidget(sign)
    line.addWidget(label, 1)
    return widget


def checked_line() -> QHBoxLayout:
    t = tokens()
    line = QHBoxLayout()
    line.setSpacing(8)
    sign = QLabel()
    sign.setPixmap(pixmap("shield-check", t.ok, 16))
    line.addWidget(sign)
    line.addWidget(text_label(tr("Checked after writing"), 13, 500))
    how = ElidedLabel(tr("Each file is opened again in a clean process and its outputs compared"))
    restyle(how, 12, 400, t.sec)
    line.addWidget(how, 1)
    return line


def file_stem(name: str) -> str:
    """A file name made of a run's name."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in name.strip().lower())
    while "--" in kept:
        kept = kept.replace("--", "-")
    return kept.strip("-.") or "network"
