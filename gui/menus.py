"""The menus of the toolbar: main menu, network, device."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from backend.recipe import ModelSpec
from gui import languages
from gui.document import recent
from gui.text import phrase, plural, tr
from gui.widgets.reason_menu import ReasonMenu

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def below(widget: QWidget, menu: ReasonMenu) -> None:
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
    menu.addSeparator()
    _group(menu, window, "end")
    return menu


def _group(menu: ReasonMenu, window: MainWindow, group: str) -> None:
    for action in window.actions_by_id.values():
        if action.property("menu") == group:
            menu.addAction(action)


def _recent(menu: ReasonMenu, window: MainWindow) -> None:
    files = recent()
    for path in files:
        menu.offer(path.name, partial(window.open_file, path), "file", tip=str(path))
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
        action = menu.offer(text, partial(window.set_theme, choice))  # type: ignore[arg-type]
        action.setCheckable(True)
        action.setChecked(window.theme_choice() == choice)


def _language(menu: ReasonMenu, window: MainWindow) -> None:
    for code, text in (("system", tr("As the system")), *languages.LANGUAGES.items()):
        action = menu.offer(text, partial(window.set_language, code))
        action.setCheckable(True)
        action.setChecked(languages.chosen() == code)


def network_menu(window: MainWindow) -> ReasonMenu:
    """Another file, or one of the bundled architectures in place of the present network."""
    menu = ReasonMenu()
    menu.setToolTipsVisible(True)
    menu.offer(tr("Open another file…"), window.choose_file, "folder-open")
    bundled = menu.submenu(tr("Bundled architectures"), "cube")
    catalogue, recipe = window.document.catalogue, window.document.recipe
    for id, model in (catalogue.kind("model") if catalogue is not None else {}).items():
        text = phrase(model.label)
        edits = _model_edits(ModelSpec(source="bundled", name=id))
        call = partial(window.set_values, edits, tr("Network {name}", name=text))
        action = bundled.offer(text, call, tip=phrase(model.summary))
        action.setCheckable(True)
        action.setChecked(recipe is not None and recipe.model.name == id)
    return menu


def _model_edits(spec: ModelSpec) -> dict[str, Any]:
    """Edits that put ``spec`` in the place of whatever the model section says."""
    keys = ("source", "name", "weights", "num_classes", "arguments", "file", "class")
    data = spec.to_data()
    return {f"model.{key}": data.get(key) for key in keys}


def device_menu(window: MainWindow) -> ReasonMenu:
    """The devices of this machine; those it does not have say so."""
    menu = ReasonMenu()
    hello = window.engine.hello
    found = dict(hello.capabilities) if hello is not None else {}
    present = window.document.recipe.device if window.document.recipe is not None else ""
    for device, text, reason in (
        ("cpu", tr("CPU"), ""),
        (
            "cuda",
            tr("NVIDIA GPU (CUDA)"),
            "" if found.get("cuda") else tr("Needs an NVIDIA GPU and a CUDA build of PyTorch"),
        ),
        ("mps", tr("Apple GPU (MPS)"), "" if found.get("mps") else tr("Needs a Mac with Apple silicon")),
    ):
        if reason:
            menu.refuse(text, reason)
            continue
        action = menu.offer(text, partial(window.set_values, {"device": device}, tr("Device {name}", name=text)))
        action.setCheckable(True)
        action.setChecked(device == present)
    return menu


def chip_texts(window: MainWindow) -> tuple[str, str, str]:
    """Network, data and device in a few words."""
    document = window.document
    recipe, catalogue = document.recipe, document.catalogue
    if recipe is None:
        return "", "", ""
    source = catalogue.kind("dataset").get(recipe.data.source) if catalogue is not None else None
    network = document.network_name or recipe.model.class_name or tr("Network")
    data = phrase(source.label) if source is not None else recipe.data.source
    return network, data, device_text(window)


def device_text(window: MainWindow) -> str:
    """``CPU · 8 threads``."""
    recipe = window.document.recipe
    if recipe is None or recipe.device != "cpu":
        return recipe.device.upper() if recipe is not None else ""
    hello = window.engine.hello
    threads = hello.capabilities.get("threads") if hello is not None else None
    return plural(int(threads), "CPU · {count} thread", "CPU · {count} threads") if threads else tr("CPU")
