"""NNI's config_list: what it means for each layer of a network is computed here by NNI's own words, and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend.answers import LayerInfo
from backend.cli import command_line
from backend.errors import CompressionError
from backend.recipe import (
    DataSpec,
    Imported,
    ModelSpec,
    Recipe,
    Stage,
    import_nni,
    nni_algorithms,
    plan,
    read_recipe,
    recipe_from_data,
    recipe_to_yaml,
)
from backend.registry import catalogue

LAYERS = [
    LayerInfo("", "Net", 0, None, False),
    LayerInfo("features", "Sequential", 0, None, False),
    LayerInfo("features.conv1", "Conv2d", 0, None, True, (6, 1, 5, 5)),
    LayerInfo("features.bn1", "BatchNorm2d", 0, None, True, (6,)),
    LayerInfo("features.conv2", "Conv2d", 0, None, True, (16, 6, 5, 5)),
    LayerInfo("features.bn2", "BatchNorm2d", 0, None, True, (16,)),
    LayerInfo("pool", "MaxPool2d", 0, None, True),
    LayerInfo("fc1", "Linear", 0, None, True, (120, 400)),
    LayerInfo("fc2", "Linear", 0, None, True, (84, 120)),
    LayerInfo("fc3", "Linear", 0, None, True, (10, 84)),
]
WEIGHTED = {layer.name: layer.type for layer in LAYERS if len(layer.weight_shape) >= 2}


def imported(config: Any, algorithm: str = "") -> Imported:
    found = import_nni(config if isinstance(config, str) else repr(config), LAYERS, catalogue(), algorithm)
    stages = [stage.to_data() for stage in found.stages]
    recipe = Recipe(ModelSpec(name="lenet5"), DataSpec(), found.stages, "imported")
    assert recipe_from_data(recipe.to_data(), catalogue()).to_data()["stages"] == stages, "a recipe can hold it"
    return found


def said(found: Imported) -> str:
    return "\n".join(str(note) for note in found.notes)


def settings(stage: Stage, key: str) -> dict[str, Any]:
    """Layer → what the stage sets for it; None: kept as it is."""
    plans = {name: plan(stage, name, type, catalogue()).settings for name, type in WEIGHTED.items()}
    return {name: None if one is None else one.get(key) for name, one in plans.items()}


def test_that_a_type_and_a_name_get_their_sparsity_and_the_rest_is_kept() -> None:
    found = imported([{"op_types": ["Conv2d"], "sparsity": 0.5}, {"op_names": ["fc1"], "sparsity": 0.8}])
    (stage,) = found.stages
    assert stage.settings["method"] == "l1_unstructured"
    amounts = {"features.conv1": 0.5, "features.conv2": 0.5, "fc1": 0.8, "fc2": None, "fc3": None}
    assert settings(stage, "amount") == amounts
    assert found.notes == ()


@pytest.mark.parametrize(
    "config",
    [
        [{"op_types": ["Conv2d", "Linear"], "sparse_ratio": 0.5}, {"op_names": ["fc2"], "exclude": True}],
        [{"op_types": ["Conv2d", "Linear"], "sparsity": 0.5, "exclude_op_names": ["fc2"]}],
        [{"op_names_re": [r"conv\d$", "^fc[13]"], "sparsity_per_layer": 0.5}],
        [{"op_partial_names": ["conv", "fc1", "fc3"], "sparsity": 0.5}],
        [{"sparsity": 0.9}, {"op_types": ["Conv2d", "Linear"], "sparsity": 0.5}, {"op_names": "fc2", "exclude": True}],
        [{"op_types": ["default"], "sparsity": 0.5, "exclude_op_names_re": ["fc2"]}],
        [{"op_types": ["Linear", "Conv2d"], "target_names": ["weight"], "exclude_op_names": ["fc2"],
          "target_settings": {"weight": {"sparse_ratio": 0.5, "granularity": "default"}}}],
    ],
)  # fmt: skip
def test_that_every_way_to_select_layers_means_the_same(config: list[dict[str, Any]]) -> None:
    (stage,) = imported(config).stages
    assert settings(stage, "amount") == {name: None if name == "fc2" else 0.5 for name in WEIGHTED}


@pytest.mark.parametrize(
    ("algorithm", "method", "more"),
    [
        ("LevelPruner", "l1_unstructured", {}),
        ("L1NormPruner", "ln_structured", {"n": 1}),
        ("L2NormPruner", "ln_structured", {"n": 2}),
        ("FPGMPruner", "fpgm", {}),
        ("TaylorPruner", "taylor", {}),
        ("TaylorFOWeightPruner", "taylor", {}),
        ("ActivationAPoZRankPruner", "apoz", {}),
    ],
)
def test_that_pruners_are_criteria(algorithm: str, method: str, more: dict[str, Any]) -> None:
    (stage,) = imported([{"op_types": ["Conv2d"], "sparsity": 0.5}], algorithm).stages
    assert stage.settings == {"method": method, **more, "amount": 0.5}


def test_that_a_total_sparsity_is_one_ranking_over_its_layers() -> None:
    config = [
        {"op_names": ["features.conv1", "features.conv2"], "total_sparsity": 0.5},
        {"op_types": ["Linear"], "sparse_ratio": 0.7, "global_group_id": "linear"},
        {"op_names": ["fc3"], "sparsity": 0.1},
    ]
    convs, linears, last = imported(config).stages
    assert (convs.settings["scope"], convs.settings["amount"]) == ("global", 0.5)
    assert [name for name, amount in settings(convs, "amount").items() if amount] == [
        "features.conv1",
        "features.conv2",
    ]
    assert (linears.settings["scope"], linears.settings["amount"]) == ("global", 0.7)
    assert [name for name, amount in settings(linears, "amount").items() if amount] == ["fc1", "fc2"]
    assert "scope" not in last.settings
    assert settings(last, "amount")["fc3"] == 0.1


def test_that_channels_are_pruned_where_the_granularity_says_so() -> None:
    config = [
        {"op_types": ["Conv2d"], "sparse_ratio": 0.5, "granularity": "out_channel"},
        {"op_names": ["fc1"], "sparse_ratio": 0.5, "granularity": "in_channel"},
        {"op_names": ["fc2"], "sparse_ratio": 0.5, "granularity": [4, 4]},
    ]
    found = imported(config, "Level")
    (stage,) = found.stages
    methods = settings(stage, "method")
    assert (methods["features.conv1"], methods["fc1"]) == ("ln_structured", "ln_structured")
    assert (settings(stage, "dim")["features.conv1"], settings(stage, "dim")["fc1"]) == (0, 1)
    assert "Blocks ([4, 4]) are not pruned in Pare." in said(found)


def test_that_a_threshold_of_magnitudes_is_our_threshold() -> None:
    (stage,) = imported([{"op_types": ["Linear"], "sparse_threshold": 0.02}]).stages
    assert (stage.settings["method"], stage.settings["threshold"]) == ("threshold", 0.02)
    assert "choose an amount" in said(imported([{"op_types": ["Linear"], "sparse_threshold": 0.02}], "Taylor"))


SCRIPT = """
import torch, os
from nni.compression.pruning import TaylorPruner, AGPPruner
os.system("touch {marker}")
RATIO = 0.5
config_list = [dict_that_does_not_exist] if False else None
settings = [{{'op_types': ['Conv2d'], 'sparse_ratio': RATIO}}]
sub_pruner = TaylorPruner(model, settings, evaluator, training_steps=100)
pruner = AGPPruner(sub_pruner, interval_steps=100, total_times=20)
def later():
    bits = {{'input': 8, 'weight': 8}}
    config_list = [{{'op_names': ['fc1'], 'quant_types': ['input', 'weight'], 'quant_bits': bits}}]
    quantizer = QATQuantizer(model, config_list, optimizer)
