"""Opens data: reads, checks, cuts, and fills in what was found."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from backend.cancel import Cancel
from backend.datasets._base import Data, Progress, Raw, Source
from backend.datasets._check import checked
from backend.datasets._cut import cut
from backend.errors import CompressionError, msg
from backend.paths import found, unreadable
from backend.python_file import check_consent
from backend.recipe import DataSpec


def open_data(
    spec: DataSpec,
    folder: Path,
    seed: int,
    progress: Progress,
    cancel: Cancel,
    *,
    allowed: Mapping[str, str] = {},
) -> Data:
    """The data that ``spec`` describes, in four parts that never mix.

    Validation (at most 5,000 images) and calibration (at most 512) are cut from the training images
    by ``seed``, at most a tenth of them each, every class in its share. ``limit`` then thins each part.

    Args:
        spec: what to open.
        folder: what relative paths are relative to (resources/ is looked in next).
        seed: of what is drawn.
        progress: told ``(done, total, text)`` while a download or a long reading goes on.
        cancel: checked while reading.
        allowed: Python files whose running was consented to, path → SHA-256.

    Raises:
        ConsentNeeded: a Python file would have to be run.
        CompressionError: the data is missing, damaged or makes no sense.
    """
    from backend.registry import method

    source = cast(Source, method("dataset", spec.source))
    _complete(source, spec)
    if source.id == "python" and spec.file:
        check_consent(found(spec.file, folder), allowed)
    try:
        raw = source.read(spec, folder, progress, cancel)
    except OSError as error:
        raise unreadable(error, folder) from error
    raw = checked(dataclasses.replace(raw, mean=spec.mean or raw.mean, std=spec.std or raw.std))
    cancel.check()
    return _data(raw, _resolved(spec, folder, raw), seed)


def _data(raw: Raw, spec: DataSpec, seed: int) -> Data:
    notes = raw.notes
    if raw.test is None:
        notes += (
            msg("The data has no test images of its own, so a fifth was kept for the test (seed {seed}).", seed=seed),
        )
    parts = cut(raw.train, raw.test, seed, spec.limit)
    return Data(parts, spec, raw.classes, raw.mean, raw.std, raw.metric, notes)


def _complete(source: Source, spec: DataSpec) -> None:
    for key in source.needs:
        if getattr(spec, key) is None:
            raise CompressionError(
                msg("The data source {source} needs {key}.", source=source.id, key=key),
                msg("Add {key} to the section data.", key=key),
            )


def _resolved(spec: DataSpec, folder: Path, raw: Raw) -> DataSpec:
    return dataclasses.replace(
        spec,
        root=str(found(spec.root, folder)) if spec.root else None,
        file=str(found(spec.file, folder)) if spec.file else None,
        mean=tuple(raw.mean),
        std=tuple(raw.std),
    )
