"""BatchNorm re-estimation against moments computed directly."""

from __future__ import annotations

import copy
from collections.abc import Iterable

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError
from backend.recipe import DataSpec
from backend.training.batch_norm import TrainImages, has_batch_norm, reestimate


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * 3 + 5


def uneven() -> list[Tensor]:
    """Batches of different sizes whose means lie far apart, so that averages of variances would be wrong."""
    return [random(n, 3, 6, 6, seed=n) + 10 * i for i, n in enumerate((8, 8, 5))]


def moments(values: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and unbiased variance per channel over everything."""
    flat = values.double().movedim(1, 0).flatten(1)
    return flat.mean(1), flat.var(1)


class Nested(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU()), nn.Dropout(0.5))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.norm = nn.BatchNorm1d(4)
        self.head = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.head(self.norm(self.pool(self.body(x)).flatten(1)))
        return scores


@pytest.fixture
def nested() -> Nested:
    torch.manual_seed(0)
    return Nested().eval()


def assert_close(layer: nn.Module, values: Iterable[Tensor]) -> None:
    mean, variance = moments(torch.cat(list(values)))
    torch.testing.assert_close(layer.running_mean, mean.float(), rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(layer.running_var, variance.float(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [(nn.BatchNorm1d(3), (3,)), (nn.BatchNorm1d(3), (3, 7)), (nn.BatchNorm2d(3), (3, 4, 5)),
     (nn.BatchNorm3d(3), (3, 2, 3, 4)), (nn.BatchNorm2d(3, affine=False), (3, 4, 5))],
)  # fmt: skip
def test_that_statistics_are_those_of_all_images_together(layer: nn.Module, shape: tuple[int, ...]) -> None:
    batches = [random(n, *shape, seed=n) + 10 * i for i, n in enumerate((8, 8, 5))]
    assert reestimate(layer.eval(), batches, Cancel()) == 1
    assert_close(layer, batches)


def test_that_a_first_layer_then_normalizes_all_images_to_mean_0_and_variance_1() -> None:
    layer = nn.BatchNorm2d(3, eps=1e-12).eval()
    reestimate(layer, uneven(), Cancel())
    mean, variance = moments(layer(torch.cat(uneven())))
    torch.testing.assert_close(mean, torch.zeros(3).double(), atol=1e-4, rtol=0)
    torch.testing.assert_close(variance, torch.ones(3).double(), atol=1e-4, rtol=0)


def test_that_a_layer_behind_another_sees_what_it_would_see_in_training(nested: Nested) -> None:
    batches = uneven()
    assert reestimate(nested, batches, Cancel()) == 2
    conv, norm = nested.body[0][0], nested.body[0][1]
    first = [conv(b).detach() for b in batches]
    assert_close(norm, first)
    second = []
    for values in first:  # normalized by their own batch, as training does it; dropout stays off
        out = nn.functional.batch_norm(values, None, None, norm.weight, norm.bias, training=True, eps=norm.eps)
        second.append(out.relu().mean((2, 3)).detach())
    assert_close(nested.norm, second)


def test_that_nothing_but_the_statistics_changes(nested: Nested) -> None:
    nested.body[1].train()
    before = copy.deepcopy(nested.state_dict())
    modes = [m.training for m in nested.modules()]
    reestimate(nested, uneven(), Cancel())
    after = nested.state_dict()
    assert after.keys() == before.keys()
    changed = {key for key in before if not torch.equal(before[key], after[key])}
    statistics = ("running_mean", "running_var", "num_batches_tracked")
    assert changed == {key for key in before if key.endswith(statistics)}
    assert [m.training for m in nested.modules()] == modes
    assert [m.momentum for m in (nested.body[0][1], nested.norm)] == [0.1, 0.1]
    assert not any(m._forward_pre_hooks for m in nested.modules())
    copy.deepcopy(nested)


def test_that_layers_without_running_statistics_are_left_alone() -> None:
    untracked = nn.BatchNorm2d(3, track_running_stats=False)
    net = nn.Sequential(untracked, nn.InstanceNorm2d(3, track_running_stats=True), nn.Conv2d(3, 2, 1)).eval()
    before = copy.deepcopy(net.state_dict())
    assert not has_batch_norm(net)
    assert reestimate(net, uneven(), Cancel()) == 0
    assert all(torch.equal(value, before[key]) for key, value in net.state_dict().items())
    assert has_batch_norm(nn.Sequential(net, nn.BatchNorm2d(2)))


def test_that_a_layer_no_image_reaches_keeps_its_statistics() -> None:
    net = nn.Sequential(nn.BatchNorm2d(3)).eval()
    net.unused = nn.BatchNorm2d(3)
    net.forward = lambda x: net[0](x)  # type: ignore[method-assign]
    assert reestimate(net, uneven(), Cancel()) == 1
    assert torch.equal(net.unused.running_mean, torch.zeros(3))


def test_that_an_image_left_over_alone_is_passed_over() -> None:
    batches = [random(8, 3), random(1, 3, seed=9)]
    layer = nn.BatchNorm1d(3).eval()
    reestimate(layer, batches, Cancel())
    assert_close(layer, batches[:1])


def test_that_too_few_images_are_one_sentence() -> None:
    with pytest.raises(CompressionError, match="too few") as caught:
        reestimate(nn.BatchNorm1d(3).eval(), [random(1, 3)], Cancel())
    assert caught.value.hint is not None


def test_that_stopping_midway_leaves_everything_as_it_was(nested: Nested) -> None:
    before = copy.deepcopy(nested.state_dict())
    cancel, seen = Cancel(), []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        cancel.request()

    with pytest.raises(Cancelled):
        reestimate(nested, uneven(), cancel, progress)
    assert seen == [(1, 3)]
    assert all(torch.equal(value, before[key]) for key, value in nested.state_dict().items())
    assert not nested.training
    assert not any(m._forward_pre_hooks for m in nested.modules())


def shades(augment: bool) -> Data:
    """Images of one shade each, sorted by class as folders of images are."""
    labels = torch.arange(3000) // 1500
    train = Part((labels + 1.0).view(-1, 1, 1, 1).expand(-1, 1, 6, 6).clone(), labels)
    other = Part(torch.full((20, 1, 6, 6), 99.0), torch.zeros(20, dtype=torch.long))
    return Data(
        {"train": train, "validation": other, "calibration": other, "test": other},
        DataSpec(augment=augment), ("a", "b"), (0.0,), (1.0,),
    )  # fmt: skip


@pytest.mark.parametrize("augment", [False, True])
def test_that_only_train_images_are_looked_at_always_the_same_and_mixed(augment: bool) -> None:
    batches = TrainImages(shades(augment))
    first, again = list(batches), list(batches)
    assert len(batches) == len(first) == 16
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    values = torch.cat(first)
    assert values.shape[0] == 2048
    assert set(values.unique().tolist()) == ({0.0, 1.0, 2.0} if augment else {1.0, 2.0})
    assert all(0.3 < float((b.amax((1, 2, 3)) - 1).mean()) < 0.7 for b in first)
