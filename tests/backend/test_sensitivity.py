"""The sensitivity scan gives the figures of the plain loop: copy, mask, evaluate all."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from backend.cancel import Cancel
from backend.cli import command_line
from backend.datasets._base import Data, Part
from backend.engine.jobs import JOBS
from backend.engine.protocol import Sensitivity as Request
from backend.errors import Cancelled, CompressionError, Message
from backend.evaluation.accuracy import evaluate
from backend.evaluation.sqnr import Sums
from backend.events import Event, Finished, Progress, Sensitivity, Warned
from backend.recipe import DataSpec, recipe_from_data
from backend.registry import catalogue
from backend.sensitivity import Cache, Point, Reading, Scan, limited, part_points, scan
from backend.sensitivity import _scanner as scanner
from backend.sensitivity._plan import plan_recipe

IMAGES = 24


def data_of(module: nn.Module, shape: Sequence[int] = (3, 8, 8), count: int = IMAGES) -> Data:
    """Images of noise; most labels are what ``module`` says of them, so that pruning it costs something."""
    generator = torch.Generator().manual_seed(5)
    images = torch.randn((count, *shape), generator=generator)
    with torch.no_grad():
        labels = copy.deepcopy(module).eval()(images.clone()).argmax(1)
    labels[::5] = 0
    part = Part(images, labels)
    classes = tuple("abcde")
    return Data({"validation": part, "test": part}, DataSpec(), classes, (0.0,) * shape[0], (1.0,) * shape[0])


def plainly(module: nn.Module, points: Sequence[Point], data: Data) -> list[Reading]:
    """Each point by a copy of the network that is masked and evaluated whole."""
    images, _ = next(data.batches("validation", IMAGES))
    found = []
    with torch.no_grad():
        original = copy.deepcopy(module).eval()(images.clone())
        for point in points:
            masked = copy.deepcopy(module).eval()
            for name, mask in point.masks.items():
                masked.get_parameter(name).mul_(mask)
            scores = evaluate(masked, data, "validation")
            sums = Sums()
            sums.add(original, masked(images.clone()))
            found.append(Reading(point.target, point.amount, scores.accuracy, scores.loss, sums.sqnr_db))
    return found


def assert_same(found: Sequence[Reading], expected: Sequence[Reading]) -> None:
    for one, other in zip(found, expected, strict=True):
        assert (one.target, one.amount) == (other.target, other.amount)
        assert abs(one.accuracy - other.accuracy) <= 100 / IMAGES + 1e-9
        assert one.loss == pytest.approx(other.loss, rel=1e-4, abs=1e-5)
        assert one.sqnr_db == pytest.approx(other.sqnr_db, abs=0.05) or min(one.sqnr_db, other.sqnr_db) > 80


class Block(nn.Module):
    """A residual block: convolution, norm, activation (in place or not), added to what came in."""

    def __init__(self, width: int, draw: random.Random) -> None:
        super().__init__()
        groups = draw.choice([1, 2])
        self.conv = nn.Conv2d(width, width, 3, padding=1, groups=groups, bias=draw.random() < 0.5)
        self.norm = nn.BatchNorm2d(width) if draw.random() < 0.7 else nn.Identity()
        self.act = nn.ReLU(inplace=draw.random() < 0.5)
        self.first = draw.random() < 0.3
        self.add = draw.choice(["new", "in place", "method"])

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(x) if self.first else x
        y = self.norm(self.conv(y))
        if self.add == "in place":
            y += x
        elif self.add == "method":
            y.add_(x).relu_()
        else:
            y = y + x
        return y if self.first else self.act(y)


class Deciding(nn.Module):
    """Decides in Python what to compute."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, width, 1)
        self.other = nn.Conv2d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        layer = self.conv if float(x.sum()) == float(x.sum()) else self.other
        out: Tensor = layer(x.relu_())
        return out


