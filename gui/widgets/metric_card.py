"""A card with one figure before and after: ``old → new unit``, the gain, and how it was obtained."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.comparison import Figure
from gui.text import NOTHING, tr
from gui.theme import font, tokens

HEIGHT = 118
_LINE = 16
"""Height of each of the two last lines."""
_PADDING = 10


class MetricCard(QWidget):
    """Shows a :class:`Figure`; painted whole, so that old, new and unit stand on one baseline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure: Figure | None = None
        self._final = True
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(140, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(112, HEIGHT)

    def show_figure(self, figure: Figure, *, final: bool = True) -> None:
        """Show ``figure``; ``final`` False dims it, for a run that still goes on."""
        self._figure, self._final = figure, final
        self.setAccessibleName(figure.name)
        self.setAccessibleDescription(self.text())
        self.setToolTip(self.text())
        self.update()

    @property
    def figure(self) -> Figure | None:
        return self._figure

    def text(self) -> str:
        """The card in one line, for screen readers and as the tool tip."""
        f = self._figure
        if f is None:
            return ""
        line = tr(
            "{name}: {old} → {new} {unit} {gain} ({tag}, {source})",
            name=f.name, old=f.old, new=f.new, unit=f.unit, gain=f.gain, tag=f.tag or NOTHING, source=f.source,
        )  # fmt: skip
        return f"{line}\n{f.more}" if f.more else line

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.line), 1))
        painter.setBrush(QColor(t.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._figure is not None:
            self._head(painter, self._figure)
            self._values(painter, self._figure)
            self._foot(painter, self._figure)

    def _line(self, top: float, height: float) -> QRectF:
        return QRectF(_PADDING, top, self.width() - 2 * _PADDING, height)

    def _head(self, painter: QPainter, figure: Figure) -> None:
        t = tokens()
        area = self._line(11, 18)
        if self._narrow(figure):
            painter.setFont(font(12, 500))
            painter.setPen(QColor(t.sec))
            _elided(painter, area, figure.name)
            return
        painter.setFont(font(11, 500))
        tag_width = QFontMetricsF(painter.font()).horizontalAdvance(figure.tag)
        painter.setPen(QColor({tr("measured"): t.ok, tr("estimated"): t.warn}.get(figure.tag, t.sec)))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure.tag)
        painter.setFont(font(12, 500))
        painter.setPen(QColor(t.sec))
        _elided(painter, area.adjusted(0, 0, -tag_width - 6, 0), figure.name)

    def _values(self, painter: QPainter, figure: Figure) -> None:
        t = tokens()
        known = figure.new != NOTHING
        parts = [
            (f"{figure.old} → ", 13, 400, t.sec),
            (figure.new, 18, 600, t.text if known and self._final else t.ter),
            (f" {figure.unit}" if figure.unit else "", 12, 400, t.sec),
        ]
        if figure.old == NOTHING and not known:
            parts = [(NOTHING, 18, 600, t.ter)]
        room = self.width() - 2 * _PADDING
        for shrink in range(7):
            if shrink == 6:  # a narrow card: no spaces around the arrow, and up to the edge
                parts = [(f"{figure.old}→", 13, 400, t.sec), *parts[1:]]
                room += _PADDING - 4
            fonts = [font(max(11, size - shrink), weight) for _, size, weight, _ in parts]
            widths = [QFontMetricsF(f).horizontalAdvance(part[0]) for f, part in zip(fonts, parts, strict=True)]
            if sum(widths) <= room:
                break
        x, baseline = float(_PADDING), 50.0
        for (text, _, _, color), made, width in zip(parts, fonts, widths, strict=True):
            painter.setFont(made)
            painter.setPen(QColor(color))
            painter.drawText(QPointF(x, baseline), text)
            x += width

    def _foot(self, painter: QPainter, figure: Figure) -> None:
        t = tokens()
        tones = {"ok": t.ok, "bad": t.bad, "plain": t.sec, "muted": t.ter}
        painter.setFont(font(12, 600))
        painter.setPen(QColor(tones[figure.tone] if self._final else t.ter))
        _elided(painter, self._line(59, 18), figure.gain)
        painter.setFont(font(11))
        painter.setPen(QColor(t.sec))
        tagged = bool(figure.tag) and self._narrow(figure)
        source = tr("{tag} · {source}", tag=figure.tag, source=figure.source) if tagged else figure.source
        area = self._line(77, 2 * _LINE).adjusted(0, 0, _PADDING - 4, 0)
        if not figure.second:
            painter.drawText(area, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, source)
            return
        area.setHeight(_LINE)
        _fitted(painter, area, source, 400)
        painter.setPen(QColor(tones[figure.second_tone] if self._final else t.ter))
        _fitted(painter, area.translated(0, _LINE - 1), figure.second, 500)

    def _narrow(self, figure: Figure) -> bool:
        """Whether name and tag do not fit beside each other; the tag then begins the last line."""
        name = QFontMetricsF(font(12, 500)).horizontalAdvance(figure.name)
        tag = QFontMetricsF(font(11, 500)).horizontalAdvance(figure.tag)
        return name + tag + 6 > self.width() - 2 * _PADDING


def _fitted(painter: QPainter, area: QRectF, text: str, weight: int) -> None:
    """In small letters, one pixel smaller where the line would be cut."""
    whole = QFontMetricsF(font(11, weight)).horizontalAdvance(text) <= area.width()
    painter.setFont(font(11 if whole else 10, weight))
    _elided(painter, area, text)


def _elided(painter: QPainter, area: QRectF, text: str) -> None:
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
