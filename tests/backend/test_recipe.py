"""Reading, refusing and editing recipes."""

import copy
import itertools
from pathlib import Path

import pytest

from backend.errors import CompressionError, RecipeError
from backend.recipe import (
    Recipe,
    Rule,
    Stage,
    add_stage,
    edit_layers,
    filled,
    merged,
    move_stage,
    read_recipe,
    recipe_from_data,
    recipe_from_yaml,
    recipe_to_yaml,
    remove_stage,
    resolved,
    value_from_text,
    with_value,
)
from backend.recipe._check import NOT_YET
from tests.small_catalogue import during_catalogue, small_catalogue

CATALOGUE = small_catalogue()
DURING = during_catalogue()

SAMPLE = """\
pare: 1
name: LeNet-5, shrink then int8
seed: 0
device: cpu
model: {source: bundled, name: lenet5}
data: {source: digits, batch_size: 64}
stages:
  - prune:
      method: norm
      n: 1
      amount: 0.5
      layers: {fc3: keep, "conv*": {amount: 0.3}, layer1.0.conv1: {amount: 0.2}}
  - train:
      epochs: 5
      learning_rate: 1e-3
  - quantize: {method: static, batches: 8}
"""


def read(text: str) -> Recipe:
    return recipe_from_yaml(text, CATALOGUE)


def refused(text: str) -> RecipeError:
    with pytest.raises(RecipeError) as caught:
        read(text)
    return caught.value


def with_stages(*lines: str) -> str:
    """A recipe whose first stage begins on line 4."""
    return "\n".join(["pare: 1", "model: {name: lenet5}", "stages:", *lines])


def test_that_a_recipe_holds_what_the_file_says() -> None:
    recipe = read(SAMPLE)
    assert (recipe.name, recipe.seed, recipe.device) == ("LeNet-5, shrink then int8", 0, "cpu")
    assert (recipe.model.source, recipe.model.name) == ("bundled", "lenet5")
    assert [stage.kind for stage in recipe.stages] == ["prune", "train", "quantize"]
    prune, train, quantize = recipe.stages
    assert prune.settings == {"method": "norm", "n": 1, "amount": 0.5}
    assert prune.layers == (
        Rule("fc3", None),
        Rule("conv*", {"amount": 0.3}),
        Rule("layer1.0.conv1", {"amount": 0.2}),
    )
    assert train.settings == {"epochs": 5, "learning_rate": 0.001}
    assert quantize.settings == {"method": "static", "batches": 8}


def test_that_writing_and_reading_again_gives_the_same_recipe() -> None:
    recipe = read(SAMPLE)
    assert read(recipe_to_yaml(recipe)) == recipe


def test_that_a_written_recipe_begins_with_its_version() -> None:
    assert recipe_to_yaml(read(SAMPLE)).startswith("pare: 1\n")


def test_that_a_stage_may_be_a_single_word() -> None:
    assert read(with_stages("  - train", "  - prune:")).stages == (Stage("train"), Stage("prune"))


@pytest.mark.parametrize("text", ["1e-3", "1E-3", "1.0e-3", "0.001", ".1e-2", "1.e-3"])
def test_that_a_number_with_an_exponent_is_a_number(text: str) -> None:
    recipe = read(with_stages(f"  - train: {{learning_rate: {text}}}"))
    assert recipe.stages[0].settings["learning_rate"] == pytest.approx(0.001)


@pytest.mark.parametrize(
    "name", ["on", "yes", "1e-3", "1e5", "true", "null", "2024-01-01", "0x10", "- a", "a: b", "层"]
)
def test_that_a_text_that_looks_like_something_else_stays_a_text(name: str) -> None:
    recipe = Recipe(name=name)
    assert read(recipe_to_yaml(recipe)).name == name


def test_that_a_layer_called_1_10_is_not_the_layer_1_1() -> None:
    rules = read(with_stages("  - prune:", "      layers: {1.10: keep, 0: keep, on: keep}")).stages[0].layers
    assert [rule.pattern for rule in rules] == ["1.10", "0", "on"]


def test_that_on_is_a_text_and_not_true() -> None:
    error = refused(with_stages("  - train: {from_scratch: on}"))
    assert str(error) == "from_scratch can't be on."
    assert str(error.hint) == "Write true or false."


