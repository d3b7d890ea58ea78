"""Editors that hold forms: a method with settings of its own, a list of them, settings that belong together."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from backend.description import Catalogue, Description, Parameter
from gui.forms.editors import methods
from gui.forms.numbers import Tell
from gui.text import number, phrase, tr
from gui.widgets.buttons import button, tool_button
from gui.widgets.method_help import HelpButton, tip
from gui.widgets.reason_menu import ReasonMenu
from gui.widgets.toggle import Toggle

if TYPE_CHECKING:
    from gui.forms.form import Form

REMOVE = 24
"""Pixels of the button that removes a method from a list."""


class Build(Protocol):
    """Makes the form of some parameters; those of ``method``, where they are a method's."""

    def __call__(
        self, parameters: Iterable[Parameter], values: Mapping[str, Any], method: Description | None = None
    ) -> Form: ...


class NestedEditor(QWidget):
    """A method by its label, "None" first, and below it the form of its own settings."""

    def __init__(
        self,
        parameter: Parameter,
        value: Mapping[str, Any] | None,
        catalogue: Catalogue,
        tell: Tell,
        build: Build,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parameter, self._catalogue, self._tell, self._build = parameter, catalogue, tell, build
        self.value: dict[str, Any] | None = dict(value) if value is not None else None
        self.form: Form | None = None
        self.combo = methods(parameter, self._id, catalogue, self._choose, {}, tr("None"))
        self.combo.setAccessibleName(phrase(parameter.label))
        self.setFocusProxy(self.combo)
        self._column = column_of(self)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self.combo, 1)
        self.help = HelpButton(None)
        self._head.addWidget(self.help)
        self._column.addLayout(self._head)
        self._body, self._inner = _indented()
        self._column.addWidget(self._body)
        self._show_form()

    def lead(self, caption: QWidget, width: int) -> None:
        """Put ``caption`` before the choice."""
        caption.setFixedWidth(width)
        self._head.insertWidget(0, caption)

    @property
    def _id(self) -> str | None:
        return str(self.value[self._parameter.key]) if self.value is not None else None

    def _choose(self, id: str | None) -> None:
        self.value = None if id is None else {self._parameter.key: id}
        self._show_form()
        self._tell(None if self.value is None else dict(self.value))

    def _show_form(self) -> None:
        if self.form is not None:
            self._inner.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        known = self._catalogue.kind(self._parameter.of).get(self._id) if self._id is not None else None
        if known is not None and known.parameters and self.value is not None:
            self.form = self._build(known.parameters, self.value, known)
            self.form.changed.connect(self._entered)
            self._inner.addWidget(self.form)
        self.combo.setToolTip(tip(known) if known is not None else phrase(self._parameter.summary))
        self.help.show_method(known)
        self._body.setVisible(self.form is not None)

    def _entered(self, name: str, value: Any) -> None:
        self.value = {key: v for key, v in {**(self.value or {}), name: value}.items() if v is not None}
        self._tell(dict(self.value))


class _Entry(NestedEditor):
    """A method of a list, with ``remove`` behind its choice."""

    def __init__(
        self, parameter: Parameter, value: Mapping[str, Any], catalogue: Catalogue, tell: Tell, build: Build
    ) -> None:
        super().__init__(parameter, value, catalogue, tell, build)
        self.remove = tool_button("x", tr("Remove"))
        self.remove.setFixedSize(REMOVE, REMOVE)
        self._head.setSpacing(4)
        self._head.addWidget(self.remove)


