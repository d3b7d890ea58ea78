"""Runs a person's Python file, once they have consented to that very content."""

from __future__ import annotations

import contextlib
import linecache
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from backend.description import offer
from backend.errors import CompressionError, ConsentNeeded, msg
from backend.files import sha256


def check_consent(path: Path, allowed: Mapping[str, str]) -> None:
    """Raise ConsentNeeded unless ``allowed`` holds this file's path and its SHA-256."""
    digest = _digest(path)
    if allowed.get(str(path)) != digest:
        raise ConsentNeeded(str(path), digest)


def load_file(path: Path) -> ModuleType:
    """Run the file and return it as a module. Call :func:`check_consent` first.

    Modules beside the file can be imported by it.

    Raises:
        CompressionError: the file can't be read, or it failed; the line is named.
    """
    module = ModuleType(f"pare_file_{_digest(path)[:12]}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    linecache.checkcache(str(path))
    with running(path):
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)  # noqa: S102 — consented to
    return module


def member(module: ModuleType, name: str | None, path: Path, what: str) -> Any:
    """The callable ``name`` of the file (``what``: class or function).

    Raises:
        CompressionError: there is none; the hint offers the nearest of the file's own.
    """
    own = [
        key
        for key, value in vars(module).items()
        if callable(value) and not key.startswith("_") and getattr(value, "__module__", "") == module.__name__
    ]
    if name is None and len(own) == 1:
        name = own[0]
    if name is None:
        raise CompressionError(
            msg("{path} is open, but no {what} of it was named.", path=str(path), what=what), offer("", own or ["-"])
        )
    found = getattr(module, name, None)
    if not callable(found):
        raise CompressionError(
            msg("{path} has no {what} called {name}.", path=str(path), what=what, name=name),
            offer(name, own) if own else msg("The file defines neither a class nor a function."),
        )
    return found


@contextlib.contextmanager
def running(path: Path) -> Iterator[None]:
    """While the person's code runs: its folder can be imported from, its errors name its line."""
    folder = str(path.parent)
    sys.path.insert(0, folder)
    try:
        yield
    except CompressionError:
        raise
    except SyntaxError as error:
        raise CompressionError(
            msg("{path} is not valid Python on line {line}: {problem}.", path=str(path), line=error.lineno or 0,
                problem=(error.msg or "").rstrip(".")),
            msg("Correct that line."),
            details=traceback.format_exc(),
        ) from error  # fmt: skip
    except (Exception, SystemExit) as error:
        raise _failed(path, error) from error
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(folder)


def _failed(path: Path, error: BaseException) -> CompressionError:
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    problem = f"{type(error).__name__}: {error}".strip().rstrip(".:").splitlines()[0]
    if isinstance(error, ModuleNotFoundError):
        hint = msg("Install {module} in Pare's environment, or put its file beside this one.", module=error.name or "")
    else:
        hint = msg("Correct the file, or the arguments it is called with.")
    if not lines or lines[-1] is None:
        return CompressionError(
            msg("{path} failed: {problem}.", path=str(path), problem=problem), hint, details=traceback.format_exc()
        )
    return CompressionError(
        msg("{path} failed on line {line}: {problem}.", path=str(path), line=lines[-1], problem=problem),
        hint,
        details=traceback.format_exc(),
    )


def _digest(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:
        raise CompressionError(
            msg("Pare can't read {path}: {reason}.", path=str(path), reason=error.strerror or str(error)),
            msg("Choose a Python file that you may read."),
        ) from error
