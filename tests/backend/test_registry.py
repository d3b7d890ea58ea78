"""Methods are found by being there; a registry that is wrong or empty is loud."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from backend import registry
from backend.errors import CompressionError

HEAD = "from backend.description import Method\n"
Make = Callable[[Mapping[str, str]], None]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes the kind ``criterion`` come from a package with the files it is given."""

    def make(files: Mapping[str, str]) -> None:
        folder = tmp_path / "made_for_test"
        folder.mkdir()
        (folder / "__init__.py").touch()
        for name, text in files.items():
            (folder / f"{name}.py").write_text(HEAD + text)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(registry, "PACKAGES", MappingProxyType({"criterion": "made_for_test"}))
        registry.methods.cache_clear()
        registry.catalogue.cache_clear()

    yield make
    for name in [name for name in sys.modules if name.partition(".")[0] == "made_for_test"]:
        del sys.modules[name]
    registry.methods.cache_clear()
    registry.catalogue.cache_clear()


def one(id: str) -> str:
    return f"Method(id={id!r}, label='L', summary='S.')"


def test_that_a_file_in_the_package_is_a_method(package: Make) -> None:
    package({"b": f"METHOD = {one('beta')}", "a": f"METHODS = ({one('gamma')}, {one('alpha')})"})
    assert list(registry.methods("criterion")) == ["alpha", "beta", "gamma"]
    assert registry.method("criterion", "beta").id == "beta"


def test_that_files_that_begin_with_an_underscore_are_passed_over(package: Make) -> None:
    package({"_base": "raise RuntimeError('loaded')", "a": f"METHOD = {one('alpha')}"})
    assert list(registry.methods("criterion")) == ["alpha"]


def test_that_an_id_used_twice_is_an_error(package: Make) -> None:
    package({"a": f"METHOD = {one('same')}", "b": f"METHOD = {one('same')}"})
    with pytest.raises(RuntimeError, match="'same' is used twice"):
        registry.methods("criterion")


def test_that_an_empty_package_is_an_error(package: Make) -> None:
    package({"_base": ""})
    with pytest.raises(RuntimeError, match="registry of kind 'criterion' is empty"):
        registry.methods("criterion")


@pytest.mark.parametrize("text", ["", "METHOD = None", "METHOD = 'l1'", "METHODS = ()"])
def test_that_a_file_without_a_method_is_an_error(package: Make, text: str) -> None:
    package({"a": text})
    with pytest.raises(RuntimeError, match=r"made_for_test\.a defines no METHOD"):
        registry.methods("criterion")


def test_that_a_method_that_does_not_exist_is_a_sentence_with_the_nearest(package: Make) -> None:
    package({"a": f"METHOD = {one('alpha')}"})
    with pytest.raises(CompressionError, match="no criterion called alhpa") as caught:
        registry.method("criterion", "alhpa")
    assert str(caught.value.hint) == "Did you mean alpha?"


def test_that_the_catalogue_holds_every_method(package: Make) -> None:
    package({"a": f"METHOD = {one('alpha')}", "b": f"METHOD = {one('beta')}"})
    assert [(d["kind"], d["id"]) for d in registry.catalogue().to_data()] == [
        ("criterion", "alpha"),
        ("criterion", "beta"),
    ]
