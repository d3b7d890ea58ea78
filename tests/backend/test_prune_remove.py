"""The prune stage with ``remove``: what is asked, what goes, and what is said of the difference."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data, Part
from backend.events import Event, Warned
from backend.models._reopen import reopen
from backend.network import Network
from backend.pruning._masks import apply_masks
from backend.pruning._pruner import Pruner
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage
from backend.session import Session
from backend.stages.prune import METHOD as PRUNE
from backend.stages.quantize import METHOD as QUANTIZE
from backend.stages.train import METHOD as TRAIN


class Residual(nn.Module):
    """conv1 and conv3 are added to each other; conv2 lies between; fc1 and the head follow. 3 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 12, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(12)
        self.conv3 = nn.Conv2d(12, 8, 3, padding=1)
        self.bn3 = nn.BatchNorm2d(8)
        self.fc1 = nn.Linear(8 * 4 * 4, 16)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(x)))
        x = torch.relu(self.bn3(self.conv3(y)) + x)
        x = torch.max_pool2d(x, 2)
        scores: Tensor = self.head(torch.relu(self.fc1(x.reshape(x.size(0), -1))))
        return scores


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Session]:
    torch.manual_seed(3)
    module = Residual()
    with torch.no_grad():
        for _ in range(4):
            module(torch.randn(16, 1, 8, 8))
    module.eval()
    random = torch.Generator().manual_seed(2)

    def part(count: int) -> Part:
        return Part(torch.rand((count, 1, 8, 8), generator=random), torch.arange(count) % 3)

    parts = {"train": part(48), "validation": part(48), "calibration": part(24), "test": part(24)}
    data = Data(parts, DataSpec(batch_size=16), ("a", "b", "c"), (0.0,), (1.0,))
    original = Network("Net", ModelSpec("python", "net"), module, (1, 8, 8), 3)

    def session(*stages: Stage) -> Session:
        recipe = Recipe(stages=stages)
        return Session(recipe, original.copy(), original, data, tmp_path, torch.Generator().manual_seed(3))

    return session


def removal(layers: Iterable[Rule] = (), **settings: object) -> Stage:
    return Stage("prune", {"method": "ln_structured", "remove": True, **settings}, tuple(layers))


def carried_out(session: Session) -> list[Event]:
    events: list[Event] = []
    kinds = {"prune": PRUNE, "train": TRAIN, "quantize": QUANTIZE}
    for index, stage in enumerate(session.recipe.stages):
        kinds[stage.kind].run(session, stage, index, events.append, Cancel())
        session.network.module.eval()
    return events


def widths(session: Session) -> dict[str, int]:
    names = ("conv1", "conv2", "conv3", "fc1", "head")
    return {name: session.network.module.get_parameter(f"{name}.weight").shape[0] for name in names}


def reasons(events: Iterable[Event]) -> str:
    return " ".join(str(event.message) for event in events if isinstance(event, Warned))


def test_that_the_smaller_network_computes_what_the_masked_one_does(make: Callable[..., Session]) -> None:
    session = make(removal(amount=0.5))
    pruner = Pruner(session, session.recipe.stages[0], 0, lambda _: None, Cancel())
    pruner.prune()
    masked = copy.deepcopy(session.network.module)
    assert any(name.startswith("bn") for name in session.masks), (
        "silent after normalization, not only in the convolution"
    )
    apply_masks(masked, session.masks)
    pruner.finish()
    images = torch.randn(8, 1, 8, 8)
    with torch.no_grad():
        torch.testing.assert_close(session.network.module(images), masked(images), rtol=1e-4, atol=1e-5)
    assert widths(session) == {"conv1": 4, "conv2": 6, "conv3": 4, "fc1": 8, "head": 3}
    assert session.masks == {}
    assert session.report["removal"]["max_abs_error"] < 1e-4
    rows = {row["name"]: row for row in session.report["removal"]["layers"]}
    assert rows["conv2"] == {"name": "conv2", "channels": 12, "left": 6}


def test_that_added_layers_lose_the_channels_that_matter_least_to_both(make: Callable[..., Session]) -> None:
    session = make(removal(amount=0.25, n=1))
    norms = torch.zeros(8, dtype=torch.float64)
    for name in ("conv1", "conv3"):
        own = session.network.module.get_parameter(f"{name}.weight").detach().double().abs().flatten(1).sum(1)
        norms += own / own.mean()
    stay = norms.argsort()[2:].sort().values
    before = session.network.module.get_parameter("conv1.weight").detach().clone()
    carried_out(session)
    assert torch.equal(session.network.module.get_parameter("conv1.weight"), before[stay])


def test_that_a_kept_layer_keeps_those_it_is_added_to_and_says_so(make: Callable[..., Session]) -> None:
    session = make(removal([Rule("conv1", None)], amount=0.5))
    events = carried_out(session)
    assert widths(session) == {"conv1": 8, "conv2": 6, "conv3": 8, "fc1": 8, "head": 3}
    assert "Kept as they are: conv3. Reason: Its channels go together with those of conv1, which is kept" in reasons(
        events
    )


