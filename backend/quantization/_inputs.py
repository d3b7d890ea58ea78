"""What quantizes the input of a layer, within the network that trains and within the one that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

NAME = "input_quantizer"
"""The submodule of a layer that its input goes through first."""


def bounds(bits: int, signed: bool) -> tuple[int, int]:
    """The lowest and the highest integer: −2^(b−1) and 2^(b−1) − 1 where signed, else 0 and 2^b − 1."""
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)


def stepped(values: Tensor, step: Tensor, low: int, high: int) -> Tensor:
    """s·round(clip(v / s, low, high)), Esser 2020, eq. 1 and 2."""
    return values.div(step).clamp_(low, high).round_().mul_(step)


class Stepped(torch.autograd.Function):
    """:func:`stepped` with the gradients of Esser 2020.

    To the values a gradient passes where low < v/s < high. To the step size (eq. 3) go −v/s + round(v/s)
    there, and low or high beyond, summed over what shares it and times ``gain``.
    """

    @staticmethod
    def forward(ctx: Any, values: Tensor, step: Tensor, low: int, high: int, gain: float) -> Tensor:
        ctx.save_for_backward(values, step)
        ctx.low, ctx.high, ctx.gain = low, high, gain
        return stepped(values, step, low, high)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor | None, None, None, None]:
        values, step = ctx.saved_tensors
        ratio = values / step
        within = (ratio > ctx.low) & (ratio < ctx.high)
        passed = grads[0] * within
        if not ctx.needs_input_grad[1]:
            return passed, None, None, None, None
        slope = ratio.clamp(ctx.low, ctx.high).round_().mul_(grads[0]).sub_(ratio.mul_(passed).nan_to_num_())
        return passed, slope.sum_to_size(step.shape).mul_(ctx.gain), None, None, None


class Straight(torch.autograd.Function):
    """Gives back ``onto``; the gradient goes to ``values`` as if they had not changed (Bengio 2013)."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, onto: Tensor) -> Tensor:
        return onto.clone()

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        return grads[0], None


class Signed(torch.autograd.Function):
    """+1 where v ≥ 0, else −1; the gradient passes where |v| ≤ 1 (Courbariaux 2016, eq. 1 and 4)."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        ctx.save_for_backward(values)
        return sign(values)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        (values,) = ctx.saved_tensors
        passed: Tensor = grads[0] * (values.abs() <= 1)
        return passed


def learned(values: Tensor, step: Tensor, low: int, high: int, gain: float) -> Tensor:
    """:func:`stepped`, with gradients."""
    made: Tensor = Stepped.apply(values, step, low, high, gain)  # type: ignore[no-untyped-call]
    return made


def straight(values: Tensor, onto: Tensor) -> Tensor:
    """``onto``, with the gradient of ``values``."""
    made: Tensor = Straight.apply(values, onto)  # type: ignore[no-untyped-call]
    return made


def signed(values: Tensor) -> Tensor:
    """:func:`sign`, with a gradient where |v| ≤ 1."""
    made: Tensor = Signed.apply(values)  # type: ignore[no-untyped-call]
    return made


def sign(values: Tensor) -> Tensor:
    """+1 where v ≥ 0, else −1."""
    return (values >= 0).to(values.dtype).mul_(2).sub_(1)


class Quantizer(nn.Module):
    """Puts the values that it is called with on a grid.

    Attributes:
        ready: whether it knows its grid; until then it gives back what it gets.
    """

    ready = True

    def settle(self) -> None:
        """The optimizer has stepped."""


class Grid(Quantizer):
    """Integers of ``bits`` bits times one step size.

    Args:
        bits: 1 to 8.
        signed: whether the integers may be negative.
    """

    step: Tensor

    def __init__(self, bits: int, signed: bool) -> None:
        super().__init__()
        self.bits, self.signed = bits, signed
        self.register_buffer("step", torch.ones(()))

    def forward(self, values: Tensor) -> Tensor:
        low, high = bounds(self.bits, self.signed)
        if self.training:
            return learned(values, self.step, low, high, self.gain(values))
        return stepped(values, self.step, low, high)

    def gain(self, values: Tensor) -> float:
        """What the gradient of the step size is multiplied by."""
        return 1.0

    def facts(self) -> dict[str, Any]:
        """What JSON can hold and :func:`made` needs."""
        return {"kind": "grid", "bits": self.bits, "signed": self.signed}


class Sign(Quantizer):
    """+1 and −1, after a BatchNorm where one is inserted.

    Args:
        channels: of the BatchNorm; None inserts none.
        last: whether the channels are the last axis (linear layers), else the second.
    """

    def __init__(self, channels: int | None, last: bool) -> None:
        super().__init__()
        self.channels, self.last = channels, last
        self.norm = None if channels is None else nn.BatchNorm1d(channels)

    def forward(self, values: Tensor) -> Tensor:
        if self.norm is not None:
            flat = values.reshape(-1, values.shape[-1]) if self.last else values.flatten(2)
            values = self.norm(flat).reshape(values.shape)
        return signed(values) if self.training else sign(values)

    def facts(self) -> dict[str, Any]:
        """What JSON can hold and :func:`made` needs."""
        return {"kind": "sign", "channels": self.channels, "last": self.last}


def made(facts: Mapping[str, Any]) -> Grid | Sign:
    """The quantizer that ``facts`` describe, with the state of none."""
    if facts["kind"] == "grid":
        return Grid(facts["bits"], facts["signed"])
    return Sign(facts["channels"], facts["last"])


def place(layer: nn.Module, quantizer: nn.Module) -> None:
    """Let the input of ``layer`` go through ``quantizer`` first."""
    layer.add_module(NAME, quantizer)
    layer.register_forward_pre_hook(_quantized, with_kwargs=True)


def given(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """The input of a layer that is called with these."""
    return args[0] if args else kwargs[_key(kwargs)]


def _quantized(layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
    values = layer.get_submodule(NAME)(given(args, kwargs))
    return ((values, *args[1:]), kwargs) if args else (args, {**kwargs, _key(kwargs): values})


def _key(kwargs: Mapping[str, Any]) -> str:
    return "input" if "input" in kwargs else next(iter(kwargs))
