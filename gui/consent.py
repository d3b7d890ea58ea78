"""Running somebody's Python file is allowed once per file and content."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.text import tr


def allowed() -> dict[str, str]:
    """Files whose running was allowed: path → SHA-256 of what was allowed."""
    try:
        found = json.loads(str(QSettings().value("allowed", "{}")))
    except ValueError:
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def allow(consent: Mapping[str, str]) -> None:
    QSettings().setValue("allowed", json.dumps({**allowed(), consent["file"]: consent["sha256"]}))


def ask(
    parent: QWidget, consent: Mapping[str, str], granted: Callable[[], None], refused: Callable[[], None]
) -> QMessageBox:
    """Ask whether the file may be run; nothing else waits meanwhile."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(tr("Allow this file to run?"))
    box.setText(tr("Opening this network runs the Python file {file}.", file=consent["file"]))
    box.setInformativeText(tr("Its code can do anything you can. Allow it if you trust where it comes from."))
    yes = box.addButton(tr("Allow and open"), QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(tr("Don't open"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)

    def answered() -> None:
        if box.clickedButton() is yes:
            allow(consent)
            granted()
        else:
            refused()

    box.finished.connect(lambda _: answered())
    box.open()
    return box
