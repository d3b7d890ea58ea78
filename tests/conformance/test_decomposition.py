"""What every decomposition promises."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition
from backend.decomposition._costs import pricings
from backend.decomposition._replace import replay
from backend.decomposition._tell import weight_error
from backend.errors import Cancelled, CompressionError, Message
from backend.evaluation.macs import shapes
from backend.events import Event
from backend.export._base import ExportFormat
from backend.network import WEIGHTS, Network, load_weights
from backend.quantization._engines import available
from backend.recipe import Rule, Stage
from backend.registry import method, methods
from backend.session import Session
from backend.stages._base import StageMethod
from tests.conformance.conftest import TinyNet

MakeSession = Callable[[], Session]
Untouched = Callable[[], None]
every = pytest.mark.parametrize("id", sorted(methods("decomposition")))
LAYER = {"svd": "fc1", "tucker": "conv2", "cp": "conv2"}
"""The layer of the tiny network that each takes."""
EXACT = {"svd": 1e-5, "tucker": 1e-5, "cp": 0.05}
"""At full rank; least squares come close to a sum of products and do not end."""


def decomposition(id: str) -> Decomposition:
    return cast(Decomposition, method("decomposition", id))


def layer_of(id: str, network: Network) -> nn.Module:
    return network.module.get_submodule(LAYER[id])


def staged(kind: str, session: Session, *rules: Rule, cancel: Cancel | None = None, **settings: Any) -> list[Event]:
    """Carry out one stage on ``session``."""
    events: list[Event] = []
    stage = Stage(kind, settings, rules)
    cast(StageMethod, method("stage", kind)).run(session, stage, 0, events.append, cancel or Cancel())
    return events


def outputs(module: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        made: Tensor = module(images)
    return made


def off(changed: Tensor, original: Tensor) -> float:
    return float((changed - original).norm() / original.norm())


@every
def test_that_a_layer_it_cannot_do_is_refused_with_a_reason(id: str) -> None:
    zero = nn.Conv2d(4, 4, 3)
    nn.init.zeros_(zero.weight)
    half = nn.Linear(4, 4)
    half.weight = nn.Parameter(torch.zeros(4, 4, dtype=torch.int8), requires_grad=False)
    others = (nn.ReLU(), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3, groups=2), nn.Conv2d(4, 4, 1, groups=4))
    for layer in (*others, nn.ConvTranspose2d(4, 4, 3), nn.LSTM(4, 4), nn.Embedding(4, 4), zero, half):
        why = decomposition(id).applies(layer)
        assert isinstance(why, Message)
        assert not str(why).endswith(".")


@every
def test_that_all_ranks_together_compute_what_the_layer_did(id: str, network: Network, images: Tensor) -> None:
    found, layer = decomposition(id), layer_of(id, network)
    made = found.decomposed(layer, found.largest(layer), Cancel())
    seen: list[Tensor] = []
    with layer.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0])):
        outputs(network.module, images)
    assert off(outputs(made, seen[0]), outputs(layer, seen[0])) < EXACT[id]


@every
def test_that_the_factors_cost_what_they_were_said_to(id: str, network: Network) -> None:
    found, layer = decomposition(id), layer_of(id, network)
    pricing = pricings(network, {LAYER[id]: found})[LAYER[id]]
    before = shapes(network)
    assert pricing.whole.macs == before.macs[LAYER[id]]
    for ranks in itertools.islice((option.ranks for option in found.options(layer, Cancel())), 0, None, 3):
        made = network.copy()
        made.module.set_submodule(LAYER[id], found.empty(layer, ranks))
        factors = made.module.get_submodule(LAYER[id])
        assert found.weights(layer, ranks) == {
            name: factor.get_parameter("weight").numel() for name, factor in factors.named_children()
        }
        after = shapes(made)
        assert after.outputs == {
            **before.outputs,
            **{n: s for n, s in after.outputs.items() if n.startswith(LAYER[id])},
        }
        assert pricing.of(ranks).macs == sum(m for n, m in after.macs.items() if n.startswith(f"{LAYER[id]}."))
        assert pricing.of(ranks).parameters == sum(p.numel() for p in factors.parameters())


@every
def test_that_the_factors_keep_as_much_energy_as_their_ranks_promised(id: str, network: Network) -> None:
    found, layer = decomposition(id), layer_of(id, network)
    options = list(found.options(layer, Cancel()))
    kept = [option.kept for option in options]
    assert kept == sorted(kept)
    for option in options[:: max(1, len(options) // 4)]:
        error = weight_error(layer, found.decomposed(layer, option.ranks, Cancel()))
        assert 1 - error**2 >= option.kept - 1e-6


@every
def test_that_the_stage_decomposes_a_copy_and_leaves_the_original(
    id: str, make_session: MakeSession, untouched: Untouched, network: Network, images: Tensor
) -> None:
    session = make_session()
    before = session.network
    expected = outputs(network.module, images)
    staged("decompose", session, Rule(LAYER[id], {"rank": 4}), Rule("*", None), method=id)
    untouched()
    assert torch.equal(outputs(before.module, images), expected)
    assert isinstance(session.network.module.get_submodule(LAYER[id]), nn.Sequential)
    (row,) = session.report["decomposition"]["layers"]
    assert row["name"] == LAYER[id] and row["method"] == id
    assert row["parameters"] < row["parameters_before"] and row["macs"] < row["macs_before"]
    assert 0 < row["weight_error"] < 1 and row["sqnr_db"] > 0
    held = sum(p.numel() for p in session.network.module.parameters())
    whole = sum(p.numel() for p in network.module.parameters())
    assert held == whole - row["parameters_before"] + row["parameters"]


@every
def test_that_it_is_the_same_after_saving_replaying_and_loading(
    id: str, make_session: MakeSession, images: Tensor, tmp_path: Path
) -> None:
    session = make_session()
    staged("decompose", session, Rule(LAYER[id], {"rank": 3}), Rule("*", None), method=id)
    session.network.save(tmp_path)
    (edit,) = session.network.edits
    data: Mapping[str, Any] = json.loads(json.dumps(dict(edit.data), allow_nan=False))
    state = torch.get_rng_state()
    module = replay(TinyNet().eval(), data)
    load_weights(module, tmp_path / WEIGHTS)
    assert torch.equal(outputs(module.eval(), images), outputs(session.network.module, images))
    torch.set_rng_state(state)
    TinyNet()
    drawn = torch.rand(1)
    torch.set_rng_state(state)
    replay(TinyNet(), data)
    assert torch.equal(torch.rand(1), drawn), "reopening draws nothing"


@every
def test_that_the_same_session_gives_the_same_network(id: str, make_session: MakeSession, images: Tensor) -> None:
    made = []
    for seed in (1, 2):
        session = make_session()
        torch.manual_seed(seed)  # the factors are nobody's luck
        staged("decompose", session, Rule(LAYER[id], {"rank": 5}), Rule("*", None), method=id)
        made.append(outputs(session.network.module, images))
    assert torch.equal(*made)


@every
def test_that_a_stop_is_heard_in_the_middle_of_a_layer(
    id: str, make_session: MakeSession, untouched: Untouched, images: Tensor
) -> None:
    session = make_session()
    before = session.network.module
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        decomposition(id).decomposed(layer_of(id, session.network), (3,) * len(decomposition(id).ranks), cancel)
    with pytest.raises(Cancelled):
        list(decomposition(id).options(layer_of(id, session.network), cancel))
    with pytest.raises(Cancelled):
        staged("decompose", session, Rule(LAYER[id], {"rank": 3}), Rule("*", None), method=id, cancel=cancel)
    untouched()
    assert session.network.module is before and not session.network.edits


@every
def test_that_factors_that_would_be_larger_are_refused_with_both_figures(id: str, make_session: MakeSession) -> None:
    session = make_session()
    with pytest.raises(CompressionError) as caught:
        staged("decompose", session, Rule(LAYER[id], {"energy": 1.0}), Rule("*", None), method=id)
    assert str(caught.value).startswith("No layer was decomposed")
    assert caught.value.repair is not None
    energy = caught.value.repair.edits[f"stages.0.decompose.layers.{LAYER[id]}.energy"]
    assert 0 < energy < 1
    staged("decompose", session, Rule(LAYER[id], {"energy": energy}), Rule("*", None), method=id)
    assert session.network.edits, "what the repair says makes a layer smaller"


@every
def test_that_pruning_with_removal_and_int8_go_on_from_the_factors(
    id: str, make_session: MakeSession, untouched: Untouched, images: Tensor
) -> None:
    session = make_session()
    staged("decompose", session, Rule(LAYER[id], {"rank": 5}), Rule("*", None), method=id)
    parameters = sum(p.numel() for p in session.network.module.parameters())
    staged("prune", session, method="ln_structured", amount=0.3, remove=True)
    assert sum(p.numel() for p in session.network.module.parameters()) < parameters
    pruned = outputs(session.network.module, images)
    staged("quantize", session, method="static_int8", engine=available()[0])
    inside = [row for row in session.figures if row.startswith(f"{LAYER[id]}.")]
    assert {session.figures[name]["precision"] for name in inside} == {"int8"}
    assert off(outputs(session.network.module, images), pruned) < 0.2
    assert session.network.edits[0].kind == "decompose"
    untouched()


def test_that_layers_can_differ_in_their_method_and_onnx_computes_the_same(
    make_session: MakeSession, images: Tensor, tmp_path: Path
) -> None:
    session = make_session()
    staged(
        "decompose",
        session,
        Rule("conv1", {"method": "cp", "rank": 3}),
        Rule("type:Linear", {"method": "svd", "rank": 2}),
        method="tucker",
        rank=3,
    )
    (edit,) = session.network.edits
    made = {name: (facts["method"], facts["ranks"]) for name, facts in edit.data["layers"].items()}
    assert made == {"conv1": ("cp", [3]), "conv2": ("tucker", [3, 3]), "fc1": ("svd", [2]), "fc2": ("svd", [2])}
    format = cast(ExportFormat, method("export", "onnx"))
    checkpoint, file = tmp_path / "checkpoint", tmp_path / "net.onnx"
    session.network.save(checkpoint)
    loaded = format.load(file, checkpoint, format.write(session.network, file))
    assert off(loaded(images), outputs(session.network.module, images)) < 1e-4