@pytest.mark.parametrize(
    ("line", "key", "near"),
    [
        ("  - prune: {amuont: 0.5}", "amuont", "amount"),
        ("  - train: {epoch: 5}", "epoch", "epochs"),
        ("  - prune: {method: norm, layers: {fc3: {amout: 0.1}}}", "amout", "amount"),
        ("  - quantize: {method: static, batch: 1}", "batch", "batches"),
    ],
)
def test_that_an_unknown_key_is_named_with_its_line_and_the_nearest_word(line: str, key: str, near: str) -> None:
    error = refused(with_stages("  - train", line))
    assert str(error) == f"Unknown key {key}."
    assert str(error.hint) == f"Did you mean {near}?"
    assert error.line == 5


def test_that_an_unknown_key_inside_a_long_stage_names_its_own_line() -> None:
    error = refused(SAMPLE.replace("      epochs: 5\n", "      epochs: 5\n      epohcs: 5\n"))
    assert error.line == 15
    assert error.path == "stages.1.train.epohcs"


@pytest.mark.parametrize(
    ("text", "message", "hint", "line"),
    [
        ("model: {nme: lenet5}", "Unknown key nme.", "Did you mean name?", 1),
        ("mdoel: {name: lenet5}", "Unknown key mdoel.", "Did you mean model?", 1),
        ("model: {}\ndata: {source: mnits}", "Pare has no dataset called mnits.", "Did you mean mnist?", 2),
        ("model: {source: bundeld}", "source can't be bundeld.", "Did you mean bundled?", 1),
        ("model: {}\ndevice: gpu", "device can't be gpu.", "Did you mean cpu?", 2),
        ("model: {}\ndata: {batch_size: 0}", "batch_size can't be 0.", "The smallest value is 1.", 2),
        ("model: {}\nseed: 1.5", "seed can't be 1.5.", "Write a whole number.", 2),
        ("model: {}\nseed: null", "seed can't be null.", "Write a whole number.", 2),
        ("model: {num_classes: many}", "num_classes can't be many.", "Write a whole number.", 1),
        ("model: lenet5", "model must hold keys and values.", "Write one key: value a line.", 1),
        ("model: {}\nstages: {prune: {}}", "stages must be a list.", "Begin each stage with a dash.", 2),
    ],
)
def test_that_a_wrong_section_is_refused_with_its_repair(text: str, message: str, hint: str, line: int) -> None:
    error = refused(text)
    assert (str(error), str(error.hint), error.line) == (message, hint, line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("  - prune: {amount: -0.1}", "amount can't be -0.1."),
        ("  - prune: {amount: 1.5}", "amount can't be 1.5."),
        ("  - prune: {amount: .nan}", "amount can't be nan."),
        ("  - prune: {amount: half}", "amount can't be half."),
        ("  - prune: {amount: true}", "amount can't be True."),
        ("  - prune: {amount: null}", "amount can't be null."),
        ("  - prune: {scope: everywhere}", "scope can't be everywhere."),
        ("  - prune: {method: [l1]}", "Pare has no criterion called ['l1']."),
        ("  - prune: {method: l2}", "Pare has no criterion called l2."),
        ("  - prune: {method: norm, dim: 2}", "dim can't be 2."),
        ("  - prune: {method: norm, dim: 0.5}", "dim can't be 0.5."),
        ("  - train: {learning_rate: 0}", "learning_rate can't be 0."),
        ("  - train: {learning_rate: .inf}", "learning_rate can't be inf."),
        ("  - train: {epochs: .inf}", "epochs can't be inf."),
        ("  - train: {epochs: 0}", "epochs can't be 0."),
    ],
)
def test_that_a_value_that_cannot_be_meant_is_refused(line: str, message: str) -> None:
    error = refused(with_stages(line))
    assert str(error) == message
    assert error.hint is not None
    assert error.line == 4


def test_that_bounds_are_part_of_the_hint() -> None:
    assert str(refused(with_stages("  - prune: {amount: 7}")).hint) == "Choose a value from 0 to 1."
    assert str(refused(with_stages("  - train: {learning_rate: 0}")).hint) == "Choose a value above 0 and up to 100."
    assert str(refused(with_stages("  - train: {epochs: 0}")).hint) == "The smallest value is 1."


