"""The recipe as text: the window follows what is typed, the text follows the window, and neither loses its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from pytestqt.qtbot import QtBot

from backend.recipe import Recipe, recipe_to_yaml
from gui.dialogs.recipe_text_dialog import RecipeTextDialog, Shown
from gui.document import Document
from gui.widgets.code_editor import CodeEditor, differences


@pytest.fixture
def dialog(document: Document, qtbot: QtBot) -> RecipeTextDialog:
    made = RecipeTextDialog(document)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def at(dialog: RecipeTextDialog, text: str, after: bool = True) -> None:
    """Put the cursor behind ``text``."""
    cursor = dialog.yaml.textCursor()
    place = dialog.yaml.toPlainText().index(text)
    cursor.setPosition(place + len(text) * after)
    dialog.yaml.setTextCursor(cursor)


def swap(dialog: RecipeTextDialog, old: str, new: str) -> None:
    """Type ``new`` over ``old``."""
    at(dialog, old, after=False)
    cursor = dialog.yaml.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, len(old))
    dialog.yaml.setTextCursor(cursor)
    dialog.yaml.insertPlainText(new)


def test_that_the_window_follows_a_pause_in_typing_with_one_step_of_undo(
    document: Document, dialog: RecipeTextDialog, qtbot: QtBot
) -> None:
    before = document.recipe
    at(dialog, "amount: 0.5")
    qtbot.keyClicks(dialog.yaml, "25")
    assert document.recipe == before, "not with every key"
    qtbot.waitUntil(lambda: document.recipe != before)
    assert document.recipe.stages[0].settings["amount"] == 0.525
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Edit as text"
    at(dialog, "epochs: 4")
    qtbot.keyClicks(dialog.yaml, "0")
    qtbot.waitUntil(lambda: document.undo_stack.count() == 2)
    assert document.recipe.stages[1].settings["epochs"] == 40


def test_that_an_error_stands_beside_its_line_and_the_window_keeps_what_was_valid(
    document: Document, dialog: RecipeTextDialog, qtbot: QtBot
) -> None:
    before = document.recipe
    lines = dialog.yaml.toPlainText().splitlines()
    line = next(i for i, text in enumerate(lines, 1) if "epochs" in text)
    swap(dialog, "epochs", "epohcs")
    qtbot.waitUntil(lambda: dialog.yaml.error is not None)
    assert dialog.yaml.error is not None
    assert dialog.yaml.error[0] == line
    assert "epohcs" in dialog.yaml.error[1]
    assert "epochs" in dialog.says.text(), "the nearest valid word"
    assert document.recipe == before
    swap(dialog, "epohcs", "epochs")
    qtbot.waitUntil(lambda: dialog.yaml.error is None)
    assert document.undo_stack.count() == 0


@pytest.mark.parametrize(
    "text", ["a: [b", "stages: 3", "", "pare: 99", "model: {source: bundled}\nstages:\n- prune: {amount: 7}"]
)
def test_that_whatever_is_typed_is_at_worst_an_error(document: Document, dialog: RecipeTextDialog, text: str) -> None:
    before = document.recipe
    dialog.yaml.setPlainText(text)
    dialog._apply()
    assert dialog.yaml.error is not None
    assert dialog.says.text()
    assert document.recipe == before


def test_that_the_text_follows_edits_in_the_window_and_keeps_its_cursor(
    document: Document, dialog: RecipeTextDialog
) -> None:
    at(dialog, "epochs: 4")
    document.set_values({"stages.0.prune.amount": 0.123}, "Amount")
    assert dialog.yaml.toPlainText() == recipe_to_yaml(document.recipe)
    cursor = dialog.yaml.textCursor()
    assert cursor.block().text()[: cursor.positionInBlock()].endswith("epochs: 4")
    document.undo_stack.undo()
    assert "amount: 0.5" in dialog.yaml.toPlainText()
    cursor = dialog.yaml.textCursor()
    assert cursor.block().text()[: cursor.positionInBlock()].endswith("epochs: 4")


def test_that_the_layout_and_the_comments_a_person_gave_it_stay(
    document: Document, dialog: RecipeTextDialog, qtbot: QtBot
) -> None:
    swap(dialog, "stages:", "# mine\nstages:")
    dialog._apply()
    assert document.undo_stack.count() == 0, "a comment is no edit of the recipe"
    swap(dialog, "epochs: 4", "epochs:  8")
    dialog._apply()
    assert document.recipe.stages[1].settings["epochs"] == 8
    assert "# mine" in dialog.yaml.toPlainText()
    assert "epochs:  8" in dialog.yaml.toPlainText()


def test_that_undo_in_the_text_is_the_windows_and_first_takes_back_what_can_not_be_read(
    document: Document, dialog: RecipeTextDialog, qtbot: QtBot
) -> None:
    swap(dialog, "epochs: 4", "epochs: 8")
    dialog._apply()
    swap(dialog, "epochs: 8", "epochs: many")
    qtbot.keyClick(dialog.yaml, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "epochs: 8" in dialog.yaml.toPlainText()
    assert dialog.yaml.error is None
    qtbot.keyClick(dialog.yaml, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.recipe.stages[1].settings["epochs"] == 4
    assert "epochs: 4" in dialog.yaml.toPlainText()
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(dialog.yaml, Qt.Key.Key_Z, modifiers)
    assert document.recipe.stages[1].settings["epochs"] == 8


def test_that_an_edit_in_the_window_replaces_what_could_not_be_read_and_says_so(
    document: Document, dialog: RecipeTextDialog
) -> None:
    swap(dialog, "epochs", "epohcs")
    dialog._apply()
    document.set_values({"stages.0.prune.amount": 0.25}, "Amount")
    assert dialog.yaml.toPlainText() == recipe_to_yaml(document.recipe)
    assert "replaced" in dialog.says.text()


def test_that_what_was_typed_last_is_not_lost_when_the_text_is_closed(
    document: Document, dialog: RecipeTextDialog
) -> None:
    swap(dialog, "epochs: 4", "epochs: 5")
    dialog.close()
    assert document.recipe.stages[1].settings["epochs"] == 5


def choose(qtbot: QtBot, dialog: RecipeTextDialog, view: str) -> None:
    place = {"yaml": 0, "command": 1, "script": 2}[view]
    width = dialog.view.width() / 3
    qtbot.mouseClick(dialog.view, Qt.MouseButton.LeftButton, pos=QPoint(int((place + 0.5) * width), 10))


def test_that_the_command_names_the_file_and_sets_what_is_not_saved(
    document: Document, dialog: RecipeTextDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(qtbot, dialog, "command")
    assert not dialog.save.isHidden(), "it is no file yet"
    document.save(tmp_path / "my recipe.yaml")
    choose(qtbot, dialog, "yaml")
    choose(qtbot, dialog, "command")
    assert dialog.save.isHidden()
    assert dialog.command.toPlainText() == f"python main.py run '{tmp_path / 'my recipe.yaml'}'"
    document.set_values({"stages.1.train.epochs": 9}, "Epochs")
    assert dialog.command.toPlainText().endswith("--set stages.1.train.epochs=9")
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == dialog.command.toPlainText()


def test_that_the_script_is_the_recipes_and_can_be_saved(
    document: Document, dialog: RecipeTextDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(qtbot, dialog, "script")
    document.set_values({"name": "Anders"}, "Name")
    assert 'name="Anders"' in dialog.script.toPlainText()
    assert dialog.script.isReadOnly()
    dialog.save_script(str(tmp_path / "again.py"))
    assert (tmp_path / "again.py").read_text(encoding="utf-8") == dialog.script.toPlainText()
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with qtbot.waitSignal(dialog.failed):
        dialog.save_script(str(blocked / "again.py"))


def test_that_another_recipe_can_only_be_read(document: Document, qtbot: QtBot, tmp_path: Path) -> None:
    other = Recipe(stages=document.recipe.stages[:1], name="Run 3")
    shown = RecipeTextDialog(document, Shown(other, tmp_path, tmp_path / "recipe.yaml", "Run 3"))
    qtbot.addWidget(shown)
    shown.show()
    assert shown.yaml.isReadOnly()
    assert shown.yaml.toPlainText() == recipe_to_yaml(other)
    document.set_values({"name": "Else"}, "Name")
    assert shown.yaml.toPlainText() == recipe_to_yaml(other)
    choose(qtbot, shown, "command")
    assert shown.command.toPlainText() == f"python main.py run {tmp_path / 'recipe.yaml'}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb\nc\n", "a\nc\n"),
        ("", "x\n"),
        ("x", ""),
        ("epochs: 4\nlr: 1\n", "epochs: 40\nlr: 1\nmore: 2\n"),
        ("same", "same"),
    ],
)
def test_that_differences_make_one_text_of_another(old: str, new: str, qtbot: QtBot) -> None:
    made = old
    for start, end, text in reversed(differences(old, new)):
        made = made[:start] + text + made[end:]
    assert made == new
    editor = CodeEditor("yaml")
    qtbot.addWidget(editor)
    editor.setPlainText(old)
    editor.replace_text(new)
    assert editor.toPlainText() == new


def test_that_a_new_line_keeps_the_indentation_and_a_tab_is_two_spaces(qtbot: QtBot) -> None:
    editor = CodeEditor("yaml")
    qtbot.addWidget(editor)
    qtbot.keyClicks(editor, "stages:")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    qtbot.keyClicks(editor, "- prune:")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.keyClicks(editor, "x")
    assert editor.toPlainText() == "stages:\n  - prune:\n  x"
