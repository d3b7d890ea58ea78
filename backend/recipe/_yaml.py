"""YAML both ways, with the line of every key for error messages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from backend.description import Catalogue
from backend.errors import CompressionError, RecipeError, msg
from backend.recipe._check import recipe_from_data
from backend.recipe._edit import with_value
from backend.recipe._types import Recipe


class _Loader(yaml.SafeLoader):
    """YAML 1.2's numbers: PyYAML alone reads 1e-3 as a text, and ``on`` as true. Keys are texts.

    A layer of an nn.Sequential may be called 1.10, which is not the number 1.1.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                key.tag = "tag:yaml.org,2002:str"
        return super().construct_mapping(node, deep)


class _Dumper(yaml.SafeDumper):
    """Quotes what :class:`_Loader` would read as a number, and writes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))
for _class in (_Loader, _Dumper):
    _class.add_implicit_resolver(
        "tag:yaml.org,2002:float",
        re.compile(r"^[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+$"),
        list("-+0123456789."),
    )


def read_recipe(path: Path, catalogue: Catalogue, edits: Mapping[str, Any] | None = None) -> Recipe:
    """The recipe in a file, with ``edits`` (path → value, as ``--set`` gives them) applied.

    Raises:
        RecipeError: it is not a recipe; ``line`` says where.
        CompressionError: the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CompressionError(
            msg("There is no file {path}.", path=str(path)), msg("Check the name, or open the file from the window.")
        ) from error
    except UnicodeDecodeError as error:
        raise CompressionError(
            msg("{path} is not a recipe: it is not a text in UTF-8.", path=str(path)),
            msg("Choose a .yaml file that Pare or a text editor wrote."),
        ) from error
    except OSError as error:
        raise CompressionError(
            msg("Pare can't read {path}: {reason}.", path=str(path), reason=error.strerror or str(error)),
            msg("Choose a file that you may read."),
        ) from error
    return recipe_from_yaml(text, catalogue, edits)


def recipe_from_yaml(text: str, catalogue: Catalogue, edits: Mapping[str, Any] | None = None) -> Recipe:
    """The recipe that ``text`` describes.

    Raises:
        RecipeError: it is not one; ``line`` and ``path`` say where.
    """
    lines: dict[str, int] = {}
    try:
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 — a SafeLoader
        node = yaml.compose(text, Loader=_Loader)
        if node is not None:
            _collect(node, "", lines)
            _refuse_twice(node)
    except RecursionError as error:
        raise RecipeError(
            msg("The recipe is nested too deeply, or refers to itself."), msg("Write the values out instead.")
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        raise RecipeError(
            msg("Line {line} is not YAML.", line=line or 1),
            msg("Check indentation, colons, quotes and brackets on that line and the one before."),
            line=line,
        ) from error
    try:
        for path, value in (edits or {}).items():
            data = with_value(data if isinstance(data, dict) else {}, path, value)
        return recipe_from_data(data, catalogue)
    except RecipeError as error:
        if error.line is None and error.path not in (edits or {}):
            error.line = _line(error.path, lines)
        raise


def value_from_text(text: str) -> Any:
    """What ``text`` after ``--set path=`` means: the same reading of numbers as in a recipe's file.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(text, Loader=_Loader)  # noqa: S506 — a SafeLoader


def recipe_to_yaml(recipe: Recipe) -> str:
    """``recipe`` as YAML; reading it again gives an equal recipe."""
    return yaml_from_data(recipe.to_data())


def yaml_from_data(data: Any, *, each_on_its_line: bool = False) -> str:
    """Plain data as YAML in the order of its keys; short mappings stand on one line unless ``each_on_its_line``."""
    flow = False if each_on_its_line else None
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=flow, width=100)
    return text


def _collect(node: yaml.Node, path: str, lines: dict[str, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{path}.{key.value}" if path else str(key.value)
            lines[below] = key.start_mark.line + 1
            _collect(value, below, lines)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            lines[f"{path}.{i}"] = value.start_mark.line + 1
            _collect(value, f"{path}.{i}", lines)


def _refuse_twice(node: yaml.Node) -> None:
    """YAML keeps the last of two equal keys in silence; a recipe does not."""
    entries: Sequence[Any] = node.value if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) else ()
    seen: set[str] = set()
    for entry in entries:
        if not isinstance(entry, tuple):
            _refuse_twice(entry)
            continue
        key, value = entry
        if key.value in seen:
            raise RecipeError(
                msg("The key {key} stands twice.", key=str(key.value)),
                msg("Keep one of them."),
                line=key.start_mark.line + 1,
            )
        seen.add(key.value)
        _refuse_twice(value)


def _line(path: str, lines: Mapping[str, int]) -> int | None:
    while path:
        if path in lines:
            return lines[path]
        path = path.rpartition(".")[0]
    return None
