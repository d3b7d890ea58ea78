"""The card of a dot: what it is, its figures against the original's, and what can be done with it.

With a second dot it shows what lies between the two.

Signals:
    export_requested(object), recipe_requested(object), network_requested(object): a Moment.
    live_requested(): the run in progress is to be shown.
    compare_requested(list): two Moments.
    closed(): the cross.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.comparison import Metrics, Tone, figures, gained
from gui.icons import pixmap
from gui.moments import Moment
from gui.text import NOTHING, points, tr
from gui.theme import tokens
from gui.trade_off import figure
from gui.tradeoff_text import name, text
from gui.widgets.buttons import button, tool_button
from gui.widgets.labels import ElidedLabel, label

WIDTH = 256


@dataclass(frozen=True)
class Row:
    """One figure: ``91.58%`` and ``−0.15 pt`` in its tone."""

    name: str
    value: str
    gain: str
    tone: Tone


def rows(moment: Moment, across: str, up: str, against: Moment | None = None) -> list[Row]:
    """The figures of a moment against the original's, or against another moment's; what is not known is left out."""
    tested = figure(moment, "accuracy") is not None and (against is None or figure(against, "accuracy") is not None)
    first = "accuracy" if tested and up != "validation" else "validation"
    wanted = dict.fromkeys([first, "size", "macs", "latency", across])
    before = moment.baseline if against is None else against.metrics
    return [_row(moment, measure, before, against) for measure in wanted if figure(moment, measure) is not None]


def _row(moment: Moment, measure: str, before: Metrics, against: Moment | None) -> Row:
    said = text(measure, figure(moment, measure))
    if against is not None:
        said = tr("{old} → {new}", old=text(measure, figure(against, measure)), new=said)
    known = {card.id: card for card in figures(before, moment.metrics)}
    if measure in known:
        return Row(name(measure), said, known[measure].gain, known[measure].tone)
    old, new = before.get("validation_accuracy" if measure == "validation" else measure), figure(moment, measure)
    if measure != "validation":
        return Row(name(measure), said, *gained("count", old, new))
    change = new - old if new is not None and isinstance(old, (int, float)) else None
    return Row(
        name(measure), said, points(change) if change else tr("no change"), "ok" if (change or 0) > 0 else "plain"
    )


class TradeoffCard(QFrame):
    """Hidden until :meth:`show_moment` or :meth:`show_pair`."""

    export_requested = Signal(object)
    recipe_requested = Signal(object)
    network_requested = Signal(object)
    live_requested = Signal()
    compare_requested = Signal(list)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "pinned")
        self.setMinimumWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(6)
        self._star = QLabel()
        self._star.setPixmap(pixmap("star-fill", tokens().s6, 14))
        self._star.setToolTip(tr("Best so far"))
        self.title = ElidedLabel("", "section")
        head.addWidget(self._star)
        head.addWidget(self.title, 1)
        cross = tool_button("x", tr("Close"), self.closed.emit)
        cross.setFixedSize(22, 22)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Escape does the same
        head.addWidget(cross)
        column.addLayout(head)
        self._tags = QHBoxLayout()
        self._tags.setSpacing(6)
        column.addLayout(self._tags)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(3)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(0, 1)
        column.addLayout(self._grid)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        column.addLayout(self._buttons)
        self.actions_shown: list[QPushButton] = []
        self.hide()

    def show_moment(self, moment: Moment, tags: Sequence[tuple[str, str]], shown: Sequence[Row], *, best: bool) -> None:
        """``tags`` are (badge, text)."""
        self._fill(moment.title, tags, shown, self._offers(moment))
        self._star.setVisible(best)

    def show_pair(self, first: Moment, second: Moment, shown: Sequence[Row]) -> None:
        """What going from ``first`` to ``second`` changes."""
        title = tr("{first} → {second}", first=first.brief, second=second.brief)
        compare = (tr("Compare"), lambda: self.compare_requested.emit([first, second]))
        self._fill(title, (), shown, [compare])
        self._star.hide()

    def _offers(self, moment: Moment) -> list[tuple[str, Callable[[], object]]]:
        """Buttons, the first of them the primary one."""
        export = (tr("Export…"), lambda: self.export_requested.emit(moment))
        recipe = (tr("Open recipe"), lambda: self.recipe_requested.emit(moment))
        network = (tr("Open network"), lambda: self.network_requested.emit(moment))
        if moment.running:
            return [(tr("Show live"), self.live_requested.emit)]
        match moment.kind:
            case "final":
                return [export, recipe]
            case "stage":
                return [*([network] if moment.kept else []), recipe]
            case "step":
                return [network] if moment.kept else []
            case _:
                return []

    def press(self) -> None:
        """The card's first action."""
        if self.actions_shown:
            self.actions_shown[0].click()

    def _fill(
        self,
        title: str,
        tags: Sequence[tuple[str, str]],
        shown: Sequence[Row],
        offers: Sequence[tuple[str, Callable[[], object]]],
    ) -> None:
        self.hide()  # what is put into a hidden card is shown with it, and counts for its size
        self.title.setText(title)
        for layout in (self._tags, self._grid, self._buttons):
            while (item := layout.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
        for kind, said in tags:
            self._tags.addWidget(label(said, badge=kind))
        self._tags.addStretch(1)
        for at, row in enumerate(shown):
            self._add_row(at, row)
        self.actions_shown = []
        for said, call in offers:
            made = button(said, call, kind="" if self.actions_shown else "primary", compact=True)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._buttons.addWidget(made)
            self.actions_shown.append(made)
        self.setAccessibleName(title)
        told = [
            tr("{name}: {value} ({gain})", name=row.name, value=row.value, gain=row.gain or NOTHING) for row in shown
        ]
        self.setAccessibleDescription(", ".join([*(said for _, said in tags), *told]))
        self.show()
        self.adjustSize()

    def _add_row(self, at: int, row: Row) -> None:
        self._grid.addWidget(label(row.name, "caption", "sec"), at, 0)
        for column, said, tone in ((1, row.value, ""), (2, row.gain, {"ok": "ok", "bad": "bad"}.get(row.tone, "sec"))):
            made = label(said, "strong" if column == 1 else "caption", tone)
            made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(made, at, column)
