"""One stage of the recipe: a line in a few words, or its form."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from backend.description import Catalogue
from backend.errors import CompressionError
from backend.recipe import Stage, filled
from gui import stage_text
from gui.document import Document
from gui.forms import Form
from gui.icons import pixmap
from gui.run_parts import StageState
from gui.text import message, number, tr
from gui.theme import tokens
from gui.widgets.buttons import tool_button
from gui.widgets.labels import ElidedLabel, label, restyle, rule

MIME = "application/x-pare-stage"


class StageCard(QFrame):
    """Signals: ``toggled(index)`` when its header was chosen; ``moved(source, target)``; ``removed(index)``."""

    toggled = Signal(int)
    moved = Signal(int, int)
    removed = Signal(int)

    def __init__(
        self, document: Document, index: int, stage: Stage, expanded: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.index = index
        self.stage = stage
        self.expanded = expanded
        self.entering = False
        self.form: Form | None = None
        self.setProperty("kind", "stage")
        self.setProperty("expanded", expanded)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        self.header = _Header(self)
        column.addWidget(self.header)
        self.error = label("", "caption", "bad", wrap=True)
        self.error.hide()
        if expanded and document.catalogue is not None:
            column.addWidget(rule())
            column.addWidget(self._form(document.catalogue))
            column.addWidget(self.error)
            for row in self._rules(document.catalogue):
                column.addWidget(row)
            column.addLayout(self._tools(len(document.recipe.stages) if document.recipe is not None else 1))

    def _form(self, catalogue: Catalogue) -> Form:
        settings = filled(self.stage, catalogue)
        described = catalogue.get("stage", self.stage.kind)
        parameters = list(described.parameters)
        of = described.parameter("method")
        if of is not None:
            method = list(catalogue.get(of.of, settings["method"]).parameters)
            at = parameters.index(of) + 1
            parameters[at:at] = [p for p in method if p.name not in {q.name for q in parameters}]
        self.form = Form(parameters, settings, catalogue)
        self.form.changed.connect(self._entered)
        return self.form

    def _entered(self, name: str, value: Any) -> None:
        path = f"stages.{self.index}.{self.stage.kind}"
        edits: dict[str, Any] = {f"{path}.{name}": value}
        if name == "method":
            edits |= {f"{path}.{old}": None for old in self._foreign(str(value))}
        label_text = tr("{stage}: {setting}", stage=self.title, setting=name)
        self.entering = name != "method"
        try:
            self._document.set_values(edits, label_text)
        except CompressionError as error:
            self.error.setText(f"{message(error.message)} {message(error.hint)}".strip())
            self.error.show()
        else:
            self.error.hide()
        finally:
            self.entering = False

    def follow(self, stage: Stage) -> bool:
        """Take a change that the form shows already; False where more than its values changed."""
        if stage.kind != self.stage.kind or stage.layers != self.stage.layers:
            return False
        self.stage = stage
        self.header.show_summary()
        return True

    def _foreign(self, method: str) -> list[str]:
        """Settings of the present method that ``method`` does not know."""
        catalogue = self._document.catalogue
        if catalogue is None:
            return []
        described = catalogue.get("stage", self.stage.kind)
        of = described.parameter("method")
        known = {p.name for p in described.parameters}
        known |= {p.name for p in catalogue.get(of.of, method).parameters} if of is not None else set()
        return [name for name in self.stage.settings if name not in known]

    def _rules(self, catalogue: Catalogue) -> list[QWidget]:
        """The layer rules of the stage, each with a button that removes it."""
        rows: list[QWidget] = []
        for layer_rule in self.stage.layers[:12]:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(6)
            name = label(tr("Other layers") if layer_rule.pattern == "*" else layer_rule.pattern, "strong")
            line.addWidget(name)
            line.addWidget(ElidedLabel(stage_text.rule_text(layer_rule, catalogue), "caption", "sec"), 1)
            remove = tool_button("x", tr("Remove the rule for {layer}", layer=layer_rule.pattern))
            remove.setFixedSize(22, 22)
            remove.clicked.connect(lambda _=False, p=layer_rule.pattern: self._forget(p))
            line.addWidget(remove)
            rows.append(row)
        if rows:
            rows.insert(0, label(tr("Layer rules"), "caption", "ter"))
        return rows

    def _forget(self, pattern: str) -> None:
        self._document.select_stage(self.index)
        self._document.set_rule(self.stage.kind, [pattern], None, tr("Reset {layers}", layers=pattern))

    def _tools(self, count: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addStretch(1)
        up = tool_button("arrow-up", tr("Move up"), lambda: self.moved.emit(self.index, self.index - 1))
        down = tool_button("arrow-down", tr("Move down"), lambda: self.moved.emit(self.index, self.index + 1))
        up.setEnabled(self.index > 0)
        down.setEnabled(self.index < count - 1)
        remove = tool_button("trash", tr("Remove stage"), lambda: self.removed.emit(self.index))
        for one in (up, down, remove):
            row.addWidget(one)
        return row

    @property
    def title(self) -> str:
        return stage_text.title(self.stage, self._document.catalogue)

    def show_state(self, state: StageState | None, edited: bool) -> None:
        """Mark the stage as done, running or waiting; ``edited`` when the run has another recipe."""
        self.header.show_state(None if edited else state)


class _Header(QFrame):
    """Number, title, summary; a click unfolds the stage, a drag moves it."""

    def __init__(self, card: StageCard) -> None:
        super().__init__(card)
        self._card = card
        self._pressed: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.number = QLabel(number(card.index + 1))
        self.number.setFixedSize(20, 20)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(self._title_line(card))
        self.summary = ElidedLabel("", "caption", "sec")
        words.addWidget(self.summary)
        row.addLayout(words, 1)
        self.setAccessibleName(tr("Stage {number}: {title}", number=card.index + 1, title=card.title))
        self.show_summary()
        self.show_state(None)

    def _title_line(self, card: StageCard) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(card.title, "section"), 1)
        self.status = label("", badge="neutral")
        self.status.hide()
        line.addWidget(self.status)
        caret = QLabel()
        caret.setPixmap(pixmap("caret-up" if card.expanded else "caret-down", tokens().ter, 12))
        caret.setFixedHeight(20)
        line.addWidget(caret)
        return line

    def show_summary(self) -> None:
        catalogue = self._card._document.catalogue
        text = stage_text.summary(self._card.stage, catalogue) if catalogue is not None else ""
        self.summary.setText(text)
        self.setAccessibleDescription(text)

    def show_state(self, state: StageState | None) -> None:
        t = tokens()
        fill, tone, badge, text = t.sunken, t.sec, "neutral", ""
        if state is not None:
            match state.status:
                case "done":
                    fill, tone, badge, text = t.ok_bg, t.ok, "ok", tr("Done")
                case "running":
                    fill, tone, badge = t.accent, t.on_accent, "accent"
                    text = tr("{percent}%", percent=int(100 * state.fraction))
                case "stopped":
                    text = tr("Stopped")
                case "failed":
                    fill, tone, badge, text = t.bad_bg, t.bad, "bad", tr("Failed")
        style = f"background: {fill}; color: {tone}; border-radius: 10px; font-size: 11px; font-weight: 600;"
        if self.number.styleSheet() != style:
            self.number.setStyleSheet(style)
        if self.status.property("badge") != badge:
            restyle(self.status, badge=badge)
        self.status.setText(text)
        self.status.setVisible(bool(text))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        if self._pressed is None or (event.position().toPoint() - self._pressed).manhattanLength() < far:
            return
        self._pressed = None
        drag = QDrag(self)
        data = QMimeData()
        data.setData(MIME, QByteArray(str(self._card.index).encode()))
        drag.setMimeData(data)
        drag.setPixmap(QPixmap(self.grab()))
        drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            self._pressed = None
            self._card.toggled.emit(self._card.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if keys in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._card.toggled.emit(self._card.index)
        elif alt and keys == Qt.Key.Key_Up:
            self._card.moved.emit(self._card.index, self._card.index - 1)
        elif alt and keys == Qt.Key.Key_Down:
            self._card.moved.emit(self._card.index, self._card.index + 1)
        elif keys == Qt.Key.Key_Delete:
            self._card.removed.emit(self._card.index)
        else:
            super().keyPressEvent(event)
