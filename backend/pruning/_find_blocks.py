"""Which blocks of a network can go, and the network without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from backend.errors import Message, msg
from backend.evaluation._mode import evaluating, hooked
from backend.network import Network

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
        elif type(module.get_submodule(name)) in kinds and not inside(name, chosen):
            found[name] = call if isinstance(call, Message) else msg("It does not pass its input on")
    return found


@contextmanager
def without(module: nn.Module, names: Sequence[str]) -> Iterator[None]:
    """``module`` with the blocks ``names`` taken out for a while."""
    kept = {name: module.get_submodule(name) for name in names}
    try:
        take_out(module, names)
        yield
    finally:
        for name, block in kept.items():
            module.set_submodule(name, block)


def take_out(module: nn.Module, names: Sequence[str]) -> None:
    for name in names:
        module.set_submodule(name, nn.Identity().train(module.get_submodule(name).training))


def inside(name: str, blocks: Sequence[str]) -> bool:
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
    parts = {name: network.module.get_submodule(name) for name in holders}
    with hooked(part.register_forward_hook(note(name), with_kwargs=True) for name, part in parts.items()):
        network.module(_random((1, *network.input_shape), network.device))
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
        if not inside(name, chosen) and not _is_row(module, name, own):
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
