"""Templates: what they are for, what they need, and what becomes of them with another network."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from backend.answers import Inspection, LayerInfo
from backend.recipe import DataSpec, ModelSpec, Recipe, Rule, Stage, read_recipe
from backend.registry import catalogue
from gui import templates as module
from gui.dialogs.nni_dialog import NniDialog
from gui.dialogs.template_dialog import TemplateDialog
from gui.document import Document
from gui.template_texts import SECONDS, shipped
from gui.templates import fitted, goals, methods_of, missing_data, missing_weights, save_template, templates
from resources.paths import resource


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's templates stand in a folder of the test."""
    folder = tmp_path / "my templates"
    monkeypatch.setattr(module, "own_folder", lambda: folder)
    return folder


@pytest.fixture
def real(inspection: Inspection, tmp_path: Path) -> Document:
    """A document over the real methods."""
    made = Document()
    made.catalogue = catalogue()
    made.start(Recipe(ModelSpec(name="lenet5"), DataSpec(), (Stage("prune"),), "Mine"), tmp_path)
    made.set_inspection(inspection)
    return made


def test_that_every_shipped_recipe_is_a_template_with_a_sentence() -> None:
    files = {file.stem for file in resource("recipes").glob("*.yaml")}
    assert set(shipped()) == files
    assert all(text.endswith(".") for text in shipped().values())
    assert {template.file.stem for template in templates(catalogue())} == files
    assert set(SECONDS) <= files


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("lenet5-digits", {"prune", "quantize", "combine"}),
        ("lenet5-agp", {"prune"}),
        ("cifar10-resnet20-int8", {"quantize"}),
        ("cifar10-resnet20-half", {"prune", "distill", "combine"}),
        ("mnist-lenet5-train", set()),
        ("cifar10-resnet20-qat", {"quantize", "distill", "combine"}),
    ],
)
def test_that_goals_are_read_from_the_stages(stem: str, expected: set[str]) -> None:
    assert goals(read_recipe(resource(f"recipes/{stem}.yaml"), catalogue())) == expected


def test_that_every_method_of_a_rule_is_named() -> None:
    recipe = read_recipe(resource("recipes/cifar10-simple-model.yaml"), catalogue())
    labels = {
        id: catalogue().get("criterion", id).label for id in ("l1_unstructured", "random_unstructured", "ln_structured")
    }
    assert methods_of(recipe, catalogue()) == list(labels.values())


def test_that_losses_of_distillation_are_methods_and_rewriting_is_a_goal() -> None:
    losses = [{"loss": "soft_targets"}, {"loss": "feature_mse", "pairs": {"conv1": "conv1"}}]
    stages = (Stage("decompose", {"method": "svd"}), Stage("train", {"distill": {"losses": losses}}))
    known = catalogue()
    labels = [known.get("decomposition", "svd").label, *(known.get("distillation", d["loss"]).label for d in losses)]
    assert methods_of(Recipe(stages=stages), known) == labels
    assert goals(Recipe(stages=stages)) == {"decompose", "distill", "combine"}
    assert goals(Recipe(stages=(Stage("replace"),))) == {"replace"}


def test_that_rules_for_layers_of_another_network_are_left_out_and_named(real: Document) -> None:
    during = Stage("quantize", {"method": "qat_int8"}, (Rule("head", None), Rule("fc9", None)))
    stages = (
        Stage("prune", {}, (Rule("features.conv", None), Rule("conv1", {"amount": 0.2}), Rule("type:Linear", None))),
        Stage("train", {}, (), (during,)),
    )
    assert real.recipe is not None
    recipe, left = fitted(Recipe(stages=stages), real.recipe, real.inspection)
    assert left == ["conv1", "fc9"]
    assert [rule.pattern for rule in recipe.stages[0].layers] == ["features.conv", "type:Linear"]
    assert [rule.pattern for rule in recipe.stages[1].during[0].layers] == ["head"]
    assert (recipe.model, recipe.data, recipe.name) == (real.recipe.model, real.recipe.data, "Mine")


def test_that_weights_and_data_that_are_not_there_are_known() -> None:
    found = {template.file.stem: template for template in templates(catalogue())}
    assert missing_weights(found["lenet5-digits"]) == ""
    assert missing_weights(found["mnist-lenet5-int8"]) == "runs/mnist-lenet5-train"
    folder = found["lenet5-digits"].file.parent
    assert not missing_data(found["lenet5-digits"].recipe, folder, catalogue())
    assert missing_data(found["mnist-lenet5-int8"].recipe, folder, catalogue())


def test_that_a_template_of_ones_own_leads_to_the_same_files_and_comes_first(own: Path, tmp_path: Path) -> None:
    (tmp_path / "网络").mkdir()
    (tmp_path / "网络" / "mine.pth").write_bytes(b"")
    recipe = Recipe(ModelSpec("checkpoint", "lenet5", "网络/mine.pth"), DataSpec(), (Stage("prune"),), "My own: 50%")
    file = save_template(recipe, tmp_path)
    assert file.parent == own
    first = templates(catalogue())[0]
    assert (first.own, first.recipe.name) == (True, "My own: 50%")
    assert first.recipe.model.weights == str((tmp_path / "网络" / "mine.pth").resolve())
    assert missing_weights(first) == ""
    (own / "broken.yaml").write_text("stages: 3", encoding="utf-8")
    assert len(templates(catalogue())) == len(shipped()) + 1


