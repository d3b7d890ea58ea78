"""What "use this plan" proposes, on the bundled digits."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.cancel import Cancel
from backend.engine import protocol
from backend.engine.jobs import JOBS
from backend.errors import CompressionError
from backend.events import Event, Finished, Sensitivity
from backend.pruning._pruner import Pruner
from backend.recipe import edit_layers, recipe_from_yaml
from backend.registry import catalogue
from backend.runner import open_session

RECIPE = """
model: {source: bundled, name: lenet5, weights: samples/lenet5-digits.safetensors}
data: {source: digits}
stages:
  - prune: {method: ln_structured, remove: true}
"""


def ending(request: protocol.Request) -> dict:
    events: list[Event] = []
    JOBS[type(request)](request, events.append, Cancel())
    assert isinstance(events[-1], Finished)
    return dict(events[-1].result)


def test_that_the_plan_meets_the_target_and_measures_nothing_twice(tmp_path: Path) -> None:
    recipe = recipe_from_yaml(RECIPE, catalogue())
    shared = {"recipe": recipe.to_data(), "limit": 60, "workspace": str(tmp_path)}
    scanned: list[Event] = []
    JOBS[protocol.Sensitivity](protocol.Sensitivity(**shared), scanned.append, Cancel())
    files = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    found = ending(protocol.Allocate(target={"parameters": 0.3}, **shared))
    assert {e.target for e in scanned if isinstance(e, Sensitivity)} >= set(found["layers"])
    assert files == {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    assert found["predicted"]["parameters"] <= 0.3 * found["before"]["parameters"]

    for layer, amount in found["layers"].items():
        recipe, _ = edit_layers(recipe, "prune", [layer], {"amount": amount})
    session = open_session(recipe, Path(), lambda _: None, Cancel())
    pruner = Pruner(session, recipe.stages[0], 0, lambda _: None, Cancel())
    pruner.prune()
    pruner.finish()
    left = sum(p.numel() for p in session.network.module.parameters())
    assert left == found["predicted"]["parameters"]


def test_that_decomposed_and_replaced_layers_count_in_what_a_recipe_is_expected_to_cost(tmp_path: Path) -> None:
    before = RECIPE.split("  - prune")[0]
    rewriting = "  - decompose: {method: svd, layers: {fc1: {rank: 10}, '*': keep}}\n" \
                "  - replace: {method: depthwise_separable, layers: {conv2: {}, '*': keep}}\n"  # fmt: skip
    recipe = recipe_from_yaml(before + rewriting, catalogue())
    found = ending(protocol.Allocate(recipe.to_data(), {}, limit=20, workspace=str(tmp_path)))
    low_rank = 10 * (256 + 120) + 120
    separable = 6 * 25 + 6 * 16 + 16
    saved = (256 * 120 + 120 - low_rank) + (6 * 16 * 25 + 16 - separable)
    assert found["before"]["parameters"] - found["predicted"]["parameters"] == saved
    assert not {"accuracy", "latency_ms"} & set(found["predicted"])


def test_that_the_plan_keeps_to_the_multiples_of_channels_that_the_stage_asks_for(tmp_path: Path) -> None:
    recipe = recipe_from_yaml(RECIPE.replace("remove: true", "remove: true, round_to: 4"), catalogue())
    found = ending(protocol.Allocate(recipe.to_data(), {"parameters": 0.5}, limit=20, workspace=str(tmp_path)))
    session = open_session(recipe, Path(), lambda _: None, Cancel())
    for layer, amount in found["layers"].items():
        whole = len(session.network.module.get_parameter(f"{layer}.weight"))
        left = round((1 - amount) * whole)
        assert left == whole or left % 4 == 0
    assert found["predicted"]["parameters"] <= 0.5 * found["before"]["parameters"]


@pytest.mark.parametrize("target", [{"parameters": 0.0001}, {"sparsity": 0.5}, {"speed": 2}])
def test_that_a_target_without_a_plan_is_refused_with_a_repair(tmp_path: Path, target: dict[str, float]) -> None:
    data = recipe_from_yaml(RECIPE, catalogue()).to_data()
    with pytest.raises(CompressionError) as raised:
        ending(protocol.Allocate(data, target, limit=20, workspace=str(tmp_path)))
    assert str(raised.value.hint)
