"""One stage of the recipe: a line in a few words, or its form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from backend.description import Catalogue
from backend.errors import CompressionError
from backend.recipe import Stage
from gui import stage_text
from gui.document import Document
from gui.forms import Form, Surroundings
from gui.icons import icon, pixmap
from gui.panels.during_card import DuringCard
from gui.panels.stage_form import StageForm
from gui.places import Place
from gui.run_parts import StageState
from gui.stage_settings import while_training
from gui.text import number, tr
from gui.theme import tokens
from gui.widgets.buttons import button, tool_button
from gui.widgets.labels import label, restyle, rule

MIME = "application/x-pare-stage"


class StageCard(QFrame):
    """Signals: ``toggled(index)`` when its header was chosen; ``moved(source, target)``; ``removed(index)``;
    ``during_toggled(place)`` when the title of what happens while it trains was chosen; ``problems_requested()``
    when the sign of its problems was.

    ``opened`` is which of those shows its settings.
    """

    toggled = Signal(int)
    moved = Signal(int, int)
    removed = Signal(int)
    during_toggled = Signal(tuple)
    problems_requested = Signal()

    def __init__(
        self,
        document: Document,
        index: int,
        stage: Stage,
        expanded: bool,
        opened: int = -1,
        around: Surroundings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.index = index
        self.stage = stage
        self.expanded = expanded
        self.body: StageForm | None = None
        self.during: list[DuringCard] = []
        self.setProperty("kind", "stage")
        self.setProperty("expanded", expanded)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        self.header = _Header(self)
        column.addWidget(self.header)
        if expanded and document.catalogue is not None:
            column.addWidget(rule())
            self.body = StageForm(document, (index,), stage, document.catalogue, around)
            column.addWidget(self.body)
            if stage.kind == "train":
                column.addWidget(self._during(document.catalogue, opened))
            column.addLayout(self._tools(len(document.recipe.stages) if document.recipe is not None else 1))

    @property
    def form(self) -> Form | None:
        return self.body.form if self.body is not None else None

    @property
    def entering(self) -> bool:
        """Whether a value is being entered in this card."""
        bodies = [self.body, *(card.body for card in self.during)]
        return any(body is not None and body.entering for body in bodies)

    def follow(self, stage: Stage) -> bool:
        """Take a change that a form of this card shows already; False where more than values changed."""
        if self.body is None or len(stage.during) != len(self.stage.during) or not self.body.follow(stage):
            return False
        for card, before, now in zip(self.during, self.stage.during, stage.during, strict=True):
            if before != now and not card.follow(now):
                return False
        self.stage = stage
        self.header.show_summary()
        return True

    def editors(self) -> dict[str, QWidget]:
        """Every editor that is shown, by a name that its successor has too."""
        found: dict[str, QWidget] = dict(self.form.editors) if self.form is not None else {}
        for at, card in enumerate(self.during):
            found[f"during.{at}"] = card.header
            if card.body is not None:
                found |= {f"during.{at}.{name}": one for name, one in card.body.form.editors.items()}
        return found

    def _during(self, catalogue: Catalogue, opened: int) -> QWidget:
        """What happens while this stage trains, and the button that adds to it."""
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        if self.stage.during:
            column.addWidget(label(tr("While training"), "caption", "ter"))
        for at, stage in enumerate(self.stage.during):
            card = DuringCard(self._document, (self.index, at), stage, catalogue, at == opened)
            card.toggled.connect(self.during_toggled)
            card.removed.connect(self._remove_during)
            self.during.append(card)
            column.addWidget(card)
        column.addWidget(self._adding("prune", tr("Prune while training")), 0, Qt.AlignmentFlag.AlignLeft)
        learns = any(method.traits.get("learns") for method in catalogue.kind("quantization").values())
        if learns and not any(stage.kind == "quantize" for stage in self.stage.during):
            column.addWidget(self._adding("quantize", tr("Quantize while training")), 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _adding(self, kind: str, text: str) -> QPushButton:
        return button(text, lambda: self._add_during(kind, text), icon_name="plus", compact=True)

    def _add_during(self, kind: str, text: str) -> None:
        catalogue = self._document.catalogue
        if catalogue is None:
            return
        place = (self.index, len(self.stage.during))
        if self._try(lambda: self._document.set_stage(place, while_training(kind, catalogue), text)):
            self.during_toggled.emit(place)

    def _remove_during(self, place: Place) -> None:
        text = tr("Remove {stage}", stage=stage_text.title(self.stage.during[place[1]], self._document.catalogue))
        self._try(lambda: self._document.set_stage(place, None, text))

    def _try(self, edit: Callable[[], None]) -> bool:
        try:
            edit()
        except CompressionError as error:
            if self.body is not None:
                self.body.refuse(error)
            return False
        return True

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

    def show_problems(self, texts: Sequence[str]) -> None:
        """Say with a sign that there is something wrong or doubtful with this stage; nothing where all is well."""
        self.header.sign.setVisible(bool(texts))
        self.header.sign.setToolTip("\n".join(texts))
        self.header.sign.setAccessibleDescription(" ".join(texts))

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
        self.setProperty("ring", True)
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
        self.summary = label("", "caption", "sec", wrap=True)
        words.addWidget(self.summary)
        row.addLayout(words, 1)
        self.setAccessibleName(tr("Stage {number}: {title}", number=card.index + 1, title=card.title))
        self.show_summary()
        self.show_state(None)

    def _title_line(self, card: StageCard) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(card.title, "section"), 1)
        self.sign = tool_button("warning", tr("Show its problems"), card.problems_requested.emit)
        self.sign.setIcon(icon("warning", tokens().warn))
        self.sign.setFixedSize(22, 22)
        self.sign.setStyleSheet("padding: 0;")
        self.sign.hide()
        line.addWidget(self.sign)
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
