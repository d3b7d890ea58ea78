"""A run from recipe to result.json: one ending, the same figures twice, nothing half-written."""

from __future__ import annotations

import dataclasses
import errno
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from backend import files
from backend.cancel import Cancel
from backend.events import ENDINGS, Cancelled, Event, Failed, Finished, LayerChanged, Measured, Metric, StageStarted
from backend.models import open_network, reopen
from backend.recipe import Recipe, Rule, Stage, merged, read_recipe, recipe_from_data
from backend.registry import catalogue
from backend.runner import run
from tests.backend.conftest import carried_out


def endings(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, ENDINGS)]


def without_times(result: dict[str, Any]) -> Any:
    """A result without what differs from run to run: times."""
    if isinstance(result, dict):
        dropped = ("seconds", "latency_ms", "latency_batch_ms", "environment")
        return {k: without_times(v) for k, v in result.items() if k not in dropped}
    if isinstance(result, list):
        return [without_times(v) for v in result]
    return result


def result_of(events: list[Event]) -> dict[str, Any]:
    ending = events[-1]
    assert isinstance(ending, Finished), ending
    return dict(ending.result)


def test_that_a_run_fills_its_folder_and_ends_once(recipe: Recipe, tmp_path: Path) -> None:
    events = carried_out(recipe, tmp_path / "run")
    result = result_of(events)
    assert len(endings(events)) == 1
    written = json.loads((tmp_path / "run" / "result.json").read_text(encoding="utf-8"))
    assert written == files.finite(json.loads(json.dumps(result)))
    assert [stage["kind"] for stage in result["stages"]] == ["train", "prune", "train", "quantize"]
    assert result["final"]["size_bytes"] < result["baseline"]["size_bytes"] / 2
    assert read_recipe(tmp_path / "run" / "recipe.yaml", catalogue()) == recipe
    resolved = read_recipe(tmp_path / "run" / "resolved.yaml", catalogue())
    assert resolved.stages[3].settings["engine"] != "auto"
    assert {"baseline", "final"} <= result.keys()
    assert list(result["refused_formats"]) == ["onnx"]
    for state in ("baseline", "final"):
        assert result[state]["latency_ms"]["median"] > 0


def test_that_pruned_weights_are_exactly_zero_after_fine_tuning(recipe: Recipe, tmp_path: Path) -> None:
    floats = dataclasses.replace(recipe, stages=recipe.stages[:3])
    result = result_of(carried_out(floats, tmp_path / "run"))
    pruned = reopen(tmp_path / "run" / "stages" / "1").module
    tuned = reopen(tmp_path / "run" / "stages" / "2").module
    for name, weight in pruned.named_parameters():
        if name.endswith("weight"):
            assert torch.all(tuned.get_parameter(name)[weight == 0] == 0)
    layers = {row["name"]: row for row in result["final"]["layers"]}
    assert layers["fc3"]["sparsity"] == 0
    ranked = [row for name, row in layers.items() if name != "fc3"]
    weights = {name: p.numel() for name, p in tuned.named_parameters() if name.endswith("weight")}
    zeros = sum(row["sparsity"] * weights[f"{row['name']}.weight"] for row in ranked)
    assert zeros == pytest.approx(0.5 * sum(weights[f"{row['name']}.weight"] for row in ranked), abs=1)


def test_that_the_same_recipe_gives_the_same_figures(recipe: Recipe, tmp_path: Path) -> None:
    fixed = merged(recipe, {"stages.3.quantize.engine": "fbgemm"}, catalogue())
    first = result_of(carried_out(fixed, tmp_path / "a"))
    second = result_of(carried_out(fixed, tmp_path / "b"))
    assert without_times(first) == without_times(second)


def test_that_a_cancelled_run_resumes_to_the_same_figures(recipe: Recipe, tmp_path: Path) -> None:
    fixed = merged(recipe, {"stages.3.quantize.engine": "fbgemm"}, catalogue())
    whole = result_of(carried_out(fixed, tmp_path / "whole"))
    for stopped_in in (1, 2, 3):
        output = tmp_path / str(stopped_in)
        cancel = Cancel()

        def stop(event: Event, cancel: Cancel = cancel, stage: int = stopped_in) -> None:
            if isinstance(event, StageStarted) and event.stage == stage:
                cancel.request()

        run(fixed, output, stop, cancel, folder=tmp_path)
        assert not (output / "result.json").exists()
        resumed = result_of(carried_out(fixed, output, resume=True))
        assert without_times(resumed) == without_times(whole)