def test_that_a_setting_of_the_whole_stage_is_refused_in_a_rule() -> None:
    error = refused(with_stages("  - prune:", "      layers:", "        fc3: {scope: global}"))
    assert str(error) == "scope can't differ from layer to layer."
    assert error.line == 6


@pytest.mark.parametrize("rule", ["null", "0.5", "drop", "[keep]"])
def test_that_a_rule_is_keep_or_settings(rule: str) -> None:
    error = refused(with_stages("  - prune:", "      layers:", f"        fc3: {rule}"))
    assert str(error.hint) == "Write keep, or settings like {amount: 0.3}."
    assert error.line == 6


def test_that_two_words_in_one_stage_are_refused() -> None:
    assert "this one has 2" in str(refused(with_stages("  - {prune: {}, train: {}}")))


def test_that_an_unknown_stage_offers_the_nearest_one() -> None:
    error = refused(with_stages("  - train", "  - quantise"))
    assert (str(error), str(error.hint), error.line) == ("quantise is no kind of stage.", "Did you mean quantize?", 5)


def test_that_a_stage_of_a_later_version_says_so() -> None:
    error = refused(with_stages("  - decompose: {rank: 3}"))
    assert str(error) == "The stage decompose is not in this version of Pare."
    assert "prune" in str(error.hint)


def test_that_training_after_int8_is_refused_with_the_repair() -> None:
    error = refused(with_stages("  - quantize", "  - train"))
    assert str(error).startswith("Stage 2 (train) comes after stage 1 has converted")
    assert str(error.hint) == "Move it before stage 1."
    assert error.line == 5


def test_that_a_second_conversion_is_refused() -> None:
    error = refused(with_stages("  - quantize", "  - quantize: {method: static}"))
    assert (error.path, str(error)) == (
        "stages.1",
        "Stages 1 and 2 both quantize, and a network is quantized once.",
    )
    assert error.repair is not None
    assert [list(stage) for stage in error.repair.edits["stages"]] == [["quantize"]]


def test_that_training_after_a_scheme_that_keeps_weights_is_allowed() -> None:
    assert len(read(with_stages("  - quantize: {method: rounded}", "  - train")).stages) == 2


@pytest.mark.parametrize("key", sorted(NOT_YET))
def test_that_a_key_of_a_later_version_is_refused_with_its_own_sentence(key: str) -> None:
    error = refused(with_stages(f"  - prune: {{{key}: 1}}"))
    assert str(error) == NOT_YET[key]
    assert str(error.hint) == f"Remove the key {key}."
    assert error.line == 4


def test_that_a_search_at_the_top_is_refused_as_a_key_of_a_later_version() -> None:
    assert str(refused("model: {}\nsearch: {trials: 3}")) == NOT_YET["search"]


def test_that_a_newer_version_is_refused() -> None:
    error = refused("pare: 2\nmodel: {}")
    assert str(error) == "This recipe was written by a newer Pare (format 2)."
    assert error.line == 1


@pytest.mark.parametrize("version", ["one", "0", "-1", "true", "1.0", "null"])
def test_that_a_version_that_is_none_is_refused(version: str) -> None:
    assert str(refused(f"pare: {version}\nmodel: {{}}").hint) == "Write pare: 1."


def test_that_a_key_that_stands_twice_is_refused() -> None:
    error = refused(SAMPLE.replace("seed: 0\n", "seed: 0\nseed: 1\n"))
    assert (str(error), error.line) == ("The key seed stands twice.", 4)


def test_that_a_rule_that_stands_twice_is_refused() -> None:
    error = refused(with_stages("  - prune:", "      layers:", "        fc3: keep", "        fc3: {amount: 0.1}"))
    assert (str(error), error.line) == ("The key fc3 stands twice.", 7)


