"""Going to places in the window: search, filter, pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui import menus
from gui.palette import Group
from gui.palette_groups import groups

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