def test_that_resuming_another_recipe_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    one = dataclasses.replace(recipe, stages=recipe.stages[1:2])
    carried_out(one, tmp_path / "run")
    other = merged(one, {"stages.0.prune.amount": 0.4}, catalogue())
    ending = carried_out(other, tmp_path / "run", resume=True)[-1]
    assert isinstance(ending, Failed)
    assert "another recipe" in str(ending.message)
    assert len((tmp_path / "run" / "events.jsonl").read_text(encoding="utf-8").split('"kind": "finished"')) == 2


def test_that_what_can_not_be_resumed_leaves_nothing_behind(recipe: Recipe, tmp_path: Path) -> None:
    assert isinstance(carried_out(recipe, tmp_path / "run", resume=True)[-1], Failed)
    assert not (tmp_path / "run").exists()


def test_that_a_run_into_the_folder_of_another_mixes_nothing_of_it_in(recipe: Recipe, tmp_path: Path) -> None:
    output = tmp_path / "run"
    carried_out(dataclasses.replace(recipe, stages=recipe.stages[:3]), output)
    (output / "stages" / "2" / "notes.txt").write_text("the person's own", encoding="utf-8")
    cancel = Cancel()
    run(recipe, output, lambda _: cancel.request(), cancel, folder=tmp_path)
    assert not (output / "result.json").exists()
    assert not (output / "resolved.yaml").exists()
    assert [path.name for path in output.glob("stages/*/*")] == ["notes.txt"]
    one = dataclasses.replace(recipe, stages=recipe.stages[1:2])
    carried_out(one, output)
    assert [path.parent.name for path in output.glob("stages/*/state.json")] == ["0"]


def test_that_a_run_does_not_erase_the_network_it_starts_from(recipe: Recipe, tmp_path: Path) -> None:
    one = dataclasses.replace(recipe, stages=recipe.stages[1:2])
    carried_out(one, tmp_path / "run")
    for place in ("run", "run/stages/0", "run/stages/0/weights.safetensors"):
        source = "checkpoint" if place.endswith("safetensors") else "pare"
        again = merged(one, {"model": {"source": source, "weights": place}}, catalogue())
        ending = carried_out(again, tmp_path / "run")[-1]
        assert isinstance(ending, Failed)
        assert "the folder that the run would fill" in str(ending.message)
    assert reopen(tmp_path / "run").name == "lenet5"


def test_that_resuming_a_finished_run_keeps_its_figures_and_its_exports(recipe: Recipe, tmp_path: Path) -> None:
    one = dataclasses.replace(recipe, stages=recipe.stages[1:2])
    first = result_of(carried_out(one, tmp_path / "run"))
    written = tmp_path / "run" / "result.json"
    written.write_text(json.dumps({**first, "exports": [{"format": "onnx"}]}), encoding="utf-8")
    again = result_of(carried_out(one, tmp_path / "run", resume=True))
    assert again["exports"] == [{"format": "onnx"}]
    assert without_times({**again, "exports": []}) == without_times(first)


def test_that_half_a_line_of_a_killed_run_is_cut_off_when_it_is_resumed(recipe: Recipe, tmp_path: Path) -> None:
    one = dataclasses.replace(recipe, stages=recipe.stages[1:2])
    carried_out(one, tmp_path / "run")
    journal = tmp_path / "run" / "events.jsonl"
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"pare": 1, "job": "ru')
    carried_out(one, tmp_path / "run", resume=True)
    kinds = [json.loads(line)["kind"] for line in journal.read_text(encoding="utf-8").splitlines()]
    assert kinds.count("finished") == 2