def test_that_the_classes_stay_without_being_told(make: Callable[..., Session]) -> None:
    events = carried_out(session := make(removal(amount=0.9)))
    assert widths(session)["head"] == 3
    assert "Its channels are the classes" in reasons(events)


@pytest.mark.parametrize("method", ["l1_unstructured", "two_of_four"])
def test_that_a_layer_pruned_weight_by_weight_keeps_its_channels_and_says_so(
    make: Callable[..., Session], method: str
) -> None:
    session = make(removal([Rule("conv2", {"method": method})], amount=0.5))
    events = carried_out(session)
    assert widths(session)["conv2"] == 12
    assert "only whole channels can go" in reasons(events)


def test_that_inputs_can_not_be_chosen(make: Callable[..., Session]) -> None:
    session = make(removal([Rule("fc1", {"dim": 1})], amount=0.5))
    events = carried_out(session)
    assert widths(session)["fc1"] == 16
    assert "only outputs can be chosen" in reasons(events)


@pytest.mark.parametrize("multiple", [3, 4, 8, 16])
def test_that_widths_are_rounded_up_to_multiples_where_they_can_be(make: Callable[..., Session], multiple: int) -> None:
    session = make(removal(amount=0.6, round_to=multiple))
    told = reasons(carried_out(session))
    assert ("It has no more channels than the 8 of which a multiple stays" in told) == (multiple == 8)
    for name, whole in (("conv1", 8), ("conv2", 12), ("fc1", 16)):
        left = widths(session)[name]
        assert left == whole or left % multiple == 0
        assert left >= round(0.4 * whole)


def test_that_a_global_ranking_removes_the_asked_share_of_all_units_and_empties_nothing(
    make: Callable[..., Session],
) -> None:
    session = make(removal(amount=0.7, scope="global"))
    carried_out(session)
    left = widths(session)
    assert left["conv1"] == left["conv3"] >= 1
    assert left["conv1"] + left["conv2"] + left["fc1"] == 36 - round(0.7 * 36)
    assert min(left.values()) >= 1


def test_that_channels_silent_already_go_at_an_amount_of_zero(make: Callable[..., Session]) -> None:
    masks = Stage("prune", {"method": "ln_structured", "amount": 0.25}, (Rule("conv2", {}), Rule("*", None)))
    session = make(masks, removal(amount=0.0))
    carried_out(session)
    assert widths(session) == {"conv1": 8, "conv2": 9, "conv3": 8, "fc1": 16, "head": 3}


def test_that_earlier_masks_take_nothing_out_of_a_layer_that_is_kept(make: Callable[..., Session]) -> None:
    session = make(Stage("prune", {"method": "ln_structured"}), removal([Rule("fc1", None)], amount=0.5))
    carried_out(session)
    assert widths(session) == {"conv1": 4, "conv2": 6, "conv3": 4, "fc1": 16, "head": 3}


def test_that_what_earlier_masks_emptied_goes_as_far_as_the_multiple_allows(make: Callable[..., Session]) -> None:
    session = make(Stage("prune", {"method": "ln_structured", "amount": 0.4}), removal(amount=0.4, round_to=4))
    carried_out(session)
    assert widths(session) == {"conv1": 8, "conv2": 8, "conv3": 8, "fc1": 12, "head": 3}


def test_that_two_entries_of_a_training_each_remove_their_own_channels(make: Callable[..., Session]) -> None:
    def entry(layer: str) -> Stage:
        return removal([Rule(layer, {"amount": 0.5}), Rule("*", None)])

    train = Stage("train", {"epochs": 1, "batch_size": 16}, during=(entry("conv2"), entry("fc1")))
    session = make(Stage("prune", {"method": "l1_unstructured", "amount": 0.3}), train)
    carried_out(session)
    assert widths(session) == {"conv1": 8, "conv2": 6, "conv3": 8, "fc1": 8, "head": 3}
    rows = {row["name"]: (row["channels"], row["left"]) for row in session.report["removal"]["layers"]}
    assert rows == {"conv1": (8, 8), "conv2": (12, 6), "conv3": (8, 8), "fc1": (16, 8)}


def test_that_the_smaller_network_trains_and_is_quantized(make: Callable[..., Session]) -> None:
    train = Stage("train", {"epochs": 1, "batch_size": 16})
    session = make(removal(amount=0.5), train, Stage("quantize", {"method": "dynamic_int8"}))
    carried_out(session)
    assert session.network.converted
    with torch.no_grad():
        assert session.network.module(torch.randn(2, 1, 8, 8)).shape == (2, 3)


def test_that_masks_that_still_prune_are_cut_down_with_the_network(make: Callable[..., Session]) -> None:
    weights = Stage("prune", {"method": "l1_unstructured", "amount": 0.5})
    session = make(weights, removal(amount=0.5), Stage("train", {"epochs": 1, "batch_size": 16}))
    carried_out(session)
    for name, mask in session.masks.items():
        parameter = session.network.module.get_parameter(name)
        assert mask.shape == parameter.shape
        assert bool((parameter[mask == 0] == 0).all()), "training revives nothing"
    assert "conv2.weight" in session.masks