@pytest.mark.parametrize(
    "text",
    [
        "model: {name: lenet5",
        "model: {}\n\tname: x",
        "a: b: c",
        "!!python/object/apply:os.system ['true']",
        "? [a]\n: b",
        "--- {}\n--- {}",
        "\x00",
        "stages: &a [*a]",
        "[" * 5000,
    ],
)
def test_that_what_is_not_yaml_is_refused_in_one_sentence(text: str) -> None:
    error = refused(text)
    assert "\n" not in str(error)
    assert error.hint is not None


@pytest.mark.parametrize("text", ["", "hello", "- a\n- b", "3", "null"])
def test_that_yaml_that_is_no_recipe_is_refused(text: str) -> None:
    assert str(refused(text)) == "recipe must hold keys and values."


def test_that_a_recipe_without_a_network_says_which_line_is_missing() -> None:
    assert str(refused("pare: 1").hint) == "Add a line like: model: {source: bundled, name: lenet5}"


def test_that_a_file_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CompressionError, match="There is no file"):
        read_recipe(tmp_path / "nowhere.yaml", CATALOGUE)


def test_that_a_file_that_is_no_text_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "picture.yaml"
    file.write_bytes(b"\x89PNG\xff\xfe\x00")
    with pytest.raises(CompressionError, match="not a text in UTF-8"):
        read_recipe(file, CATALOGUE)


def test_that_a_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CompressionError, match="can't read"):
        read_recipe(tmp_path, CATALOGUE)


def test_that_a_byte_order_mark_and_chinese_are_read(tmp_path: Path) -> None:
    file = tmp_path / "配方 一.yaml"
    file.write_text("name: 剪枝\nmodel: {}\n", encoding="utf-8-sig")
    assert read_recipe(file, CATALOGUE).name == "剪枝"


def test_that_set_reaches_every_place() -> None:
    recipe = recipe_from_yaml(
        SAMPLE,
        CATALOGUE,
        {
            "seed": 7,
            "data.limit": 100,
            "stages.0.prune.amount": 0.7,
            "stages.0.prune.layers.layer1.0.conv1.amount": 0.9,
            "stages.0.prune.layers.layer2.0.conv2": "keep",
            "stages.0.prune.layers.fc3": {"amount": 0.1},
            "stages.1.train.learning_rate": None,
        },
    )
    assert (recipe.seed, recipe.data.limit) == (7, 100)
    prune, train, _ = recipe.stages
    assert prune.settings["amount"] == 0.7
    rules = {rule.pattern: rule.settings for rule in prune.layers}
    assert rules["layer1.0.conv1"] == {"amount": 0.9}
    assert rules["layer2.0.conv2"] is None
    assert rules["fc3"] == {"amount": 0.1}
    assert "learning_rate" not in train.settings


def test_that_a_value_for_set_is_read_as_in_a_file() -> None:
    assert [value_from_text(text) for text in ("1e-3", "on", "keep", "[1, 2]", "null", "0.5")] == [
        0.001,
        "on",
        "keep",
        [1, 2],
        None,
        0.5,
    ]


def test_that_set_on_a_stage_that_is_not_there_is_refused() -> None:
    with pytest.raises(RecipeError, match="no stage 3") as caught:
        recipe_from_yaml(SAMPLE, CATALOGUE, {"stages.3.prune.amount": 0.5})
    assert str(caught.value.hint) == "Stages count from 0; this recipe has 3."


def test_that_a_wrong_value_from_set_names_no_line_of_the_file() -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(SAMPLE, CATALOGUE, {"stages.0.prune.amount": 7})
    assert (caught.value.path, caught.value.line) == ("stages.0.prune.amount", None)


def test_that_setting_a_value_leaves_the_data_it_came_from() -> None:
    data = read(SAMPLE).to_data()
    before = copy.deepcopy(data)
    with_value(data, "stages.0.prune.layers.fc3.amount", 0.9)
    with_value(data, "stages.1.train.epochs", None)
    assert data == before


def test_that_merged_edits_are_checked_as_a_whole() -> None:
    recipe = read(SAMPLE)
    assert merged(recipe, {"stages.0.prune.amount": 0.9}, CATALOGUE).stages[0].settings["amount"] == 0.9
    with pytest.raises(RecipeError):
        merged(recipe, {"stages.0.prune.amount": 9}, CATALOGUE)


