"""What every way to replace layers promises, and what each of them computes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError, Message
from backend.evaluation.macs import shapes
from backend.events import Event, LayerChanged, Progress, Warned
from backend.models import open_network, reopen
from backend.network import Network
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, recipe_from_data
from backend.registry import catalogue, method, methods
from backend.replacement._base import Replacement
from backend.replacement._install import rebuilt
from backend.session import Session
from backend.stages import prune, quantize, replace

ALL = sorted(methods("replacement"))
each = pytest.mark.parametrize("id", ALL)
ALONE: dict[str, Any] = {"activation": {"to": "mish"}}
"""Settings under which a method has something to do in a network of ReLUs."""
LAYERS = {
    "conv": lambda: nn.Conv2d(3, 8, 3),
    "relu": nn.ReLU,
    "pool": lambda: nn.MaxPool2d(2),
    "norm": lambda: nn.BatchNorm2d(8),
    "linear": lambda: nn.Linear(4, 4),
    "dropout": nn.Dropout,
    "flatten": nn.Flatten,
}


def replacement(id: str) -> Replacement:
    found = method("replacement", id)
    assert isinstance(found, Replacement)
    return found


def data_of(shape: tuple[int, ...], classes: int = 10) -> Data:
    random = torch.Generator().manual_seed(2)

    def part(count: int) -> Part:
        return Part(torch.rand((count, *shape), generator=random), torch.arange(count) % classes)

    parts = {name: part(20) for name in ("train", "validation", "calibration", "test")}
    return Data(parts, DataSpec(batch_size=10), tuple(map(str, range(classes))), (0.0,), (1.0,))


def used(module: nn.Module, shape: tuple[int, ...]) -> nn.Module:
    """``module`` once its normalization layers have seen data, and learned."""
    torch.manual_seed(1)
    module.train()
    with torch.no_grad():
        for _ in range(3):
            module(2 * torch.rand((8, *shape)) - 0.7)
        for part in module.modules():
            if isinstance(part, nn.modules.batchnorm._BatchNorm) and part.affine:
                part.weight.uniform_(-1.5, 1.5)
                part.bias.uniform_(-1, 1)
    return module.eval()


@pytest.fixture(scope="module")
def convnet() -> Network:
    """The bundled network that has convolutions, BatchNorm, activations and pooling."""
    torch.manual_seed(0)
    network = open_network(ModelSpec("bundled", "bn_convnet"), Path())
    used(network.module, network.input_shape)
    return network


def session_of(network: Network, *stages: Stage, folder: Path = Path()) -> Session:
    return Session(
        Recipe(stages=stages),
        network.copy(),
        network,
        data_of(network.input_shape),
        folder,
        torch.Generator().manual_seed(3),
    )


def own(module: nn.Module, shape: tuple[int, ...]) -> Network:
    return Network("Own", ModelSpec("python", "own"), used(module, shape), shape, 10)


def carried_out(session: Session, stage: Stage, cancel: Cancel | None = None) -> list[Event]:
    events: list[Event] = []
    replace.run(session, stage, 0, events.append, cancel or Cancel())
    return events


def stage_of(id: str, layers: dict[str, Any] | None = None, **settings: Any) -> Stage:
    rules = tuple(Rule(name, None if rule == "keep" else rule) for name, rule in (layers or {}).items())
    return Stage("replace", {"method": id, **ALONE.get(id, {}), **settings}, rules)


def outputs(module: nn.Module, shape: tuple[int, ...]) -> Tensor:
    with torch.no_grad():
        out: Tensor = module.eval()(torch.rand((4, *shape), generator=torch.Generator().manual_seed(5)))
    return out


def told(events: list[Event]) -> list[str]:
    return [str(event.message) for event in events if isinstance(event, Warned)]


class TestEveryMethod:
    @each
    def test_that_it_says_of_each_layer_whether_it_applies(self, id: str) -> None:
        reasons = [replacement(id).applies(make()) for make in LAYERS.values()]
        assert None in reasons
        for why in reasons:
            assert why is None or (isinstance(why, Message) and str(why)[0].isupper() and str(why)[-1] not in ".!")
        assert any(why is not None for why in reasons)

    @each
    def test_that_the_window_learns_what_it_is_for(self, id: str) -> None:
        traits = catalogue().get("replacement", id).traits
        assert set(traits) == {"exact", "types"}
        assert all(hasattr(nn, name) for name in traits["types"])

    @each
    def test_that_the_stage_changes_its_copy_and_reports_every_layer(self, id: str, convnet: Network) -> None:
        before = copy.deepcopy(convnet.module.state_dict())
        session = session_of(convnet)
        events = carried_out(session, stage_of(id))
        assert convnet.edits == () and all(torch.equal(v, before[k]) for k, v in convnet.module.state_dict().items())
        assert outputs(session.network.module, (1, 28, 28)).shape == (4, 10)
        rows = session.report["replacement"]["layers"]
        macs = shapes(session.network).macs
        assert rows and [row["name"] for row in rows] == list(session.network.edits[-1].data["layers"])
        for row in rows:
            new = session.network.module.get_submodule(row["name"])
            assert row["before"] == type(convnet.module.get_submodule(row["name"])).__name__ != row["after"]
            assert row["parameters"] == sum(p.numel() for p in new.parameters())
            assert row["macs"] == sum(n for name, n in macs.items() if f"{name}.".startswith(f"{row['name']}."))
        assert isinstance(events[-1], LayerChanged)
        json.dumps(session.report)

    @each
    def test_that_the_result_comes_back_from_disk_bit_for_bit(self, id: str, convnet: Network, tmp_path: Path) -> None:
        session = session_of(convnet)
        carried_out(session, stage_of(id))
        session.network.save(tmp_path)
        again = reopen(tmp_path)
        assert list(again.module.state_dict()) == list(session.network.module.state_dict())
        assert torch.equal(outputs(again.module, (1, 28, 28)), outputs(session.network.module, (1, 28, 28)))
        assert again.edits == session.network.edits

    @each
    def test_that_a_folder_of_another_network_is_refused(self, id: str, convnet: Network) -> None:
        session = session_of(convnet)
        carried_out(session, stage_of(id))
        with pytest.raises(CompressionError, match="not in it"):
            rebuilt(nn.Sequential(nn.Linear(2, 2)), session.network.edits[-1].data)

    @each
    def test_that_the_same_stage_gives_the_same_network(self, id: str, convnet: Network) -> None:
        first, second = session_of(convnet), session_of(convnet)
        carried_out(first, stage_of(id))
        torch.rand(7)
        carried_out(second, stage_of(id))
        assert torch.equal(outputs(first.network.module, (1, 28, 28)), outputs(second.network.module, (1, 28, 28)))

    @each
    def test_that_cancel_leaves_the_network_as_it_was(self, id: str, convnet: Network) -> None:
        session, cancel = session_of(convnet), Cancel()
        network = session.network

        def stop(event: Event) -> None:
            if isinstance(event, Progress):
                cancel.request()

        with pytest.raises(Cancelled):
            replace.run(session, stage_of(id), 0, stop, cancel)
        assert session.network is network and network.edits == () and session.report == {}

    @each
    def test_that_a_rule_keeps_all_but_one_layer(self, id: str, convnet: Network) -> None:
        whole = session_of(convnet)
        carried_out(whole, stage_of(id))
        name = next(iter(whole.network.edits[-1].data["layers"]))
        session = session_of(convnet)
        carried_out(session, stage_of(id, {name: {"method": id}, "*": "keep"}))
        assert list(session.network.edits[-1].data["layers"]) == [name]

    @each
    def test_that_a_layer_named_in_vain_is_kept_with_the_reason(self, id: str, convnet: Network) -> None:
        events = carried_out(session_of(convnet), stage_of(id, {"fc2": {"method": id}}))
        assert any(text.startswith("Kept as they are: fc2. Reason: ") for text in told(events))

    @each
    def test_that_nothing_to_replace_is_an_error_that_removes_the_stage(self, id: str) -> None:
        network = own(nn.Sequential(nn.Flatten(), nn.Linear(16, 10)), (1, 4, 4))
        stage = stage_of(id)
        session = session_of(network, Stage("train"), stage)
        with pytest.raises(CompressionError, match="finds no layer to replace") as caught:
            replace.run(session, stage, 1, print, Cancel())
        assert caught.value.repair is not None
        assert caught.value.repair.edits == {"stages": [{"train": {}}]}

    @each
    def test_that_all_kept_is_an_error_of_its_own(self, id: str, convnet: Network) -> None:
        with pytest.raises(CompressionError, match="Every layer is kept"):
            carried_out(session_of(convnet), stage_of(id, {"*": "keep"}))

    @each
    def test_that_channels_go_afterwards(self, id: str, convnet: Network, tmp_path: Path) -> None:
        session = session_of(convnet)
        carried_out(session, stage_of(id))
        wide = sum(p.numel() for p in session.network.module.parameters())
        fewer = Stage("prune", {"method": "ln_structured", "amount": 0.5, "remove": True})
        prune.run(session, fewer, 1, lambda _: None, Cancel())
        assert sum(p.numel() for p in session.network.module.parameters()) < 0.6 * wide
        session.network.save(tmp_path)
        again = reopen(tmp_path)
        assert torch.equal(outputs(again.module, (1, 28, 28)), outputs(session.network.module, (1, 28, 28)))

    @each
    def test_that_a_network_of_channels_removed_is_replaced_and_reopened(
        self, id: str, convnet: Network, tmp_path: Path
    ) -> None:
        session = session_of(convnet)
        prune.run(session, Stage("prune", {"method": "ln_structured", "remove": True}), 0, lambda _: None, Cancel())
        carried_out(session, stage_of(id))
        session.network.save(tmp_path)
        assert torch.equal(outputs(reopen(tmp_path).module, (1, 28, 28)), outputs(session.network.module, (1, 28, 28)))


class TestStage:
    def test_that_int8_computes_afterwards(self, convnet: Network, tmp_path: Path) -> None:
        rules = {"relu1": {"method": "activation", "to": "prelu"}, "bn2": {"method": "fold_batch_norm"}}
        stage = stage_of("depthwise_separable", {**rules, "pool2": {"method": "pooling"}})
        session = session_of(convnet, stage, Stage("quantize", {"method": "static_int8"}))
        carried_out(session, stage)
        expected = outputs(session.network.module, (1, 28, 28))
        quantize.run(session, session.recipe.stages[1], 1, lambda _: None, Cancel())
        session.network.save(tmp_path)
        found = outputs(session.network.module, (1, 28, 28))
        assert torch.equal(outputs(reopen(tmp_path).module, (1, 28, 28)), found)
        assert float((found - expected).norm() / expected.norm()) < 0.1

    def test_that_masks_of_replaced_layers_go_with_a_sentence_and_others_stay(self, convnet: Network) -> None:
        session = session_of(convnet)
        prune.run(session, Stage("prune", {"amount": 0.5}), 0, lambda _: None, Cancel())
        kept = session.masks["fc1.weight"]
        events = carried_out(session, stage_of("depthwise_separable"))
        assert "The masks of layers that were replaced are gone: conv1, conv2." in told(events)
        assert torch.equal(session.masks["fc1.weight"], kept)
        assert not any(name.startswith("conv") for name in session.masks)

    def test_that_a_convolution_keeps_its_mask_when_a_batch_norm_is_folded_into_it(self, convnet: Network) -> None:
        session = session_of(convnet)
        prune.run(session, Stage("prune", {"amount": 0.5}), 0, lambda _: None, Cancel())
        mask = session.masks["conv1.weight"]
        carried_out(session, stage_of("fold_batch_norm"))
        weight = session.network.module.get_parameter("conv1.weight")
        assert torch.equal(session.masks["conv1.weight"], mask)
        assert bool((weight[mask == 0] == 0).all()) and bool((weight[mask == 1] != 0).all())

    def test_that_functions_in_a_forward_are_named(self) -> None:
        class Mixed(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.conv, self.act, self.fc = nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Linear(16, 10)

            def forward(self, x: Tensor) -> Tensor:
                out: Tensor = self.fc(torch.relu(self.act(self.conv(x)).flatten(1)))
                return out

        network = own(Mixed(), (1, 4, 4))
        events = carried_out(session_of(network), stage_of("activation"))
        assert told(events) == ["Called as functions, not as layers, and so kept as they are: relu (Mixed)."]
        events = carried_out(session_of(network), stage_of("activation", {"act": {"to": "gelu"}, "*": "keep"}))
        assert told(events) == []

    def test_that_only_functions_are_the_reason_why_nothing_is_replaced(self) -> None:
        lenet = open_network(ModelSpec("bundled", "lenet5"), Path())
        with pytest.raises(CompressionError) as caught:
            carried_out(session_of(lenet), stage_of("activation"))
        assert "relu (LeNet5)" in str(caught.value.hint)

    def test_that_a_layer_under_two_names_is_replaced_under_both(self) -> None:
        class Shared(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.first, self.fc = nn.ReLU(), nn.Linear(16, 10)
                self.second = self.first

            def forward(self, x: Tensor) -> Tensor:
                out: Tensor = self.second(self.fc(self.first(x.flatten(1))))
                return out

        session = session_of(own(Shared(), (1, 4, 4)))
        carried_out(session, stage_of("activation", to="gelu"))
        module: Any = session.network.module
        assert module.first is module.second and isinstance(module.first, nn.GELU)

    def test_that_a_forward_which_needs_the_old_layer_is_told_in_a_sentence(self) -> None:
        class Needs(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.conv, self.fc = nn.Conv2d(3, 8, 3), nn.Linear(32, 10)

            def forward(self, x: Tensor) -> Tensor:
                out: Tensor = self.fc((self.conv(x) / self.conv.weight.norm()).flatten(1))
                return out

        session = session_of(own(Needs(), (3, 4, 4)))
        before = session.network
        with pytest.raises(CompressionError, match="does not run with its new layers"):
            carried_out(session, stage_of("depthwise_separable"))
        assert session.network is before

    def test_that_statistics_are_measured_anew_where_asked(self, convnet: Network) -> None:
        session = session_of(convnet)
        carried_out(session, stage_of("depthwise_separable", reestimate=True))
        assert session.report["batch_norm"]["layers"] == 2
        module: Any = session.network.module
        assert not torch.equal(module.bn1.running_mean, convnet.module.get_buffer("bn1.running_mean"))

    def test_that_layers_of_one_stage_take_different_methods(self, convnet: Network, tmp_path: Path) -> None:
        """The BatchNorm goes into the convolution before that is separated."""
        session = session_of(convnet)
        rules = {"bn2": {"method": "fold_batch_norm"}, "relu1": {"method": "activation", "to": "silu"}}
        carried_out(session, stage_of("depthwise_separable", rules))
        module: Any = session.network.module
        assert isinstance(module.bn2, nn.Identity) and isinstance(module.relu1, nn.SiLU)
        assert isinstance(module.bn1, nn.BatchNorm2d) and module.conv2.pointwise.bias is not None
        session.network.save(tmp_path)
        assert torch.equal(outputs(reopen(tmp_path).module, (1, 28, 28)), outputs(module, (1, 28, 28)))

    def test_that_the_recipe_takes_it_and_refuses_it_where_weights_move(self) -> None:
        model = {"source": "bundled", "name": "bn_convnet"}
        read = recipe_from_data(
            {"model": model, "stages": [{"replace": {"method": "activation", "to": "gelu"}}]}, catalogue()
        )
        assert read.stages[0].settings == {"method": "activation", "to": "gelu"}
        with pytest.raises(CompressionError, match="can't hold a replace stage"):
            recipe_from_data({"model": model, "stages": [{"train": {"during": [{"replace": {}}]}}]}, catalogue())


CONVOLUTIONS: dict[str, Callable[[], nn.Module]] = {
    "plain": lambda: nn.Conv2d(5, 7, 3),
    "without bias": lambda: nn.Conv2d(5, 7, 3, bias=False),
    "strided": lambda: nn.Conv2d(5, 7, (3, 5), stride=2, padding=(1, 2)),
    "dilated": lambda: nn.Conv2d(5, 7, 3, dilation=2, padding="same", padding_mode="reflect"),
    "one dimension": lambda: nn.Conv1d(5, 7, 5, padding=2),
    "three dimensions": lambda: nn.Conv3d(5, 7, 3, padding=1),
}
convolutions = pytest.mark.parametrize("kind", CONVOLUTIONS)


def image_for(module: Any) -> Tensor:
    return torch.randn((2, 5, *(9 for _ in module.kernel_size)))


def stands_for(new: Any) -> Tensor:
    weight: Tensor = torch.einsum(
        "oi...,i...->oi...", new.pointwise.weight.detach(), new.depthwise.weight[:, 0].detach()
    )
    return weight


class TestDepthwiseSeparable:
    @convolutions
    def test_that_it_leaves_what_the_singular_values_leave(self, kind: str) -> None:
        """Eckart and Young: no weight of rank 1 per input channel is closer."""
        torch.manual_seed(0)
        old: Any = CONVOLUTIONS[kind]()
        new = replacement("depthwise_separable").replace(old, {})
        weight = old.weight.detach().double().numpy()
        values = [np.linalg.svd(weight[:, c].reshape(len(weight), -1), compute_uv=False) for c in range(5)]
        least = np.sqrt(sum(float((v[1:] ** 2).sum()) for v in values))
        assert float((old.weight.detach() - stands_for(new)).norm()) == pytest.approx(least, rel=1e-5)
        error = replacement("depthwise_separable").error
        assert error is not None
        assert error(old, new) == pytest.approx(least / np.linalg.norm(weight), rel=1e-5)

    @convolutions
    def test_that_it_computes_what_its_weight_stands_for(self, kind: str) -> None:
        torch.manual_seed(0)
        old: Any = CONVOLUTIONS[kind]()
        new = replacement("depthwise_separable").replace(old, {})
        with torch.no_grad():
            old.weight.copy_(stands_for(new))
        x = image_for(old)
        torch.testing.assert_close(new(x), old(x), atol=1e-5, rtol=1e-5)

    @convolutions
    def test_that_a_kernel_that_is_separable_is_met_exactly(self, kind: str) -> None:
        torch.manual_seed(1)
        old: Any = CONVOLUTIONS[kind]()
        with torch.no_grad():
            window = [1] * len(old.kernel_size)
            old.weight.copy_(torch.randn(7, 5, *window) * torch.randn(1, 5, *old.kernel_size))
            old.weight[:, 2] = 0.0
        new = replacement("depthwise_separable").replace(old, {})
        x = image_for(old)
        torch.testing.assert_close(new(x), old(x), atol=1e-5, rtol=1e-5)

    @pytest.mark.parametrize(
        ("conv", "why"),
        [
            (nn.Conv2d(8, 8, 3, groups=8), "grouped"),
            (nn.Conv2d(8, 8, 1), "single value"),
            (nn.Conv2d(8, 1, 3), "no fewer weights"),
            (nn.ConvTranspose2d(8, 8, 3), "no convolution"),
            (nn.Linear(8, 8), "no convolution"),
        ],
    )
    def test_that_what_gains_nothing_is_refused(self, conv: nn.Module, why: str) -> None:
        assert why in str(replacement("depthwise_separable").applies(conv))


class TestActivation:
    KINDS = catalogue().get("replacement", "activation").parameter("to").choices  # type: ignore[union-attr]

    @pytest.mark.parametrize("to", KINDS)
    def test_that_the_new_one_computes_its_function(self, to: str) -> None:
        x = torch.randn(50) * 4
        new = replacement("activation").replace(nn.RReLU(), {"to": to})
        function = torch.tanh if to == "tanh" else getattr(F, to)
        expected = F.prelu(x, torch.tensor([0.25])) if to == "prelu" else function(x)
        torch.testing.assert_close(new(x), expected)
        assert replacement("activation").applies(new) is None

    def test_that_it_works_in_place_where_the_old_one_did(self) -> None:
        made = replacement("activation").replace
        assert made(nn.ReLU(inplace=True), {"to": "silu"}).inplace is True
        assert made(nn.ReLU(), {"to": "silu"}).inplace is False

    @pytest.mark.parametrize("gate", [nn.Sigmoid(), nn.Hardsigmoid(), nn.Softmax(1)])
    def test_that_shares_and_probabilities_stay(self, gate: nn.Module) -> None:
        assert "shares or probabilities" in str(replacement("activation").applies(gate))

    def test_that_those_of_the_kind_stay_with_the_reason(self, convnet: Network) -> None:
        with pytest.raises(CompressionError, match="of this kind already"):
            carried_out(session_of(convnet), stage_of("activation", to="relu"))

    def test_that_a_layer_of_transformers_uses_its_new_one(self) -> None:
        """In evaluation it takes a kernel of its own for the activation that it was made with."""
        layer = nn.TransformerEncoderLayer(8, 2, 16, 0.0, nn.ReLU(), batch_first=True)
        network = own(nn.Sequential(nn.Flatten(2), layer, nn.Flatten(), nn.Linear(32, 10)), (4, 2, 4))
        session = session_of(network)
        carried_out(session, stage_of("activation", to="tanh"))
        expected = copy.deepcopy(session.network.module).train()
        torch.testing.assert_close(
            outputs(session.network.module, (4, 2, 4)),
            expected(torch.rand((4, 4, 2, 4), generator=torch.Generator().manual_seed(5))).detach(),
        )


class TestPooling:
    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_that_windows_stay_and_averages_leave_out_the_padding(self, n: int) -> None:
        x = torch.randn((2, 3, *(9 for _ in range(n))))
        maximum, average = getattr(nn, f"MaxPool{n}d"), getattr(nn, f"AvgPool{n}d")
        old = maximum(3, stride=2, padding=1, ceil_mode=True)
        new = replacement("pooling").replace(old, {"to": "average"})
        ones = average(3, stride=2, padding=1, ceil_mode=True, count_include_pad=True)
        torch.testing.assert_close(new(x), ones(x) / ones(torch.ones_like(x)))
        back = replacement("pooling").replace(new, {"to": "max"})
        torch.testing.assert_close(back(x), old(x))

    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_that_adaptive_ones_keep_their_output(self, n: int) -> None:
        x = torch.randn((2, 3, *(9 for _ in range(n))))
        new = replacement("pooling").replace(getattr(nn, f"AdaptiveAvgPool{n}d")(1), {"to": "max"})
        torch.testing.assert_close(new(x).flatten(1), x.flatten(2).amax(2))

    @pytest.mark.parametrize(
        ("pool", "why"),
        [
            (nn.MaxPool2d(2, return_indices=True), "where the maxima are"),
            (nn.MaxPool2d(2, dilation=2), "gaps"),
            (nn.AvgPool2d(2, divisor_override=3), "number of its own"),
            (nn.LPPool2d(2, 2), "no pooling layer"),
        ],
    )
    def test_that_what_the_other_kind_can_not_do_is_refused(self, pool: nn.Module, why: str) -> None:
        assert why in str(replacement("pooling").applies(pool))


FOLDED: dict[str, tuple[Callable[[], list[nn.Module]], tuple[int, ...]]] = {
    "conv1d": (lambda: [nn.Conv1d(4, 6, 3), nn.BatchNorm1d(6)], (4, 9)),
    "conv2d": (lambda: [nn.Conv2d(4, 6, 3, bias=False), nn.BatchNorm2d(6)], (4, 5, 5)),
    "conv3d": (lambda: [nn.Conv3d(4, 6, 3), nn.BatchNorm3d(6, affine=False)], (4, 5, 5, 5)),
    "groups": (lambda: [nn.Conv2d(4, 6, 3, groups=2), nn.BatchNorm2d(6, eps=0.1)], (4, 5, 5)),
    "transposed": (lambda: [nn.ConvTranspose2d(4, 6, 3, groups=2, bias=False), nn.BatchNorm2d(6)], (4, 5, 5)),
    "linear": (lambda: [nn.Flatten(), nn.Linear(20, 6), nn.BatchNorm1d(6)], (20,)),
    "through an identity": (lambda: [nn.Conv2d(4, 6, 3), nn.Identity(), nn.BatchNorm2d(6)], (4, 5, 5)),
    "in a block": (lambda: [nn.Sequential(nn.Conv2d(4, 6, 3)), nn.BatchNorm2d(6)], (4, 5, 5)),
}


class Branching(nn.Module):
    """Forwards in which one BatchNorm can be folded and another can't, by name."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way
        self.first, self.able = nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4)
        self.conv, self.bn, self.act = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU()
        self.shared = nn.BatchNorm2d(4, track_running_stats=way != "no statistics")
        self.rows = nn.BatchNorm1d(5)
        self.line = nn.Linear(5, 5)

    def forward(self, x: Tensor) -> Any:
        way, y = self.way, self.conv(self.able(self.first(x)))
        match way:
            case "shortcut":
                return (self.bn(y) + y).flatten(1)[:, :10]
            case "returned":
                return self.bn(y).flatten(1)[:, :10], y.flatten(1)
            case "after an activation":
                return self.bn(self.act(y)).flatten(1)[:, :10]
            case "in place":
                return self.bn(y.relu_()).flatten(1)[:, :10]
            case "norm twice":
                return self.bn(self.conv(self.bn(y))).flatten(1)[:, :10]
            case "layer twice":
                return self.bn(self.conv(y)).flatten(1)[:, :10]
            case "no statistics":
                return self.shared(y).flatten(1)[:, :10]
            case "rows":
                return self.rows(self.line(y[:, 0])).flatten(1)[:, :10]
        return y.flatten(1)[:, :10]