@pytest.mark.parametrize("after", [0, 3, 10, 25])
def test_that_cancelling_at_any_moment_ends_the_run_once_with_cancelled(
    recipe: Recipe, tmp_path: Path, after: int
) -> None:
    events: list[Event] = []
    cancel = Cancel()

    def emit(event: Event) -> None:
        events.append(event)
        if len(events) > after:
            cancel.request()

    run(recipe, tmp_path / "run", emit, cancel, folder=tmp_path)
    assert endings(events) == [Cancelled()]
    assert not (tmp_path / "run" / "result.json").exists()


def test_that_curves_and_layers_are_told_while_it_works(recipe: Recipe, tmp_path: Path) -> None:
    events = carried_out(recipe, tmp_path / "run")
    named = {event.name for event in events if isinstance(event, Metric)}
    assert named >= {"loss", "accuracy", "train_accuracy", "sparsity", "learning_rate"}
    assert [event.stage for event in events if isinstance(event, Measured)] == [-1, 0, 1, 2, 3]
    changed = [event for event in events if isinstance(event, LayerChanged) and event.stage == 1]
    assert changed
    assert any(row["sparsity"] > 0 for row in changed[0].layers)


def test_that_a_full_disk_ends_the_run_with_a_sentence(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    events = carried_out(recipe, tmp_path / "run")
    assert len(endings(events)) == 1
    ending = events[-1]
    assert isinstance(ending, Failed)
    assert "full" in str(ending.message)
    assert ending.repairable
    assert not list((tmp_path / "run").rglob("*.part"))


def test_that_a_folder_that_can_not_be_written_is_one_sentence(recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    events = carried_out(recipe, tmp_path / "file" / "run")
    assert [type(event) for event in events] == [Failed]


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({"stages.1.prune.layers.conv9": None}, ""),
        ({"device": "mps"}, "no mps device"),
        ({"model.num_classes": 3}, "3 outputs, but the data has 4 classes"),
    ],
)
def test_that_what_can_not_work_is_one_sentence(
    recipe: Recipe, tmp_path: Path, edits: dict[str, Any], words: str
) -> None:
    if not words:
        data = recipe.to_data()
        data["stages"][1]["prune"]["layers"] = {"conv9": "keep"}
        recipe, words = recipe_from_data(data, catalogue()), "conv9"
    else:
        recipe = merged(recipe, edits, catalogue())
    events = carried_out(recipe, tmp_path / "run")
    ending = events[-1]
    assert len(endings(events)) == 1
    assert isinstance(ending, Failed)
    assert ending.repairable, ending.details
    assert words in str(ending.message)
    assert ending.hint is not None
    assert not [event for event in events if isinstance(event, Measured)]  # said before any work was done


def test_that_a_loss_that_explodes_is_said(recipe: Recipe, tmp_path: Path) -> None:
    wild = merged(recipe, {"stages.0.train.learning_rate": 100.0, "stages.0.train.optimizer": "sgd"}, catalogue())
    wild = merged(wild, {"stages.0.train.epochs": 5}, catalogue())
    ending = carried_out(wild, tmp_path / "run")[-1]
    assert isinstance(ending, Failed)
    assert "learning rate" in str(ending.hint)


def test_that_structured_pruning_keeps_the_classes_without_being_told(recipe: Recipe, tmp_path: Path) -> None:
    data = recipe.to_data()
    data["stages"] = [{"prune": {"method": "ln_structured", "amount": 0.5}}]
    result = result_of(carried_out(recipe_from_data(data, catalogue()), tmp_path / "run"))
    layers = {row["name"]: row["sparsity"] for row in result["final"]["layers"]}
    assert layers["fc3"] == 0
    assert layers["conv2"] == pytest.approx(0.5)


def test_that_a_frozen_layer_does_not_move(recipe: Recipe, tmp_path: Path) -> None:
    data = recipe.to_data()
    data["stages"] = [{"train": {"epochs": 1, "layers": {"conv1": "keep"}}}]
    carried_out(recipe_from_data(data, catalogue()), tmp_path / "run")
    data["stages"] = []
    before = carried_out(recipe_from_data(data, catalogue()), tmp_path / "none")
    assert isinstance(before[-1], Finished)
    after = reopen(tmp_path / "run" / "stages" / "0").module
    torch.manual_seed(0)
    from backend.models import open_network

    original = open_network(recipe.model, tmp_path).module
    assert torch.equal(after.get_parameter("conv1.weight"), original.get_parameter("conv1.weight"))
    assert not torch.equal(after.get_parameter("fc1.weight"), original.get_parameter("fc1.weight"))


