"""At 1280×720 every tab and every dialog shows its labels and buttons whole, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from gui.forms import PairsWanted
from gui.main_window import MainWindow
from gui.moments import moments_of
from tests.clipping import clipped, outside, settle
from tests.end_to_end.hands import LONG

DIALOGS = ("settings", "about", "shortcuts", "template", "import_nni", "recipe_text", "network", "data", "export")


def faults(root: MainWindow | QDialog, where: str) -> list[str]:
    settle()
    return [f"{where}: {fault}" for fault in (*clipped(root), *outside(root))]


def choose_pairs(window: MainWindow) -> None:
    """Open the dialog with student and teacher side by side, layers of different sizes paired."""
    method = window.document.method_of("distillation", "feature_mse")
    assert method is not None
    pairs = {"conv1": "conv2", "fc1": "fc2"}
    window.teaching.choose_pairs(PairsWanted(method, pairs, "original", lambda _: None))


@pytest.fixture
def speaking(window: MainWindow) -> Iterator[Callable[[str], None]]:
    """Changes the window's language; the next window speaks English again."""
    yield window.choices.set_language
    window.choices.set_language("en")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_that_nothing_is_cut_off(
    qtbot: QtBot, window: MainWindow, speaking: Callable[[str], None], language: str
) -> None:
    speaking(language)
    found = faults(window, "before a run")
    losses = [{"loss": "soft_targets"}, {"loss": "feature_mse", "pairs": {"conv1": "conv1", "conv2": "conv2"}}]
    edits = {"stages.1.train.epochs": 1, "stages.1.train.distill": {"losses": losses}}
    window.document.set_values(edits, "Distill")
    window.work.run_recipe()
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    row = window.runs.rows[0]
    window.work.compare([moments_of(row)[-1]])
    qtbot.waitUntil(lambda: window.comparison.asking == "no", timeout=LONG)
    window.panes.show_weights("conv1")
    for tabs in (window.panes.tabs, window.panes.history):
        for at in range(tabs.count()):
            tabs.setCurrentIndex(at)
            qtbot.wait(150)
            found += faults(window, tabs.tabText(at))
    for view in ("figures", "stages", "layers", "answers", "recipe"):
        window.panes.tabs.setCurrentWidget(window.panes.compare)
        window.panes.compare.show_view(view)
        found += faults(window, f"compare, {view}")
    for view in ("histogram", "channels", "mask"):
        window.panes.tabs.setCurrentWidget(window.panes.weights)
        window.panes.weights.show_view(view)
        qtbot.wait(300)
        found += faults(window, f"weights, {view}")
    for stage in range(len(window.document.recipe.stages) if window.document.recipe else 0):
        window.document.select_stage(stage)
        found += faults(window, f"stage {stage + 1}")
    for id in (*DIALOGS, "pairs"):
        window.actions_by_id[id].trigger() if id in DIALOGS else choose_pairs(window)
        qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(QDialog)))
        dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
        qtbot.wait(100)
        found += faults(dialog, id)
        dialog.close()
        settle()
    assert found == []


def test_that_a_label_without_room_is_found(qtbot: QtBot) -> None:
    root = QDialog()
    qtbot.addWidget(root)
    root.resize(200, 100)
    fits, narrow, low, beyond = (QLabel("A sentence of several words", root) for _ in range(4))
    fits.setGeometry(0, 0, 190, 20)
    narrow.setGeometry(0, 20, 60, 20)
    low.setWordWrap(True)
    low.setGeometry(0, 40, 60, 20)
    beyond.setGeometry(150, 80, 190, 20)
    root.show()
    assert len(clipped(root)) == 2
    assert "wide" in clipped(root)[0]
    assert "high" in clipped(root)[1]
    assert len(outside(root)) == 1
