"""What every pruning criterion promises."""

import copy
import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Cancelled, Message
from backend.pruning._base import Candidate, Criterion, Evidence, Learner, unit_of
from backend.pruning._masks import global_masks, local_mask
from backend.pruning._pruner import Pruner
from backend.recipe import Stage, filled
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.training.loss import task_loss

LAYERS = {
    "conv": lambda: nn.Conv2d(8, 6, 3),
    "depthwise": lambda: nn.Conv2d(8, 8, 3, groups=8),
    "conv1d": lambda: nn.Conv1d(8, 6, 3),
    "linear": lambda: nn.Linear(16, 10),
}
INPUTS = {"conv": (12, 8, 5, 5), "depthwise": (12, 8, 5, 5), "conv1d": (12, 8, 7), "linear": (12, 16)}
NORMS = {"conv": nn.BatchNorm2d, "depthwise": nn.BatchNorm2d, "conv1d": nn.BatchNorm1d, "linear": nn.BatchNorm1d}
WITHOUT_WEIGHT = [nn.ReLU(), nn.Flatten(), nn.BatchNorm2d(4), nn.Sequential(nn.Linear(2, 2)), nn.Dropout()]


def criterion(id: str) -> Criterion:
    """By its id, or by a variant ``id by unit``."""
    found = method("criterion", id.partition(" by ")[0])
    assert isinstance(found, Criterion)
    return found


def variants(id: str) -> list[str]:
    unit = next((p for p in criterion(id).parameters if p.name == "unit"), None)
    return [id] if unit is None else [f"{id} by {choice}" for choice in unit.choices]


ALL = sorted(methods("criterion"))
OF_LAYERS = [id for id in ALL if criterion(id).unit != "block"]
criteria = pytest.mark.parametrize("id", ALL)
of_layers = pytest.mark.parametrize("id", [variant for id in OF_LAYERS for variant in variants(id)])
measuring = pytest.mark.parametrize("id", [id for id in ALL if criterion(id).measure is not None])
learning = pytest.mark.parametrize("id", [id for id in ALL if criterion(id).learn is not None])
layers = pytest.mark.parametrize("layer", sorted(LAYERS))
amounts = pytest.mark.parametrize("amount", [0.0, 0.3, 0.5, 1.0])


def settings_of(id: str) -> dict[str, object]:
    name, _, unit = id.partition(" by ")
    return filled(Stage("prune", {"method": name, **({"unit": unit} if unit else {})}), catalogue())


def candidate(id: str, layer: str, folder: Path) -> Candidate:
    """A layer as the prune stage hands it over. A setting that is a file is a file of masks; what a criterion
    wants to know of data or of training, it found out in a network of that layer, a BatchNorm and a ReLU."""
    torch.manual_seed(0)
    module = LAYERS[layer]()
    settings = settings_of(id)
    for parameter in criterion(id).parameters:
        if parameter.type == "file":
            save_file({"layer": (torch.rand_like(module.weight) > 0.5).float()}, folder / "masks.safetensors")
            settings[parameter.name] = "masks.safetensors"
    made = Candidate("layer", module, settings, torch.Generator().manual_seed(4), folder)
    if not applying(id, layer):
        return made
    body = nn.Sequential(NORMS[layer](len(module.weight)), nn.ReLU(), nn.Flatten(), nn.LazyLinear(3))
    network = nn.Sequential()
    network.add_module("layer", module)
    network.add_module("body", body)
    images = torch.randn(INPUTS[layer])
    network(images)
    shown = Evidence(
        network.eval(),
        {"layer": made},
        images[:1],
        lambda: iter([(images, torch.arange(len(images)) % 3)]),
        1,
        lambda done, total: None,
        Cancel(),
    )
    return with_statistics(id, shown).get("layer", made)


def with_statistics(id: str, shown: Evidence) -> dict[str, Candidate]:
    """The candidates that the criterion found something out about, after a little training if it learns."""
    found = criterion(id)
    told: dict[str, Tensor | Message] = {}
    if found.measure is not None:
        told = dict(found.measure(shown))
    elif found.learn is not None:
        learner = found.learn(shown)
        train(shown, learner)
        told = dict(learner.statistics())
    return {
        name: dataclasses.replace(shown.layers[name], statistic=value)
        for name, value in told.items()
        if isinstance(value, Tensor)
    }


def train(shown: Evidence, learner: Learner | Pruner) -> None:
    """A few steps, as the fit loop takes them."""
    parameters = list(shown.module.parameters())
    optimizer = torch.optim.SGD(parameters, lr=0.1)
    for _ in range(3):
        for images, labels in shown.batches():
            optimizer.zero_grad()
            task_loss(shown.module(images), labels).backward()
            learner.after_backward()
            optimizer.step()


def mask_of(id: str, layer: str, folder: Path, amount: float, old: Tensor | None = None) -> Tensor:
    return local_mask(candidate(id, layer, folder), criterion(id), amount, old)


