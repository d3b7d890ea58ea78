"""Accuracy against what it costs: dots, the front as stairs, its knee, and the area within the budget.

Signals:
    chosen(object): a dot's place among those shown, None for none.
    paired(object): a second one, to compare with.
    activated(): Enter.
    menu_requested(QPoint): right click, in global coordinates.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.plots.legend import Reading
from gui.plots.still_plot import StillPlot
from gui.plots.time_axis import ValueAxis
from gui.plots.tradeoff_items import KNEE, RING, Dots, Zone
from gui.plots.tradeoff_names import MOST, Name, Names
from gui.text import tr
from gui.theme import tokens
from gui.trade_off import Floats, Limits, TradeOff
from gui.tradeoff_text import name, scale, text

LEFT = 44
REACH = 12.0
"""Pixels around a dot within which the mouse means it."""
STILL = 4.0
"""Pixels that the mouse may move between press and release of a click."""
EDGE = 22.0
"""Pixels between the outermost dots and the frame."""
ALIKE = 0.1
"""Share of the largest cost that the width shows at least."""
FLAT = 1.0
"""Points of accuracy that the height shows at least: less is noise and shall look like it."""


class TradeoffPlot(StillPlot):
    """Draws what :meth:`show_trade_off` gives it.

    Attributes:
        shown: what is drawn.
        selected, second: the dots that are marked.
        moved: whether the person has moved or scaled the view.
    """

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
        self.moved = False
        self._factor = 1.0
        self._points: Floats = np.empty((2, 0))
        self._pressed: QPointF | None = None
        self._whole = False
        self.zone = Zone()
        self.view.addItem(self.zone, ignoreBounds=True)
        self.dots, self._names = Dots(self.view), Names(self.view)
        self.view.sigRangeChangedManually.connect(self._note_moved)
        self.view.sigRangeChanged.connect(lambda *_: self._name_dots())

    # What is shown

    def show_trade_off(self, shown: TradeOff, limits: Limits, *, anew: bool) -> None:
        """Draw ``shown`` and the budget's ``limits``; ``anew`` shows what matters, else a moved view stays."""
        self.shown = shown
        self.selected = self.second = None
        self._factor, _ = scale(shown.across, float(shown.x.max(initial=0.0)))
        self._points = np.vstack([shown.x / self._factor, shown.y])
        self.dots.show(shown, self._points)
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

    def show_front(self, visible: bool) -> None:
        """Draw the stairs and the knee, or the dots alone."""
        self.dots.show_front(visible)
        self._name_dots()

    def _set_zone(self, limits: Limits) -> None:
        self.zone.set_limits(None if limits.most is None else limits.most / self._factor, limits.least)
        self._names.zone_text = tr("Within budget") if limits.all else tr("Within budget on these axes")

    def choose(self, place: int | None) -> None:
        """Mark a dot without telling."""
        self.selected, self.second = place, None
        self._mark()
        self._name_dots()

    def let_go(self) -> None:
        """Unmark every dot, and tell."""
        self._pick(None, False)

    def _mark(self) -> None:
        self.dots.mark(self._points[:, [place for place in (self.selected, self.second) if place is not None]])

    # The view

    def reset(self) -> None:
        """Show the original, the front, and what lies near them."""
        self.moved = False
        if self.shown is None or not self._points.shape[1]:
            self._names.hide()
            return
        points = self._points if self._whole else self._points[:, self._near(self.shown)]
        self._whole = False
        left, right, low, high = _span(points)
        wide = (right - left) / max(40.0, self.view.width() - 2 * EDGE)
        tall = (high - low) / max(40.0, self.view.height() - 2 * EDGE)
        start, before = left - EDGE * wide if left else 0.0, self.view.viewRange()
        self.view.setRange(
            xRange=(start, right + EDGE * 1.6 * wide), yRange=(low - EDGE * tall, high + EDGE * tall), padding=0
        )
        if self.view.viewRange() == before:  # else a signal has done so
            self._name_dots()

    def _near(self, shown: TradeOff) -> Any:
        """The dots that matter, and those no further from them than they are apart: a ruined network squeezes none."""
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
        (left, right), (low, high) = self.view.viewRange()
        x, y = self._points
        return int(np.count_nonzero((x < left) | (x > right) | (y < low) | (y > high)))

    def _note_moved(self, *_: Any) -> None:
        self.moved = True

    def pixels(self) -> Floats:
        """The centers of all dots in pixels of this widget, 2×N."""
        return self._in_pixels(self._points)

    def _in_pixels(self, points: Floats) -> Floats:
        (left, right), (low, high) = self.view.viewRange()
        frame = self.view.sceneBoundingRect()
        x = frame.left() + (points[0] - left) / max(1e-12, right - left) * frame.width()
        y = frame.bottom() - (points[1] - low) / max(1e-12, high - low) * frame.height()
        return np.vstack([x, y])

    # Names

    def _name_dots(self) -> None:
        """Name the knee, the chosen dots, the original and the front, where there is room."""
        if self.shown is None or not self._points.shape[1]:
            self._names.hide()
            return
        dots, knee = self.pixels(), self.shown.knee if self.dots.stairs.isVisible() else None
        rings = {place: RING for place in (self.selected, self.second)} | {knee: KNEE}
        named = [
            Name(self.shown.moments[i].brief, dots[0, i], dots[1, i], rings.get(i, 0), i == knee)
            for i in self._wanted(self.shown, knee)
        ]
        self._names.show(named, np.hstack([dots, self._along_stairs()]), self.zone.area)

    def _wanted(self, shown: TradeOff, knee: int | None) -> list[int]:
        """The dots whose names matter, the most important first."""
        original = [i for i, moment in enumerate(shown.moments) if moment.kind == "original"]
        running = [i for i, moment in enumerate(shown.moments) if moment.running]
        runs = [i for i in shown.front if shown.moments[i].kind == "final"]
        wanted = [knee, self.selected, self.second, *original, *running[-1:], *runs]
        return list(dict.fromkeys(i for i in wanted if i is not None))[:MOST]

    def _along_stairs(self) -> Floats:
        """Pixels of the stairs, near enough to each other that no name stands between two."""
        x, y = self.dots.stairs.getData()
        if x is None or len(x) < 2 or not self.dots.stairs.isVisible():
            return np.empty((2, 0))
        ends = self._in_pixels(np.vstack([x, y]))
        pieces = zip(ends.T[:-1], ends.T[1:], strict=True)
        return np.hstack([np.linspace(a, b, 2 + min(99, int(np.abs(b - a).max() / 8))).T for a, b in pieces])

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
        """Name and figures of a dot."""
        shown = self.shown
        if shown is None:
            return []
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
            self._pick((self.shown.knee if self.shown else None) or 0, False)

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


def _span(points: Floats) -> tuple[float, float, float, float]:
    """Left, right, low and high of what shall be seen: costs from 0 where they reach far down, nothing too near."""
    (left, low), (right, high) = points.min(axis=1).tolist(), points.max(axis=1).tolist()
    left = 0.0 if left < 0.4 * right else left
    apart, above = (max(least - (b - a), 0.0) / 2 for a, b, least in ((left, right, ALIKE * right), (low, high, FLAT)))
    return left - apart, right + max(apart, 1e-9), low - above, high + above