class TestFoldBatchNorm:
    @pytest.mark.parametrize("kind", FOLDED)
    def test_that_the_network_computes_the_same_without_it(self, kind: str) -> None:
        torch.manual_seed(0)
        layers, shape = FOLDED[kind][0](), FOLDED[kind][1]
        network = own(nn.Sequential(*layers, nn.Flatten(), nn.LazyLinear(10)), shape)
        session = session_of(network)
        carried_out(session, stage_of("fold_batch_norm"))
        new = session.network.module
        assert not any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in new.modules())
        torch.testing.assert_close(outputs(new, shape), outputs(network.module, shape), atol=1e-5, rtol=1e-5)
        assert 0 <= session.report["replacement"]["max_abs_error"] < 1e-5

    @pytest.mark.parametrize(
        ("way", "why"),
        [
            ("shortcut", "What conv before it computes is used elsewhere, too"),
            ("returned", "What conv before it computes is used elsewhere, too"),
            ("after an activation", "The layer before it is no convolution and no linear layer"),
            ("in place", "What conv before it computes is used elsewhere, too"),
            ("norm twice", "It runs more than once"),
            ("layer twice", "conv before it runs more than once"),
            ("no statistics", "It keeps no statistics, so it computes something else for every batch"),
            ("rows", "It normalizes other dimensions than the linear layer before it computes"),
            ("unused", "The network's output does not depend on it"),
        ],
    )
    def test_that_it_stays_where_the_layer_before_it_is_not_its_own(self, way: str, why: str) -> None:
        session = session_of(own(Branching(way), (4, 5, 5)))
        kept = {"no statistics": "shared", "rows": "rows"}.get(way, "bn")
        rules = {"able": {"method": "fold_batch_norm"}, kept: {"method": "fold_batch_norm"}, "*": "keep"}
        events = carried_out(session, stage_of("fold_batch_norm", rules))
        assert f"Kept as they are: {kept}. Reason: {why}." in told(events)
        assert list(session.network.edits[-1].data["layers"]) == ["able"]

    def test_that_tensors_long_gone_are_not_taken_for_uses(self) -> None:
        """Python gives the identity of what is gone to what comes next."""

        class Passing(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.convs = nn.ModuleList(nn.Conv2d(4, 4, 1) for _ in range(12))
                self.norms = nn.ModuleList(nn.BatchNorm2d(4) for _ in range(12))

            def forward(self, x: Tensor) -> Tensor:
                for conv, norm in zip(self.convs, self.norms, strict=True):
                    x = norm(conv(torch.cat([part * 1.0 for part in x.chunk(2, 1)], 1)))
                return x.flatten(1)[:, :10]

        session = session_of(own(Passing(), (4, 5, 5)))
        assert told(carried_out(session, stage_of("fold_batch_norm"))) == []
        assert len(session.report["replacement"]["layers"]) == 12

    def test_that_it_does_not_go_into_a_layer_that_is_kept(self, convnet: Network) -> None:
        events = carried_out(session_of(convnet), stage_of("fold_batch_norm", {"conv1": "keep"}))
        assert told(events) == ["Kept as they are: bn1. Reason: conv1, which it would go into, is kept."]
