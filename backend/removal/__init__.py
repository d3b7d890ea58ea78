"""Removes channels with everything that depends on them, and proves that nothing else changed.

``prepared`` → ``analyze`` → ``checked`` say what can go; ``Structure.silenced`` gives the masks of what shall, and
``remove`` the smaller network; ``agreement`` compares the two.
"""

from torch import nn

from backend.network import Edit
from backend.removal._analyze import analyze
from backend.removal._cut import KIND, cut, cut_masks, numbers_left, remove
from backend.removal._prepare import KINDS, prepared, rebuilt
from backend.removal._structure import Group, Structure
from backend.removal._verify import Agreement, agreement, checked

__all__ = [
    "Agreement",
    "Group",
    "Structure",
    "agreement",
    "analyze",
    "checked",
    "cut_masks",
    "numbers_left",
    "prepared",
    "remove",
    "replay",
]


def replay(module: nn.Module, edit: Edit) -> nn.Module | None:
    """``module`` (which is used up) after an edit of this package; None where the edit is another's."""
    if edit.kind in KINDS:
        return rebuilt(module, edit)
    return cut(module, edit) if edit.kind == KIND else None
