"""Each schedule against a bare loop written from its paper; the points to come back to; recipes that use them."""

from __future__ import annotations

import copy
import dataclasses
import functools
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend import runner
from backend.cancel import Cancel
from backend.checkpoint import FILES
from backend.datasets import open_data
from backend.events import Cancelled, Event, Failed, Finished, LayerChanged, Measured, Metric
from backend.models import open_network, reopen
from backend.pruning.schedules._base import Schedule
from backend.recipe import Recipe, Rule, Stage, filled, merged, read_recipe, within
from backend.registry import catalogue, method, methods
from backend.runner import run
from backend.session import Session
from backend.training import fit as fit_module
from backend.training._during import STEPS, due, thinned
from backend.training.fit import fit
from tests.backend.conftest import carried_out

LAYERS = ("conv1", "conv2", "fc1", "fc2", "fc3")
BATCH = 32
EPOCHS = 2
RATE = 0.02


def plan(kind: str, batches: int, per_epoch: int = 10, amount: float = 0.5, **settings: Any) -> dict[int, float]:
    """What is due when, of a schedule with its defaults but for ``settings``."""
    found = method("schedule", kind)
    assert isinstance(found, Schedule)
    entry = within(Stage("prune", {"amount": amount, "schedule": {"kind": kind, **settings}}), catalogue())
    return due(found, {**entry.settings["schedule"], "amount": amount}, batches, per_epoch)


def test_that_agp_prunes_along_zhu_and_guptas_curve() -> None:
    begin, span, count, final = 20, 10, 6, 0.8
    steps = plan("agp", 100, amount=final, steps=count, start=0.2, end=0.8)
    initial = 0.0
    expected = {}
    for k in range(1, count + 1):
        t = begin + k * span
        expected[t] = final + (initial - final) * (1 - (t - begin) / (count * span)) ** 3
    assert {t: final * share for t, share in steps.items()} == pytest.approx(expected)


def test_that_iterative_pruning_goes_in_equal_steps() -> None:
    assert plan("iterative", 100, rounds=4, start=0.2, end=0.6) == pytest.approx({30: 0.25, 40: 0.5, 50: 0.75, 60: 1.0})


def test_that_one_shot_prunes_all_at_the_start() -> None:
    assert plan("one_shot", 100) == {0: 1.0}
    assert plan("one_shot", 100, start=0.5) == {50: 1.0}
    assert plan("one_shot", 100, start=1.0) == {100: 1.0}


def test_that_soft_pruning_takes_place_after_each_epoch_on_the_way() -> None:
    assert plan("while_training", 60, 10, start=0.0, end=0.75) == dict.fromkeys((10, 20, 30, 40, 45), 1.0)
    assert plan("while_training", 60, 10, start=0.5, end=1.0) == dict.fromkeys((30, 40, 50, 60), 1.0)


def test_that_a_lottery_ticket_prunes_the_same_part_of_what_is_left_in_each_round() -> None:
    found = method("schedule", "lottery_ticket")
    assert isinstance(found, Schedule)
    left = [1 - 0.8 * found.share(k / 4, {"rounds": 4, "amount": 0.8}) for k in range(5)]
    assert [after / before for before, after in itertools.pairwise(left)] == pytest.approx([0.2**0.25] * 4)
    assert left[-1] == pytest.approx(0.2)
    assert found.share(0.5, {"rounds": 4, "amount": 0.0}) == 0.5
    assert found.share(0.25, {"rounds": 4, "amount": 1.0}) == 1.0


@pytest.mark.parametrize("kind", ["agp", "iterative"])
def test_that_more_steps_than_batches_are_taken_together(kind: str) -> None:
    word = {"agp": "steps", "iterative": "rounds"}[kind]
    steps = plan(kind, 4, 2, **{word: 100, "end": 1.0})
    assert sorted(steps) == [1, 2, 3, 4]
    assert steps[4] == 1.0


@pytest.mark.parametrize("end", [0.1, 0.3, 0.7, 0.9, 1 / 3])
@pytest.mark.parametrize("batches", [7, 10, 30, 190])
def test_that_no_rounding_error_delays_a_step(end: float, batches: int) -> None:
    for steps in (1, 3, 10):
        assert max(plan("agp", batches, steps=steps, end=end)) - 1 < end * batches


