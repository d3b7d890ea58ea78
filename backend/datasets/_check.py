"""What data must be before anything is computed from it."""

from __future__ import annotations

import dataclasses

import torch

from backend.datasets._base import Part, Raw
from backend.errors import CompressionError, Message, msg


def checked(raw: Raw) -> Raw:
    """``raw``, with a note where it is doubtful.

    Raises:
        CompressionError: no images, shapes that differ, labels out of range, NaN, a wrong mean or std.
    """
    parts = [("train", raw.train), *([("test", raw.test)] if raw.test is not None else [])]
    for name, part in parts:
        _check_sizes(name, part)
        _check_values(name, part)
        if raw.metric is None:
            _check_labels(name, part, raw.classes)
    if raw.test is not None and raw.test.images.shape[1:] != raw.train.images.shape[1:]:
        raise CompressionError(
            msg(
                "Training images are {train} and test images {test}.",
                train=shape_text(raw.train.images.shape[1:]),
                test=shape_text(raw.test.images.shape[1:]),
            ),
            msg("Bring both to the same size and number of channels."),
        )
    _check_normalization(raw)
    return dataclasses.replace(raw, notes=(*raw.notes, *_doubts(raw)))


def shape_text(shape: torch.Size | tuple[int, ...]) -> str:
    """``3×32×32``."""
    return "×".join(str(size) for size in shape)


def _check_sizes(name: str, part: Part) -> None:
    if len(part.labels) == 0 or part.images.numel() == 0:
        raise CompressionError(
            msg("The part {part} of the data is empty.", part=name), msg("Choose data that holds images.")
        )
    if len(part.images) != len(part.labels):
        raise CompressionError(
            msg(
                "The part {part} holds {images} images and {labels} labels.",
                part=name,
                images=len(part.images),
                labels=len(part.labels),
            ),
            msg("Give one label for each image, in the same order."),
        )
    if part.images.dim() < 2:
        raise CompressionError(
            msg("The part {part} holds single numbers instead of images.", part=name),
            msg("Give images as count × height × width × channels."),
        )


def _check_values(name: str, part: Part) -> None:
    for tensor in (part.images, part.labels):
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            broken = int((~torch.isfinite(tensor).flatten(1).all(1)).sum()) if tensor.dim() > 1 else 1
            raise CompressionError(
                msg("The part {part} holds values that are not numbers (NaN or infinity), in {count} rows.",
                    part=name, count=broken),
                msg("Remove these rows or replace the values."),
            )  # fmt: skip


def _check_labels(name: str, part: Part, classes: tuple[str, ...]) -> None:
    if part.labels.dim() != 1 or part.labels.is_floating_point():
        raise CompressionError(
            msg("The labels of the part {part} are not class numbers.", part=name),
            msg("Give one whole number for each image, or a metric of your own with the source python."),
        )
    low, high = int(part.labels.min()), int(part.labels.max())
    if low < 0 or high >= len(classes):
        raise CompressionError(
            msg(
                "The part {part} has a label {label}, but labels must go from 0 to {last}.",
                part=name,
                label=low if low < 0 else high,
                last=len(classes) - 1,
            ),
            msg("Number the classes from 0 on, or add the missing class names."),
        )


def _check_normalization(raw: Raw) -> None:
    channels = raw.train.images.shape[1]
    for name, values in (("mean", raw.mean), ("std", raw.std)):
        if len(values) not in (1, channels):
            raise CompressionError(
                msg("{name} has {count} values, but the images have {channels} channels.",
                    name=name, count=len(values), channels=channels),
                msg("Give one value for each channel."),
            )  # fmt: skip
    if min(raw.std) <= 0:
        raise CompressionError(msg("std can't be {value}.", value=min(raw.std)), msg("Choose values above 0."))


def _doubts(raw: Raw) -> list[Message]:
    if raw.metric is not None:
        return []
    present = len(torch.unique(raw.train.labels))
    if present == 1:
        return [msg("All training images belong to one class, so accuracy says little.")]
    if present < len(raw.classes):
        return [msg("{count} of {classes} classes have no training image.",
                    count=len(raw.classes) - present, classes=len(raw.classes))]  # fmt: skip
    return []