def test_that_a_kept_layer_keeps_its_weights_from_scratch_and_its_statistics(recipe: Recipe, tmp_path: Path) -> None:
    model = {"source": "bundled", "name": "bn_convnet", "num_classes": 4}
    start = dataclasses.replace(merged(recipe, {"model": model}, catalogue()), stages=())
    kept = [name for name, _ in open_network(start.model, tmp_path).module.named_modules() if name.endswith("1")]
    stage = Stage("train", {"epochs": 1, "from_scratch": True}, tuple(Rule(name, None) for name in kept))
    carried_out(dataclasses.replace(start, stages=(stage,)), tmp_path / "run")
    after = reopen(tmp_path / "run" / "stages" / "0").module.state_dict()
    torch.manual_seed(0)
    before = open_network(start.model, tmp_path).module.state_dict()
    still = {name for name in before if torch.equal(before[name], after[name])}
    assert still == {name for name in before if name.rpartition(".")[0] in kept}
    assert any(name.endswith("running_mean") for name in still)


def test_that_the_resolved_recipe_names_what_was_chosen_for_training(recipe: Recipe, tmp_path: Path) -> None:
    stage = Stage("train", {"epochs": 1, "optimizer": "adam"})
    carried_out(dataclasses.replace(recipe, stages=(stage,)), tmp_path / "run")
    settings = read_recipe(tmp_path / "run" / "resolved.yaml", catalogue()).stages[0].settings
    assert (settings["learning_rate"], settings["batch_size"]) == (0.001, 32)


def test_that_a_batch_too_small_to_normalize_over_is_one_sentence(recipe: Recipe, tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(
        "from torch import nn\n\n\ndef net():\n"
        "    return nn.Sequential(nn.Flatten(), nn.Linear(784, 4), nn.BatchNorm1d(4))\n",
        encoding="utf-8",
    )
    model = {"source": "python", "file": str(file), "class": "net"}
    one = dataclasses.replace(
        merged(recipe, {"model": model}, catalogue()), stages=(Stage("train", {"batch_size": 1}),)
    )
    ending = carried_out(one, tmp_path / "run", allowed={str(file): files.sha256(file)})[-1]
    assert isinstance(ending, Failed)
    assert ending.repairable
    assert "A batch of one image" in str(ending.message)


def test_that_a_run_starts_from_the_folder_of_another(recipe: Recipe, tmp_path: Path) -> None:
    first = dataclasses.replace(recipe, stages=recipe.stages[:1])
    trained = result_of(carried_out(first, tmp_path / "first"))
    data = recipe.to_data()
    data["model"] = {"source": "pare", "weights": "first"}
    data["stages"] = [{"prune": {"amount": 0.2}}]
    second = result_of(carried_out(recipe_from_data(data, catalogue()), tmp_path / "second"))
    assert second["baseline"]["accuracy"] == trained["final"]["accuracy"]
    resolved = read_recipe(tmp_path / "second" / "resolved.yaml", catalogue())
    assert resolved.model.source == "pare"
    assert Path(str(resolved.model.weights)) == tmp_path / "first"
    assert (
        without_times(result_of(carried_out(resolved, tmp_path / "third")))["final"] == without_times(second)["final"]
    )


def test_that_an_int8_network_is_not_changed_again(recipe: Recipe, tmp_path: Path) -> None:
    carried_out(dataclasses.replace(recipe, stages=recipe.stages[3:]), tmp_path / "int8")
    for stage in ({"train": {}}, {"prune": {}}, {"quantize": {}}):
        data = recipe.to_data()
        data["model"] = {"source": "pare", "weights": "int8"}
        data["stages"] = [stage]
        ending = carried_out(recipe_from_data(data, catalogue()), tmp_path / next(iter(stage)))[-1]
        assert isinstance(ending, Failed)
        assert "already quantized" in str(ending.message)
