"""The main menu, and the texts of the chips beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from gui import languages
from gui.dialogs.device_menu import device_text
from gui.kept import recent
from gui.text import phrase, tr
from gui.widgets.reason_menu import ReasonMenu

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def below(widget: QWidget, menu: QMenu) -> None:
    """Open ``menu`` under ``widget``; it is deleted when it closes."""
    menu.setParent(widget.window(), menu.windowFlags())
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(widget.mapToGlobal(QPoint(0, widget.height() + 4)))


def main_menu(window: MainWindow) -> ReasonMenu:
    """Every action of the table in its groups, and the settings."""
    menu = ReasonMenu()
    menu.setToolTipsVisible(True)
    _group(menu, window, "file")
    _recent(menu.submenu(tr("Open recent"), "clock"), window)
    for group in ("edit", "run", "go"):
        menu.addSeparator()
        _group(menu, window, group)
    menu.addSeparator()
    _view(menu.submenu(tr("View"), "layout"), window)
    _appearance(menu.submenu(tr("Appearance"), "sun"), window)
    _language(menu.submenu(tr("Language"), "translate"), window)
    _group(menu, window, "end")
    return menu


def _group(menu: ReasonMenu, window: MainWindow, group: str) -> None:
    for action in window.actions_by_id.values():
        if action.property("menu") == group:
            menu.addAction(action)


def _recent(menu: ReasonMenu, window: MainWindow) -> None:
    files = recent()
    for path in files:
        menu.offer(path.name, partial(window.files.open_file, path), "file", tip=str(path))
    if not files:
        menu.offer(tr("No files yet"), lambda: None).setEnabled(False)


def _view(menu: ReasonMenu, window: MainWindow) -> None:
    for dock in window.panes.docks:
        name = dock.objectName()
        action = menu.offer(dock.windowTitle(), partial(window.toggle_dock, name))
        action.setCheckable(True)
        action.setChecked(name not in window.hidden_docks)
        action.setEnabled(window.document.is_open)
    menu.addSeparator()
    _group(menu, window, "view")


def _appearance(menu: ReasonMenu, window: MainWindow) -> None:
    for choice, text in (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark"))):
        action = menu.offer(text, partial(window.choices.set_theme, choice))  # type: ignore[arg-type]
        action.setCheckable(True)
        action.setChecked(window.choices.theme_choice() == choice)


def _language(menu: ReasonMenu, window: MainWindow) -> None:
    for code, text in (("system", tr("As the system")), *languages.LANGUAGES.items()):
        action = menu.offer(text, partial(window.choices.set_language, code))
        action.setCheckable(True)
        action.setChecked(languages.chosen() == code)


def chip_texts(window: MainWindow) -> tuple[str, str, str]:
    """Network, data and device in a few words."""
    document = window.document
    recipe, catalogue = document.recipe, document.catalogue
    if recipe is None:
        return "", "", ""
    source = catalogue.kind("dataset").get(recipe.data.source) if catalogue is not None else None
    network = document.network_name or recipe.model.class_name or tr("Network")
    data = phrase(source.label) if source is not None else recipe.data.source
    hello = window.engine.hello
    device = device_text(recipe.device, hello.capabilities if hello is not None else {})
    return network, data, device
