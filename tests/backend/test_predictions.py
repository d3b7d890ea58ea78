"""What a run's networks answer for each test image: recomputed here image by image, from the files a run left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backend.cancel import Cancel
from backend.datasets import open_data
from backend.engine.jobs.predictions import predictions as job
from backend.engine.protocol import Predictions
from backend.errors import Cancelled, CompressionError, ConsentNeeded
from backend.evaluation.predictions import predictions
from backend.events import Event, Finished, Progress
from backend.files import sha256
from backend.models import open_network, reopen
from backend.predicted import Change, Predicted, changes, class_accuracy, confusion, place, read
from backend.recipe import DataSpec, Recipe, Stage, read_recipe, recipe_from_data, recipe_to_yaml
from backend.registry import catalogue
from backend.workspace import read_result
from tests.backend.conftest import carried_out


@pytest.fixture(scope="module")
def run(blobs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that trains random weights, so that many answers change."""
    recipe = recipe_from_data(
        {
            "name": "trained",
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
            "stages": [
                {"train": {"epochs": 1, "optimizer": "adam", "scheduler": "constant"}},
                {"quantize": {"method": "static_int8", "calibration_batches": 2}},
            ],
        },
        catalogue(),
    )
    output = tmp_path_factory.mktemp("预测 runs") / "one"
    assert isinstance(carried_out(recipe, output)[-1], Finished)
    return output


def asked(run: Path, checkpoint: str | None = None) -> tuple[Predicted, Predicted, list[Event]]:
    events: list[Event] = []
    before, after = predictions(run, events.append, Cancel(), checkpoint=checkpoint)
    return before, after, events


def test_that_each_answer_is_the_largest_output_and_its_share_of_the_softmax(run: Path) -> None:
    before, after, _ = asked(run)
    recipe = recipe_of(run)
    data = open_data(recipe.data, run, recipe.seed, lambda *_: None, Cancel())
    images = torch.cat([images for images, _ in data.batches("test")])
    torch.manual_seed(recipe.seed)
    untrained = open_network(recipe.model, run)
    for found, network in ((before, untrained), (after, reopen(run))):
        with torch.inference_mode():
            outputs = network.module.eval()(images).double()
        shares = outputs.exp() / outputs.exp().sum(1, keepdim=True)
        for image in range(80):
            assert outputs[image, found.answers[image]] == outputs[image].max()
            assert found.probability[image] == pytest.approx(float(shares[image].max()), rel=1e-5)
    assert list(before.labels) == data.parts["test"].labels.tolist()
    assert before.classes == ("0", "1", "2", "3")


def test_that_a_network_with_more_outputs_than_the_data_has_classes_has_a_confusion_matrix_too(
    blobs: Path, tmp_path: Path
) -> None:
    recipe = recipe_from_data(
        {
            "model": {"source": "bundled", "name": "lenet5", "num_classes": 7},
            "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
        },
        catalogue(),
    )
    assert isinstance(carried_out(recipe, tmp_path / "run")[-1], Finished)
    before, after, _ = asked(tmp_path / "run")
    assert before.classes == after.classes == ("0", "1", "2", "3", "4", "5", "6")
    assert confusion(after.labels, after.answers, len(after.classes)).sum() == 80


def test_that_the_answers_give_the_accuracies_of_the_result(run: Path) -> None:
    before, after, _ = asked(run)
    result = read_result(run)
    assert result is not None
    for found, metrics in ((before, result["baseline"]), (after, result["final"])):
        right = sum(int(a == b) for a, b in zip(found.answers, found.labels, strict=True))
        assert 100 * right / 80 == pytest.approx(metrics["accuracy"])
        assert confusion(found.labels, found.answers, 4).sum() == metrics["test_images"]


def test_that_a_stage_is_asked_as_it_was_after_that_stage(run: Path) -> None:
    result = read_result(run)
    assert result is not None
    _, trained, _ = asked(run, "stages/0")
    accuracy = 100 * np.mean(trained.answers == trained.labels)
    assert accuracy == pytest.approx(result["stages"][0]["metrics"]["accuracy"])


def test_that_thumbnails_are_the_images_whose_answer_changed(run: Path, blobs: Path) -> None:
    before, after, _ = asked(run)
    changed = [i for i in range(80) if before.answers[i] != after.answers[i]]
    assert changed
    assert list(after.shown) == changed
    with np.load(blobs) as held:
        for image in changed:
            assert np.array_equal(after.thumbnail(image), held["x_test"][image])
    unchanged = next(i for i in range(80) if i not in changed)
    assert after.thumbnail(unchanged) is None


def test_that_the_second_question_is_answered_from_the_file(run: Path) -> None:
    first = asked(run)
    again = asked(run)
    assert not again[2]
    assert np.array_equal(first[1].answers, again[1].answers)
    assert first[1].images == again[1].images == again[0].images


