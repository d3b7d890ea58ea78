"""What is said of a plan before it runs: each check finds what it is about and its repair ends it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from backend.description import Catalogue
from backend.errors import msg
from backend.events import Finished, Hello
from backend.recipe import Recipe, merged, recipe_from_data
from backend.registry import catalogue
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.problems import checks
from gui.problems.live import PlanProblems, problems_of
from gui.problems.plan import Plan, Problem
from gui.run_state import RunState

HERE = {"cuda": False, "mps": False, "engines": ["qnnpack", "onednn", "x86", "fbgemm"]}


@pytest.fixture(scope="module")
def methods() -> Catalogue:
    """The real methods as the window gets them: plain data."""
    return Catalogue.from_data(catalogue().to_data())


@pytest.fixture
def network() -> Inspection:
    """A convolution with its norm and activation, two linear layers; dynamic int8 refuses the convolution."""
    layers = [
        LayerInfo("", "Net", 1210, 1000, False),
        LayerInfo("conv", "Conv2d", 300, 800, True, (10, 3, 3, 3), (10, 8, 8)),
        LayerInfo("norm", "BatchNorm2d", 20, 0, True, (10,), (10, 8, 8)),
        LayerInfo("act", "ReLU", 0, 0, True, (), (10, 8, 8)),
        LayerInfo("fc", "Linear", 850, 150, True, (85, 10), (85,)),
        LayerInfo("head", "Linear", 40, 50, True, (4, 10), (4,)),
    ]
    need, linear = msg("Needs a convolution or a linear layer"), msg("Needs a linear layer")
    refusals: dict[str, Any] = {
        "criterion": {id: {"norm": need} for id in catalogue().kind("criterion")},
        "quantization": {id: {"norm": need} for id in catalogue().kind("quantization")},
    }
    weighted = {"norm": need, "conv": linear}
    refusals["decomposition"] = {"svd": weighted, "tucker": dict.fromkeys(("norm", "fc", "head"), need)}
    refusals["replacement"] = {
        "activation": dict.fromkeys(("conv", "norm", "fc", "head"), msg("It is no activation")),
        "fold_batch_norm": dict.fromkeys(("conv", "act", "fc", "head"), msg("It is no normalization")),
    }
    refusals["quantization"]["dynamic_int8"] = {"norm": need, "conv": linear}
    refusals["criterion"]["ln_structured"] = {"norm": need, "head": msg("Its channels are the classes")}
    return Inspection("net", {}, (3, 8, 8), 4, 1210, 1000, 4840, layers, refusals)


def plan_of(stages: list[Any], methods: Catalogue, network: Inspection | None, tmp_path: Path, **changes: Any) -> Plan:
    data: dict[str, Any] = {"model": {"source": "bundled", "name": "lenet5"}, "stages": stages}
    for key in ("data", "budget", "device", "model"):
        if key in changes:
            data[key] = changes.pop(key)
    recipe = recipe_from_data(data, methods)
    known = {"capabilities": HERE, "folder": tmp_path, "workspace": tmp_path, **changes}
    return Plan(recipe, methods, network, **known)


def repaired(plan: Plan, problem: Problem) -> Plan:
    assert problem.repair is not None
    recipe = merged(plan.recipe, problem.repair.edits, plan.catalogue)
    return dataclasses.replace(plan, recipe=recipe)


PRUNE = {"method": "l1_unstructured", "amount": 0.3}
TRAIN: dict[str, Any] = {"train": {"epochs": 2}}
CHANNELS = {"method": "ln_structured", "amount": 0.5}

FOUND: list[tuple[str, list[Any], dict[str, Any], str]] = [
    ("missing_device", [TRAIN], {"device": "cuda"}, "This computer has no cuda device."),
    ("no_such_layer", [{"prune": {**PRUNE, "layers": {"cnov": {"amount": 0.1}}}}], {},
     "No layer of this network is called cnov."),
    ("missing_engine", [{"quantize": {"method": "static_int8", "engine": "x86"}}],
     {"capabilities": {"engines": ["qnnpack"]}}, "The int8 engine x86 is not available on this computer."),
    ("missing_engine", [{"quantize": {"method": "static_int8", "engine": "qnnpack"}}], {},
     "qnnpack is made for ARM: on this processor it is slower than float32."),
    ("refusing_layer", [{"prune": {**PRUNE, "layers": {"head": {"method": "ln_structured"}}}}], {},
     "Ln structured does not apply to head."),
    ("nothing_changes", [{"prune": {**PRUNE, "layers": {"*": "keep"}}}], {},
     "Stage 1 changes nothing: every layer is kept as it is."),
    ("nothing_changes", [{"prune": {"method": "l1_unstructured", "amount": 0.0}}], {},
     "Stage 1 changes nothing: every layer is kept as it is."),
    ("pruned_before", [{"prune": PRUNE}, {"prune": {**PRUNE, "amount": 0.2}}], {},
     "Stage 2 asks for no more zeros than stage 1 leaves."),
    ("nothing_trains_after", [TRAIN, {"prune": CHANNELS}], {},
     "Stage 2 prunes 50% and nothing trains after it, so accuracy may fall."),
    ("rewritten_untrained", [TRAIN, {"decompose": {"method": "svd"}}], {},
     "Nothing trains after stage 2, so the accuracy that it costs is not won back."),
    ("rewritten_untrained", [{"replace": {"method": "activation", "layers": {"*": "keep", "act": {"to": "silu"}}}}], {},
     "Nothing trains after stage 1, so the accuracy that it costs is not won back."),
    ("folded_untrained", [{"replace": {"method": "fold_batch_norm"}}, TRAIN], {},
     "Stage 1 folds BatchNorm away before stage 2 trains, which goes worse without it."),
    ("zeros_rewritten", [{"prune": {**PRUNE, "layers": {"fc": "keep"}}}, {"decompose": {"method": "tucker"}}], {},
     "Stage 2 puts other layers in the place of some that stage 1 prunes: their zeros are lost."),
    ("nothing_changes", [{"replace": {"method": "activation", "layers": {"act": "keep"}}}], {},
     "Stage 1 changes nothing: every layer is kept as it is."),
    ("old_statistics", [{"prune": CHANNELS}], {}, "BatchNorm keeps the statistics it had before stage 1 prunes."),
    ("masks_for_size", [{"prune": CHANNELS}, TRAIN], {"budget": {"macs": 0.5}},
     "The budget limits MACs, and masks make nothing smaller or faster."),
    ("local_lamp", [{"prune": {"method": "lamp", "amount": 0.3}}], {},
     "Within each layer LAMP prunes the same weights as L1."),
    ("few_layers", [{"quantize": {"method": "dynamic_int8"}}], {},
     "Dynamic int8 leaves layers with 80% of the MACs in float32."),
    ("forced_half", [{"quantize": {"method": "float16", "compute": "half"}}], {},
     "Computing in 16 bits is slower than float32 on processors without the arithmetic."),
    ("unusual_rate", [{"train": {"optimizer": "adam", "learning_rate": 0.5}}], {},
     "Adam usually learns at a rate of 0.001; 0.5 is far from that."),
    ("silent_teacher", [{"train": {"distill": {"losses": [{"loss": "soft_targets", "weight": 0}]}}}], {},
     "Distillation has a weight of 0: the teacher teaches nothing."),
    ("missing_teacher", [{"train": {"distill": {"teacher": "gone.pt"}}}], {},
     "The teacher's file is not there: gone.pt."),
    ("missing_teacher", [{"train": {"distill": {"teacher": {"source": "checkpoint", "weights": "gone.pt"}}}}], {},
     "The teacher's file is not there: gone.pt."),
    ("few_images", [TRAIN], {"data": {"source": "digits", "limit": 50}},
     "Accuracy is measured on at most 50 images, so one image is 2 pt."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "stages", "changes", "said"), FOUND, ids=[f"{row[0]}-{row[3][:20]}" for row in FOUND]
)
def test_that_a_check_says_what_it_finds_and_its_repair_ends_it(
    check: str, stages: list[Any], changes: dict[str, Any], said: str, methods: Catalogue, network: Inspection,
    tmp_path: Path,
) -> None:  # fmt: skip
    plan = plan_of(stages, methods, network, tmp_path, **changes)
    found = list(getattr(checks, check)(plan))
    assert [str(problem.message) for problem in found] == [said]
    assert list(getattr(checks, check)(repaired(plan, found[0]))) == []


@pytest.mark.parametrize(
    ("check", "stages", "changes"),
    [
        ("missing_device", [TRAIN], {}),
        ("no_such_layer", [{"prune": {**PRUNE, "layers": {"c*": {"amount": 0.1}, "type:Linear": "keep"}}}], {}),
        ("missing_engine", [{"quantize": {"method": "static_int8", "engine": "x86"}}], {}),
        ("missing_engine", [{"quantize": {"method": "static_int8", "engine": "qnnpack"}}],
         {"capabilities": {"engines": ["qnnpack"]}}),
        ("refusing_layer", [{"prune": {**CHANNELS, "layers": {"type:*": {"amount": 0.2}}}}], {}),
        ("nothing_changes", [{"prune": {**PRUNE, "layers": {"*": "keep", "fc": {"amount": 0.2}}}}], {}),
        ("nothing_changes", [{"prune": {**CHANNELS, "remove": True, "target": {"macs": 0.5}}}], {}),
        ("pruned_before", [{"prune": PRUNE}, {"prune": {**PRUNE, "amount": 0.6}}], {}),
        ("pruned_before", [{"prune": {**PRUNE, "scope": "global"}}, {"prune": PRUNE}], {}),
        ("pruned_before", [{"prune": PRUNE}, {"prune": {"method": "random_unstructured", "amount": 0.2}}], {}),
        ("nothing_trains_after", [{"prune": CHANNELS}, TRAIN], {}),
        ("nothing_trains_after", [{"prune": PRUNE}], {}),
        ("rewritten_untrained", [{"decompose": {"method": "svd"}}, TRAIN], {}),
        ("rewritten_untrained", [TRAIN, {"replace": {"method": "fold_batch_norm"}}], {}),
        ("folded_untrained", [TRAIN, {"replace": {"method": "fold_batch_norm"}}], {}),
        ("folded_untrained", [{"replace": {"method": "activation"}}, TRAIN], {}),
        ("zeros_rewritten", [{"prune": {**PRUNE, "layers": {"conv": "keep"}}}, {"decompose": {"method": "tucker"}}],
         {}),
        ("zeros_rewritten", [{"prune": {**CHANNELS, "remove": True}}, {"decompose": {"method": "tucker"}}], {}),
        ("nothing_changes", [{"replace": {"method": "activation", "layers": {"*": "keep", "act": {"to": "silu"}}}}],
         {}),
        ("masks_for_size", [{"prune": CHANNELS}, {"decompose": {"method": "svd"}}], {"budget": {"macs": 0.5}}),
        ("old_statistics", [{"prune": {**CHANNELS, "reestimate": True}}], {}),
        ("old_statistics", [{"prune": CHANNELS}, TRAIN], {}),
        ("masks_for_size", [{"prune": {**CHANNELS, "remove": True}}], {"budget": {"macs": 0.5}}),
        ("masks_for_size", [{"prune": CHANNELS}, {"quantize": {}}], {"budget": {"size": 0.3}}),
        ("masks_for_size", [{"prune": CHANNELS}], {"budget": {"accuracy_drop": 1.0}}),
        ("local_lamp", [{"prune": {"method": "lamp", "scope": "global"}}], {}),
        ("few_layers", [{"quantize": {"method": "static_int8"}}], {}),
        ("forced_half", [{"quantize": {"method": "float16"}}], {}),
        ("unusual_rate", [{"train": {"optimizer": "sgd", "learning_rate": 0.1}}], {}),
        ("silent_teacher", [{"train": {"distill": {"losses": [{"loss": "soft_targets"}]}}}], {}),
        ("missing_teacher", [{"train": {"distill": {"teacher": "samples/lenet5-digits.safetensors"}}}], {}),
        ("missing_teacher", [{"train": {"distill": {"teacher": {"source": "torchvision", "weights": "DEFAULT"}}}}], {}),
        ("few_images", [TRAIN], {"data": {"source": "digits", "limit": 500}}),
    ],
)  # fmt: skip
def test_that_a_check_is_quiet_where_all_is_well(
    check: str, stages: list[Any], changes: dict[str, Any], methods: Catalogue, network: Inspection, tmp_path: Path
) -> None:
    assert list(getattr(checks, check)(plan_of(stages, methods, network, tmp_path, **changes))) == []


def test_that_every_check_of_the_table_is_tested() -> None:
    here = {row[0] for row in FOUND} | {"refused", "missing_files", "no_place_for_runs", "over_budget"}
    assert {check.__name__ for check in checks.CHECKS} == here


def test_that_what_can_not_be_read_is_all_that_is_said(methods: Catalogue, network: Inspection, tmp_path: Path) -> None:
    plan = plan_of([{"quantize": {}}], methods, network, tmp_path)
    wrong = dataclasses.replace(plan.recipe.stages[0], settings={"method": "gone"})
    found = problems_of(dataclasses.replace(plan, recipe=dataclasses.replace(plan.recipe, stages=(wrong,))))
    assert [(one.level, one.stage) for one in found] == [("error", 0)]


def test_that_missing_weights_lead_to_the_network_and_missing_data_to_the_data(
    methods: Catalogue, tmp_path: Path
) -> None:
    (tmp_path / "here.pth").write_bytes(b"")
    gone = {"source": "checkpoint", "name": "lenet5", "weights": "gone.pth"}
    plan = plan_of([TRAIN], methods, None, tmp_path, model=gone, data={"source": "arrays", "root": "gone.npz"})
    assert [(one.action, one.level) for one in checks.missing_files(plan)] == [
        ("network", "error"), ("data", "error"),
    ]  # fmt: skip
    there = plan_of([TRAIN], methods, None, tmp_path, model={**gone, "weights": "here.pth"})
    assert list(checks.missing_files(there)) == []
    none = plan_of([TRAIN], methods, None, tmp_path, data={"source": "image_folder"})
    assert [one.action for one in checks.missing_files(none)] == ["data"]


def test_that_a_folder_of_runs_that_can_not_be_written_leads_to_the_settings(
    methods: Catalogue, network: Inspection, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    plan = plan_of([TRAIN], methods, network, tmp_path, workspace=tmp_path / "file" / "runs")
    assert [one.action for one in checks.no_place_for_runs(plan)] == ["settings"]
    large = dataclasses.replace(network, size_bytes=10**18)
    full = plan_of([TRAIN], methods, large, tmp_path)
    assert "nearly full" in str(next(checks.no_place_for_runs(full)).message)
    assert list(checks.no_place_for_runs(plan_of([TRAIN], methods, network, tmp_path))) == []


def test_that_the_last_run_of_this_plan_is_held_against_the_budget(
    methods: Catalogue, network: Inspection, tmp_path: Path
) -> None:
    budget = {"size": 0.5, "accuracy_drop": 1.0}
    measured: dict[str, Mapping[str, Any]] = {
        "baseline": {"size_bytes": 1000, "accuracy": 90.0}, "final": {"size_bytes": 600, "accuracy": 89.5},
    }  # fmt: skip
    plan = plan_of([TRAIN], methods, network, tmp_path, budget=budget, **measured)
    assert [str(one.message) for one in checks.over_budget(plan)] == [
        "The last run of this recipe is outside the budget for size."
    ]
    assert list(checks.over_budget(plan_of([TRAIN], methods, network, tmp_path, budget=budget))) == []


def test_that_removing_a_rule_leaves_the_others(methods: Catalogue, network: Inspection, tmp_path: Path) -> None:
    rules = {"block.gone": {"amount": 0.1}, "fc": {"amount": 0.2}}
    plan = plan_of([{"prune": {**PRUNE, "layers": rules}}], methods, network, tmp_path)
    found = next(checks.no_such_layer(plan))
    assert [rule.pattern for rule in repaired(plan, found).recipe.stages[0].layers] == ["fc"]


def test_that_entries_within_a_training_are_checked(methods: Catalogue, network: Inspection, tmp_path: Path) -> None:
    entry = {"prune": {"method": "lamp", "amount": 0.3}}
    plan = plan_of([{"train": {"during": [entry]}}], methods, network, tmp_path)
    found = next(checks.local_lamp(plan))
    assert found.stage == 0
    changed = repaired(plan, found).recipe.stages[0].during[0]
    assert changed.settings["scope"] == "global"


# The live list


class Engine:
    """What the list listens to of the engine."""

    def __init__(self) -> None:
        self._thread = EngineThread()
        self.greeted, self.hello = self._thread.greeted, Hello(1, "0", "2.13.0", [], HERE)


@pytest.fixture
def document(methods: Catalogue, network: Inspection, tmp_path: Path, own_settings: None) -> Document:
    QSettings().setValue("workspace", str(tmp_path / "runs"))
    made = Document()
    made.catalogue = methods
    made.start(plan_recipe(methods), tmp_path)
    made.set_inspection(network)
    return made


def plan_recipe(methods: Catalogue) -> Recipe:
    data = {"model": {"source": "bundled", "name": "lenet5"}, "stages": [{"prune": CHANNELS}, TRAIN]}
    return recipe_from_data(data, methods)


def test_that_the_list_follows_edits_and_undo(document: Document, qtbot: QtBot) -> None:
    problems = PlanProblems(document, Engine(), RunState())  # type: ignore[arg-type]
    problems.look()
    assert problems.found == []
    with qtbot.waitSignal(problems.changed):
        document.set_values({"data.limit": 20}, "Limit")
    assert [str(one.repair.label) for one in problems.found if one.repair] == ["Use all images"]
    with qtbot.waitSignal(problems.changed):
        document.undo_stack.undo()
    assert problems.found == []


def test_that_only_a_run_of_this_very_plan_is_held_against_its_budget(document: Document) -> None:
    state = RunState()
    problems = PlanProblems(document, Engine(), state)  # type: ignore[arg-type]
    document.set_values({"budget.size": 0.5}, "Budget")
    assert document.recipe is not None
    result = {
        "recipe": document.recipe.to_data(),
        "baseline": {"size_bytes": 100},
        "final": {"size_bytes": 90, "layers": []},
    }
    state.begin("1")
    state.apply([("1", 1.0, Finished(result))])
    problems.look()
    words = [str(one.message) for one in problems.found]
    assert "The last run of this recipe is outside the budget for size." in words
    document.set_values({"stages.0.prune.amount": 0.6}, "Amount")
    problems.look()
    assert "The last run of this recipe is outside the budget for size." not in [str(p.message) for p in problems.found]


def test_that_a_large_network_is_checked_beside_the_window(
    document: Document, network: Inspection, qtbot: QtBot
) -> None:
    many = [dataclasses.replace(network.layers[1], name=f"block.{i}") for i in range(2000)]
    document.set_inspection(dataclasses.replace(network, layers=[*network.layers, *many]))
    problems = PlanProblems(document, Engine(), RunState())  # type: ignore[arg-type]
    document.set_values({"data.limit": 20}, "Limit")
    with qtbot.waitSignal(problems.changed):
        problems.look()
        assert problems.found == []
    assert [str(one.repair.label) for one in problems.found if one.repair] == ["Use all images"]


def test_that_nothing_open_has_no_problems(qtbot: QtBot, own_settings: None) -> None:
    problems = PlanProblems(Document(), Engine(), RunState())  # type: ignore[arg-type]
    problems.look()
    assert problems.found == []
