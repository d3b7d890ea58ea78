"""Pictures in folders named after their class."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from backend.cancel import Cancel
from backend.datasets._arrays import channels_first
from backend.datasets._base import Part, Progress, Raw, Source
from backend.errors import CompressionError, Message, msg
from backend.paths import found
from backend.recipe import DataSpec

ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".ppm", ".pgm", ".tif", ".tiff", ".webp"}
LARGEST = 224
MEMORY = 8 * 2**30
IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

Labeled = list[tuple[Path, int]]


def read(spec: DataSpec, folder: Path, progress: Progress, cancel: Cancel) -> Raw:
    """Layouts: ``train/<class>`` with ``test/<class>`` (or ``val``, ``valid``), or ``<class>`` alone.

    Pictures of different sizes are brought to one: the shorter side to the smaller of 224 and the
    median shorter side, then a square is cut from the middle.
    """
    root = found(spec.root or "", folder)
    train_folder, test_folder = _layout(root)
    classes = _classes(train_folder)
    train, test = _files(train_folder, classes), _files(test_folder, classes) if test_folder else []
    if spec.limit is not None:
        train, test = _thinned(train, 10 * spec.limit, len(classes)), _thinned(test, spec.limit, len(classes))
    if not train:
        raise CompressionError(
            msg("The folders in {path} hold no pictures.", path=str(train_folder)),
            msg("Put pictures (.png, .jpg) into one folder for each class."),
        )
    size, mode, notes = _common(train + test, cancel)
    _refuse_too_much(len(train) + len(test), size, mode)
    images = _images([path for path, _ in train + test], size, mode, progress, cancel)
    labels = torch.tensor([label for _, label in train + test])
    cut = len(train)
    mean, std = IMAGENET if mode == "RGB" else ((0.5,), (0.5,))
    return Raw(
        Part(images[:cut], labels[:cut]),
        Part(images[cut:], labels[cut:]) if test_folder else None,
        classes,
        mean,
        std,
        notes=notes,
    )


def _layout(root: Path) -> tuple[Path, Path | None]:
    if not root.is_dir():
        raise CompressionError(
            msg("{path} is a file, not a folder of pictures.", path=str(root)),
            msg("Choose the folder that holds one folder for each class."),
        )
    test = next((root / name for name in ("test", "val", "valid", "validation") if (root / name).is_dir()), None)
    if (root / "train").is_dir():
        return root / "train", test
    if test is not None:
        raise CompressionError(
            msg("{path} holds test pictures but no folder train.", path=str(root)),
            msg("Put the training pictures into train/<class>."),
        )
    return root, None


def _classes(folder: Path) -> tuple[str, ...]:
    classes = tuple(sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")))
    if classes:
        return classes
    if not any(folder.iterdir()):
        raise CompressionError(
            msg("The folder {path} is empty.", path=str(folder)),
            msg("Choose the folder that holds one folder of pictures for each class."),
        )
    raise CompressionError(
        msg("{path} holds no folders, so there are no classes.", path=str(folder)),
        msg("Put the pictures into one folder for each class."),
    )


def _files(folder: Path, classes: tuple[str, ...]) -> Labeled:
    unknown = sorted({p.name for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")} - set(classes))
    if unknown:
        raise CompressionError(
            msg("{path} has the class {name}, which has no training pictures.", path=str(folder), name=unknown[0]),
            msg("Use the same class folders for training and test."),
        )
    return [
        (path, label)
        for label, name in enumerate(classes)
        for path in sorted((folder / name).rglob("*"))
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".")
    ]


def _thinned(files: Labeled, count: int, classes: int) -> Labeled:
    """Enough of each class that ``limit`` can be drawn from it, so that not everything need be read."""
    each = -(-count // classes)
    seen: Counter[int] = Counter()
    kept = []
    for path, label in files:
        seen[label] += 1
        if seen[label] <= each:
            kept.append((path, label))
    return kept


def _common(files: Labeled, cancel: Cancel) -> tuple[tuple[int, int], str, tuple[Message, ...]]:
    """Height and width, gray or color, and a note where pictures had to be changed."""
    sizes: Counter[tuple[int, int]] = Counter()
    gray = True
    for path, _ in files:
        cancel.check()
        try:
            with Image.open(path) as image:
                sizes[image.height, image.width] += 1
                gray = gray and image.mode in ("1", "L", "LA", "I;16", "I")
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise _unreadable(path, error) from error
    mode = "L" if gray else "RGB"
    if len(sizes) == 1 and max(next(iter(sizes))) <= 2 * LARGEST:
        return next(iter(sizes)), mode, ()
    side = min(LARGEST, int(statistics.median(min(size) for size in sizes.elements())))
    note = msg("The pictures differ in size or are large; they were scaled and cut to {side}×{side}.", side=side)
    return (side, side), mode, (note,)


def _images(paths: Sequence[Path], size: tuple[int, int], mode: str, progress: Progress, cancel: Cancel) -> Tensor:
    images = torch.empty((len(paths), *size, 3 if mode == "RGB" else 1), dtype=torch.uint8)
    for i, path in enumerate(paths):
        cancel.check()
        if i % 64 == 0:
            progress(i, len(paths), msg("Reading pictures"))
        images[i] = _image(path, size, mode)
    return channels_first(images)


def _image(path: Path, size: tuple[int, int], mode: str) -> Tensor:
    """H×W×C."""
    height, width = size
    try:
        with Image.open(path) as image:
            image.draft(mode, (2 * width, 2 * height))
            picture = _eight_bit(image).convert(mode)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unreadable(path, error) from error
    if (picture.height, picture.width) != size:
        scale = max(height / picture.height, width / picture.width)
        scaled = (max(width, round(picture.width * scale)), max(height, round(picture.height * scale)))
        picture = picture.resize(scaled, Image.Resampling.BILINEAR)
        left, top = (scaled[0] - width) // 2, (scaled[1] - height) // 2
        picture = picture.crop((left, top, left + width, top + height))
    return torch.from_numpy(np.array(picture)).view(height, width, -1)


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit gray values scaled (``convert`` would cut them off), transparency kept for ``convert`` to drop."""
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image) / 256).clip(0, 255).astype(np.uint8))
    return image.convert("RGBA") if "transparency" in image.info else image


def _refuse_too_much(count: int, size: tuple[int, int], mode: str) -> None:
    if count * size[0] * size[1] * (3 if mode == "RGB" else 1) > MEMORY:
        raise CompressionError(
            msg("{count} pictures of {height}×{width} need more than 8 GB of memory.", count=count, height=size[0],
                width=size[1]),
            msg("Set data.limit to use fewer, or store the pictures smaller."),
        )  # fmt: skip


def _unreadable(path: Path, error: Exception) -> CompressionError:
    return CompressionError(
        msg("The picture {path} can't be read.", path=str(path)),
        msg("Remove the file or replace it."),
        details=f"{type(error).__name__}: {error}",
    )


METHOD = Source(
    id="image_folder",
    label="Folder of pictures",
    summary="Pictures in train/<class> and test/<class>, or in <class> alone; sizes that differ are made equal.",
    read=read,
    needs=("root",),
)
