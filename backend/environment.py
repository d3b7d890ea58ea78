"""What this machine is: figures mean little without it."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import torch

from backend import __version__


def environment() -> dict[str, Any]:
    """Versions, processor, threads and capabilities, as result.json lists them."""
    return {
        "pare_version": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "system": platform.platform(),
        "cpu": processor(),
        "threads": torch.get_num_threads(),
        "capabilities": capabilities(),
    }


def capabilities() -> dict[str, Any]:
    """What computes here: devices, quantized engines of torch, and the processor's vector instructions."""
    return {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "engines": [name for name in torch.backends.quantized.supported_engines if name != "none"],
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }


def processor() -> str:
    """The processor's name as the system gives it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
