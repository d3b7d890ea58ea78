"""Accuracy against what it costs: dots, the front as stairs, its knee, and the area within the budget.

Signals:
    chosen(object): a dot's place among those shown, None for none.
    paired(object): a second one, to compare with; None for none.
    activated(): Enter.
    menu_requested(QPoint): right click, in global coordinates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.plots.label_placing import Label, corner_of, placed
from gui.plots.legend import Reading
from gui.plots.still_plot import StillPlot
from gui.plots.time_axis import ValueAxis
from gui.text import tr
from gui.theme import color, font, tokens
from gui.trade_off import Limits, TradeOff, name, scale, staircase, text

LEFT = 44
REACH = 12.0
"""Pixels around a dot within which the mouse means it."""
STILL = 4.0
"""Pixels that the mouse may move between press and release of a click."""
EDGE = 22.0
"""Pixels between the outermost dots and the frame."""
NAMED = 14
"""As many dots of the front are named at most."""
SIZES = {"dominated_step": 5, "dominated": 8, "front_step": 6, "front": 9, "running": 8, "original": 11}
FLAT = 1.0
"""Points of accuracy that the height shows at least: less is noise and shall look like it."""


class Zone(pg.GraphicsObject):
    """The area left of ``right`` and above ``low``; either may be None for no limit."""

    def __init__(self) -> None:
        super().__init__()
        self.right: float | None = None
        self.low: float | None = None
        self.setZValue(-20)

    def set_limits(self, right: float | None, low: float | None) -> None:
        self.right, self.low = right, low
        self.setVisible(right is not None or low is not None)
        self.viewRangeChanged()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    @property
    def area(self) -> QRectF:
        """What of it is in view; empty where nothing is."""
        seen = QRectF(self.viewRect())
        right = seen.right() if self.right is None else min(seen.right(), self.right)
        low = seen.top() if self.low is None else max(seen.top(), self.low)
        return QRectF(seen.left(), low, max(0.0, right - seen.left()), max(0.0, seen.bottom() - low))

    def paint(self, painter: QPainter, *_: Any) -> None:
        t, area = tokens(), self.area
        if area.isEmpty():
            return
        painter.fillRect(area, color(t.s3, 24))
        pen = pg.mkPen(t.s3, width=1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        if self.right is not None:
            painter.drawLine(QLineF(self.right, area.top(), self.right, area.bottom()))
        if self.low is not None:
            painter.drawLine(QLineF(area.left(), self.low, area.right(), self.low))


class TradeoffPlot(StillPlot):
    """Draws what :meth:`show_trade_off` gives it."""

    chosen = Signal(object)
    paired = Signal(object)
    activated = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        bottom = ValueAxis("bottom", pixels=70)
        super().__init__(ValueAxis("left"), bottom, LEFT, parent)
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bottom.setGrid(1)
        self.view.setMouseEnabled(x=True, y=True)
        self.shown: TradeOff | None = None
        self.selected: int | None = None
        self.second: int | None = None
        self._factor = 1.0
        self._points = np.empty((2, 0))
        self._pressed: QPointF | None = None
        self._whole = False
        self.moved = False
        self._make_items()
        self.view.sigRangeChangedManually.connect(self._note_moved)
        self.view.sigRangeChanged.connect(lambda *_: self._name_dots())

    def _make_items(self) -> None:
        t = tokens()
        self.zone = Zone()
        self.view.addItem(self.zone, ignoreBounds=True)
        self._zone_name = self._label(t.ok, 500)
        self.stairs = pg.PlotCurveItem(pen=pg.mkPen(t.s1, width=1.6), antialias=True)
        self.stairs.setZValue(-5)
        self.view.addItem(self.stairs, ignoreBounds=True)
        clear = color(t.panel, 0)
        self._groups = {
            "dominated_step": self._dots("o", color(t.s0, 90), clear),
            "dominated": self._dots("o", color(t.s0, 140), clear),
            "front_step": self._dots("o", color(t.s1), color(t.panel)),
            "front": self._dots("o", color(t.s1), color(t.panel)),
            "running": self._dots("o", color(t.panel), color(t.ter), 1.6),
            "original": self._dots("d", color(t.panel), color(t.sec), 1.6),
        }
        for group, item in self._groups.items():
            item.setSize(SIZES[group])
        self._knee = self._dots("o", color(t.s2, 60), color(t.s2), 1.2)
        self._knee.setSize(24)
        self._knee.setZValue(-1)
        self._knee_dot = self._dots("o", color(t.s2), color(t.panel))
        self._knee_dot.setSize(SIZES["front"] + 1)
        self._ring = self._dots("o", clear, color(t.accent), 2)
        self._ring.setSize(19)
        self._names = [self._label(t.sec, 500) for _ in range(NAMED)]

    def _dots(self, symbol: str, fill: Any, line: Any, width: float = 1.0) -> pg.ScatterPlotItem:
        item = pg.ScatterPlotItem(symbol=symbol, brush=pg.mkBrush(fill), pen=pg.mkPen(line, width=width))
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.view.addItem(item, ignoreBounds=True)
        return item

    def _label(self, ink: str, weight: int) -> pg.TextItem:
        made = pg.TextItem("", color=ink, anchor=(0, 0))
        made.setFont(font(11, weight))
        made.setZValue(6)
        made.hide()
        self.view.addItem(made, ignoreBounds=True)
        return made

    # What is shown

    def show_trade_off(self, shown: TradeOff, limits: Limits, *, front: bool, anew: bool) -> None:
        """Draw ``shown`` and the budget's ``limits``; ``anew`` shows all of it, else the view stays."""
        self.shown = shown
        self.selected = self.second = None
        self._factor, _ = scale(shown.across, float(shown.x.max(initial=0.0)))
        self._points = np.vstack([shown.x / self._factor, shown.y])
        for group, places in self._sorted(front).items():
            self._groups[group].setData(*self._points[:, places])
        edge = self._points[:, list(shown.front) if front else []]
        self.stairs.setData(*(staircase(*edge) if edge.shape[1] > 1 else edge))
        bend = [shown.knee] if front and shown.knee is not None else []
        self._knee.setData(*self._points[:, bend])
        self._knee_dot.setData(*self._points[:, bend])
        self._mark()
        self._set_zone(limits)
        if anew or not self.moved:
            self.reset()
        else:
            self._name_dots()

    def show_limits(self, limits: Limits) -> None:
        """Move the budget's limits."""
        self._set_zone(limits)
        self._name_dots()

    def _set_zone(self, limits: Limits) -> None:
        self.zone.set_limits(None if limits.most is None else limits.most / self._factor, limits.least)
        self._zone_name.setText(tr("Within budget") if limits.all else tr("Within budget on these axes"))

    def _sorted(self, front: bool) -> dict[str, list[int]]:
        """Group → its dots."""
        groups: dict[str, list[int]] = {group: [] for group in self._groups}
        best = set(self._trade_off.front) if front else set()
        for i, moment in enumerate(self._trade_off.moments):
            if moment.kind == "original":
                groups["original"].append(i)
            elif moment.running:
                groups["running"].append(i)
            else:
                step = "" if moment.kind == "final" else "_step"
                groups[("front" if i in best or not front else "dominated") + step].append(i)
        return groups

    @property
    def _trade_off(self) -> TradeOff:
        if self.shown is None:
            raise RuntimeError("nothing is shown yet")
        return self.shown

    def choose(self, place: int | None) -> None:
        """Mark a dot without telling."""
        self.selected, self.second = place, None
        self._mark()
        self._name_dots()

    def let_go(self) -> None:
        """Unmark every dot, and tell."""
        self._pick(None, False)

    def _mark(self) -> None:
        marked = [place for place in (self.selected, self.second) if place is not None]
        self._ring.setData(*self._points[:, marked])

    # The view

    def reset(self) -> None:
        """Show the original, the front, and what lies near them; once more, every dot."""
        self.moved = False
        if self.shown is None or not self._points.shape[1]:
            return
        points = self._points if self._whole else self._points[:, self._near()]
        self._whole = False
        (left, low), (right, high) = points.min(axis=1), points.max(axis=1)
        if left < 0.4 * right:
            left = 0.0
        spare = max(FLAT - (high - low), 0.0) / 2
        low, high = low - spare, high + spare
        wide = max(right - left, 1e-9 + 0.1 * abs(right)) / max(40.0, self.view.width() - 2 * EDGE)
        tall = (high - low) / max(40.0, self.view.height() - 2 * EDGE)
        start, before = left - EDGE * wide if left else 0.0, self.view.viewRange()
        self.view.setRange(
            xRange=(start, right + EDGE * 1.6 * wide), yRange=(low - EDGE * tall, high + EDGE * tall), padding=0
        )
        if self.view.viewRange() == before:  # else a signal has done so
            self._name_dots()

    def _near(self) -> np.ndarray:
        """The dots that matter, and those no further from them than they are apart: a ruined network squeezes none."""
        shown = self._trade_off
        matter = {*shown.front, *(i for i, m in enumerate(shown.moments) if m.kind == "original" or m.running)}
        points = self._points[:, sorted(matter)]
        least = np.array([[0.1 * abs(points[0]).max()], [5 * FLAT]])
        low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
        span = np.maximum(high - low, least)
        inside = (self._points >= low - span) & (self._points <= high + span)
        return np.flatnonzero(inside.all(axis=0))

    def show_all(self) -> None:
        """Show every dot."""
        self._whole = True
        self.reset()

    @property
    def outside(self) -> int:
        """How many dots are not in view."""
        if not self._points.shape[1]:
            return 0
        (left, right), (low, high) = self.view.viewRange()
        x, y = self._points
        return int(np.count_nonzero((x < left) | (x > right) | (y < low) | (y > high)))

    def _note_moved(self, *_: Any) -> None:
        self.moved = True

    def pixels(self) -> np.ndarray:
        """The centers of all dots in pixels of this widget, 2×N."""
        return self._in_pixels(self._points)

    def _along_stairs(self) -> np.ndarray:
        """Points of the stairs, near enough to each other that no name stands between two."""
        x, y = self.stairs.getData()
        if x is None or len(x) < 2:
            return np.empty((2, 0))
        ends = self._in_pixels(np.vstack([x, y]))
        pieces = zip(ends.T[:-1], ends.T[1:], strict=True)
        return np.hstack([np.linspace(a, b, 2 + min(99, int(np.abs(b - a).max() / 8))).T for a, b in pieces])

    def _in_pixels(self, points: np.ndarray) -> np.ndarray:
        (left, right), (low, high) = self.view.viewRange()
        frame = self.view.sceneBoundingRect()
        x = frame.left() + (points[0] - left) / max(1e-12, right - left) * frame.width()
        y = frame.bottom() - (points[1] - low) / max(1e-12, high - low) * frame.height()
        return np.vstack([x, y])

    def _name_dots(self) -> None:
        """Name the knee, the selected dots, the original and the front, where there is room."""
        for item in (*self._names, self._zone_name):
            item.hide()
        if self.shown is None or not self._points.shape[1]:
            return
        t, dots, metrics = tokens(), self.pixels(), QFontMetricsF(font(11, 600))
        frame = self.view.sceneBoundingRect()
        taken = [*self._name_zone(dots, metrics), *self._rings(dots)]
        named = self._named()
        sizes = [QSizeF(metrics.horizontalAdvance(self._called(i)) + 2, 15) for i in named]
        gaps = [14 if i in (self._bend, self.selected, self.second) else 8 for i in named]
        labels = [Label(*dots[:, i].tolist(), *how) for i, *how in zip(named, sizes, gaps, strict=True)]
        for item, i, place in zip(
            self._names, named, placed(labels, np.hstack([dots, self._along_stairs()]), frame, taken), strict=False
        ):
            if place is not None:
                bold = i in (self._bend, self.selected, self.second)
                item.setFont(font(11, 600 if bold else 500))
                item.setText(self._called(i), color=t.knee if i == self._bend else t.text if bold else t.sec)
                self._put(item, place.topLeft())

    def _name_zone(self, dots: np.ndarray, metrics: QFontMetricsF) -> list[QRectF]:
        """Say what the zone is in the corner of it that covers the least; the room that takes."""
        area = self.zone.area if self.zone.isVisible() else QRectF()
        corners = self.view.mapViewToScene(area.topLeft()), self.view.mapViewToScene(area.bottomRight())
        inside = QRectF(*corners).normalized().adjusted(6, 5, -6, -5)
        size = QSizeF(metrics.horizontalAdvance(self._zone_name.toPlainText()) + 2, 15)
        if area.isEmpty() or inside.width() < size.width() or inside.height() < size.height():
            return []
        place = corner_of(inside, size, dots)
        self._put(self._zone_name, place.topLeft())
        return [place]

    def _rings(self, dots: np.ndarray) -> list[QRectF]:
        """Where rings are drawn around dots."""
        sizes = {self._bend: 24, self.selected: 19, self.second: 19}
        return [QRectF(dots[0, i] - s / 2, dots[1, i] - s / 2, s, s) for i, s in sizes.items() if i is not None]

    def _put(self, item: pg.TextItem, corner: QPointF) -> None:
        at = self.view.mapSceneToView(corner - QPointF(3, 3))  # a TextItem has a margin
        item.setPos(at.x(), at.y())
        item.show()

    @property
    def _bend(self) -> int | None:
        return self._trade_off.knee if self.stairs.isVisible() and len(self._knee_dot.data) else None

    def _named(self) -> list[int]:
        shown = self._trade_off
        original = [i for i, moment in enumerate(shown.moments) if moment.kind == "original"]
        runs = [i for i in shown.front if shown.moments[i].kind == "final"]
        running = [i for i, moment in enumerate(shown.moments) if moment.running][-1:]
        wanted = [self._bend, self.selected, self.second, *original, *runs, *running]
        return list(dict.fromkeys(i for i in wanted if i is not None))[:NAMED]

    def _called(self, place: int) -> str:
        return self._trade_off.moments[place].brief

    # The mouse

    def at(self, position: QPointF) -> int | None:
        """The dot at a position of the mouse: the nearest within reach."""
        if self.shown is None or not self._points.shape[1] or self.place(position) is None:
            return None
        x, y = self.pixels()
        scene = self.mapToScene(position.toPoint())
        away = np.hypot(x - scene.x(), y - scene.y())
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= REACH else None

    def readings(self, place: int) -> list[Reading]:
        shown = self._trade_off
        ink = tokens().s1 if place in shown.front else tokens().s0
        told = [
            Reading(shown.moments[place].title, ""),
            Reading(name(shown.up), text(shown.up, float(shown.y[place])), ink),
            Reading(name(shown.across), text(shown.across, float(shown.x[place])), ink),
        ]
        if self.selected not in (None, place):
            told.append(Reading(tr("Ctrl+click compares it"), ""))
        return told

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        found = self.at(event.position()) if not event.buttons() else None
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if found is not None else Qt.CursorShape.ArrowCursor
        )
        self.tell(self.readings(found) if found is not None else (), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        still = self._pressed is not None and (event.position() - self._pressed).manhattanLength() <= STILL
        if not still or event.button() != Qt.MouseButton.LeftButton:
            return
        found = self.at(event.position())
        more = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self._pick(found, bool(more))

    def _pick(self, place: int | None, more: bool) -> None:
        if more and self.selected is not None and place is not None and place != self.selected:
            self.second = place
            self._mark()
            self.paired.emit(place)
        elif not more or place is not None:
            self.selected, self.second = place, None
            self._mark()
            self.chosen.emit(place)
        self._name_dots()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.at(event.position()) is None:
            self._whole = not self.moved and self.outside > 0
            self.reset()
        event.accept()

    # The keyboard

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by keyboard sees where it is."""
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self.selected is None and self._points.shape[1]:
            self._pick(self._trade_off.knee or 0, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Down:
                self._walk(-1, upward=event.key() == Qt.Key.Key_Down, event=event)
            case Qt.Key.Key_Right | Qt.Key.Key_Up:
                self._walk(1, upward=event.key() == Qt.Key.Key_Up, event=event)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.selected is not None:
                self.activated.emit()
            case Qt.Key.Key_Escape if self.selected is not None:
                self.let_go()
            case _:
                super().keyPressEvent(event)

    def _walk(self, way: int, *, upward: bool, event: QKeyEvent) -> None:
        """To the next dot across or up; with Shift the second one goes."""
        if self.shown is None or not self._points.shape[1]:
            return
        x, y = self._points
        order = (np.lexsort((x, y)) if upward else np.lexsort((y, x))).tolist()
        more = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        now = self.second if more and self.second is not None else self.selected
        first = 0 if way > 0 else len(order) - 1
        at = first if now is None else min(max(0, order.index(now) + way), len(order) - 1)
        self._pick(order[at], more)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and hasattr(self, "_names"):
            if self.moved:
                self._name_dots()
            else:
                self.reset()