class Made(nn.Module):
    """A network drawn by chance."""

    def __init__(self, draw: random.Random) -> None:
        super().__init__()
        width = draw.choice([2, 4, 6])
        self.stem = nn.Conv2d(3, width, 3, stride=draw.choice([1, 2]))
        self.norm = nn.BatchNorm2d(width, affine=draw.random() < 0.8)
        self.blocks = nn.Sequential(*(Block(width, draw) for _ in range(draw.randint(0, 3))))
        self.decides = Deciding(width) if draw.random() < 0.2 else nn.Identity()
        self.scale = nn.Parameter(torch.rand(width, 1, 1) + 0.5)
        self.flat = draw.choice(["view", "reshape", "flatten", "mean"])
        self.twice = draw.random() < 0.3
        self.pool = nn.AdaptiveAvgPool2d(2)
        self.fc1 = nn.Linear(width if self.flat == "mean" else width * 4, 7)
        self.bn = nn.BatchNorm1d(7)
        self.fc2 = nn.Linear(7, 7)
        self.head = nn.Linear(7, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.norm(self.stem(x)), inplace=True)
        x = self.decides(self.blocks(x)) * self.scale
        x = self.pool(x)
        if self.flat == "view":
            x = x.view(x.size(0), -1)
        elif self.flat == "reshape":
            x = x.reshape(len(x) if isinstance(x, list) else x.shape[0], -1)
        elif self.flat == "flatten":
            x = torch.flatten(x, 1)
        else:
            x = x.mean((2, 3))
        x = torch.relu_(self.bn(self.fc1(x)))
        x = torch.tanh(self.fc2(x))
        if self.twice:
            x = self.fc2(x)
        out: Tensor = self.head(x)
        return out


def made(seed: int) -> nn.Module:
    """A network whose norms have seen data."""
    torch.manual_seed(seed)
    module = Made(random.Random(seed)).train()
    with torch.no_grad():
        for _ in range(3):
            module(torch.randn(16, 3, 8, 8) * 2 + 1)
        for name, parameter in module.named_parameters():
            if "norm" in name or "bn" in name:
                parameter.add_(torch.randn_like(parameter) * 0.3)
    return module.eval()


def drawn_points(module: nn.Module, draw: random.Random) -> list[Point]:
    """Rows, single entries and whole groups of parameters, masked at some amounts."""
    names = [name for name, _ in module.named_parameters()]
    points = []
    for number in range(4):
        chosen = draw.sample(names, draw.choice([1, 1, 2, 3]))
        rows = draw.random() < 0.6
        for amount in (0.0, 0.4, 0.8):
            masks = {}
            for name in chosen:
                parameter = module.get_parameter(name)
                mask = torch.ones_like(parameter.detach())
                if rows:
                    mask[: round(amount * len(mask))] = 0
                else:
                    mask[torch.rand_like(mask) < amount] = 0
                masks[name] = mask
            points.append(Point(f"target {number}", amount, masks))
    return points


