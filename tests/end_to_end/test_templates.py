"""Templates, NNI's configs and the recipe as text through the real window and the real engine."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from backend.cli import command_line
from gui.dialogs.data_dialog import DataDialog
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.nni_dialog import NniDialog
from gui.dialogs.recipe_text_dialog import RecipeTextDialog
from gui.dialogs.template_dialog import TemplateDialog
from gui.main_window import MainWindow
from tests.end_to_end.hands import LONG, run

Kind = TypeVar("Kind", bound=QDialog)


def opened(window: MainWindow, kind: type[Kind]) -> Kind:
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def click(qtbot: QtBot, dialog: QDialog, text: str) -> None:
    found = next(b for b in dialog.findChildren(QPushButton) if b.text().strip() == text and b.isVisible())
    assert found.isEnabled(), found.toolTip()
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_that_a_template_lends_its_stages_to_the_open_network_or_opens_as_it_is(
    qtbot: QtBot, window: MainWindow
) -> None:
    document = window.document
    before = document.recipe
    window.actions_by_id["template"].trigger()
    dialog = opened(window, TemplateDialog)
    qtbot.keyClicks(dialog.search, "SimpleModel")
    assert "fc1" not in dialog.shown.widget().accessibleName()
    click(qtbot, dialog, "Use with my network")
    assert document.recipe is not None
    assert before is not None
    assert (document.recipe.model, document.recipe.data) == (before.model, before.data)
    assert [stage.kind for stage in document.recipe.stages] == ["train", "prune", "prune", "train"]
    assert {rule.pattern for rule in document.recipe.stages[1].layers} == {"conv1", "fc1", "conv2", "*"}
    document.undo_stack.undo()
    assert document.recipe == before, "one step of undo"

    # Its menu lines it up with the open network, under its own name.
    window.queue.set_paused(True)
    window.actions_by_id["template"].trigger()
    dialog = opened(window, TemplateDialog)
    qtbot.keyClicks(dialog.search, "lottery")
    dialog.menu().actions()[1].trigger()
    (entry,) = window.queue.entries
    assert entry.recipe.name == "LeNet-5, lottery ticket"
    assert entry.recipe.model == before.model
    dialog.reject()

    # As it is: the network opens, and the place of the data is asked for.
    document.undo_stack.setClean()
    window.actions_by_id["template"].trigger()
    dialog = opened(window, TemplateDialog)
    qtbot.keyClicks(dialog.search, "ConvNet on MNIST")
    click(qtbot, dialog, "Open as it is")
    assert document.recipe.name == "ConvNet on MNIST, tutorial"
    data = opened(window, DataDialog)
    data.reject()
    qtbot.waitUntil(lambda: document.inspection is not None, timeout=LONG)
    assert document.inspection.name == "convnet"


def test_that_an_nni_config_is_imported_and_carried_out(qtbot: QtBot, window: MainWindow) -> None:
    QGuiApplication.clipboard().setText(
        "config_list = [{'op_types': ['Conv2d', 'Linear'], 'sparse_ratio': 0.5},\n"
        "               {'op_names': ['fc3'], 'exclude': True}]\n"
        "pruner = L1NormPruner(model, config_list)\n"
    )
    window.actions_by_id["import_nni"].trigger()
    dialog = opened(window, NniDialog)
    qtbot.waitUntil(lambda: dialog.found is not None, timeout=5000)
    click(qtbot, dialog, "Replace my stages")
    run(qtbot, window)
    assert window.state.status == "done", window.state.ending
    sparsity = {name: row["sparsity"] for name, row in window.state.layers.items()}
    assert sparsity["conv1"] == 0.5
    assert 0.45 < sparsity["fc1"] < 0.55
    assert sparsity["fc3"] == 0


def test_that_the_text_leads_the_window_and_its_command_gives_the_same_figures(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    document = window.document
    window.actions_by_id["recipe_text"].trigger()
    dialog = window.texts.dialog
    assert dialog is not None
    assert dialog.isVisible()
    editor = dialog.yaml
    text = editor.toPlainText()
    cursor = editor.textCursor()
    cursor.setPosition(text.index("- train"))
    cursor.movePosition(cursor.MoveOperation.End, cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: document.recipe is not None and len(document.recipe.stages) == 1, timeout=5000)
    assert len(window.panes.recipe.cards) == 1, "the window has followed"
    qtbot.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.toPlainText() == text
    assert len(window.panes.recipe.cards) == 3
    document.undo_stack.redo()
    assert "train" not in editor.toPlainText()

    # Its command, carried out, gives the figures of the window's run.
    document.save(tmp_path / "my recipe.yaml")
    document.set_values({"stages.0.prune.amount": 0.5}, "Amount")
    qtbot.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=QPoint(dialog.view.width() // 2, 10))
    words = shlex.split(dialog.command.toPlainText())
    assert words[:3] == ["python", "main.py", "run"]
    assert words[-1] == "stages.0.prune.amount=0.5"
    dialog.close()
    run(qtbot, window)
    assert window.state.status == "done", window.state.ending
    ours = json.loads((Path(window.state.folder) / "result.json").read_text(encoding="utf-8"))["final"]
    assert command_line([*words[2:], "--output", str(tmp_path / "again"), "--quiet"]) == 0
    theirs = json.loads((tmp_path / "again" / "result.json").read_text(encoding="utf-8"))["final"]
    for name in ("accuracy", "sparsity", "nonzero_parameters", "size_bytes"):
        assert ours[name] == theirs[name]

    # The script of that run is offered where it is exported.
    window.actions_by_id["export"].trigger()
    export = opened(window, ExportDialog)
    click(qtbot, export, "Python script that reproduces the run")
    script = opened(window, RecipeTextDialog)
    assert "from backend.runner import run" in script.script.toPlainText()
    assert script.pages.currentWidget() is script.script
    assert '"amount": 0.5' in script.script.toPlainText()
    script.close()