def applying(id: str, layer: str) -> bool:
    return criterion(id).applies(LAYERS[layer]()) is None


def units_of(mask: Tensor, layer: Candidate, found: Criterion) -> Tensor:
    """One value a unit; a channel goes as a whole."""
    if unit_of(layer, found) == "weight":
        return mask.flatten()
    slices = mask.movedim(layer.settings.get("dim", 0), 0).flatten(1)
    assert bool((slices == slices[:, :1]).all()), "a channel goes as a whole"
    return slices[:, 0]


@of_layers
def test_that_a_criterion_either_ranks_or_gives_the_mask(id: str) -> None:
    assert (criterion(id).scores is None) != (criterion(id).mask is None)


@criteria
def test_that_a_criterion_that_looks_at_something_ranks_by_it(id: str) -> None:
    found = criterion(id)
    assert found.measure is None or found.learn is None
    if found.measure is not None or found.learn is not None:
        assert found.scores is not None


@criteria
def test_that_a_criterion_applies_to_ordinary_layers_or_to_blocks(id: str) -> None:
    if criterion(id).unit != "block":
        assert applying(id, "conv")
        assert applying(id, "linear")
    else:
        assert not any(applying(id, layer) for layer in LAYERS)


@criteria
def test_that_a_layer_without_a_weight_is_refused_with_a_reason(id: str) -> None:
    for module in WITHOUT_WEIGHT:
        why = criterion(id).applies(module)
        assert isinstance(why, Message)
        assert str(why)
        assert not str(why).endswith(".")


@of_layers
@layers
@amounts
def test_that_a_mask_has_the_weights_shape_and_holds_0_and_1(
    id: str, layer: str, amount: float, tmp_path: Path
) -> None:
    made = candidate(id, layer, tmp_path)
    if not applying(id, layer):
        assert isinstance(criterion(id).applies(made.module), Message)
        return
    mask = local_mask(made, criterion(id), amount, None)
    assert mask.shape == made.weight.shape
    assert mask.dtype == made.weight.dtype
    assert bool(((mask == 0) | (mask == 1)).all())


@of_layers
@layers
@amounts
def test_that_the_asked_share_is_pruned_to_within_one_unit(id: str, layer: str, amount: float, tmp_path: Path) -> None:
    found = criterion(id)
    if found.scores is None or not applying(id, layer):
        assert found.mask is not None or found.applies(LAYERS[layer]()) is not None
        return
    made = candidate(id, layer, tmp_path)
    units = units_of(local_mask(made, found, amount, None), made, found)
    pruned = int((units == 0).sum())
    most = len(units) - (unit_of(made, found) == "channel")
    assert abs(pruned - min(amount * len(units), most)) <= 0.5


@of_layers
@layers
def test_that_the_layer_is_left_as_it_was(id: str, layer: str, tmp_path: Path) -> None:
    if not applying(id, layer):
        assert str(criterion(id).applies(LAYERS[layer]()))
        return
    made = candidate(id, layer, tmp_path)
    before = copy.deepcopy(made.module.state_dict())
    local_mask(made, criterion(id), 0.5, None)
    after = made.module.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)
    assert not made.module._forward_pre_hooks
    copy.deepcopy(made.module)


@of_layers
def test_that_the_same_randomness_gives_the_same_mask(id: str, tmp_path: Path) -> None:
    first, second = (mask_of(id, "conv", tmp_path, 0.5) for _ in range(2))
    assert torch.equal(first, second)


@of_layers
def test_that_what_was_pruned_stays_pruned(id: str, tmp_path: Path) -> None:
    first = mask_of(id, "conv", tmp_path, 0.3)
    second = mask_of(id, "conv", tmp_path, 0.6, first)
    assert bool((second <= first).all())


@of_layers
def test_that_a_global_ranking_prunes_the_asked_share_of_all_units(id: str, tmp_path: Path) -> None:
    found = criterion(id)
    if found.scores is None:
        assert found.mask is not None
        return
    ranked = [(candidate(id, layer, tmp_path), found) for layer in ("conv", "linear")]
    ranked = [(dataclasses.replace(c, name=str(i)), f) for i, (c, f) in enumerate(ranked)]
    masks = global_masks(ranked, 0.5, {})
    units = torch.cat([units_of(masks[c.name], c, f) for c, f in ranked])
    assert abs(int((units == 0).sum()) - 0.5 * len(units)) <= 0.5
    assert all(bool((mask != 0).any()) for mask in masks.values())


LAYERS_OF_TINY = ("conv1", "conv2", "fc1", "fc2")


def evidence(
    id: str,
    session: Session,
    cancel: Cancel | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Evidence:
    """The tiny network's layers and its session's calibration images, as the prune stage shows them."""
    module, data = session.network.module, session.data
    layers = {
        name: Candidate(name, module.get_submodule(name), settings_of(id), session.generator, session.folder)
        for name in LAYERS_OF_TINY
    }
    return Evidence(
        module,
        layers,
        session.network.example(),
        lambda: data.batches("calibration"),
        data.count("calibration", data.spec.batch_size),
        progress,
        cancel or Cancel(),
    )


def state(module: nn.Module) -> dict[str, Tensor]:
    return copy.deepcopy(module.state_dict())


def same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[key], second[key]) for key in first)