class TestFigures:
    @settings(max_examples=40)
    @given(st.integers(0, 10**6))
    def test_that_a_scan_reads_what_the_plain_loop_reads(self, seed: int) -> None:
        module = made(seed)
        points, data = drawn_points(module, random.Random(seed)), data_of(module)
        before = copy.deepcopy(module.state_dict())
        found = scan(module, points, data)
        assert_same(found.readings, plainly(module, points, data))
        assert_same([found.baseline], plainly(module, [Point("", 0.0, {})], data))
        assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())

    def test_that_batches_that_are_not_kept_start_from_their_images(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = made(3)
        points, data = drawn_points(module, random.Random(1)), data_of(module)
        kept = scan(module, points, data)
        monkeypatch.setattr(scanner, "KEPT_BYTES", 0)
        assert_same(scan(module, points, data).readings, kept.readings)

    def test_that_several_batches_add_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = made(3)
        points, data = drawn_points(module, random.Random(1)), data_of(module)
        monkeypatch.setattr("backend.sensitivity._prepare.AT_ONCE", 0)
        monkeypatch.setattr("backend.sensitivity._prepare.FEWEST", 5)
        assert_same(scan(module, points, data).readings, plainly(module, points, data))

    def test_that_a_parameter_with_two_names_is_masked_in_both_places(self) -> None:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Flatten(), nn.Linear(192, 5), nn.ReLU(), nn.Linear(5, 5), nn.ReLU(), nn.Linear(5, 5))
        module[5].weight = module[3].weight
        mask = torch.ones(5, 5)
        mask[:3] = 0
        points, data = [Point("last", 0.6, {"3.weight": mask})], data_of(module)
        assert_same(scan(module, points, data).readings, plainly(module, points, data))

    def test_that_only_validation_images_are_looked_at(self) -> None:
        module = made(4)
        points, data = drawn_points(module, random.Random(4)), data_of(module)
        poisoned = dataclasses.replace(data, parts={**data.parts, "test": Part(torch.zeros(1, 1), torch.zeros(1))})
        assert scan(module, points, poisoned).readings == scan(module, points, data).readings

    def test_that_the_first_images_are_taken_up_to_the_limit(self) -> None:
        module = made(4)
        points, data = drawn_points(module, random.Random(4)), data_of(module)
        found = scan(module, points, data, limit=7)
        assert found.images == 7
        assert_same(found.readings, plainly(module, points, limited(data, "validation", 7)))

    def test_that_a_metric_takes_the_place_of_accuracy(self) -> None:
        module = made(4)
        data = dataclasses.replace(
            data_of(module), metric=lambda outputs, targets: float(outputs.sum() + len(targets)) / 100
        )
        points = drawn_points(module, random.Random(4))
        for one, other in zip(scan(module, points, data).readings, plainly(module, points, data), strict=True):
            assert one.accuracy == pytest.approx(other.accuracy, rel=1e-4)

    def test_that_a_network_that_does_not_fit_the_data_is_a_sentence(self) -> None:
        module = made(4)
        data = data_of(module)
        with pytest.raises(CompressionError, match="can't take images of shape"):
            scan(nn.Linear(3, 5), [], data)


class Whole(nn.Module):
    """Decides at once what to compute."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.head = nn.Linear(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x) if x.mean() < 1000 else -self.conv(x)
        out: Tensor = self.head(F.relu(x).mean((2, 3)))
        return out


class Mixing(Whole):
    """What it says of an image depends on the others in the batch."""

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv(x))
        out: Tensor = self.head((x - x.mean(0)).mean((2, 3)))
        return out


class Aliased(Whole):
    """Writes into a view of what it needs later."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(144, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        y = x.view(x.size(0), -1)
        early = self.fc(y)
        y.relu_()
        out: Tensor = self.head(early + x.mean((2, 3)))
        return out


