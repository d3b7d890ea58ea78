"""Opening: a glance first, the network then, each asked for once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo, Trust
from backend.engine.protocol import Glance, Inspect, Request
from backend.errors import msg
from backend.events import Failed
from backend.recipe import ModelSpec, Recipe, Rule, Stage
from gui.dialogs.model_dialog import ModelDialog
from gui.document import Document
from gui.item_models.layer_tree import LayerTreeModel
from gui.opening import Opener
from gui.widgets.trust_badge import TrustBadge
from tests.small_catalogue import small_catalogue

SAFE = Trust("safe", msg("It holds only weights; nothing in it can run."))


class Engine(QObject):
    """Takes questions and gives what a test has it answer."""

    events = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, tuple[Request, Callable[[Any], None], Callable[[Failed], None] | None]] = {}

    def ask(self, request: Request, answered: Callable[[Any], None], failed: Any = None) -> str:
        job = str(len(self.asked))
        self.asked[job] = (request, answered, failed)
        return job

    def forget(self, job: str) -> None:
        """As the engine's thread does: its answer is not handed over."""
        if job in self.asked:
            request, *_ = self.asked[job]
            self.asked[job] = (request, lambda _: None, None)

    def kinds(self) -> list[type]:
        return [type(request) for request, *_ in self.asked.values()]

    def answer(self, kind: type, value: Inspection | Failed, number: int = -1) -> None:
        _, answered, failed = [one for one in self.asked.values() if isinstance(one[0], kind)][number]
        if isinstance(value, Failed):
            assert failed is not None
            failed(value)
        else:
            answered(value.to_data())


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def empty(own_settings: None) -> Document:
    made = Document()
    made.catalogue = small_catalogue()
    return made


@pytest.fixture
def opener(empty: Document, engine: Engine) -> Opener:
    return Opener(empty, engine)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.safetensors"
    path.write_bytes(b"\0" * 9)
    return path


@pytest.fixture
def glance(inspection: Inspection) -> Inspection:
    layers = [dataclasses.replace(layer, macs=None) for layer in inspection.layers if layer.parameters]
    return dataclasses.replace(inspection, layers=layers, macs=None, refusals={}, complete=False, trust=SAFE)


def test_that_a_glance_begins_the_document_and_the_inspection_completes_it(
    opener: Opener, empty: Document, engine: Engine, file: Path, glance: Inspection, inspection: Inspection
) -> None:
    opener.open(file)
    assert engine.kinds() == [Glance, Inspect]
    engine.answer(Glance, glance)
    assert empty.is_open
    assert empty.inspection == glance
    assert empty.why_unknown() == "The network is still being opened"
    recipe = empty.recipe
    engine.answer(Inspect, inspection)
    assert empty.recipe is recipe
    assert empty.inspection == inspection
    assert empty.why_unknown() == ""
    assert engine.kinds() == [Glance, Inspect]  # its weights are read once


def test_that_edits_meanwhile_stay_and_ask_nothing_again(
    opener: Opener, empty: Document, engine: Engine, file: Path, glance: Inspection, inspection: Inspection
) -> None:
    opener.open(file)
    engine.answer(Glance, glance)
    empty.add_stage("train", "Add")
    engine.answer(Inspect, inspection)
    assert [stage.kind for stage in empty.recipe.stages] == ["train"]  # type: ignore[union-attr]
    assert empty.undo_stack.canUndo()
    assert engine.kinds() == [Glance, Inspect]


def test_that_what_is_told_of_an_earlier_file_is_not_shown(
    opener: Opener, empty: Document, engine: Engine, file: Path, glance: Inspection, inspection: Inspection
) -> None:
    opener.open(file)
    other = file.with_name("other.pth")
    other.write_bytes(b"\0")
    opener.open(other)
    for kind, value in ((Glance, glance), (Inspect, inspection)):
        engine.answer(kind, dataclasses.replace(value, name="earlier"), 0)
    assert not empty.is_open
    engine.answer(Inspect, dataclasses.replace(inspection, name="later"))
    assert empty.recipe is not None
    assert empty.recipe.name == "later"


def test_that_a_network_that_cannot_be_opened_leaves_its_glance_and_the_reason(
    opener: Opener, empty: Document, engine: Engine, file: Path, glance: Inspection, qtbot: QtBot
) -> None:
    opener.open(file)
    engine.answer(Glance, glance)
    with qtbot.waitSignal(opener.failed) as told:
        engine.answer(Inspect, Failed(msg("It fits no architecture.")))
    assert told.args[0] == file
    assert empty.inspection == glance
    assert empty.why_unknown() == "Needs a network that can be opened"
    opener.again()
    assert engine.kinds() == [Glance, Inspect, Inspect]  # the model of this glance names no file
    assert empty.why_unknown() == "The network is still being opened"


def test_that_a_file_without_layers_begins_no_document(
    opener: Opener, empty: Document, engine: Engine, file: Path, glance: Inspection
) -> None:
    opener.open(file)
    code = dataclasses.replace(glance, layers=[], trust=Trust("code", msg("It would run os.system."), ("os.system",)))
    engine.answer(Glance, code)
    assert not empty.is_open
    assert opener.glance == code


