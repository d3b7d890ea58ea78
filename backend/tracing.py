"""torch.fx in a process whose threads all run networks.

While it traces, torch.fx replaces nn.Module's ``__call__`` and ``__getattr__`` for every thread: a question that
traced one network would break the training of another, and two traces that overlap would leave torch broken.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from torch import fx, nn

_ONE = threading.RLock()


class Tracer(fx.Tracer):
    """One trace at a time, and other threads' networks run as they are meanwhile."""

    _thread: int | None = None

    def trace(self, root: Any, concrete_args: dict[str, Any] | None = None) -> fx.Graph:
        with _ONE:
            self._thread = threading.get_ident()
            self.record_stack_traces = False  # nobody reads them, and writing them imports torch's compiler
            return super().trace(root, concrete_args)

    def call_module(self, m: nn.Module, forward: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, fx.Proxy]) -> Any:
        if threading.get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)
