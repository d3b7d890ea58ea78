"""The fastest way to run a network that gives the network's own outputs."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, fx, nn

from backend.errors import Message, msg
from backend.evaluation.accuracy import BATCH, forward
from backend.evaluation.sqnr import output_error
from backend.sensitivity._fold import fold
from backend.sensitivity._program import Program
from backend.sensitivity._trace import trace, whole

SAME_DB = 60.0
"""Outputs this close differ by rounding alone."""
AT_ONCE = 128 * 3 * 32 * 32
"""Values of images a batch: what convolutions give for them stays in the processor's cache."""
FEWEST = 16


def prepare(module: nn.Module, images: Tensor) -> tuple[Program, int, tuple[Message, ...]]:
    """A program for ``module``, images a batch, and what a person should know of it.

    Each way is tried on ``images`` in two parts, so a network that mixes the images of a batch is seen too.
    Nothing but the network itself, run whole, is right for such a one.

    Args:
        module: in evaluation mode; not changed.
        images: one batch on the network's device.

    Raises:
        CompressionError: the network can't take the images.
    """
    expected = forward(module, images.clone())
    _, opaque = trace(copy.deepcopy(module))  # a forward that keeps what it saw keeps proxies now
    layouts = () if opaque == ("",) else (torch.channels_last, torch.contiguous_format)
    for layout in layouts:
        program = _program(module, layout, images, expected)
        if program is not None:
            return program, _batch(images), _notes(opaque)
    note = msg("This network can only be run as a whole, so the scan takes as long as running it for every point.")
    return Program(module, copy.deepcopy(module), whole(), {}), BATCH, (note,)


def _program(module: nn.Module, layout: torch.memory_format, images: Tensor, expected: Tensor) -> Program | None:
    """The steps of ``module`` in that layout, if they give what is expected."""
    try:
        program = _built(module, layout)
        parts = [program.finish(program.start(part.clone()), 0) for part in images.tensor_split(2) if len(part)]
        found = torch.cat(parts)
    except Exception:  # a layout or a fold that this network's own code can't take
        return None
    same = found.shape == expected.shape and output_error(expected, found).sqnr_db >= SAME_DB
    return program if same else None


def _built(module: nn.Module, layout: torch.memory_format) -> Program:
    made = copy.deepcopy(module)
    graph, _ = trace(made)
    folded = fold(made, graph)
    if layout == torch.channels_last:
        _reshape_instead_of_view(graph)
    return Program(module, made.to(memory_format=layout), graph, folded, layout)  # type: ignore[call-overload]


def _batch(images: Tensor) -> int:
    return max(FEWEST, min(BATCH, AT_ONCE // max(images[0].numel(), 1)))


def _notes(opaque: tuple[str, ...]) -> tuple[Message, ...]:
    if not opaque:
        return ()
    return (
        msg("These parts decide in Python what to compute and are run as a whole: {parts}.", parts=", ".join(opaque)),
    )


def _reshape_instead_of_view(graph: fx.Graph) -> None:
    """``view`` raises on tensors that lie channels last, and ``reshape`` copies."""
    for node in graph.nodes:
        casts = any(isinstance(value, torch.dtype) for value in (*node.args, *node.kwargs.values()))
        if node.op == "call_method" and node.target == "view" and not casts:
            node.target = "reshape"
