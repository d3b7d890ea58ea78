"""What happens while a stage trains: a small card within the stage's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from backend.description import Catalogue
from backend.recipe import Stage
from gui import stage_text
from gui.document import Document
from gui.icons import STAGES, pixmap
from gui.panels.stage_form import StageForm
from gui.places import Place
from gui.text import tr
from gui.theme import tokens
from gui.widgets.buttons import tool_button
from gui.widgets.labels import label, rule


class DuringCard(QFrame):
    """Signals: ``toggled(place)`` when its title was chosen; ``removed(place)``."""

    toggled = Signal(tuple)
    removed = Signal(tuple)

    def __init__(
        self,
        document: Document,
        place: Place,
        stage: Stage,
        catalogue: Catalogue,
        expanded: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.place = place
        self._stage, self._catalogue = stage, catalogue
        self.body: StageForm | None = None
        self.setProperty("kind", "sunken")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 8, 8)
        column.setSpacing(8)
        self.header = _Header(self, stage, stage_text.title(stage, catalogue), expanded)
        column.addWidget(self.header)
        if expanded:
            column.addWidget(rule())
            self.body = StageForm(document, place, stage, catalogue)
            column.addWidget(self.body)
        self._show_summary()

    def follow(self, stage: Stage) -> bool:
        """Take a change that the form shows already; False where the card must be drawn again."""
        if self.body is None or not self.body.follow(stage):
            return False
        self._stage = stage
        self._show_summary()
        return True

    def _show_summary(self) -> None:
        text = stage_text.summary(self._stage, self._catalogue)
        self.header.summary.setText(text)
        self.header.setAccessibleDescription(text)


class _Header(QFrame):
    """Title, summary, remove; a click unfolds the settings."""

    def __init__(self, card: DuringCard, stage: Stage, title: str, expanded: bool) -> None:
        super().__init__(card)
        self._card = card
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ring", True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("While training: {stage}", stage=title))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(pixmap(STAGES[stage.kind], tokens().sec, 14))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(title, "strong"))
        self.summary = label("", "caption", "sec", wrap=True)
        words.addWidget(self.summary)
        row.addLayout(words, 1)
        remove = tool_button("x", tr("Remove {stage}", stage=title), lambda: card.removed.emit(card.place))
        remove.setFixedSize(22, 22)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        caret = QLabel()
        caret.setPixmap(pixmap("caret-up" if expanded else "caret-down", tokens().ter, 12))
        caret.setFixedHeight(22)
        row.addWidget(caret, 0, Qt.AlignmentFlag.AlignTop)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._card.toggled.emit(self._card.place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._card.toggled.emit(self._card.place)
        elif event.key() == Qt.Key.Key_Delete:
            self._card.removed.emit(self._card.place)
        else:
            super().keyPressEvent(event)
