"""Latency of ResNet-20 whose channels are masked, and of the same one without them.

All contenders take turns, image by image. The mark: without its channels a network is faster the fewer
multiply-accumulates it has, and a masked one is as slow as the original to within the noise.
"""

from __future__ import annotations

import json
import os
from itertools import pairwise
from typing import Any

from tests.bench._harness import Row, in_a_process, table

AMOUNTS = (0.25, 0.5, 0.75)
BATCH = 64
SECONDS = 20.0
CALM = 0.1
"""So far a masked network may be from the original."""


def bench() -> bool:
    threads = str(min(2, os.cpu_count() or 1))
    found = in_a_process("tests.bench.removal", OMP_NUM_THREADS=threads, OMP_WAIT_POLICY="PASSIVE")
    whole = found["original"]
    rows = [Row("original", f"{whole['ms']:.1f} ms  {whole['macs'] / 1e6:.1f} M MACs", "", True)]
    for amount in AMOUNTS:
        masked, removed = found[f"masked {amount}"], found[f"removed {amount}"]
        ratio = masked["ms"] / whole["ms"]
        share = f"{amount:.0%} masked"
        rows.append(Row(share, f"{masked['ms']:.1f} ms  ×{ratio:.2f}", "×1 ± 0.1", abs(ratio - 1) <= CALM))
        figure = f"{removed['ms']:.1f} ms  ×{removed['ms'] / whole['ms']:.2f}  {removed['macs'] / 1e6:.1f} M MACs"
        rows.append(Row(f"{amount:.0%} removed", figure, "", True))
    order = [whole, *(found[f"removed {amount}"] for amount in AMOUNTS)]
    falls = all(after["ms"] < before["ms"] for before, after in pairwise(order))
    rows.append(Row("latency falls with MACs", "yes" if falls else "no", "yes", falls))
    return table(f"ResNet-20, batch {BATCH}, masked and removed, {threads} thread(s), in turns", rows)


def race() -> dict[str, Any]:
    """Median milliseconds and MACs of every contender."""
    from pathlib import Path

    import torch

    from backend.cancel import Cancel
    from backend.evaluation.latency import race as in_turns
    from backend.evaluation.macs import shapes
    from backend.models import open_network
    from backend.pruning._masks import apply_masks
    from backend.recipe import ModelSpec
    from backend.removal import analyze, remove

    network = open_network(ModelSpec("bundled", "resnet20"), Path())
    structure = analyze(network, Cancel())
    contenders = {"original": network}
    for amount in AMOUNTS:
        gone = {group.name: torch.arange(round(amount * group.units)) for group in structure.groups}
        contenders[f"masked {amount}"] = masked = network.copy()
        apply_masks(masked.module, structure.silenced(gone))
        contenders[f"removed {amount}"] = remove(network, structure, gone)
    images = torch.rand(BATCH, *network.input_shape)
    with torch.inference_mode():
        calls = {name: lambda module=found.module: module(images) for name, found in contenders.items()}
        times = in_turns(calls, seconds=SECONDS)
    return {
        name: {"ms": times[name].median, "macs": sum(shapes(found).macs.values())} for name, found in contenders.items()
    }


if __name__ == "__main__":
    print(json.dumps(race()))
