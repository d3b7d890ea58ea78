"""Running somebody's Python file is allowed once per file and content."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from gui.dialogs.consent_dialog import ConsentDialog


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
    parent: QWidget, consent: Mapping[str, str], granted: Callable[[], None], imports: Sequence[str] = ()
) -> ConsentDialog:
    """Ask whether the file may be run; nothing else waits meanwhile."""
    from gui.dialogs.consent_dialog import ConsentDialog

    dialog = ConsentDialog(consent["file"], consent["sha256"], imports, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def accepted() -> None:
        allow(consent)
        granted()

    dialog.accepted.connect(accepted)
    dialog.open()
    return dialog
