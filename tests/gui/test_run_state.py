"""The reduction of a run's events to plain data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from backend.engine.protocol import encode_event
from backend.errors import msg
from backend.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    LayerChanged,
    Measured,
    Metric,
    Noted,
    Progress,
    StageStarted,
    Started,
    Warned,
)
from gui.run_parts import Curve, StageState, seconds_left
from gui.run_state import RunState

STAGES = [{"kind": "prune", "label": "Prune"}, {"kind": "train", "label": "Fine-tune"}]
M0 = {
    "accuracy": 98.0,
    "validation_accuracy": 97.0,
    "sparsity": 0.0,
    "size_bytes": 1000,
    "layers": [{"name": "conv1", "type": "Conv2d", "parameters": 10, "sparsity": 0.0, "precision": "float32"}],
}
M1 = {**M0, "accuracy": 97.5, "validation_accuracy": 96.5, "sparsity": 0.5, "size_bytes": 600, "layers": []}
RESULT = {"baseline": M0, "stages": [], "final": {**M1, "size_bytes": 500}, "exports": []}


def whole_run() -> list[tuple[str, float, Event]]:
    text = msg("Epoch {epoch}", epoch=1)
    return [
        ("1", 0.0, Started("Half", "/runs/half", STAGES)),
        ("1", 0.1, StageStarted(-1, "Original")),
        ("1", 1.0, Measured(-1, M0)),
        ("1", 1.0, Metric(-1, "accuracy", 1, 97.0)),
        ("1", 1.0, StageStarted(0, "Prune")),
        ("1", 1.5, Progress(0, 1, 2, msg("Ranking weights"))),
        ("1", 2.0, LayerChanged(0, [{"name": "conv1", "type": "Conv2d", "parameters": 10, "sparsity": 0.5}])),
        ("1", 2.0, StageStarted(1, "Fine-tune")),
        ("1", 3.0, Metric(1, "loss", 1, 0.7)),
        ("1", 3.0, Progress(1, 10, 40, text)),
        ("1", 4.0, Metric(1, "loss", 2, 0.5)),
        ("1", 4.5, Progress(1, 1, 100, msg("Measuring accuracy"))),
        ("1", 5.0, Measured(1, M1)),
        ("1", 5.0, Metric(1, "accuracy", 1, 96.5)),
        ("1", 6.0, Finished(RESULT)),
    ]


@pytest.fixture
def state(qapp: object) -> RunState:
    return RunState()


def test_that_a_batch_sends_one_change_with_every_kind_in_it(state: RunState) -> None:
    heard: list[set[str]] = []
    state.changed.connect(heard.append)
    state.apply(whole_run()[:9])
    assert len(heard) == 1
    assert {"started", "stages", "metrics", "layers", "curves", "progress", "log"} <= heard[0]


def test_that_an_empty_batch_sends_nothing(state: RunState) -> None:
    heard: list[set[str]] = []
    state.changed.connect(heard.append)
    state.apply([])
    assert heard == []


def test_that_stages_follow_their_events(state: RunState) -> None:
    state.apply(whole_run()[:10])
    assert [(s.label, s.status) for s in state.stages] == [
        ("Original", "done"),
        ("Prune", "done"),
        ("Fine-tune", "running"),
    ]
    assert state.stage is not None
    assert state.stage.fraction == pytest.approx(0.25)


def test_that_curves_are_points_over_seconds_of_the_run(state: RunState) -> None:
    state.apply(whole_run())
    np.testing.assert_allclose(state.curves["loss"].x, [3.0, 4.0])
    np.testing.assert_allclose(state.curves["loss"].y, [0.7, 0.5])
    np.testing.assert_allclose(state.curves["accuracy"].y, [97.0, 96.5])


def test_that_a_value_json_could_not_hold_is_no_point(state: RunState) -> None:
    state.apply([("1", 0.0, Metric(0, "loss", 1, None))])  # type: ignore[arg-type]
    assert "loss" not in state.curves


def test_that_the_final_metrics_are_those_of_the_result(state: RunState) -> None:
    state.apply(whole_run()[:-1])
    assert state.final == {}
    assert state.latest["size_bytes"] == 600
    state.apply(whole_run()[-1:])
    assert state.final["size_bytes"] == 500
    assert state.baseline["size_bytes"] == 1000


def test_that_layers_keep_the_original_beside_what_they_became(state: RunState) -> None:
    state.apply(whole_run())
    assert state.baseline_layers["conv1"]["sparsity"] == 0.0
    assert state.layers["conv1"]["sparsity"] == 0.5


@pytest.mark.parametrize(
    ("ending", "status", "stage"),
    [
        (Cancelled(), "stopped", "stopped"),
        (Failed(msg("Out of memory.")), "failed", "failed"),
        (Finished(RESULT), "done", "done"),
    ],
)
def test_that_an_ending_decides_the_status(state: RunState, ending: Event, status: str, stage: str) -> None:
    state.apply([*whole_run()[:10], ("1", 4.0, ending)])
    assert state.status == status
    assert state.stages[-1].status == stage
    assert state.left is None


def test_that_nothing_counts_after_the_ending(state: RunState) -> None:
    state.apply([*whole_run(), ("1", 7.0, Metric(1, "loss", 3, 9.0))])
    assert state.curves["loss"].y[-1] == 0.5


def test_that_events_of_another_job_are_passed_over(state: RunState) -> None:
    state.begin("7", "Mine")
    state.apply(whole_run())
    assert state.stages == []
    assert state.status == "running"
    assert state.name == "Mine"


def test_that_the_fraction_grows_to_one(state: RunState) -> None:
    seen = []
    for event in whole_run():
        state.apply([event])
        seen.append(state.fraction)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_that_the_time_left_is_the_running_stage_at_its_pace_plus_later_ones_by_weight() -> None:
    stages = [
        StageState(0, "prune", "", "done", 0.0, 2.0),
        StageState(1, "prune", "", "running", 2.0, None, 0.25),
        StageState(2, "train", "", "waiting"),
    ]
    # 1 s for a quarter of stage 1: 3 s more; 3 s for a weight of 1.25, and 8 and the last timing are to come
    assert seconds_left(stages, 3.0) == pytest.approx(3.0 + (8 + 1) * 3.0 / 1.25)


def test_that_no_time_left_is_said_in_the_first_second() -> None:
    assert seconds_left([StageState(0, "prune", "", "running", 0.0, None, 0.5)], 0.5) is None


def test_that_bands_join_without_gaps_and_tell_what_is_planned(state: RunState) -> None:
    state.apply(whole_run()[:10])
    bands = state.bands()
    assert [(b.kind, b.planned) for b in bands] == [("prune", False), ("train", True)]
    assert bands[0].end == bands[1].start == 2.0
    # a quarter took 1 s; 3 s for a weight of 1 + 1 + 8/4, and the last timing has a weight of 1
    assert bands[1].end == pytest.approx(3.0 + 3.0 + 3.0 / 4)


def test_that_the_bands_to_come_end_when_the_run_is_expected_to_end(state: RunState) -> None:
    state.apply([*whole_run()[:5], ("1", 1.5, Progress(0, 1, 2, msg("Ranking weights")))])
    bands = state.bands()
    assert [(b.kind, b.planned) for b in bands] == [("prune", True), ("train", True)]
    assert bands[0].end == bands[1].start
    assert state.left is not None
    assert bands[1].end == pytest.approx(1.5 + state.left)


def test_that_warnings_stand_in_the_log_with_their_hint(state: RunState) -> None:
    state.apply([("1", 0.5, Warned(0, msg("Few images."), msg("Use more.")))])
    line = state.log[-1]
    assert (line.level, str(line.message), str(line.hint)) == ("warning", "Few images.", "Use more.")


def write_events(folder: Path, events: list[tuple[str, float, Event]], tail: str = "") -> Path:
    lines = [encode_event(job, i, seconds, event) for i, (job, seconds, event) in enumerate(events)]
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n" + tail, encoding="utf-8")
    return folder


def test_that_a_folder_gives_the_same_run_again(state: RunState, tmp_path: Path) -> None:
    state.apply(whole_run())
    again = RunState.from_folder(write_events(tmp_path, whole_run()))
    assert again.status == "done"
    assert again.final == state.final
    np.testing.assert_allclose(again.curves["loss"].y, state.curves["loss"].y)
    assert [str(line.message) for line in again.log] == [str(line.message) for line in state.log]


def test_that_a_truncated_last_line_costs_only_itself(qapp: object, tmp_path: Path) -> None:
    whole = encode_event("1", 99, 9.0, Metric(1, "loss", 3, 0.4))
    again = RunState.from_folder(write_events(tmp_path, whole_run()[:11], whole[: len(whole) // 2]))
    assert again.status == "stopped"
    np.testing.assert_allclose(again.curves["loss"].y, [0.7, 0.5])


def test_that_a_result_alone_gives_the_figures(qapp: object, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(RESULT), encoding="utf-8")
    again = RunState.from_folder(tmp_path)
    assert again.status == "done"
    assert again.final["size_bytes"] == 500
    assert again.name == tmp_path.name


def test_that_a_resumed_run_goes_on_where_it_was_stopped(state: RunState) -> None:
    state.apply([*whole_run()[:10], ("1", 4.0, Cancelled())])
    state.apply([("1", 0.0, Started("Half", "/runs/half", STAGES)), ("1", 0.5, StageStarted(1, "Fine-tune"))])
    state.apply([("1", 1.0, Metric(1, "loss", 1, 0.3))])
    assert state.status == "running"
    assert [s.status for s in state.stages] == ["done", "done", "running"]
    assert state.curves["loss"].x[-1] == pytest.approx(5.0)


def test_that_what_a_stopped_epoch_told_makes_way_for_the_one_that_is_trained_again(state: RunState) -> None:
    state.apply([*whole_run()[:10], ("1", 4.0, Metric(1, "loss", 2, 0.5)), ("1", 4.0, Cancelled())])
    state.apply([("1", 0.0, Started("Half", "/runs/half", STAGES)), ("1", 0.5, StageStarted(-1, "Original"))])
    np.testing.assert_allclose(state.curves["loss"].y, [0.7, 0.5])
    state.apply([("1", 1.0, StageStarted(1, "Fine-tune", 1)), ("1", 2.0, Metric(1, "loss", 2, 0.4))])
    np.testing.assert_allclose(state.curves["loss"].y, [0.7, 0.4])
    np.testing.assert_allclose(state.curves["loss"].x, [3.0, 6.0])
    np.testing.assert_allclose(state.curves["accuracy"].y, [97.0])


def test_that_a_resumed_run_keeps_the_bands_of_what_was_done_before(state: RunState) -> None:
    state.apply([*whole_run()[:10], ("1", 4.0, Cancelled())])
    state.apply([("1", 0.0, Started("Half", "/runs/half", STAGES)), ("1", 1.0, StageStarted(1, "Fine-tune", 1))])
    pruned, tuned = state.stages[1:]
    assert (pruned.status, pruned.started, pruned.ended) == ("done", 1.0, 2.0)
    assert (tuned.status, tuned.started, tuned.ended) == ("running", 2.0, None)
    state.apply([("1", 2.0, Cancelled()), ("1", 0.0, Started("Half", "/runs/half", STAGES))])
    state.apply([("1", 1.0, StageStarted(1, "Fine-tune"))])
    assert state.stages[2].started == 7.0  # it begins anew


def test_that_what_a_stage_decided_by_itself_stands_in_the_log(state: RunState) -> None:
    state.apply([*whole_run()[:10], ("1", 4.0, Noted(1, msg("The network of epoch {epoch} is kept.", epoch=2)))])
    assert (state.log[-1].level, str(state.log[-1].message)) == ("info", "The network of epoch 2 is kept.")
    assert not state.warnings


def test_that_a_curve_keeps_a_hundred_thousand_points() -> None:
    curve = Curve()
    for i in range(100_000):
        curve.append(i, i * 2.0)
    assert len(curve) == 100_000
    assert curve.y[-1] == 199_998.0
    assert curve.at(500.5) == 1000.0
    assert curve.at(-1) is None


def test_that_what_a_stage_changes_leaves_the_rows_of_the_original_as_they_were() -> None:
    state = RunState()
    fewer = {"name": "conv1", "type": "Conv2d", "parameters": 4, "sparsity": 0.0}
    state.apply(
        [
            ("1", 0.0, Started("Small", "", STAGES)),
            ("1", 0.1, Measured(-1, M0)),
            ("1", 0.2, StageStarted(0, "Prune")),
            ("1", 0.3, LayerChanged(0, [fewer])),
        ]
    )
    assert state.layers["conv1"]["parameters"] == 4
    assert state.baseline_layers["conv1"]["parameters"] == 10