class Viewing(Deciding):
    """Decides what to compute, and can't take tensors that lie channels last."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.view(x.size(0), -1).view(x.shape))


class Keeping(Whole):
    """Keeps what it saw."""

    def forward(self, x: Tensor) -> Tensor:
        self.seen = self.conv(x)
        out: Tensor = self.head(F.relu(self.seen).mean((2, 3)))
        return out


class TestLayout:
    def test_that_a_network_that_keeps_what_it_saw_can_be_copied_afterwards(self) -> None:
        torch.manual_seed(0)
        module = Keeping().eval()
        points, data = drawn_points(Whole(), random.Random(0)), data_of(Whole())
        found = scan(module, points, data)
        module.seen = torch.zeros(1)
        assert_same(found.readings, plainly(module, points, data))

    @pytest.mark.parametrize("seed", range(4))
    def test_that_what_shares_memory_still_does_in_the_middle_of_the_network(self, seed: int) -> None:
        torch.manual_seed(seed)
        module = Aliased().eval()
        points, data = drawn_points(module, random.Random(seed)), data_of(module)
        found = scan(module, points, data)
        assert_same(found.readings, plainly(module, points, data))
        assert found.notes == ()

    def test_that_a_part_that_needs_the_usual_layout_gets_it(self) -> None:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Conv2d(3, 4, 3), Viewing(4), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5))
        points, data = drawn_points(module, random.Random(0)), data_of(module)
        found = scan(module, points, data)
        assert_same(found.readings, plainly(module, points, data))
        assert "run as a whole" in str(found.notes[0])
        assert found.notes[0].values["parts"] == "1"

    def test_that_a_convolution_in_three_dimensions_is_scanned_too(self) -> None:
        torch.manual_seed(0)
        parts = (nn.Conv3d(2, 4, 2), nn.BatchNorm3d(4), nn.ReLU(), nn.AdaptiveAvgPool3d(1), nn.Flatten())
        module = nn.Sequential(*parts, nn.Linear(4, 5)).eval()
        points, data = drawn_points(module, random.Random(0)), data_of(module, (2, 4, 4, 4))
        assert_same(scan(module, points, data).readings, plainly(module, points, data))

    def test_that_sequences_of_tokens_are_scanned_too(self) -> None:
        torch.manual_seed(0)
        attention = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
        module = nn.Sequential(attention, nn.Linear(8, 8), nn.ReLU(), nn.Flatten(), nn.Linear(32, 5)).eval()
        points, data = drawn_points(module, random.Random(0)), data_of(module, (4, 8))
        assert_same(scan(module, points, data).readings, plainly(module, points, data))


class TestFallback:
    @pytest.mark.parametrize("kind", [Whole, Mixing])
    def test_that_a_network_that_can_only_run_whole_gives_the_same_figures_and_says_so(self, kind: type) -> None:
        torch.manual_seed(0)
        module = kind().eval()
        points, data = drawn_points(module, random.Random(0)), data_of(module)
        found = scan(module, points, data)
        assert_same(found.readings, plainly(module, points, data))
        assert "run as a whole" in str(found.notes[0])

    def test_that_parts_that_can_only_run_whole_are_named(self) -> None:
        torch.manual_seed(0)
        module = nn.Sequential(nn.Conv2d(3, 4, 3), Deciding(4), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5))
        points, data = drawn_points(module, random.Random(0)), data_of(module)
        found = scan(module, points, data)
        assert_same(found.readings, plainly(module, points, data))
        assert [note.values["parts"] for note in found.notes] == ["1"]


class Work(TorchDispatchMode):
    """Counts the multiply-accumulates of convolutions."""

    macs = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if func._schema.name in ("aten::conv2d", "aten::convolution"):
            self.macs += out.numel() * args[1][0].numel()
        return out


class Counted(nn.Module):
    """Six equal convolutions with their norms."""

    def __init__(self) -> None:
        super().__init__()
        layers = [part for _ in range(6) for part in (nn.Conv2d(6, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU())]
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(6, 5)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.head(self.features(x).mean((2, 3)))
        return out


def layer_points(module: nn.Module, single: bool) -> list[Point]:
    points = []
    for name, part in module.named_modules():
        if isinstance(part, nn.Conv2d):
            for amount in (0.1, 0.3, 0.5, 0.7, 0.9):
                mask = torch.ones_like(part.weight)
                if single:
                    mask[torch.rand_like(mask) < amount] = 0
                else:
                    mask[: round(amount * len(mask))] = 0
                points.append(Point(name, amount, {f"{name}.weight": mask}))
    return points


class TestWork:
    @pytest.mark.parametrize(("single", "layers"), [(True, 6 + 5 + 4 + 3 + 2 + 1), (False, 5 + 4 + 3 + 2 + 1 + 0)])
    def test_that_only_what_follows_a_masked_layer_runs_again(self, single: bool, layers: int) -> None:
        """A layer that loses whole channels does not run again either."""
        module = Counted().eval()
        points, data = layer_points(module, single), data_of(module, (6, 8, 8))
        with Work() as once, torch.inference_mode():
            module(next(data.batches("validation", IMAGES))[0])
        with Work() as scanned:
            scan(module, points, data)
        # The network and the program are compared on a batch, one pass is the baseline, one carries the images along.
        assert once.macs > 0
        assert scanned.macs <= once.macs * (5 * layers / 6 + 4)

    def test_that_a_scan_of_whole_channels_costs_half_of_as_many_evaluations(self) -> None:
        module = Counted().eval()
        points, data = layer_points(module, False), data_of(module, (6, 8, 8), 600)
        with Work() as scanned:
            scan(module, points, data)
        with Work() as plain, torch.inference_mode():
            for _ in (None, *points):
                for images, _ in data.batches("validation", 300):
                    module(images)
        assert 0 < scanned.macs <= plain.macs / 2


class Told:
    def __init__(self, stop_after: int | None = None) -> None:
        self.cancel = Cancel()
        self.targets: list[str] = []
        self.started = False
        self._stop_after = stop_after

    def __call__(self, readings: list[Reading]) -> None:
        (target,) = {reading.target for reading in readings}
        assert bool(target) == bool(self.started)
        self.started = True
        if not target:  # the network as it is, first of all
            return
        self.targets.append(target)
        if len(self.targets) == self._stop_after:
            self.cancel.request()


class Stopping(Cancel):
    """Asked to stop at the ``at``-th check."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.left = at

    def check(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.request()
        super().check()


@pytest.mark.parametrize("at", [1, 10, 40])
def test_that_a_stop_is_heard_at_the_next_layer_and_leaves_the_network_as_it_was(at: int) -> None:
    module = Counted().train()
    data, before = data_of(module, (6, 8, 8)), copy.deepcopy(module.state_dict())
    cancel = Stopping(at)
    with pytest.raises(Cancelled):
        scan(module, layer_points(module, True), data, cancel=cancel)
    assert cancel.left == 0
    assert all(part.training for part in module.modules())
    assert all(torch.equal(before[key], value) for key, value in module.state_dict().items())


class TestCache:
    @pytest.fixture
    def module(self) -> nn.Module:
        torch.manual_seed(2)
        return Counted().eval()

    def scanned(
        self, module: nn.Module, folder: Path, told: Told, *, single: bool = False, data: Data | None = None
    ) -> Scan:
        torch.manual_seed(0)
        data = data or data_of(module, (6, 8, 8))
        cache = Cache.of(folder, module, data)
        points = layer_points(module, single)
        return scan(module, points, data, cache=cache, tell=told, cancel=told.cancel)

    def runs(self, module: nn.Module) -> list[None]:
        calls: list[None] = []
        module.register_forward_pre_hook(lambda *_: calls.append(None))
        return calls

    def test_that_what_was_measured_is_not_measured_again(self, module: nn.Module, tmp_path: Path) -> None:
        data = data_of(module, (6, 8, 8))
        first = self.scanned(module, tmp_path, Told(), data=data)
        calls, told = self.runs(module), Told()
        again = self.scanned(module, tmp_path, told, data=data)
        assert (again.baseline, again.readings, again.images) == (first.baseline, first.readings, first.images)
        assert calls == []
        assert len(told.targets) == 6

    def test_that_a_scan_that_was_stopped_goes_on(self, module: nn.Module, tmp_path: Path) -> None:
        stopped = Told(stop_after=2)
        with pytest.raises(Cancelled):
            self.scanned(module, tmp_path, stopped)
        assert len(stopped.targets) == 2
        with Work() as rest:
            found = self.scanned(module, tmp_path, Told())
        with Work() as whole:
            fresh = self.scanned(module, tmp_path / "other", Told())
        assert_same(found.readings, fresh.readings)
        assert rest.macs < 0.6 * whole.macs

    def test_that_new_amounts_of_a_target_are_told_with_the_old_ones(self, module: nn.Module, tmp_path: Path) -> None:
        data, points = data_of(module, (6, 8, 8)), layer_points(module, False)
        scan(module, points[:2], data, cache=Cache.of(tmp_path, module, data))
        told: list[list[Reading]] = []
        scan(module, points[:5], data, cache=Cache.of(tmp_path, module, data), tell=told.append)
        assert [[reading.amount for reading in readings] for readings in told] == [[0.0], [0.1, 0.3, 0.5, 0.7, 0.9]]

    def test_that_amounts_that_come_to_the_same_are_measured_once(self, module: nn.Module, tmp_path: Path) -> None:
        data, points = data_of(module, (6, 8, 8)), layer_points(module, False)
        other = dataclasses.replace(points[0], amount=0.12)
        with Work() as one:
            scan(module, points[:1], data)
        with Work() as two:
            found = scan(module, [points[0], other], data).readings
        assert two.macs == one.macs
        assert found[1] == dataclasses.replace(found[0], amount=0.12)

    @pytest.mark.parametrize("change", ["weights", "images", "masks", "structure"])
    def test_that_another_network_data_or_mask_is_measured(
        self, module: nn.Module, tmp_path: Path, change: str
    ) -> None:
        data = data_of(module, (6, 8, 8))
        self.scanned(module, tmp_path, Told(), data=data)
        if change == "weights":
            with torch.no_grad():
                module.head.bias.add_(1)  # type: ignore[union-attr,operator]
        elif change == "structure":
            module.features[2] = nn.Tanh()  # type: ignore[index,operator]
        elif change == "images":
            data = limited(data, "validation", 20)
        calls = self.runs(module)
        found = self.scanned(module, tmp_path, Told(), single=change == "masks", data=data)
        assert len(calls) > 0
        torch.manual_seed(0)
        assert_same(found.readings, plainly(module, layer_points(module, change == "masks"), data))

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"pare": 1}', '{"pare": 1, "rows": {"": 3}}'])
    def test_that_a_damaged_file_is_measured_anew(self, module: nn.Module, tmp_path: Path, content: str) -> None:
        first = self.scanned(module, tmp_path, Told())
        (file,) = (tmp_path / "sensitivity").iterdir()
        file.write_text(content)
        assert_same(self.scanned(module, tmp_path, Told()).readings, first.readings)
        assert len(json.loads(file.read_text())["rows"]) == 1 + len(
            {point.key for point in layer_points(module, False)}
        )

    def test_that_a_figure_that_is_no_number_comes_back(self, tmp_path: Path) -> None:
        point = Point("a", 0.5, {"a": torch.zeros(2)})
        Cache(tmp_path / "c.json").put([point], [Reading("a", 0.5, 10.0, float("nan"), -200.0)])
        loss = Cache(tmp_path / "c.json")[point].loss
        assert loss != loss


