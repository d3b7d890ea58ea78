"""What an export format is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.description import Method
from backend.errors import Message

if TYPE_CHECKING:
    from torch import Tensor

    from backend.network import Network


@dataclass(frozen=True, kw_only=True)
class ExportFormat(Method):
    """A file format.

    Attributes:
        suffix: of the file (``.onnx``).
        applies: None where the network can be written so, else why not.
        write: ``write(network, path)`` writes the file at ``path``.
        load: ``load(path, checkpoint) -> function``: runs in a clean process, reads the file that
            was written and returns ``f(images N×C×H×W) -> outputs``. ``checkpoint`` is the folder of
            the network that was exported, for formats that hold weights alone.
        tolerance: largest absolute difference of outputs that counts as equal.
    """

    suffix: str
    applies: Callable[[Network], Message | None]
    write: Callable[[Network, Path], None]
    load: Callable[[Path, Path], Callable[[Tensor], Tensor]]
    tolerance: float = 1e-4

    def traits(self) -> dict[str, Any]:
        return {"suffix": self.suffix}
