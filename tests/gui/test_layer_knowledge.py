"""Couplings and latencies: asked for when wanted, forgotten with their network."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from backend.answers import Coupled, Coupling, Inspection
from backend.engine.protocol import Couplings, LayerLatency, Request
from backend.errors import msg
from backend.events import Cancelled, Event, Failed, Finished, Progress
from gui.document import Document
from gui.layer_knowledge import LayerKnowledge, by_layer, coupled_text, summed

ADDED = msg("Their outputs are added up in {where}", where="features")
RESULT = {"layers": {"features.conv": 0.5, "head": 0.25}, "total_ms": 1.5, "threads": 2, "batch": 1}


class Engine(QObject):
    events = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Request, Callable[[Any], None]]] = []
        self.cancelled: list[str] = []
        self.forgotten: list[str] = []

    def ask(self, request: Request, answered: Callable[[Any], None], failed: Any = None) -> str:
        self.asked.append((request, answered))
        return f"asked {len(self.asked)}"

    def send(self, request: Request) -> str:
        self.asked.append((request, lambda _: None))
        return f"job {len(self.asked)}"

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)

    def forget(self, job: str) -> None:
        self.forgotten.append(job)

    def tell(self, *events: Event, job: str = "") -> None:
        self.events.emit([(job or f"job {len(self.asked)}", 0.1, event) for event in events])


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def knowledge(document: Document, engine: Engine, inspection: Inspection) -> LayerKnowledge:
    made = LayerKnowledge(document, engine)  # type: ignore[arg-type]
    document.set_inspection(dataclasses.replace(inspection, name="net"))
    return made


def test_that_couplings_are_asked_for_once_the_network_is_known(
    knowledge: LayerKnowledge, engine: Engine, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bool(engine.asked))
    ((request, answered),) = engine.asked
    assert isinstance(request, Couplings)
    with qtbot.waitSignal(knowledge.changed):
        answered(Coupled([Coupling(("features.conv", "head"), (ADDED,))]).to_data())
    assert set(knowledge.couplings) == {"features.conv", "head"}
    assert knowledge.uncoupled is None


def test_that_a_glance_asks_for_nothing(
    document: Document, engine: Engine, inspection: Inspection, qtbot: QtBot
) -> None:
    LayerKnowledge(document, engine, document)  # type: ignore[arg-type]
    document.set_inspection(dataclasses.replace(inspection, complete=False))
    qtbot.wait(20)
    assert engine.asked == []


def test_that_the_reason_is_kept_where_couplings_are_not_known(
    knowledge: LayerKnowledge, engine: Engine, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bool(engine.asked))
    engine.asked[0][1](Coupled(why_not=msg("It takes too long")).to_data())
    assert str(knowledge.uncoupled) == "It takes too long"
    assert dict(knowledge.couplings) == {}


class TestLatency:
    def test_that_it_is_measured_told_and_summed(self, knowledge: LayerKnowledge, engine: Engine) -> None:
        knowledge.measure()
        assert isinstance(engine.asked[-1][0], LayerLatency)
        assert knowledge.measuring
        assert knowledge.why_not() == "The latency of the layers is being measured"
        engine.tell(Progress(0, 1.0, 4.0, msg("Measuring")))
        assert knowledge.share == 0.25
        engine.tell(Finished(RESULT))
        assert knowledge.latencies == {"features.conv": 0.5, "features": 0.5, "": 0.75, "head": 0.25}
        assert knowledge.total == 1.5
        assert knowledge.conditions == "Measured with PyTorch on 2 threads, batch 1: 1.50 ms in all"
        assert not knowledge.measuring
        assert knowledge.why_not() == ""

    def test_that_a_stop_leaves_what_was_known(self, knowledge: LayerKnowledge, engine: Engine) -> None:
        knowledge.measure()
        engine.tell(Finished(RESULT))
        knowledge.measure()
        knowledge.stop()
        assert engine.cancelled == [f"job {len(engine.asked)}"]
        engine.tell(Cancelled())
        assert not knowledge.measuring
        assert knowledge.latencies["head"] == 0.25

    def test_that_a_failure_is_told(self, knowledge: LayerKnowledge, engine: Engine, qtbot: QtBot) -> None:
        knowledge.measure()
        with qtbot.waitSignal(knowledge.failed):
            engine.tell(Failed(msg("It could not be run.")))
        assert not knowledge.measuring

    def test_that_other_jobs_are_not_listened_to(self, knowledge: LayerKnowledge, engine: Engine) -> None:
        knowledge.measure()
        engine.tell(Finished(RESULT), job="another")
        assert knowledge.measuring

    def test_that_another_network_forgets_it_all(
        self, knowledge: LayerKnowledge, engine: Engine, document: Document, inspection: Inspection
    ) -> None:
        knowledge.measure()
        engine.tell(Finished(RESULT))
        knowledge.measure()
        document.set_inspection(dataclasses.replace(inspection, name="other"))
        assert (dict(knowledge.latencies), knowledge.total, knowledge.conditions) == ({}, None, "")
        assert f"job {len(engine.asked)}" in engine.forgotten
        assert not engine.cancelled  # the engine may be opening the other network: it is not to be ended
        assert not knowledge.measuring

    def test_that_without_a_network_it_says_why_not(self, engine: Engine, own_settings: None) -> None:
        knowledge = LayerKnowledge(Document(), engine)  # type: ignore[arg-type]
        assert knowledge.why_not() == "Open a network first"
        knowledge.measure()
        assert engine.asked == []


def test_that_a_layer_in_several_groups_is_coupled_with_all_of_them() -> None:
    other = msg("Each channel is filtered by itself in {where} (depthwise)", where="d")
    found = by_layer([Coupling(("a", "b"), (ADDED,)), Coupling(("b", "c"), (ADDED, other))])
    assert found["a"].layers == ("a", "b")
    assert (found["b"].layers, found["b"].reasons) == (("a", "b", "c"), (ADDED, other))


def test_that_a_coupling_is_told_in_lines() -> None:
    two, many = Coupling(("a", "b"), (ADDED,)), Coupling(tuple("abcdefghij"), (ADDED,))
    assert coupled_text(two, "a") == "Loses channels only together with b\nTheir outputs are added up in features"
    assert coupled_text(many, "c").splitlines()[0] == "Loses channels only together with 9 layers: a, b, d, e, f, g, …"


def test_that_sums_hold_what_is_below_and_nothing_twice() -> None:
    assert summed({"a.b": 1.0, "a": 0.5, "c": 2.0}) == {"a.b": 1.0, "a": 1.5, "c": 2.0, "": 3.5}
