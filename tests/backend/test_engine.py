"""The engine process: it answers beside a job, stops when asked, and never dies silently."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.answers import Histogram, Inspection
from backend.cancel import Cancel
from backend.engine.client import GRACE, EngineClient, death
from backend.engine.jobs import JOBS
from backend.engine.protocol import Inspect, LayerHistogram, Request, Run, encode_event
from backend.engine.server import perform
from backend.events import ENDINGS, Answer, Cancelled, Event, Failed, Finished, Hello, Metric, StageStarted
from backend.recipe import Recipe, Stage, plan
from backend.registry import catalogue

LENET = {"source": "bundled", "name": "lenet5", "weights": "samples/lenet5-digits.safetensors"}


class Engine(EngineClient):
    """An engine that keeps every event by job."""

    def __init__(self) -> None:
        super().__init__()
        self.events: dict[str, list[Event]] = {}

    def pump(self, until: float = 30.0, *, job: str, kind: type | tuple[type, ...] = ENDINGS) -> Event:
        """Receive until an event of ``kind`` has come for ``job``."""
        end = time.monotonic() + until
        while time.monotonic() < end:
            for event in self.events.get(job, []):
                if isinstance(event, kind):
                    return event
            for name, _, event in self.receive(0.05):
                self.events.setdefault(name, []).append(event)
        raise TimeoutError(f"{kind} did not come")

    def ask(self, request: Request) -> Event:
        return self.pump(job=self.send(request))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine()
    yield engine
    engine.close()


@pytest.fixture
def long_run(recipe: Recipe, tmp_path: Path) -> Run:
    data = recipe.to_data()
    data["stages"] = [{"train": {"epochs": 5000}}]
    return Run(data, str(tmp_path / "run"), str(tmp_path))


def test_that_it_says_hello_with_every_method(engine: Engine) -> None:
    hello = engine.pump(job="", kind=Hello)
    assert isinstance(hello, Hello)
    assert {"stage", "criterion", "quantization", "dataset", "export"} <= {m["kind"] for m in hello.methods}


def test_that_it_inspects_and_counts_weights(engine: Engine) -> None:
    answer = engine.ask(Inspect(LENET))
    assert isinstance(answer, Answer), answer
    inspection = Inspection.from_data(answer.value)
    assert inspection.parameters == 44_426
    histogram = engine.ask(LayerHistogram(LENET, "conv2", bins=10))
    assert isinstance(histogram, Answer), histogram
    assert sum(histogram.value["counts"]) == 16 * 6 * 25


def test_that_questions_are_answered_during_a_job_and_stop_ends_it_in_two_seconds(
    engine: Engine, long_run: Run
) -> None:
    job = engine.send(long_run)
    engine.pump(job=job, kind=Metric)
    assert isinstance(engine.ask(Inspect(LENET)), Answer)
    pid, begun = engine.pid, time.monotonic()
    engine.cancel(job)
    assert isinstance(engine.pump(job=job), Cancelled)
    took = time.monotonic() - begun
    assert took < 2.5
    assert engine.pid == pid or took >= GRACE  # a process that does not stop by itself is replaced


def test_that_activations_and_their_grid_are_told_during_a_job(engine: Engine, long_run: Run) -> None:
    job = engine.send(long_run)
    engine.pump(job=job, kind=Metric)
    found = plan(Stage("quantize"), "conv2", "Conv2d", catalogue()).settings
    assert found is not None
    answer = engine.ask(LayerHistogram(LENET, "conv2", data={"source": "digits"}, settings=dict(found)))
    engine.cancel(job)
    engine.pump(job=job)
    assert isinstance(answer, Answer), answer
    histogram = Histogram.from_data(answer.value)
    assert (histogram.images, list(histogram.shape)) == (64, [6, 12, 12])
    assert histogram.grid is not None and histogram.grid.scale is not None


def test_that_an_answer_that_can_not_be_sent_is_one_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Event] = []

    def emit(event: Event) -> None:
        encode_event("1", 0, 0.0, event)
        sent.append(event)

    request = Inspect(LENET)
    monkeypatch.setitem(JOBS, Inspect, lambda request, emit, cancel: emit(Answer(object())))  # type: ignore[arg-type]
    perform(request, emit, Cancel())
    assert [type(event) for event in sent] == [Failed]


def test_that_stopping_a_job_that_waits_leaves_the_one_at_work_alone(engine: Engine, long_run: Run) -> None:
    pid, working = engine.pid, engine.send(long_run)
    engine.pump(job=working, kind=Metric)
    waiting = engine.send(long_run)
    engine.cancel(waiting)
    assert isinstance(engine.pump(1.5, job=waiting), Cancelled)
    end = time.monotonic() + 2.5  # longer than the grace
    while time.monotonic() < end:
        engine.events.setdefault(working, []).extend(event for _, _, event in engine.receive(0.1))
    assert engine.pid == pid
    assert not any(isinstance(event, ENDINGS) for event in engine.events[working])
    engine.cancel(working)
    assert isinstance(engine.pump(job=working), Cancelled)


def test_that_bad_requests_are_sentences(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "no.pth").write_text("text")
    failed = engine.ask(Inspect({"source": "checkpoint", "weights": str(tmp_path / "no.pth")}))
    assert isinstance(failed, Failed)
    assert failed.repairable
    assert failed.hint is not None


def test_that_a_killed_engine_is_one_failed_with_the_systems_reason_and_is_replaced(
    engine: Engine, long_run: Run
) -> None:
    job = engine.send(long_run)
    engine.pump(job=job, kind=StageStarted)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    failed = engine.pump(job=job)
    assert isinstance(failed, Failed)
    assert "memory" in str(failed.message)
    assert engine.pid != pid
    assert isinstance(engine.ask(Inspect(LENET)), Answer)
    assert len([e for e in engine.events[job] if isinstance(e, ENDINGS)]) == 1


def test_that_a_job_that_does_not_listen_is_ended_after_the_grace(engine: Engine, long_run: Run) -> None:
    job = engine.send(long_run)
    engine.pump(job=job, kind=Metric)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    engine.cancel(job)
    assert isinstance(engine.pump(job=job), Cancelled)
    assert 1.5 < time.monotonic() - begun < 4
    assert isinstance(engine.ask(Inspect(LENET)), Answer)


def test_that_what_nobody_wants_any_more_is_stopped_without_ending_the_engine(engine: Engine, long_run: Run) -> None:
    job = engine.send(long_run)
    engine.pump(job=job, kind=Metric)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    engine.cancel(job, patient=True)
    end = time.monotonic() + GRACE + 0.5
    while time.monotonic() < end:
        engine.events[job] += [event for name, _, event in engine.receive(0.1) if name == job]
    os.kill(pid, signal.SIGCONT)
    assert isinstance(engine.pump(job=job), Cancelled)
    assert engine.pid == pid


def test_that_a_run_through_the_engine_gives_the_figures_of_a_run_without_it(
    engine: Engine, recipe: Recipe, tmp_path: Path
) -> None:
    from tests.backend.conftest import carried_out

    data = recipe.to_data()
    data["stages"] = data["stages"][:2]
    far = engine.ask(Run(data, str(tmp_path / "far"), str(tmp_path)))
    assert isinstance(far, Finished), far
    from backend.recipe import recipe_from_data
    from backend.registry import catalogue

    near = carried_out(recipe_from_data(data, catalogue()), tmp_path / "near")[-1]
    assert isinstance(near, Finished)
    assert far.result["final"]["accuracy"] == near.result["final"]["accuracy"]
    assert far.result["final"]["sparsity"] == near.result["final"]["sparsity"]


def test_that_closing_ends_the_process_even_during_a_job(long_run: Run) -> None:
    engine = Engine()
    engine.pump(job=engine.send(long_run), kind=StageStarted)
    process = engine._process
    begun = time.monotonic()
    engine.close()
    assert not process.is_alive()
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(("code", "words"), [(-9, "memory"), (-11, "SIGSEGV"), (3, "exit code 3"), (None, "exit code")])
def test_that_the_reason_of_a_death_is_in_words(code: int | None, words: str) -> None:
    assert words in str(death(code))