def test_that_kept_steps_are_few_and_spread() -> None:
    assert thinned([]) == frozenset()
    assert thinned(range(5, 9)) == {5, 6, 7, 8}
    kept = sorted(thinned(range(1000)))
    assert len(kept) == STEPS
    assert (kept[0], kept[-1]) == (0, 999)
    assert max(b - a for a, b in itertools.pairwise(kept)) == 111


# Against bare loops


@dataclasses.dataclass
class Bare:
    """A training written out: the network and its batches, as fit sees them."""

    module: nn.Module
    session: Session
    masks: dict[str, Tensor] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        self.optimizer = torch.optim.SGD(self.module.parameters(), lr=RATE, momentum=0.9)
        self.generator = torch.Generator().manual_seed(3)
        self.per_epoch = self.session.data.count("train", BATCH)
        self.batches = EPOCHS * self.per_epoch
        self.done = 0

    def weight(self, layer: str) -> nn.Parameter:
        return self.module.get_parameter(f"{layer}.weight")

    def choose(self, amount: float, scores: dict[str, Tensor] | None = None) -> dict[str, Tensor]:
        """A mask of each layer: round(amount·n) smallest go, those that are gone already first."""
        masks = {}
        for layer in LAYERS:
            score = (scores[layer] if scores is not None else self.weight(layer).detach().abs()).double().flatten()
            if layer in self.masks:
                score = torch.where(self.masks[layer].flatten() == 0, -torch.inf, score)
            order = torch.argsort(score, stable=True)
            mask = torch.ones(len(score))
            mask[order[: round(amount * len(score))]] = 0
            masks[layer] = mask.view_as(self.weight(layer))
        return masks

    def zero(self, masks: dict[str, Tensor]) -> None:
        with torch.no_grad():
            for layer, mask in masks.items():
                self.weight(layer).mul_(mask)

    def train(self, begin: int, after: Callable[[int], None] = lambda done: None) -> None:
        """From batch ``begin`` to the end; ``after(batches done)`` at each."""
        self.module.train()
        done = begin
        while done < self.batches:
            batches = self.session.data.batches("train", BATCH, generator=self.generator)
            for images, labels in list(batches)[: self.per_epoch - done % self.per_epoch]:
                self.optimizer.zero_grad()
                nn.functional.cross_entropy(self.module(images), labels).backward()
                self.before_step()
                self.optimizer.step()
                self.zero(self.masks)
                done += 1
                after(done)

    def before_step(self) -> None:
        """Where a criterion that learns looks at gradients."""


@pytest.fixture
def session(recipe: Recipe, tmp_path: Path) -> Session:
    data = open_data(recipe.data, tmp_path, recipe.seed, lambda *_: None, Cancel())
    torch.manual_seed(0)
    network = open_network(recipe.model, tmp_path, input_shape=data.input_shape, classes=len(data.classes))
    return Session(recipe, network.copy(), network, data, tmp_path, torch.Generator().manual_seed(3))


def fitted(session: Session, *entries: Stage, epochs: int = EPOCHS, **more: Any) -> list[Event]:
    events: list[Event] = []
    settings = filled(Stage("train", {"epochs": epochs, "optimizer": "sgd", **more}), catalogue())
    settings |= {"scheduler": "constant", "learning_rate": RATE, "batch_size": BATCH}
    fit(session, settings, list(session.network.module.parameters()), 0, events.append, Cancel(), entries)
    return events


def entry(amount: float, method: str = "l1_unstructured", **schedule: Any) -> Stage:
    return Stage("prune", {"method": method, "amount": amount, "schedule": schedule})


def assert_same(module: nn.Module, other: nn.Module) -> None:
    for name, value in module.state_dict().items():
        assert torch.equal(value, other.state_dict()[name]), name


