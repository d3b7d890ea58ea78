"""Narrower and shallower versions of an architecture: students, which learn what a large network knows.

Width and depth are shares of the architecture's channels and blocks. What depends on what is found out as for pruning
(:mod:`backend.removal`, :mod:`backend.pruning._find_blocks`), so any classifier has students, and their layers keep
their names. A student is part of the source: the same factors give the same structure every time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from backend.errors import CompressionError, Message, Repair, by_reason, msg, some
from backend.models._designs import Design
from backend.network import Edit, Network
from backend.recipe import ModelSpec

SEED = 0
"""Of the weights that the structure is found out with; a student's own are drawn like any other network's."""


@dataclass(frozen=True)
class Student:
    """A smaller version of an architecture.

    Attributes:
        module: with fresh weights.
        notes: how much smaller it is, and what stayed as it was.
    """

    module: nn.Module
    notes: tuple[Message, ...]


def student(design: Design, classes: int, spec: ModelSpec, *, fresh: bool) -> Student:
    """``design`` for ``classes`` classes with the width and depth of ``spec``.

    Args:
        design: the architecture.
        classes: outputs.
        spec: its ``width`` is the share of the channels of every layer, ``depth`` that of the blocks of every stage.
        fresh: its weights come from elsewhere, so none need to be drawn.

    Raises:
        CompressionError: nothing in the architecture can be made narrower, or no block can go.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        whole = _network(design, classes, spec)
        small, told = whole, list[Message]()
        if spec.depth is not None:
            small, more = _shallower(small, spec.depth)
            told += more
        if spec.width is not None:
            small, more = _narrower(small, spec.width)
            told += more
    module = small.module if fresh else _drawn(lambda: design.build(classes), small.edits)
    return Student(module, (_size(whole, small, spec), *told))


def _network(design: Design, classes: int, spec: ModelSpec) -> Network:
    return Network(design.name, spec, design.build(classes).eval(), design.input_shape)


def _shallower(network: Network, depth: float) -> tuple[Network, list[Message]]:
    """``network`` with the share ``depth`` of the blocks of every stage; those that go lie evenly among the rest."""
    from backend.pruning._blocks import drop
    from backend.pruning._find_blocks import blocks

    found = blocks(network)
    able = [name for name, why in found.items() if why is None]
    if not able:
        raise CompressionError(
            msg("{name} has no block that can be left out, so it can't be made shallower.", name=network.name),
            msg("Remove model.depth, or choose a network with residual blocks."),
            repair=Repair(msg("Remove the depth"), {"model.depth": None}),
        )
    gone: list[str] = []
    for stage in _stages(found):
        here = [name for name in stage if name in able]
        surplus = min(len(stage) - _share(depth, len(stage)), len(here))
        gone += [name for name, stays in zip(here, _evenly(len(here) - surplus, len(here)), strict=True) if not stays]
    if not gone:
        return network, [msg("Every stage is so short that all of its blocks stay.")]
    return drop(network, gone), []


def _stages(found: Mapping[str, Message | None]) -> list[list[str]]:
    """Blocks in a row; one that can't go changes size or width, and begins the next stage."""
    stages: list[list[str]] = []
    for name, why in found.items():
        if not stages or why is not None or stages[-1][-1].rpartition(".")[0] != name.rpartition(".")[0]:
            stages.append([])
        stages[-1].append(name)
    return stages


def _narrower(network: Network, width: float) -> tuple[Network, list[Message]]:
    """``network`` with the share ``width`` of the channels of every group that can only go together."""
    from backend.removal import analyze, checked, prepared, remove

    ready = prepared(network)
    structure = checked(ready, analyze(ready))
    classes = msg("Its channels are the classes")
    staying = {name: why for name, why in structure.refused.items() if why != classes}
    told = [msg("As wide as before: {layers}. Reason: {reason}.", layers=some(layers.split(", ")), reason=why)
            for layers, why in by_reason(staying)]  # fmt: skip
    if not structure.groups:
        raise CompressionError(
            msg("No layer of {name} can be made narrower.", name=network.name),
            told[0] if told else msg("Choose another architecture."),
            repair=Repair(msg("Remove the width"), {"model.width": None}),
        )
    removed: dict[str, Tensor] = {}
    for group in structure.groups:
        stay = torch.tensor(_evenly(_share(width, group.units), group.units))
        removed[group.name] = (~stay).nonzero().flatten()
    return remove(ready, structure, {name: units for name, units in removed.items() if len(units)}), told


def _share(share: float, count: int) -> int:
    """The nearest number to ``share`` of ``count``, half of one counting as one; at least one."""
    return max(1, math.floor(share * count + 0.5))


def _evenly(stay: int, count: int) -> list[bool]:
    """Which of ``count`` stay, so that ``stay`` do and lie as evenly as possible, the first among them."""
    kept = {math.ceil(i * count / stay) for i in range(stay)}
    return [i in kept for i in range(count)]


def _drawn(build: Callable[[], nn.Module], edits: tuple[Edit, ...]) -> nn.Module:
    """The architecture with weights of its own drawing, made smaller.

    What is left of a layer's weights is as if drawn for the larger one: their variance goes with 1 ÷ fan-in in the
    usual initializations (Glorot and Bengio 2010, He et al. 2015). So they grow by √(fan-in before ÷ fan-in now).
    """
    from backend.pruning._blocks import replay_drop
    from backend.removal import replay

    module = build()
    before = _fans(module)
    for edit in edits:
        module = replay(module, edit) or replay_drop(module, edit.data)
    with torch.no_grad():
        for name, fan in _fans(module).items():
            layer = module.get_submodule(name)
            for parameter in layer.parameters(recurse=False):
                parameter.mul_(math.sqrt(before.get(name, fan) / fan))
    return module


def _fans(module: nn.Module) -> dict[str, int]:
    """Layer → how many inputs each of its outputs has."""
    return {
        name: int(part.weight[0].numel()) if not isinstance(part, nn.modules.conv._ConvTransposeNd)
        else int(part.weight[:, 0].numel() // part.groups)
        for name, part in module.named_modules()
        if isinstance(part, (nn.Linear, nn.modules.conv._ConvNd))
    }  # fmt: skip


def _size(whole: Network, small: Network, spec: ModelSpec) -> Message:
    left, all_of_it = (sum(p.numel() for p in network.module.parameters()) for network in (small, whole))
    return msg(
        "Width {width}, depth {depth} of {name}: {left} of {all} parameters.",
        width=spec.width or 1,
        depth=spec.depth or 1,
        name=whole.name,
        left=f"{left:,}",
        all=f"{all_of_it:,}",
    )
