"""A bar that fills up with a figure, and the mark of its limit, which can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from gui.theme import tokens

STEPS = 1000
PAGE = 50
LEAST = 5
THICK, MARK = 6, 14
EDGE = MARK // 2
"""Room beside the bar, so that the mark is whole at both ends."""


class LimitBar(QSlider):
    """The limit is the slider's value, in thousandths of the bar; the figure is what fills it.

    Clicking takes the mark there; arrows move it by half a hundredth, Page Up and Page Down by ten times as much.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(LEAST, STEPS)
        self.setSingleStep(LEAST)
        self.setPageStep(PAGE)
        self.setFixedHeight(MARK + 6)
        self._filled: float | None = None
        self._tone = ""

    def show_figure(self, share: float | None, tone: str) -> None:
        """Fill the bar to ``share`` of its length (nothing for None) in the color called ``tone``."""
        self._filled, self._tone = share, tone
        self.update()

    @property
    def filled(self) -> float | None:
        return self._filled

    def sizeHint(self) -> QSize:
        return QSize(160, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go_to(event)
            self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # belongs to whoever holds the bar
            event.ignore()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the panel scrolls

    def position_of(self, value: int) -> float:
        """Pixels from the left edge at which the mark of ``value`` stands."""
        return EDGE + value / STEPS * (self.width() - 2 * EDGE)

    def _go_to(self, event: QMouseEvent) -> None:
        share = (event.position().x() - EDGE) / max(1, self.width() - 2 * EDGE)
        self.setSliderPosition(round(STEPS * share))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle, whole = self.height() / 2, self.width() - 2 * EDGE
        groove = QRectF(EDGE, middle - THICK / 2, whole, THICK)
        painter.setBrush(QColor(t.line))
        painter.drawRoundedRect(groove, 3, 3)
        if self._filled is not None and self._filled > 0:
            fill = QRectF(groove)
            fill.setWidth(max(float(THICK), whole * min(1.0, self._filled)))
            painter.setBrush(QColor({"ok": t.s3, "bad": t.bad}.get(self._tone, t.dis)))
            painter.drawRoundedRect(fill, 3, 3)
        self._paint_mark(painter, middle)

    def _paint_mark(self, painter: QPainter, middle: float) -> None:
        t = tokens()
        place = self.position_of(self.sliderPosition())
        active = self.isEnabled() and (self.isSliderDown() or self.underMouse())
        if self.hasFocus():
            painter.setPen(QPen(QColor(t.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(place - 5, middle - 9, 10, 18), 5, 5)
        painter.setPen(QPen(QColor(t.panel), 1))
        painter.setBrush(QColor(t.accent if active else t.sec if self.isEnabled() else t.dis))
        painter.drawRoundedRect(QRectF(place - 2.5, middle - 7, 5, 14), 2.5, 2.5)
