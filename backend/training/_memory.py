"""Everything that the parts of a module remember, which is more than its state dict.

What trains knows things that no state dict holds: buffers that are not saved, whether a step size has been set,
whether statistics stand still. To go on bit for bit all of it has to come back, into the very same tensors: the
optimizer, masks and twins of the network hold them too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn


def remembered(module: nn.Module, besides: nn.Module | None = None) -> dict[str, Any]:
    """Name of each part of ``module`` → its tensors and plain values (switches, counters); the tensors are its own.

    Args:
        module: in any state.
        besides: tensors that this network shares are left out: they are remembered with it.
    """
    shared = (
        {id(tensor) for part in besides.modules() for _, tensor in _tensors(part)} if besides is not None else set()
    )
    found = {}
    for name, part in module.named_modules():
        tensors = {key: tensor for key, tensor in _tensors(part) if id(tensor) not in shared}
        plain = {key: value for key, value in vars(part).items() if isinstance(value, (bool, int, float))}
        found[name] = {"tensors": tensors, "plain": plain}
    return found


def recall(module: nn.Module, state: Mapping[str, Any]) -> None:
    """Put what :func:`remembered` gave back into ``module``, in place."""
    with torch.no_grad():
        for name, known in state.items():
            part = module.get_submodule(name)
            vars(part).update(known["plain"])
            own = dict(_tensors(part))
            for key, tensor in known["tensors"].items():
                if own[key].shape == tensor.shape:
                    own[key].copy_(tensor)
                else:  # observers learn their shape with their first batch
                    part._buffers[key] = tensor.to(own[key].device, copy=True)


class Memory:
    """:func:`remembered` and :func:`recall` of one module, as optimizers offer it."""

    def __init__(self, module: nn.Module, besides: nn.Module | None = None) -> None:
        self._module, self._besides = module, besides

    def state_dict(self) -> dict[str, Any]:
        return remembered(self._module, self._besides)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        recall(self._module, state)


def _tensors(part: nn.Module) -> Iterator[tuple[str, Tensor]]:
    for held in (part._parameters, part._buffers):
        yield from ((key, tensor) for key, tensor in held.items() if tensor is not None)
