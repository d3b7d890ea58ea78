"""A card inside a panel: what failed, why, the button that repairs it, Copy details.

Signals:
    repair_requested(object): the Repair to apply to the recipe.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from backend.errors import Repair
from backend.events import Failed
from gui.icons import pixmap
from gui.text import message, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.text_label import text_label


class FailureNotice(QFrame):
    """Hidden unless there is something to say."""

    repair_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = tokens()
        self._repair: Repair | None = None
        self._failed: Failed | None = None
        self.setObjectName("failureNotice")
        self.setStyleSheet(f"#failureNotice {{ background: {t.bad_bg}; border-radius: 8px; margin-bottom: 12px; }}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 12)
        row.setSpacing(10)
        sign = QLabel()
        sign.setPixmap(pixmap("warning-circle", t.bad, 18))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        self._message = text_label("", 13, 600, wrap=True)
        self._hint = text_label("", 12, 400, t.text, wrap=True)
        self._fix = button("", self._apply, kind="primary", compact=True)
        self._way_out: Callable[[], object] | None = None
        self.way_out = button("", self._leave, kind="primary", compact=True)
        self._copy = button(tr("Copy details"), self._copy_details, icon_name="copy", compact=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._fix)
        buttons.addWidget(self.way_out)
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        column.addWidget(self._message)
        column.addWidget(self._hint)
        column.addSpacing(6)
        column.addLayout(buttons)
        row.addLayout(column, 1)
        self.hide()

    def show_failure(self, failed: Failed | None) -> None:
        """Show ``failed``, or nothing."""
        if failed is None or failed is not self._failed:
            self.offer("", None)
            self._copy.setText(tr("Copy details"))
        self._failed = failed
        self.setVisible(failed is not None)
        if failed is None:
            return
        self._message.setText(message(failed.message))
        self._hint.setText(message(failed.hint))
        self._hint.setVisible(failed.hint is not None)
        self._repair = failed.repair
        self._fix.setVisible(failed.repair is not None)
        if failed.repair is not None:
            self._fix.setText(message(failed.repair.label))

    def offer(self, text: str, call: Callable[[], object] | None) -> None:
        """A way out that is no edit of the recipe; none where ``text`` is empty."""
        self._way_out = call
        self.way_out.setText(text)
        self.way_out.setVisible(bool(text))

    def _leave(self) -> None:
        if self._way_out is not None:
            self._way_out()

    def details(self) -> str:
        """What *Copy details* puts on the clipboard."""
        failed = self._failed
        if failed is None:
            return ""
        return "\n".join((message(failed.message), message(failed.hint), "", failed.details)).rstrip()

    def _apply(self) -> None:
        if self._repair is not None:
            self.repair_requested.emit(self._repair)

    def _copy_details(self) -> None:
        data = QMimeData()
        data.setText(self.details())
        QGuiApplication.clipboard().setMimeData(data)
        self._copy.setText(tr("Copied"))