def test_that_a_run_carried_out_again_is_asked_again(run: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(run, tmp_path / "copy"))
    asked(copy)
    (copy / "resolved.yaml").write_text((run / "resolved.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    shutil.rmtree(copy / "stages" / "1")  # it ended after its first stage this time
    before, after, events = asked(copy)
    assert any(isinstance(event, Progress) for event in events)
    assert np.array_equal(after.answers, asked(run, "stages/0")[1].answers)
    assert before.stamp == after.stamp == str((copy / "resolved.yaml").stat().st_mtime_ns)


def test_that_the_job_ends_with_the_files_and_what_they_hold(run: Path) -> None:
    events: list[Event] = []
    job(Predictions(str(run)), events.append, Cancel())
    ending = events[-1]
    assert isinstance(ending, Finished)
    assert ending.result["images"] == 80
    found = read(Path(ending.result["file"]))
    assert found is not None
    assert len(found.labels) == 80
    assert read(Path(ending.result["original"])) is not None


def test_that_stopping_leaves_no_file(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy, ignore=shutil.ignore_patterns("predictions"))
    cancel = Cancel()

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.done:
            cancel.request()

    with pytest.raises(Cancelled):
        predictions(copy, emit, cancel)
    assert not place(copy, None).exists()


def test_that_a_damaged_file_is_written_again(run: Path) -> None:
    _, after, _ = asked(run)
    place(run, None).write_bytes(b"PK not an archive")
    assert read(place(run, None)) is None
    assert np.array_equal(asked(run)[1].answers, after.answers)


def test_that_a_run_that_did_not_finish_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CompressionError, match="no finished run"):
        predictions(tmp_path, lambda _: None, Cancel())


def test_that_a_checkpoint_outside_of_the_run_is_refused(run: Path) -> None:
    with pytest.raises(CompressionError, match="no checkpoint of this run"):
        predictions(run, lambda _: None, Cancel(), checkpoint="../../elsewhere")


METRIC = """
import torch
def data():
    images, targets = torch.rand(40, 1, 28, 28), torch.rand(40, 4)
    return (images, targets), (images, targets), lambda outputs, targets: -float((outputs - targets).square().mean())
"""


def test_that_data_with_a_metric_of_its_own_is_a_sentence_and_needs_consent(run: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(METRIC, encoding="utf-8")
    copy = Path(shutil.copytree(run, tmp_path / "copy", ignore=shutil.ignore_patterns("predictions")))
    recipe = replace(
        recipe_of(run), data=DataSpec.from_data({"source": "python", "file": str(file), "function": "data"})
    )
    (copy / "resolved.yaml").write_text(recipe_to_yaml(recipe), encoding="utf-8")
    with pytest.raises(ConsentNeeded):
        predictions(copy, lambda _: None, Cancel())
    with pytest.raises(CompressionError, match="metric of its own"):
        predictions(copy, lambda _: None, Cancel(), allowed={str(file): sha256(file)})


def test_that_large_pictures_and_floats_become_small_bytes() -> None:
    from backend.evaluation.predictions import _small

    images = torch.linspace(-1, 3, 2 * 3 * 256 * 128).view(2, 3, 256, 128)
    small = _small(images[1:], images)
    assert small.shape == (1, 64, 32, 3)
    assert small.dtype == np.uint8
    expected = ((images[1, 0, :4, :4].mean() + 1) / 4 * 255).round()
    assert abs(int(small[0, 0, 0, 0]) - int(expected)) <= 1


# The definitions, on answers made up by Hypothesis


@st.composite
def answered(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    classes = draw(st.integers(1, 5))
    images = draw(st.lists(st.tuples(*[st.integers(0, classes - 1)] * 3), max_size=30))
    columns: Iterator[list[int]] = ([row[i] for row in images] for i in range(3))
    labels, before, after = (np.array(column, dtype=np.int64) for column in columns)
    return labels, before, after, classes


@given(answered())
def test_that_the_matrix_counts_every_pair_of_label_and_answer(
    made: tuple[np.ndarray, np.ndarray, np.ndarray, int],
) -> None:
    labels, answers, _, classes = made
    matrix = confusion(labels, answers, classes)
    for label in range(classes):
        for answer in range(classes):
            pairs = list(zip(labels.tolist(), answers.tolist(), strict=True))
            assert matrix[label, answer] == pairs.count((label, answer))
    for label, share in enumerate(class_accuracy(matrix)):
        mine = [a == label for a, told in zip(answers, labels, strict=True) if told == label]
        assert np.isnan(share) if not mine else share == pytest.approx(100 * sum(mine) / len(mine))


@given(answered())
def test_that_a_change_is_what_became_of_the_answer(made: tuple[np.ndarray, np.ndarray, np.ndarray, int]) -> None:
    labels, before, after, _ = made
    for label, old, new, change in zip(labels, before, after, changes(labels, before, after), strict=True):
        if old == new:
            assert change == Change.SAME
        elif new == label:
            assert change == Change.RIGHT
        else:
            assert change == (Change.WRONG if old == label else Change.OTHER)


def recipe_of(run: Path) -> Recipe:
    found = read_recipe(run / "resolved.yaml", catalogue())
    assert isinstance(found.stages[0], Stage)
    return found
