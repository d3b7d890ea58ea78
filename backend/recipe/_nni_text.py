"""Finds NNI's ``config_list`` in a text: Python, JSON or YAML. Nothing of it is run."""

from __future__ import annotations

import ast
import copy
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from backend.errors import CompressionError, msg

LARGEST = 400_000
"""Characters of a text that is read."""
COMPRESSORS = ("Pruner", "Quantizer")
"""How the names of NNI's compressors end."""
Entries = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Compressor:
    """One use of a compressor.

    Attributes:
        name: its class without "Pruner" or "Quantizer"; empty where the text has a list alone.
        entries: its config_list.
        options: its other arguments that are written out.
        inner: the pruner that this one calls again and again (AGP, Linear).
    """

    name: str
    entries: Entries
    options: Mapping[str, Any] = field(default_factory=dict)
    inner: str = ""


def compressors_in(text: str) -> list[Compressor]:
    """Every config_list of ``text`` with the compressor it is given to.

    Raises:
        CompressionError: there is none that is written out.
    """
    if len(text) > LARGEST:
        raise CompressionError(
            msg("The text is too long for a config_list ({count:,} characters).", count=len(text)),
            msg("Copy the list and the lines that use it."),
        )
    found = _in_python(text) or _in_data(text)
    if not found:
        raise CompressionError(
            msg("There is no config_list in this text."),
            msg("It is a list of settings, such as {example}.", example="[{'op_types': ['Conv2d'], 'sparsity': 0.5}]"),
        )
    return found


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _in_data(text: str) -> list[Compressor]:
    """JSON and YAML: the list itself, or a mapping with ``config_list``."""
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return []
    name, entries = "", data
    if isinstance(data, dict):
        entries = data.get("config_list")
        name = str(data.get("pruner") or data.get("quantizer") or data.get("algorithm") or "")
    return [Compressor(short_name(name), tuple(entries))] if _is_list(entries) else []


def short_name(name: str) -> str:
    """``L1NormPruner`` → ``L1Norm``."""
    for ending in COMPRESSORS:
        name = name.removesuffix(ending)
    return name


def _in_python(text: str) -> list[Compressor]:
    try:
        tree = ast.parse(textwrap.dedent(text).strip())
        nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr))]
        source = _Source()
        for node in sorted(nodes, key=lambda node: node.lineno):
            source.take(node)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return source.found()


class _Source:
    """What a script assigns, as far as it is written out, and the compressors it makes."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._lists: list[tuple[str, Entries]] = []
        self._made: list[tuple[str, Compressor]] = []
        self._used: set[str] = set()
        self._inner: set[str] = set()

    def take(self, node: ast.Assign | ast.AnnAssign | ast.Expr) -> None:
        value = node.value
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        name = next((target.id for target in targets if isinstance(target, ast.Name)), "")
        if value is None:
            return
        if isinstance(value, ast.Call) and (kind := _compressor(value)):
            self._made.append((name, self._compressor(kind, value)))
            return
        known, found = self._literal(value)
        if known and name:
            self._values[name] = found
        if known and _is_list(found):
            self._lists.append((name, tuple(found)))

    def _compressor(self, kind: str, call: ast.Call) -> Compressor:
        entries: Entries = ()
        inner = ""
        options: dict[str, Any] = {}
        for key, value in [("", one) for one in call.args] + [(word.arg or "", word.value) for word in call.keywords]:
            earlier = next((c for n, c in reversed(self._made) if isinstance(value, ast.Name) and n == value.id), None)
            known, found = self._literal(value)
            if earlier is not None:
                inner, entries = earlier.name, entries or earlier.entries
                self._inner.add(value.id)  # type: ignore[attr-defined]
            elif known and _is_list(found):
                entries = tuple(found)
                if isinstance(value, ast.Name):
                    self._used.add(value.id)
            elif known and key:
                options[key] = found
        return Compressor(short_name(kind), entries, options, inner)

    def _literal(self, node: ast.expr) -> tuple[bool, Any]:
        """Whether ``node`` is written out, names of what was written out before included, and its value."""
        try:
            return True, ast.literal_eval(_Filled(self._values).visit(copy.deepcopy(node)))
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return False, None

    def found(self) -> list[Compressor]:
        made = [one for name, one in self._made if one.entries and (not name or name not in self._inner)]
        alone = [Compressor("", entries) for name, entries in self._lists if name not in self._used]
        return made or alone


class _Filled(ast.NodeTransformer):
    """Puts what was written out earlier in the place of its name."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._values:
            return node
        return ast.parse(repr(self._values[node.id]), mode="eval").body


def _compressor(call: ast.Call) -> str:
    """The class of the compressor that ``call`` makes; empty where it makes none."""
    target = call.func
    if isinstance(target, ast.Attribute) and target.attr == "from_compressor":
        target = target.value
    name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    return name if name.endswith(COMPRESSORS) else ""
