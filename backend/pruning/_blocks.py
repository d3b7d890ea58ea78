"""Whole blocks: what each is worth, and taking them out for good."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.datasets._sample import sample
from backend.errors import CompressionError, Message, msg
from backend.evaluation.accuracy import evaluate
from backend.events import Emit, Progress, Warned
from backend.network import Edit, Network
from backend.pruning._find_blocks import blocks, inside, take_out, without
from backend.recipe import Stage, plan
from backend.registry import catalogue
from backend.session import Session

METHOD = "layer"


def rank(
    network: Network,
    data: Data,
    names: Sequence[str],
    cancel: Cancel,
    progress: Callable[[int, int], None],
    images: int,
) -> list[tuple[str, float]]:
    """What removing each block by itself costs, the cheapest first.

    Args:
        network: as it was when this returns.
        data: its validation part is looked at.
        names: blocks that can go.
        cancel: checked at every batch.
        progress: ``progress(blocks done, blocks in all)``.
        images: so many of them, always the same ones.

    Returns:
        Name and by how much the loss rises (infinite where it is NaN).
    """
    few = sample(data, "validation", images)

    def loss() -> float:
        value = evaluate(network.module, few, "validation", device=network.device, cancel=cancel).loss
        return math.inf if math.isnan(value) else value

    base = loss()
    costs: dict[str, float] = {}
    for done, name in enumerate(names):
        progress(done, len(names))
        with without(network.module, [name]):
            costs[name] = loss() - (base if math.isfinite(base) else 0.0)
    progress(len(names), len(names))
    return sorted(costs.items(), key=lambda item: item[1])


def drop(network: Network, names: Sequence[str]) -> Network:
    """A copy of ``network`` in which the blocks ``names`` pass their input on."""
    made = network.copy()
    take_out(made.module, names)
    return dataclasses.replace(made, edits=(*made.edits, _edit(names)))


def replay_drop(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """Take out again what an :class:`Edit` of kind ``drop`` says.

    Raises:
        CompressionError: the network has no such block.
    """
    present = dict(module.named_modules())
    for name in data["blocks"]:
        if name not in present:
            raise CompressionError(
                msg("{block} was removed from this network, but its source has no such block.", block=name),
                msg("The source was changed after Pare wrote the folder; run the recipe again."),
            )
    take_out(module, data["blocks"])
    return module


def drop_blocks(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> list[str]:
    """Remove as many blocks as ``stage`` asks for, the cheapest one first, and say what became of it.

    Blocks with the same settings are ranked together. A block stays where the stage keeps it, or keeps
    or prunes in another way any layer in it. Nothing is changed until all are chosen.

    Args:
        session: its network loses the blocks, its masks and figures what belongs to them; its report
            gets ``blocks``: how many were asked for, which went, and why which of the others had to stay.
        stage: a prune stage; blocks it plans for another method are left alone.
        index: the stage's index, for events.
        emit: receives Progress, and a Warned for whatever was asked and not done.
        cancel: checked at every batch.

    Returns:
        The names of the blocks that went.

    Raises:
        CompressionError: no block of the network can go, or all are kept.
    """
    chosen, kept = _asked(session.network, stage)
    _tell_kept(kept, index, emit)
    steps = [_evaluations(len(group.names), group.count) for group in chosen]
    gone: list[str] = []
    for at, group in enumerate(chosen):
        _tell_difference(group, index, emit)

        def progress(done: int, _: int, before: int = sum(steps[:at])) -> None:
            emit(Progress(index, before + done, sum(steps), msg("Measuring what each block is worth")))

        gone += _cheapest(session, group, gone, cancel, progress)
    _finish(session, gone)
    session.report["blocks"] = {
        "asked": sum(round(group.amount * len(group.names)) for group in chosen),
        "removed": gone,
        "kept": {name: why.to_data() for name, why in kept.items()},
    }
    total = sum(len(group.names) for group in chosen)
    text = msg("Removed {count} of {total} blocks: {blocks}", count=len(gone), total=total, blocks=", ".join(gone))
    emit(Progress(index, 1, 1, text))
    return gone


@dataclasses.dataclass(frozen=True)
class _Group:
    """Blocks that are ranked together: ``count`` of ``names`` go, judged on ``images``; ``amount`` was asked."""

    names: list[str]
    amount: float
    count: int
    images: int


def _asked(network: Network, stage: Stage) -> tuple[list[_Group], dict[str, Message]]:
    """What ``stage`` asks of the blocks of ``network``, and why which of them stay."""
    module, found = network.module, blocks(network)
    together: dict[tuple[float, int], list[str]] = {}
    kept: dict[str, Message] = {}
    for name, why in found.items():
        settings = plan(stage, name, type(module.get_submodule(name)).__name__, catalogue()).settings
        if settings is None or settings["method"] != METHOD:
            continue
        why = why or _keeps(module, name, stage)
        if why is None:
            together.setdefault((settings["amount"], settings["images"]), []).append(name)
        else:
            kept[name] = why
    if not together:
        raise _nothing(any(why is None for why in found.values()))
    staying = sum(why is None for why in found.values()) - sum(len(names) for names in together.values())
    groups = []
    for (amount, images), names in together.items():
        count = min(round(amount * len(names)), len(names) if staying else len(names) - 1)
        staying += len(names) - count
        groups.append(_Group(names, amount, count, images))
    return groups, kept


def _keeps(module: nn.Module, block: str, stage: Stage) -> Message | None:
    """Why a block stays although its own plan says that it may go: the stage means something else for a layer in it."""
    for name, part in module.get_submodule(block).named_modules(prefix=block):
        settings = plan(stage, name, type(part).__name__, catalogue()).settings
        if settings is None:
            return msg("{layer} in it is kept", layer=name)
        if settings["method"] != METHOD:
            return msg("{layer} in it has a method of its own", layer=name)
    return None


def _tell_kept(kept: Mapping[str, Message], index: int, emit: Emit) -> None:
    """One warning a reason, with all its blocks."""
    for text, why in {str(why): why for why in kept.values()}.items():
        names = ", ".join(name for name, other in kept.items() if str(other) == text)
        emit(Warned(index, msg("Blocks that stay: {blocks}. Reason: {reason}.", blocks=names, reason=why)))


def _tell_difference(group: _Group, index: int, emit: Emit) -> None:
    """Say where rounding, or the last block, makes a difference that shows: all asked for, or none gone."""
    amount, names, count = group.amount, group.names, group.count
    asked = round(amount * len(names))
    if count < asked:
        told = msg("Asked for {asked} of {total} blocks, removed {count}: one block at least stays.",
                   asked=asked, total=len(names), count=count)  # fmt: skip
    elif amount > 0 and count == 0:
        told = msg("{percent}% of {total} blocks is less than one, so none is removed: {blocks}.",
                   percent=round(100 * amount, 1), total=len(names), blocks=", ".join(names))  # fmt: skip
    else:
        return
    emit(Warned(index, told, msg("Change the amount.")))


def _nothing(kept: bool) -> CompressionError:
    if kept:
        return CompressionError(
            msg("Every block is kept as it is, so there is nothing to remove."), msg("Remove a keep from the stage.")
        )
    return CompressionError(
        msg("This network has no block that can be removed whole."),
        msg("Choose a method that removes channels."),
    )


def _evaluations(names: int, count: int) -> int:
    """Evaluations that choosing ``count`` of ``names`` takes."""
    return sum(names - step for step in range(count))


def _cheapest(
    session: Session,
    group: _Group,
    gone: Sequence[str],
    cancel: Cancel,
    progress: Callable[[int, int], None],
) -> list[str]:
    """The blocks of ``group`` that go, each chosen where those before it are out already."""
    network, left, chosen = session.network, list(group.names), list[str]()
    for _ in range(group.count):

        def told(done: int, total: int, before: int = _evaluations(len(group.names), len(chosen))) -> None:
            progress(before + done, total)

        with without(network.module, [*gone, *chosen]):
            ranked = rank(network, session.data, left, cancel, told, group.images)
        chosen.append(ranked[0][0])
        left.remove(chosen[-1])
    return chosen


def _finish(session: Session, gone: Sequence[str]) -> None:
    """Take the chosen blocks out of the session's network, in place, and forget what belonged to them."""
    if not gone:
        return
    take_out(session.network.module, gone)
    session.network = dataclasses.replace(session.network, edits=(*session.network.edits, _edit(gone)))
    for known in (session.masks, session.figures):
        for name in [name for name in known if inside(name, gone)]:
            del known[name]


def _edit(names: Sequence[str]) -> Edit:
    return Edit("drop", {"blocks": list(names)})
