"""Whether this installation, frozen or not, has all its parts and can do its work."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

import torch

from backend.cancel import Cancel
from backend.decomposition._base import Decomposition
from backend.decomposition._tell import weight_error
from backend.engine.client import EngineClient
from backend.engine.protocol import VERSION, Export, Inspect, Request, Run
from backend.events import ENDINGS, Answer, Event, Failed, Finished, Hello
from backend.recipe import merged, read_recipe
from backend.registry import PACKAGES, catalogue, method, methods
from resources.paths import resource

Check = tuple[str, Callable[[], str]]
"""A name, and a function that returns what it saw or raises."""

SHORT = {
    "data.limit": 200,
    "stages.1.train.epochs": 1,
    "stages.2.quantize.calibration_batches": 1,
}
PATIENCE = 180.0
"""Seconds that one step of the engine may take on a slow machine."""

E = TypeVar("E")


def selftest(more: Sequence[Check] = ()) -> int:
    """Carry out every check, print a line for each, and return the exit code.

    Args:
        more: checks of parts that this package does not know, such as the window's languages.
    """
    checks: list[Check] = [
        ("Methods", every_kind_has_methods),
        ("Decomposition", a_convolution_is_decomposed),
        ("Engine", the_engine_does_the_sample),
        *more,
    ]
    failed = 0
    for name, check in checks:
        try:
            print(f"ok      {name}: {check()}", flush=True)
        except Exception as error:  # a check may fail in any way; the others are still worth knowing
            failed += 1
            print(f"failed  {name}: {type(error).__name__}: {error}", flush=True)
    print(f"{len(checks) - failed} of {len(checks)} checks passed.")
    return 1 if failed else 0


def every_kind_has_methods() -> str:
    """No registry is empty: a frozen app that left the method files out would offer nothing, silently."""
    return ", ".join(f"{kind} {len(methods(kind))}" for kind in PACKAGES)


def a_convolution_is_decomposed() -> str:
    """The frozen app holds tensorly, its backend for torch (looked up by name), and scipy, which it needs."""
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(4, 6, 3)
    said = []
    for id in ("tucker", "cp"):
        found = cast(Decomposition, method("decomposition", id))
        made = found.decomposed(layer, (4,) * len(found.ranks), Cancel())
        said.append(f"{found.label} keeps {1 - weight_error(layer, made) ** 2:.0%} of a weight")
    return ", ".join(said)


def the_engine_does_the_sample() -> str:
    """The engine starts as this program, carries out a short sample recipe, and exports its network."""
    engine = EngineClient()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _sample(engine, Path(folder))
    finally:
        engine.close()


def _sample(engine: EngineClient, folder: Path) -> str:
    hello = _wait(engine, "", Hello)
    if hello.protocol != VERSION or len(hello.methods) != len(catalogue().to_data()):
        raise RuntimeError(f"the engine speaks protocol {hello.protocol} and knows {len(hello.methods)} methods")
    path = resource("recipes/lenet5-digits.yaml")
    recipe = merged(read_recipe(path, catalogue()), SHORT, catalogue())
    inspected = _ask(engine, Inspect(recipe.model.to_data(), None, str(path.parent)), Answer).value
    result = _ask(engine, Run(recipe.to_data(), str(folder / "int8"), str(path.parent)), Finished).result
    in_float = dataclasses.replace(recipe, stages=recipe.stages[:1])
    _ask(engine, Run(in_float.to_data(), str(folder / "float"), str(path.parent)), Finished)
    exported = _exported(engine, folder / "int8", "state_dict") + _exported(engine, folder / "float", "onnx")
    baseline, final = result["baseline"]["accuracy"], result["final"]["accuracy"]
    return (
        f"torch {hello.torch}, {inspected['name']}, {baseline:.1f} % before and {final:.1f} % after, "
        f"exported and verified: {', '.join(exported)}"
    )


def _exported(engine: EngineClient, run: Path, format: str) -> list[str]:
    """Name of the file that was written and verified."""
    result = _ask(engine, Export(str(run), (format,), str(run / "out"), "sample"), Finished).result
    if not all(entry["verified"] for entry in result["exports"]):
        raise RuntimeError(f"the exported file gives other results: {result}")
    return [Path(entry["path"]).name for entry in result["exports"]]


def _ask(engine: EngineClient, request: Request, ending: type[E]) -> E:
    return _wait(engine, engine.send(request), ending)


def _wait(engine: EngineClient, job: str, wanted: type[E]) -> E:
    """The event of type ``wanted`` that ``job`` ends with.

    Raises:
        RuntimeError: it ended otherwise, or not in time.
    """
    until, process = time.monotonic() + PATIENCE, engine.pid
    while time.monotonic() < until:
        for about, _, event in engine.receive(0.2):
            if about == job and isinstance(event, wanted):
                return event
            if about == job and isinstance(event, ENDINGS):
                raise RuntimeError(_reason(event))
        if engine.pid != process:
            raise RuntimeError("the engine's process ended; why stands above")
    raise RuntimeError(f"no {wanted.__name__} within {PATIENCE:.0f} seconds")


def _reason(event: Event) -> str:
    return f"{event.message} {event.hint or ''} {event.details}" if isinstance(event, Failed) else str(event)
