"""Whole blocks: which of them can go, what each is worth, and taking them out."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.datasets._base import Data
from backend.datasets._sample import sample
from backend.errors import CompressionError, Message, msg
from backend.evaluation._mode import evaluating
from backend.evaluation.accuracy import evaluate
from backend.events import Emit, Progress, Warned
from backend.network import Edit, Network
from backend.recipe import Stage, plan
from backend.registry import catalogue
from backend.session import Session

METHOD = "layer"

Shape = tuple[int, ...]


def blocks(network: Network) -> dict[str, Message | None]:
    """The blocks of ``network``: None where one can go, else why not; in the order of the modules.

    What can go has weights, takes one tensor and returns one of the same shape. Residual blocks are
    told from other such containers by what they do without weights: they pass their input on. Of
    blocks within blocks the innermost count, so a stage of blocks is none itself. A network without
    residual blocks (Inception, SqueezeNet) offers the outermost modules with a forward of their own.
    """
    module = network.module
    with evaluating(module), torch.no_grad():
        calls = _calls(network)
        fitting = {name: call for name, call in calls.items() if not isinstance(call, Message)}
        chosen = _residual(module, fitting) or _others(module, fitting)
        broken = _broken(network, chosen)
    kinds = {type(module.get_submodule(name)) for name in chosen}
    found: dict[str, Message | None] = {}
    for name, call in calls.items():
        if name in chosen:
            found[name] = broken.get(name)
        elif type(module.get_submodule(name)) in kinds and not _inside(name, chosen):
            found[name] = call if isinstance(call, Message) else msg("It does not pass its input on")
    return found


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
            costs[name] = loss() - base
    progress(len(names), len(names))
    return sorted(costs.items(), key=lambda item: item[1])


def drop(network: Network, names: Sequence[str]) -> Network:
    """A copy of ``network`` in which the blocks ``names`` pass their input on."""
    made = network.copy()
    _take_out(made.module, names)
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
    _take_out(module, data["blocks"])
    return module


@contextmanager
def without(module: nn.Module, names: Sequence[str]) -> Iterator[None]:
    """``module`` with the blocks ``names`` taken out for a while."""
    kept = {name: module.get_submodule(name) for name in names}
    try:
        _take_out(module, names)
        yield
    finally:
        for name, block in kept.items():
            module.set_submodule(name, block)


def drop_blocks(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> list[str]:
    """Remove as many blocks as ``stage`` asks for, the cheapest one first, and say what became of it.

    Blocks with the same settings are ranked together. A block stays where the stage keeps it or any
    layer in it. Nothing is changed until all are chosen.

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
    """Why a block stays although its own plan says that it may go: a layer in it is kept."""
    for name, part in module.get_submodule(block).named_modules(prefix=block):
        if plan(stage, name, type(part).__name__, catalogue()).settings is None:
            return msg("{layer} in it is kept", layer=name)
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
        told = msg("{percent} % of {total} blocks is less than one, so none is removed: {blocks}.",
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
    _take_out(session.network.module, gone)
    session.network = dataclasses.replace(session.network, edits=(*session.network.edits, _edit(gone)))
    for known in (session.masks, session.figures):
        for name in [name for name in known if _inside(name, gone)]:
            del known[name]


def _edit(names: Sequence[str]) -> Edit:
    return Edit("drop", {"blocks": list(names)})


def _take_out(module: nn.Module, names: Sequence[str]) -> None:
    for name in names:
        module.set_submodule(name, nn.Identity().train(module.get_submodule(name).training))


def _inside(name: str, blocks: Sequence[str]) -> bool:
    return any(name.startswith(f"{block}.") for block in blocks)


def _calls(network: Network) -> dict[str, Shape | Message]:
    """For every container with weights the shape it takes and returns, else why it can't be left out."""
    found: dict[str, Shape | Message] = {}

    def note(name: str) -> Callable[..., None]:
        def hook(_: nn.Module, inputs: Any, options: Any, output: Any) -> None:
            found[name] = msg("It runs more than once") if ran.count(name) else _fits(inputs, options, output)
            ran.append(name)

        return hook

    ran: list[str] = []
    holders = [name for name, part in network.module.named_modules() if name and _holds_weights(part)]
    handles = [
        network.module.get_submodule(name).register_forward_hook(note(name), with_kwargs=True) for name in holders
    ]
    try:
        network.module(_random((1, *network.input_shape), network.device))
    finally:
        for handle in handles:
            handle.remove()
    return {name: found[name] for name in holders if name in found}


def _fits(inputs: Any, options: Any, output: Any) -> Shape | Message:
    if len(inputs) != 1 or options or not isinstance(inputs[0], Tensor):
        return msg("It takes more than one input")
    if not isinstance(output, Tensor):
        return msg("It returns more than one output")
    before, after = tuple(inputs[0].shape), tuple(output.shape)
    if before == after:
        return before
    return msg(
        "It turns {before} into {after}", before="×".join(map(str, before[1:])), after="×".join(map(str, after[1:]))
    )


def _holds_weights(part: nn.Module) -> bool:
    return next(part.children(), None) is not None and next(part.parameters(), None) is not None


def _random(shape: Shape, device: torch.device) -> Tensor:
    """Values from 0 to 1: a final ReLU lets them pass."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(0)).to(device)


def _residual(module: nn.Module, fitting: Mapping[str, Shape]) -> list[str]:
    """The innermost containers that pass their input on where all their parameters are zero."""
    found: list[str] = []
    for name in reversed(list(fitting)):  # parts come before what they are part of
        if not any(inner.startswith(f"{name}.") for inner in found) and _passes_on(
            module.get_submodule(name), fitting[name]
        ):
            found.insert(0, name)
    return found


def _passes_on(block: nn.Module, shape: Shape) -> bool:
    parameters = dict(block.named_parameters())
    device = next(iter(parameters.values())).device
    zeros = {name: torch.zeros_like(p) for name, p in parameters.items()}
    x = _random(shape, device)
    y = torch.func.functional_call(block, zeros, (x.clone(),))
    return bool(torch.allclose(y, x, atol=1e-5))


def _others(module: nn.Module, fitting: Mapping[str, Shape]) -> list[str]:
    """The outermost containers with a forward of their own and more than one layer, rows of such containers aside."""
    own = [name for name in fitting if _has_own_forward(module.get_submodule(name))]
    chosen: list[str] = []
    for name in own:
        if not _inside(name, chosen) and not _is_row(module, name, own):
            chosen.append(name)
    return chosen


def _has_own_forward(part: nn.Module) -> bool:
    return type(part).forward is not nn.Sequential.forward and sum(p.dim() > 1 for p in part.parameters()) > 1


def _is_row(module: nn.Module, name: str, own: Sequence[str]) -> bool:
    places = Counter(inner.rpartition(".")[0] for inner in own if inner.startswith(f"{name}."))
    return any(
        count > 1 and isinstance(module.get_submodule(place), (nn.Sequential, nn.ModuleList))
        for place, count in places.items()
    )


def _broken(network: Network, names: Sequence[str]) -> dict[str, Message]:
    """Blocks without which the network does not run: its forward asks for something of theirs."""
    if not names or _runs_without(network, names):
        return {}
    return {name: msg("The network does not run without it") for name in names if not _runs_without(network, [name])}


def _runs_without(network: Network, names: Sequence[str]) -> bool:
    try:
        with without(network.module, names):
            network.module(network.example())
    except Exception:  # a person's own forward may raise anything
        return False
    return True
