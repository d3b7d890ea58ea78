"""Downloads a file whole, checks it, and says in one sentence when that can't be."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, msg
from backend.files import writing

CHUNK = 1 << 18
TIMEOUT = 20.0
Progress = Callable[[float, float, Message], None]


def download(
    urls: Sequence[str],
    path: Path,
    *,
    md5: str | None = None,
    sha256_start: str = "",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> None:
    """Fetch a file into ``path``, which is written whole or not at all.

    Args:
        urls: where it lies; the next one is tried where the first can't be reached.
        path: where to put it.
        md5: what the content must have.
        sha256_start: what the content's SHA-256 must begin with.
        progress: told ``(done, total, text)`` in bytes.
        cancel: checked at every piece.

    Raises:
        CompressionError: there is no connection, or what came is not what was asked for.
    """
    with writing(path) as part:
        digests = _first_reached(urls, path, part, progress, cancel)
        if (md5 and digests[0].hexdigest() != md5) or not digests[1].hexdigest().startswith(sha256_start):
            raise CompressionError(
                msg("{name} arrived damaged: its checksum is not the published one.", name=path.name),
                msg("Try again, or put the file into {folder} yourself.", folder=str(path.parent)),
                details="\n".join(urls),
            )


def _first_reached(
    urls: Sequence[str], path: Path, part: Path, progress: Progress | None, cancel: Cancel | None
) -> tuple[hashlib._Hash, hashlib._Hash]:
    failures = []
    for url in urls:
        try:
            return _fetch(url, path.name, part, progress, cancel)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            failures.append(f"{url}\n{type(error).__name__}: {error}")
    raise CompressionError(
        msg("{name} can't be downloaded: there is no connection to its server.", name=path.name),
        msg("Connect to the internet and try again, or put the file into {folder} yourself.", folder=str(path.parent)),
        details="\n".join(failures),
    )


def _fetch(
    url: str, name: str, part: Path, progress: Progress | None, cancel: Cancel | None
) -> tuple[hashlib._Hash, hashlib._Hash]:
    """MD5 and SHA-256 of what came."""
    digests = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    request = urllib.request.Request(url, headers={"User-Agent": "Pare"})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer, open(part, "wb") as file:
        total = int(answer.headers.get("Content-Length") or 0)
        done = 0
        while piece := answer.read(CHUNK):
            if cancel is not None:
                cancel.check()
            file.write(piece)
            for digest in digests:
                digest.update(piece)
            done += len(piece)
            if progress is not None:
                progress(done, total or done, msg("Downloading {name}", name=name))
    return digests