class Ranked:
    """Two parts with ten and three units."""

    def units(self) -> Mapping[str, int]:
        return {"a": 10, "b": 3}

    def masks(self, removed: Mapping[str, int]) -> dict[str, Tensor]:
        made = {}
        for name, count in removed.items():
            made[name] = torch.ones(self.units()[name], 2)
            made[name][:count] = 0
            made[f"{name} shuffled"] = made[name].view(2, -1).T
        return made


def test_that_one_unit_of_each_part_stays() -> None:
    points = part_points(Ranked(), (0.25, 1.0))
    found = [(point.target, point.amount, int((point.masks[point.target] == 0).sum()) // 2) for point in points]
    assert found == [("a", 0.25, 2), ("a", 1.0, 9), ("b", 0.25, 1), ("b", 1.0, 2)]


def test_that_masks_take_little_memory_and_stay_what_they_are() -> None:
    for point, removed in zip(part_points(Ranked(), (0.25, 1.0)), (2, 9, 1, 2), strict=True):
        for name, mask in Ranked().masks({point.target: removed}).items():
            assert torch.equal(point.masks[name].float(), mask)
            assert point.masks[name].untyped_storage().nbytes() < mask.untyped_storage().nbytes()


@pytest.fixture
def recipe(blobs: Path) -> dict[str, Any]:
    """Prunes with one layer kept, trains, and prunes again."""
    prune = {
        "method": "l1_unstructured",
        "amount": 0.5,
        "layers": {"fc1": "keep", "conv*": {"method": "ln_structured"}},
    }
    return {
        "pare": 1,
        "model": {"source": "bundled", "name": "lenet5", "num_classes": 4},
        "data": {"source": "arrays", "root": str(blobs), "batch_size": 32},
        "stages": [{"prune": prune}, {"train": {"epochs": 1}}, {"prune": {"method": "random_unstructured"}}],
    }


def asked(recipe: Mapping[str, Any], tmp_path: Path, cancel: Cancel | None = None, **more: Any) -> list[Event]:
    events: list[Event] = []
    request = Request(recipe, amounts=(0.5, 0.2), folder=str(tmp_path), workspace=str(tmp_path / "runs"), **more)
    JOBS[Request](request, events.append, cancel or Cancel())
    return events


class TestJob:
    def test_that_every_layer_that_is_not_kept_is_told_and_stands_in_the_result(
        self, recipe: dict[str, Any], tmp_path: Path
    ) -> None:
        events = asked(recipe, tmp_path)
        told = {event.target: event.rows for event in events if isinstance(event, Sensitivity)}
        assert list(told) == ["", "conv1", "conv2", "fc2", "fc3"]
        ending = events[-1]
        assert isinstance(ending, Finished)
        assert told.pop("") == [ending.result["baseline"]]
        assert ending.result["layers"] == {name: [name] for name in told}
        assert ending.result["targets"] == told
        assert [row["amount"] for row in told["conv1"]] == ending.result["amounts"] == [0.2, 0.5]
        assert ending.result["method"] == "l1_unstructured"
        assert ending.result["images"] == 24
        assert ending.result["baseline"]["sqnr_db"] == 200.0
        progress = [event.done / event.total for event in events if isinstance(event, Progress)][2:]
        assert progress == sorted(progress)
        assert progress[-1] == 1.0

    def test_that_a_scan_by_the_second_stage_says_that_the_network_is_not_trained_yet(
        self, recipe: dict[str, Any], tmp_path: Path
    ) -> None:
        events = asked(recipe, tmp_path, stage=2)
        assert isinstance(events[-1], Finished)
        assert events[-1].result["method"] == "random_unstructured"
        assert "as it was opened" in str(Message.from_data(events[-1].result["notes"][0]))
        assert any(isinstance(event, Warned) and "as it was opened" in str(event.message) for event in events)

    def test_that_a_recipe_that_does_not_prune_is_scanned_by_whole_channels(
        self, recipe: dict[str, Any], tmp_path: Path
    ) -> None:
        events = asked({**recipe, "stages": []}, tmp_path, limit=9)
        assert isinstance(events[-1], Finished)
        assert events[-1].result["method"] == "ln_structured"
        assert list(events[-1].result["targets"]) == ["conv1", "conv2", "fc1", "fc2"]
        assert events[-1].result["images"] == 9

    def test_that_a_criterion_that_learns_gives_way_to_one_that_can_rank_now(
        self, recipe: dict[str, Any], tmp_path: Path
    ) -> None:
        during = [{"prune": {"method": "movement", "amount": 0.5, "schedule": {"kind": "agp"}}}]
        events = asked({**recipe, "stages": [{"train": {"epochs": 1, "during": during}}]}, tmp_path)
        assert isinstance(events[-1], Finished)
        assert events[-1].result["method"] == "ln_structured"
        assert "movement ranks only while the network is trained" in str(
            Message.from_data(events[-1].result["notes"][0])
        )

    def test_that_groups_are_scanned_where_channels_are_removed(self, tmp_path: Path) -> None:
        draw = np.random.default_rng(0)
        parts = {name: draw.integers(0, 255, (60, 8, 8, 3), np.uint8) for name in ("x_train", "x_test")}
        labels = {name: np.arange(60) % 10 for name in ("y_train", "y_test")}
        np.savez(tmp_path / "noise.npz", **parts, **labels)
        prune = {"method": "ln_structured", "amount": 0.5, "remove": True, "layers": {"layer2.1.conv1": "keep"}}
        recipe = {
            "pare": 1,
            "model": {"source": "bundled", "name": "resnet20"},
            "data": {"source": "arrays", "root": str(tmp_path / "noise.npz")},
            "stages": [{"prune": prune}],
        }
        result = asked(recipe, tmp_path, limit=4)[-1].result  # type: ignore[union-attr]
        assert result["layers"]["conv1"][:4] == ["conv1", "layer1.0.conv2", "layer1.1.conv2", "layer1.2.conv2"]
        assert list(result["targets"]) == list(result["layers"])
        assert "layer2.1.conv1" not in result["layers"]
        assert min(row["sqnr_db"] for rows in result["targets"].values() for row in rows) < 60

    def test_that_the_second_scan_reads_the_first(self, recipe: dict[str, Any], tmp_path: Path) -> None:
        first, second = asked(recipe, tmp_path), asked(recipe, tmp_path)
        assert second[-1] == first[-1]
        assert not any(isinstance(event, Progress) and event.text.template == "Scanning layers" for event in second)

    def test_that_a_plan_stands_on_what_was_scanned(self, recipe: dict[str, Any], tmp_path: Path) -> None:
        asked(recipe, tmp_path)
        events: list[Event] = []
        plan = plan_recipe(
            recipe_from_data(recipe, catalogue()),
            tmp_path,
            events.append,
            Cancel(),
            target={"sparsity": 0.1},
            amounts=(0.2, 0.5),
            limit=None,
            workspace=tmp_path / "runs",
        )
        assert list(plan["layers"]) == ["conv1", "conv2", "fc2", "fc3"]
        assert not any(isinstance(event, Progress) and event.text.template == "Scanning layers" for event in events)

    @pytest.mark.parametrize(("stage", "sentence"), [(3, "no stage 3"), (-1, "no stage -1")])
    def test_that_a_stage_that_does_not_exist_is_a_sentence(
        self, recipe: dict[str, Any], tmp_path: Path, stage: int, sentence: str
    ) -> None:
        with pytest.raises(CompressionError, match=sentence):
            asked(recipe, tmp_path, stage=stage)

    def test_that_nothing_to_rank_is_a_sentence(self, recipe: dict[str, Any], tmp_path: Path) -> None:
        stages = [{"prune": {"method": "threshold", "amount": 0.5}}]
        with pytest.raises(CompressionError, match="nothing to scan"):
            asked({**recipe, "stages": stages}, tmp_path)

    def test_that_a_stop_ends_it(self, recipe: dict[str, Any], tmp_path: Path) -> None:
        cancel = Cancel()
        cancel.request()
        with pytest.raises(Cancelled):
            asked(recipe, tmp_path, cancel)


class TestCommandLine:
    @pytest.fixture
    def file(self, recipe: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr("backend.cli.sensitivity.default_workspace", lambda: tmp_path / "runs")
        path = tmp_path / "recipe.yaml"
        path.write_text(json.dumps(recipe))
        return path

    def test_that_a_table_of_layers_and_amounts_is_printed(
        self, file: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert command_line(["sensitivity", str(file), "--amounts", "0.2,0.6", "--limit", "10"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].split() == ["layer", "20%", "60%"]
        assert [line.split()[0] for line in lines[1:5]] == ["conv1", "conv2", "fc2", "fc3"]
        assert lines[-1].endswith("of 10 validation images (l1_unstructured)")

    def test_that_json_holds_the_result(self, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert command_line(["sensitivity", str(file), "--amounts", "0.2", "--stage", "2", "--json"]) == 0
        result = json.loads(capsys.readouterr().out)
        assert (result["amounts"], result["method"]) == ([0.2], "random_unstructured")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--amounts", "half"], "not a list of numbers"),
            (["--amounts", "0.5,1.5"], "no share of a layer"),
            (["--stage", "9"], "no stage 9"),
            (["--limit", "0"], "A scan needs images"),
        ],
    )
    def test_that_what_can_be_repaired_ends_with_two_and_a_sentence(
        self, file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
    ) -> None:
        assert command_line(["sensitivity", str(file), *arguments]) == 2
        assert sentence in capsys.readouterr().err
