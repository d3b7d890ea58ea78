"""Choose which layer of the student learns from which layer of the teacher, on the two networks side by side.

``PairsDialog(wanted, student, names)``: ``student`` is the network as it was inspected; ``show_teacher`` or ``fail``
follows once the engine has answered. What was chosen is told to ``wanted``.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QStyleOptionViewItem, QWidget

from backend.answers import Inspection
from gui.dialogs.pair_lines import PairLines, paint_badge
from gui.dialogs.pair_side import PairSide
from gui.dialogs.sheet import Sheet
from gui.dialogs.table_dialog import aligned, heading
from gui.forms import PairsWanted
from gui.pairing import Pairing, Side
from gui.text import number, phrase, tr
from gui.widgets.buttons import button
from gui.widgets.labels import label, restyle
from gui.widgets.table_style import IndentDelegate, table_view

Index = QModelIndex | QPersistentModelIndex
NUMBER, STUDENT, TEACHER, BETWEEN = range(4)
ROWS = 3
"""Pairs that are listed without scrolling."""


class PairsDialog(Sheet):
    """See the module's text."""

    def __init__(
        self, wanted: PairsWanted, student: Inspection, names: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        method = phrase(wanted.method.label)
        super().__init__(
            tr("Layer pairs for {method}", method=method),
            tr("Each layer of the student learns from the layer of the teacher that it is paired with. Without pairs, "
               "the run proposes them from the shapes."),
            width=900,
            parent=parent,
        )  # fmt: skip
        self._wanted, self._inspected = wanted, student
        self._picked: tuple[Side, str] | None = None
        self.pairing: Pairing | None = None
        self.student = PairSide(tr("Student"), names[0])
        self.teacher = PairSide(tr("Teacher"), names[1])
        self.lines = PairLines(self.student, self.teacher)
        sides = QHBoxLayout()
        sides.setSpacing(0)
        sides.addWidget(self.student, 1)
        sides.addWidget(self.lines)
        sides.addWidget(self.teacher, 1)
        self.body.addLayout(sides, 1)
        self.hint = label("", "caption", "sec", wrap=True)
        self.hint.setMinimumHeight(36)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.body.addWidget(self.hint)
        self._add_table()
        self.propose = button(tr("Propose"), self._propose, icon_name="magic-wand")
        self.propose.setToolTip(tr("Pair the last layers or blocks of each height and width"))
        self.clear = button(tr("Remove all"), self._clear)
        self.footer.addWidget(self.propose)
        self.footer.addWidget(self.clear)
        self.use = self.add_buttons(tr("Use pairs"))
        self.use.setDefault(False)  # Return pairs layers
        self._listen()
        self.student.show_network(student)
        self.teacher.say(tr("Opening the teacher…"))
        self.resize(960, 640)
        self._refresh()
        self.student.tree.setFocus()

    def _add_table(self) -> None:
        self.table = _PairTable(self)
        widths = {NUMBER: 44, STUDENT: 250, TEACHER: 250}
        self.view = table_view(self.table, widths, BETWEEN, tr("Pairs of layers"))
        self.view.setItemDelegate(_PairDelegate(self.view))
        self.view.setStyleSheet("QTableView { font-size: 12px; } QTableView::item { padding: 0 3px; }")
        self.view.setFixedHeight(28 + ROWS * 28)
        self.view.selectionModel().currentRowChanged.connect(self._show_pair)
        removing = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view)
        removing.setContext(Qt.ShortcutContext.WidgetShortcut)
        removing.activated.connect(self._remove_current)
        self.none = label(tr("No pairs yet: the run proposes them from the shapes."), "caption", "ter")
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        holder = QWidget()
        holder.setFixedHeight(self.view.height())
        self._pages = QStackedLayout(holder)
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.none)
        self.body.addWidget(holder)

    def _listen(self) -> None:
        self.student.picked.connect(lambda name: self._pick("student", name))
        self.teacher.picked.connect(lambda name: self._pick("teacher", name))
        self.student.parted.connect(lambda name: self._part("student", name))
        self.teacher.parted.connect(lambda name: self._part("teacher", name))

    # The teacher

    def show_teacher(self, inspection: Inspection) -> None:
        """The engine has described it."""
        self.pairing = Pairing(self._wanted.method, self._inspected.layers, inspection.layers, self._wanted.pairs)
        self.teacher.show_network(inspection)
        self._unfold()
        self._refresh()

    def fail(self, text: str) -> None:
        """It can't be opened, and why."""
        self.teacher.say(text, bad=True)

    # Choosing

    def _pick(self, side: Side, name: str) -> None:
        """The first layer waits for its partner on the other side; a second one on its own side takes its place."""
        if self.pairing is None:
            return
        before, self._picked = self._picked, (side, name)
        why = ""
        if before is not None and before[0] != side:
            own, other = (before[1], name) if side == "teacher" else (name, before[1])
            why = self.pairing.join(own, other)
            self._picked = before if why else None
        self._refresh(why)

    def _part(self, side: Side, name: str) -> None:
        if self.pairing is not None and self.pairing.part(side, name):
            self._picked = None
            self._refresh()

    def _remove_current(self) -> None:
        row = self.view.currentIndex().row()
        if self.pairing is not None and 0 <= row < len(self.pairing.pairs):
            del self.pairing.pairs[row]
            self._refresh()
            self.view.selectRow(min(row, len(self.pairing.pairs) - 1))

    def _propose(self) -> None:
        if self.pairing is None:
            return
        self._picked = None
        found = self.pairing.propose()
        self._unfold()
        self._refresh("" if found else tr("No outputs of the two networks go together by their shapes."))

    def _unfold(self) -> None:
        """What is paired has a row."""
        if self.pairing is not None:
            self.student.unfold(own for own, _ in self.pairing.pairs)
            self.teacher.unfold(other for _, other in self.pairing.pairs)

    def _clear(self) -> None:
        if self.pairing is not None:
            self.pairing.pairs = []
            self._picked = None
            self._refresh()

    def _show_pair(self, index: QModelIndex) -> None:
        if self.pairing is not None and 0 <= index.row() < len(self.pairing.pairs):
            own, other = self.pairing.pairs[index.row()]
            self.student.reveal(own)
            self.teacher.reveal(other)

    # What is shown

    def _refresh(self, refusal: str = "") -> None:
        pairing = self.pairing
        side, name = self._picked or ("", "")
        numbers = {one: pairing.numbers(one) if pairing is not None else {} for one in ("student", "teacher")}  # type: ignore[arg-type]
        self.student.show_numbers(numbers["student"], name if side == "student" else "")
        self.teacher.show_numbers(numbers["teacher"], name if side == "teacher" else "")
        pairs = pairing.pairs if pairing is not None else []
        self.lines.show_pairs(pairs)
        self.table.show_pairing(pairing)
        self._pages.setCurrentWidget(self.view if pairs else self.none)
        self.propose.setEnabled(pairing is not None)
        self.clear.setEnabled(bool(pairs))
        self.use.setEnabled(pairing is not None)
        restyle(self.hint, tone="bad" if refusal else "sec")
        self.hint.setText(refusal or self._next())

    def _next(self) -> str:
        """What to do next."""
        match self._picked:
            case ("student", name):
                return tr("Now choose the layer of the teacher that {layer} learns from.", layer=name)
            case ("teacher", name):
                return tr("Now choose the layer of the student that learns from {layer}.", layer=name)
        if self.pairing is not None and self.pairing.several:
            return tr("Choose a layer of the student, then a layer of the teacher: one layer may learn from several.")
        return tr("Choose a layer of the student, then the layer of the teacher that it learns from.")

    def accept(self) -> None:
        if self.pairing is not None:
            self._wanted.tell(self.pairing.value)
            super().accept()