def check_told(id: str, told: dict[str, Tensor | Message], shown: Evidence) -> None:
    """Every layer is ranked, or left out with a reason; one at least is ranked."""
    assert set(told) == set(LAYERS_OF_TINY)
    assert any(isinstance(value, Tensor) for value in told.values())
    for name, value in told.items():
        if isinstance(value, Message):
            assert str(value)
            assert not str(value).endswith(".")
            continue
        layer = dataclasses.replace(shown.layers[name], statistic=value)
        rank = criterion(id).scores
        assert rank is not None
        scores = rank(layer)
        assert bool(torch.isfinite(scores).all())
        assert len(scores.unique()) > 1, "it tells units apart"
        assert not scores.requires_grad
        mask = local_mask(layer, criterion(id), 0.5, None)
        assert mask.shape == layer.weight.shape
        units = units_of(mask, layer, criterion(id))
        assert int((units == 0).sum()) == round(0.5 * len(units))


@measuring
def test_that_measuring_ranks_each_layer_or_says_why_not_and_changes_nothing(
    id: str, make_session: Callable[[], Session]
) -> None:
    session = make_session()
    module = session.network.module
    before, random = state(module), session.generator.get_state()
    found = criterion(id)
    assert found.measure is not None
    shown = evidence(id, session)
    told = dict(found.measure(shown))
    check_told(id, told, shown)
    assert same(state(module), before)
    assert torch.equal(session.generator.get_state(), random)
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in module.modules())
    assert all(p.requires_grad and p.grad is None for p in module.parameters())
    again = found.measure(evidence(id, make_session()))
    for name, value in told.items():
        other = again[name]
        assert torch.equal(value, other) if isinstance(value, Tensor) and isinstance(other, Tensor) else value == other


@measuring
def test_that_measuring_tells_its_progress_to_the_end(id: str, make_session: Callable[[], Session]) -> None:
    seen: list[tuple[int, int]] = []
    shown = evidence(id, make_session(), progress=lambda done, total: seen.append((done, total)))
    found = criterion(id)
    assert found.measure is not None
    found.measure(shown)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len(seen) >= shown.count
    assert seen[-1] == (shown.count, shown.count)


@measuring
def test_that_a_stop_is_obeyed_while_measuring(id: str, make_session: Callable[[], Session]) -> None:
    session, cancel = make_session(), Cancel()
    before = state(session.network.module)
    found = criterion(id)
    assert found.measure is not None
    seen: list[int] = []

    def progress(done: int, _total: int) -> None:
        seen.append(done)
        cancel.request()

    with pytest.raises(Cancelled):
        found.measure(evidence(id, session, cancel, progress))
    assert len(seen) == 1
    assert same(state(session.network.module), before)
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in session.network.module.modules())


@learning
def test_that_a_criterion_that_learns_ranks_after_some_training(id: str, make_session: Callable[[], Session]) -> None:
    found = criterion(id)
    assert found.learn is not None
    told: list[dict[str, Tensor | Message]] = []
    for _ in range(2):
        shown = evidence(id, make_session())
        before = state(shown.module)
        learner = found.learn(shown)
        assert same(state(shown.module), before), "it begins without changing anything"
        train(shown, learner)
        told.append(dict(learner.statistics()))
        check_told(id, told[-1], shown)
        assert not any(m._forward_hooks or m._forward_pre_hooks for m in shown.module.modules())
    for name, value in told[0].items():
        other = told[1][name]
        assert torch.equal(value, other) if isinstance(value, Tensor) and isinstance(other, Tensor) else value == other


@of_layers
def test_that_a_prune_stage_carries_it_out(id: str, make_session: Callable[[], Session], tmp_path: Path) -> None:
    session, found = make_session(), criterion(id)
    settings = settings_of(id)
    settings.pop("method")
    for parameter in found.parameters:
        if parameter.type == "file":
            weight = session.network.module.get_parameter("conv1.weight")
            save_file(
                {"conv1": torch.ones_like(weight).index_fill(0, torch.tensor([0]), 0)}, tmp_path / "masks.safetensors"
            )
            settings[parameter.name] = "masks.safetensors"
        elif parameter.name == "threshold":
            settings[parameter.name] = 0.05
    stage = Stage("prune", {"method": id.partition(" by ")[0], **settings})
    pruner = Pruner(session, stage, 0, lambda event: None, Cancel())
    if found.learn is not None:
        train(evidence(id, session), pruner)
    pruner.prune()
    pruner.finish()
    assert any(bool((mask == 0).any()) for mask in session.masks.values())
    for name, mask in session.masks.items():
        assert not session.network.module.get_parameter(name)[mask == 0].any()