def test_that_every_edit_returns_a_new_recipe_and_leaves_the_old_one() -> None:
    recipe = read(SAMPLE)
    before = recipe_to_yaml(recipe)
    edited = [
        add_stage(recipe, Stage("train", {"epochs": 1})),
        remove_stage(recipe, 1),
        move_stage(recipe, 1, 0),
        edit_layers(recipe, "prune", ["fc1", "fc2"], {"amount": 0.25})[0],
        edit_layers(recipe, "prune", ["fc3"], None)[0],
        merged(recipe, {"stages.0.prune.layers.fc3": {"amount": 0.1}}, CATALOGUE),
    ]
    assert all(other != recipe for other in edited)
    assert recipe_to_yaml(recipe) == before


def test_that_a_stage_is_added_before_what_must_follow_it() -> None:
    recipe = recipe_from_data({"model": {}, "stages": ["train", "quantize"]}, CATALOGUE)
    assert [s.kind for s in add_stage(recipe, Stage("prune")).stages] == ["prune", "train", "quantize"]
    assert [s.kind for s in add_stage(recipe, Stage("train")).stages] == ["train", "train", "quantize"]
    assert [s.kind for s in add_stage(recipe, Stage("train"), 0).stages] == ["train", "train", "quantize"]
    assert [s.kind for s in add_stage(recipe, Stage("quantize")).stages] == ["train", "quantize", "quantize"]


def test_that_moving_a_stage_keeps_all_of_them() -> None:
    recipe = read(SAMPLE)
    assert [s.kind for s in move_stage(recipe, 0, 2).stages] == ["train", "quantize", "prune"]
    assert [s.kind for s in move_stage(recipe, 2, 0).stages] == ["quantize", "prune", "train"]


def test_that_a_menu_edit_without_a_stage_prunes_nothing_else() -> None:
    recipe = recipe_from_data({"model": {}, "stages": ["train", "quantize"]}, CATALOGUE)
    edited, index = edit_layers(recipe, "prune", ["conv2"], {"method": "l1", "amount": 0.5})
    assert index == 0
    assert edited.stages[0] == Stage("prune", {}, (Rule("conv2", {"method": "l1", "amount": 0.5}), Rule("*", None)))


def test_that_a_menu_edit_goes_to_the_selected_stage_of_its_kind_else_to_the_first() -> None:
    recipe = recipe_from_data({"model": {}, "stages": ["prune", "train", "prune"]}, CATALOGUE)
    assert edit_layers(recipe, "prune", ["a"], "keep", 2)[1] == 2
    assert edit_layers(recipe, "prune", ["a"], "keep", 1)[1] == 0
    assert edit_layers(recipe, "prune", ["a"], "keep")[1] == 0


def test_that_a_menu_edit_replaces_the_rule_of_its_layers_only() -> None:
    edited, _ = edit_layers(read(SAMPLE), "prune", ["fc3"], {"amount": 0.1})
    rules = {rule.pattern: rule.settings for rule in edited.stages[0].layers}
    assert rules == {"fc3": {"amount": 0.1}, "conv*": {"amount": 0.3}, "layer1.0.conv1": {"amount": 0.2}}


def test_that_resetting_a_layer_without_a_stage_changes_nothing() -> None:
    recipe = recipe_from_data({"model": {}, "stages": ["train"]}, CATALOGUE)
    assert edit_layers(recipe, "prune", ["conv1"], None)[0] == recipe
    assert edit_layers(recipe, "prune", ["conv1"], "keep")[0] == recipe


def test_that_filling_writes_every_default_of_stage_and_method() -> None:
    stage = Stage("prune", {"method": "norm", "amount": 0.2})
    assert filled(stage, CATALOGUE) == {"method": "norm", "amount": 0.2, "scope": "local", "n": 2, "dim": 0}


def test_that_a_resolved_recipe_resolves_to_itself() -> None:
    once = resolved(read(SAMPLE), CATALOGUE)
    assert resolved(once, CATALOGUE) == once
    assert read(recipe_to_yaml(once)) == once


# What acts while weights move

TRAIN = """\
model: {}
stages:
  - train:
      epochs: 4
      during:
        - prune:
            method: norm
            amount: 0.3
            schedule: {kind: agp, end: 0.6}
            layers: {fc3: keep}
"""


