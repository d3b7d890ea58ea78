"""Removes channels with everything that depends on them, and proves that nothing else changed."""

from torch import nn

from backend.network import Edit, Network
from backend.removal import _cut
from backend.removal._analyze import analyze
from backend.removal._cut import cut_masks, remove
from backend.removal._structure import Group, Structure
from backend.removal._verify import Agreement, agreement, checked

__all__ = ["Agreement", "Group", "Structure", "agreement", "analyze", "checked", "cut_masks", "prepared", "remove",
           "replay"]  # fmt: skip


def prepared(network: Network) -> Network:
    return network


def replay(module: nn.Module, edit: Edit) -> nn.Module | None:
    """``module`` after an edit of this package; None where the edit is another's."""
    return _cut.cut(module, edit) if edit.kind == _cut.KIND else None
