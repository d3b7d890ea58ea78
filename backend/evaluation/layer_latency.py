"""Milliseconds of each layer, measured within the forward pass of the whole network."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Cancelled, CompressionError, msg
from backend.evaluation._mode import evaluating, hooked
from backend.evaluation.inspect import ancestors, is_layer, visible
from backend.evaluation.latency import race
from backend.network import Network, packing, twin

SECONDS = 3.0
"""For all rounds together; a slow network takes up to four times as long."""


def layer_latency(
    network: Network,
    batch: int = 1,
    *,
    seconds: float = SECONDS,
    progress: Callable[[float, float], None] | None = None,
    cancel: Cancel | None = None,
) -> dict[str, Any]:
    """Median milliseconds of every layer, in turns with the whole network that nobody looks into.

    A layer that runs several times in one pass counts as often. What a container computes without its layers
    (attention) is the container's; additions and reshapes between layers are in the total alone.

    Args:
        network: to measure; it is left as it is.
        batch: inputs at once.
        seconds: for all rounds.
        progress: told (seconds spent, seconds expected) after every round.
        cancel: checked before every layer.

    Returns:
        ``layers`` (name → ms), ``total_ms``, ``noise_ms`` of the total (see :class:`.latency.Timing`),
        ``runtime``, ``threads``, ``batch``, ``rounds`` and ``input_shape``.

    Raises:
        CompressionError: the network can't be run.
    """
    with packing(network.module):
        module = twin(network.module)  # hooks on the network itself would be in the way of questions about it
    inputs = torch.rand((batch, *network.input_shape), generator=torch.Generator().manual_seed(0)).to(network.device)
    begun = time.perf_counter()
    rounds: list[dict[str, float]] = []

    def watched() -> None:
        rounds.append(_watched(module, inputs, parts, cancel))
        if progress is not None:
            progress(min(time.perf_counter() - begun, seconds), seconds)

    with evaluating(module), torch.inference_mode():
        parts = _measurable(module, _first(network, module, inputs, cancel))
        found = race({"whole": lambda: module(inputs), "layers": watched}, seconds=seconds, cancel=cancel)["whole"]
    counted = rounds[-found.rounds :]
    return {
        "layers": {name: 1000 * statistics.median(one.get(name, 0.0) for one in counted) for name in parts},
        "total_ms": found.median,
        "noise_ms": found.noise,
        "runtime": "torch",
        "threads": torch.get_num_threads(),
        "batch": batch,
        "rounds": found.rounds,
        "input_shape": list(network.input_shape),
    }


def _first(network: Network, module: nn.Module, inputs: Tensor, cancel: Cancel | None) -> Mapping[str, float]:
    """What runs at all."""
    try:
        return _watched(module, inputs, visible(module), cancel)
    except Cancelled:
        raise
    except Exception as error:  # a person's own forward may raise anything
        shape = "×".join(map(str, inputs.shape))
        raise CompressionError(
            msg("{name} could not be run on an input of {shape}.", name=network.name, shape=shape),
            msg("Choose data of the shape that the network takes, then measure again."),
            details=f"{type(error).__name__}: {error}",
        ) from error


def _measurable(module: nn.Module, ran: Mapping[str, float]) -> dict[str, nn.Module]:
    """The layers that ran, and containers that ran without any of theirs."""
    parts = {name: part for name, part in visible(module).items() if name in ran}
    layers = {name for name, part in parts.items() if is_layer(part)}
    at_work = {above for name in layers for above in ancestors(name)}
    idle = [name for name in parts if name not in at_work]
    bottom = set(idle) - {above for name in idle for above in ancestors(name) if above != name}
    return {name: part for name, part in parts.items() if name in layers or name in bottom}


def _watched(
    module: nn.Module, inputs: Tensor, parts: Mapping[str, nn.Module], cancel: Cancel | None
) -> dict[str, float]:
    """Seconds of each of ``parts`` in one pass; what did not run is missing."""
    spent: dict[str, float] = {}
    begun: list[float] = []

    def before(part: nn.Module, inputs: Any) -> None:
        if cancel is not None:
            cancel.check()
        begun.append(time.perf_counter())

    def after(name: str, part: nn.Module, inputs: Any, output: Any) -> None:
        spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun.pop()

    hooks = (
        handle
        for name, part in parts.items()
        for handle in (
            part.register_forward_pre_hook(before),
            part.register_forward_hook(partial(after, name), prepend=True),
        )
    )
    with hooked(hooks):
        module(inputs)
    return spent
