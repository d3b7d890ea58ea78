"""Whether opening a file can run code, found out without running any."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from backend.answers import Trust
from backend.errors import CompressionError, msg
from backend.models._checkpoint import HARMLESS, read_heads
from backend.models._file_kind import imports, is_program
from backend.network import STRUCTURE

SAFE = msg("It holds only weights; nothing in it can run.")
PYTHON = msg("A Python file: it runs only after you have allowed it.")


def trust_of(path: Path) -> Trust:
    """What ``path`` is to whoever opens it: a folder that Pare saved, a Python file, or a file with weights."""
    if path.suffix.lower() == ".py":
        return Trust("code", PYTHON, python_imports(path))
    if path.is_dir():
        return _trust_of_folder(path)
    try:
        read_heads(path)
    except CompressionError as error:
        wants = tuple(name for name in imports(path) if name not in HARMLESS)
        return Trust("code" if wants or is_program(path) else "unknown", error.message, wants)
    return Trust("safe", SAFE)


def _trust_of_folder(folder: Path) -> Trust:
    """A network that Pare saved holds no code, but it may be built by a person's Python file."""
    try:
        model = json.loads((folder / STRUCTURE).read_text(encoding="utf-8"))["model"]
        file = model.get("file") if model["source"] == "python" else None
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return Trust("unknown", msg("{path} is damaged.", path=str(folder / STRUCTURE)))
    if file is None:
        return Trust("safe", SAFE)
    text = msg("Built by the Python file {file}: it runs only after you have allowed it.", file=file)
    return Trust("code", text, python_imports(folder / file))


def python_imports(path: Path) -> tuple[str, ...]:
    """The modules that a Python file imports anywhere in it."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return ()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return tuple(sorted(names))
