"""Whole blocks whose removal costs least.

A residual block passes its input on beside what it computes, so the network still works without it.
Each block is taken out by itself and the loss on validation images measured; the one whose removal
raises it least goes for good, and the rest are ranked again, since what a block is worth depends on
its neighbors. That looks at blocks × removed blocks × images: a smaller number of images is quicker.

The amount is the share of the blocks that can go; one block at least stays.
"""

from __future__ import annotations

from torch import nn

from backend.description import Parameter
from backend.errors import Message, msg
from backend.pruning._base import Criterion


def applies(module: nn.Module) -> Message | None:
    """Layers and plain sequences of them are no blocks; which blocks of a network can go, only a run shows."""
    if next(module.children(), None) is None or type(module).forward is nn.Sequential.forward:
        return msg("Removes whole blocks, not single layers")
    return None


METHOD = Criterion(
    id="layer",
    label="Whole blocks",
    summary="Removes whole residual blocks, the one whose removal raises the loss least first.",
    when="For deep residual networks that shall become faster on any hardware. Each block is tried on "
    "validation images, several times over.",
    parameters=(
        Parameter(
            name="images",
            type="int",
            label="Images",
            default=500,
            minimum=1,
            required=True,
            advanced=True,
            summary="Validation images the blocks are ranked on.",
        ),
    ),
    unit="block",
    applies=applies,
)
