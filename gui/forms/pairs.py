"""The editor of pairs of layers: what is paired, and the way to the two trees."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from backend.description import Description
from gui.forms.numbers import Tell
from gui.forms.surroundings import Pairs, PairsWanted, Surroundings
from gui.text import plural, tr
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel

SHOWN = 4
"""As many pairs are listed."""


def pair_texts(pairs: Pairs) -> list[str]:
    """``layer1 → layer1`` for each layer of the student."""
    return [
        tr(
            "{student} → {teacher}",
            student=student,
            teacher=teacher if isinstance(teacher, str) else ", ".join(teacher),
        )
        for student, teacher in pairs.items()
    ]


class PairsEditor(QWidget):
    """Lists the pairs; they are chosen in a dialog. Told as a mapping, None where the run proposes them."""

    def __init__(
        self,
        value: Pairs | None,
        method: Description | None,
        tell: Tell,
        around: Surroundings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value, self._method, self._tell, self._around = value, method, tell, around
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._caption = QVBoxLayout()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        column.addLayout(self._caption)
        column.addLayout(self._lines)
        self.choose = button(tr("Choose layers…"), self._choose, icon_name="flow-arrow", compact=True)
        self.choose.setEnabled(method is not None and around.choose_pairs is not None)
        column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFocusProxy(self.choose)
        self._show()

    def lead(self, caption: QWidget, width: int) -> None:
        """Put ``caption`` above the pairs."""
        self._caption.addWidget(caption)

    def _show(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        texts = self.texts()
        for text in texts:
            self._lines.addWidget(ElidedLabel(text, "caption", "" if self._value else "ter"))
        self.choose.setAccessibleDescription(", ".join(texts))

    def texts(self) -> list[str]:
        """What is listed."""
        if not self._value:
            return [tr("Chosen automatically")]
        texts = pair_texts(self._value)
        more = len(texts) - SHOWN
        return [*texts[:SHOWN], *([plural(more, "and {count} more", "and {count} more")] if more > 0 else [])]

    def _choose(self) -> None:
        if self._method is not None and self._around.choose_pairs is not None:
            wanted = PairsWanted(self._method, self._value, self._around.teacher(), self._take)
            self._around.choose_pairs(wanted)

    def _take(self, pairs: Pairs | None) -> None:
        if isValid(self):  # the form may be another one by now
            self._value = pairs or None
            self._show()
            self._tell(self._value)
