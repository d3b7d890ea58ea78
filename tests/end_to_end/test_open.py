"""Opening files as a person does: dropped on the window, right ones and wrong ones."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from backend.recipe import ModelSpec, Recipe, Stage, recipe_to_yaml
from gui.main_window import MainWindow
from gui.panels.error_card import ErrorCard
from tests.end_to_end.hands import LONG, entry, press

SHAPES = {
    "conv1.weight": (6, 1, 5, 5), "conv1.bias": (6,), "conv2.weight": (16, 6, 5, 5), "conv2.bias": (16,),
    "fc1.weight": (120, 256), "fc1.bias": (120,), "fc2.weight": (84, 120), "fc2.bias": (84,),
    "fc3.weight": (7, 84), "fc3.bias": (7,),
}  # fmt: skip
"""LeNet-5's, for seven classes."""
LAYERS = ["conv1", "conv2", "fc1", "fc2", "fc3"]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "七 classes.safetensors"
    rng = np.random.default_rng(0)
    save_file({name: rng.normal(0, 0.1, shape).astype(np.float32) for name, shape in SHAPES.items()}, path)
    return path


@pytest.fixture
def seen(window: MainWindow) -> list[tuple[bool, list[str], str, str]]:
    """What stands in the window each time it learns of the network: whether that is all, tree, badge, why not Run."""
    found: list[tuple[bool, list[str], str, str]] = []

    def note() -> None:
        inspection = window.document.inspection
        if inspection is not None:
            layers = [layer.name for layer in window.panes.model.model.layers if layer.leaf and layer.weight_shape]
            found.append((inspection.complete, layers, window.panes.trust.text(), window.work.why_not_run()))

    window.document.inspection_changed.connect(note)
    return found


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    at, copy, left = window.rect().center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(at, copy, data, left, none)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(at.toPointF(), copy, data, left, none))


def test_that_the_tree_stands_there_before_the_network_is_opened_and_run_says_so(
    qtbot: QtBot, window: MainWindow, checkpoint: Path, seen: list[tuple[bool, list[str], str, str]]
) -> None:
    drop(window, checkpoint)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1][0], timeout=LONG)
    assert [complete for complete, *_ in seen] == [False, True]
    assert [layers for _, layers, *_ in seen] == [LAYERS, LAYERS]
    assert [badge for *_, badge, _ in seen] == ["Safe", "Safe"]
    assert window.panes.trust.isVisible()
    assert "nothing in it can run" in window.panes.trust.toolTip()
    recipe, inspection = window.document.recipe, window.document.inspection
    assert recipe is not None
    assert inspection is not None
    assert (recipe.model.name, recipe.model.num_classes, recipe.name) == ("lenet5", 7, "LeNet-5")
    assert recipe.model.to_data() == dict(inspection.model)
    assert (inspection.classes, inspection.macs is not None) == (7, True)

    # A recipe whose network that is: Run says why not, and then that it can.
    seen.clear()
    model = ModelSpec(source="bundled", name="lenet5", weights=checkpoint.name, num_classes=7)
    path = checkpoint.with_name("recipe.yaml")
    path.write_text(recipe_to_yaml(Recipe(model=model, stages=(Stage("prune", {"amount": 0.5}),))), encoding="utf-8")
    drop(window, path)
    qtbot.waitUntil(lambda: bool(seen) and seen[-1][0], timeout=LONG)
    assert [(complete, why) for complete, *_, why in seen] == [(False, "The network is still being opened"), (True, "")]


class Runs:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("hi",)


def card(qtbot: QtBot, window: MainWindow, path: Path) -> ErrorCard:
    window.frame.drop_error()
    drop(window, path)
    qtbot.waitUntil(lambda: window.frame.error is not None, timeout=LONG)
    assert isinstance(window.frame.error, ErrorCard)
    return window.frame.error


def test_that_wrong_files_are_a_sentence_each_and_lead_back(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    wrong = {
        "net.onnx": (b"\x08\x09\x12\x04pare", "is an ONNX file: Pare writes such files and checks them"),
        "empty.pth": (b"", "is empty (0 bytes)"),
        "page.pt": (b"<!doctype html>", "is a web page, not a checkpoint"),
        "notes.txt": (b"hello there", "is a text, not a checkpoint"),
        "evil.pth": (pickle.dumps(Runs(), protocol=2), "Pare does not run pickles"),
        "recipe.yaml": (b"\x80\x02\x00", "is not a recipe"),
    }  # fmt: skip
    name = window.document.name
    for file, (content, says) in wrong.items():
        path = tmp_path / file
        path.write_bytes(content)
        shown = card(qtbot, window, path)
        assert says in shown.text
        assert shown.repair.text() == "Open another file…"
        qtbot.mouseClick(shown.other, Qt.MouseButton.LeftButton)
        assert window.frame.error is None
        assert window.frame.pages.currentWidget() is window.panes.tabs
    assert "Runs code" in dict(card(qtbot, window, tmp_path / "evil.pth").facts)["Trust"]
    assert window.document.name == name
    assert "is a folder" in card(qtbot, window, tmp_path).text

    # Weights of a network that Pare does not know: its layers are there, and the card asks for the network.
    path = tmp_path / "own.safetensors"
    save_file({"stem.weight": np.zeros((8, 3, 3, 3), np.float32), "top.weight": np.zeros((2, 8), np.float32)}, path)
    shown = card(qtbot, window, path)
    assert dict(shown.facts)["Holds"] == "2 layers, 232 parameters, 928 B"
    assert [layer.name for layer in window.panes.model.model.layers] == ["", "stem", "top"]
    assert shown.repair.text() == "Choose the network…"
    assert window.document.why_unknown() == "Needs a network that can be opened"


def test_that_layers_are_timed_on_request_and_that_this_can_be_stopped(qtbot: QtBot, window: MainWindow) -> None:
    def choose() -> None:
        qtbot.mouseClick(window.frame.toolbar.menu_button, Qt.MouseButton.LeftButton)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        entry(menu, "Measure layer latency").trigger()
        menu.close()

    choose()
    qtbot.waitUntil(lambda: window.knowledge.measuring, timeout=LONG)
    assert window.work.why_not_run() == "The latency of the layers is being measured"
    press(qtbot, window, "Stop")
    qtbot.waitUntil(lambda: not window.knowledge.measuring, timeout=LONG)
    assert dict(window.knowledge.latencies) == {}
    choose()
    qtbot.waitUntil(lambda: bool(window.knowledge.latencies), timeout=LONG)
    times = window.knowledge.latencies
    assert set(times) == {"", *LAYERS}
    assert times[""] == pytest.approx(sum(times[name] for name in LAYERS))
    assert "batch 1" in window.knowledge.conditions
    assert window.work.why_not_run() == ""
