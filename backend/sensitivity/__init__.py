"""The sensitivity scan: what accuracy costs to prune, layer by layer, before anything is pruned."""

from backend.sensitivity._base import BASELINE, Point, Reading, Scan
from backend.sensitivity._cache import Cache
from backend.sensitivity._points import AMOUNTS, count, part_points, point
from backend.sensitivity._scan import limited, scan

__all__ = [
    "AMOUNTS",
    "BASELINE",
    "Cache",
    "Point",
    "Reading",
    "Scan",
    "count",
    "limited",
    "part_points",
    "point",
    "scan",
]
