"""What every quantization scheme promises."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Cancelled, Message
from backend.events import Event
from backend.network import WEIGHTS, Edit, Network, load_weights
from backend.quantization._base import Outcome, Scheme
from backend.recipe import LayerPlan, Rule, Stage, plan
from backend.registry import catalogue, method, methods
from backend.session import Session
from backend.state import pack_state

MakeSession = Callable[[], Session]
Untouched = Callable[[], None]

schemes = pytest.mark.parametrize("id", sorted(methods("quantization")))


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


def quantized(id: str, session: Session, *rules: Rule, cancel: Cancel | None = None) -> Outcome:
    events: list[Event] = []
    layers = plans(id, session.network.module, *rules)
    return scheme(id).quantize(session, layers, 0, events.append, cancel or Cancel())


def outputs(module: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        made: Tensor = module(images)
    return made


@schemes
def test_that_the_network_that_came_in_is_left_as_it_was(
    id: str, make_session: MakeSession, untouched: Untouched, network: Network, images: Tensor
) -> None:
    session = make_session()
    session.network = network
    before = outputs(network.module, images)
    quantized(id, session)
    untouched()
    assert torch.equal(outputs(network.module, images), before)


@schemes
def test_that_the_outputs_stay_close(id: str, make_session: MakeSession, network: Network, images: Tensor) -> None:
    """A sixth of the outputs' spread is far more than 8 bits cost and far less than a wrong scale does."""
    outcome = quantized(id, make_session())
    expected = outputs(network.module, images)
    error = outputs(outcome.module, images) - expected
    assert float(error.square().mean().sqrt() / expected.std()) < 1 / 6


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
    session = make_session()
    layers = {
        name: planned if planned.settings is None else replace(planned, settings={**planned.settings, **first.choices})
        for name, planned in plans(id, session.network.module).items()
    }
    second = scheme(id).quantize(session, layers, 0, lambda _: None, Cancel())
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
