"""Multiply-accumulates and output shapes, from one pass over one input.

What counts: convolutions, linear layers, recurrent layers and every other matrix product (attention's
among them). Additions of a bias, activations and normalization do not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode, _pop_mode, _push_mode
from torch.utils.flop_counter import flop_registry

from backend.evaluation._mode import evaluating, hooked
from backend.evaluation.weights import is_packed
from backend.network import Network


def _fused_attention(
    query: Tensor, key: Tensor, _value: Tensor, width: int, _heads: int, *_rest: Any, **_options: Any
) -> int:
    """nn.MultiheadAttention's fast path: projections in and out, scores, and their product with the values."""
    asked, known = query[..., 0].numel(), key[..., 0].numel()
    projections = (2 * asked + 2 * known) * width * width
    return 2 * (projections + 2 * asked * key.shape[1] * width)


RULES: dict[Any, Callable[..., int]] = {
    **flop_registry,
    torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: flop_registry[
        torch.ops.aten._scaled_dot_product_flash_attention
    ],
    torch.ops.aten._native_multi_head_attention: _fused_attention,
}
"""Operation → floating-point operations: PyTorch's own rules, and the CPU's attention kernels it leaves out."""


@dataclass(frozen=True)
class Shapes:
    """What one pass over one input showed.

    Attributes:
        macs: name of a module that computes (leaf layers; a container where it multiplies matrices
            itself, as attention does) → multiply-accumulates of one input. Layers that the pass
            reached and that multiply nothing stand with 0.
        outputs: module name → shape of its output without the batch.
    """

    macs: dict[str, int]
    outputs: dict[str, tuple[int, ...]]


def shapes(network: Network) -> Shapes:
    """Run ``network`` once on one input of zeros and note what every module does.

    Raises:
        RuntimeError: and whatever else the network's forward raises.
    """
    counter = _Counter()
    # Not inference mode: it hands whole layers to the dispatcher, not the matrix products they are made of.
    with evaluating(network.module), torch.no_grad(), counter, counter.watching(network.module):
        network.module(network.example())
    return Shapes(counter.macs, counter.outputs)


class _Counter(TorchDispatchMode):
    """Adds each operation's multiply-accumulates to the innermost module at work."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.macs: dict[str, int] = {}
        self.outputs: dict[str, tuple[int, ...]] = {}
        self._names: list[str] = []
        self._aside = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # the way around it would import torch._dynamo, a second of work, and nothing is compiled here

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        count = RULES.get(func._overloadpacket)
        if count is not None:
            name = self._names[-1] if self._names else ""
            # The rules count a multiplication and an addition as two.
            self.macs[name] = self.macs.get(name, 0) + count(*args, **(kwargs or {}), out_val=out) // 2
        return out

    @contextmanager
    def watching(self, module: nn.Module) -> Iterator[None]:
        parts = [(part, self._hooks(name, part)) for name, part in module.named_modules()]
        hooks = [
            *(part.register_forward_pre_hook(before) for part, (before, _) in parts),
            *(part.register_forward_hook(after) for part, (_, after) in parts),
        ]
        with hooked(hooks):
            try:
                yield
            finally:
                if self._aside:  # a layer raised
                    self._aside = 1
                    self._step_back()

    def _hooks(self, name: str, part: nn.Module) -> tuple[Callable[..., None], Callable[..., None]]:
        formula = _formula(part)
        leaf = formula is not None or next(part.children(), None) is None

        def before(_part: nn.Module, _inputs: Any) -> None:
            self._names.append(name)
            if formula is not None:
                self._step_aside()

        def after(_part: nn.Module, inputs: Any, output: Any) -> None:
            self._names.pop()
            if formula is not None:
                self._step_back()
            first = output[0] if isinstance(output, (tuple, list)) and output else output
            if isinstance(first, Tensor):
                self.outputs[name] = tuple(first.shape[1:])
            if leaf:
                done = formula(part, inputs[0], first) if formula is not None and not self._aside else 0
                self.macs[name] = self.macs.get(name, 0) + done

        return before, after

    def _step_aside(self) -> None:
        """Let a layer that has a formula run without looking at its operations: they cost much more than it."""
        if not self._aside:
            _pop_mode()
        self._aside += 1

    def _step_back(self) -> None:
        self._aside -= 1
        if not self._aside:
            _push_mode(self)


def _formula(part: nn.Module) -> Callable[[Any, Any, Tensor], int] | None:
    """How to count a layer from its sizes alone; all that is packed must be, its kernels show nothing."""
    if isinstance(part, nn.RNNBase) or (is_packed(part) and hasattr(part, "bidirectional")):
        return _recurrent
    if type(part) is nn.Linear or (is_packed(part) and hasattr(part, "in_features")):
        return _linear
    if is_packed(part) and hasattr(part, "kernel_size") and hasattr(part, "groups"):
        return _convolution
    return _convolution if type(part) in (nn.Conv1d, nn.Conv2d, nn.Conv3d) else None


def _convolution(part: Any, input: Tensor, output: Tensor) -> int:
    # One output value costs one multiplication per weight of its filter; transposed, one input value does.
    values, others = (input, part.out_channels) if getattr(part, "transposed", False) else (output, part.in_channels)
    return int(values.numel() * (others // part.groups) * math.prod(part.kernel_size))


def _linear(part: Any, _input: Tensor, output: Tensor) -> int:
    return int(output.numel() * part.in_features)


def _recurrent(part: Any, input: Tensor, output: Tensor) -> int:
    # Every step multiplies by every matrix of every layer and direction once.
    data = input.data if isinstance(input, nn.utils.rnn.PackedSequence) else input
    steps = data.numel() // data.shape[-1]
    return int(steps * _matrices(part))


def _matrices(part: Any) -> int:
    """Entries of a recurrent layer's matrices, from its sizes alone: packed ones can't be asked."""
    gates = {"LSTM": 4, "GRU": 3}.get(part.mode, 1)
    directions = 2 if part.bidirectional else 1
    hidden = getattr(part, "proj_size", 0) or part.hidden_size
    total = 0
    for layer in range(part.num_layers):
        inputs = part.input_size if layer == 0 else hidden * directions
        total += directions * gates * part.hidden_size * (inputs + hidden)
        if getattr(part, "proj_size", 0):
            total += directions * part.proj_size * part.hidden_size
    return total
