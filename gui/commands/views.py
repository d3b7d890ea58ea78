"""Going to places in the window: search, filter, pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from gui import menus
from gui.icons import icon
from gui.item_models.layer_tree import icon_name
from gui.widgets.search_box import Entry

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

    def search_entries(self) -> Iterable[Entry]:
        """Every command that is possible now, and every layer."""
        for action in self._window.actions_by_id.values():
            if action.isEnabled():
                yield action.text(), action.icon(), action
        for layer in self._window.document.inspection.layers if self._window.document.inspection is not None else ():
            if layer.name:
                yield layer.name, icon(icon_name(layer)), layer.name

    def go_to(self, target: object) -> None:
        """Do an action, or show a layer."""
        if isinstance(target, QAction):
            target.trigger()
        elif isinstance(target, str):
            self._window.hidden_docks -= {"model"}
            self._window.show_docks()
            self._window.panes.model.show_layer(target)

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
        self._window.panes.model.tree.expandToDepth(0)

    def show_welcome(self) -> None:
        self._window.frame.show_page(self._window.frame.welcome)
        for dock in self._window.panes.docks if self._window._panes is not None else ():
            dock.hide()