def refused_within(entry: str) -> RecipeError:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(with_stages("  - train:", "      during:", f"        - {entry}"), DURING)
    return caught.value


def repaired(recipe: Recipe, error: RecipeError) -> Recipe:
    assert error.repair is not None
    return merged(recipe, error.repair.edits, DURING)


def test_that_a_during_list_is_read_checked_and_written() -> None:
    recipe = recipe_from_yaml(TRAIN, DURING)
    entry = Stage(
        "prune",
        {"method": "norm", "amount": 0.3, "schedule": {"kind": "agp", "end": 0.6}},
        (Rule("fc3", None),),
    )
    assert recipe.stages == (Stage("train", {"epochs": 4}, (), (entry,)),)
    assert recipe_from_yaml(recipe_to_yaml(recipe), DURING) == recipe


def test_that_an_entry_without_a_schedule_resolves_to_agp() -> None:
    recipe = recipe_from_yaml(with_stages("  - train: {during: [prune]}"), DURING)
    entry = resolved(recipe, DURING).stages[0].during[0]
    assert entry.settings["schedule"] == {"kind": "agp", "start": 0.0, "end": 0.75}
    assert entry.settings["amount"] == 0.5


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("amount: 0.3", "amuont: 0.3", 8, "Unknown key amuont."),
        ("amount: 0.3", "amount: 3", 8, "amount can't be 3."),
        ("method: norm", "method: nrom", 7, "Pare has no criterion called nrom."),
        ("kind: agp", "kind: apg", 9, "Pare has no schedule called apg."),
        ("end: 0.6", "end: 6", 9, "end can't be 6."),
        ("end: 0.6", "end: null", 9, "end can't be null."),
        ("end: 0.6", "ende: 0.6", 9, "Unknown key ende."),
        ("end: 0.6", "end: 0.6, start: 0.6", 9, "The schedule ends at 0.6 of the training and begins at 0.6."),
        ("{kind: agp, end: 0.6}", "agp", 9, "schedule can't be agp."),
        ("prune:", "pruen:", 6, "pruen is no kind of stage."),
        ("fc3: keep", "fc3: drop", 10, "stages.0.train.during.0.prune.layers.fc3 must hold keys and values."),
    ],
)
def test_that_a_mistake_in_a_during_list_names_its_line(old: str, new: str, line: int, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(TRAIN.replace(old, new), DURING)
    assert (str(caught.value), caught.value.line) == (message, line)
    assert caught.value.hint is not None


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        ("train: {during: {prune: {}}}", "during must be a list."),
        ("train: {during: [train]}", "A during list can't hold a train stage."),
        ("prune: {during: [prune]}", "A prune stage has no during list: weights move in a train stage alone."),
        (
            "train: {during: [prune: {during: [prune]}]}",
            "A prune stage has no during list: weights move in a train stage alone.",
        ),
    ],
)
def test_that_a_during_list_holds_prune_entries_of_a_train_stage(stage: str, message: str) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(with_stages(f"  - {stage}"), DURING)
    assert str(caught.value) == message
    assert caught.value.line == 4
    assert caught.value.hint is not None


def test_that_set_reaches_into_a_during_list() -> None:
    path = "stages.0.train.during.0.prune"
    edits = {
        f"{path}.amount": 0.9,
        f"{path}.schedule.end": 0.8,
        f"{path}.layers.conv.1.amount": 0.1,
        f"{path}.layers.fc3": None,
    }
    recipe = recipe_from_yaml(TRAIN, DURING, edits)
    entry = recipe.stages[0].during[0]
    assert entry.settings["amount"] == 0.9
    assert entry.settings["schedule"] == {"kind": "agp", "end": 0.8}
    assert entry.layers == (Rule("conv.1", {"amount": 0.1}),)
    other = merged(recipe, {f"{path}.schedule": {"kind": "agp"}, f"{path}.schedule.kind": "one_shot"}, DURING)
    assert other.stages[0].during[0].settings["schedule"] == {"kind": "one_shot"}
    assert merged(recipe, {"stages.0.train.during": None}, DURING).stages == (Stage("train", {"epochs": 4}),)
    with pytest.raises(RecipeError, match="no stage 3"):
        merged(recipe, {"stages.0.train.during.3.prune.amount": 0.1}, DURING)


