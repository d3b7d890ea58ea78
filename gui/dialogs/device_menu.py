"""The menu of the device chip: where a run computes, and why some places are out of reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from gui.text import plural, tr
from gui.widgets.reason_menu import ReasonMenu


def device_menu(
    capabilities: Mapping[str, Any], current: str, chosen: Callable[[str], object], parent: QWidget | None = None
) -> ReasonMenu:
    """``capabilities`` are the engine's (Hello); ``chosen(device)`` gets cpu, cuda or mps."""
    menu = ReasonMenu(tr("Device"), parent=parent)
    group = QActionGroup(menu)
    for device, text, there, reason in (
        ("cpu", device_text("cpu", capabilities), True, ""),
        ("cuda", "NVIDIA GPU (CUDA)", bool(capabilities.get("cuda")), tr("Needs an NVIDIA GPU and PyTorch with CUDA")),
        ("mps", "Apple GPU (MPS)", bool(capabilities.get("mps")), tr("Needs a Mac with an Apple GPU")),
    ):
        if not there:
            menu.refuse(text, reason)
            continue
        action = menu.offer(text, lambda device=device: chosen(device))  # type: ignore[misc]
        action.setCheckable(True)
        action.setChecked(device == current)
        group.addAction(action)
    return menu


def device_text(device: str, capabilities: Mapping[str, Any]) -> str:
    """A device as the chip names it: ``CPU · 8 threads``."""
    threads = capabilities.get("threads")
    if device == "cpu" and isinstance(threads, int):
        return plural(threads, "CPU · {count} thread", "CPU · {count} threads")
    return {"cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}.get(device, device)