class ListEditor(QWidget):
    """Methods below each other, each with its settings and a button that removes it; a menu adds one."""

    def __init__(
        self,
        parameter: Parameter,
        value: Iterable[Mapping[str, Any]] | None,
        catalogue: Catalogue,
        tell: Tell,
        build: Build,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parameter, self._catalogue, self._tell, self._build = parameter, catalogue, tell, build
        self.entries: list[_Entry] = []
        column = column_of(self)
        self._caption = QVBoxLayout()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        column.addLayout(self._caption)
        column.addLayout(self._rows)
        text = {"distillation": tr("Add loss")}.get(parameter.of, tr("Add"))
        self.add = button(text, self._offer, icon_name="plus", compact=True)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.add)
        for one in value or ():
            self._append(one)
        self._number()

    def lead(self, caption: QWidget, width: int) -> None:
        """Put ``caption`` above the methods."""
        self._caption.addWidget(caption)

    @property
    def value(self) -> list[dict[str, Any]]:
        return [dict(entry.value) for entry in self.entries if entry.value is not None]

    def menu(self) -> ReasonMenu:
        """The methods, each with what it does; deleted when it is closed."""
        menu = ReasonMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.setToolTipsVisible(True)
        for id, method in self._catalogue.kind(self._parameter.of).items():
            menu.offer(phrase(method.label), partial(self._add, id), tip=tip(method), detail=phrase(method.summary))
        return menu

    def _offer(self) -> None:
        self.menu().popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _append(self, value: Mapping[str, Any]) -> _Entry:
        one = dataclasses.replace(self._parameter, type="nested", required=True)
        entry = _Entry(one, value, self._catalogue, lambda _: self._tell(self.value), self._build)
        entry.remove.clicked.connect(lambda: self._remove(entry))
        self.entries.append(entry)
        self._rows.addWidget(entry)
        return entry

    def _add(self, id: str) -> None:
        entry = self._append({self._parameter.key: id})
        self._number()
        entry.combo.setFocus()
        self._tell(self.value)

    def _remove(self, entry: _Entry) -> None:
        at = self.entries.index(entry)
        self.entries.remove(entry)
        self._rows.removeWidget(entry)
        entry.hide()
        entry.deleteLater()
        self._number()
        (self.entries[at].combo if at < len(self.entries) else self.add).setFocus()
        self._tell(self.value)

    def _number(self) -> None:
        """Tell the methods apart for who hears them; the last one of a list that needs one stays."""
        alone = self._parameter.required and len(self.entries) == 1
        for at, entry in enumerate(self.entries, 1):
            name = tr("{name} {value}", name=phrase(self._parameter.label), value=number(at))
            entry.combo.setAccessibleName(name)
            entry.remove.setAccessibleName(tr("Remove {name}", name=name))
            entry.remove.setEnabled(not alone)
            entry.remove.setToolTip(
                tr("The only one: choose another, or switch the section off") if alone else tr("Remove")
            )


class GroupEditor(QWidget):
    """Settings that belong together: a switch, and below it their form. Told as a mapping, None where it is off."""

    def __init__(
        self,
        parameter: Parameter,
        value: Mapping[str, Any] | None,
        tell: Tell,
        build: Build,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._parameter, self._tell, self._build = parameter, tell, build
        self._value: dict[str, Any] = dict(value) if value is not None else {}
        self.form: Form | None = None
        self.toggle = Toggle(value is not None, phrase(parameter.label))
        self.setFocusProxy(self.toggle)
        self._column = column_of(self)
        self._head = QHBoxLayout()
        self._head.addWidget(self.toggle)
        self._column.addLayout(self._head)
        self._body, self._inner = _indented()
        self._column.addWidget(self._body)
        self._show_form()
        self.toggle.toggled.connect(self._switched)

    def lead(self, caption: QWidget, width: int) -> None:
        """Put ``caption`` before the switch."""
        self._head.insertWidget(0, caption, 1)

    def _show_form(self) -> None:
        if self.form is None and self.toggle.isChecked():
            self.form = self._build(self._parameter.fields, self._value)
            self.form.changed.connect(self._entered)
            self._inner.addWidget(self.form)
        self._body.setVisible(self.toggle.isChecked())

    def _switched(self, on: bool) -> None:
        """What was set comes back when the section is switched on again."""
        if on and not self._value:
            self._value = begun(self._parameter)
        self._show_form()
        self._tell(dict(self._value) if on else None)

    def _entered(self, name: str, value: Any) -> None:
        self._value = {key: v for key, v in {**self._value, name: value}.items() if v is not None}
        self._tell(dict(self._value))


def begun(group: Parameter) -> dict[str, Any]:
    """What a section says when it is switched on: its required settings as they are by default."""
    plain = {p.name: p.default for p in group.fields if p.required and p.default is not None}
    return {name: copy.deepcopy(list(v) if isinstance(v, tuple) else v) for name, v in plain.items()}


def column_of(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column


def _indented() -> tuple[QFrame, QVBoxLayout]:
    """What belongs to the row above it."""
    body = QFrame()
    body.setProperty("kind", "nested")
    inner = column_of(body)
    inner.setContentsMargins(10, 0, 0, 0)
    return body, inner
