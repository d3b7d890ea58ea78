"""The ring around what the keyboard is in, where the style sheet draws none: tables, trees, plots, scrolled text.

A widget of another kind asks for it with the property ``ring``.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QAbstractItemView, QApplication, QGraphicsView, QScrollArea, QWidget
from shiboken6 import isValid

from gui.theme import tokens

RINGED = (QAbstractItemView, QGraphicsView, QScrollArea)


class FocusRing(QObject):
    """Follows the keyboard through the windows of the application; who works with the mouse sees no ring."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ring: _Ring | None = None
        self._window: QWindow | None = None
        self._keys = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)
            app.focusWindowChanged.connect(self._watch)
            self._watch(app.focusWindow())

    def _watch(self, window: QWindow | None) -> None:
        """Hear whether keys or the mouse are used in the window in front."""
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            self._keys = True
        elif event.type() == QEvent.Type.MouseButtonPress:
            self._keys = False
            self._drop()
        return False

    def _moved(self, _: QWidget | None, now: QWidget | None) -> None:
        self._drop()
        if now is not None and self._keys and (isinstance(now, RINGED) or now.property("ring")):
            self._ring = _Ring(now)

    def _drop(self) -> None:
        if self._ring is not None and isValid(self._ring):
            self._ring.remove()
        self._ring = None


class _Ring(QWidget):
    """Lies over ``target`` without taking part in anything."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._target = target
        target.installEventFilter(self)
        self.setGeometry(target.rect())
        self.show()
        self.raise_()

    def remove(self) -> None:
        self._target.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._target.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens().accent), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
