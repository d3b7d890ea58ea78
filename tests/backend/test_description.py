"""What a parameter accepts, and a description as plain data."""

import json

import pytest

from backend.description import Catalogue, Description, Method, Parameter
from backend.errors import CompressionError
from tests.small_catalogue import small_catalogue


def parameter(type: str, **rest: object) -> Parameter:
    return Parameter(name="x", type=type, label="X", **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type", "given", "read"),
    [
        ("int", 3, 3),
        ("int", 3.0, 3),
        ("float", 3, 3.0),
        ("bool", False, False),
        ("text", "a", "a"),
        ("file", "a/b.npz", "a/b.npz"),
        ("numbers", [1, 0.5], [1.0, 0.5]),
        ("numbers", (1, 2), [1.0, 2.0]),
        ("mapping", {"a": 1}, {"a": 1}),
        ("int", None, None),
    ],
)
def test_that_a_right_value_comes_back_in_its_type(type: str, given: object, read: object) -> None:
    found = parameter(type).check(given)
    assert found == read
    assert found.__class__ is read.__class__


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("int", 2.5),
        ("int", True),
        ("int", "3"),
        ("int", float("inf")),
        ("float", float("nan")),
        ("float", "0.5"),
        ("float", []),
        ("bool", 1),
        ("bool", "true"),
        ("text", 3),
        ("method", ["a"]),
        ("numbers", 3),
        ("numbers", [1, "a"]),
        ("numbers", "12"),
        ("mapping", [1]),
    ],
)
def test_that_a_wrong_type_is_refused_with_the_right_one(type: str, given: object) -> None:
    with pytest.raises(CompressionError, match="x can't be") as caught:
        parameter(type).check(given)
    assert str(caught.value.hint).startswith("Write ")


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"minimum": 0, "maximum": 1}, [0, 0.5, 1], [-1e-9, 1.000001]),
        ({"above": 0}, [1e-12, 5], [0, -1]),
        ({"above": 0, "maximum": 1}, [0.1, 1], [0, 1.1]),
        ({"maximum": 3}, [-100, 3], [3.1]),
        ({"minimum": 2}, [2, 1e9], [1.9]),
    ],
)
def test_that_bounds_hold(bounds: dict[str, float], inside: list[float], outside: list[float]) -> None:
    checked = parameter("float", **bounds)
    assert [checked.check(value) for value in inside] == inside
    for value in outside:
        with pytest.raises(CompressionError) as caught:
            checked.check(value)
        assert "value" in str(caught.value.hint)


def test_that_a_choice_is_taken_as_it_is_declared_however_it_is_written() -> None:
    norm = parameter("choice", choices=(1, 2, "inf", "-inf"))
    assert [norm.check(value) for value in (1, "2", "inf", float("-inf"))] == [1, 2, "inf", "-inf"]


def test_that_a_wrong_choice_offers_the_nearest_or_all() -> None:
    color = parameter("choice", choices=("histogram", "min_max"))
    with pytest.raises(CompressionError) as caught:
        color.check("histgram")
    assert str(caught.value.hint) == "Did you mean histogram?"
    with pytest.raises(CompressionError) as caught:
        color.check("qqq")
    assert str(caught.value.hint) == "Choose one of: histogram, min_max."


def test_that_a_required_value_may_not_be_empty() -> None:
    with pytest.raises(CompressionError, match="x can't be null"):
        parameter("int", required=True).check(None)


def test_that_a_catalogue_survives_json() -> None:
    catalogue = small_catalogue()
    data = json.loads(json.dumps(catalogue.to_data(), allow_nan=False))
    again = Catalogue.from_data(data)
    assert again.to_data() == catalogue.to_data()
    assert again.get("criterion", "norm") == catalogue.get("criterion", "norm")


def test_that_a_description_holds_what_the_command_line_promises() -> None:
    described = small_catalogue().get("criterion", "norm").to_data()
    assert set(described) >= {"kind", "id", "label", "summary", "parameters"}
    assert [p["name"] for p in described["parameters"]] == ["n", "dim"]


def test_that_a_method_that_does_not_exist_offers_the_nearest() -> None:
    with pytest.raises(CompressionError, match="Pare has no criterion called nrom") as caught:
        small_catalogue().get("criterion", "nrom")
    assert str(caught.value.hint) == "Did you mean norm?"


def test_that_a_method_describes_itself() -> None:
    method = Method(id="a", label="A", summary="Does a.", parameters=(parameter("int"),))
    described = method.describe("criterion")
    assert described == Description(
        kind="criterion", id="a", label="A", summary="Does a.", parameters=(parameter("int"),)
    )
    assert described.parameter("x") is not None
    assert described.parameter("y") is None


def test_that_a_target_is_explained_by_a_figure_of_its_own() -> None:
    for choices, line in ((("size", "accuracy_drop"), "{size: 0.25}"), (("macs", "size"), "{macs: 0.25}")):
        with pytest.raises(CompressionError) as caught:
            parameter("target", choices=choices).check(0.25)
        assert str(caught.value.hint) == f"Write one figure, like {line}."
