"""Everything that crosses the pipe comes out as it went in, on one line of JSON."""

import json
from dataclasses import fields
from typing import get_args

import pytest
import torch

from backend import events
from backend.engine.protocol import (
    _KINDS,
    Allocate,
    CancelJob,
    Couplings,
    EventFile,
    Export,
    Glance,
    Inspect,
    LayerChannels,
    LayerHistogram,
    LayerLatency,
    LayerPicture,
    Predictions,
    Request,
    Run,
    Sensitivity,
    decode_event,
    decode_request,
    encode_event,
    encode_request,
)
from backend.errors import CompressionError, ConsentNeeded, Repair, msg
from backend.events import (
    Answer,
    Cancelled,
    Event,
    Failed,
    Finished,
    Hello,
    LayerChanged,
    Measured,
    Metric,
    Noted,
    Progress,
    StageStarted,
    Started,
    Warned,
    failure,
)

REPAIR = Repair(msg("Set to {n}", n=1), {"a.b": 1, "c": None})
SAID = msg("Pruned {count} layers in {name}", count=3, name="网络 “x”\n")

REQUESTS: list[Request] = [
    Inspect({"source": "bundled", "name": "lenet5"}, {"source": "digits"}, "/a b/中", {"/x.py": "00ff"}),
    Inspect({"source": "checkpoint"}),
    LayerHistogram({"name": "lenet5"}, "conv1", 32),
    LayerChannels({"name": "lenet5"}, "conv1", "/a b/1.npy", {"method": "static_int8"}),
    LayerPicture({"name": "lenet5"}, "conv1", "/a b/1.npy", (0, 8, 512, 16)),
    Run({"pare": 1, "model": {}}, "/out", resume=True),
    EventFile("/runs/3"),
    Export("/runs/1", ("onnx", "safetensors"), "/out", "net"),
    Sensitivity({"pare": 1, "model": {}}, 1, (0.1, 0.5), 2000, "/a b/中", {"/x.py": "00ff"}, "/runs"),
    Allocate({"pare": 1, "model": {}}, {"macs": 0.5}, 0, (0.1, 0.5), 2000, "/a b/中", {"/x.py": "00ff"}, "/runs"),
    Predictions("/runs/中 1", "stages/0/steps/1", {"/x.py": "00ff"}),
    Glance({"source": "checkpoint", "weights": "/a b/中.pth"}, "/a b"),
    Couplings({"name": "lenet5"}, "/a b", {"/x.py": "00ff"}),
    LayerLatency({"name": "lenet5"}, 8, "/a b", {"/x.py": "00ff"}),
    CancelJob("7"),
]
EVENTS: list[Event] = [
    Started("A run", "/runs/1", [{"kind": "prune", "label": "Prune"}]),
    StageStarted(-1, "Original"),
    StageStarted(1, "Fine-tune", 120),
    Progress(0, 3.0, 10.0, SAID),
    Metric(1, "accuracy", 12.5, 98.25),
    LayerChanged(0, [{"name": "conv1", "sparsity": 0.5}]),
    Measured(-1, {"accuracy": 97.0, "latency_ms": {"median": 0.4}, "layers": []}),
    events.Sensitivity("conv1", [{"amount": 0.5, "accuracy": 97.5, "loss": 0.1, "sqnr_db": 20.0}]),
    Warned(0, SAID),
    Warned(0, SAID, msg("Do this.")),
    Noted(0, SAID),
    Finished({"pare": 1}),
    Cancelled(),
    Failed(SAID),
    Failed(SAID, msg("Do this."), "trace\nback", REPAIR, False, {"f": "0"}),
    Answer({"layers": [1, 2.5, None, "x"]}),
    Hello(1, "0.1.0", "2.13.0", [{"kind": "stage", "id": "prune"}], {"vnni": True}),
]


def test_that_every_kind_of_request_and_event_is_tried_here() -> None:
    assert {type(r) for r in REQUESTS} == set(get_args(Request)) == set(_KINDS.values())
    assert {type(e) for e in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: type(r).__name__)
def test_that_a_request_comes_out_as_it_went_in(request_: Request) -> None:
    line = encode_request("12", request_)
    assert b"\n" not in line
    assert decode_request(line) == ("12", request_)


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: type(e).__name__)
def test_that_an_event_comes_out_as_it_went_in(event: Event) -> None:
    line = encode_event("12", 4, 1.23456789, event)
    assert "\n" not in line
    assert decode_event(line) == ("12", 1.2346, event)
    assert decode_event(line.encode()) == ("12", 1.2346, event)


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: type(e).__name__)
def test_that_the_envelope_stands_in_every_line(event: Event) -> None:
    data = json.loads(encode_event("12", 4, 0.0, event))
    assert (data["pare"], data["job"], data["seq"], data["time"]) == (1, "12", 4, 0.0)
    assert {f.name for f in fields(event)} <= set(data)


def test_that_a_number_json_cannot_say_becomes_nothing() -> None:
    line = encode_event("1", 0, 0.0, Metric(0, "loss", 1.0, float("nan")))
    assert json.loads(line, parse_constant=pytest.fail)["value"] is None


def test_that_a_message_keeps_its_template_for_the_translation() -> None:
    _, _, event = decode_event(encode_event("1", 0, 0.0, Progress(0, 0.0, 1.0, SAID)))
    assert isinstance(event, Progress)
    assert event.text.template == "Pruned {count} layers in {name}"
    assert event.text.values == {"count": 3, "name": "网络 “x”\n"}


def test_that_a_persons_error_keeps_sentence_hint_and_repair() -> None:
    repair = Repair(msg("Use 0.9"), {"stages.0.prune.amount": 0.9})
    ending = failure(CompressionError(msg("Too much."), msg("Less."), repair=repair), "trace")
    assert ending == Failed(msg("Too much."), msg("Less."), "trace", repair, True)


def test_that_a_file_nobody_has_allowed_asks_for_consent() -> None:
    ending = failure(ConsentNeeded("net.py", "00ff"), "")
    assert ending.consent == {"file": "net.py", "sha256": "00ff"}
    assert ending.repairable


def test_that_running_out_of_memory_is_the_persons_to_repair() -> None:
    assert failure(MemoryError(), "").repairable
    assert "smaller batch" in str(failure(MemoryError(), "").hint)


def test_that_a_defect_says_that_it_is_one_and_keeps_braces_of_the_error() -> None:
    ending = failure(KeyError("{weird}"), "trace")
    assert not ending.repairable
    assert "{weird}" in str(ending.message)
    assert ending.details == "trace"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: not enough memory"),
        torch.OutOfMemoryError("CUDA out of memory"),
    ],
)
def test_that_memory_that_runs_out_is_a_sentence_with_a_repair(error: Exception) -> None:
    ending = failure(error, "details")
    assert ending.repairable
    assert "memory" in str(ending.message)
    assert "batch size" in str(ending.hint)


def test_that_a_reason_in_a_sentence_stays_a_message_of_its_own() -> None:
    event = Warned(
        0, msg("{layer} is kept as it is: {reason}.", layer="fc3", reason=msg("Its channels are the classes"))
    )
    _, _, back = decode_event(encode_event("1", 0, 0.0, event))
    assert back == event
    assert str(event.message) == "fc3 is kept as it is: Its channels are the classes."
