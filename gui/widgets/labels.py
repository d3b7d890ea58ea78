"""Labels and lines in the styles of the style sheet."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


def label(text: str = "", style: str = "", tone: str = "", *, wrap: bool = False, badge: str = "") -> QLabel:
    """A label: ``style`` of the type scale, ``tone`` of the colors (see gui/style_sheet.py)."""
    made = QLabel(text)
    for name, value in (("scale", style), ("tone", tone), ("badge", badge)):
        if value:
            made.setProperty(name, value)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    return made


class Paragraph(QLabel):
    """Wrapped text with the line height of the type scale, 138%."""

    def __init__(self, text: str = "", style: str = "", tone: str = "sec", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for name, value in (("scale", style), ("tone", tone)):
            if value:
                self.setProperty(name, value)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setText(text)

    def fit(self, width: int) -> None:
        """Reserve the height that the text needs at ``width``, where a layout does not ask."""
        self.ensurePolished()
        self.setMinimumHeight(self.heightForWidth(width))

    def setText(self, text: str) -> None:
        self.setAccessibleName(text)
        super().setText(f'<p style="line-height: 138%">{html.escape(text)}</p>')


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties and have the style sheet look at them again, which takes half a millisecond."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def rule() -> QFrame:
    """A horizontal line, 1 px."""
    made = QFrame()
    made.setProperty("kind", "rule")
    made.setFixedHeight(1)
    return made


def divider(height: int = 20) -> QFrame:
    """A vertical line, 1 px, in a toolbar."""
    made = QFrame()
    made.setProperty("kind", "divider")
    made.setFixedSize(1, height)
    return made


class ElidedLabel(QLabel):
    """One line that is shorter, or ends in "…", where there is no room; the tooltip then says it all."""

    def __init__(self, text: str = "", style: str = "", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        for name, value in (("scale", style), ("tone", tone)):
            if value:
                self.setProperty(name, value)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole_tip = ""
        self._shorter: tuple[str, ...] = ()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tip()

    def setText(self, text: str, *shorter: str) -> None:
        """Show ``text``, or the first of ``shorter`` that there is room for."""
        self._shorter = shorter
        super().setText(text)
        self._update_tip()

    def _update_tip(self) -> None:
        cut = QFontMetrics(self.font()).horizontalAdvance(self.text()) > self.contentsRect().width()
        if cut or self.toolTip() == self._whole_tip:
            self._whole_tip = self.text() if cut else ""
            self.setToolTip(self._whole_tip)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRect(self.contentsRect())
        metrics = painter.fontMetrics()
        texts = (self.text(), *self._shorter)
        fitting = next((one for one in texts if metrics.horizontalAdvance(one) <= area.width()), texts[-1])
        text = metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, area.width())
        role = self.foregroundRole()
        self.style().drawItemText(painter, area, int(self.alignment()), self.palette(), self.isEnabled(), text, role)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_tip()
