"""What a runtime is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import Tensor

from backend.description import Method
from backend.errors import Message

if TYPE_CHECKING:
    from backend.network import Network


@dataclass(frozen=True, kw_only=True)
class Runtime(Method):
    """Something that runs a network, for measuring how long it takes.

    Attributes:
        applies: None where the network can be run by it, else why not.
        prepare: ``prepare(network, images N×C×H×W) -> run``: whatever is done once; ``run()`` is what
            is timed.
        threads: how many threads ``run`` uses.
    """

    applies: Callable[[Network], Message | None]
    prepare: Callable[[Network, Tensor], Callable[[], Tensor]]
    threads: Callable[[], int]
