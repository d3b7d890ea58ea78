"""Which layers of a student are paired with which of its teacher, proposed from names and output shapes.

Networks go through resolutions: a part of the layers gives outputs of one height and width, the next part of half of
them. The last output of each resolution is what the next part works with, so that is what is compared, as a block
where the network is made of blocks. Neither torch nor Qt is needed for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Pairs = dict[str, str | list[str]]
"""Layer of the student → layer of the teacher, or a list of them."""
PASSING = ("Dropout", "Flatten", "flatten", "Identity", "Pool")
"""In the names of types of layers that learn nothing and bring nothing of their own."""
INNER = 1
"""Levels of the network's tree below the highest pair at which others may stand; what is deeper is part of a block."""
MOST = 4
"""Layers of a teacher that one layer of the student may choose among, where the network has no blocks."""


@dataclass(frozen=True)
class Output:
    """What a layer gives.

    Attributes:
        name: of the layer, dotted; empty for the network itself.
        type: its class.
        shape: of one output without the batch; empty where it is not known.
    """

    name: str
    type: str
    shape: tuple[int, ...]


def propose(
    student: Iterable[Output],
    teacher: Iterable[Output],
    *,
    dims: Collection[int] = (2, 3, 4),
    several: bool = False,
) -> Pairs:
    """Few pairs, one a resolution; never the outputs that tell the classes.

    Where no resolution is the same in both, resolutions are paired in their order, from the last one on.

    Args:
        student: all its modules in the order of ``named_modules``, the network itself among them.
        teacher: the same of the teacher.
        dims: how many dimensions the outputs that are compared may have, the batch among them.
        several: whether the teacher's side is a list to choose among: the blocks of that resolution.

    Returns:
        Pairs in the order of the student's layers; empty where nothing can be paired.
    """
    own, other = _resolutions(list(student), dims), _resolutions(list(teacher), dims)
    common = [(key, key) for key in own if key in other] or _in_order(own, other)
    chosen = {_last(own[mine]).name: other[theirs] for mine, theirs in common}
    return {
        name: [one.name for one in _blocks(found)] if several else _last(found).name for name, found in chosen.items()
    }


Resolution = tuple[int, ...]
"""How many dimensions an output has, and its height and width; of a sequence its length."""


def _resolutions(outputs: list[Output], dims: Collection[int]) -> Mapping[Resolution, list[Output]]:
    """The outputs by resolution, in the order in which a resolution is first met."""
    found: dict[Resolution, list[Output]] = {}
    for output in _features(outputs):
        if len(output.shape) + 1 in dims:
            found.setdefault(_resolution(output.shape), []).append(output)
    depths = {key: min(map(_depth, outputs)) for key, outputs in found.items()}
    return {key: found[key] for key, depth in depths.items() if depth <= min(depths.values()) + INNER}


def _resolution(shape: tuple[int, ...]) -> Resolution:
    size = shape[:1] if len(shape) == 2 else shape[1:]
    return (len(shape), *size)


def _features(outputs: list[Output]) -> list[Output]:
    """All but the network itself, the layers that end in its classes, and those that compute nothing."""
    whole = next((output.shape for output in outputs if not output.name), ())
    below = {output.name.rpartition(".")[0] for output in outputs if output.name}
    inner = [output for output in outputs if output.name and output.shape]
    for leaf in [output for output in reversed(inner) if output.name not in below]:
        if not whole or leaf.shape[0] != whole[0]:
            break
        inner = [output for output in inner if output is not leaf]
    return [
        output
        for output in inner
        if tuple(size for size in output.shape if size > 1) != whole
        and not any(word in output.type for word in PASSING)
    ]


def _last(outputs: list[Output]) -> Output:
    """The last output that stands highest in the network's tree: a block, not a layer in the next one."""
    return _highest(outputs)[-1]


def _highest(outputs: list[Output]) -> list[Output]:
    depth = min(map(_depth, outputs))
    return [output for output in outputs if _depth(output) == depth]


def _depth(output: Output) -> int:
    return output.name.count(".")


def _blocks(outputs: list[Output]) -> list[Output]:
    """What the last output is made of, where that are several of its resolution; else the last few beside it."""
    last = _last(outputs)
    parts = [output for output in outputs if output.name.rpartition(".")[0] == last.name]
    return parts if len(parts) > 1 else _highest(outputs)[-MOST:]


def _in_order(
    own: Mapping[Resolution, list[Output]], other: Mapping[Resolution, list[Output]]
) -> list[tuple[Resolution, Resolution]]:
    """Resolutions with as many dimensions, the last with the last."""
    found: list[tuple[Resolution, Resolution]] = []
    for dim in sorted({key[0] for key in own} & {key[0] for key in other}, reverse=True):
        mine, theirs = ([key for key in side if key[0] == dim] for side in (own, other))
        count = min(len(mine), len(theirs))
        found += zip(mine[-count:], theirs[-count:], strict=True)
    return found
