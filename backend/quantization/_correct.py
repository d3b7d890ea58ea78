"""Bias correction: the mean error that rounded weights bring into a layer's output, taken off its bias.

Nagel, van Baalen, Blankevoort, Welling, "Data-free quantization through weight equalization and bias
correction", ICCV 2019, eq. 17: with W̃ = W + ε the output ỹ = W̃x has E[ỹ] = E[y] + E[εx], so E[εx], one value
a channel, is subtracted from the bias. E[εx] is measured here: ε is applied to what the layer is given on
calibration images, in the quantized network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.modules.batchnorm import _BatchNorm

from backend.cancel import Cancel
from backend.errors import Message, msg
from backend.evaluation._mode import hooked
from backend.evaluation.weights import is_packed
from backend.network import packing
from backend.quantization import packed_weights
from backend.quantization._inputs import given
from backend.quantization._kinds import WEIGHTED
from backend.quantization._packing import packed


@dataclass(frozen=True)
class Corrected:
    """What was done.

    Attributes:
        shifts: layer → E[εx] of each channel, which was subtracted.
        left: quantized layer → why it was not corrected.
    """

    shifts: Mapping[str, Tensor]
    left: Mapping[str, Message]


def correct_bias(
    reference: nn.Module,
    module: nn.Module,
    names: Iterable[str],
    norms: Mapping[str, str],
    batches: Iterable[Tensor],
    cancel: Cancel,
) -> Corrected:
    """Correct the biases of ``module`` in place.

    Args:
        reference: the float network, its layers joined as in ``module``.
        module: the quantized network.
        names: of its quantized layers.
        norms: layer → BatchNorm right after it, whose mean is moved where the layer has no bias.
        batches: calibration images N×C×H×W, on the device of ``module``.
        cancel: checked at every batch.
    """
    errors: dict[str, _Error] = {}
    left: dict[str, Message] = {}
    stands = {name: weight for name, (weight, _) in packed_weights(module).items()}
    for name in names:
        layer, part = _plain(reference.get_submodule(name)), module.get_submodule(name)
        why = _why_not(layer, part, norms.get(name), module)
        if why is not None:
            left[name] = why
            continue
        rounded = part.get_buffer("weight") if packed(part) else stands[name]
        errors[name] = _Error(layer, rounded - layer.get_parameter("weight").detach().to(rounded.device))
    _measure(module, errors, batches, cancel)
    shifts = {name: error.mean for name, error in errors.items() if error.count}
    with packing(module), torch.no_grad():
        for name, shift in shifts.items():
            _subtract(module, name, shift, norms.get(name))
    return Corrected(shifts, left)


class _Error:
    """Mean of ε·x per channel, in double precision."""

    def __init__(self, layer: nn.Module, epsilon: Tensor) -> None:
        self._layer, self._epsilon = layer, epsilon
        self._sum: Tensor | float = 0.0
        self.count = 0

    def look(self, _: nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Forward pre-hook of the quantized layer."""
        values = given(args, kwargs)
        x = values.dequantize() if values.is_quantized else values.float()
        tensors = {"weight": self._epsilon}
        if (bias := getattr(self._layer, "bias", None)) is not None:
            tensors["bias"] = torch.zeros_like(bias, device=x.device)
        made = functional_call(self._layer, tensors, (x,)).double()
        dim = -1 if isinstance(self._layer, nn.Linear) else -1 - len(self._layer.kernel_size)  # type: ignore[arg-type]
        values = made.movedim(dim, 0).flatten(1)
        self._sum = self._sum + values.sum(1)
        self.count += values.shape[1]

    @property
    def mean(self) -> Tensor:
        return torch.as_tensor(self._sum / self.count).float()


def _measure(module: nn.Module, errors: Mapping[str, _Error], batches: Iterable[Tensor], cancel: Cancel) -> None:
    looks = [(module.get_submodule(name), error.look) for name, error in errors.items()]
    hooks = [layer.register_forward_pre_hook(look, with_kwargs=True) for layer, look in looks]
    with hooked(hooks), torch.no_grad():
        for images in batches:
            cancel.check()
            module(images)


def _plain(layer: nn.Module) -> nn.Module:
    """The layer itself, where ``layer`` is one joined with its activation."""
    first = next(layer.children(), None)
    return layer if isinstance(layer, WEIGHTED) or first is None else first


def _why_not(layer: nn.Module, part: nn.Module, norm: str | None, module: nn.Module) -> Message | None:
    if not isinstance(layer, WEIGHTED) or not (packed(part) or is_packed(part)):
        return msg("Biases are corrected of convolutions and linear layers")
    if packed(part) and getattr(part, "bias", None) is None and not _is_norm(module, norm):
        return msg("It has no bias, and no BatchNorm follows it")
    return None


def _is_norm(module: nn.Module, name: str | None) -> bool:
    return name is not None and isinstance(dict(module.named_modules()).get(name), _BatchNorm)


def _subtract(module: nn.Module, name: str, shift: Tensor, norm: str | None) -> None:
    part: Any = module.get_submodule(name)
    if not packed(part):
        bias = part.bias()
        part.set_weight_bias(part.weight(), (torch.zeros_like(shift) if bias is None else bias.detach()) - shift)
    elif part.bias is not None:
        part.bias.sub_(shift)
    elif norm is not None:
        module.get_submodule(norm).get_buffer("running_mean").add_(shift)
