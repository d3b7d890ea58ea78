"""What kind of row a module is, and its icon."""

from __future__ import annotations

from backend.answers import LayerInfo
from gui.text import number, signed


def icon_name(layer: LayerInfo) -> str:
    """The Phosphor icon for a kind of layer."""
    type = layer.type
    if not layer.name:
        return "cube"
    if not layer.leaf:
        return "stack" if type == "Sequential" else "squares-four"
    for word, name in (
        ("Conv", "grid-four"),
        ("Norm", "activity"),
        ("Linear", "line-segments"),
        ("Pool", "arrows-in-simple"),
    ):
        if word in type:
            return name
    return "square"


def quiet(layer: LayerInfo) -> bool:
    """Whether a row is only there for completeness: no weights of its own to compress."""
    return layer.leaf and (not layer.weight_shape or "Norm" in layer.type)


def points_lost(drop: float) -> str:
    """``0.7`` where accuracy is lost; a gain has its sign: ``+0.7``."""
    return signed(-drop, 1) if drop < 0 else number(drop, 1)