def test_that_the_comment_of_a_file_is_what_it_is_about(own: Path) -> None:
    own.mkdir()
    text = resource("recipes/lenet5-agp.yaml").read_text(encoding="utf-8")
    (own / "a.yaml").write_text("# Two lines\n# of text.\n" + text, encoding="utf-8")
    assert templates(catalogue())[0].about.startswith("Two lines of text.")


@pytest.fixture
def dialog(real: Document, qtbot: QtBot) -> TemplateDialog:
    made = TemplateDialog(templates(catalogue()), real)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    return made


def names(dialog: TemplateDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def texts(dialog: TemplateDialog) -> str:
    return "\n".join(label.text() for label in dialog.shown.widget().findChildren(QLabel))


def test_that_the_list_is_filtered_by_goal_and_word(dialog: TemplateDialog, qtbot: QtBot) -> None:
    everything = names(dialog)
    dialog.goal.changed.emit(dialog.goal.set_value("distill"))
    assert "ResNet-20 on CIFAR-10, 4 bits" in names(dialog)
    assert len(names(dialog)) < len(everything)
    dialog.goal.changed.emit(dialog.goal.set_value(""))
    qtbot.keyClicks(dialog.search, "LOTTERY")
    assert names(dialog) == ["LeNet-5, lottery ticket"]
    qtbot.keyClicks(dialog.search, "zzz")
    assert names(dialog) == []
    assert "No template fits" in texts(dialog)
    assert not dialog.open_it.isEnabled()


def test_that_the_preview_says_stages_methods_needs_and_what_is_left_out(dialog: TemplateDialog, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.search, "SimpleModel")
    shown = texts(dialog)
    assert "Prune" in shown
    assert "Random unstructured" in shown
    assert "its place is asked for" in shown
    assert "Rules for conv1, fc1, conv2 match nothing in your network" in shown
    dialog.search.setText("prune then int8")
    assert "0:20" in texts(dialog)
    assert dialog.weights is None
    dialog.list.setCurrentRow(1)
    assert dialog.weights is not None, "trained weights are asked for"


def test_that_a_double_click_uses_it_with_the_network_that_is_open(dialog: TemplateDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.use_wanted) as told:
        dialog.list.itemActivated.emit(dialog.list.currentItem())
    assert told.args[0].file.stem == "lenet5-digits"


def test_that_without_a_network_templates_open_as_they_are(qtbot: QtBot) -> None:
    document = Document()
    document.catalogue = catalogue()
    dialog = TemplateDialog(templates(catalogue()), document)
    qtbot.addWidget(dialog)
    assert not dialog.use.isEnabled()
    assert dialog.use.toolTip() == "Open a network first"
    assert dialog.open_it.isEnabled()


def test_that_an_nni_config_is_previewed_while_it_is_typed(real: Document, qtbot: QtBot, tmp_path: Path) -> None:
    layers = [
        LayerInfo("conv", "Conv2d", 0, None, True, (8, 3, 3, 3)),
        LayerInfo("fc", "Linear", 0, None, True, (4, 8)),
    ]
    found = Inspection("net", {}, (3, 8, 8), 4, 0, 0, 0, layers)
    dialog = NniDialog(found, catalogue())
    qtbot.addWidget(dialog)
    assert not dialog.replace.isEnabled()
    qtbot.keyClicks(dialog.text, "[{'op_types': ['Linear'], 'sparsity': 0.5, 'odd': 1}]")
    qtbot.waitUntil(lambda: dialog.found is not None)
    shown = "\n".join(label.text() for label in dialog.preview.widget().findChildren(QLabel))
    assert "1 stage, read for Level" in shown
    assert "conv: Keep as is" in shown
    assert "odd has no counterpart" in shown
    dialog.algorithm.setCurrentIndex(dialog.algorithm.findData("L2Norm"))
    assert dialog.found is not None
    assert dialog.found.stages[0].settings["n"] == 2
    file = tmp_path / "config.json"
    file.write_text('[{"op_names": ["nowhere"], "sparsity": 0.5}]', encoding="utf-8")
    dialog.read_file(file)
    assert dialog.found is None
    assert not dialog.add.isEnabled()
    dialog.read_file(tmp_path / "missing.json")
    shown = "\n".join(label.text() for label in dialog.preview.widget().findChildren(QLabel))
    assert "No such file" in shown
    assert not dialog.add.isEnabled()


def test_that_the_menu_of_a_template_lines_it_up(dialog: TemplateDialog, qtbot: QtBot) -> None:
    menu = dialog.menu()
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Use with my network", "Add to queue", "Open as it is"]
    with qtbot.waitSignal(dialog.queue_wanted) as told:
        menu.actions()[1].trigger()
    assert told.args[0] is dialog.chosen
