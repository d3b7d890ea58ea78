"""The whole way through the real window and the real engine, with the mouse and the keyboard.

Runs without a display, and on a real X display where QT_QPA_PLATFORM=xcb is set (xvfb-run).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from backend.events import Cancelled
from backend.recipe import plan, recipe_to_yaml
from gui.dialogs.export_dialog import ExportDialog
from gui.item_models.layer_columns import Column
from gui.main_window import MainWindow
from gui.moments import moments_in
from gui.panels.budget_editor import BudgetEditor
from gui.text import short
from gui.widgets.popover import Popover
from tests.end_to_end.hands import LONG, context_menu, entry, press, select


def exported(qtbot: QtBot, window: MainWindow, folder: Path, target: Path) -> list[dict[str, Any]]:
    """Export the run in ``folder`` through the dialog, in every format it offers; gives what was checked."""
    window.work.export_folder(folder)
    dialog = next(d for d in window.findChildren(ExportDialog) if d.isVisible())
    for box in dialog.findChildren(QCheckBox):
        if box.isEnabled():
            box.setChecked(True)
    next(e for e in dialog.findChildren(QLineEdit) if e.text() == str(folder / "exports")).setText(str(target))
    start = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Export")
    qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.rows), timeout=LONG)
    rows = [dict(row) for row in dialog.rows]
    dialog.reject()
    return rows


def amount_of(window: MainWindow, layer: str) -> float | None:
    recipe, catalogue = window.document.recipe, window.document.catalogue
    assert recipe is not None
    assert catalogue is not None
    settings = plan(recipe.stages[0], layer, "Conv2d", catalogue).settings
    return None if settings is None else settings["amount"]


def test_that_a_person_can_prune_run_stop_undo_export_and_open_the_export(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    # Right-click conv2, prune 50 % by L1: one rule, one undo step.
    before = window.document.recipe
    select(window, "conv2")
    menu = context_menu(window)
    entry(menu, "Prune", "L1 unstructured 50").trigger()
    menu.close()
    assert amount_of(window, "conv2") == 0.5
    assert amount_of(window, "conv1") == 0.84

    # Run: curves grow while it works, then the cards hold measured figures.
    lengths: list[int] = []
    window.state.changed.connect(lambda _: lengths.append(sum(len(c.x) for c in window.state.curves.values())))
    press(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    assert len({n for n in lengths if n}) > 3
    folder = Path(window.state.folder)
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    layers = {row["name"]: row for row in result["stages"][0]["layers"]}
    assert layers["conv2"]["sparsity"] == pytest.approx(0.5)
    assert result["final"]["size_bytes"] < result["baseline"]["size_bytes"] / 3

    # Stop in the middle of a second run: window and network are back within two seconds.
    window.document.set_values({"stages.1.train.epochs": 4000}, "Epochs")
    press(qtbot, window, "Run")
    qtbot.waitUntil(
        lambda: any(s.label == "Fine-tune" and s.status == "running" for s in window.state.stages), timeout=LONG
    )
    press(qtbot, window, "Stop")
    qtbot.waitUntil(lambda: not window.runner.running, timeout=2500)
    assert isinstance(window.state.ending, Cancelled)
    assert window.document.inspection is not None

    # Undo both edits.
    window.document.undo_stack.undo()
    window.document.undo_stack.undo()
    assert window.document.recipe == before
    window.document.undo_stack.redo()
    assert amount_of(window, "conv2") == 0.5

    # Export the finished run: every file is opened again and compared.
    rows = exported(qtbot, window, folder, tmp_path / "导出 folder")
    assert {"safetensors", "state_dict"} <= {row["format"] for row in rows}
    assert all(row["verified"] for row in rows)


def test_that_an_exported_float_network_opens_again(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.document.set_values({"stages.1.train.epochs": 1}, "Epochs")
    window.document.remove_stage(2, "Remove")
    press(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    rows = exported(qtbot, window, Path(window.state.folder), tmp_path / "exports")
    paths = [Path(row["path"]) for row in rows]
    file = next(path for path in paths if path.suffix == ".safetensors")
    window.document.undo_stack.setClean()
    window.files.open_file(file)
    qtbot.waitUntil(
        lambda: (
            window.document.recipe is not None
            and window.document.inspection is not None
            and window.document.recipe.model.source == "checkpoint"
        ),
        timeout=LONG,
    )
    assert window.document.inspection is not None
    assert window.document.inspection.parameters == 44_426
    assert {layer.name for layer in window.document.inspection.layers} >= {"conv1", "conv2", "fc3"}


def test_that_a_file_that_is_no_network_is_a_card_and_nothing_is_lost(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    before = window.document.recipe
    bad = tmp_path / "notes.pth"
    bad.write_text("not a network", encoding="utf-8")
    window.files.open_file(bad)
    qtbot.waitUntil(lambda: window.frame.error is not None and window.frame.error.isVisible(), timeout=LONG)
    assert window.document.recipe == before


def test_that_the_language_switches_while_running(qtbot: QtBot, window: MainWindow) -> None:
    window.document.set_values({"stages.1.train.epochs": 4000}, "Epochs")
    press(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.runner.running and bool(window.state.curves), timeout=LONG)
    window.choices.set_language("zh_CN")
    window.choices.set_theme("dark")
    texts = {b.text().strip() for b in window.frame.toolbar.findChildren(QPushButton)}
    assert "运行" in texts
    assert window.runner.running
    window.choices.set_language("en")
    press(qtbot, window, "Stop")
    qtbot.waitUntil(lambda: not window.runner.running, timeout=3000)
    window.choices.set_theme("light")


def test_that_closing_with_unsaved_edits_or_a_run_asks_once(qtbot: QtBot, window: MainWindow) -> None:
    window.document.set_values({"stages.1.train.epochs": 4000}, "Epochs")
    press(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.runner.running, timeout=LONG)
    window.close()
    assert window.isVisible()
    asked = [d for d in window.findChildren(QDialog) if d.isVisible()]
    assert len(asked) == 1
    asked[0].reject()
    assert window.isVisible()
    assert window.runner.running
    press(qtbot, window, "Stop")
    qtbot.waitUntil(lambda: not window.runner.running, timeout=3000)


def test_that_the_window_fits_1280_by_720(window: MainWindow) -> None:
    assert window.minimumSizeHint().width() <= 1280
    assert window.minimumSizeHint().height() <= 720
    stop = QPoint(window.width() - 1, window.height() - 1)
    assert window.rect().contains(stop)
    for button in window.frame.toolbar.findChildren(QPushButton):
        if button.isVisible():
            right = button.mapTo(window, QPoint(button.width(), 0)).x()
            assert right <= window.width()
            assert button.width() >= button.minimumSizeHint().width()


def test_that_a_recipe_with_a_typo_is_a_card_that_names_the_line(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    before = window.document.recipe
    assert before is not None
    lines = recipe_to_yaml(before).splitlines()
    at = next(i for i, line in enumerate(lines) if "epochs" in line)
    lines[at] = lines[at].replace("epochs", "epohcs")
    file = tmp_path / "配方.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    window.document.undo_stack.setClean()
    window.files.open_file(file)
    qtbot.waitUntil(lambda: window.frame.error is not None and window.frame.error.isVisible(), timeout=LONG)
    card = window.frame.error
    assert card is not None
    shown = [label.text() for label in card.findChildren(QLabel)]
    assert str(at + 1) in shown
    assert any("epochs" in text for text in shown)
    assert window.document.recipe == before


def test_that_a_scan_becomes_a_plan_and_a_run_a_smaller_network(qtbot: QtBot, window: MainWindow) -> None:
    # Prune whole channels, take them out, and do no more than fine-tune for one epoch.
    document = window.document
    edits = {"stages.0.prune.method": "ln_structured", "stages.0.prune.scope": "local", "stages.0.prune.remove": True}
    document.set_values({**edits, "stages.1.train.epochs": 1}, "Remove")
    document.remove_stage(2, "Remove")

    # Scan: the tab comes to the front, the column of the tree fills.
    panel = window.panes.sensitivity
    window.actions_by_id["scan"].trigger()
    assert window.panes.tabs.currentWidget() is panel
    assert window.scanner.running
    assert not window.actions_by_id["run"].isEnabled()
    qtbot.waitUntil(lambda: not window.scanner.running, timeout=LONG)
    assert window.scan.status == "done", window.scan.failed
    assert set(window.scan.targets) == {"conv1", "conv2", "fc1", "fc2"}
    assert not window.panes.model.tree.isColumnHidden(Column.SENSITIVITY)

    # Use it in the budget: half of the MACs, limit and amounts in one step of undo.
    qtbot.mouseClick(panel.plan_button, Qt.MouseButton.LeftButton)
    popover = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Popover) and w.isVisible())
    macs = popover.findChild(BudgetEditor).lines["macs"]
    macs.tick.setChecked(True)
    qtbot.mouseClick(popover.action, Qt.MouseButton.LeftButton)
    budget = window.panes.budget
    qtbot.waitUntil(
        lambda: budget.note.action.isVisible() and budget.note.action.text().startswith("Let the scan"), timeout=LONG
    )
    before = document.recipe
    qtbot.mouseClick(budget.note.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: document.recipe != before, timeout=LONG)
    assert {rule.pattern for rule in document.recipe.stages[0].layers} == set(window.scan.targets)
    assert not window.scanner.outdated
    document.undo_stack.undo()
    assert document.recipe == before
    document.undo_stack.redo()

    # Run: half of the MACs are gone, and the window says of which layers.
    press(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.runner.running, timeout=5000)
    qtbot.waitUntil(lambda: not window.runner.running, timeout=LONG)
    state = window.state
    assert state.status == "done", state.ending
    assert state.latest["macs"] <= 0.5 * state.baseline["macs"]
    assert state.channels
    smaller, row = state.latest["parameters"], window.panes.model.model.at_name("").siblingAtColumn(Column.PARAMETERS)
    assert row.data() == f"↓{short(smaller)}"
    assert not window.panes.live.masks.isVisible(), "nothing was only masked"

    # Come back to the network as it was before fine-tuning.
    run = Path(state.folder)
    step = next(moment for moment in moments_in(run) if moment.checkpoint is not None)
    window.document.undo_stack.setClean()
    window.files.open_step(run, step.checkpoint)
    qtbot.waitUntil(lambda: window.document.inspection is not None, timeout=LONG)
    assert window.document.inspection.parameters == smaller
    assert window.document.recipe.data.source == "digits"
