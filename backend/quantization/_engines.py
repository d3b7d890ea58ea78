"""torch's int8 engines: which are here, which are right on this processor, and how one is chosen for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import torch

from backend.errors import CompressionError, msg

NAMES: tuple[str, ...] = ("x86", "onednn", "fbgemm", "qnnpack")
LEVELS: Mapping[str, int] = MappingProxyType({"x86": 127, "onednn": 255, "fbgemm": 127, "qnnpack": 255})
"""Engine → the largest activation it is made for. 127 leaves the 16-bit sums of u8·s8 products room."""


def available() -> list[str]:
    """Engines this build of torch has on this machine, best known first."""
    return [name for name in NAMES if name in torch.backends.quantized.supported_engines]


def has_vnni() -> bool:
    """Whether the processor adds u8·s8 products in 32 bits (AVX512-VNNI or AVX-VNNI)."""
    return bool(torch.cpu._is_vnni_supported())


def default_engine() -> str:
    """The engine for kernels that need no choice (dynamic int8).

    Raises:
        CompressionError: this build of torch has none.
    """
    found = [name for name in ("x86", "fbgemm", "qnnpack", "onednn") if name in available()]
    if not found:
        raise CompressionError(
            msg("This build of PyTorch has no int8 engine."),
            msg("Install PyTorch's standard build for this computer."),
        )
    return found[0]


def highest_level(engine: str) -> int:
    """The largest quantized activation that cannot saturate on this processor.

    Without VNNI, oneDNN adds pairs of u8·s8 products in 16 bits, where 255·127·2 does not fit.
    """
    if engine == "onednn" and "x86" in available() and not has_vnni():
        return 127
    return LEVELS[engine]


def check_engine(engine: str) -> None:
    """Refuse an engine that is not here.

    Raises:
        CompressionError: the hint names the ones that are.
    """
    if engine not in available():
        raise CompressionError(
            msg("The int8 engine {engine} is not available on this computer.", engine=engine),
            msg("Choose auto or one of: {words}.", words=", ".join(available())),
        )


def candidates(symmetric_weights: bool) -> list[str]:
    """Engines worth timing on this processor, the most exact first.

    On x86, oneDNN with VNNI has 8 bits where the others have 7, fbgemm wins on small images and loses on
    large batches, and qnnpack is several times slower than float32; it is for ARM. oneDNN has no kernel for
    weights with a zero point.
    """
    here = available()
    if "x86" in here:
        wanted = ["onednn", "x86", "fbgemm"] if has_vnni() else ["x86", "fbgemm", "onednn"]
        return [name for name in wanted if name in here and (symmetric_weights or name != "onednn")]
    order: tuple[str, ...] = ("qnnpack", "fbgemm", "onednn")
    return [name for name in order if name in here][:1]


@contextmanager
def using(engine: str | None) -> Iterator[None]:
    """Make ``engine`` the one that packs weights; None leaves it. torch keeps it in a global."""
    before = torch.backends.quantized.engine
    if engine is not None and engine != before:
        check_engine(engine)
        torch.backends.quantized.engine = engine
    try:
        yield
    finally:
        torch.backends.quantized.engine = before
