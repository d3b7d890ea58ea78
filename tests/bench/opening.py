"""From opening a checkpoint of half a gigabyte to its tree, and what a network of 10,000 modules takes."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.bench._harness import Row, in_a_process, in_turns, middle, table

ROUNDS = 5
MOST = 0.3
MODULES = 10_000
LARGEST = 1.0
"""Megabytes that the description of so many modules may take on the pipe."""


def bench() -> bool:
    with tempfile.TemporaryDirectory(prefix="pare-", ignore_cleanup_errors=True) as name:
        path = Path(name) / "large.pth"
        size = in_a_process("tests.bench.opening", "make", str(path))
        found = in_turns(ROUNDS, {"window": lambda: in_a_process("tests.bench.opening", "window", str(path))})
    many = in_a_process("tests.bench.opening", "modules")
    tree = middle([one["tree"] for one in found["window"]])
    opened = middle([one["opened"] for one in found["window"]])
    return table(
        f"Opening a checkpoint of {size / 1e6:.0f} MB with the engine warm, median of {ROUNDS}",
        [
            Row("tree, sizes and trust stand in the window", f"{tree:.3f} s", f"at most {MOST} s", tree <= MOST),
            Row("the network is open", f"{opened:.2f} s", "", True),
            Row(f"describing {MODULES:,} modules", f"{many['seconds']:.2f} s", "", True),
            Row(
                "  on the pipe",
                f"{many['bytes'] / 1e6:.2f} MB",
                f"at most {LARGEST} MB",
                many["bytes"] <= 1e6 * LARGEST,
            ),
            Row("  read by the window", f"{1000 * many['read']:.0f} ms", "", True),
        ],
    )


def make(path: Path) -> int:
    """Write VGG-16's weights, all alike; return the size of the file."""
    import torch

    from backend.models._designs import named, without_memory

    module = without_memory(named("vgg16").build)
    torch.save({key: torch.full(value.shape, 0.01) for key, value in module.state_dict().items()}, path)
    return path.stat().st_size


def in_window(path: Path) -> dict[str, float]:
    """Seconds from opening ``path`` to a tree that was painted, and to the network being open."""
    from gui.app import make_application
    from tests.window import opened_window, private_folders, wait_until

    with private_folders() as folder:
        app = make_application()
        with opened_window(folder) as window:
            wait_until(lambda: window.engine.ready)
            begun = time.perf_counter()
            window.files.open_file(path)
            while window._panes is None or not window.panes.model.model.layers or not window.panes.trust.text():
                app.processEvents()
            window.panes.model.tree.viewport().repaint()
            tree = time.perf_counter() - begun
            wait_until(lambda: window.document.inspection is not None and window.document.inspection.complete)
            return {"tree": tree, "opened": time.perf_counter() - begun}


def modules() -> dict[str, Any]:
    """Seconds to describe a network of blocks, bytes of its description, and seconds to read that."""
    from torch import nn

    from backend.answers import Inspection
    from backend.evaluation.inspect import inspect_network
    from backend.network import Network
    from backend.recipe import ModelSpec

    def block() -> nn.Module:
        return nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4), nn.ReLU())

    blocks = [block() for _ in range(MODULES // 4)]
    network = Network("blocks", ModelSpec("python"), nn.Sequential(*blocks).eval(), (4, 8, 8))
    inspect_network(network)  # libraries are imported by the first
    begun = time.perf_counter()
    data = inspect_network(network).to_data()
    seconds = time.perf_counter() - begun
    line = json.dumps(data, ensure_ascii=False).encode()
    read = json.loads(line)
    begun = time.perf_counter()
    Inspection.from_data(read)
    return {"seconds": seconds, "bytes": len(line), "read": time.perf_counter() - begun}


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", name]:
            print(make(Path(name)))
        case ["window", name]:
            print(json.dumps(in_window(Path(name))))
        case _:
            print(json.dumps(modules()))
