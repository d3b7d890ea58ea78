"""Every command of the window in one table: it makes the menu, the toolbar, the shortcuts and the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
        slot: name of the window's method that does it.
        menu: group of the main menu it stands in; empty keeps it out.
        why_not: name of the window's method that says why it is disabled now ("" = it is not).
    """

    id: str
    title: str
    icon: str
    shortcut: str
    slot: str
    menu: str = ""
    why_not: str = ""


def table() -> tuple[Action, ...]:
    """The commands in the language in use, in the order of the menu."""
    return (
        Action("open", tr("Open…"), "folder-open", "Ctrl+O", "choose_file", "file"),
        Action("sample", tr("Open the sample"), "flask", "", "open_sample", "file"),
        Action("new", tr("New recipe"), "file-plus", "Ctrl+N", "new_recipe", "file", "why_no_document"),
        Action("save", tr("Save recipe"), "floppy-disk", "Ctrl+S", "save", "file", "why_no_document"),
        Action("save_as", tr("Save recipe as…"), "", "Ctrl+Shift+S", "save_as", "file", "why_no_document"),
        Action("undo", tr("Undo"), "arrow-u-up-left", "Ctrl+Z", "undo", "edit", "why_no_undo"),
        Action("redo", tr("Redo"), "arrow-u-up-right", "Ctrl+Shift+Z", "redo", "edit", "why_no_redo"),
        Action("run", tr("Run"), "play-fill", "Ctrl+Return", "run_recipe", "run", "why_not_run"),
        Action("stop", tr("Stop"), "stop-fill", "Ctrl+.", "stop_run", "run", "why_not_stop"),
        Action("export", tr("Export…"), "export", "Ctrl+E", "export_run", "run", "why_not_export"),
        Action("network", tr("Network…"), "cube", "", "choose_network", "run", "why_no_document"),
        Action("data", tr("Data…"), "database", "", "choose_data", "run", "why_no_document"),
        Action("device", tr("Device…"), "cpu", "", "choose_device", "run", "why_no_document"),
        Action("find", tr("Search"), "magnifying-glass", "Ctrl+K", "search", "go"),
        Action("filter", tr("Filter layers"), "funnel", "Ctrl+F", "filter_layers", "go", "why_no_document"),
        Action("welcome", tr("Start page"), "house", "", "show_welcome", "go"),
        Action(
            "expand", tr("Expand all layers"), "arrows-out-line-vertical", "", "expand_layers", "go", "why_no_document"
        ),
        Action(
            "collapse",
            tr("Collapse all layers"),
            "arrows-in-line-vertical",
            "",
            "collapse_layers",
            "go",
            "why_no_document",
        ),
        Action("reset_layout", tr("Reset layout"), "", "", "reset_layout", "view"),
        Action("settings", tr("Settings…"), "gear-six", "Ctrl+,", "settings", "end"),
        Action("about", tr("About Pare"), "info", "", "about", "end"),
        Action("quit", tr("Quit"), "sign-out", "Ctrl+Q", "close", "end"),
    )


def build(owner: QObject) -> dict[str, QAction]:
    """A QAction for each row, whose slot and reason are methods of ``owner``."""
    made: dict[str, QAction] = {}
    for row in table():
        action = QAction(row.title, owner)
        if row.icon:
            action.setIcon(icon(row.icon))
        keys = [QKeySequence(row.shortcut)] if row.shortcut else []
        if row.id == "run":
            keys.append(QKeySequence("Ctrl+Enter"))
        if row.id == "redo":
            keys.append(QKeySequence("Ctrl+Y"))
        action.setShortcuts(keys)
        action.triggered.connect(_caller(owner, row.slot))
        action.setProperty("id", row.id)
        action.setProperty("menu", row.menu)
        made[row.id] = action
    return made


def update(owner: QObject, actions: dict[str, QAction]) -> None:
    """Enable each action, or disable it with the reason as its tooltip."""
    for row in table():
        reason = str(getattr(owner, row.why_not)()) if row.why_not else ""
        action = actions[row.id]
        action.setEnabled(not reason)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        hint = tr("{action} ({keys})", action=row.title.rstrip("…"), keys=keys) if keys else row.title.rstrip("…")
        action.setToolTip(reason or hint)


def _caller(owner: QObject, slot: str) -> Callable[[], None]:
    return lambda: getattr(owner, slot)()
