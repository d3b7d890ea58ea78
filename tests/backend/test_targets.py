"""Targets: amounts that a prune stage finds by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.errors import Cancelled, CompressionError
from backend.evaluation.accuracy import evaluate
from backend.evaluation.macs import shapes
from backend.network import Network
from backend.pruning._pruner import Pruner
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, merged
from backend.registry import catalogue
from backend.session import Session


class Net(nn.Module):
    """conv–bn–relu twice, a linear layer; 3 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(16)
        self.fc1 = nn.Linear(16, 12)
        self.fc2 = nn.Linear(12, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x))).mean((2, 3))
        scores: Tensor = self.fc2(torch.relu(self.fc1(x)))
        return scores


@pytest.fixture
def make(tmp_path: Path) -> Callable[[Stage], Session]:
    torch.manual_seed(3)
    module = Net().eval()
    random = torch.Generator().manual_seed(2)
    with torch.no_grad():  # so that it tells all three classes apart
        module.fc2.bias -= module(torch.rand((60, 1, 8, 8), generator=random)).mean(0)

    def part(count: int) -> Part:
        images = torch.rand((count, 1, 8, 8), generator=random)
        with torch.no_grad():
            return Part(images, module(images).argmax(1))

    parts = {"train": part(40), "validation": part(60), "calibration": part(20), "test": part(20)}
    data = Data(parts, DataSpec(batch_size=20), ("a", "b", "c"), (0.0,), (1.0,))
    original = Network("Net", ModelSpec("python", "net"), module, (1, 8, 8), 3)

    def session(stage: Stage) -> Session:
        recipe = Recipe(stages=(stage,))
        return Session(recipe, original.copy(), original, data, tmp_path, torch.Generator().manual_seed(3))

    return session


def pruned(session: Session, cancel: Cancel | None = None) -> Session:
    pruner = Pruner(session, session.recipe.stages[0], 0, lambda _: None, cancel or Cancel())
    pruner.prune()
    pruner.finish()
    return session


def sparsity(session: Session) -> float:
    weights = [p for p in session.network.module.parameters() if p.dim() >= 2]
    return sum(int((w == 0).sum()) for w in weights) / sum(w.numel() for w in weights)


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_that_a_target_of_sparsity_is_met_over_all_layers(make: Callable[[Stage], Session], share: float) -> None:
    session = pruned(make(Stage("prune", {"method": "l1_unstructured", "target": {"sparsity": share}})))
    assert share <= sparsity(session) <= share + 0.08


def test_that_what_was_found_makes_the_same_network_again(make: Callable[[Stage], Session]) -> None:
    rules = (Rule("fc2", None), Rule("type:Conv2d", {"n": 1}))
    stage = Stage("prune", {"method": "ln_structured", "target": {"sparsity": 0.5}}, rules)
    session = pruned(make(stage))
    again = merged(session.recipe, session.choices, catalogue())
    assert "target" not in again.stages[0].settings
    assert {rule.pattern for rule in again.stages[0].layers} >= {"conv1", "conv2", "fc1", "fc2"}
    repeated = pruned(make(again.stages[0]))
    assert session.masks.keys() == repeated.masks.keys()
    assert all(torch.equal(session.masks[name], repeated.masks[name]) for name in session.masks)


def test_that_a_layer_with_an_amount_of_its_own_keeps_it(make: Callable[[Stage], Session]) -> None:
    stage = Stage(
        "prune", {"method": "l1_unstructured", "target": {"sparsity": 0.3}}, (Rule("conv2", {"amount": 0.25}),)
    )
    session = pruned(make(stage))
    assert float((session.masks["conv2.weight"] == 0).float().mean()) == pytest.approx(0.25)
    assert 0.3 <= sparsity(session) <= 0.38


def test_that_accuracy_falls_by_no_more_than_the_target_allows(make: Callable[[Stage], Session]) -> None:
    session = make(Stage("prune", {"method": "l1_unstructured", "target": {"accuracy_drop": 10}}))
    pruned(session)
    images, labels = next(session.data.batches("validation", 60))
    with torch.no_grad():
        accuracy = 100 * float((session.network.module(images).argmax(1) == labels).float().mean())
    assert accuracy >= 90
    assert sparsity(session) > 0.02


def test_that_a_target_out_of_reach_says_what_can_be_reached(make: Callable[[Stage], Session]) -> None:
    stage = Stage("prune", {"method": "l1_unstructured", "target": {"sparsity": 0.9}}, (Rule("conv2", None),))
    with pytest.raises(CompressionError, match="can't be met") as raised:
        pruned(make(stage))
    assert "allow more layers" in str(raised.value.hint)


@pytest.mark.parametrize(("target", "least"), [({"parameters": 0.01}, 32 / 1539), ({"parameters": 10}, 32)])
def test_that_what_can_be_reached_is_told_as_the_target_was(
    make: Callable[[Stage], Session], target: dict[str, float], least: float
) -> None:
    with pytest.raises(CompressionError, match="can't be met") as raised:
        pruned(make(Stage("prune", {"method": "ln_structured", "remove": True, "target": target})))
    hint = raised.value.hint
    assert hint is not None
    assert float(hint.values["least"]) == pytest.approx(least, rel=0.01)