"""


def test_that_a_whole_script_is_read_and_never_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    found = imported(SCRIPT.format(marker=marker))
    assert not marker.exists()
    pruning, quantizing = found.stages
    (entry,) = pruning.during
    assert entry.settings["method"] == "taylor"
    assert entry.settings["schedule"] == {"kind": "agp", "steps": 20}
    assert settings(entry, "amount")["features.conv1"] == 0.5
    (entry,) = quantizing.during
    assert entry.settings["method"] == "qat_int8"
    assert [name for name, tensors in settings(entry, "tensors").items() if tensors == "input_weight"] == ["fc1"]


def test_that_agp_of_version_2_names_its_pruner_in_a_word() -> None:
    config = "[{'op_types': ['Conv2d'], 'total_sparsity': 0.8}]"
    text = f"AGPPruner(model, {config}, pruning_algorithm='l2', total_iteration=10)"
    (stage,) = imported(text).stages
    (entry,) = stage.during
    assert entry.settings == {
        "method": "ln_structured", "n": 2, "amount": 0.8, "scope": "global", "schedule": {"kind": "agp", "steps": 10},
    }  # fmt: skip


def test_that_what_learns_stands_in_a_training() -> None:
    found = imported([{"op_types": ["BatchNorm2d"], "total_sparsity": 0.6}], "SlimPruner")
    (stage,) = found.stages
    assert stage.kind == "train"
    (entry,) = stage.during
    assert entry.settings["method"] == "slim"
    assert [name for name, amount in settings(entry, "amount").items() if amount] == [
        "features.conv1",
        "features.conv2",
    ]
    assert "BatchNorm" in said(found)
    assert "epochs" in said(found)
    (stage,) = imported([{"op_types": ["Linear"], "sparsity": 0.6}], "MovementPruner").stages
    assert stage.during[0].settings["method"] == "movement"


@pytest.mark.parametrize(
    ("algorithm", "entry", "expected"),
    [
        ("QAT", {"quant_types": ["weight"], "quant_bits": 8}, {"method": "qat_int8", "tensors": "weight"}),
        ("QAT", {"quant_types": ["weight", "output"], "quant_bits": {"weight": 8, "output": 8}},
         {"method": "qat_int8", "tensors": "weight_output"}),
        ("QAT", {"target_names": ["weight", "_input_", "_output_"], "quant_dtype": "int8", "quant_scheme": "affine"},
         {"method": "qat_int8", "tensors": "all", "weight_scheme": "affine", "activation_scheme": "affine"}),
        ("QAT", {"quant_types": ["weight", "input"], "quant_bits": {"weight": 4, "input": 8}},
         {"method": "lsq", "weight_bits": 4, "activation_bits": 8, "tensors": "both"}),
        ("LsqQuantizer", {"target_names": ["weight"], "quant_dtype": "int3", "granularity": "per_channel"},
         {"method": "lsq", "weight_bits": 3, "tensors": "weights", "per_channel": True}),
        ("DoReFa", {"target_settings": {"weight": {"quant_dtype": "int2"}, "_input_0": {"quant_dtype": "int4"}}},
         {"method": "dorefa", "weight_bits": 2, "activation_bits": 4, "tensors": "both", "edges": "same"}),
        ("BNN", {"quant_types": ["weight", "output"], "quant_bits": 1}, {"method": "bnn", "edges": "same"}),
        ("PTQ", {"quant_types": ["weight", "input"], "quant_bits": 8},
         {"method": "static_int8", "weights": "per_tensor"}),
        ("PTQ", {"quant_types": ["weight"], "quant_bits": 4}, {"method": "weight_only", "bits": 4}),
    ],
)  # fmt: skip
def test_that_quantizers_are_methods(algorithm: str, entry: dict[str, Any], expected: dict[str, Any]) -> None:
    (stage,) = imported([{"op_types": ["Linear"], **entry}], algorithm).stages
    acting = stage.during[0] if stage.during else stage
    assert expected.items() <= acting.settings.items()
    assert [name for name, method in settings(acting, "method").items() if method] == ["fc1", "fc2", "fc3"]


def test_that_bits_that_are_not_there_are_said() -> None:
    found = imported([{"op_types": ["Linear"], "quant_types": ["weight"], "quant_bits": 16}], "LSQ")
    assert found.stages[0].during[0].settings["weight_bits"] == 8
    assert "16 became 8" in said(found)


@pytest.mark.parametrize(
    "text",
    [
        '[{"op_types": ["Conv2d"], "sparsity": 0.5}, {"op_names": ["features.conv2"], "exclude": true}]',
        "config_list:\n- op_types: [Conv2d]\n  sparsity: 0.5\n- op_names: [features.conv2]\n  exclude: true\n",
        json.dumps({"pruner": "L1NormPruner", "config_list": [{"op_names": ["features.conv1"], "sparsity": 0.5}]}),
    ],
)
def test_that_json_and_yaml_are_read_as_well(text: str) -> None:
    (stage,) = imported(text).stages
    assert {name for name, amount in settings(stage, "amount").items() if amount == 0.5} == {"features.conv1"}
    assert (stage.settings["method"] == "ln_structured") == ("L1NormPruner" in text)


def test_that_what_can_not_be_carried_over_is_named() -> None:
    config = [
        {"op_types": ["Linear"], "sparsity": 0.5, "max_sparsity_per_layer": 0.9, "apply_method": "mul"},
        {"op_names": ["fc9"], "sparsity": 0.1},
        {"op_types": ["Softmax"], "sparsity": 0.1},
        {"op_names": ["pool"], "sparsity": 0.1},
        {"op_names_re": ["("], "sparsity": 0.1},
        {"op_names": ["fc1"], "sparsity": 0.5, "dependency_group_id": "a", "target_names": ["weight", "_output_"]},
    ]
    notes = said(imported(config, "ADMMPruner"))
    for words in ("max_sparsity_per_layer", "fc9", "Entry 3", "pool has no weights", "( is no regular", "with Remove",
                  "_output_", "no counterpart of ADMM"):  # fmt: skip
        assert words in notes
    assert "apply_method" not in notes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no config_list"),
        ("config_list = [make(i) for i in range(3)]", "no config_list"),
        ("a: [b", "no config_list"),
        ("[1, 2]", "no config_list"),
        ("[{'op_names': ['nowhere'], 'sparsity': 0.5}]", "selects no layer"),
        ("[" * 5000, "no config_list"),
        ("x" * 500_000, "too long"),
    ],
)
def test_that_a_text_without_a_list_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(CompressionError, match=words):
        import_nni(text, LAYERS, catalogue())


@pytest.mark.parametrize("algorithm", nni_algorithms())
def test_that_every_algorithm_gives_a_recipe(algorithm: str) -> None:
    found = imported([{"op_types": ["Conv2d", "Linear"], "sparsity": 0.5}], algorithm)
    assert found.algorithm == algorithm
    assert found.stages


def test_that_the_command_writes_a_recipe_that_runs(
    recipe: Recipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base, config, made = tmp_path / "基础.yaml", tmp_path / "nni config.py", tmp_path / "made.yaml"
    base.write_text(recipe_to_yaml(recipe), encoding="utf-8")
    config.write_text("config_list = [{'op_types': ['Linear'], 'sparsity': 0.5, 'odd': 1}]", encoding="utf-8")
    words = ["import-nni", str(config), "--recipe", str(base), "--algorithm", "L1Norm"]
    assert command_line([*words, "--output", str(made)]) == 0
    assert "odd has no counterpart" in capsys.readouterr().err
    written = read_recipe(made, catalogue())
    assert (written.model, written.data) == (recipe.model, recipe.data)
    assert written.stages[0].settings == {"method": "ln_structured", "n": 1, "amount": 0.5}
    assert command_line(words) == 0
    assert capsys.readouterr().out == made.read_text(encoding="utf-8")
    assert command_line(["import-nni", "missing.py", "--recipe", str(base)]) == 2
    assert "missing.py" in capsys.readouterr().err
