"""Criteria that look at data or learn in training, against their definitions."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Cancelled, CompressionError, Message
from backend.models._torchvision import build_torchvision
from backend.pruning._base import Candidate, Criterion, Evidence
from backend.pruning._following import Following, following
from backend.pruning._masks import global_masks, local_mask
from backend.registry import method

BY_GRADIENT = ["gradient", "hessian", "snip", "taylor"]
MEASURING = [*BY_GRADIENT, "apoz"]
LEARNING = ["movement", "slim"]


class Net(nn.Module):
    """Convolution, BatchNorm, ReLU in place; a strided convolution and a functional ReLU; two linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(2, 5, 3)
        self.bn1 = nn.BatchNorm2d(5)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(5, 4, 3, stride=2, bias=False)
        self.fc1 = nn.Linear(16, 6)
        self.fc2 = nn.Linear(6, 3)
        self.unused = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.conv2(x)).flatten(1)
        out: Tensor = self.fc2(F.dropout(torch.tanh(self.fc1(x)), training=self.training))
        return out


@pytest.fixture
def net() -> nn.Module:
    torch.manual_seed(0)
    made = Net()
    with torch.no_grad():
        made.bn1.weight.uniform_(-1, 1)
        for _ in range(3):
            made(torch.randn(16, 2, 8, 8))
    return made.eval()


@pytest.fixture
def data() -> list[tuple[Tensor, Tensor]]:
    """Three batches, the last one smaller."""
    random = torch.Generator().manual_seed(1)
    return [(torch.randn(n, 2, 8, 8, generator=random), torch.arange(n) % 3) for n in (4, 4, 3)]


def criterion(id: str) -> Criterion:
    found = method("criterion", id)
    assert isinstance(found, Criterion)
    return found


def evidence(
    net: nn.Module,
    data: list[tuple[Tensor, Tensor]],
    *names: str,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    **settings: object,
) -> Evidence:
    names = names or ("conv1", "conv2", "fc1", "fc2")
    used = {"unit": "weight", "dim": 0, "penalty": 0.1} | settings
    layers = {n: Candidate(n, net.get_submodule(n), used, torch.Generator(), Path()) for n in names}
    example = data[0][0][:1] if data else torch.zeros(1, 2, 8, 8)
    return Evidence(net, layers, example, lambda: iter(data), len(data), progress, cancel or Cancel())


def told(made: Criterion, shown: Evidence) -> dict[str, Candidate]:
    """The candidates with what the criterion measured about them."""
    assert made.measure is not None
    found = made.measure(shown)
    candidates = {}
    for name, layer in shown.layers.items():
        statistic = found[name]
        assert isinstance(statistic, Tensor)
        candidates[name] = dataclasses.replace(layer, statistic=statistic)
    return candidates


def scores(id: str, shown: Evidence) -> dict[str, Tensor]:
    rank = criterion(id).scores
    assert rank is not None
    return {name: rank(layer) for name, layer in told(criterion(id), shown).items()}


def weight_gradients(net: nn.Module, images: Tensor, labels: Tensor) -> dict[str, Tensor]:
    """By backward() on a copy of the network in evaluation mode."""
    copied = copy.deepcopy(net).eval()
    F.cross_entropy(copied(images), labels).backward()
    return {name: p.grad for name, p in copied.named_parameters() if p.grad is not None}


def close(measured: Tensor, expected: Tensor) -> None:
    assert measured.shape == expected.shape
    assert float(expected.abs().max()) > 0
    torch.testing.assert_close(measured.double(), expected.double(), rtol=1e-4, atol=1e-6 * float(expected.abs().max()))


