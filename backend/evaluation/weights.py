"""The weights and biases of a network, packed ones included.

A *weight* is a parameter with two or more dimensions (a kernel, a matrix, an embedding). Biases and
the vectors of normalization layers are parameters but not weights: sparsity and what was removed
are shares of the weights alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class Owned:
    """What one module owns itself, modules below it aside.

    Attributes:
        weights: tensors of two or more dimensions; the values a low-precision weight stands for.
        others: biases and vectors of normalization layers.
        precision: of the weights: ``fp32``, ``int8``, …
    """

    weights: tuple[Tensor, ...]
    others: tuple[Tensor, ...]
    precision: str

    @property
    def parameters(self) -> int:
        return sum(t.numel() for t in (*self.weights, *self.others))

    @property
    def nonzero(self) -> int:
        return sum(int(t.count_nonzero()) for t in (*self.weights, *self.others))


def owned(module: nn.Module) -> dict[str, Owned]:
    """Module name → what it owns, in the order of ``named_modules()``; a shared tensor is listed once."""
    packed = _packed(module)
    seen: set[int] = set()
    found: dict[str, Owned] = {}
    for name, part in module.named_modules():
        if name in packed:
            found[name] = packed[name]
            continue
        code = part.__dict__.get("packing")  # a weight in few bits, decoded: see quantization/_packing.py
        held = (part.weight, *part._parameters.values()) if code else part._parameters.values()
        tensors = [t for t in held if isinstance(t, Tensor) and id(t) not in seen]
        if not tensors:
            continue
        seen |= {id(t) for t in tensors}
        tensors = [t.detach() for t in tensors]
        weights = tuple(t for t in tensors if t.dim() >= 2)
        others = tuple(t for t in tensors if t.dim() < 2)
        found[name] = Owned(weights, others, code["precision"] if code else precision((weights or others)[0]))
    return found


def is_packed(part: nn.Module) -> bool:
    """Whether ``part`` is a module of torch.ao that runs on low-precision kernels."""
    return type(part).__module__.startswith(("torch.ao.nn.quantized", "torch.ao.nn.intrinsic.quantized"))


def precision(tensor: Tensor) -> str:
    """``fp32`` for float32 and so on, as result.json says it."""
    names = {"float32": "fp32", "float64": "fp64", "float16": "fp16", "bfloat16": "bf16", "qint8": "int8"}
    name = str(tensor.dtype).removeprefix("torch.")
    return names.get(name, name)


def _packed(module: nn.Module) -> Mapping[str, Owned]:
    if not any(is_packed(part) for part in module.modules()):
        return {}
    from backend.quantization import packed_weights

    return {
        name: Owned((weight,), () if bias is None else (bias,), "int8")
        for name, (weight, bias) in packed_weights(module).items()
    }