def test_that_removing_while_training_ends_with_a_network_without_the_channels(make: Callable[..., Session]) -> None:
    during = removal(amount=0.5, schedule={"kind": "agp", "start": 0.0, "end": 0.5})
    train = Stage("train", {"epochs": 2, "batch_size": 16, "learning_rate": 0.01}, during=(during,))
    session = make(train)
    carried_out(session)
    assert widths(session) == {"conv1": 4, "conv2": 6, "conv3": 4, "fc1": 8, "head": 3}


def test_that_the_smaller_network_opens_again(tmp_path: Path) -> None:
    from backend.models import open_network

    torch.manual_seed(0)
    original = open_network(ModelSpec("bundled", "resnet20"), tmp_path)
    images = torch.rand((24, 3, 32, 32))
    parts = {name: Part(images, torch.arange(24) % 10) for name in ("train", "validation", "calibration", "test")}
    data = Data(parts, DataSpec(batch_size=8), tuple("0123456789"), (0.0,) * 3, (1.0,) * 3)
    recipe = Recipe(stages=(removal(amount=0.5),))
    session = Session(recipe, original.copy(), original, data, tmp_path, torch.Generator().manual_seed(0))
    carried_out(session)
    session.network.save(tmp_path / "saved")
    again = reopen(tmp_path / "saved")
    with torch.no_grad():
        assert torch.equal(again.module(images), session.network.module(images))
    assert again.module.get_parameter("conv1.weight").shape[0] == 8


def test_that_the_pattern_of_two_in_four_says_that_a_cpu_has_no_kernel_for_it(make: Callable[..., Session]) -> None:
    stage = Stage("prune", {"method": "two_of_four"})
    assert "PyTorch has no kernel for the 2:4 pattern on a CPU" in reasons(carried_out(make(stage)))


class Tutorial(nn.Module):
    """Flattens to a fixed size, as most tutorials do."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.fc = nn.Linear(8 * 4 * 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.max_pool2d(torch.relu(self.conv(x)), 2)
        scores: Tensor = self.fc(x.view(-1, 128))
        return scores


def test_that_what_trains_is_what_channels_are_removed_from(make: Callable[..., Session]) -> None:
    during = removal(amount=0.5, schedule={"kind": "agp", "start": 0.0, "end": 0.5})
    session = make(Stage("train", {"epochs": 2, "batch_size": 16, "learning_rate": 0.1}, during=(during,)))
    torch.manual_seed(0)
    session.network.module = Tutorial().eval()
    before = session.network.module.get_parameter("conv.weight").detach().clone()
    carried_out(session)
    after = session.network.module.get_parameter("conv.weight")
    assert after.shape[0] == 4
    assert not any(torch.equal(row, old) for row in after for old in before), "the layer learned"


def test_that_a_group_goes_by_its_first_layer_with_an_amount_of_its_own(make: Callable[..., Session]) -> None:
    session = make(removal([Rule("conv1", {"amount": 0.5}), Rule("conv3", {"amount": 0.25})], amount=0.5))
    carried_out(session)
    assert widths(session)["conv1"] == 4
    session = make(removal([Rule("conv3", {"amount": 0.25})], amount=0.5))
    carried_out(session)
    assert widths(session)["conv1"] == 6


class Odd(nn.Module):
    """Recurrent, with a computed weight, and with one weight in two layers. 3 classes."""

    def __init__(self) -> None:
        super().__init__()
        self.recurrent = nn.GRU(8, 8, batch_first=True)
        self.computed = nn.utils.spectral_norm(nn.Linear(8, 8))
        self.first = nn.Linear(8, 8)
        self.again = nn.Linear(8, 8)
        self.again.weight = self.first.weight
        self.head = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.computed(self.recurrent(x[:, 0])[0][:, -1]))
        scores: Tensor = self.head(torch.relu(self.again(torch.relu(self.first(x)))))
        return scores


@pytest.mark.parametrize("method", ["random_unstructured", "taylor", "two_of_four"])
def test_that_a_layer_whose_weights_stay_is_named_with_the_reason(make: Callable[..., Session], method: str) -> None:
    session = make(Stage("prune", {"method": method, "amount": 0.5}))
    session.original = Network("Net", ModelSpec("python", "net"), Odd().eval(), (1, 8, 8), 3)
    session.network = session.original.copy()
    told = reasons(carried_out(session))
    assert "Kept as they are: recurrent. Reason: Needs a convolution or a linear layer" in told
    assert "Kept as they are: computed. Reason: Its weight is computed from other parameters" in told
    assert "Kept as they are: again. Reason: Shares its weight with first" in told
    assert float((session.network.module.get_parameter("first.weight") == 0).float().mean()) == 0.5
