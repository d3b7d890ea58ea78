"""Whatever is registered describes itself well enough for menus, forms, command line and recipe."""

import json
import re

import pytest

from backend.description import Catalogue, Description, Method
from backend.recipe import ModelSpec, Recipe, Stage, filled, recipe_from_yaml, recipe_to_yaml, resolved
from backend.registry import PACKAGES, catalogue, method, methods

EVERY = [(kind, id) for kind in PACKAGES for id in methods(kind)]
STAGED = [
    (stage.id, id)
    for stage in catalogue().kind("stage").values()
    if stage.traits["method_kind"]
    for id in catalogue().kind(stage.traits["method_kind"])
]
every = pytest.mark.parametrize(("kind", "id"), EVERY)


@every
def test_that_id_label_and_summary_are_words_for_a_person(kind: str, id: str) -> None:
    found = method(kind, id)
    assert found.id == found.id.strip().lower()
    assert " " not in found.id
    assert found.label
    assert found.label[-1] not in ".!:"
    assert found.summary.endswith(".")
    assert "!" not in found.summary
    assert found.summary[0].isupper() or found.summary[0].isdigit()
    assert "please" not in found.summary.lower()


HELPED = {kind for kind in PACKAGES if kind not in ("dataset", "model")}
"""A source of data and a network are chosen for what they are."""


@every
def test_that_a_method_says_when_to_use_it(kind: str, id: str) -> None:
    when = method(kind, id).when
    assert when or kind not in HELPED
    if when:
        assert when.endswith(".") and when[0].isupper()
        assert "!" not in when and when != method(kind, id).summary
        assert len(when) <= 200, "a sentence or two"


@every
def test_that_a_reference_can_be_found(kind: str, id: str) -> None:
    found = method(kind, id).reference
    if found is not None:
        assert found.authors and found.title
        assert 1900 < found.year < 2100
        assert not found.link or re.fullmatch(r"arXiv:\d{4}\.\d{4,5}|doi:10\.\d{4,}/\S+", found.link)
        assert bool(found.address) == bool(found.link)
        if found.link.startswith("arXiv:"):
            century = 2000 + int(found.link[6:8])
            assert 0 <= found.year - century <= 2, "a paper is printed soon after it was put there"


@every
def test_that_every_parameter_accepts_its_own_default(kind: str, id: str) -> None:
    for parameter in method(kind, id).parameters:
        assert parameter.label
        if parameter.default is not None:
            assert parameter.check(parameter.default) == parameter.default
        else:
            assert not parameter.required
        if parameter.type == "method":
            assert parameter.default in catalogue().kind(parameter.of)
        if parameter.type == "choice":
            assert parameter.choices


@every
def test_that_no_parameter_stands_twice(kind: str, id: str) -> None:
    names = [parameter.name for parameter in method(kind, id).parameters]
    assert len(names) == len(set(names))
    assert "layers" not in names
    assert "during" not in names


@every
def test_that_the_description_survives_json(kind: str, id: str) -> None:
    described: Description = catalogue().get(kind, id)
    again = Description.from_data(json.loads(json.dumps(described.to_data(), allow_nan=False)))
    assert again.to_data() == described.to_data()
    assert [p.name for p in again.parameters] == [p.name for p in described.parameters]


@every
def test_that_a_method_is_frozen(kind: str, id: str) -> None:
    found: Method = method(kind, id)
    with pytest.raises(AttributeError):
        found.label = "Other"  # type: ignore[misc]


@pytest.mark.parametrize(("stage", "id"), STAGED)
def test_that_a_stage_with_the_method_survives_yaml(stage: str, id: str) -> None:
    bare = Stage(stage, {"method": id})
    full = Stage(stage, {key: value for key, value in filled(bare, catalogue()).items() if value is not None})
    traits = catalogue().get(catalogue().get("stage", stage).traits["method_kind"], id).traits
    learns = traits.get("learns", False) if stage == "prune" else not traits.get("by_itself", True)
    for one in (bare, full):
        placed = Stage("train", during=(one,)) if learns else one
        recipe = Recipe(ModelSpec(name="lenet5"), stages=(placed,))
        assert recipe_from_yaml(recipe_to_yaml(recipe), catalogue()) == recipe
        whole = resolved(recipe, catalogue())
        assert recipe_from_yaml(recipe_to_yaml(whole), catalogue()) == whole


def test_that_a_stage_and_its_method_share_no_parameter() -> None:
    """A setting has one meaning in a stage, whichever method is chosen."""
    for kind, id in STAGED:
        stage = catalogue().get("stage", kind)
        own = {p.name for p in stage.parameters}
        chosen = catalogue().get(stage.traits["method_kind"], id)
        assert not own & {p.name for p in chosen.parameters}


def test_that_the_catalogue_is_the_same_after_json() -> None:
    data = json.loads(json.dumps(catalogue().to_data(), allow_nan=False))
    assert Catalogue.from_data(data).to_data() == catalogue().to_data()
