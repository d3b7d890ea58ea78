"""The names of the dots and of the zone, where there is room for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from gui.plots.label_placing import Label, corner_of, placed
from gui.theme import font, tokens
from gui.trade_off import Floats

MOST = 14
"""As many dots are named."""
HEIGHT = 15
MARGIN = QPointF(3, 3)
"""What a TextItem keeps free around its text."""


@dataclass(frozen=True)
class Name:
    """The name of the dot at (``x``, ``y``) in pixels; ``ring`` is the size of what is drawn around it, else 0."""

    text: str
    x: float
    y: float
    ring: float = 0.0
    knee: bool = False

    @property
    def around(self) -> QRectF:
        return QRectF(self.x - self.ring / 2, self.y - self.ring / 2, self.ring, self.ring)


class Names:
    """Text items in ``view`` that are used again for every picture."""

    def __init__(self, view: pg.ViewBox) -> None:
        self._view = view
        self._items = [self._item(tokens().sec) for _ in range(MOST)]
        self._zone = self._item(tokens().ok)
        self.zone_text = ""

    def _item(self, ink: str) -> pg.TextItem:
        made = pg.TextItem("", color=ink, anchor=(0, 0))
        made.setFont(font(11, 500))
        made.setZValue(6)
        made.hide()
        self._view.addItem(made, ignoreBounds=True)
        return made

    def hide(self) -> None:
        for item in (*self._items, self._zone):
            item.hide()

    def show(self, named: Sequence[Name], drawn: Floats, zone: QRectF) -> None:
        """Write ``named``, the first ones before the others.

        Args:
            named: at most :data:`MOST`.
            drawn: 2×N pixels that a name had better not cover.
            zone: what of the zone is in view, in values of the axes; empty for none.
        """
        self.hide()
        metrics, frame = QFontMetricsF(font(11, 600)), self._view.sceneBoundingRect()
        labels = [
            Label(name.x, name.y, QSizeF(metrics.horizontalAdvance(name.text) + 2, HEIGHT), 14 if name.ring else 8)
            for name in named
        ]
        taken = [name.around for name in named if name.ring]
        taken += self._name_zone(zone, drawn, metrics)
        for item, name, place in zip(self._items, named, placed(labels, drawn, frame, taken), strict=False):
            if place is not None:
                self._write(item, name, place)

    def _write(self, item: pg.TextItem, name: Name, place: QRectF) -> None:
        t = tokens()
        item.setFont(font(11, 600 if name.ring else 500))
        item.setText(name.text, color=t.knee if name.knee else t.text if name.ring else t.sec)
        self._put(item, place)

    def _name_zone(self, zone: QRectF, drawn: Floats, metrics: QFontMetricsF) -> Iterable[QRectF]:
        """Say what the zone is, in the corner of it that covers the least; the room that takes."""
        corners = self._view.mapViewToScene(zone.topLeft()), self._view.mapViewToScene(zone.bottomRight())
        inside = QRectF(*corners).normalized().adjusted(6, 5, -6, -5)
        size = QSizeF(metrics.horizontalAdvance(self.zone_text) + 2, HEIGHT)
        if zone.isEmpty() or inside.width() < size.width() or inside.height() < size.height():
            return []
        place = corner_of(inside, size, drawn)
        self._zone.setText(self.zone_text)
        self._put(self._zone, place)
        return [place]

    def _put(self, item: pg.TextItem, place: QRectF) -> None:
        at = self._view.mapSceneToView(place.topLeft() - MARGIN)
        item.setPos(at.x(), at.y())
        item.show()
