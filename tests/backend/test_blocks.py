"""Whole blocks: which can go, what each is worth, and networks without some of them."""

from __future__ import annotations

import copy
import dataclasses
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError, Message
from backend.evaluation.accuracy import evaluate
from backend.events import Event, Progress, Warned
from backend.models._reopen import reopen
from backend.models._torchvision import build_torchvision
from backend.network import Network
from backend.pruning._blocks import drop, drop_blocks, rank, replay_drop
from backend.pruning._find_blocks import blocks
from backend.recipe import DataSpec, ModelSpec, Recipe, Stage, recipe_from_data
from backend.registry import catalogue, method
from backend.removal import analyze, prepared, remove
from backend.session import Session

RESNET20 = [f"layer{s}.{b}" for s in (1, 2, 3) for b in (0, 1, 2)]
STEPS = ("steps.0", "steps.1", "steps.2")
REMOVABLE = [name for name in RESNET20 if name not in ("layer2.0", "layer3.0")]


def network_of(module: nn.Module, shape: tuple[int, ...] = (3, 32, 32), name: str = "net") -> Network:
    return Network(name, ModelSpec("python", name), module.eval(), shape, 4)


@pytest.fixture(scope="module")
def resnet20() -> Network:
    torch.manual_seed(0)
    module = method("model", "resnet20").build(num_classes=4)  # type: ignore[attr-defined]
    return Network("ResNet-20", ModelSpec("bundled", "resnet20", num_classes=4), module.eval(), (3, 8, 8), 4)


def bundle(shape: tuple[int, ...], classes: int = 4, count: int = 40) -> Data:
    random = torch.Generator().manual_seed(1)

    def part(n: int) -> Part:
        return Part(torch.rand((n, *shape), generator=random), torch.arange(n) % classes)

    parts = {"train": part(count), "validation": part(count), "calibration": part(count), "test": part(count)}
    return Data(parts, DataSpec(batch_size=8), tuple("abcd"), (0.0,), (1.0,))


@pytest.fixture(scope="module")
def data() -> Data:
    return bundle((3, 8, 8))


def session_of(network: Network, data: Data) -> Session:
    return Session(Recipe(), network.copy(), network, data, Path(), torch.Generator().manual_seed(0))


def stage_of(settings: dict[str, object], layers: dict[str, object] | None = None) -> Stage:
    """Read as a recipe's: names, rules and ranges are checked."""
    body = {
        **({"images": 16} if "method" not in settings else {}),
        "method": "layer",
        **settings,
        "layers": layers or {},
    }
    return recipe_from_data({"model": {"name": "resnet20"}, "stages": [{"prune": body}]}, catalogue()).stages[0]


class Step(nn.Module):
    """A residual step: x + f(x)."""

    def __init__(self, width: int = 4) -> None:
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, width, 1))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.f(x)


class Steps(nn.Module):
    """A stem, a row of residual steps, and a head; ``harm`` of the steps is how far each moves the output."""

    def __init__(self, harm: tuple[float, ...]) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.stem = nn.Conv2d(3, 4, 1)
        self.steps = nn.Sequential(*(Step() for _ in harm))
        self.head = nn.Linear(4, 4)
        with torch.no_grad():
            for step, size in zip(self.steps, harm, strict=True):
                step.f[2].weight.mul_(size)
                step.f[2].bias.mul_(size)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.head(self.steps(self.stem(x)).mean((2, 3)))
        return scores


