"""Only settings that make sense where a stage stands are offered, and what is not says why."""

from backend.recipe import Stage
from gui.stage_settings import offered, unit, without_foreign
from tests.small_catalogue import during_catalogue

CATALOGUE = during_catalogue()


def names(stage: Stage, *, within: bool = False) -> list[str]:
    return [parameter.name for parameter in offered(stage, CATALOGUE, within=within).parameters]


def test_that_a_schedule_is_offered_only_while_weights_move_and_a_target_only_while_they_rest() -> None:
    stage = Stage("prune", {"method": "norm", "remove": True})
    assert "schedule" not in names(stage)
    assert "target" in names(stage)
    assert "schedule" in names(stage, within=True)
    assert "target" not in names(stage, within=True)


def test_that_a_multiple_is_offered_only_where_channels_are_removed() -> None:
    assert "round_to" not in names(Stage("prune", {"method": "norm"}))
    assert "round_to" in names(Stage("prune", {"method": "norm", "remove": True}))


def test_that_a_target_takes_the_place_of_the_amount() -> None:
    found = names(Stage("prune", {"method": "norm", "remove": True, "target": {"macs": 0.5}}))
    assert "target" in found
    assert not {"amount", "scope"} & set(found)


def test_that_masks_offer_no_target_that_only_removal_reaches() -> None:
    masks = offered(Stage("prune", {"method": "norm"}), CATALOGUE)
    assert masks.parameter("target") is None
    removal = offered(Stage("prune", {"method": "norm", "remove": True}), CATALOGUE).parameter("target")
    assert removal is not None and removal.choices == ("macs", "size")


def test_that_single_weights_can_not_be_removed_and_blocks_always_are() -> None:
    assert "remove" in offered(Stage("prune", {"method": "l1"}), CATALOGUE).blocked
    assert "remove" not in offered(Stage("prune", {"method": "norm"}), CATALOGUE).blocked
    assert "remove" not in names(Stage("prune", {"method": "blocks"}))


def test_that_a_criterion_that_learns_is_refused_outside_of_training() -> None:
    assert offered(Stage("prune", {}), CATALOGUE).refused["method"] == {
        "watcher": "Learns while training: add it under Fine-tune"
    }
    assert not offered(Stage("prune", {}), CATALOGUE, within=True).refused


def test_that_another_method_leaves_behind_what_it_can_not_do() -> None:
    stage = Stage(
        "prune", {"method": "norm", "unit": "channel", "remove": True, "round_to": 8, "target": {"macs": 0.5}}
    )
    assert without_foreign(stage, "l1", CATALOGUE) == ["unit", "remove", "round_to", "target"]
    assert without_foreign(stage, "watcher", CATALOGUE) == ["unit"]
    assert unit({"method": "norm", "unit": "weight"}, CATALOGUE) == "weight"
