"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from backend.errors import CompressionError, msg


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success it is flushed and renamed to ``path``.

    On any failure the temporary file is removed and ``path`` is as it was.

    Raises:
        CompressionError: the folder cannot be written to, or the disk is full.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise write_error(path, error) from error
    finally:
        with suppress(OSError):  # already renamed, or its folder could not be made
            part.unlink()


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8."""
    with writing(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, data: Any) -> None:
    """Write ``data`` as indented JSON. NaN and infinity are refused by the format and become null."""
    write_text(path, json.dumps(finite(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def finite(data: Any) -> Any:
    """``data`` with every float that JSON cannot hold (NaN, ±inf) replaced by None."""
    if isinstance(data, float):
        return data if data == data and abs(data) != float("inf") else None
    if isinstance(data, dict):
        return {key: finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [finite(value) for value in data]
    return data


def write_error(path: Path, error: OSError) -> CompressionError:
    """The sentence for an OSError met while writing ``path``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CompressionError(
            msg("The disk that holds {path} is full, so nothing was written there.", path=str(path)),
            msg("Free some space, or choose a folder on another disk."),
            details=str(error),
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CompressionError(
            msg("Pare may not write to {path}.", path=str(path.parent)),
            msg("Choose a folder that you may write to."),
            details=str(error),
        )
    return CompressionError(
        msg("Pare can't write {path}: {reason}.", path=str(path), reason=error.strerror or str(error)),
        msg("Choose another folder or file name."),
        details=str(error),
    )


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file's content."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
