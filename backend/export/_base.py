"""What an export format is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.description import Method
from backend.errors import CompressionError, Message, msg
from backend.files import writing

if TYPE_CHECKING:
    from torch import Tensor, nn

    from backend.network import Network

Function = Callable[["Tensor"], "Tensor"]
"""``f(images N×C×H×W) -> outputs N×…``"""
Structure = Callable[[], "nn.Module"]
"""Makes the exported network again, for formats that hold weights alone."""


@dataclass(frozen=True, kw_only=True)
class ExportFormat(Method):
    """A file format.

    Attributes:
        suffix: of the file (``.onnx``), different for each format.
        applies: None where the network can be written so, else why not.
        encode: ``encode(network) -> content``; the network is on the CPU and left as it is.
        decode: ``decode(content, structure) -> function``: runs in a clean process.
        holds_int8: whether a network with int8 layers can be written so.
        companions: files of ours that :func:`backend.export.export_run` copies beside it (a decoder).
        runtime: what runs the file (``torch``, ``onnxruntime``), for its latency.
        tolerance: largest absolute difference of outputs that counts as equal, for outputs up to 1;
            it grows with the largest output.
    """

    suffix: str
    applies: Callable[[Network], Message | None]
    encode: Callable[[Network], bytes]
    decode: Callable[[bytes, Structure], Function]
    companions: tuple[Path, ...] = ()
    runtime: str = "torch"
    holds_int8: bool = True
    tolerance: float = 1e-4

    def traits(self) -> dict[str, Any]:
        return {"suffix": self.suffix, "runtime": self.runtime, "holds_int8": self.holds_int8}

    def write(self, network: Network, path: Path) -> str:
        """Write the file at ``path``, whole or not at all, and return its SHA-256.

        Raises:
            CompressionError: the network can't be expressed so, the folder can't be written to, or
                the disk is full.
        """
        content = self.encode(network)
        with writing(path) as part:
            part.write_bytes(content)
        return hashlib.sha256(content).hexdigest()

    def load(self, path: Path, checkpoint: Path, sha256: str, allowed: Mapping[str, str] | None = None) -> Function:
        """Read a file that :meth:`write` wrote.

        What is decoded is what was hashed: whoever changes the file, before or meanwhile, is not read.

        Args:
            path: the file.
            checkpoint: folder of the network that was exported.
            sha256: what :meth:`write` returned.
            allowed: Python files that may be run, path → SHA-256.

        Raises:
            CompressionError: the content is not what was written.
        """
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CompressionError(
                msg("{path} is no longer the file that Pare wrote.", path=str(path)),
                msg("Export it again, into a folder that no other program changes."),
            )
        return self.decode(content, lambda: _reopened(checkpoint, allowed or {}))


def always(_network: Network) -> Message | None:
    """Every network can be written so."""
    return None


def evaluated(module: nn.Module) -> Function:
    """``module`` as a function, in evaluation mode and without gradients."""
    import torch

    module.eval()

    def run(images: Tensor) -> Tensor:
        with torch.inference_mode():
            outputs: Tensor = module(images)
        return outputs

    return run


def _reopened(checkpoint: Path, allowed: Mapping[str, str]) -> nn.Module:
    from backend.models import reopen

    return reopen(checkpoint, allowed=allowed).module
