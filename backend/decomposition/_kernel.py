"""What Tucker and CP share: convolutions whose kernel covers more than one pixel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from torch import nn

from backend.decomposition._base import unsuitable
from backend.errors import Message, msg


def applies(layer: nn.Module) -> Message | None:
    """None where ``layer`` is a Conv2d with a kernel and without groups, else why not."""
    if type(layer) is not nn.Conv2d:
        return msg("Needs a 2-D convolution")
    if layer.groups > 1:
        return msg("Is a grouped convolution")
    if layer.kernel_size == (1, 1):
        return msg("Has a 1×1 kernel, which SVD takes")
    return unsuitable(layer)


def geometry(conv: nn.Conv2d, axes: tuple[int, ...] = (0, 1)) -> dict[str, Any]:
    """Kernel, stride, padding and dilation of ``conv`` along ``axes``; along the others those of a 1×1."""

    def along(pair: tuple[int, ...], other: int) -> tuple[int, ...]:
        return tuple(value if axis in axes else other for axis, value in enumerate(pair))

    return {
        "kernel_size": along(conv.kernel_size, 1),
        "stride": along(conv.stride, 1),
        "padding": conv.padding if isinstance(conv.padding, str) else along(conv.padding, 0),
        "dilation": along(conv.dilation, 1),
        "padding_mode": conv.padding_mode,
    }


def sizes(layer: nn.Module) -> tuple[int, int, int, int]:
    """Outputs, inputs, height and width of the kernel."""
    conv = cast(nn.Conv2d, layer)
    return conv.out_channels, conv.in_channels, conv.kernel_size[0], conv.kernel_size[1]


@contextmanager
def tensorly() -> Iterator[Any]:
    """The library, on torch's tensors, for this thread and for as long as the context lasts.

    Imported here: it brings scipy along, which takes as long to load as all of Pare.
    """
    import tensorly

    with tensorly.backend_context("pytorch", local_threadsafe=True):
        yield tensorly
