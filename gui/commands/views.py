"""Going to places in the window: search, filter, pages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui import menus
from gui.palette import Group
from gui.palette_groups import groups
from gui.pane_focus import PaneFocus
from gui.text import tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class ViewCommands:
    """Nothing here changes the recipe."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def show_menu(self) -> None:
        menus.below(self._window.frame.toolbar.menu_button, menus.main_menu(self._window))

    def search(self) -> None:
        self._window.frame.toolbar.search.start()

    def groups(self) -> list[Group]:
        """What the search can find now."""
        return groups(self._window)

    def show_layer(self, name: str) -> None:
        self._window.hidden_docks -= {"model"}
        self._window.show_docks()
        self._window.panes.model.show_layer(name)

    def show_setting(self, stage: int, path: Sequence[str]) -> None:
        """Unfold a stage of the recipe and give the keyboard to one of its settings."""
        self._window.hidden_docks -= {"recipe"}
        self._window.show_docks()
        self._window.panes.recipe.show_setting(stage, path)

    def show_tab(self, name: str) -> None:
        """Bring the tab of the middle forward whose panel has this name, and give it the keyboard."""
        panes = self._window.panes
        self._window.frame.show_page(panes.tabs)
        panes.tabs.setCurrentWidget(getattr(panes, name))
        panes.tabs.tabBar().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def plot_table(self) -> None:
        """Open the table of the plot that is in view."""
        shown = self._window.panes.tabs.currentWidget()
        parts = [shown, *shown.findChildren(QWidget)] if shown is not None else []
        owner = next((part for part in parts if part.isVisible() and hasattr(part, "show_table")), None)
        if owner is not None:
            owner.show_table()  # type: ignore[attr-defined]
        else:
            self._window.say(tr("There is no plot in view."))

    @cached_property
    def _focus(self) -> PaneFocus:
        return PaneFocus(self._window)

    def next_pane(self, by: int = 1) -> None:
        """Give the keyboard to the next part of the window: toolbar, layers, middle, recipe, bottom."""
        window, panes = self._window, self._window.panes
        parts = (window.frame.toolbar, panes.model_dock, window.frame.pages, panes.recipe_dock, panes.history_dock)
        self._focus.set_panes(parts)
        self._focus.move(by)

    def previous_pane(self) -> None:
        self.next_pane(-1)

    def show_shortcuts(self) -> None:
        from gui.dialogs.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(self._window).open()

    def show_log(self) -> None:
        self._window.panes.show_history(self._window.panes.log)

    def filter_layers(self) -> None:
        self._window.hidden_docks -= {"model"}
        self._window.show_docks()
        self._window.panes.model.search.setFocus()

    def expand_layers(self) -> None:
        self._window.panes.model.tree.expandAll()

    def collapse_layers(self) -> None:
        self._window.panes.model.tree.collapseAll()

    def choose_columns(self) -> None:
        """Open the menu of the layer tree's columns."""
        self._window.hidden_docks -= {"model"}
        self._window.show_docks()
        self._window.panes.model.columns.show_menu()

    def show_welcome(self) -> None:
        self._window.frame.show_page(self._window.frame.welcome)
        for dock in self._window.panes.docks if self._window._panes is not None else ():
            dock.hide()