class TestWhichCanGo:
    def test_that_the_residual_blocks_of_resnet20_can_go_where_they_keep_the_shape(self, resnet20: Network) -> None:
        found = blocks(resnet20)
        assert list(found) == RESNET20
        assert [name for name, why in found.items() if why is None] == REMOVABLE
        assert "16×8×8" in str(found["layer2.0"])
        assert "32×4×4" in str(found["layer2.0"])

    @pytest.mark.parametrize(
        ("name", "can_go", "kind"),
        [
            ("resnet18", ["layer1.0", "layer1.1", "layer2.1", "layer3.1", "layer4.1"], "BasicBlock"),
            ("mobilenet_v2", [f"features.{i}" for i in (3, 5, 6, 8, 9, 10, 12, 13, 15, 16)], "InvertedResidual"),
            ("vgg11", [], ""),
        ],
    )
    def test_that_blocks_of_torchvisions_networks_are_found(self, name: str, can_go: list[str], kind: str) -> None:
        network = network_of(build_torchvision(name, 4), (3, 64, 64))
        found = blocks(network)
        assert [block for block, why in found.items() if why is None] == can_go
        assert {type(network.module.get_submodule(block)).__name__ for block in found} == ({kind} if kind else set())

    def test_that_encoder_layers_are_blocks_and_not_the_encoder(self) -> None:
        arguments = {"image_size": 16, "patch_size": 8, "num_layers": 3, "num_heads": 2, "hidden_dim": 8, "mlp_dim": 16}
        from torchvision.models import VisionTransformer

        found = blocks(network_of(VisionTransformer(**arguments, num_classes=4), (3, 16, 16)))
        assert found == {f"encoder.layers.encoder_layer_{i}": None for i in range(3)}

    def test_that_without_residual_blocks_modules_of_several_layers_count(self) -> None:
        class Fire(nn.Module):
            def __init__(self, width: int) -> None:
                super().__init__()
                self.squeeze, self.expand = nn.Conv2d(4, 2, 1), nn.Conv2d(2, width, 1)

            def forward(self, x: Tensor) -> Tensor:
                return self.expand(self.squeeze(x).relu()).relu()

        class Norm(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.conv, self.norm = nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4)

            def forward(self, x: Tensor) -> Tensor:
                return self.norm(self.conv(x))

        net = nn.Sequential(nn.Conv2d(3, 4, 1), Norm(), Fire(4), Fire(4), Fire(6), nn.Flatten(1), nn.LazyLinear(4))
        net(torch.zeros(1, 3, 8, 8))
        found = blocks(network_of(net, (3, 8, 8)))
        assert {name: None if why is None else str(why) for name, why in found.items()} == {
            "2": None, "3": None, "4": "It turns 4×8×8 into 6×8×8",
        }  # fmt: skip

    def test_that_a_block_the_network_asks_for_by_name_can_not_go(self) -> None:
        class Nosy(Steps):
            def forward(self, x: Tensor) -> Tensor:
                scale = self.steps[1].f[0].weight.abs().mean()
                return super().forward(x) * scale

        found = blocks(network_of(Nosy((1.0, 1.0, 1.0)), (3, 8, 8)))
        assert [name for name, why in found.items() if why is None] == ["steps.0", "steps.2"]
        assert str(found["steps.1"]) == "The network does not run without it"

    def test_that_a_block_that_runs_twice_or_takes_more_than_its_input_can_not_go(self) -> None:
        class Gated(Step):
            def forward(self, x: Tensor, gate: float = 1.0) -> Tensor:
                return x + gate * self.f(x)

        class Net(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.twice, self.gated, self.plain, self.head = Gated(3), Gated(3), Gated(3), nn.Linear(3, 4)

            def forward(self, x: Tensor) -> Tensor:
                x = self.plain(self.gated(self.twice(self.twice(x)), gate=0.5))
                scores: Tensor = self.head(x.mean((2, 3)))
                return scores

        found = {name: str(why) for name, why in blocks(network_of(Net(), (3, 8, 8))).items()}
        assert found == {
            "twice": "It runs more than once", "gated": "It takes more than one input", "plain": "None",
        }  # fmt: skip

    def test_that_looking_leaves_the_network_as_it_was(self, resnet20: Network) -> None:
        before = copy.deepcopy(resnet20.module.state_dict())
        kinds = [type(m) for m in resnet20.module.modules()]
        blocks(resnet20)
        assert [type(m) for m in resnet20.module.modules()] == kinds
        assert not any(m._forward_hooks or m.training for m in resnet20.module.modules())
        assert all(torch.equal(value, before[key]) for key, value in resnet20.module.state_dict().items())


class TestWorth:
    def test_that_costs_are_what_removing_each_block_alone_adds_to_the_loss(
        self, resnet20: Network, data: Data
    ) -> None:
        seen: list[tuple[int, int]] = []
        ranked = rank(resnet20, data, REMOVABLE, Cancel(), lambda d, t: seen.append((d, t)), images=40)
        base = evaluate(resnet20.module, data, "validation").loss
        expected = {n: evaluate(drop(resnet20, [n]).module, data, "validation").loss - base for n in REMOVABLE}
        assert dict(ranked) == pytest.approx(expected, abs=1e-9)
        assert [cost for _, cost in ranked] == pytest.approx(sorted(expected.values()), abs=1e-9)
        assert seen[-1] == (7, 7)

    def test_that_the_network_is_whole_again_after_a_stop(self, resnet20: Network, data: Data) -> None:
        cancel, kinds = Cancel(), [type(m) for m in resnet20.module.modules()]
        with pytest.raises(Cancelled):
            rank(resnet20, data, REMOVABLE, cancel, lambda d, t: cancel.request() if d == 2 else None, images=16)
        assert [type(m) for m in resnet20.module.modules()] == kinds

    def test_that_the_rest_is_ranked_again_after_each_removal(self) -> None:
        network, few = network_of(Steps((25.0, 4.0, 27.0)), (3, 8, 8)), bundle((3, 8, 8))
        session = session_of(network, few)
        first, second, third = (n for n, _ in rank(network, few, list(STEPS), Cancel(), lambda d, t: None, 16))
        gone = drop_blocks(session, stage_of({"amount": 0.67}), 0, lambda e: None, Cancel())
        again = rank(drop(network, [first]), few, [second, third], Cancel(), lambda d, t: None, 16)
        assert gone == [first, again[0][0]]
        assert gone[1] == third, "without the first, the third costs less than the second"


class TestNetworksWithout:
    def test_that_a_dropped_block_passes_its_input_on_and_the_given_network_is_untouched(
        self, resnet20: Network
    ) -> None:
        before = copy.deepcopy(resnet20.module.state_dict())
        smaller = drop(resnet20, ["layer1.1", "layer3.2"])
        x = torch.rand(2, 16, 8, 8)
        assert smaller.module.layer1[1](x) is x
        assert not any(key.startswith(("layer1.1", "layer3.2")) for key in smaller.module.state_dict())
        assert resnet20.edits == ()
        assert all(torch.equal(value, before[key]) for key, value in resnet20.module.state_dict().items())

    def test_that_it_opens_again_with_equal_outputs(self, resnet20: Network, tmp_path: Path) -> None:
        smaller = drop(drop(resnet20, ["layer1.1"]), ["layer2.2", "layer3.1"])
        smaller.save(tmp_path)
        again = reopen(tmp_path)
        images = torch.rand(4, 3, 8, 8)
        assert again.edits == smaller.edits
        assert torch.equal(again.module(images), smaller.module(images))

    @pytest.mark.parametrize(
        ("name", "gone"), [("resnet18", ["layer1.0", "layer4.1"]), ("mobilenet_v2", ["features.3", "features.16"])]
    )
    def test_that_torchvisions_networks_open_again_too(self, name: str, gone: list[str], tmp_path: Path) -> None:
        spec = ModelSpec("torchvision", name, num_classes=4)
        whole = Network(name, spec, build_torchvision(name, 4).eval(), (3, 32, 32), 4)
        smaller = drop(whole, gone)
        smaller.save(tmp_path)
        again = reopen(tmp_path)
        images = torch.rand(2, 3, 32, 32)
        assert torch.equal(again.module(images), smaller.module(images))
        assert not torch.equal(again.module(images), whole.module(images))

    def test_that_blocks_and_channels_go_in_either_order(self, resnet20: Network, tmp_path: Path) -> None:
        def narrow(network: Network) -> Network:
            ready = prepared(network)
            structure = analyze(ready)
            return remove(ready, structure, {structure.groups[0].name: torch.tensor([1, 2, 5])})

        images = torch.rand(4, 3, 8, 8)
        first, second = (
            narrow(drop(resnet20, ["layer1.1", "layer2.2"])),
            drop(narrow(resnet20), ["layer1.1", "layer2.2"]),
        )
        outputs = []
        for number, network in enumerate((first, second)):
            network.save(tmp_path / str(number))
            again = reopen(tmp_path / str(number))
            outputs.append(again.module(images))
            assert torch.equal(outputs[-1], network.module(images))
        torch.testing.assert_close(*outputs)

    def test_that_a_source_without_the_block_is_one_sentence(self) -> None:
        with pytest.raises(CompressionError, match=r"layer9\.0") as caught:
            replay_drop(nn.Sequential(nn.Linear(2, 2)), {"blocks": ["layer9.0"]})
        assert caught.value.hint is not None

    def test_that_it_can_be_quantized(self, resnet20: Network, data: Data) -> None:
        session = session_of(drop(resnet20, ["layer1.1", "layer2.1"]), data)
        stage = Stage("quantize", {"method": "static_int8", "calibration_batches": 1})
        method("stage", "quantize").run(session, stage, 0, lambda e: None, Cancel())  # type: ignore[attr-defined]
        assert session.network.converted
        assert session.network.module(torch.rand(2, 3, 8, 8)).shape == (2, 4)


class TestTheStage:
    def asked(
        self, network: Network, data: Data, settings: dict[str, object], layers: dict[str, object] | None = None
    ) -> tuple[list[str], Session, list[Event]]:
        session, events = session_of(network, data), list[Event]()
        session.masks = {f"{b}.conv1.weight": torch.ones(1) for b in RESNET20}
        session.figures = {f"{b}.conv1": {"precision": "fp32"} for b in RESNET20}
        gone = drop_blocks(session, stage_of(settings, layers), 3, events.append, Cancel())
        return gone, session, events

    def warnings(self, events: list[Event]) -> str:
        return "\n".join(str(e.message) for e in events if isinstance(e, Warned))

    @pytest.mark.parametrize(("amount", "count"), [(0.3, 2), (0.5, 4), (1.0, 6)])
    def test_that_the_asked_share_goes_and_one_block_stays(
        self, resnet20: Network, data: Data, amount: float, count: int
    ) -> None:
        gone, session, events = self.asked(resnet20, data, {"amount": amount})
        assert len(gone) == count
        assert set(gone) < set(REMOVABLE)
        assert session.network.edits[-1].data == {"blocks": gone}
        assert all(isinstance(session.network.module.get_submodule(name), nn.Identity) for name in gone)
        assert set(session.masks) == {f"{b}.conv1.weight" for b in RESNET20 if b not in gone}
        assert set(session.figures) == {f"{b}.conv1" for b in RESNET20 if b not in gone}
        assert ("one block at least stays" in self.warnings(events)) == (amount == 1.0)
        steps = [e for e in events if isinstance(e, Progress)]
        assert [e.done for e in steps] == [*sorted(e.done for e in steps[:-1]), 1]
        assert steps[-2].done == steps[-2].total == sum(7 - i for i in range(count))
        assert ", ".join(gone) in str(steps[-1].text)

    def test_that_the_cheapest_goes_first(self) -> None:
        """A network that is sure of its classes, in which one block does nothing."""
        net = Steps((30.0, 0.0, 20.0)).eval()
        with torch.no_grad():
            net.head.weight.mul_(100)
            images = bundle((3, 8, 8)).parts["validation"].images
            right = Part(images, net(images).argmax(1))
        data = bundle((3, 8, 8))
        data = dataclasses.replace(data, parts={**data.parts, "validation": right})
        gone, _, _ = self.asked(network_of(net, (3, 8, 8)), data, {"amount": 0.34})
        assert gone == ["steps.1"]

    @pytest.mark.parametrize(
        ("layers", "kept"),
        [
            ({"layer1.1": "keep"}, {"layer1.1"}),
            ({"layer1": "keep"}, {"layer1.0", "layer1.1", "layer1.2"}),
            ({"layer3.*": "keep"}, {"layer3.1", "layer3.2"}),
            ({"layer2.1.conv2": "keep"}, {"layer2.1"}),
        ],
    )
    def test_that_kept_blocks_stay(
        self, resnet20: Network, data: Data, layers: dict[str, object], kept: set[str]
    ) -> None:
        gone, _, _ = self.asked(resnet20, data, {"amount": 1.0}, layers)
        assert set(gone) == set(REMOVABLE) - kept

    def test_that_a_layer_kept_in_a_block_is_named(self, resnet20: Network, data: Data) -> None:
        _, _, events = self.asked(resnet20, data, {"amount": 0.2}, {"layer2.1.conv2": "keep"})
        assert "Blocks that stay: layer2.1. Reason: layer2.1.conv2 in it is kept." in self.warnings(events)

    def test_that_a_block_with_a_layer_that_is_pruned_in_another_way_stays(self, resnet20: Network, data: Data) -> None:
        rule = {"layer1.1.conv1": {"method": "ln_structured", "amount": 0.5}}
        gone, _, events = self.asked(resnet20, data, {"amount": 1.0}, rule)
        assert set(gone) == set(REMOVABLE) - {"layer1.1"}
        assert "layer1.1.conv1 in it has a method of its own" in self.warnings(events)

    def test_that_blocks_that_change_the_shape_are_named_with_the_reason(self, resnet20: Network, data: Data) -> None:
        _, _, events = self.asked(resnet20, data, {"amount": 0.2})
        assert "Blocks that stay: layer2.0. Reason: It turns 16×8×8 into 32×4×4." in self.warnings(events)

    def test_that_the_result_lists_what_was_asked_what_went_and_why_the_others_stay(
        self, resnet20: Network, data: Data
    ) -> None:
        gone, session, _ = self.asked(resnet20, data, {"amount": 1.0})
        report = session.report["blocks"]
        assert (report["asked"], report["removed"]) == (7, gone)
        assert {name: str(Message.from_data(why)) for name, why in report["kept"].items()} == {
            "layer2.0": "It turns 16×8×8 into 32×4×4", "layer3.0": "It turns 32×4×4 into 64×2×2",
        }  # fmt: skip

    def test_that_only_blocks_planned_for_this_method_go(self, resnet20: Network, data: Data) -> None:
        session = session_of(resnet20, data)
        rule = {"method": "layer", "amount": 1.0}
        stage = stage_of({"method": "l1_unstructured"}, {"layer2": rule, "layer3.1": rule, "*": "keep"})
        gone = drop_blocks(session, stage, 0, lambda e: None, Cancel())
        assert set(gone) == {"layer2.1", "layer2.2", "layer3.1"}

    def test_that_an_amount_of_less_than_one_block_is_said(self, resnet20: Network, data: Data) -> None:
        gone, session, events = self.asked(resnet20, data, {"amount": 0.05})
        assert gone == []
        assert session.network.edits == ()
        assert "5.0% of 7 blocks is less than one" in self.warnings(events)

    def test_that_a_network_without_blocks_is_one_sentence(self) -> None:
        network = network_of(nn.Sequential(nn.Flatten(), nn.Linear(192, 4)), (3, 8, 8))
        with pytest.raises(CompressionError, match="no block that can be removed"):
            drop_blocks(session_of(network, bundle((3, 8, 8))), stage_of({}), 0, lambda e: None, Cancel())

    def test_that_keeping_every_block_is_one_sentence(self, resnet20: Network, data: Data) -> None:
        with pytest.raises(CompressionError, match="Every block is kept"):
            drop_blocks(session_of(resnet20, data), stage_of({}, {"*": "keep"}), 0, lambda e: None, Cancel())

    def test_that_a_stop_while_ranking_changes_nothing(self, resnet20: Network, data: Data) -> None:
        session, cancel = session_of(resnet20, data), Cancel()

        def emit(event: Event) -> None:
            if isinstance(event, Progress) and event.done == 9:
                cancel.request()

        before = copy.deepcopy(session.network.module.state_dict())
        with pytest.raises(Cancelled):
            drop_blocks(session, stage_of({"amount": 0.5}), 0, emit, cancel)
        assert session.network.edits == ()
        assert session.network.module.state_dict().keys() == before.keys()


def test_that_single_layers_and_plain_rows_of_them_are_refused_with_a_reason() -> None:
    applies = method("criterion", "layer").applies  # type: ignore[attr-defined]
    for module in (nn.Conv2d(3, 3, 1), nn.Linear(2, 2), nn.ReLU(), nn.Sequential(nn.Linear(2, 2))):
        assert "whole blocks" in str(applies(module))
    assert applies(Step()) is None
