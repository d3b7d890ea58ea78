"""What one run of a network shows: which layer takes what another gives, and which functions a forward calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from backend.errors import Message, msg
from backend.evaluation._mode import evaluating, hooked
from backend.network import Network


class Calls(TorchFunctionMode):
    """One run of a network on zeros.

    Attributes:
        functions: (function, the module in whose forward it is called) in the order of the calls.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.functions: dict[tuple[str, str], None] = {}
        self._inside = [""]
        self._inputs: dict[str, list[Tensor]] = {}
        self._outputs: dict[str, list[Tensor]] = {}  # kept, so that no other tensor gets the identity of one
        self._uses: Counter[int] = Counter()
        module = network.module
        parts = [(name, part) for name, part in module.named_modules() if name]
        hooks = [
            *(part.register_forward_pre_hook(self._enter(name)) for name, part in parts),
            *(part.register_forward_hook(self._leave(name, part)) for name, part in parts),
        ]
        with evaluating(module), torch.no_grad(), hooked(hooks), self:
            returned = module(network.example())
        self._uses.update(id(leaf) for leaf in tree_leaves(returned))

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        given, made = (
            {id(leaf) for leaf in tree_leaves(values) if isinstance(leaf, Tensor)}
            for values in ((args, kwargs), result)
        )
        if made:
            self.functions[getattr(func, "__name__", "").strip("_"), self._inside[-1]] = None
            self._uses.update(given)
            self._uses.update({new: -self._uses[new] for new in made - given})  # it may be that of one long gone
        return result

    def before(self, name: str) -> tuple[str, Tensor] | Message:
        """The layer whose output goes into the layer ``name`` and nowhere else, and that output; else why there is
        none."""
        taken = self._inputs.get(name, [])
        if len(taken) != 1:
            return msg("It runs more than once") if taken else msg("The network's output does not depend on it")
        found = next((other for other, given in self._outputs.items() if any(taken[0] is one for one in given)), None)
        if found is None:
            return msg("What it takes is not the output of a layer alone")
        if len(self._outputs[found]) > 1:
            return msg("{layer} before it runs more than once", layer=found)
        if self._uses[id(taken[0])] > 1:
            return msg("What {layer} before it computes is used elsewhere, too", layer=found)
        return found, taken[0]

    def _enter(self, name: str) -> Callable[..., None]:
        def hook(_: nn.Module, inputs: Any) -> None:
            self._inside.append(name)
            self._inputs.setdefault(name, []).extend(one for one in inputs[:1] if isinstance(one, Tensor))

        return hook

    def _leave(self, name: str, part: nn.Module) -> Callable[..., None]:
        leaf = next(part.children(), None) is None and not isinstance(part, nn.Identity)

        def hook(_: nn.Module, _inputs: Any, output: Any) -> None:
            self._inside.pop()
            if leaf and isinstance(output, Tensor):
                self._outputs.setdefault(name, []).append(output)

        return hook
