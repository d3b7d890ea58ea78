"""Watching a run: curves, values under the mouse, zoom, the table, picture and data."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from backend.recipe import merged
from gui.dialogs.curve_table_dialog import CurveTableDialog
from gui.main_window import MainWindow
from tests.end_to_end.hands import run


def test_that_a_run_is_watched_part_by_part_and_its_curves_taken_away(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.resize(1440, 900)
    recipe, catalogue = window.document.recipe, window.document.catalogue
    assert recipe is not None
    assert catalogue is not None
    train = next(i for i, stage in enumerate(recipe.stages) if stage.kind == "train")
    edits = {f"stages.{train}.train.distill": {"losses": [{"loss": "soft_targets"}]}, f"stages.{train}.train.epochs": 2}
    window.document.edit(merged(recipe, edits, catalogue), "Teach")
    run(qtbot, window)
    plots, state = window.panes.live.plots, window.state
    plots.draw()

    # Every curve is there, over the stages in their order.
    assert {"accuracy", "train_accuracy", "sparsity", "loss", "loss_labels", "loss_soft_targets", "learning_rate"} <= {
        *state.curves
    }
    assert [band.kind for band in state.bands()][-len(recipe.stages) :] == [stage.kind for stage in recipe.stages]
    assert plots.accuracy._line.yData.tolist() == state.curves["accuracy"].y.tolist()

    # The mouse over the loss tells all of them at that moment.
    seconds = float(state.curves["loss"].x[-1])
    scene = plots.accuracy.view.mapViewToScene(QPointF(seconds, 90.0))
    qtbot.mouseMove(plots.accuracy.viewport(), plots.accuracy.mapFromScene(scene))
    qtbot.waitUntil(plots.readout.isVisible)
    names = [reading.name for reading in plots.readout.readings]
    assert {"Validation accuracy", "Sparsity", "Loss", "Loss, Labels", "Loss, Soft targets", "Learning rate"} <= {
        *names
    }

    # The learning rate takes the right axis.
    qtbot.mouseClick(plots.right, Qt.MouseButton.LeftButton, pos=QPoint(plots.right.width() - 20, 12))
    assert plots.sparsity._loss.yData.tolist() == state.curves["learning_rate"].y.tolist()

    # The table twin and the file hold the same points.
    plots.show_table()
    table = next(d for d in window.findChildren(CurveTableDialog) if d.isVisible())
    plots.save_data(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert table.model.rowCount() == len(rows) - 1
    assert table.model.columnCount() == len(rows[0])
    table.reject()
    for name in ("curves.png", "curves.svg"):
        plots.save_picture(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000

    # A closer look, and back.
    plots.accuracy.set_times(seconds / 2, seconds)
    plots.accuracy.zoomed.emit()
    assert plots.sparsity.times() == plots.accuracy.times() == (seconds / 2, seconds)
    qtbot.mouseDClick(plots.accuracy.viewport(), Qt.MouseButton.LeftButton)
    assert plots.accuracy.times()[0] == 0.0
