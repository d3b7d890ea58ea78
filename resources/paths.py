"""Where the bundled resources stand: beside the code, or inside the frozen app. Neither Qt nor torch."""

from __future__ import annotations

import sys
from pathlib import Path

RESOURCES = Path(sys._MEIPASS) / "resources" if hasattr(sys, "_MEIPASS") else Path(__file__).resolve().parent
"""The folder ``resources``; PyInstaller unpacks it below ``sys._MEIPASS``."""


def resource(name: str) -> Path:
    """The path of a bundled resource, such as ``samples/lenet5-digits.safetensors``."""
    return RESOURCES / name
