"""A text with line numbers, tinted by its language; an error is written beside its line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from gui.theme import tokens

Language = Literal["yaml", "python", "plain"]
GAP = 24
"""Pixels between the end of a line and what is wrong with it."""


class CodeEditor(QPlainTextEdit):
    """``undo_wanted``, ``redo_wanted``: the keys were pressed; undo belongs to whoever owns the text.

    ``read_only`` texts can be selected and copied with the keyboard too.
    """

    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(
        self, language: Language = "plain", name: str = "", *, read_only: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFont(code_font())
        self.setAccessibleName(name)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setReadOnly(read_only)
        if read_only:
            flags = Qt.TextInteractionFlag
            self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setUndoRedoEnabled(False)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self._numbers = _Numbers(self)
        self._error: tuple[int, str] | None = None
        self._tint = _Tint(self.document(), language)
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._scroll_numbers)
        self._make_room()

    @property
    def error(self) -> tuple[int, str] | None:
        """Line from 1, and the sentence beside it."""
        return self._error

    def set_error(self, line: int | None, text: str = "") -> None:
        """Write ``text`` beside ``line``; None: nothing is wrong."""
        self._error = (line, text) if line is not None else None
        marks = []
        if line is not None:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))  # type: ignore[attr-defined]
            mark.format.setBackground(QColor(tokens().bad_bg))  # type: ignore[attr-defined]
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # type: ignore[attr-defined]
            marks.append(mark)
        self.setExtraSelections(marks)
        self.setAccessibleDescription(text)
        self.viewport().update()
        self._numbers.update()

    def replace_text(self, text: str) -> None:
        """Show ``text``, changing only the places that differ: the cursor and the view stay where they are."""
        if text == self.toPlainText():
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for start, end, new in reversed(differences(self.toPlainText(), text)):
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(new)
        cursor.endEditBlock()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Two spaces for a tab, Shift+Tab leaves; undo and redo are told."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_wanted.emit()
        elif event.key() == Qt.Key.Key_Tab and not self.isReadOnly() and not event.modifiers():
            self.insertPlainText("  ")
        elif event.key() == Qt.Key.Key_Backtab:
            self.setTabChangesFocus(True)  # else nothing leads out of an editor but the mouse
            self.focusNextPrevChild(False)
            self.setTabChangesFocus(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isReadOnly():
            line = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
            self.insertPlainText("\n" + line[: len(line) - len(line.lstrip())])
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._error is None:
            return
        block = self.document().findBlockByNumber(self._error[0] - 1)
        if not block.isValid():
            return
        area = self.blockBoundingGeometry(block).translated(self.contentOffset())
        end = self.fontMetrics().horizontalAdvance(block.text()) + GAP + area.x()
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        painter.setPen(QColor(tokens().bad))
        room = QRectF(end, area.y(), max(0.0, self.viewport().width() - end - 8), area.height())
        shown = self.fontMetrics().elidedText(self._error[1], Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignTop, shown)

    # Line numbers

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self.numbers_width(), area.height()))

    def numbers_width(self) -> int:
        digits = max(2, len(str(self.blockCount())))
        return 20 + digits * self.fontMetrics().horizontalAdvance("9")

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width() + 4, 0, 0, 0)

    def _scroll_numbers(self, area: QRect, by: int) -> None:
        if by:
            self._numbers.scroll(0, by)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def paint_numbers(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), QColor(t.window))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if area.top() > event.rect().bottom():
                break
            wrong = self._error is not None and self._error[0] == block.blockNumber() + 1
            painter.setPen(QColor(t.bad if wrong else t.ter))
            room = QRectF(0, area.top(), self._numbers.width() - 8, area.height())
            sides = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop  # the last line is taller
            painter.drawText(room, sides, f"{'●' if wrong else ''} {block.blockNumber() + 1}")
            block = block.next()


class _Numbers(QWidget):
    def __init__(self, editor: CodeEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)


def code_font() -> QFont:
    """The system's font for code, a little smaller than the text beside it."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(12)
    return made


def differences(old: str, new: str) -> list[tuple[int, int, str]]:
    """(start, end, text) of the places of ``old`` that another text must take to make ``new``, in order."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    found = []
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append(_trimmed(starts[i1], "".join(before[i1:i2]), "".join(after[j1:j2])))
    return found


def _trimmed(start: int, old: str, new: str) -> tuple[int, int, str]:
    """Without what both begin and end with."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return start + head, start + len(old) - tail, new[head : len(new) - tail]


_YAML = (
    (r"#.*$", "comment"),
    (r"^\s*(?:- )?\s*([\w\"'*.:\[\]-]+)(?=\s*:(?:\s|$))", "key"),
    (r"(?<=[{,])\s*([\w\"'*.-]+)(?=\s*:)", "key"),
    (r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])", "number"),
    (r"\b(?:true|false|null|keep)\b", "word"),
    (r"\"[^\"]*\"|'[^']*'", "text"),
)
_PYTHON = (
    (r"\b(?:import|from|def|return|class|for|in|if|else|match|case|lambda|as|with|not|and|or)\b", "word"),
    (r"\b(?:True|False|None)\b", "number"),
    (r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.])", "number"),
    (r"\b[A-Z]\w+(?=\()", "key"),
    (r"\"[^\"]*\"|'[^']*'", "text"),
    (r"#.*$", "comment"),
)
_PLAIN: Sequence[tuple[str, str]] = ((r"(?<=\s)--[\w-]+", "key"),)


class _Tint(QSyntaxHighlighter):
    """Colors of the theme for keys, numbers, texts and comments."""

    def __init__(self, document: QTextDocument, language: Language) -> None:
        super().__init__(document)
        t = tokens()
        colors = {"key": t.accent, "number": t.act, "word": t.int4, "text": t.code, "comment": t.ter}
        chosen = {"yaml": _YAML, "python": _PYTHON, "plain": _PLAIN}[language]
        self._rules = [(re.compile(pattern), _format(colors[kind])) for pattern, kind in chosen]

    def highlightBlock(self, text: str) -> None:
        for pattern, form in self._rules:
            for found in pattern.finditer(text):
                group = 1 if pattern.groups else 0
                self.setFormat(found.start(group), found.end(group) - found.start(group), form)


def _format(color: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(color))
    return made
