"""The editor of a target: which figure, how much of it, and in which unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from backend.description import Parameter
from gui.forms.editors import combo
from gui.forms.numbers import RealSpin, Tell, calm
from gui.target_text import Unit, target_text, unit_of, units
from gui.text import phrase, tr
from gui.widgets.labels import label

FIGURE = 200
"""Pixels that a figure and its unit take."""


class TargetEditor(QWidget):
    """A choice of targets and the figure of the one that is chosen.

    ``optional`` offers "None" first; told as ``{target: figure}``, or None.
    """

    def __init__(
        self,
        parameter: Parameter,
        value: Mapping[str, float] | None,
        tell: Tell,
        parent: QWidget | None = None,
        *,
        optional: bool = True,
    ) -> None:
        super().__init__(parent)
        self._tell = tell
        self._lead = 0
        self._target: str | None = None
        self._figure = 0.0
        if value:
            self._target, self._figure = next(iter(value.items()))
        options: list[tuple[Any, str]] = [(None, tr("None"))] if optional else []
        self.combo = combo([*options, *((c, target_text(c)) for c in parameter.choices)], self._target, self._choose)
        self.combo.setAccessibleName(phrase(parameter.label))
        self.setFocusProxy(self.combo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self.combo, 1)
        column.addLayout(self._head)
        self._body = QWidget()
        self._row = QHBoxLayout(self._body)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        column.addWidget(self._body)
        self._show_figure()

    @property
    def value(self) -> dict[str, float] | None:
        return None if self._target is None else {self._target: self._figure}

    def lead(self, caption: QWidget, width: int) -> None:
        """Put ``caption`` before the choice."""
        caption.setFixedWidth(width)
        self._head.insertWidget(0, caption)
        self._lead = width + 8
        self._indent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._indent()

    def _indent(self) -> None:
        """The figure stands below the choice, or below the caption where its unit would be cut off there."""
        fits = self.width() - self._lead >= FIGURE
        self._row.setContentsMargins(self._lead if fits else 0, 0, 0, 0)

    def _choose(self, target: str | None) -> None:
        self._target = target
        if target is not None:
            first = units(target)[0]
            self._figure = first.first * first.factor
        self._show_figure()
        self._tell(self.value)

    def _show_figure(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._body.setVisible(self._target is not None)
        if self._target is None:
            return
        known = units(self._target)
        unit = unit_of(self._target, self._figure)
        self.spin = RealSpin()
        # up to 1 a figure is a share, so a figure that is none begins above it
        self.spin.setRange(1e-6 if unit == known[0] else 1.001 / unit.factor, unit.most)
        self.spin.setValue(self._figure / unit.factor)
        self.spin.setAccessibleName(target_text(self._target))
        calm(self.spin)
        self.spin.valueChanged.connect(self._enter)
        self.spin.setMinimumWidth(64)
        self._row.addWidget(self.spin, 2)
        self._row.addWidget(self._units(known, unit), 3)

    def _units(self, known: Sequence[Unit], chosen: Unit) -> QWidget:
        """A choice of units, or the only one there is."""
        self._unit = chosen
        if len(known) == 1:
            return label(chosen.text, tone="sec")
        self.unit = combo([(one, one.text) for one in known], chosen, self._measure_in)
        self.unit.setAccessibleName(tr("Unit"))
        self.unit.setMinimumWidth(72)
        return self.unit

    def _measure_in(self, unit: Unit) -> None:
        self._figure = unit.first * unit.factor
        self._show_figure()
        self.unit.setFocus()
        self._tell(self.value)

    def _enter(self, value: float) -> None:
        self._figure = value * self._unit.factor
        self._tell(self.value)