def test_that_a_recipe_shows_a_glance_of_its_network_too(
    opener: Opener, empty: Document, engine: Engine, tmp_path: Path, glance: Inspection, inspection: Inspection
) -> None:
    empty.start(Recipe(model=ModelSpec(source="bundled", name="net", weights="net.pth")), tmp_path)
    assert engine.kinds() == [Glance, Inspect]
    engine.answer(Glance, glance)
    assert empty.inspection == glance
    engine.answer(Inspect, inspection)
    assert engine.kinds() == [Glance, Inspect]


def test_that_a_network_without_a_file_is_opened_at_once(
    opener: Opener, empty: Document, engine: Engine, tmp_path: Path
) -> None:
    empty.start(Recipe(model=ModelSpec(source="bundled", name="net")), tmp_path)
    assert engine.kinds() == [Inspect]


def test_that_a_file_that_is_gone_is_a_sentence(opener: Opener, engine: Engine, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(opener.failed) as told:
        opener.open(tmp_path / "gone.pth")
    failed = told.args[1]
    assert str(failed.message).startswith("There is no file")
    assert failed.hint is not None
    assert engine.kinds() == []


def test_that_menus_refuse_with_the_reason_while_a_glance_is_all_there_is(
    empty: Document, glance: Inspection, inspection: Inspection, tmp_path: Path
) -> None:
    empty.start(Recipe(stages=(Stage("prune", {"method": "l1"}, (Rule("head", None),)),)), tmp_path)
    empty.opening = True
    empty.set_inspection(glance)
    tree = LayerTreeModel(empty)
    layer = next(one for one in tree.layers if one.name == "features.conv")
    assert tree.refusals.why("criterion", "l1", layer) == "The network is still being opened"
    assert tree.refusals.able("criterion", "l1", [layer]) == []
    empty.set_inspection(inspection)
    assert tree.refusals.why("criterion", "l1", layer) == ""


class TestTrust:
    def test_that_the_badge_says_a_word_and_its_tooltip_the_rest(self, qtbot: QtBot) -> None:
        badge = TrustBadge()
        qtbot.addWidget(badge)
        badge.show_trust(Trust("code", msg("A Python file."), ("os", "torch")))
        assert badge.text() == "Runs code"
        assert badge.toolTip() == "A Python file.\nIt imports os, torch."
        assert (badge.accessibleName(), badge.accessibleDescription()) == ("Trust: Runs code", badge.toolTip())
        qtbot.mouseClick(badge, Qt.MouseButton.LeftButton)
        assert QToolTip.text() == badge.toolTip()
        QToolTip.hideText()

    def test_that_without_a_file_there_is_no_badge(self, qtbot: QtBot) -> None:
        badge = TrustBadge()
        qtbot.addWidget(badge)
        badge.show_trust(SAFE)
        badge.show_trust(None)
        assert badge.isHidden()

    def test_that_very_many_imports_are_not_all_named(self, qtbot: QtBot) -> None:
        badge = TrustBadge()
        qtbot.addWidget(badge)
        badge.show_trust(Trust("code", msg("Code."), tuple("abcdefgh")))
        assert badge.toolTip() == "Code.\nIt imports a, b, c, d, e, f, …."


class TestDialog:
    def test_that_it_says_what_the_chosen_file_holds(self, qtbot: QtBot, glance: Inspection, tmp_path: Path) -> None:
        looked: list[tuple[Any, Callable[[Inspection], None]]] = []
        values = {"source": "checkpoint", "weights": str(tmp_path / "a.pth")}
        dialog = ModelDialog(small_catalogue(), values, lambda model, found: looked.append((model, found)))
        qtbot.addWidget(dialog)
        ((model, found),) = looked
        assert model == values
        found(glance)
        assert dialog._held.text.text() == "3 layers, 1.2 K parameters, 4.68 KB"
        assert dialog._held.badge.text() == "Safe"

    def test_that_what_was_told_of_another_file_is_not_shown(
        self, qtbot: QtBot, glance: Inspection, tmp_path: Path
    ) -> None:
        looked: list[Callable[[Inspection], None]] = []
        values = {"source": "checkpoint", "weights": str(tmp_path / "a.pth")}
        dialog = ModelDialog(small_catalogue(), values, lambda _, found: looked.append(found))
        qtbot.addWidget(dialog)
        dialog._set("weights", str(tmp_path / "b.pth"))
        looked[0](glance)
        assert dialog._held.text.text() == ""
        looked[1](dataclasses.replace(glance, layers=[], trust=Trust("unknown", msg("It is cut off."))))
        assert (dialog._held.badge.text(), dialog._held.text.text()) == ("Unknown", "It is cut off.")


def test_that_bytes_and_types_are_part_of_a_layer() -> None:
    layer = LayerInfo("a", "Linear", 6, None, True, (3, 2), (), 24, "float32")
    whole = Inspection("n", {}, (2,), 3, 6, None, 24, [layer], complete=False, trust=SAFE)
    assert Inspection.from_data(whole.to_data()) == whole
