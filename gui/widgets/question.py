"""A question with named answers. It does not block: what follows stands in the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

Answer = tuple[str, Callable[[], object] | None]


def ask(parent: QWidget, title: str, text: str, detail: str, answers: Sequence[Answer]) -> QMessageBox:
    """Ask; the first answer is offered first, the last one is what Escape means and does nothing if None."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(detail)
    calls: dict[QPushButton, Callable[[], object] | None] = {}
    roles = QMessageBox.ButtonRole
    for i, (label, call) in enumerate(answers):
        last = i == len(answers) - 1
        button = box.addButton(label, roles.AcceptRole if i == 0 else roles.RejectRole if last else roles.ActionRole)
        calls[button] = call
        if last:
            box.setEscapeButton(button)
            box.setDefaultButton(button)

    def answered() -> None:
        pressed = box.clickedButton()
        call = calls.get(pressed) if isinstance(pressed, QPushButton) else None
        if call is not None:
            call()

    box.finished.connect(answered)
    box.open()
    return box