def test_that_set_reaches_a_stage_that_is_a_single_word() -> None:
    recipe = recipe_from_yaml(
        with_stages("  - train", "  - train: {during: [prune]}"),
        DURING,
        {"stages.0.train.epochs": 2, "stages.1.train.during.0.prune.amount": 0.2},
    )
    assert recipe.stages[0].settings == {"epochs": 2}
    assert recipe.stages[1].during[0].settings == {"amount": 0.2}


def test_that_a_schedule_by_itself_is_refused_and_the_repair_moves_it_into_the_training() -> None:
    text = with_stages("  - prune: {method: norm, amount: 0.4}", "  - train: {epochs: 2}")
    recipe = recipe_from_yaml(text, DURING)
    with pytest.raises(RecipeError) as caught:
        merged(recipe, {"stages.0.prune.schedule": {"kind": "one_shot", "start": 0.1}}, DURING)
    assert caught.value.path == "stages.0.prune.schedule"
    assert repaired(recipe, caught.value).stages == (
        Stage(
            "train",
            {"epochs": 2},
            (),
            (Stage("prune", {"method": "norm", "amount": 0.4, "schedule": {"kind": "one_shot", "start": 0.1}}),),
        ),
    )


def test_that_a_method_that_learns_is_refused_outside_of_training_with_that_repair() -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(with_stages("  - prune: {method: watcher}", "  - quantize"), DURING)
    error = caught.value
    assert str(error) == "watcher learns what to prune while weights move, and here they rest."
    assert error.line == 4
    moved = Stage("prune", {"method": "watcher", "schedule": {"kind": "agp"}})
    assert repaired(Recipe(), error).stages == (Stage("train", {}, (), (moved,)), Stage("quantize"))


def test_that_a_method_that_learns_is_refused_in_a_rule_too() -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(with_stages("  - prune:", "      layers:", "        a.b: {method: watcher}"), DURING)
    assert caught.value.line == 6


def test_that_a_method_nothing_is_left_to_is_not_refused() -> None:
    text = with_stages("  - prune: {method: watcher, layers: {a: {method: norm}, '*': keep}}")
    assert len(recipe_from_yaml(text, DURING).stages) == 1


def test_that_a_method_that_learns_is_not_asked_before_it_has_seen_anything() -> None:
    error = refused_within("prune: {method: watcher, schedule: {kind: one_shot}}")
    assert str(error) == "watcher learns what to prune, and at the start of the training it has seen nothing."
    assert repaired(Recipe(), error).stages[0].during[0].settings["schedule"] == {"kind": "one_shot", "start": 0.5}


@pytest.mark.parametrize("place", ["- prune: {{{}}}", "- train: {{during: [prune: {{{}}}]}}"])
@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ("method: l1, seed: 3, remove: true, round_to: 8", {"method": "ln_structured", "remove": True, "round_to": 8}),
        ("method: norm, unit: weight, remove: true", {"method": "norm", "unit": "channel", "remove": True}),
        ("remove: true", {"method": "ln_structured", "remove": True}),
    ],
)
def test_that_single_weights_can_not_be_removed(place: str, settings: str, left: dict[str, object]) -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(with_stages("  " + place.format(settings)), DURING)
    assert str(caught.value).endswith("prunes single weights, and only whole channels can be removed.")
    stage = repaired(Recipe(), caught.value).stages[0]
    assert (stage.during or (stage,))[0].settings == left


def test_that_a_rule_for_single_weights_is_refused_where_channels_are_removed() -> None:
    lines = ("  - prune:", "      method: norm", "      remove: true", "      layers: {a: {method: l1}}")
    with pytest.raises(RecipeError, match="l1 prunes single weights") as caught:
        recipe_from_yaml(with_stages(*lines), DURING)
    assert caught.value.line == 7
    assert recipe_from_yaml(with_stages(*lines[:3]), DURING).stages


