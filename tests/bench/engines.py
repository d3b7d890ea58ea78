"""Latency of int8 on every engine of this computer, and of float32, in turns.

The mark: ``auto`` keeps an engine that is right and, within the noise, as fast as the fastest that is (or slower by no
more than a more exact one may be).
"""

from __future__ import annotations

import json
import os
from typing import Any

from tests.bench._harness import Row, in_a_process, table

NETWORKS = {"resnet18": 224, "mobilenet_v2": 224, "resnet20": 32}
"""Name → height and width; random weights, on which kernels are as fast as on any."""
SECONDS = 20.0
"""For each network's race."""


def bench() -> bool:
    from backend.quantization._race import CLOSE_DB, FASTER

    threads = str(min(2, os.cpu_count() or 1))
    found = in_a_process("tests.bench.engines", OMP_NUM_THREADS=threads, OMP_WAIT_POLICY="PASSIVE")
    met = []
    for name, figures in found.items():
        chosen, times, sqnr = figures["chosen"], figures["ms"], figures["sqnr_db"]
        right = {engine for engine, db in sqnr.items() if db >= max(sqnr.values()) - CLOSE_DB}
        limit = FASTER * min(times[engine] for engine in right) + figures["noise"]
        rows = [Row("fp32", f"{times['fp32']:.2f} ms", "", True)]
        for engine in sqnr:
            figure = f"{times[engine]:.2f} ms  ×{times['fp32'] / times[engine]:.1f}  {sqnr[engine]:.1f} dB"
            if engine == chosen:
                met_here = engine in right and times[engine] <= limit
                rows.append(Row(f"{engine} (auto)", figure, f"≤ {limit:.2f} ms", met_here))
            else:
                rows.append(Row(engine, figure, "" if engine in right else "not right", True))
        size = NETWORKS[name]
        met.append(table(f"{name}, one image of {size}×{size}, {threads} thread(s), in turns", rows))
    return all(met)


def races() -> dict[str, Any]:
    """Network → median milliseconds, SQNR of every engine, and what ``auto`` chose."""
    return {name: _race(name, size) for name, size in NETWORKS.items()}


def _race(name: str, size: int) -> dict[str, Any]:
    import torch

    from backend.cancel import Cancel
    from backend.evaluation.latency import race
    from backend.evaluation.sqnr import output_error
    from backend.quantization._engines import available, candidates, highest_level
    from backend.quantization._fx import Converter, LayerSettings
    from backend.quantization._race import fastest_right
    from backend.registry import method
    from resources.make_tables import lively

    module = lively(name, size).module
    settings = LayerSettings()
    layers = {part: settings for part, _ in module.named_modules() if part}
    converter = Converter.of(module, settings, layers, {"min_max": method("observer", "min_max")})  # type: ignore[dict-item]
    images = torch.randn(8, 3, size, size)
    with torch.inference_mode():
        converter.prepared(images)
        expected = module(images)
        engines = {engine: converter.converted(engine, highest_level(engine)) for engine in available()}
        sqnr = {engine: output_error(expected, made(images)).sqnr_db for engine, made in engines.items()}
        chosen = fastest_right({engine: engines[engine] for engine in candidates(True)}, module, images[:1], Cancel())
        calls = {engine: lambda made=made: made(images[:1]) for engine, made in {"fp32": module, **engines}.items()}
        times = race(calls, seconds=SECONDS)
    noise = max(timing.noise for engine, timing in times.items() if engine in candidates(True))
    milliseconds = {engine: timing.median for engine, timing in times.items()}
    return {"chosen": chosen, "sqnr_db": sqnr, "ms": milliseconds, "noise": noise}


if __name__ == "__main__":
    print(json.dumps(races()))
