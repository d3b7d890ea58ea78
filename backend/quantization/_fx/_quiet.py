"""torch.ao's deprecation warnings, silenced where its FX mode is called and nowhere else."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_KNOWN = (
    "torch.ao.quantization is deprecated",
    "torch.quantize_per_tensor, torch.quantize_per_channel",
    "Please use quant_min and quant_max",
    "must run observer before calling calculate_qparams",
    "QConfig must specify a FixedQParams",
)


@contextmanager
def quiet() -> Iterator[None]:
    """Let torch.ao's known warnings pass in silence."""
    with warnings.catch_warnings():
        for start in _KNOWN:
            warnings.filterwarnings("ignore", message=start)
        yield