def test_that_training_with_agp_gives_the_weights_of_a_bare_loop(session: Session) -> None:
    bare = Bare(session.original.copy().module, session)
    fitted(session, entry(0.7, kind="agp", steps=3, end=0.6))
    at = {-(-k * 0.6 * bare.batches // 3): 0.7 * (1 - (1 - k / 3) ** 3) for k in (1, 2, 3)}

    def prune(done: int) -> None:
        if done in at:
            bare.masks = bare.choose(at[done])
            bare.zero(bare.masks)

    bare.train(0, prune)
    assert_same(bare.module, session.network.module)
    assert {name for name, mask in session.masks.items() if (mask == 0).any()} == {f"{n}.weight" for n in LAYERS}


def test_that_soft_pruning_gives_the_weights_of_a_bare_loop(session: Session) -> None:
    bare = Bare(session.original.copy().module, session)
    epochs = 4
    bare.batches = epochs * bare.per_epoch
    fitted(session, entry(0.4, kind="while_training", end=0.75), epochs=epochs)
    came_back, chosen = [], {layer: torch.ones_like(bare.weight(layer)) for layer in LAYERS}

    def prune(done: int) -> None:
        if done % bare.per_epoch == 0 and done <= 3 * bare.per_epoch:
            came_back.append(any(bool((bare.weight(layer)[mask == 0] != 0).any()) for layer, mask in chosen.items()))
            chosen.update(bare.choose(0.4))
            bare.zero(chosen)
            if done == 3 * bare.per_epoch:
                bare.masks = dict(chosen)

    bare.train(0, prune)
    assert came_back == [False, True, True]
    assert_same(bare.module, session.network.module)
    for layer in LAYERS:
        zeros = int((session.network.module.get_parameter(f"{layer}.weight") == 0).sum())
        assert zeros == round(0.4 * bare.weight(layer).numel())


@pytest.mark.parametrize("rewind", [0.0, 0.3])
def test_that_a_lottery_ticket_is_what_frankle_and_carbin_describe(session: Session, rewind: float) -> None:
    bare = Bare(session.original.copy().module, session)
    events = fitted(session, entry(0.8, kind="lottery_ticket", rounds=2, rewind=rewind))
    begin = int(rewind * bare.batches)
    early = copy.deepcopy([bare.module.state_dict(), bare.optimizer.state_dict()])

    def remember(done: int) -> None:
        if done == begin:
            early[:] = copy.deepcopy([bare.module.state_dict(), bare.optimizer.state_dict()])

    bare.train(0, remember)
    for k in (1, 2):
        bare.masks = bare.choose(1 - (1 - 0.8) ** (k / 2))
        bare.module.load_state_dict(early[0])
        bare.optimizer.load_state_dict(copy.deepcopy(early[1]))
        bare.zero(bare.masks)
        bare.train(begin)
    assert_same(bare.module, session.network.module)
    accuracies = [event for event in events if isinstance(event, Metric) and event.name == "accuracy"]
    assert accuracies[-1].at == bare.batches + 2 * (bare.batches - begin)


def test_that_a_criterion_that_learns_sees_every_batch_until_its_mask_is_final(session: Session) -> None:
    bare = Bare(session.original.copy().module, session)
    fitted(session, entry(0.3, "movement", kind="one_shot", start=0.5))
    scores = {layer: torch.zeros_like(bare.weight(layer)) for layer in LAYERS}

    def learn() -> None:
        for layer in LAYERS:
            weight = bare.weight(layer)
            assert weight.grad is not None
            scores[layer] -= weight.detach() * weight.grad

    def prune(done: int) -> None:
        if done == bare.batches // 2:
            bare.masks = bare.choose(0.3, scores)
            bare.zero(bare.masks)

    bare.before_step = learn  # type: ignore[method-assign]
    bare.train(0, prune)
    assert_same(bare.module, session.network.module)


def test_that_a_learning_criterion_leaves_what_is_pruned_for_good_alone(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.pruning._pruner import Pruner

    seen = []
    monkeypatch.setattr(Pruner, "after_backward", lambda self: seen.append(1))
    fitted(session, entry(0.3, "movement", kind="one_shot", start=0.5))
    assert len(seen) == EPOCHS * session.data.count("train", BATCH) // 2


def test_that_two_entries_prune_their_own_layers(session: Session) -> None:
    first = dataclasses.replace(
        entry(0.5, kind="agp", steps=2), layers=(Rule("conv1", {"amount": 0.5}), Rule("*", None))
    )
    second = dataclasses.replace(
        entry(0.2, kind="while_training"), layers=(Rule("fc1", {"amount": 0.25}), Rule("*", None))
    )
    fitted(session, first, second)
    module = session.network.module
    zeros = {layer: float((module.get_parameter(f"{layer}.weight") == 0).float().mean()) for layer in LAYERS}
    assert zeros == pytest.approx({"conv1": 0.5, "conv2": 0, "fc1": 0.25, "fc2": 0, "fc3": 0}, abs=0.01)


def test_that_masks_of_an_earlier_stage_count_and_hold(session: Session) -> None:
    weight = session.network.module.get_parameter("fc1.weight")
    mask = (torch.rand(weight.shape, generator=torch.Generator().manual_seed(0)) > 0.3).float()
    session.masks["fc1.weight"] = mask
    fitted(session, entry(0.5, kind="while_training"))
    after = session.network.module.get_parameter("fc1.weight")
    assert torch.all(after[mask == 0] == 0)
    assert int((after == 0).sum()) == round(0.5 * weight.numel())


def test_that_a_frozen_layer_is_pruned_and_otherwise_still_and_gathers_no_gradients(session: Session) -> None:
    before = session.original.module
    module = session.network.module
    moving = [p for name, p in module.named_parameters() if not name.startswith("conv1")]
    settings = filled(Stage("train", {"epochs": 1}), catalogue()) | {"learning_rate": RATE, "batch_size": BATCH}
    fit(session, settings, moving, 0, lambda _: None, Cancel(), [entry(0.5, kind="agp")])
    weight, bias = module.get_parameter("conv1.weight"), module.get_parameter("conv1.bias")
    left = weight != 0
    assert int(left.sum()) == round(0.5 * weight.numel())
    assert torch.equal(weight[left], before.get_parameter("conv1.weight")[left])
    assert torch.equal(bias, before.get_parameter("conv1.bias"))
    assert weight.grad is None


def test_that_no_weight_comes_back_through_momentum(session: Session) -> None:
    fitted(session, entry(0.5, kind="one_shot", start=0.5))
    settings = filled(Stage("train", {"epochs": 1, "optimizer": "adam"}), catalogue())
    settings |= {"learning_rate": 0.01, "batch_size": BATCH}
    fit(session, settings, list(session.network.module.parameters()), 0, lambda _: None, Cancel())
    for name, mask in session.masks.items():
        assert torch.all(session.network.module.get_parameter(name)[mask == 0] == 0)


def kept(session: Session, *entries: Stage) -> list[tuple[int, float]]:
    """After which batch a training has kept which sparsity."""
    found: list[tuple[int, float]] = []
    session.keep = lambda at, metrics: found.append((at, metrics["sparsity"]))
    fitted(session, *entries)
    return found


def test_that_the_rounds_of_a_lottery_ticket_are_points_to_come_back_to(session: Session) -> None:
    points = kept(session, entry(0.75, kind="lottery_ticket", rounds=2))
    assert [at for at, _ in points] == [12, 24]
    assert [sparsity for _, sparsity in points] == pytest.approx([0.0, 0.5], abs=1e-3)


def test_that_accuracy_is_measured_once_where_a_step_ends_an_epoch(session: Session) -> None:
    events = fitted(session, entry(0.5, kind="iterative", rounds=2, end=1.0))
    assert [event.at for event in events if isinstance(event, Metric) and event.name == "accuracy"] == [6, 12]


@pytest.mark.parametrize(
    ("optimizer", "scheduler"),
    [("sgd", id) for id in sorted(methods("scheduler"))] + [(id, "one_cycle") for id in sorted(methods("optimizer"))],
)
def test_that_each_round_begins_with_the_learning_rate_of_the_batch_it_goes_back_to(
    session: Session, monkeypatch: pytest.MonkeyPatch, optimizer: str, scheduler: str
) -> None:
    rates: list[float] = []
    made = fit_module.build_optimizer

    def build(*given: Any) -> Any:
        built = made(*given)
        built.register_step_post_hook(lambda *_: rates.append(built.param_groups[0]["lr"]))
        return built

    monkeypatch.setattr(fit_module, "build_optimizer", build)
    stage = Stage("train", {"epochs": 2, "optimizer": optimizer, "scheduler": scheduler})
    settings = {**filled(stage, catalogue()), "learning_rate": 0.001, "batch_size": BATCH}
    ticket = entry(0.5, kind="lottery_ticket", rounds=1, rewind=0.3)
    fit(session, settings, list(session.network.module.parameters()), 0, lambda _: None, Cancel(), [ticket])
    begin = int(0.3 * 12)
    assert rates[12:] == rates[begin:12]


def test_that_kept_steps_are_thinned_to_the_last_one(session: Session) -> None:
    points = kept(session, entry(0.5, kind="agp", steps=100, end=1.0))
    assert len(points) == STEPS
    assert points[-1][0] == 12
    assert points[-1][1] == pytest.approx(0.5, abs=1e-3)


def test_that_steps_that_change_no_mask_are_not_kept(session: Session) -> None:
    assert kept(session, entry(0.0, kind="agp")) == []
    # fc1, the widest layer, loses 5, 8, 10 and 12 of its 120 channels: the curve is flat after that
    points = kept(session, entry(0.1, "ln_structured", kind="agp", steps=6, end=1.0))
    assert [at for at, _ in points] == [2, 4, 6, 8]


# Through recipes

AGP = {"method": "l1_unstructured", "amount": 0.5, "schedule": {"kind": "agp", "steps": 3}}


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs whose latency is measured, but not for long: these tests do not look at it."""
    monkeypatch.setattr(runner, "latency", functools.partial(runner.latency, seconds=0.01))


def one_stage(recipe: Recipe, *entries: dict[str, Any], **train: Any) -> Recipe:
    stage = {"epochs": 2, "optimizer": "adam", **train, "during": [{"prune": entry} for entry in entries]}
    return merged(recipe, {"stages": [{"train": stage}]}, catalogue())


def result_of(events: list[Event]) -> dict[str, Any]:
    ending = events[-1]
    assert isinstance(ending, Finished), ending
    return dict(ending.result)


@pytest.mark.usefixtures("quickly")
def test_that_each_step_is_a_network_to_come_back_to(recipe: Recipe, tmp_path: Path) -> None:
    output = tmp_path / "run"
    events = carried_out(one_stage(recipe, AGP), output)
    result = result_of(events)
    steps = result["stages"][0]["steps"]
    assert json.loads((output / "result.json").read_text(encoding="utf-8"))["stages"][0]["steps"] == steps
    assert [step["at"] for step in steps] == [3, 6, 9]  # of 12 batches, to the end at 75 %
    expected = [0.5 * (1 - (1 - k / 3) ** 3) for k in (1, 2, 3)]
    assert [step["metrics"]["sparsity"] for step in steps] == pytest.approx(expected, abs=1e-3)
    curve = {event.at: event.value for event in events if isinstance(event, Metric) and event.name == "sparsity"}
    for step in steps:
        folder = output / step["checkpoint"]
        assert sorted(path.name for path in folder.iterdir()) == sorted(FILES)
        zeros = sum(int((p == 0).sum()) for p in reopen(folder).module.parameters())
        assert zeros == step["metrics"]["parameters"] - step["metrics"]["nonzero_parameters"]
        assert curve[step["at"]] == step["metrics"]["sparsity"]
    again = merged(recipe, {"model": {"source": "pare", "weights": str(folder)}, "stages": []}, catalogue())
    baseline = result_of(carried_out(again, tmp_path / "again"))["baseline"]
    assert {"macs", "size_bytes", "parameters", "nonzero_parameters", "validation_accuracy"} <= set(step["metrics"])
    record = json.loads((folder / "state.json").read_text(encoding="utf-8"))["record"]
    assert record["layers"] == baseline["layers"]
    assert {figure: baseline[figure] for figure in step["metrics"]} == pytest.approx(step["metrics"])


@pytest.mark.usefixtures("quickly")
def test_that_the_same_recipe_gives_the_same_figures_and_another_run_leaves_no_step(
    recipe: Recipe, tmp_path: Path
) -> None:
    one = one_stage(recipe, {**AGP, "method": "taylor", "scope": "global"}, from_scratch=True)
    first = result_of(carried_out(one, tmp_path / "run"))
    (tmp_path / "run" / "stages" / "0" / "steps" / "notes.txt").write_text("the person's own", encoding="utf-8")
    assert (tmp_path / "run" / "stages" / "0" / "steps" / "2").is_dir()
    resolved = read_recipe(tmp_path / "run" / "resolved.yaml", catalogue())
    second = result_of(carried_out(resolved, tmp_path / "run"))
    assert second["stages"][0]["steps"] == first["stages"][0]["steps"]
    assert second["final"]["accuracy"] == first["final"]["accuracy"]
    assert second["final"]["layers"] == first["final"]["layers"]
    cancel = Cancel()
    run(recipe, tmp_path / "run", lambda _: cancel.request(), cancel, folder=tmp_path)
    assert [path.name for path in (tmp_path / "run").glob("stages/**/*") if path.is_file()] == ["notes.txt"]


@pytest.mark.usefixtures("quickly")
def test_that_a_run_stopped_between_two_steps_leaves_whole_ones_and_resumes_to_the_same(
    recipe: Recipe, tmp_path: Path
) -> None:
    stages = [{"train": {"epochs": 1, "optimizer": "adam"}}, *one_stage(recipe, AGP).to_data()["stages"]]
    two = merged(recipe, {"stages": stages}, catalogue())
    whole = result_of(carried_out(two, tmp_path / "whole"))
    output, cancel, seen = tmp_path / "run", Cancel(), []

    def stop(event: Event) -> None:
        if isinstance(event, Metric) and event.stage == 1 and event.name == "sparsity":
            seen.append(event)
            if len(seen) == 2:
                cancel.request()

    events: list[Event] = []
    run(two, output, lambda event: (stop(event), events.append(event)), cancel, folder=tmp_path)  # type: ignore[func-returns-value,arg-type]
    assert events[-1] == Cancelled()
    steps = sorted((output / "stages" / "1" / "steps").iterdir())
    assert steps
    for step in steps:
        assert {path.name for path in step.iterdir()} == set(FILES)
        reopen(step)
    resumed = result_of(carried_out(two, output, resume=True))
    assert resumed["stages"][1]["steps"] == whole["stages"][1]["steps"]
    assert resumed["final"]["accuracy"] == whole["final"]["accuracy"]


@pytest.mark.usefixtures("quickly")
def test_that_what_is_pruned_stays_pruned_when_the_rest_is_trained_from_scratch(recipe: Recipe, tmp_path: Path) -> None:
    stages = [
        {"prune": {"amount": 0.6}},
        {"train": {"epochs": 1, "from_scratch": True, "layers": {"conv2": "keep"}, "during": [{"prune": AGP}]}},
    ]
    carried_out(merged(recipe, {"stages": stages}, catalogue()), tmp_path / "run")
    before, after = (reopen(tmp_path / "run" / "stages" / n).module for n in ("0", "1"))
    for layer in LAYERS:
        old, new = (module.get_parameter(f"{layer}.weight") for module in (before, after))
        assert torch.equal(new == 0, old == 0)
        assert torch.equal(new, old) == (layer == "conv2")


@pytest.mark.usefixtures("quickly")
def test_that_channels_are_removed_at_the_end_of_the_training(recipe: Recipe, tmp_path: Path) -> None:
    entry = {**AGP, "method": "ln_structured", "remove": True}
    events = carried_out(one_stage(recipe, entry), tmp_path / "run")
    result = result_of(events)
    assert result["final"]["parameters"] < result["baseline"]["parameters"] / 2
    assert result["final"]["sparsity"] == 0
    assert result["final"]["macs"] < result["baseline"]["macs"]
    steps = result["stages"][0]["steps"]
    assert {step["metrics"]["parameters"] for step in steps} == {result["baseline"]["parameters"]}
    assert reopen(tmp_path / "run").module.get_parameter("conv1.weight").shape[0] == 3
    assert any(isinstance(event, LayerChanged) and event.stage == 0 for event in events)


@pytest.mark.usefixtures("quickly")
def test_that_a_pattern_without_a_layer_is_said_before_anything_is_measured(recipe: Recipe, tmp_path: Path) -> None:
    events = carried_out(one_stage(recipe, {**AGP, "layers": {"conv9": "keep"}}), tmp_path / "run")
    assert isinstance(events[-1], Failed)
    assert "conv9" in str(events[-1].message)
    assert not [event for event in events if isinstance(event, Measured)]
