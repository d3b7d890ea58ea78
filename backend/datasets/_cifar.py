"""Reads CIFAR-10 and CIFAR-100 (Krizhevsky 2009): binary batches, Python batches, or arrays.

The Python batches are pickles of a NumPy array and a list. They are read by an unpickler that can
make nothing else, so whatever such a file says, nothing in it runs.
"""

from __future__ import annotations

import codecs
import io
import pickle
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from backend.cancel import Cancel
from backend.datasets._arrays import read_npz
from backend.datasets._base import Part, Progress, Raw
from backend.datasets._folders import absent, cache
from backend.download import download
from backend.errors import CompressionError, msg
from backend.models._torchvision import torchvision
from backend.paths import found
from backend.recipe import DataSpec

PIXELS = 3 * 32 * 32
MEMBER_LIMIT = 1 << 28
"""No batch is larger; a member of an archive that claims to be is not read."""


@dataclass(frozen=True)
class Layout:
    """The file names of one of the two data sets, and where an image's label stands.

    ``label_bytes`` precede each image in the binary batches; the last of them is the label.
    """

    dataset: str
    binary_train: tuple[str, ...]
    binary_test: str
    python_train: tuple[str, ...]
    python_test: str
    label_key: str
    label_bytes: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    classes: tuple[str, ...]


def reader(layout: Layout) -> Callable[[DataSpec, Path, Progress, Cancel], Raw]:
    """A source's ``read`` for ``layout``."""

    def read(spec: DataSpec, folder: Path, progress: Progress, cancel: Cancel) -> Raw:
        root = _downloaded(layout, progress, cancel) if spec.root is None else found(spec.root, folder)
        if root.suffix == ".npz":
            raw = read_npz(root)
            return Raw(raw.train, raw.test, layout.classes, layout.mean, layout.std, notes=raw.notes)
        train, test = _parts(root, layout, cancel)
        return Raw(train, test, layout.classes, layout.mean, layout.std)

    return read


def _parts(root: Path, layout: Layout, cancel: Cancel) -> tuple[Part, Part]:
    names = (*layout.binary_train, layout.binary_test, *layout.python_train, layout.python_test)
    files = _from_archive(root, names, cancel) if root.is_file() and _is_archive(root) else _from_folder(root, names)
    for train, test, decode in (
        (layout.binary_train, layout.binary_test, _binary),
        (layout.python_train, layout.python_test, _python),
    ):
        if all(name in files for name in (*train, test)):
            pieces = []
            for name in train:
                cancel.check()
                pieces.append(decode(files[name](), name, layout))
            joined = Part(torch.cat([p.images for p in pieces]), torch.cat([p.labels for p in pieces]))
            return joined, decode(files[test](), test, layout)
    present = [name for name in names if name in files]
    if present:
        wanted = (
            layout.binary_train if present[0] in (*layout.binary_train, layout.binary_test) else layout.python_train
        )
        lacking = [n for n in (*wanted, layout.binary_test if wanted is layout.binary_train else layout.python_test)]
        raise absent(root, ", ".join(name for name in lacking if name not in files))
    raise absent(root, ", ".join((*layout.binary_train, layout.binary_test)))


def _is_archive(path: Path) -> bool:
    return path.name.endswith((".tar.gz", ".tgz", ".tar"))


def _from_folder(root: Path, names: tuple[str, ...]) -> Mapping[str, Callable[[], bytes]]:
    """The files of these names in ``root`` or in one folder below it."""
    folder = root if root.is_dir() else root.parent
    places = [folder, *(sorted(p for p in folder.iterdir() if p.is_dir() and p.name.startswith("cifar")))]
    found_files: dict[str, Callable[[], bytes]] = {}
    for place in places:
        for name in names:
            if (place / name).is_file():
                found_files.setdefault(name, (place / name).read_bytes)
    archives = [p for p in sorted(folder.glob("cifar-*.tar.gz")) if not found_files]
    if archives:
        return _from_archive(archives[0], names, Cancel())
    return found_files


def _from_archive(path: Path, names: tuple[str, ...], cancel: Cancel) -> Mapping[str, Callable[[], bytes]]:
    """The members of these names, read into memory; nothing is unpacked to disk."""
    contents: dict[str, Callable[[], bytes]] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                cancel.check()
                name = Path(member.name).name
                if name in names and member.isfile() and member.size < MEMBER_LIMIT:
                    file = archive.extractfile(member)
                    contents[name] = io.BytesIO(file.read() if file else b"").getvalue
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise _broken(path.name, error) from error
    return contents


def _binary(content: bytes, name: str, layout: Layout) -> Part:
    row = layout.label_bytes + PIXELS
    if not content or len(content) % row:
        raise _broken(name)
    rows = torch.frombuffer(bytearray(content), dtype=torch.uint8).view(-1, row)
    return Part(_images(rows[:, layout.label_bytes :]), rows[:, layout.label_bytes - 1].long())


def _python(content: bytes, name: str, layout: Layout) -> Part:
    try:
        batch = _ArraysOnly(io.BytesIO(content), encoding="latin1").load()
        images, labels = np.asarray(batch["data"]), np.asarray(batch[layout.label_key])
    except _Refused as error:
        raise CompressionError(
            msg("{name} is not CIFAR's: it would run {code} when opened.", name=name, code=str(error)),
            msg("Download the original archive again."),
        ) from error
    except Exception as error:  # a damaged pickle can raise anything
        raise _broken(name, error) from error
    if images.dtype != np.uint8 or images.ndim != 2 or images.shape[1] != PIXELS or labels.shape != images.shape[:1]:
        raise _broken(name)
    return Part(_images(torch.from_numpy(images.copy())), torch.from_numpy(labels.astype(np.int64)))


def _images(rows: Tensor) -> Tensor:
    return rows.reshape(-1, 3, 32, 32).contiguous()


class _Refused(Exception):
    """The pickle names something other than an array."""


class _ArraysOnly(pickle.Unpickler):
    """Makes NumPy arrays, numbers, texts, lists and dictionaries."""

    def find_class(self, module: str, name: str) -> Any:
        allowed: dict[tuple[str, str], Any] = {
            ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
            ("numpy._core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,  # type: ignore[attr-defined]
            ("numpy", "ndarray"): np.ndarray,
            ("numpy", "dtype"): np.dtype,
            ("_codecs", "encode"): codecs.encode,
        }
        if (module, name) not in allowed:
            raise _Refused(f"{module}.{name}")
        return allowed[module, name]


def _broken(name: str, error: Exception | None = None) -> CompressionError:
    return CompressionError(
        msg("{name} is cut off or damaged.", name=name),
        msg("Copy or download the file again."),
        details=f"{type(error).__name__}: {error}" if error else "",
    )


def _downloaded(layout: Layout, progress: Progress, cancel: Cancel) -> Path:
    kind: Any = getattr(torchvision().datasets, layout.dataset)
    path = cache() / str(kind.filename)
    if not path.is_file():
        download([kind.url], path, md5=kind.tgz_md5, progress=progress, cancel=cancel)
    return path
