"""What every quantization scheme promises."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Cancelled, Message
from backend.events import Event
from backend.network import WEIGHTS, Edit, Network, load_weights
from backend.quantization._base import Learner, Outcome, Scheme
from backend.quantization._engines import available
from backend.recipe import LayerPlan, Rule, Stage, plan
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.state import pack_state
from resources.make_tables import lively
from resources.quantization_table import measured

MakeSession = Callable[[], Session]
Untouched = Callable[[], None]

schemes = pytest.mark.parametrize("id", sorted(methods("quantization")))
learners = pytest.mark.parametrize(
    "id", [id for id, found in sorted(methods("quantization").items()) if isinstance(found, Scheme) and found.learn]
)
TABLE = {"squeezenet1_1": 64, "shufflenet_v2_x0_5": 32, "mobilenet_v3_small": 32}
"""Networks of make tables that are quick, and their image sizes."""
FINE = {"int8", "fp16", "bf16"}
"""Precisions whose error is small whatever the network."""


def scheme(id: str) -> Scheme:
    found = method("quantization", id)
    assert isinstance(found, Scheme)
    return found


def plans(id: str, module: nn.Module, *rules: Rule) -> dict[str, LayerPlan]:
    stage = Stage("quantize", {"method": id}, rules)
    return {
        name: plan(stage, name, type(m).__name__, catalogue())
        for name, m in module.named_modules()
        if isinstance(getattr(m, "weight", None), Tensor)
    }


def quantized(
    id: str,
    session: Session,
    *rules: Rule,
    cancel: Cancel | None = None,
    choices: Mapping[str, Any] | None = None,
) -> Outcome:
    """What the scheme makes by itself, else what it makes after two batches of training."""
    layers = plans(id, session.network.module, *rules)
    for name, one in layers.items():
        if one.settings is not None:
            layers[name] = replace(one, settings={**one.settings, **(choices or {})})
    events: list[Event] = []
    alone = scheme(id).quantize
    if alone is not None:
        return alone(session, layers, 0, events.append, cancel or Cancel())
    return trained(id, session, layers).convert(events.append, cancel or Cancel())


def trained(id: str, session: Session, layers: Mapping[str, LayerPlan] | None = None) -> Learner:
    """The scheme's learner after two batches."""
    learn = scheme(id).learn
    assert learn is not None
    learner = learn(session, layers or plans(id, session.network.module), 0, lambda event: None, Cancel())
    optimizer = torch.optim.SGD([*session.network.module.parameters(), *learner.parameters], lr=0.01)
    learner.begin()
    for step, (images, labels) in enumerate(itertools.islice(session.data.batches("train"), 2)):
        learner.module.train()
        optimizer.zero_grad()
        nn.functional.cross_entropy(learner.module(images), labels).backward()
        optimizer.step()
        learner.after_step((step + 1) / 2)
    learner.module.eval()
    return learner


