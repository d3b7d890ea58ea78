"""What made accuracy collapse: the layer, BatchNorm, and what fine-tuning would bring back."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled
from backend.evaluation import diagnosis
from backend.evaluation.accuracy import evaluate
from backend.evaluation.diagnosis import Diagnosis, collapsed, diagnose
from backend.evaluation.own_errors import own_errors
from backend.evaluation.remedy import told
from backend.evaluation.sqnr import HIGHEST_DB, layer_errors
from backend.events import Warned, from_data, to_data
from backend.network import Network
from backend.pruning._blocks import drop
from backend.recipe import DataSpec, ModelSpec, Recipe, merged, recipe_from_data, resolved
from backend.registry import catalogue
from backend.removal import analyze, remove
from backend.session import Session

CPU = torch.device("cpu")


class Net(nn.Module):
    """Convolutions with BatchNorm, one of them in a residual block, and a linear head; 8×8 images, four classes."""

    def __init__(self, first: int = 8) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, first, 3, padding=1), nn.BatchNorm2d(first)
        self.conv2, self.bn2 = nn.Conv2d(first, 8, 3, padding=1), nn.BatchNorm2d(8)
        self.block = Block()
        self.head = nn.Linear(8 * 4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn1(self.conv1(x)).relu()
        x = self.block(self.bn2(self.conv2(x)).relu())
        scores: Tensor = self.head(nn.functional.adaptive_avg_pool2d(x, 2).flatten(1))
        return scores


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv3 = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.conv3(x).relu()


@pytest.fixture(scope="module")
def data() -> Data:
    """Noise that is brighter in one of four corners. Any look at the test part fails: its images have another shape."""
    random = torch.Generator().manual_seed(0)

    def part(count: int) -> Part:
        labels = torch.arange(count) % 4
        images = torch.rand((count, 1, 8, 8), generator=random)
        for image, label in zip(images, labels.tolist(), strict=True):
            row, column = divmod(label, 2)
            image[0, row * 4 : row * 4 + 4, column * 4 : column * 4 + 4] += 0.4
        return Part(images, labels)

    test = Part(torch.zeros(4, 7, 1, 1), torch.arange(4))
    parts = {"train": part(320), "validation": part(120), "calibration": part(32), "test": test}
    return Data(parts, DataSpec(batch_size=32), tuple("abcd"), (0.5,), (0.5,))


@pytest.fixture(scope="module")
def trained(data: Data) -> Network:
    torch.manual_seed(0)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters(), 0.01)
    for _ in range(4):
        for images, labels in data.batches("train", 32):
            loss = nn.functional.cross_entropy(net(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    net.eval()
    assert evaluate(net, data, "validation").accuracy > 95
    return Network("net", ModelSpec("python", "net"), net, (1, 8, 8), 4)


Ruin = Callable[[Net], None]


@pytest.fixture
def found(trained: Network, data: Data) -> Callable[..., Diagnosis]:
    def find(ruin: Ruin, masks: dict[str, Tensor] | None = None, cancel: Cancel | None = None) -> Diagnosis:
        after = copy.deepcopy(trained.module)
        with torch.no_grad():
            ruin(after)  # type: ignore[arg-type]
        return diagnose(trained.module, after, session(trained, after, data), masks or {}, cancel or Cancel())

    return find


def session(trained: Network, after: nn.Module, data: Data) -> Session:
    network = dataclasses.replace(trained, module=after)
    return Session(Recipe(), network, trained, data, Path(), torch.Generator().manual_seed(0))


def recipe(*stages: dict[str, object]) -> Recipe:
    return recipe_from_data({"model": {"name": "lenet5"}, "stages": list(stages)}, catalogue())


PRUNE: dict[str, object] = {"prune": {"method": "ln_structured", "amount": 0.8}}


def ruin_conv2(net: Net) -> None:
    net.conv2.weight[2:] = 0


def blunt_head(net: Net) -> None:
    net.head.weight.neg_()


def shift_statistics(net: Net) -> None:
    net.bn2.running_mean.add_(8.0)  # type: ignore[operator]
    net.bn2.running_var.mul_(30.0)  # type: ignore[operator]


class TestWhichLayer:
    @pytest.mark.parametrize("layer", ["conv1", "conv2", "block.conv3", "head", "bn1"])
    def test_that_the_one_layer_that_was_ruined_is_found(self, found: Callable[..., Diagnosis], layer: str) -> None:
        def ruin(net: Net) -> None:
            net.get_submodule(layer).get_parameter("weight").mul_(-1)

        seen = found(ruin)
        assert seen.layer == layer

    def test_that_a_layers_own_error_is_what_it_makes_of_the_originals_input(
        self, trained: Network, data: Data
    ) -> None:
        after = copy.deepcopy(trained.module)
        with torch.no_grad():
            ruin_conv2(after)  # type: ignore[arg-type]
            after.conv1.weight.mul_(0.9)
        errors = own_errors(trained.module, after, (), data, CPU, Cancel())
        images = torch.cat([i for i, _ in data.batches("validation")])
        net = trained.module
        inputs = net.bn1(net.conv1(images)).relu()
        for name, x in (("conv1", images), ("conv2", inputs)):
            right, wrong = (n.get_submodule(name)(x).detach().double() for n in (net, after))
            expected = 10 * math.log10(float(right.square().sum() / (right - wrong).square().sum()))
            assert errors[name] == pytest.approx(expected, abs=1e-4)

    def test_that_an_error_from_an_earlier_layer_does_not_count(self, trained: Network, data: Data) -> None:
        after = copy.deepcopy(trained.module)
        with torch.no_grad():
            after.conv1.weight.zero_()
        errors = own_errors(trained.module, after, (), data, CPU, Cancel())
        images = (i for i, _ in data.batches("validation"))
        accumulated = layer_errors(trained.module, after, ["conv2"], images, Cancel())
        assert accumulated["conv2"]["sqnr_db"] < 20
        assert set(errors) == {"conv1"}

    def test_that_both_errors_of_the_layer_are_told(self, found: Callable[..., Diagnosis]) -> None:
        def ruin(net: Net) -> None:
            ruin_conv2(net)
            net.conv1.weight.mul_(0.7)

        seen = found(ruin)
        assert seen.layer == "conv2"
        assert seen.accumulated_db is not None
        assert seen.accumulated_db < seen.sqnr_db
        text = str(told(seen, recipe(PRUNE), 0).message)
        assert f"{seen.sqnr_db:.1f} dB by itself, {seen.accumulated_db:.1f} dB" in text
        assert f"from {seen.accuracy[0]:.1f}% to {seen.accuracy[1]:.1f}% of 120" in text

    @pytest.mark.parametrize("layer", ["conv1", "conv2"])
    def test_that_a_layer_whose_channels_were_removed_is_found(self, trained: Network, data: Data, layer: str) -> None:
        structure = analyze(trained)
        group = structure.group_of(layer)
        assert group is not None
        other = next(g for g in structure.groups if g.name != group.name)
        gone = {group.name: torch.arange(group.units - 2), other.name: torch.tensor([0])}
        smaller = remove(trained, structure, gone)
        assert len(smaller.module.get_submodule(layer).get_parameter("weight")) == 2
        work = dataclasses.replace(session(trained, smaller.module, data), network=smaller)
        seen = diagnose(trained.module, smaller.module, work, {}, Cancel())
        assert seen.layer in group.layers
        assert seen.pruned == 0.75

    def test_that_removed_channels_count_as_zeros_and_missing_inputs_do_not(self, trained: Network, data: Data) -> None:
        structure = analyze(trained)
        group = structure.group_of("conv1")
        assert group is not None
        smaller = remove(trained, structure, {group.name: torch.tensor([1, 4, 5])})
        errors = own_errors(trained.module, smaller.module, smaller.edits, data, CPU, Cancel())
        images = torch.cat([i for i, _ in data.batches("validation")])
        output = trained.module.conv1(images).detach().double().square().sum((0, 2, 3))
        assert errors["conv1"] == pytest.approx(
            10 * math.log10(float(output.sum() / output[[1, 4, 5]].sum())), abs=1e-4
        )
        assert set(errors) == {"conv1"}

    def test_that_a_removed_block_is_found_as_a_whole(self, trained: Network, data: Data) -> None:
        smaller = drop(trained, ["block"])
        seen = diagnose(trained.module, smaller.module, session(trained, smaller.module, data), {}, Cancel())
        assert (seen.layer, seen.type) == ("block", "Block")

    @pytest.mark.parametrize(
        ("ruined", "layer"),
        [("attention.out_proj", "attention"), ("attention", "attention"), ("mlp", "mlp"), ("rnn", "rnn")],
    )
    def test_that_attention_and_recurrent_layers_are_found_too(self, data: Data, ruined: str, layer: str) -> None:
        class Tokens(nn.Module):
            """Owns a parameter itself, attends in a row of pixels, and runs over it."""

            def __init__(self) -> None:
                super().__init__()
                self.position = nn.Parameter(torch.randn(8, 8))
                self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
                self.mlp, self.rnn = nn.Linear(8, 8), nn.GRU(8, 8, batch_first=True)

            def forward(self, x: Tensor) -> Tensor:
                x = x + self.position
                x = self.mlp(x + self.attention(x, x, x, need_weights=False)[0])
                last: Tensor = self.rnn(x)[0][:, -1]
                return last

        net = nn.Sequential(nn.Flatten(1, 2), Tokens(), nn.Linear(8, 4)).eval()
        after = copy.deepcopy(net)
        with torch.no_grad():
            for parameter in after[1].get_submodule(ruined).parameters():
                parameter.add_(0.5)
        errors = own_errors(net, after, (), data, CPU, Cancel())
        assert set(errors) == {f"1.{layer}"}
        assert errors[f"1.{layer}"] < 30

    @pytest.mark.parametrize("value", [math.nan, math.inf])
    def test_that_a_layer_that_gives_no_numbers_is_the_worst(
        self, found: Callable[..., Diagnosis], value: float
    ) -> None:
        def ruin(net: Net) -> None:
            net.conv1.weight.zero_()
            net.conv2.weight.fill_(value)

        seen = found(ruin)
        assert (seen.layer, seen.sqnr_db) == ("conv2", -HIGHEST_DB)
        json.dumps(dataclasses.asdict(seen), allow_nan=False)

    def test_that_of_equal_networks_no_layer_is_blamed(self, found: Callable[..., Diagnosis]) -> None:
        seen = found(lambda net: None)
        assert seen.layer is None
        assert "changed most" not in str(told(seen, recipe(PRUNE), 0).message)


class TestBatchNorm:
    def test_that_shifted_statistics_are_diagnosed_and_repaired(
        self, found: Callable[..., Diagnosis], data: Data, trained: Network
    ) -> None:
        seen = found(shift_statistics)
        assert seen.layer == "bn2"
        assert seen.verdict == "batch_norm"
        assert seen.from_batch_norm is not None
        assert collapsed(*seen.accuracy)
        assert not collapsed(seen.accuracy[0], seen.from_batch_norm[1])
        warned = told(seen, recipe(PRUNE), 0)
        assert f"measured anew, accuracy is {seen.from_batch_norm[1]:.1f}%" in str(warned.hint)
        assert seen.probe is not None
        assert f"{seen.batches} batches of fine-tuning brought it to {seen.probe[1]:.1f}%" in str(warned.hint)
        assert warned.repair is not None
        repaired = merged(recipe(PRUNE), warned.repair.edits, catalogue())
        assert repaired.stages[0].settings["reestimate"] is True
        assert told(seen, repaired, 0).repair is None

    def test_that_it_is_not_blamed_where_its_statistics_bring_nothing_back(
        self, found: Callable[..., Diagnosis]
    ) -> None:
        seen = found(blunt_head)
        assert seen.from_batch_norm is not None
        assert seen.verdict != "batch_norm"

    def test_that_a_network_without_it_has_no_such_figure(self, data: Data) -> None:
        net = nn.Sequential(nn.Flatten(), nn.Linear(64, 4)).eval()
        network = Network("net", ModelSpec("python", "net"), net, (1, 8, 8), 4)
        assert diagnose(net, net, session(network, net, data), {}, Cancel()).from_batch_norm is None


class TestFineTuning:
    def test_that_what_training_brings_back_is_said_with_a_stage_to_add(self, found: Callable[..., Diagnosis]) -> None:
        seen = found(blunt_head)
        assert seen.verdict == "fine_tune"
        assert seen.probe is not None
        assert seen.probe[1] is not None
        assert seen.probe[0] == seen.accuracy[1]
        given = recipe(PRUNE, {"quantize": {}})
        warned = told(seen, given, 0)
        assert f"{seen.batches} batches brought it from {seen.probe[0]:.1f}% to {seen.probe[1]:.1f}%" in str(
            warned.hint
        )
        assert warned.repair is not None
        repaired = merged(given, warned.repair.edits, catalogue())
        assert [stage.kind for stage in repaired.stages] == ["prune", "train", "quantize"]
        assert (repaired.stages[0], repaired.stages[2]) == given.stages
        full = resolved(given, catalogue())  # as a run hands it over
        again = told(seen, full, 0).repair
        assert again is not None
        assert merged(given, again.edits, catalogue()).stages[0] == full.stages[0]

    def test_that_no_stage_is_added_where_one_follows(self, found: Callable[..., Diagnosis]) -> None:
        assert told(found(blunt_head), recipe(PRUNE, {"train": {}}), 0).repair is None

    def test_that_the_trial_is_some_forty_batches(self, found: Callable[..., Diagnosis]) -> None:
        assert found(blunt_head).batches == 40

    def test_that_pruned_weights_stay_zero_in_the_trial(self, found: Callable[..., Diagnosis]) -> None:
        """Without its head the network could learn another one; with the head masked it can learn nothing."""

        def ruin(net: Net) -> None:
            net.head.weight.zero_()

        masks = {"head.weight": torch.zeros(4, 32), "head.bias": torch.zeros(4)}
        free, held = found(ruin), found(ruin, masks)
        assert free.verdict == "fine_tune"
        assert held.verdict == "too_much"
        assert held.probe == (25.0, 25.0)

    def test_that_a_trial_that_diverges_is_said(
        self, found: Callable[..., Diagnosis], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(diagnosis, "usual_rate", lambda optimizer: 1e30)
        seen = found(blunt_head)
        assert seen.probe == (seen.accuracy[1], None)
        assert seen.verdict == "too_much"
        assert "the loss became infinite" in str(told(seen, recipe(PRUNE), 0).hint)

    def test_that_little_training_data_is_enough(self, trained: Network, data: Data) -> None:
        few = dataclasses.replace(data, parts={**data.parts, "train": data.parts["train"].select(torch.arange(9))})
        after = copy.deepcopy(trained.module)
        assert diagnose(trained.module, after, session(trained, after, few), {}, Cancel()).batches == 5


class TestLessAsRepair:
    def hopeless(self, found: Callable[..., Diagnosis], layer: str = "conv2", pruned: float = 0.75) -> Diagnosis:
        seen = found(lambda net: None)
        return dataclasses.replace(
            seen, verdict="too_much", layer=layer, type="Conv2d", sqnr_db=1.0, pruned=pruned, probe=(25.0, 26.0)
        )

    def test_that_half_of_what_the_layer_lost_is_offered(self, found: Callable[..., Diagnosis]) -> None:
        warned = told(self.hopeless(found), recipe(PRUNE), 0)
        assert "unlikely to bring it back: 40 batches brought it from 25.0% to 26.0%" in str(warned.hint)
        assert warned.repair is not None
        assert str(warned.repair.label) == "Prune 37.5% of conv2"
        stage = merged(recipe(PRUNE), warned.repair.edits, catalogue()).stages[0]
        assert [(rule.pattern, rule.settings) for rule in stage.layers] == [("conv2", {"amount": 0.375})]

    def test_that_the_layer_is_put_back_to_see_what_that_alone_brings(
        self, found: Callable[..., Diagnosis], trained: Network, data: Data
    ) -> None:
        masks = {"head.weight": torch.zeros(4, 32), "head.bias": torch.zeros(4)}

        def ruin(net: Net) -> None:
            net.head.weight.zero_()
            net.conv1.weight.mul_(0.99)

        seen = found(ruin, masks)
        healed = copy.deepcopy(trained.module)
        with torch.no_grad():
            healed.conv1.weight.mul_(0.99)
        assert (seen.verdict, seen.layer) == ("too_much", "head")
        assert seen.restored == evaluate(healed, data, "validation").accuracy
        warned = told(seen, recipe(PRUNE), 0)
        assert f"With head as it was, accuracy is {seen.restored:.1f}%" in str(warned.hint)
        assert warned.repair is not None
        assert str(warned.repair.label) == "Prune 50.0% of head"

    def test_that_all_is_pruned_less_where_that_brings_nothing(self, found: Callable[..., Diagnosis]) -> None:
        warned = told(dataclasses.replace(self.hopeless(found), accuracy=(90.0, 25.0), restored=27.0), recipe(PRUNE), 0)
        assert "as it was" not in str(warned.hint)
        assert warned.repair is not None
        assert str(warned.repair.label) == "Prune 40.0%"
        assert merged(recipe(PRUNE), warned.repair.edits, catalogue()).stages[0].settings["amount"] == 0.4

    def test_that_the_share_is_counted_in_the_network(self, found: Callable[..., Diagnosis]) -> None:
        assert found(ruin_conv2).pruned == 0.75

    @pytest.mark.parametrize("layer", ["conv2", "layers.0.conv2", "features.3"])
    def test_that_the_rule_the_layer_had_keeps_its_other_settings(
        self, found: Callable[..., Diagnosis], layer: str
    ) -> None:
        given = recipe({"prune": {"layers": {"type:Conv2d": {"method": "ln_structured", "n": 1, "amount": 0.75}}}})
        repair = told(self.hopeless(found, layer), given, 0).repair
        assert repair is not None
        rules = {r.pattern: r.settings for r in merged(given, repair.edits, catalogue()).stages[0].layers}
        assert rules[layer] == {"method": "ln_structured", "n": 1, "amount": 0.375}

    def test_that_the_stages_amount_is_halved_where_a_layer_has_none(self, found: Callable[..., Diagnosis]) -> None:
        given = recipe({"prune": {"method": "layer", "amount": 0.6}})
        repair = told(self.hopeless(found, "block", pruned=0.0), given, 0).repair
        assert repair is not None
        assert merged(given, repair.edits, catalogue()).stages[0].settings["amount"] == 0.3

    def test_that_a_target_is_not_overridden(self, found: Callable[..., Diagnosis]) -> None:
        given = recipe({"prune": {"method": "ln_structured", "target": {"sparsity": 0.5}}})
        assert told(self.hopeless(found, "bn1", pruned=0.0), given, 0).repair is None


class TestPromises:
    def test_that_nothing_is_changed(self, trained: Network, data: Data) -> None:
        after = copy.deepcopy(trained.module)
        with torch.no_grad():
            shift_statistics(after)  # type: ignore[arg-type]
        work = session(trained, after, data)
        states = [copy.deepcopy(m.state_dict()) for m in (trained.module, after)]
        drawn, own = torch.get_rng_state(), work.generator.get_state()
        diagnose(trained.module, after, work, {}, Cancel())
        for module, state in zip((trained.module, after), states, strict=True):
            assert all(torch.equal(value, state[key]) for key, value in module.state_dict().items())
            assert not any(m._forward_hooks or m._forward_pre_hooks or m.training for m in module.modules())
            assert all(p.grad is None for p in after.parameters())
        assert work.network.module is after
        assert torch.equal(torch.get_rng_state(), drawn)
        assert torch.equal(work.generator.get_state(), own)

    def test_that_the_same_question_has_the_same_answer(self, found: Callable[..., Diagnosis]) -> None:
        assert found(blunt_head) == found(blunt_head)

    @pytest.mark.parametrize("step", range(4))
    def test_that_it_stops_when_asked(self, trained: Network, data: Data, step: int) -> None:
        cancel = Cancel()

        def progress(done: int, total: int) -> None:
            if done == step:
                cancel.request()

        after = copy.deepcopy(trained.module)
        with pytest.raises(Cancelled):
            diagnose(trained.module, after, session(trained, after, data), {}, cancel, progress)

    def test_that_it_crosses_the_pipe_with_its_repair(self, found: Callable[..., Diagnosis]) -> None:
        warned = told(found(blunt_head), recipe(PRUNE), 0)
        assert warned.repair is not None
        assert from_data(json.loads(json.dumps(to_data(warned), allow_nan=False))) == warned

    def test_that_a_warning_written_without_a_repair_is_still_read(self) -> None:
        old = {"kind": "warned", "stage": 1, "message": {"template": "Doubtful.", "values": {}}, "hint": None}
        read = from_data(old)
        assert isinstance(read, Warned)
        assert read.repair is None


@pytest.mark.parametrize(
    ("before", "after", "fell"), [(97.9, 12.1, True), (97.9, 87.8, True), (97.9, 88.0, False), (50.0, 90.0, False)]
)
def test_that_a_collapse_is_more_than_ten_points(before: float, after: float, fell: bool) -> None:
    assert collapsed(before, after) is fell


def test_that_no_accuracy_at_all_is_a_collapse() -> None:
    assert collapsed(97.9, math.nan)
