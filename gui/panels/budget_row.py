"""One limit of the budget: its verdict, what there is of it and what may be, and the mark that moves the limit.

Signals:
    moved(limit, figure): the mark is on its way; the limit of the recipe is still the old one.
    let_go(limit, figure): it has arrived, by mouse or, after a pause, by keyboard.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from backend.recipe import Verdict
from gui import budget_text
from gui.icons import pixmap
from gui.target_text import target_text
from gui.text import tr
from gui.theme import tokens
from gui.widgets.labels import ElidedLabel, label, restyle
from gui.widgets.limit_bar import STEPS, LimitBar

PAUSE = 500
"""Milliseconds after the last key at which the mark has arrived."""
Source = Literal["measured", "estimated", "unknown"]


class BudgetRow(QWidget):
    moved = Signal(str, float)
    let_go = Signal(str, float)

    def __init__(self, limit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limit = limit
        self._figure = 0.0
        self._before: Mapping[str, Any] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(6)
        self._sign = QLabel()
        self._sign.setFixedSize(16, 18)
        self.name = ElidedLabel(target_text(limit))
        self.figure = label("", "caption")
        self.allowed = label("", "caption", "sec")
        top.addWidget(self._sign)
        top.addWidget(self.name, 1)
        top.addWidget(self.figure)
        top.addWidget(self.allowed)
        column.addLayout(top)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        self.bar = LimitBar()
        self.tag = label("", "small", "ter")
        bottom.addWidget(self.bar, 1)
        bottom.addWidget(self.tag)
        column.addLayout(bottom)
        self._later = QTimer(self, singleShot=True, interval=PAUSE)
        self._later.timeout.connect(self._arrive)
        self.bar.valueChanged.connect(self._move)
        self.bar.sliderReleased.connect(self._arrive)
        self.bar.installEventFilter(self)

    @property
    def dragging(self) -> bool:
        """Whether the mark is on its way; what is shown is then not the recipe's limit."""
        return self.bar.isSliderDown() or self._later.isActive()

    def show_verdict(self, one: Verdict, before: Mapping[str, Any], source: Source, early: bool = False) -> None:
        """What the network has of the limit; estimated figures are grey and say so.

        ``early``: what a training that is still to come will make better.
        """
        self._before = before
        word, tone, sign = _said(dataclasses.replace(one, allowed=None)) if early else _said(one)
        tag = tr("before training") if early else tr("estimated")
        if source == "estimated":
            word = tr("{verdict}, {source}", verdict=word, source=tag)
        ink = {"ok": tokens().ok, "bad": tokens().bad}.get(tone, tokens().ter)
        self._sign.setPixmap(pixmap(sign, ink if source == "measured" or tone == "bad" else tokens().ter, 16))
        self._sign.setToolTip(word)
        self.figure.setText(budget_text.figure_text(self.limit, one.reached))
        restyle(
            self.figure,
            scale="strong" if source == "measured" else "caption",
            tone="" if source == "measured" else "ter",
        )
        self.allowed.setText(budget_text.allowed_text(one))
        self.tag.setText(tag if source == "estimated" and one.reached is not None else "")
        self.tag.setVisible(bool(self.tag.text()))
        filled = budget_text.position(self.limit, one.reached, before)
        self.bar.show_figure(filled, tone if source == "measured" or tone == "bad" else "")
        if not self.dragging:
            self._figure = one.figure
            self.bar.blockSignals(True)
            self.bar.setValue(round(STEPS * budget_text.mark(one, before)))
            self.bar.blockSignals(False)
        self._name(one, word)

    def _name(self, one: Verdict, word: str) -> None:
        words = tr(
            "{limit}: {value} {allowed} · {verdict}",
            limit=self.name.text(),
            value=self.figure.text(),
            allowed=self.allowed.text(),
            verdict=word,
        )
        self.setAccessibleName(words)
        self.bar.setAccessibleName(tr("Limit of {limit}", limit=self.name.text()))
        self.bar.setAccessibleDescription(words)
        self.bar.setToolTip(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving the bar by keyboard is arriving; Enter too."""
        enter = event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)  # type: ignore[attr-defined]
        if self._later.isActive() and (enter or event.type() == QEvent.Type.FocusOut):
            self._arrive()
        return super().eventFilter(watched, event)

    def _at(self) -> float:
        return budget_text.figure_at(self.limit, self.bar.value() / STEPS, self._before, self._figure)

    def _move(self) -> None:
        if not self.bar.isSliderDown():
            self._later.start()
        self.moved.emit(self.limit, self._at())

    def _arrive(self) -> None:
        self._later.stop()
        self.let_go.emit(self.limit, self._at())


def _said(one: Verdict) -> tuple[str, str, str]:
    """The verdict as a word, a tone and an icon."""
    if one.within is None:
        return tr("Not known yet"), "", "minus-circle-fill"
    return (tr("Within"), "ok", "check-circle-fill") if one.within else (tr("Over"), "bad", "warning")
