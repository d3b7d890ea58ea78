"""One row a parameter, and a form within a form for a method that has settings of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from backend.description import KIND, Catalogue, Parameter
from gui.forms.editors import Combo, editor, methods
from gui.forms.numbers import Tell
from gui.forms.target import TargetEditor
from gui.text import phrase, tr
from gui.theme import font
from gui.widgets.buttons import button
from gui.widgets.labels import label
from gui.widgets.method_help import BUTTON, HelpButton, tip

LABEL = 72
"""Width of the label column; a longer label stands above its editor."""
CHOICE = 120
"""Pixels of a chosen word beside its label; a longer one stands below it."""


class Form(QWidget):
    """One row a parameter; ``changed(name, value)`` when the person has entered a value.

    A value of None means "not set". Advanced parameters are folded away.

    Args:
        parameters: what can be set.
        values: what is set; a parameter's default where nothing is.
        catalogue: the methods that some parameters choose from.
        unfolded: whether the advanced ones are shown.
        refused: parameter → id of a method → why it can't be chosen here.
        blocked: parameter → why it can't be set now.
    """

    changed = Signal(str, object)

    def __init__(
        self,
        parameters: Iterable[Parameter],
        values: Mapping[str, Any],
        catalogue: Catalogue,
        parent: QWidget | None = None,
        *,
        unfolded: bool = False,
        refused: Mapping[str, Mapping[str, str]] | None = None,
        blocked: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.editors: dict[str, QWidget] = {}
        self._catalogue = catalogue
        self._refused, self._blocked = refused or {}, blocked or {}
        column = _column(self)
        parameters = list(parameters)
        for parameter in parameters:
            if not parameter.advanced:
                self._row(column, parameter, values.get(parameter.name, parameter.default))
        folded = [p for p in parameters if p.advanced]
        if folded:
            self._fold(column, folded, values, unfolded)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _fold(
        self, column: QVBoxLayout, parameters: list[Parameter], values: Mapping[str, Any], unfolded: bool
    ) -> None:
        body = QWidget()
        inner = _column(body)
        for parameter in parameters:
            self._row(inner, parameter, values.get(parameter.name, parameter.default))
        self.fold = button(tr("Advanced"), icon_name="caret-right", kind="link", compact=True)
        self.fold.setCheckable(True)
        self.fold.setChecked(unfolded)
        self.fold.toggled.connect(body.setVisible)
        body.setVisible(unfolded)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(body)

    @property
    def unfolded(self) -> bool:
        return hasattr(self, "fold") and self.fold.isChecked()

    def _row(self, column: QVBoxLayout, parameter: Parameter, value: Any) -> None:
        text, tip = phrase(parameter.label), phrase(parameter.summary)
        caption = label(text, tone="" if parameter.type == "bool" else "sec")
        caption.setToolTip(tip)
        made = self._editor(parameter, value)
        made.setAccessibleName(text)
        if tip and not made.toolTip():
            made.setToolTip(tip)
        caption.setBuddy(made)
        self.editors[parameter.name] = made
        if isinstance(made, (NestedEditor, TargetEditor)):
            made.lead(caption, LABEL)
            column.addWidget(made)
        else:
            column.addLayout(
                _beside(caption, made, is_switch=parameter.type == "bool", aside=self._help(parameter, made))
            )
        reason = self._blocked.get(parameter.name, "")
        if reason:
            made.setEnabled(False)
            made.setAccessibleDescription(reason)
            caption.setProperty("tone", "ter")
            column.addSpacing(-6)
            column.addWidget(label(reason, "small", "ter", wrap=True))

    def _help(self, parameter: Parameter, made: QWidget) -> HelpButton | None:
        """About the method that is chosen."""
        if parameter.type != "method" or not isinstance(made, QComboBox):
            return None
        known = self._catalogue.kind(parameter.of)
        about = HelpButton(known.get(made.currentData()))
        made.currentIndexChanged.connect(lambda row: about.show_method(known.get(made.itemData(row))))
        return about

    def _editor(self, parameter: Parameter, value: Any) -> QWidget:
        def tell(entered: Any) -> None:
            self.changed.emit(parameter.name, entered)

        match parameter.type:
            case "nested":
                return NestedEditor(parameter, value, self._catalogue, tell)
            case "target":
                return TargetEditor(parameter, value, tell)
            case _:
                return editor(parameter, value, self._catalogue, tell, self._refused.get(parameter.name, {}))


class NestedEditor(QWidget):
    """A method by its label, "None" first, and below it the form of its own settings."""

    def __init__(
        self,
        parameter: Parameter,
        value: Mapping[str, Any] | None,
        catalogue: Catalogue,
        tell: Tell,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parameter, self._catalogue, self._tell = parameter, catalogue, tell
        self._value: dict[str, Any] | None = dict(value) if value is not None else None
        self.form: Form | None = None
        kind = self._value[KIND] if self._value is not None else None
        self.combo = methods(parameter, kind, catalogue, self._choose, {}, tr("None"))
        self.combo.setAccessibleName(phrase(parameter.label))
        self.setFocusProxy(self.combo)
        self._column = _column(self)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self.combo, 1)
        self.help = HelpButton(None)
        self._head.addWidget(self.help)
        self._column.addLayout(self._head)
        self._body = QFrame()
        self._body.setProperty("kind", "nested")
        self._inner = _column(self._body)
        self._inner.setContentsMargins(10, 0, 0, 0)
        self._column.addWidget(self._body)
        self._show_form()

    def lead(self, caption: QWidget, width: int) -> None:
        """Put ``caption`` before the choice."""
        caption.setFixedWidth(width)
        self._head.insertWidget(0, caption)

    def _choose(self, kind: str | None) -> None:
        self._value = None if kind is None else {KIND: kind}
        self._show_form()
        self._tell(None if self._value is None else dict(self._value))

    def _show_form(self) -> None:
        if self.form is not None:
            self._inner.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        known = self._catalogue.kind(self._parameter.of).get(self._value[KIND]) if self._value is not None else None
        if known is not None and known.parameters and self._value is not None:
            self.form = Form(known.parameters, self._value, self._catalogue)
            self.form.changed.connect(self._entered)
            self._inner.addWidget(self.form)
        self.combo.setToolTip(tip(known) if known is not None else phrase(self._parameter.summary))
        self.help.show_method(known)
        self._body.setVisible(self.form is not None)

    def _entered(self, name: str, value: Any) -> None:
        self._value = {key: v for key, v in {**(self._value or {}), name: value}.items() if v is not None}
        self._tell(dict(self._value))


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


def _beside(
    caption: QWidget, made: QWidget, *, is_switch: bool, aside: QWidget | None = None
) -> QHBoxLayout | QVBoxLayout:
    """The caption before its editor and ``aside`` after it: a switch stands at the right end, a long caption above."""
    metrics = QFontMetrics(font())
    wide = metrics.horizontalAdvance(caption.property("text")) > LABEL
    room = CHOICE - (BUTTON if aside is not None else 0)
    long = isinstance(made, Combo) and metrics.horizontalAdvance(made.currentText()) > room
    if (wide or long) and not is_switch:
        column = QVBoxLayout()
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(caption, 1)
        if aside is not None:
            head.addWidget(aside)
        column.addLayout(head)
        column.addWidget(made)
        return column
    row = QHBoxLayout()
    if is_switch:
        row.addWidget(caption, 1)
        row.addWidget(made)
        return row
    row.setSpacing(8)
    caption.setFixedWidth(LABEL)
    row.addWidget(caption)
    row.addWidget(made, 1)
    if aside is not None:
        row.addWidget(aside)
    return row
