"""One row a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from backend.description import Catalogue, Description, Parameter
from gui.forms.editors import Combo, editor
from gui.forms.nested import GroupEditor, ListEditor, NestedEditor, column_of
from gui.forms.network import NetworkEditor
from gui.forms.pairs import PairsEditor
from gui.forms.surroundings import Surroundings
from gui.forms.target import TargetEditor
from gui.text import phrase, tr
from gui.theme import font
from gui.widgets.buttons import button
from gui.widgets.labels import label
from gui.widgets.method_help import BUTTON, HelpButton

LABEL = 72
"""Width of the label column; a longer label stands above its editor."""
CHOICE = 120
"""Pixels of a chosen word beside its label; a longer one stands below it."""
LED = (NestedEditor, ListEditor, GroupEditor, PairsEditor, TargetEditor)
"""Editors that give their label its place themselves."""


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
        around: what some editors need of the window.
        method: whose parameters they are, where they are a method's.
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
        around: Surroundings | None = None,
        method: Description | None = None,
    ) -> None:
        super().__init__(parent)
        self.editors: dict[str, QWidget] = {}
        self._catalogue = catalogue
        self._refused, self._blocked = refused or {}, blocked or {}
        self._around, self._method = around or Surroundings(), method
        column = column_of(self)
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
        inner = column_of(body)
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

    def reveal(self, path: Sequence[str]) -> QWidget | None:
        """The editor of the setting at ``path``, what holds it unfolded; None where there is none."""
        made = self.editors.get(path[0])
        if made is not None and hasattr(self, "fold") and not made.isVisibleTo(self):
            self.fold.setChecked(True)
        inner = made.form if isinstance(made, GroupEditor) and len(path) > 1 else None
        return inner.reveal(path[1:]) if inner is not None else made

    def _row(self, column: QVBoxLayout, parameter: Parameter, value: Any) -> None:
        text, tip = phrase(parameter.label), phrase(parameter.summary)
        caption = label(text, tone="" if parameter.type in ("bool", "group") else "sec")
        caption.setToolTip(tip)
        made = self._editor(parameter, value)
        made.setAccessibleName(text)
        if tip and not made.toolTip():
            made.setToolTip(tip)
        caption.setBuddy(made)
        self.editors[parameter.name] = made
        if isinstance(made, LED):
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
                return NestedEditor(parameter, value, self._catalogue, tell, self._within)
            case "list":
                return ListEditor(parameter, value, self._catalogue, tell, self._within)
            case "group":
                return GroupEditor(parameter, value, tell, self._within)
            case "network":
                return NetworkEditor(value, tell, self._around.runs)
            case "pairs":
                return PairsEditor(value, self._method, tell, self._around)
            case "target":
                return TargetEditor(parameter, value, tell)
            case _:
                return editor(parameter, value, self._catalogue, tell, self._refused.get(parameter.name, {}))

    def _within(
        self, parameters: Iterable[Parameter], values: Mapping[str, Any], method: Description | None = None
    ) -> Form:
        """A form within this one."""
        return Form(parameters, values, self._catalogue, around=self._around, method=method)


def _beside(
    caption: QWidget, made: QWidget, *, is_switch: bool, aside: QWidget | None = None
) -> QHBoxLayout | QVBoxLayout:
    """The caption before its editor and ``aside`` after it: a switch stands at the right end, a long caption above."""
    metrics = QFontMetrics(font())
    wide = metrics.horizontalAdvance(caption.property("text")) > LABEL
    room = CHOICE - (BUTTON if aside is not None else 0)
    long = isinstance(made, Combo) and metrics.horizontalAdvance(made.currentText()) > room
    if (wide or long or isinstance(made, NetworkEditor)) and not is_switch:
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
