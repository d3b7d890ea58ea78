"""What is asked and said when something does not work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QInputDialog

from backend.answers import Inspection
from backend.errors import CompressionError, Repair
from backend.events import Failed, Finished
from gui import consent, repairs
from gui.panels.error_card import ErrorCard
from gui.panels.problems_panel import Problem
from gui.text import message, tr
from gui.widgets.held_line import held_text
from gui.widgets.trust_badge import trust_text, trust_word

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class ProblemCommands:
    """Error cards, consent, repairs, the list of problems."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def not_opened(self, path: Path | None, event: Failed) -> None:
        name = path.name if path is not None else self._window.document.name
        glance = self._window.opener.glance
        facts = [(tr("File"), str(path))] if path is not None else []
        facts += _found(glance) if glance is not None else []
        if event.line is not None:
            facts.append((tr("Line"), str(event.line)))
        repair: tuple[str, Callable[[], object]] | None = None
        if event.repair is not None and self._window.document.is_open:
            repair = (message(event.repair.label), partial(self.repair, event.repair))
        elif path is not None and glance is not None and glance.layers and self._window.document.catalogue is not None:
            model = {"source": "python", "weights": str(path)}  # names and shapes fit nothing that Pare knows
            repair = (tr("Choose the network…"), partial(self._window.choices.ask_network, model))
        elif self._window.document.is_open and event.consent is None and path in (None, self._window.document.path):
            repair = (tr("Try again"), self._try_again)
        another = (tr("Open another file…"), self._window.files.choose_file)
        back = (tr("Back"), self._back) if not self._window.document.why_unknown() else None
        card = ErrorCard(
            tr("Pare can't open {name}", name=name),
            f"{message(event.message)} {message(event.hint)}".strip(),
            facts=facts,
            repair=repair or another,
            other=another if repair else back,
            details=event.details,
        )
        self._window.frame.show_error(card)
        self._window.update_actions()

    def _try_again(self) -> None:
        self._back()
        self._window.opener.again()

    def _back(self) -> None:
        """The document that was open goes on."""
        self._window.frame.drop_error()
        self._window.frame.show_page(self._window.panes.tabs)

    def ask_consent(self, needed: dict[str, str], again: Any) -> None:
        consent.ask(self._window, needed, again, self._imports_of(Path(needed["file"])))

    def _imports_of(self, file: Path) -> Sequence[str]:
        """What the look at the file that was opened last found; nothing of another one, such as a file with data."""
        glance, document = self._window.opener.glance, self._window.document
        if glance is None or glance.trust is None:
            return ()
        named = glance.model.get("file")
        same = (document.folder / named).resolve() == file.resolve() if named else bool(document.why_unknown())
        return glance.trust.wants if same else ()

    def ask_class(self, path: Path, names: list[str]) -> None:
        text = tr("{file} defines several classes. Which one is the network?", file=path.name)
        name, chosen = QInputDialog.getItem(self._window, tr("Choose the network"), text, names, 0, False)
        if chosen:
            self._window.opener.python_class(path, name)

    def repair(self, repair: Repair) -> None:
        """Set what a repair sets, as one step of undo; what was edited since its run stays."""
        document = self._window.document
        if document.recipe is None or document.catalogue is None:
            return
        try:
            edits = repairs.fitted(repair, self._stages_of_run(), document.recipe, document.catalogue)
            document.set_values(edits, message(repair.label))
        except CompressionError as error:
            self.show_problem(error)

    def repair_plan(self, repair: Repair) -> None:
        """Repair the plan as it is now, as one step of undo."""
        document = self._window.document
        try:
            if document.is_open:
                document.set_values(repair.edits, message(repair.label))
        except CompressionError as error:
            self.show_problem(error)
        self._window.plan_problems.look()

    def lead(self, action: str) -> None:
        """Do the command that leads to a repair."""
        self._window.actions_by_id[action].trigger()

    def show_stage(self, index: int) -> None:
        """Open the card of a stage."""
        self._window.hidden_docks -= {"recipe"}
        self._window.show_docks()
        self._window.document.select_stage(index)

    def show_list(self) -> None:
        """Bring the list of problems forward."""
        self._window.hidden_docks -= {"history"}
        self._window.show_docks()
        self._window.panes.show_history(self._window.panes.problems)

    def _stages_of_run(self) -> Sequence[Any]:
        """The stages of the run in view, as plain data."""
        ending, recipe = self._window.shown.ending, self._window.runner.recipe
        if isinstance(ending, Finished):
            told = ending.result.get("recipe")
            return list(told.get("stages") or []) if isinstance(told, Mapping) else []
        return list(recipe.to_data()["stages"]) if self._window.shown is self._window.state and recipe else []

    def show_problem(self, error: CompressionError | Failed) -> None:
        """Add a problem to the list and show it."""
        self._window.panes.problems.show_now([Problem.of(error)])
        self._window.panes.show_history(self._window.panes.problems)


def _found(glance: Inspection) -> list[tuple[str, str]]:
    """What a look at a file told, though it can't be opened."""
    facts = [(tr("Holds"), held_text(glance))] if glance.layers else []
    if glance.trust is not None and glance.trust.level != "unknown":
        told = trust_text(glance.trust).splitlines()[-1] if glance.trust.level == "safe" or glance.trust.wants else ""
        facts.append((tr("Trust"), " · ".join(part for part in (trust_word(glance.trust), told) if part)))
    return facts