class _PairTable(QAbstractTableModel):
    """A row for each pair, with what stands between its shapes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pairing: Pairing | None = None

    def show_pairing(self, pairing: Pairing | None) -> None:
        self.beginResetModel()
        self._pairing = pairing
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._pairing.pairs) if self._pairing is not None and not parent.isValid() else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        titles = ("", tr("Student"), tr("Teacher"), tr("Between them"))
        return heading(orientation, role, lambda: titles[section], right=False)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._pairing is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._text(self._pairing, index.row(), index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                return aligned(False)
        return None

    def _text(self, pairing: Pairing, row: int, column: int) -> str:
        own, other = pair = pairing.pairs[row]
        match column:
            case 0:
                return number(row + 1)
            case 1:
                return tr("{layer} · {shape}", layer=own, shape=pairing.shape("student", own))
            case 2:
                return tr("{layer} · {shape}", layer=other, shape=pairing.shape("teacher", other))
        return pairing.note(pair)


class _PairDelegate(IndentDelegate):
    """The number of a pair as it stands in the trees."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.column() != NUMBER:
            super().paint(painter, option, index)
            return
        painter.save()
        area = option.rect  # type: ignore[attr-defined]
        paint_badge(painter, area.left() + 14, area.center().y() + 1, index.row() + 1)
        painter.restore()
