"""The editor of each type of parameter but those that hold other methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import yaml
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from backend.description import Catalogue, Parameter
from gui.forms.numbers import PercentEditor, Tell, real, whole
from gui.text import phrase, tr
from gui.theme import font, tokens
from gui.widgets.buttons import tool_button
from gui.widgets.method_help import tip
from gui.widgets.segmented import Segmented
from gui.widgets.toggle import Toggle

Index = QModelIndex | QPersistentModelIndex
REASON = Qt.ItemDataRole.UserRole + 1
"""Why an entry of a choice can't be chosen."""
INDENT = 12
EDGES = 16
"""Frame and padding of a list, both sides together."""
PROPER = {
    **{name: name for name in ("fbgemm", "onednn", "qnnpack", "float32", "float16", "bfloat16")},
    **{name.lower(): name for name in ("ReLU", "ReLU6", "PReLU", "ELU", "GELU", "SiLU")},
    "leaky_relu": "LeakyReLU",
}
"""Choices that are names of their own → how they are written."""


def editor(parameter: Parameter, value: Any, catalogue: Catalogue, tell: Tell, refused: Mapping[str, str]) -> QWidget:
    """The editor of ``parameter``; ``refused`` says of methods why they can't be chosen."""
    match parameter.type:
        case "bool":
            toggle = Toggle(bool(value), phrase(parameter.label))
            toggle.toggled.connect(tell)
            return toggle
        case "choice":
            return _choice(parameter, value, tell)
        case "method":
            return methods(parameter, value, catalogue, tell, refused)
        case "int" | "float" if parameter.percent:
            return PercentEditor(parameter, value, tell)
        case "int":
            return whole(parameter, value, tell)
        case "float":
            return real(parameter, value, tell)
        case "file":
            return FileEditor(value, tell)
        case _:
            return _line(parameter, value, tell)


def choice_text(choice: Any) -> str:
    """A value of a choice as a word for people: ``per_channel`` is "Per channel"."""
    text = phrase(str(choice))
    if text in PROPER:
        return PROPER[text]
    if text != str(choice) or len(text) < 4:
        return text
    return text[:1].upper() + text[1:].replace("_", " ")


def _choice(parameter: Parameter, value: Any, tell: Tell) -> QWidget:
    options = [(choice, choice_text(choice)) for choice in parameter.choices]
    if not parameter.required and parameter.default is None:
        options.insert(0, (None, tr("Automatic")))
    if len(options) <= 4 and sum(len(text) + 3 for _, text in options) <= 24:
        segmented = Segmented(options, value, phrase(parameter.label))
        segmented.changed.connect(tell)
        return segmented
    return combo(options, value, tell)


def methods(
    parameter: Parameter, value: Any, catalogue: Catalogue, tell: Tell, refused: Mapping[str, str], none: str = ""
) -> QComboBox:
    """The methods of a kind by their labels; ``none`` is what "not set" is called."""
    known = catalogue.kind(parameter.of)
    options: list[tuple[Any, str]] = [(id, phrase(method.label)) for id, method in known.items()]
    options.sort(key=lambda option: option[0] in refused)
    if not parameter.required and parameter.default is None:
        options.insert(0, (None, none or tr("Automatic")))
    made = combo(options, value, tell)
    made.setItemDelegate(ReasonDelegate(made))
    for row in range(made.count()):
        method = known.get(made.itemData(row))
        if method is not None:
            made.setItemData(row, tip(method), Qt.ItemDataRole.ToolTipRole)
        refuse(made, row, refused.get(made.itemData(row), ""))
    chosen = known.get(value)
    made.setToolTip(tip(chosen) if chosen is not None else "")
    return made


def refuse(made: QComboBox, row: int, reason: str) -> None:
    """Say on a second line why an entry can't be chosen."""
    model = made.model()
    if not reason or not isinstance(model, QStandardItemModel):
        return
    made.setItemData(row, reason, REASON)
    made.setItemData(row, reason, Qt.ItemDataRole.AccessibleDescriptionRole)
    model.item(row).setEnabled(False)
    # the list is as wide as its choice unless told otherwise, and would cut the reason off
    needed = QFontMetrics(font(11)).horizontalAdvance(reason) + 2 * INDENT + EDGES
    made.view().setMinimumWidth(max(made.view().minimumWidth(), needed))


class ReasonDelegate(QStyledItemDelegate):
    """Entries of a choice; one that can't be chosen has its reason below it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        size = super().sizeHint(option, index)
        reason = index.data(REASON)
        if reason:
            width = QFontMetrics(font(11)).horizontalAdvance(reason)
            size = QSize(max(size.width(), width + 2 * INDENT), size.height() + 16)
        return size

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        reason = index.data(REASON)
        if not reason:
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setPen(QColor(tokens().ter))
        area = option.rect.adjusted(INDENT, 4, -INDENT, -4)
        painter.setFont(font(13))
        painter.drawText(area, Qt.AlignmentFlag.AlignTop, str(index.data()))
        painter.setFont(font(11))
        painter.drawText(area, Qt.AlignmentFlag.AlignBottom, reason)
        painter.restore()


def combo(options: list[tuple[Any, str]], value: Any, tell: Tell) -> QComboBox:
    made = Combo()
    for choice, text in options:
        made.addItem(text, choice)
    made.setCurrentIndex(next((i for i, (choice, _) in enumerate(options) if choice == value), 0))
    made.setMinimumContentsLength(6)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.activated.connect(lambda row: tell(options[row][0]))
    return made


class Combo(QComboBox):
    """Leaves the wheel to the panel unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class FileEditor(QWidget):
    """A path and a button that asks for one."""

    def __init__(self, value: Any, tell: Tell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self.line = QLineEdit("" if value is None else str(value))
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(tool_button("folder-open", tr("Choose a file"), self._browse))
        _when_entered(self.line, lambda text: tell(text or None))

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"))
        if path:
            self.line.setText(path)
            self._tell(path)


def _line(parameter: Parameter, value: Any, tell: Tell) -> QLineEdit:
    shown = (
        ""
        if value is None
        else value
        if isinstance(value, str)
        else yaml.safe_dump(value, default_flow_style=True).removesuffix("...\n").strip()
    )
    line = QLineEdit(shown)
    if parameter.default is None and not parameter.required:
        line.setPlaceholderText(tr("Automatic"))

    def entered(text: str) -> None:
        if not text.strip():
            tell(None)
        elif parameter.type == "text":
            tell(text.strip())
        else:
            try:
                tell(yaml.safe_load(text))
            except yaml.YAMLError:
                tell(text)  # not a list or mapping: the recipe's check says so

    _when_entered(line, entered)
    return line


def _when_entered(line: QLineEdit, entered: Callable[[str], None]) -> None:
    last = [line.text()]

    def finished() -> None:
        if line.text() != last[0]:
            last[0] = line.text()
            entered(line.text())

    line.editingFinished.connect(finished)