def outputs(module: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        made: Tensor = module(images)
    return made


@schemes
def test_that_the_network_that_came_in_is_left_as_it_was(
    id: str, make_session: MakeSession, untouched: Untouched, network: Network, images: Tensor
) -> None:
    """One that trains changes the weights of the session's own copy, and nothing else of it."""
    session = make_session()
    if scheme(id).quantize is not None:
        session.network = network
    before = outputs(network.module, images)
    quantized(id, session)
    untouched()
    assert torch.equal(outputs(network.module, images), before)


@schemes
def test_that_the_outputs_stay_close(id: str, make_session: MakeSession, network: Network, images: Tensor) -> None:
    """A sixth of the outputs' spread is far more than 8 bits cost and far less than a wrong scale does."""
    if scheme(id).quantize is None:
        learner = trained(id, make_session())
        expected = outputs(learner.module, images)
        outcome = learner.convert(lambda _: None, Cancel())
    else:
        expected = outputs(network.module, images)
        outcome = quantized(id, make_session())
    fine = {row["precision"] for row in outcome.layers.values()} <= FINE or scheme(id).quantize is None
    error = outputs(outcome.module, images) - expected
    assert float(error.square().mean().sqrt() / expected.std()) < (1 / 6 if fine else 1 / 2)


@learners
def test_that_it_computes_in_float_until_it_begins(
    id: str, make_session: MakeSession, network: Network, images: Tensor
) -> None:
    session = make_session()
    learn = scheme(id).learn
    assert learn is not None
    learner = learn(session, plans(id, session.network.module), 0, lambda event: None, Cancel())
    learner.module.eval()
    assert torch.allclose(outputs(learner.module, images), outputs(network.module, images), atol=1e-5)


@learners
def test_that_the_networks_own_weights_are_what_trains(id: str, make_session: MakeSession) -> None:
    session = make_session()
    before = {name: value.detach().clone() for name, value in session.network.module.named_parameters()}
    learner = trained(id, session)
    after = dict(session.network.module.named_parameters())
    assert before.keys() == after.keys()
    moved = any(not torch.equal(before[name], after[name]) for name in before)
    assert moved or learner.parameters
    assert not any(added is own for added in learner.parameters for own in after.values())


@schemes
def test_that_a_converting_scheme_really_holds_low_precision_weights(id: str, make_session: MakeSession) -> None:
    outcome = quantized(id, make_session())
    tensors, _ = pack_state(outcome.module.state_dict())
    if scheme(id).converts:
        assert any(t.dtype in (torch.int8, torch.uint8, torch.float16, torch.bfloat16) for t in tensors.values())
    else:
        assert all(t.dtype in (torch.float32, torch.int64) for t in tensors.values())


@schemes
def test_that_every_layer_is_quantized_or_has_a_reason(id: str, make_session: MakeSession) -> None:
    session = make_session()
    outcome = quantized(id, session)
    weighted = {n for n, m in session.network.module.named_modules() if isinstance(m, (nn.Conv2d, nn.Linear))}
    assert weighted <= set(outcome.layers) | set(outcome.left_in_float)
    assert not set(outcome.layers) & set(outcome.left_in_float)
    assert outcome.layers
    assert all(row["precision"] for row in outcome.layers.values())
    assert all(isinstance(why, Message) for why in outcome.left_in_float.values())


@schemes
def test_that_a_kept_layer_stays_in_float(id: str, make_session: MakeSession) -> None:
    session = make_session()
    outcome = quantized(id, session, Rule("fc1", None))
    assert "fc1" not in outcome.layers
    kept = outcome.module.get_submodule("fc1")
    assert isinstance(kept, nn.Linear)
    assert torch.equal(kept.weight, session.network.module.get_submodule("fc1").weight)  # type: ignore[arg-type]


@schemes
def test_that_it_is_the_same_after_saving_rebuilding_and_loading(
    id: str, make_session: MakeSession, network: Network, images: Tensor, tmp_path: Path
) -> None:
    outcome = quantized(id, make_session())
    data = json.loads(json.dumps(dict(outcome.data), allow_nan=False))
    saved = network.copy()
    saved.module, saved.edits = outcome.module, (Edit("quantize", data),)
    saved.save(tmp_path)
    fresh = type(network.module)().eval()
    rebuilt = scheme(id).rebuild(fresh, data)
    load_weights(rebuilt, tmp_path / WEIGHTS)
    assert torch.equal(outputs(rebuilt, images), outputs(outcome.module, images))


@schemes
def test_that_the_same_session_gives_the_same_network(id: str, make_session: MakeSession, images: Tensor) -> None:
    """With the choices of the first one, as resolved.yaml names them: ``engine: auto`` times the engines anew."""
    first = quantized(id, make_session())
    second = quantized(id, make_session(), choices=first.choices)
    assert torch.equal(outputs(first.module, images), outputs(second.module, images))


@schemes
def test_that_a_stop_is_heard(id: str, make_session: MakeSession, untouched: Untouched) -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        quantized(id, make_session(), cancel=cancel)
    untouched()


@schemes
def test_that_a_layer_it_cannot_do_is_refused_with_a_reason(id: str) -> None:
    for module in (nn.ReLU(), nn.Flatten(), nn.Dropout()):
        why = scheme(id).applies(module)
        assert isinstance(why, Message)
        assert not str(why).endswith(".")


@pytest.mark.parametrize("name", TABLE)
@schemes
def test_that_a_classifier_of_torchvision_is_quantized_as_told_or_refused_with_a_reason(id: str, name: str) -> None:
    """A small part of resources/tables/quantization.md."""
    choices = {"engine": available()[0]} if any(p.name == "engine" for p in scheme(id).parameters) else {}
    row = measured(id, lambda: lively(name, TABLE[name]), choices)
    assert row.right, row
    assert not (row.refused and row.eligible)
