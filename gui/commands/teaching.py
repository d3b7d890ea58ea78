"""What the forms of distillation ask of the window: its runs, and the teacher's layers beside the student's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from shiboken6 import isValid

from backend.answers import Inspection
from backend.engine.protocol import Inspect
from backend.events import Failed
from gui.consent import allowed
from gui.forms import PairsWanted, Surroundings
from gui.network_text import ORIGINAL, network_text
from gui.text import message, tr

if TYPE_CHECKING:
    from gui.dialogs.pairs_dialog import PairsDialog
    from gui.main_window import MainWindow


class TeachingCommands:
    """``surroundings`` are what the forms get."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.surroundings = Surroundings(runs=self._runs, choose_pairs=self.choose_pairs)

    def _runs(self) -> list[tuple[str, Path]]:
        return [(row.title, row.folder) for row in self._window.runs.rows if row.status == "done"]

    def choose_pairs(self, wanted: PairsWanted) -> None:
        """Show the student's and the teacher's layers side by side."""
        from gui.dialogs.pairs_dialog import PairsDialog

        document = self._window.document
        if document.inspection is None or (why := document.why_unknown()):
            self._window.say(why)
            return
        names = self._student(), network_text(wanted.teacher, self._runs())
        dialog = PairsDialog(wanted, document.inspection, names, self._window)
        dialog.open()
        if wanted.teacher in (None, ORIGINAL):
            dialog.show_teacher(document.inspection)
        else:
            self._inspect(dialog, wanted.teacher)

    def _inspect(self, dialog: PairsDialog, teacher: Any) -> None:
        """Have the engine describe the teacher."""
        if not isValid(dialog):
            return
        document, engine = self._window.document, self._window.engine

        def answered(value: Any) -> None:
            if isValid(dialog):
                dialog.show_teacher(Inspection.from_data(value))

        def failed(event: Failed) -> None:
            if isValid(dialog):
                dialog.fail(f"{message(event.message)} {message(event.hint)}".strip())
                if event.consent is not None:
                    self._window.problems.ask_consent(dict(event.consent), lambda: self._inspect(dialog, teacher))

        model = dict(teacher) if isinstance(teacher, Mapping) else {"source": "checkpoint", "weights": str(teacher)}
        data = document.recipe.data.to_data() if document.recipe is not None else None
        job = engine.ask(Inspect(model, data, str(document.folder), allowed()), answered, failed)
        dialog.finished.connect(lambda _: engine.forget(job), Qt.ConnectionType.SingleShotConnection)

    def _student(self) -> str:
        """What is shown of it; stages before the training may make other shapes of it."""
        document = self._window.document
        stages = document.recipe.stages if document.recipe is not None else ()
        changed = any(stage.kind in ("decompose", "replace") or stage.settings.get("remove") for stage in stages)
        return tr("{network}, as it was opened", network=document.network_name) if changed else document.network_name
