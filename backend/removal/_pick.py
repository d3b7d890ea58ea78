"""Channels taken and added by their number, as layers that removal can correct."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backend.models.resnet_cifar import PadShortcut


class Pick(nn.Module):
    """Some channels (dimension 1) of its input, in an order of its own.

    What stands in a forward as ``chunk``, ``split`` or a shuffle goes by how many channels there are, and takes
    others once some are gone. Here the numbers are data.
    """

    indices: Tensor

    def __init__(self, indices: Sequence[int]) -> None:
        super().__init__()
        self.register_buffer("indices", torch.tensor(indices), persistent=False)
        self._look()

    def forward(self, x: Tensor) -> Tensor:
        if self.first is not None:
            return x.narrow(1, self.first, self.count)
        return x.index_select(1, self.indices)

    def shorten(self, gone: Sequence[int]) -> None:
        """Channels ``gone`` are missing from the input now."""
        left = torch.ones(max(int(self.indices.max()), *gone) + 1, dtype=torch.long, device=self.indices.device)
        left[list(gone)] = 0
        new = left.cumsum(0) - 1
        self.indices = new[self.indices[left[self.indices] == 1]]
        self._look()

    def _look(self) -> None:
        """Neighbors in a row are a view, which costs nothing."""
        self.count = len(self.indices)
        in_a_row = torch.equal(self.indices.diff(), torch.ones_like(self.indices[1:]))
        self.first = int(self.indices[0]) if self.count and in_a_row else None


class Widen(PadShortcut):
    """Zeros around an image and as channels before and after its own, by F.pad's six numbers."""

    def __init__(self, pads: Sequence[int]) -> None:
        super().__init__(0)
        *self.around, self.before, self.after = pads

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, (*self.around, self.before, self.after))
