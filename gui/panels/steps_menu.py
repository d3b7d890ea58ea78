"""A menu of the points within a run that can be opened again as a network of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.icons import icon
from gui.moments import moments_in
from gui.text import tr
from gui.widgets.reason_menu import ReasonMenu


def steps_menu(run: Path, opened: Callable[[Path, Path], object], parent: QWidget) -> ReasonMenu:
    """Opens the network of a moment: ``opened(run, checkpoint)``."""
    menu = ReasonMenu(tr("Open a step"), parent=parent)
    menu.setIcon(icon("git-commit"))
    for moment in moments_in(run):
        if (checkpoint := moment.kept) is not None:
            menu.offer(moment.text, partial(opened, run, checkpoint), "cube")
    menu.menuAction().setEnabled(not menu.isEmpty())
    return menu
