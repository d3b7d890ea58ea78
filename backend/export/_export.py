"""Write a run's final network in formats, each checked before it is called done."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from backend.cancel import Cancel
from backend.datasets import open_data
from backend.datasets._base import Data
from backend.errors import CompressionError, Message, msg
from backend.events import Emit, Progress, Warned
from backend.export._base import ExportFormat
from backend.export._verify import Probe, Verdict, probe, verify
from backend.files import write_json, write_text
from backend.models import open_network, reopen
from backend.network import STRUCTURE, Network
from backend.recipe import Recipe, read_recipe
from backend.registry import catalogue, method
from backend.workspace import RESOLVED, RESULT, STAGES

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
LONGEST_NAME = 180


def export_run(
    run: Path,
    formats: Sequence[str],
    destination: Path,
    name: str,
    emit: Emit,
    cancel: Cancel,
    *,
    allowed: Mapping[str, str] | None = None,
    pass_over: Callable[[str, Message], None] | None = None,
) -> list[dict[str, Any]]:
    """Write the network of the finished run in ``run`` to ``destination``, one file per format (and its companions).

    Each file is opened again in a clean process and compared on test images (random ones where the
    data can't be opened any more, which is said). A file that does not pass stays, with ``verified``
    False and the ``reason``. The rows are added to the run's result.json.

    Args:
        run: the run's folder.
        formats: ids of formats.
        destination: the folder to write to; made where there is none.
        name: stem of the files.
        emit: receives Progress and Warned events; ``stage`` is the format's index.
        cancel: checked between steps and while a file is checked.
        allowed: Python files that may be run, path → SHA-256.
        pass_over: receives the id of a format that can't hold this network, and why, where others can; without
            it such a format ends the export before anything is written.

    Returns:
        A row per format: {"format", "path", "size_bytes", "verified", "max_abs_error", "accuracy",
        "latency_ms", "reason"}.

    Raises:
        CompressionError: unknown format, one that can't hold this network, a name no file can have, a
            folder that can't be written to, a full disk. Nothing is half-written.
    """
    allowed = dict(allowed or {})
    chosen = [cast(ExportFormat, method("export", id)) for id in dict.fromkeys(formats)]
    _check_name(name)
    recipe = _recipe(run)
    rows = []
    with _network(run, recipe, allowed) as (network, checkpoint):
        chosen = _applying(chosen, network, pass_over)
        images = probe(network, _data(recipe, run, emit, cancel, allowed), cancel)
        for index, format in enumerate(chosen):
            cancel.check()
            path = (destination / f"{name}{format.suffix}").absolute()
            emit(Progress(index, 0, 2, msg("Writing {format}", format=format.label)))
            digest = format.write(network, path)
            for companion in format.companions:
                write_text(destination / companion.name, companion.read_text(encoding="utf-8"))
            emit(Progress(index, 1, 2, msg("Checking {format} in a clean process", format=format.label)))
            verdict = verify(format, path, digest, checkpoint, images, cancel, allowed)
            rows.append(_row(format, path, verdict))
            _tell(index, format, verdict, images, emit)
            _remember(run, rows[-1])
    return rows


def _row(format: ExportFormat, path: Path, verdict: Verdict) -> dict[str, Any]:
    return {
        "format": format.id,
        "path": str(path),
        "size_bytes": path.stat().st_size,
        "verified": verdict.verified,
        "max_abs_error": verdict.max_abs_error,
        "accuracy": verdict.accuracy,
        "latency_ms": verdict.latency_ms,
        "reason": verdict.reason.to_data() if verdict.reason else None,
    }


def _tell(index: int, format: ExportFormat, verdict: Verdict, images: Probe, emit: Emit) -> None:
    emit(
        Progress(index, 2, 2, msg("{format} checked on {count} images", format=format.label, count=len(images.images)))
    )
    if verdict.reason is not None:
        emit(Warned(index, msg("{format} was written but did not pass its check.", format=format.label)))
        emit(Warned(index, verdict.reason, msg("Do not use this file; choose another format.")))


def _remember(run: Path, row: Mapping[str, Any]) -> None:
    """Add ``row`` to result.json; a file of the run is named relative to it, so that the run can be moved."""
    path = Path(row["path"])
    inside = path.relative_to(run.absolute()).as_posix() if path.is_relative_to(run.absolute()) else str(path)
    result = _result(run)
    others = [other for other in result.get("exports", []) if other.get("path") != inside]
    write_json(run / RESULT, {**result, "exports": [*others, {**row, "path": inside}]})


def _result(run: Path) -> dict[str, Any]:
    try:
        result = json.loads((run / RESULT).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CompressionError(
            msg("There is no finished run in {path}.", path=str(run)),
            msg("Choose the folder of a run that was carried out to its end."),
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(run / RESULT, error) from error
    if not isinstance(result, dict):
        raise _damaged(run / RESULT, ValueError(type(result).__name__))
    return result


def _damaged(path: Path, error: Exception) -> CompressionError:
    return CompressionError(
        msg("{path} is damaged.", path=str(path)),
        msg("Run the recipe again."),
        details=f"{type(error).__name__}: {error}",
    )


def _recipe(run: Path) -> Recipe:
    _result(run)
    return read_recipe(run / RESOLVED, catalogue())


@contextlib.contextmanager
def _network(run: Path, recipe: Recipe, allowed: Mapping[str, str]) -> Iterator[tuple[Network, Path]]:
    """The run's network on the CPU, and the folder the clean process reads its structure from."""
    if any(run.glob(f"{STAGES}/*/{STRUCTURE}")):
        yield reopen(run, allowed=allowed), run
        return
    with tempfile.TemporaryDirectory(prefix="pare-", ignore_cleanup_errors=True) as folder:
        network = open_network(recipe.model, run, allowed=allowed)
        network.save(Path(folder))
        yield network, Path(folder)


def _data(recipe: Recipe, run: Path, emit: Emit, cancel: Cancel, allowed: Mapping[str, str]) -> Data | None:
    def progress(done: float, total: float, text: Message) -> None:
        emit(Progress(0, done, total, text))

    try:
        return open_data(recipe.data, run, recipe.seed, progress, cancel, allowed=allowed)
    except CompressionError as error:
        emit(Warned(0, msg("The data of this run can't be opened, so the files are compared on random images.")))
        emit(Warned(0, error.message, error.hint))
        return None


def _check_name(name: str) -> None:
    if not name.strip(" .") or FORBIDDEN.search(name) or len(name.encode()) > LONGEST_NAME:
        raise CompressionError(
            msg("{name} can't be the name of a file.", name=name or '""'),
            msg('Choose a shorter name without any of < > : " / \\ | ? *'),
        )


def _applying(
    formats: Sequence[ExportFormat], network: Network, pass_over: Callable[[str, Message], None] | None
) -> list[ExportFormat]:
    """The formats that can hold ``network``."""
    reasons = {format.id: reason for format in formats if (reason := format.applies(network)) is not None}
    able = [format for format in formats if format.id not in reasons]
    for format in formats:
        if format.id not in reasons:
            continue
        if pass_over is None or not able:
            raise CompressionError(reasons[format.id], msg("Choose another format than {format}.", format=format.label))
        pass_over(format.id, reasons[format.id])
    return able
