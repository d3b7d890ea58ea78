"""What follows a layer's output, seen by running the network: any eager code will do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod
from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _NormBase
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.weak import WeakTensorKeyDictionary

from backend.evaluation._mode import evaluating

NORMS = {
    "native_batch_norm",
    "cudnn_batch_norm",
    "miopen_batch_norm",
    "_native_batch_norm_legit",
    "_native_batch_norm_legit_no_training",
    "_batch_norm_no_update",
    "_batch_norm_with_update",
    "native_group_norm",
    "native_layer_norm",
}
VIEWS = {"view", "_unsafe_view", "reshape", "unsqueeze", "squeeze", "alias", "detach", "clone", "_to_copy"}
"""Values stay what they are, in their order."""
POOLS = {
    "avg_pool2d",
    "avg_pool3d",
    "max_pool2d_with_indices",
    "max_pool3d_with_indices",
    "adaptive_max_pool2d",
    "adaptive_max_pool3d",
    "_adaptive_avg_pool2d",
    "_adaptive_avg_pool3d",
}
"""Channels stay by themselves."""
CURVES = {
    "_prelu_kernel",
    "elu",
    "gelu",
    "hardsigmoid",
    "leaky_relu",
    "log_sigmoid_forward",
    "mish",
    "rrelu_with_noise",
    "sigmoid",
    "silu",
    "softplus",
    "tanh",
}
"""Activations that are not zero on a range of inputs."""
RECTIFIERS: dict[str, Callable[..., bool]] = {
    "relu": lambda: True,
    "hardswish": lambda: True,
    "hardshrink": lambda _lambd=0.5: True,
    "softshrink": lambda _lambd=0.5: True,
    "hardtanh": lambda low=-1, _high=1: bool(low == 0),
    "clamp": lambda low=None, _high=None: low is not None and not isinstance(low, Tensor) and bool(low == 0),
    "clamp_min": lambda low: not isinstance(low, Tensor) and bool(low == 0),
    "threshold": lambda _threshold, value: bool(value == 0),
}
"""Operation → whether it gives zeros on a range of inputs, from its arguments after the first."""


@dataclass(frozen=True)
class Activation:
    """What an activation that follows a layer gave.

    Attributes:
        operation: its name in ATen, without the underscore of one that works in place.
        gives_zeros: whether it is zero on a range of inputs.
        channels: its output as (before, channels of the layer, after).
    """

    operation: str
    gives_zeros: bool
    channels: Tensor


@dataclass(frozen=True)
class Following:
    """What follows a layer directly, or through pooling and changes of shape.

    Attributes:
        norm: name of the normalization module.
        activation: name of the activation's operation; of the one after ``norm`` where there is one.
        gives_zeros: whether that activation is zero on a range of inputs.
    """

    norm: str | None = None
    activation: str | None = None
    gives_zeros: bool = False


def following(module: nn.Module, layers: Iterable[str], example: Tensor) -> dict[str, Following]:
    """What follows each of the ``layers`` when ``module`` runs on ``example``; it is left as it was.

    Raises:
        RuntimeError: and whatever else the network's forward raises.
    """
    layers = list(layers)
    seen: dict[str, Activation] = {}
    with evaluating(module), torch.no_grad(), Watch(module, layers, lambda n, a: seen.setdefault(n, a)) as watch:
        module(example)
    found: dict[str, Following] = {}
    for name in layers:
        activation = seen.get(name)
        found[name] = Following(
            norm=watch.norms.get(name),
            activation=activation.operation if activation else None,
            gives_zeros=activation is not None and activation.gives_zeros,
        )
    return found


@dataclass(frozen=True)
class _Trail:
    """A tensor is the output of ``layer``, of which only normalization, pooling and views were made so far."""

    layer: str
    before: int
    channels: int
    pools: bool


class Watch(TorchDispatchMode):
    """While it is entered, tells ``activated(layer, activation)`` of every activation that follows one of
    ``layers`` in ``module``; ``norms`` names the normalization module that came first after each.

    Gradients have to be off: layers are recognized by their output tensors.
    """

    def __init__(self, module: nn.Module, layers: Iterable[str], activated: Callable[[str, Activation], Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.norms: dict[str, str] = {}
        self._activated = activated
        self._trails = WeakTensorKeyDictionary()
        self._layers = {name: module.get_submodule(name) for name in layers}
        self._handles: list[Any] = []
        self._owners = {
            id(value): name
            for name, part in module.named_modules()
            if isinstance(part, (_NormBase, nn.GroupNorm, nn.LayerNorm))
            for value in (*part.parameters(recurse=False), *part.buffers(recurse=False))
        }

    def __enter__(self) -> Self:
        self._handles = [layer.register_forward_hook(self._begin(name)) for name, layer in self._layers.items()]
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        for handle in self._handles:
            handle.remove()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        first = args[0] if args else None
        trail = self._trails.get(first) if isinstance(first, Tensor) else None
        if trail is not None:
            if func._schema.is_mutable:
                del self._trails[first]
            self._follow(trail, func._schema.name.removeprefix("aten::").rstrip("_"), args, out)
        return out

    def _begin(self, name: str) -> Callable[..., None]:
        def after(layer: Any, _inputs: Any, output: Any) -> None:
            if isinstance(output, Tensor):
                axis = output.dim() - layer.weight.dim() + 1
                size = output.shape
                self._trails[output] = _Trail(name, prod(size[:axis]), size[axis], layer.weight.dim() > 2)

        return after

    def _follow(self, trail: _Trail, operation: str, args: Any, out: Any) -> None:
        result = out[0] if isinstance(out, (tuple, list)) else out
        if operation in NORMS:
            owner = next((self._owners[id(value)] for value in args[1:] if id(value) in self._owners), None)
            if owner is not None:
                self.norms.setdefault(trail.layer, owner)
            self._trails[result] = trail
        elif operation in VIEWS or (operation in POOLS and trail.pools):
            self._trails[result] = trail
        elif operation in CURVES or operation in RECTIFIERS:
            rectifies = operation in RECTIFIERS and RECTIFIERS[operation](*args[1:])
            channels = result.reshape(trail.before, trail.channels, -1)
            self._activated(trail.layer, Activation(operation, rectifies, channels))