@pytest.mark.parametrize("kind", ["macs", "parameters", "size", "latency"])
def test_that_a_mask_is_never_called_smaller_or_faster(make: Callable[[Stage], Session], kind: str) -> None:
    with pytest.raises(CompressionError) as raised:
        pruned(make(Stage("prune", {"method": "ln_structured", "target": {kind: 0.5}})))
    assert "remove: true" in str(raised.value.hint)


def test_that_the_scan_can_be_stopped(make: Callable[[Stage], Session]) -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        pruned(make(Stage("prune", {"target": {"sparsity": 0.5}})), cancel)


class Attentive(nn.Module):
    """Rows of an 8×8 image as tokens, one layer of attention with 4 heads beside a shortcut; 3 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(8, 16)
        self.norm = nn.LayerNorm(16)
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x[:, 0])
        y = self.norm(x)
        x = x + self.attention(y, y, y, need_weights=False)[0]
        scores: Tensor = self.head(x.mean(1))
        return scores


def test_that_heads_of_attention_go_and_the_recipe_that_results_makes_the_same_again(
    make: Callable[[Stage], Session],
) -> None:
    torch.manual_seed(0)
    module = Attentive().eval()
    original = Network("Net", ModelSpec("python", "net"), module, (1, 8, 8), 3)

    def session(stage: Stage) -> Session:
        made = make(stage)
        made.network, made.original = original.copy(), original
        return made

    first = pruned(session(Stage("prune", {"method": "ln_structured", "remove": True, "target": {"parameters": 0.7}})))
    again = merged(first.recipe, first.choices, catalogue())
    second = pruned(session(again.stages[0]))
    rows = first.report["removal"]["layers"]
    assert rows == [{"name": "attention.in_proj", "channels": 48, "left": 24}], "two heads of four, whole"
    state, repeated = first.network.module.state_dict(), second.network.module.state_dict()
    assert state.keys() == repeated.keys()
    assert all(torch.equal(state[name], repeated[name]) for name in state)


@pytest.mark.parametrize("multiple", [3, 4])
def test_that_a_target_is_met_with_the_multiples_of_channels_that_were_asked_for(
    make: Callable[[Stage], Session], multiple: int
) -> None:
    stage = Stage("prune", {"method": "ln_structured", "remove": True, "target": {"macs": 0.5}, "round_to": multiple})
    session = make(stage)
    before = sum(shapes(session.original).macs.values())
    pruned(session)
    assert sum(shapes(session.network).macs.values()) <= 0.5 * before
    for name, whole in (("conv1", 8), ("conv2", 16), ("fc1", 12)):
        left = len(session.network.module.get_parameter(f"{name}.weight"))
        assert left == whole or left % multiple == 0


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ({"method": "random_structured", "remove": True, "target": {"macs": 0.5}}, ()),
        ({"method": "random_structured", "remove": True, "target": {"macs": 0.5}}, (Rule("conv1", {"amount": 0.25}),)),
        ({"method": "random_unstructured", "target": {"sparsity": 0.3}}, (Rule("conv2", {"amount": 0.25}),)),
        ({"method": "fpgm", "remove": True, "target": {"macs": 0.5}, "round_to": 4}, ()),
    ],
)
def test_that_the_amounts_found_give_the_same_network_again(
    make: Callable[[Stage], Session], settings: dict[str, Any], rules: tuple[Rule, ...]
) -> None:
    first = make(Stage("prune", settings, rules))
    pruned(first)
    again = make(merged(first.recipe, first.choices, catalogue()).stages[0])
    assert "target" not in again.recipe.stages[0].settings
    pruned(again)
    expected = first.network.module.state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in again.network.module.state_dict().items())


def test_that_an_accuracy_drop_counts_what_goes_by_an_amount_of_its_own(make: Callable[[Stage], Session]) -> None:
    settings = {"method": "ln_structured", "remove": True, "target": {"accuracy_drop": 40}}
    session = make(Stage("prune", settings, (Rule("conv1", {"amount": 0.5}),)))
    half = make(Stage("prune", {"method": "ln_structured", "remove": True}, (Rule("conv1", {}), Rule("*", None))))
    before = evaluate(half.network.module, half.data, "validation").accuracy
    assert evaluate(pruned(half).network.module, half.data, "validation").accuracy < before - 40
    with pytest.raises(CompressionError, match="can't be met"):
        pruned(session)


class HeadFirst(nn.Module):
    """The head stands first in the class and last in its forward; conv has as many channels as there are classes."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Linear(3, 3)
        self.conv = nn.Conv2d(1, 3, 3)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.head(self.conv(x).mean((2, 3)))
        return scores


def test_that_the_layer_that_runs_last_is_the_one_whose_channels_are_the_classes(
    make: Callable[[Stage], Session],
) -> None:
    session = make(Stage("prune", {"method": "ln_structured", "amount": 0.7}))
    session.network.module = HeadFirst().eval()
    pruned(session)
    assert set(session.masks) == {"conv.weight"}