def test_that_rounding_without_removal_is_refused() -> None:
    with pytest.raises(RecipeError) as caught:
        recipe_from_yaml(with_stages("  - prune: {method: norm, round_to: 8}"), DURING)
    assert caught.value.path == "stages.0.prune.round_to"
    assert repaired(Recipe(), caught.value).stages == (Stage("prune", {"method": "norm"}),)


@pytest.mark.parametrize(
    ("settings", "path", "left"),
    [
        ("target: {macs: 0.5}", "target", {}),
        ("reestimate: true", "reestimate", {}),
    ],
)
def test_that_what_needs_resting_weights_is_refused_while_they_move(
    settings: str, path: str, left: dict[str, object]
) -> None:
    error = refused_within(f"prune: {{{settings}}}")
    assert error.path == f"stages.0.train.during.0.prune.{path}"
    assert repaired(Recipe(), error).stages[0].during[0].settings == left


def test_that_blocks_go_before_the_training() -> None:
    error = refused_within("prune: {method: blocks, schedule: {kind: agp}}")
    assert repaired(Recipe(), error).stages == (Stage("prune", {"method": "blocks"}), Stage("train"))


def test_that_nothing_else_acts_in_a_training_that_is_repeated() -> None:
    ticket = "{prune: {schedule: {kind: ticket}}}"
    with pytest.raises(RecipeError, match="repeats the whole training"):
        recipe_from_yaml(with_stages(f"  - train: {{during: [{ticket}, prune]}}"), DURING)
    assert recipe_from_yaml(with_stages(f"  - train: {{during: [{ticket}]}}"), DURING).stages


def test_that_a_whole_new_list_of_stages_can_be_set() -> None:
    recipe = recipe_from_yaml(TRAIN, DURING)
    data = [Stage("prune", {"method": "norm"}, (Rule("a.b", None),)).to_data(), recipe.stages[0].to_data()]
    edited = merged(recipe, {"stages": data}, DURING)
    assert [stage.kind for stage in edited.stages] == ["prune", "train"]
    assert edited.stages[1] == recipe.stages[0]


def refusal(stages: list[object]) -> RecipeError | None:
    try:
        recipe_from_data({"model": {}, "stages": stages}, DURING)
    except RecipeError as error:
        return error
    return None


@pytest.mark.parametrize("during", [False, True])
@pytest.mark.parametrize("method", ["l1", "norm", "watcher", "blocks"])
@pytest.mark.parametrize("schedule", [None, "agp", "one_shot", "ticket"])
def test_that_repair_after_repair_ends_in_a_recipe_that_makes_sense(
    during: bool, method: str, schedule: str | None
) -> None:
    given: dict[str, object] = {"schedule": {"kind": schedule}} if schedule else {}
    for others in itertools.product((False, True), repeat=4):
        more = {"remove": True, "target": {"macs": 0.5}, "round_to": 8, "reestimate": True}
        chosen = {key: value for (key, value), on in zip(more.items(), others, strict=True) if on}
        body = {"prune": {"method": method, **given, **chosen}}
        ticket = {"train": {"during": [{"prune": {"schedule": {"kind": "ticket"}}}]}}
        stages: list[object] = [{"train": {"during": [body]}} if during else body, ticket]
        for _ in range(8):
            error = refusal(stages)
            if error is None:
                break
            assert error.repair is not None
            assert error.repair.edits["stages"] != stages
            stages = error.repair.edits["stages"]
        recipe = recipe_from_data({"model": {}, "stages": stages}, DURING)
        assert len([stage for stage in recipe.stages if stage.during or stage.kind == "prune"]) == 2


@pytest.mark.parametrize(("method", "remove"), [("norm", True), ("l1", None)])
def test_that_a_target_that_only_removal_meets_is_refused_with_its_repair(method: str, remove: bool | None) -> None:
    with pytest.raises(RecipeError, match="only removal makes it smaller") as caught:
        recipe_from_yaml(with_stages(f"  - prune: {{method: {method}, target: {{macs: 0.5}}}}"), DURING)
    assert caught.value.path == "stages.0.prune.target"
    plain = recipe_from_yaml(with_stages(f"  - prune: {{method: {method}}}"), DURING)
    settings = repaired(plain, caught.value).stages[0].settings
    assert settings.get("remove") is remove
    assert settings.get("target") == ({"macs": 0.5} if remove else None)
