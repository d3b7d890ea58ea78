"""Every command of the window in one table: it makes the menu, the toolbar, the shortcuts and the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from gui.icons import icon
from gui.text import tr


@dataclass(frozen=True)
class Action:
    """One command.

    Attributes:
        id: stable name.
        title: what it is called; "…" where more input follows.
        icon: Phosphor name, or empty.
        shortcut: portable text (``Ctrl+O``), or empty.
        slot: path of the method that does it, from the window (``files.save``).
        menu: group of the main menu it stands in; empty keeps it out.
        why_not: path of the method that says why it is disabled now ("" = it is not).
        argument: what the method is given, if anything.
    """

    id: str
    title: str
    icon: str
    shortcut: str
    slot: str
    menu: str = ""
    why_not: str = ""
    argument: str = ""


TABS = ("live", "layers", "tradeoff", "compare", "sensitivity", "weights")
"""The tabs of the middle in their order, by the name of their panel."""


def table() -> tuple[Action, ...]:
    """The commands in the language in use, in the order of the menu."""
    return (
        Action("open", tr("Open…"), "folder-open", "Ctrl+O", "files.choose_file", "file"),
        Action("sample", tr("Open the sample"), "flask", "", "files.open_sample", "file"),
        Action("new", tr("New recipe"), "file-plus", "Ctrl+N", "files.new_recipe", "file", "why_no_document"),
        Action(
            "template",
            tr("New from template…"),
            "files",
            "Ctrl+Shift+N",
            "templates.choose",
            "file",
            "templates.why_not",
        ),
        Action("save", tr("Save recipe"), "floppy-disk", "Ctrl+S", "files.save", "file", "why_no_document"),
        Action("save_as", tr("Save recipe as…"), "", "Ctrl+Shift+S", "files.save_as", "file", "why_no_document"),
        Action("save_template", tr("Save as template"), "", "", "templates.save", "file", "templates.why_not_save"),
        Action(
            "import_nni", tr("Import NNI config…"), "", "", "templates.import_nni", "file", "templates.why_not_import"
        ),
        Action(
            "recipe_text",
            tr("Recipe as YAML, command or script…"),
            "code",
            "Ctrl+Shift+Y",
            "texts.show",
            "file",
            "why_no_document",
        ),
        Action("undo", tr("Undo"), "arrow-u-up-left", "Ctrl+Z", "undo", "edit", "why_no_undo"),
        Action("redo", tr("Redo"), "arrow-u-up-right", "Ctrl+Shift+Z", "redo", "edit", "why_no_redo"),
        Action("run", tr("Run"), "play-fill", "Ctrl+Return", "work.run_recipe", "run", "work.why_not_run"),
        Action(
            "queue", tr("Add to queue"), "list-plus", "Ctrl+Shift+Return", "lineup.add", "run", "lineup.why_not_add"
        ),
        Action("resume", tr("Resume the run"), "play", "", "work.resume_run", "run", "work.why_not_resume"),
        Action("stop", tr("Stop"), "stop-fill", "Ctrl+.", "work.stop_run", "run", "work.why_not_stop"),
        Action("scan", tr("Scan sensitivity"), "trend-down", "Ctrl+Shift+P", "scans.scan", "run", "scans.why_not_scan"),
        Action(
            "latency", tr("Measure layer latency"), "timer", "", "measuring.measure", "run", "measuring.why_not_measure"
        ),
        Action("budget", tr("Show the budget"), "target", "", "scans.show_budget", "go", "why_no_document"),
        Action("compare", tr("Compare"), "git-diff", "", "work.compare_runs", "run", "work.why_not_compare"),
        Action("export", tr("Export…"), "export", "Ctrl+E", "work.export_run", "run", "work.why_not_export"),
        Action("network", tr("Network…"), "cube", "", "choices.choose_network", "run", "why_no_document"),
        Action("data", tr("Data…"), "database", "", "choices.choose_data", "run", "why_no_document"),
        Action("device", tr("Device…"), "cpu", "", "choices.choose_device", "run", "why_no_document"),
        Action("find", tr("Search"), "magnifying-glass", "Ctrl+K", "views.search", "go"),
        Action("filter", tr("Filter layers"), "funnel", "Ctrl+F", "views.filter_layers", "go", "why_no_document"),
        Action("welcome", tr("Start page"), "house", "", "views.show_welcome", "go"),
        Action(
            "expand",
            tr("Expand all layers"),
            "arrows-out-line-vertical",
            "",
            "views.expand_layers",
            "go",
            "why_no_document",
        ),
        Action(
            "collapse",
            tr("Collapse all layers"),
            "arrows-in-line-vertical",
            "",
            "views.collapse_layers",
            "go",
            "why_no_document",
        ),
        Action("columns", tr("Choose columns"), "columns", "", "views.choose_columns", "view", "why_no_document"),
        *_tabs(),
        Action(
            "plot_table",
            tr("Show the plot as a table"),
            "table",
            "Ctrl+T",
            "views.plot_table",
            "view",
            "why_no_document",
        ),
        Action("next_pane", tr("Next pane"), "", "F6", "views.next_pane", "view"),
        Action("previous_pane", tr("Previous pane"), "", "Shift+F6", "views.previous_pane", "view"),
        Action("reset_layout", tr("Reset layout"), "", "", "reset_layout", "view"),
        Action("settings", tr("Settings…"), "gear-six", "Ctrl+,", "choices.settings", "end"),
        Action("shortcuts", tr("Keyboard shortcuts"), "keyboard", "Ctrl+/", "views.show_shortcuts", "end"),
        Action("about", tr("About Pare"), "info", "", "choices.about", "end"),
        Action("quit", tr("Quit"), "sign-out", "Ctrl+Q", "close", "end"),
    )


def _tabs() -> list[Action]:
    names = (tr("Live"), tr("Layers"), tr("Trade-off"), tr("Compare"), tr("Sensitivity"), tr("Weights"))
    return [
        Action(
            f"tab_{id}", tr("Show {tab}", tab=name), "", f"Ctrl+{at}", "views.show_tab", "view", "why_no_document", id
        )
        for at, (id, name) in enumerate(zip(TABS, names, strict=True), 1)
    ]


def build(owner: QObject) -> dict[str, QAction]:
    """A QAction for each row, whose slot and reason are methods of ``owner``."""
    made: dict[str, QAction] = {}
    for row in table():
        action = QAction(row.title, owner)
        if row.icon:
            action.setIcon(icon(row.icon))
        keys = [QKeySequence(row.shortcut)] if row.shortcut else []
        if row.id in ("run", "queue"):
            keys.append(QKeySequence(row.shortcut.replace("Return", "Enter")))
        if row.id == "redo":
            keys.append(QKeySequence("Ctrl+Y"))
        action.setShortcuts(keys)
        action.triggered.connect(_caller(owner, row))
        action.setProperty("id", row.id)
        action.setProperty("menu", row.menu)
        made[row.id] = action
    return made


def update(owner: QObject, actions: dict[str, QAction]) -> None:
    """Enable each action, or disable it with the reason as its tooltip."""
    for row in table():
        reason = str(attrgetter(row.why_not)(owner)()) if row.why_not else ""
        action = actions[row.id]
        action.setEnabled(not reason)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        hint = tr("{action} ({keys})", action=row.title.rstrip("…"), keys=keys) if keys else row.title.rstrip("…")
        action.setToolTip(reason or hint)


def _caller(owner: QObject, row: Action) -> Callable[[], None]:
    given = (row.argument,) if row.argument else ()
    return lambda: attrgetter(row.slot)(owner)(*given)