class TestDefinitions:
    @pytest.mark.parametrize("dim", [0, 1])
    def test_that_taylor_averages_the_squared_sum_of_weight_times_gradient_over_batches(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]], dim: int
    ) -> None:
        measured = scores("taylor", evidence(net, data, dim=dim))
        for name, values in measured.items():
            weight = net.get_submodule(name).weight.detach()
            expected = torch.zeros(weight.shape[dim])
            for images, labels in data:
                gradient = weight_gradients(net, images, labels)[f"{name}.weight"]
                for channel in range(weight.shape[dim]):
                    product = weight.select(dim, channel) * gradient.select(dim, channel)
                    expected[channel] += float(product.sum()) ** 2 / len(data)
            close(values, expected)

    def test_that_gradient_sums_the_absolute_gradients_of_all_batches(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        measured = scores("gradient", evidence(net, data))
        by_channel = scores("gradient", evidence(net, data, unit="channel"))
        by_input = scores("gradient", evidence(net, data, unit="channel", dim=1))
        for name, values in measured.items():
            expected = sum(weight_gradients(net, i, t)[f"{name}.weight"].abs() for i, t in data)
            assert isinstance(expected, Tensor)
            close(values, expected)
            close(by_channel[name], torch.stack([channel.sum() for channel in expected]))
            close(by_input[name], torch.stack([channel.sum() for channel in expected.unbind(1)]))

    def test_that_snip_is_the_normalized_sensitivity_of_the_loss_to_a_mask(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        names = ["conv1", "conv2", "fc1", "fc2"]
        measured = scores("snip", evidence(net, data))
        images, labels = (torch.cat(parts) for parts in zip(*data, strict=True))
        masks = {f"{n}.weight": torch.ones_like(net.get_submodule(n).weight).requires_grad_() for n in names}
        weights = {key: net.get_parameter(key).detach() * mask for key, mask in masks.items()}
        loss = F.cross_entropy(torch.func.functional_call(net, weights, (images,)), labels)
        sensitivity = [g.abs() for g in torch.autograd.grad(loss, list(masks.values()))]
        whole = sum(float(values.sum()) for values in sensitivity)
        for name, expected in zip(names, sensitivity, strict=True):
            close(measured[name], expected / whole)
        assert sum(float(values.sum()) for values in measured.values()) == pytest.approx(1)

    def test_that_hessian_is_half_of_the_squared_weight_times_the_mean_squared_gradient_of_single_images(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        measured = scores("hessian", evidence(net, data))
        by_channel = scores("hessian", evidence(net, data, unit="channel"))
        images, labels = (torch.cat(parts) for parts in zip(*data, strict=True))
        for name, values in measured.items():
            squares = [
                weight_gradients(net, images[i : i + 1], labels[i : i + 1])[f"{name}.weight"] ** 2
                for i in range(len(images))
            ]
            fisher = torch.stack(squares).mean(dim=0)
            expected = 0.5 * net.get_submodule(name).weight.detach() ** 2 * fisher
            close(values, expected)
            close(by_channel[name], torch.stack([channel.sum() for channel in expected]))

    def test_that_apoz_is_the_share_of_zeros_after_normalization_and_activation(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        measured = scores("apoz", evidence(net, data, "conv1", "conv2"))
        images = torch.cat([i for i, _ in data])
        with torch.no_grad():
            first = torch.relu(net.bn1(net.conv1(images)))
            second = torch.relu(net.conv2(first))
        for name, activation in (("conv1", first), ("conv2", second)):
            shares = [float((activation[:, c] == 0).float().mean()) for c in range(activation.shape[1])]
            assert max(shares) > 0
            close(measured[name], 1 - torch.tensor(shares))

    def test_that_a_channel_that_is_always_zero_goes_first_by_apoz(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        with torch.no_grad():
            net.bn1.bias[3] = -1e4
        layer = told(criterion("apoz"), evidence(net, data, "conv1"))["conv1"]
        mask = local_mask(layer, criterion("apoz"), 0.2, None)
        assert not mask[3].any()
        assert mask[[0, 1, 2, 4]].all()

    def test_that_float_targets_are_measured_by_their_mean_squared_error(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        images = data[0][0]
        targets = torch.randn(len(images), 3)
        measured = scores("gradient", evidence(net, [(images, targets)], "fc2"))["fc2"]
        copied = copy.deepcopy(net)
        ((copied(images) - targets) ** 2).mean().backward()
        close(measured, copied.fc2.weight.grad.abs())

    def test_that_a_linear_layer_over_tokens_has_its_channels_last(self) -> None:
        net = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(15, 2)).eval()
        data = [(torch.randn(6, 5, 4), torch.zeros(6, dtype=torch.int64))]
        measured = scores("apoz", evidence(net, data, "0"))["0"]
        values = torch.relu(net[0](data[0][0])).detach()
        close(measured, torch.stack([(values[..., c] != 0).float().mean() for c in range(3)]))


class TestWhileLearning:
    def trained(self, net: nn.Module, data: list[tuple[Tensor, Tensor]], *watching: object, steps: int = 3) -> None:
        """SGD as the fit loop does it."""
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
        for _ in range(steps):
            for images, labels in data:
                optimizer.zero_grad()
                F.cross_entropy(net.eval()(images), labels).backward()
                for each in watching:
                    each.after_backward()  # type: ignore[attr-defined]
                optimizer.step()

    def test_that_movement_sums_minus_weight_times_gradient_over_the_training(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        again = copy.deepcopy(net)
        learn = criterion("movement").learn
        assert learn is not None
        learner = learn(evidence(net, data))
        self.trained(net, data, learner, steps=2)
        expected = {name: torch.zeros_like(p) for name, p in again.named_parameters()}
        for _ in range(2):
            for images, labels in data:
                gradients = weight_gradients(again, images, labels)
                with torch.no_grad():
                    for name, gradient in gradients.items():
                        expected[name] -= again.get_parameter(name) * gradient
                        again.get_parameter(name).sub_(0.05 * gradient)
        for name, values in learner.statistics().items():
            assert isinstance(values, Tensor)
            close(values, expected[f"{name}.weight"])

    def test_that_a_weight_that_moves_to_zero_goes_before_one_that_moves_away(self) -> None:
        layer = nn.Linear(2, 1, bias=False)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor([[2.0, 0.1]]))
        learn = criterion("movement").learn
        assert learn is not None
        learner = learn(evidence(nn.Sequential(layer), [], "0"))
        for _ in range(5):
            layer.weight.grad = torch.tensor([[1.0, -1.0]])
            learner.after_backward()
            with torch.no_grad():
                layer.weight -= 0.1 * layer.weight.grad
        statistic = learner.statistics()["0"]
        assert isinstance(statistic, Tensor)
        mask = local_mask(
            Candidate("0", layer, {}, torch.Generator(), Path(), statistic=statistic), criterion("movement"), 0.5, None
        )
        assert mask.tolist() == [[0, 1]], "the larger weight goes: it moves to zero"

    def test_that_movement_refuses_a_layer_that_is_not_trained(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        net.conv1.weight.requires_grad_(False)
        learn = criterion("movement").learn
        assert learn is not None
        learner = learn(evidence(net, data, "conv1", "fc2"))
        assert all(isinstance(s, Tensor) and not s.any() for s in learner.statistics().values())
        self.trained(net, data, learner, steps=1)
        assert isinstance(learner.statistics()["conv1"], Message)
        assert isinstance(learner.statistics()["fc2"], Tensor)

    def test_that_slim_trains_on_the_loss_plus_the_absolute_scales(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        images, labels = data[0]
        learn = criterion("slim").learn
        assert learn is not None
        learner = learn(evidence(net, data, "conv1", penalty=0.3))
        again = copy.deepcopy(net)
        F.cross_entropy(net(images), labels).backward()
        learner.after_backward()
        (F.cross_entropy(again(images), labels) + 0.3 * again.bn1.weight.abs().sum()).backward()
        for (name, p), q in zip(net.named_parameters(), again.parameters(), strict=True):
            assert (p.grad is None) == (q.grad is None), name
            if p.grad is not None and q.grad is not None:
                torch.testing.assert_close(p.grad, q.grad)

    def test_that_slim_ranks_by_the_scales_as_they_are_now(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        learn = criterion("slim").learn
        assert learn is not None
        learner = learn(evidence(net, data, "conv1"))
        before = learner.statistics()["conv1"]
        self.trained(net, data, learner)
        after = learner.statistics()["conv1"]
        assert isinstance(before, Tensor) and isinstance(after, Tensor)
        assert torch.equal(after, net.bn1.weight.detach().abs())
        assert not torch.equal(after, before)

    def test_that_slim_pulls_scales_to_zero(self, net: nn.Module, data: list[tuple[Tensor, Tensor]]) -> None:
        learn = criterion("slim").learn
        assert learn is not None
        alone = copy.deepcopy(net)
        self.trained(alone, data, steps=10)
        self.trained(net, data, learn(evidence(net, data, "conv1", penalty=0.5)), steps=10)
        assert net.bn1.weight.detach().abs().sum() < 0.7 * alone.bn1.weight.detach().abs().sum()

    def test_that_slim_penalizes_a_scale_after_two_layers_once(self) -> None:
        class Shared(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.a, self.b, self.bn = nn.Conv2d(1, 3, 1), nn.Conv2d(1, 3, 1), nn.BatchNorm2d(3)

            def forward(self, x: Tensor) -> Tensor:
                return self.bn(self.a(x)) + self.bn(self.b(x))

        net = Shared().eval()
        learn = criterion("slim").learn
        assert learn is not None
        learner = learn(evidence(net, [(torch.zeros(1, 1, 2, 2), torch.zeros(1))], "a", "b", penalty=0.25))
        net.bn.weight.grad = torch.zeros(3)
        learner.after_backward()
        assert net.bn.weight.grad.tolist() == [0.25, 0.25, 0.25]

    @pytest.mark.parametrize(
        "norm", [nn.Identity(), nn.BatchNorm2d(3, affine=False), nn.GroupNorm(1, 3), nn.LayerNorm([3, 4, 4])]
    )
    def test_that_slim_refuses_a_layer_without_a_batchnorm_with_scales(self, norm: nn.Module) -> None:
        net = nn.Sequential(nn.Conv2d(2, 3, 1), norm, nn.ReLU()).eval()
        learn = criterion("slim").learn
        assert learn is not None
        learner = learn(evidence(net, [(torch.zeros(1, 2, 4, 4), torch.zeros(1))], "0"))
        learner.after_backward()
        assert learner.statistics() == {"0": Message("Needs a BatchNorm with scales right after it")}


class TestLeftAsItWas:
    @pytest.mark.parametrize("id", MEASURING)
    @pytest.mark.parametrize("training", [False, True])
    @pytest.mark.parametrize("frozen", [False, True])
    def test_that_measuring_leaves_the_network_exactly_as_it_was(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]], id: str, training: bool, frozen: bool
    ) -> None:
        net.train(training)
        net.bn1.eval()
        net.requires_grad_(not frozen)
        net.fc2.weight.requires_grad_(True)
        net.fc2.weight.grad = torch.full_like(net.fc2.weight, 7.0)
        before = copy.deepcopy(net.state_dict())
        asked = [p.requires_grad for p in net.parameters()]
        modes = [m.training for m in net.modules()]
        told(criterion(id), evidence(net, data, "conv1", "conv2"))
        after = net.state_dict()
        assert all(torch.equal(before[key], after[key]) for key in before)
        assert [p.requires_grad for p in net.parameters()] == asked
        assert [m.training for m in net.modules()] == modes
        assert all(p.grad is None for p in net.parameters() if p is not net.fc2.weight)
        assert bool((net.fc2.weight.grad == 7).all())
        assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())
        copy.deepcopy(net)

    @pytest.mark.parametrize("id", MEASURING)
    def test_that_a_frozen_network_is_measured_like_any_other(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]], id: str
    ) -> None:
        expected = scores(id, evidence(net, data, "conv1", "conv2"))
        net.requires_grad_(False)
        with torch.no_grad():
            measured = scores(id, evidence(net, data, "conv1", "conv2"))
        assert all(torch.equal(measured[name], expected[name]) for name in expected)

    @pytest.mark.parametrize("id", MEASURING)
    def test_that_a_stop_is_heard_at_the_next_batch_and_nothing_stays_behind(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]], id: str
    ) -> None:
        cancel = Cancel()
        net.requires_grad_(False)
        told_of: list[int] = []

        def progress(done: int, total: int) -> None:
            told_of.append(done)
            cancel.request()

        with pytest.raises(Cancelled):
            told(criterion(id), evidence(net, data, "conv1", cancel=cancel, progress=progress))
        assert told_of == [1]
        assert not any(p.requires_grad for p in net.parameters())
        assert not any(m._forward_hooks for m in net.modules())

    def test_that_a_stop_is_heard_between_the_images_of_a_batch(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        cancel = Cancel()
        calls: list[int] = []

        def stop(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            calls.append(len(inputs[0]))
            cancel.request()

        net.register_forward_pre_hook(stop)
        with pytest.raises(Cancelled):
            told(criterion("hessian"), evidence(net, data, cancel=cancel))
        assert calls == [1]

    @pytest.mark.parametrize("id", MEASURING)
    def test_that_progress_counts_batches(self, net: nn.Module, data: list[tuple[Tensor, Tensor]], id: str) -> None:
        told_of: list[tuple[int, int]] = []
        shown = evidence(net, data, "conv1", progress=lambda done, total: told_of.append((done, total)))
        told(criterion(id), shown)
        assert told_of == [(1, 3), (2, 3), (3, 3)]


class TestOddNetworks:
    @pytest.mark.parametrize("id", BY_GRADIENT)
    def test_that_a_layer_the_loss_does_not_reach_scores_zero(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]], id: str
    ) -> None:
        measured = scores(id, evidence(net, data, "unused", "fc2"))
        assert not measured["unused"].any()
        assert measured["fc2"].any()
        assert not scores(id, evidence(net, data, "unused"))["unused"].any()

    @pytest.mark.parametrize("id", BY_GRADIENT)
    def test_that_gradients_that_are_nan_are_a_sentence_that_names_the_layer(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]], id: str
    ) -> None:
        with torch.no_grad():
            net.fc2.bias[0] = torch.nan
        with pytest.raises(CompressionError, match=r"gradients of conv1 .* NaN or infinite"):
            told(criterion(id), evidence(net, data, "conv1"))

    @pytest.mark.parametrize("id", BY_GRADIENT)
    def test_that_no_calibration_images_are_a_sentence(self, net: nn.Module, id: str) -> None:
        with pytest.raises(CompressionError, match="no calibration images"):
            told(criterion(id), evidence(net, [], "conv1"))

    def test_that_layers_in_front_of_a_recurrent_one_are_measured(self) -> None:
        class Recurrent(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.first, self.gru, self.last = nn.Linear(4, 6), nn.GRU(6, 5, batch_first=True), nn.Linear(5, 3)

            def forward(self, x: Tensor) -> Tensor:
                out: Tensor = self.last(self.gru(self.first(x))[0][:, -1])
                return out

        measured = scores("taylor", evidence(Recurrent(), [(torch.randn(4, 7, 4), torch.arange(4) % 3)], "first"))
        assert bool((measured["first"] > 0).all())

    def test_that_a_layer_without_zeros_after_it_is_refused_by_apoz(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        measure = criterion("apoz").measure
        assert measure is not None
        found = measure(evidence(net, data, "conv1", "fc1", "fc2", "unused"))
        assert isinstance(found["conv1"], Tensor)
        for name in ("fc1", "fc2", "unused"):
            assert found[name] == Message("Needs an activation that gives zeros, such as ReLU, right after it")

    def test_that_snip_on_a_network_of_zeros_ranks_without_dividing_by_zero(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        with torch.no_grad():
            for p in net.parameters():
                p.zero_()
        assert not any(values.any() for values in scores("snip", evidence(net, data)).values())

    def test_that_each_layer_is_ranked_by_the_unit_of_its_own_settings(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        made = criterion("hessian")
        shown = evidence(net, data, "conv1", "conv2")
        conv2 = shown.layers["conv2"]
        by_channel = Candidate("conv2", conv2.module, {"unit": "channel", "dim": 0}, conv2.generator, conv2.folder)
        mixed = Evidence(
            net,
            {"conv1": shown.layers["conv1"], "conv2": by_channel},
            shown.example,
            shown.batches,
            shown.count,
            shown.progress,
            shown.cancel,
        )
        masks = {name: local_mask(layer, made, 0.5, None) for name, layer in told(made, mixed).items()}
        assert int((masks["conv1"] == 0).sum()) == 45
        gone = [not channel.any() for channel in masks["conv2"]]
        assert sum(gone) == 2
        assert all(channel.all() for channel, out in zip(masks["conv2"], gone, strict=True) if not out)

    def test_that_snip_ranks_all_layers_together_by_its_sensitivities(
        self, net: nn.Module, data: list[tuple[Tensor, Tensor]]
    ) -> None:
        made = criterion("snip")
        layers = told(made, evidence(net, data))
        masks = global_masks([(layer, made) for layer in layers.values()], 0.7, {})
        values = torch.cat([layer.statistic.flatten() for layer in layers.values() if layer.statistic is not None])
        kept = torch.cat([masks[name].flatten() for name in layers]).bool()
        assert int((~kept).sum()) == round(0.7 * len(values))
        assert values[kept].min() >= values[~kept].max()


class Around(nn.Module):
    """A convolution or a linear layer, and what a function makes of its output."""

    def __init__(self, after: Callable[[Tensor, Around], Tensor], linear: bool = False) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4) if linear else nn.Conv2d(4, 4, 1)
        self.bn = nn.BatchNorm2d(4)
        self.gn = nn.GroupNorm(2, 4)
        self.after = after

    def forward(self, x: Tensor) -> Tensor:
        return self.after(self.layer(x), self)


def added(x: Tensor, net: Around) -> Tensor:
    y = net.bn(x)
    y += 1
    return torch.relu(y)


def halved(x: Tensor, net: Around) -> Tensor:
    y = net.bn(x)
    torch.mul(y, 0.5, out=y)
    return torch.relu(y)


FOLLOWED: dict[str, tuple[Callable[[Tensor, Around], Tensor], Following]] = {
    "nothing": (lambda x, net: x, Following()),
    "relu": (lambda x, net: torch.relu(x), Following(None, "relu", True)),
    "in place": (lambda x, net: F.relu(x, inplace=True), Following(None, "relu", True)),
    "relu6": (lambda x, net: F.relu6(x), Following(None, "hardtanh", True)),
    "clamp": (lambda x, net: x.clamp(min=0), Following(None, "clamp", True)),
    "clamp_min": (lambda x, net: torch.clamp_min(x, 0), Following(None, "clamp_min", True)),
    "clamp above": (lambda x, net: x.clamp(max=0.5), Following(None, "clamp", False)),
    "clamp elsewhere": (lambda x, net: x.clamp(min=-1, max=1), Following(None, "clamp", False)),
    "hardtanh": (lambda x, net: F.hardtanh(x), Following(None, "hardtanh", False)),
    "hardswish": (lambda x, net: F.hardswish(x), Following(None, "hardswish", True)),
    "threshold": (lambda x, net: F.threshold(x, 0.1, 0.0), Following(None, "threshold", True)),
    "threshold to another value": (lambda x, net: F.threshold(x, 0.1, 0.2), Following(None, "threshold", False)),
    "leaky relu": (lambda x, net: F.leaky_relu(x), Following(None, "leaky_relu", False)),
    "gelu": (lambda x, net: F.gelu(x), Following(None, "gelu", False)),
    "norm and relu": (lambda x, net: torch.relu(net.bn(x)), Following("bn", "relu", True)),
    "norm alone": (lambda x, net: net.bn(x), Following("bn")),
    "two norms": (lambda x, net: torch.relu(net.gn(net.bn(x))), Following("bn", "relu", True)),
    "group norm": (lambda x, net: torch.relu(net.gn(x)), Following("gn", "relu", True)),
    "functional norm": (
        lambda x, net: torch.relu(F.batch_norm(x, torch.zeros(4), torch.ones(4))),
        Following(None, "relu", True),
    ),
    "norm after relu": (lambda x, net: net.bn(torch.relu(x)), Following(None, "relu", True)),
    "pooling and dropout": (
        lambda x, net: torch.relu(F.dropout(F.max_pool2d(x, 2), training=net.training)),
        Following(None, "relu", True),
    ),
    "flattened": (lambda x, net: torch.relu(x.flatten(1)), Following(None, "relu", True)),
    "a sum": (lambda x, net: torch.relu(net.bn(x) + 1), Following("bn")),
    "a sum in place": (added, Following("bn")),
    "a product into itself": (halved, Following("bn")),
    "channels moved": (lambda x, net: torch.relu(x.permute(0, 2, 3, 1)), Following()),
    "relu twice": (lambda x, net: F.gelu(torch.relu(x)), Following(None, "relu", True)),
}


@pytest.mark.parametrize("case", sorted(FOLLOWED))
@pytest.mark.parametrize("gradients", [False, True])
def test_that_what_follows_a_layer_is_seen(case: str, gradients: bool) -> None:
    after, expected = FOLLOWED[case]
    net = Around(after).eval().requires_grad_(gradients)
    assert following(net, ["layer"], torch.randn(1, 4, 4, 4)) == {"layer": expected}
    assert not net.layer._forward_hooks


def test_that_pooling_over_the_channels_of_a_linear_layer_is_not_passed() -> None:
    net = Around(lambda x, _: torch.relu(F.max_pool2d(x, 2)), linear=True)
    assert following(net, ["layer"], torch.randn(1, 2, 4, 4)) == {"layer": Following()}


def test_that_watching_ends_where_a_network_fails(net: nn.Module) -> None:
    with pytest.raises(RuntimeError):
        following(net, ["conv1"], torch.zeros(1, 9, 8, 8))
    assert not any(m._forward_hooks for m in net.modules())
    assert not torch.utils._python_dispatch._get_current_dispatch_mode_stack()


def test_that_residual_sums_in_place_end_what_follows_a_convolution() -> None:
    net = build_torchvision("resnet18", 10).eval()
    names = [name for name, part in net.named_modules() if isinstance(part, nn.Conv2d)]
    found = following(net, names, torch.rand(1, 3, 32, 32))
    assert all(found[name].norm is not None for name in names)
    assert found["conv1"] == Following("bn1", "relu", True)
    for name in names:
        if name.endswith("conv2") or "downsample" in name:
            assert found[name].activation is None, name
        else:
            assert found[name].gives_zeros, name
