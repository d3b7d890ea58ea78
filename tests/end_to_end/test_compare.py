"""Two runs through the real window, compared with the mouse: what stands there is what their files say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from backend.predicted import place
from gui.main_window import MainWindow
from gui.panels.answers_view import AnswersView
from gui.text import file_size, number
from tests.end_to_end.hands import LONG, run


def carried_out(qtbot: QtBot, window: MainWindow, amount: float) -> tuple[Path, dict[str, Any]]:
    """A run that prunes ``amount`` of the sample and nothing more; its folder and its result."""
    window.document.set_values({"stages.0.prune.amount": amount, "name": f"Half {amount}"}, "Amount")
    qtbot.waitUntil(lambda: not window.work.why_not_run(), timeout=LONG)
    run(qtbot, window)
    folder = Path(window.state.folder)
    return folder, json.loads((folder / "result.json").read_text(encoding="utf-8"))


def click(qtbot: QtBot, window: MainWindow, folder: Path, *, more: bool = False) -> None:
    """Click the row of a run; ``more`` holds Ctrl."""
    view = window.panes.runs.view
    place = next(row for row in range(view.model().rowCount()) if _folder(window, row) == folder)
    keys = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
    where = view.visualRect(view.model().index(place, 1)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, where)


def _folder(window: MainWindow, row: int) -> Path:
    from gui.item_models.runs import ROW_ROLE

    found: Path = window.panes.runs.view.model().index(row, 0).data(ROW_ROLE).folder
    return found


def answered(file: Path) -> tuple[list[int], list[int]]:
    """Labels and answers, read without Pare."""
    with np.load(file, allow_pickle=False) as held:
        return held["labels"].tolist(), held["answers"].tolist()


def choose_view(qtbot: QtBot, window: MainWindow, at: int) -> None:
    view = window.panes.compare.view
    where = view.rect().center()
    where.setX(int(view.width() * (at + 0.5) / 5))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=where)


def test_that_two_runs_are_compared_side_by_side_down_to_the_images(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    while len(window.document.recipe.stages) > 1:  # type: ignore[union-attr]
        window.document.remove_stage(1, "Remove")
    (mild, one), (harsh, two) = carried_out(qtbot, window, 0.5), carried_out(qtbot, window, 0.97)

    # Select both, press Compare.
    assert not window.panes.compare_button.isEnabled() or window.panes.runs.selected()
    click(qtbot, window, mild)
    click(qtbot, window, harsh, more=True)
    assert [row.folder for row in window.panes.runs.selected()] == [mild, harsh]
    qtbot.mouseClick(window.panes.compare_button, Qt.MouseButton.LeftButton)
    panel = window.panes.compare
    assert window.panes.tabs.currentWidget() is panel

    # Figures: both, as their results say them.
    figures = panel.figures.model
    cells = {figures.index(row, 0).data(): [figures.index(row, c).data() for c in (1, 2)]
             for row in range(figures.rowCount())}  # fmt: skip
    assert cells["Accuracy"] == [f"{number(result['final']['accuracy'], 2)}%" for result in (one, two)]
    assert cells["Size"] == [file_size(result["final"]["size_bytes"]) for result in (one, two)]

    # Stages: the amounts differ and nothing else that was set.
    choose_view(qtbot, window, 1)
    qtbot.mouseClick(panel.only, Qt.MouseButton.LeftButton, pos=panel.only.rect().center())
    settings = {line.name for line in panel.stages.model.lines if line.differs and line.cells}
    assert settings == {"Amount"}
    qtbot.mouseClick(panel.only, Qt.MouseButton.LeftButton, pos=panel.only.rect().center())

    # Layers: sparser ones; a click selects the layer in the tree.
    choose_view(qtbot, window, 2)
    assert panel.figure.currentData() == "sparsity"
    view = panel.layers.view
    where = view.visualRect(view.model().index(1, 2)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert [layer.name for layer in window.panes.model.selected()] == ["conv2"]

    # Answers: asked of the engine; the matrix counts every test image.
    choose_view(qtbot, window, 3)
    answers = panel.answers
    qtbot.waitUntil(lambda: answers.table.isVisible(), timeout=LONG)
    labels, before = answered(place(mild, None))
    _, after = answered(place(harsh, None))
    assert len(labels) == two["final"]["test_images"]
    assert int(answers.matrix.matrix.sum()) == len(labels)
    for row, column in ((0, 0), (3, 5), (9, 9)):
        expected = sum(label == row and answer == column for label, answer in zip(labels, after, strict=True))
        assert int(answers.matrix.matrix[row, column]) == expected
    right = sum(label == answer for label, answer in zip(labels, after, strict=True))
    assert 100 * right / len(labels) == two["final"]["accuracy"]

    # The images whose answer changed: counted here, filtered by a click into the matrix.
    changed = [i for i in range(len(labels)) if before[i] != after[i]]
    assert changed, "almost every weight is gone"
    assert list(answers.gallery.images.numbers) == changed
    image = changed[0]
    click_entry(qtbot, answers, labels[image], after[image])
    expected_images = [i for i in changed if (labels[i], after[i]) == (labels[image], after[image])]
    assert list(answers.gallery.images.numbers) == expected_images
    assert answers.gallery.images.image(0).pixels is not None

    # The recipes line by line, and the figures as a file.
    choose_view(qtbot, window, 4)
    differing = [(pair.left, pair.right) for pair in panel.recipe.model.pairs if pair.differs]
    assert [pair[0].strip() for pair in differing if pair[0]] == ["name: Half 0.5", "amount: 0.5"]
    choose_view(qtbot, window, 0)
    panel.save_data(tmp_path / "figures.csv")
    assert f"{two['final']['accuracy']!r}" in (tmp_path / "figures.csv").read_text(encoding="utf-8")

    # The original joins through the menu, and another language changes nothing of it.
    qtbot.mouseClick(panel.chips.add_button, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    assert [column.original for column in window.comparison.columns] == [True, False, False]
    window.choices.set_language("zh_CN")
    assert window.panes.compare.figures.model.columnCount() == 4
    window.choices.set_language("en")


def click_entry(qtbot: QtBot, answers: AnswersView, row: int, column: int) -> None:
    table = answers.table
    index = table.model().index(row, column)
    table.scrollTo(index)
    where = table.visualRect(index).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
