"""A network with observers, made to train: its layers compute with rounded weights, its observers round what they see.

The graph is the very one that calibration runs and conversion starts from, so a trained network is converted as
a calibrated one is. (FX's own ``prepare_qat_fx`` makes another graph. It stops at normalization behind a transposed
convolution and at one without scale, and divides by that scale, which pruning sets to zero.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.ao.nn.intrinsic.modules.fused import _FusedModule
from torch.ao.quantization import FixedQParamsObserver, ObserverBase
from torch.func import functional_call
from torch.nn.modules.batchnorm import _BatchNorm

from backend.errors import CompressionError, msg
from backend.network import twin
from backend.quantization._fx._convert import ALL, Converter, as_graph, filled, set_levels
from backend.quantization._fx._partly import LARGEST, on_grid, rounded
from backend.quantization._fx._places import Place, places
from backend.quantization._fx._quiet import quiet
from backend.quantization._inputs import straight
from backend.quantization._kinds import TRANSPOSED, WEIGHTED


@dataclass
class Switch:
    """What all roundings of a network look at.

    Attributes:
        on: whether values are rounded; until then the network computes in float.
        observing: whether ranges follow the training batches.
    """

    on: bool = False
    observing: bool = True


class Rounding(nn.Module):
    """Fake quantization by ``observer``: round(x ÷ S + Z) held to 0 … 255 as kernels do, minus Z, times S.

    The gradient passes where the value is within the range (Jacob et al. 2018, "Quantization and training of neural
    networks for efficient integer-arithmetic-only inference", section 3). Ranges follow training batches alone.
    """

    def __init__(self, observer: Any, switch: Switch) -> None:
        super().__init__()
        self.observer, self.switch = observer, switch

    def forward(self, values: Tensor) -> Tensor:
        if not self.switch.on or not values.is_floating_point():
            return values
        exact = values.float()
        if self.training and self.switch.observing:
            if not bool(torch.isfinite(exact.detach().sum())):
                return values  # the loss will say so
            self.observer(exact.detach())
        if not _ready(self.observer):
            return values
        with quiet():
            scale, zero_point = self.observer.calculate_qparams()
        made: Tensor = _Held.apply(exact, scale, zero_point)  # type: ignore[no-untyped-call]
        return made


class _Held(torch.autograd.Function):
    """S · (clamp(round(x ÷ S) + Z, 0, 255) − Z); the gradient passes where nothing was clamped."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, scale: Tensor, zero_point: Tensor) -> Tensor:
        integers = on_grid(values, scale, zero_point)
        held = integers.clamp(0, LARGEST)
        ctx.save_for_backward(held.eq(integers))
        return held.sub_(zero_point).mul_(scale)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        (within,) = ctx.saved_tensors
        return grads[0] * within, None, None


class RoundedLayer(nn.Module):
    """A convolution or linear layer that computes with rounded weights, and the normalization folded into it.

    What is rounded is what the int8 kernel will hold: W·γ/√(σ² + ε) per output channel, with the running variance
    (Krishnamoorthi 2018, "Quantizing deep convolutional networks for efficient inference", section 3.2.2). The
    result is divided by that factor again, so that normalization goes on learning from its own batches. Where the
    factor is zero the channel is silent whatever its weights are.

    Args:
        layer: computes.
        norm: normalizes its output; None where nothing is folded in.
        weight: makes the observer of the weight; None leaves it as it is.
        switch: says when.
        around: what rounds its ``input`` and its ``output`` where the graph does not.
    """

    def __init__(
        self,
        layer: nn.Module,
        norm: nn.Module | None,
        weight: Any,
        switch: Switch,
        around: Mapping[str, nn.Module] | None = None,
    ) -> None:
        super().__init__()
        self.layer, self.norm, self._weight, self.switch = layer, norm, weight, switch
        self.around = nn.ModuleDict(around)

    def forward(self, values: Tensor) -> Tensor:
        if "input" in self.around:
            values = self.around["input"](values)
        if self.switch.on and self._weight is not None:
            made: Tensor = functional_call(self.layer, {"weight": self._rounded()}, (values,))
        else:
            made = self.layer(values)
        if self.norm is not None:
            made = self.norm(made)
        return self.around["output"](made) if "output" in self.around else made

    def _rounded(self) -> Tensor:
        weight = self.layer.get_parameter("weight")
        if self.norm is None:
            return straight(weight, rounded(weight, self._weight()))
        factor, axis = self._factor(), 1 if isinstance(self.layer, TRANSPOSED) else 0
        silent = (factor == 0).nonzero().flatten()
        shape = [-1 if i == axis else 1 for i in range(weight.dim())]
        made = rounded(weight.detach() * factor.reshape(shape), self._weight())
        made.div_(factor.index_fill(0, silent, 1.0).reshape(shape))
        if len(silent):
            made.index_copy_(axis, silent, weight.detach().index_select(axis, silent))
        return straight(weight, made)

    def _factor(self) -> Tensor:
        norm: Any = self.norm
        factor = torch.rsqrt(norm.running_var + norm.eps)
        return factor if norm.weight is None else factor * norm.weight.detach()


class Training(nn.Module):
    """What trains in place of a float network.

    Attributes:
        graph: the network with roundings, on the float network's own parameters and buffers.
        switch: says when it rounds.
        partly: layer name → observers of its ``input`` and ``output`` where the graph does not round them.
        frozen: whether normalization goes by its running statistics, which stand still.

    Args:
        places: layer name → where the graph has its output.
        outside: layers that Python calls as they are.
    """

    def __init__(
        self,
        graph: nn.Module,
        switch: Switch,
        partly: Mapping[str, Mapping[str, nn.Module]],
        places: Mapping[str, Place],
        outside: Collection[str],
    ) -> None:
        super().__init__()
        self.graph, self.switch, self.partly, self.frozen = graph, switch, partly, False
        self._places, self._outside = places, outside

    def forward(self, *inputs: Any) -> Any:
        return self.graph(*inputs)

    def tap(self, layer: str) -> nn.Module:
        """The module whose output is that of ``layer`` (a container too) in the float network.

        Raises:
            CompressionError: no such value is left.
        """
        place = self._places.get(layer)
        if place is not None:
            return _tapped(as_graph(self.graph.get_submodule(place.region)), place)
        if layer in self._outside:
            return self.graph.get_submodule(layer)
        raise CompressionError(
            msg("The output of {layer} is nowhere in the network that trains in int8.", layer=layer),
            msg("Choose the layer before or behind it, or the block that holds it."),
        )

    def freeze_batch_norm(self) -> None:
        """Normalize by the running statistics, which do not move any more, from now on."""
        self.frozen = True
        self.train(self.training)

    def train(self, mode: bool = True) -> Training:
        super().train(mode)
        if self.frozen:
            for part in self.modules():
                if isinstance(part, _BatchNorm):
                    part.eval()
        return self


def training(converter: Converter, module: nn.Module, highest: int) -> Training:
    """The observed network of ``converter``, which is used up, made to train ``module``.

    Args:
        converter: of a copy of ``module``.
        module: the float network; its parameters and buffers are what trains.
        highest: the largest quantized activation.
    """
    made = _Making(converter, twin(module), Switch())
    for region in converter.traced.regions:
        made.region(region)
    graph = converter.prepared
    set_levels(graph, highest)
    _share(graph, module)
    graph.to(next(iter(module.parameters())).device)
    outside = [name for name, _ in module.named_modules() if converter.traced.outside(name)]
    return Training(graph, made.switch, converter.partly, made.places, outside)


def adopt(converter: Converter, trained: Training) -> None:
    """Give ``converter`` the ranges that a network made from the same plan has observed while it trained."""
    for name, part in trained.graph.named_modules():
        if isinstance(part, Rounding) and ".around." not in name:
            converter.prepared.set_submodule(name, part.observer.cpu())
    for name, observers in trained.partly.items():
        converter.partly[name] = {word: observer.cpu() for word, observer in observers.items()}


@dataclass(frozen=True)
class _Making:
    """Puts what trains in the place of what is calibrated.

    Attributes:
        converter: its prepared network is changed.
        own: the float network's modules on its own tensors.
        switch: of all roundings.
        places: layer name → where the graph has its output.
    """

    converter: Converter
    own: nn.Module
    switch: Switch
    places: dict[str, Place] = field(default_factory=dict)

    def region(self, region: str) -> None:
        part = as_graph(self.converter.prepared.get_submodule(region))
        traced = as_graph(self.converter.traced.module.get_submodule(region))
        folded = _folded(traced, part)
        self.places.update(
            {_within(region, name): place for name, place in places(region, traced, part, folded).items()}
        )
        for name in {str(node.target) for node in part.graph.nodes if node.op == "call_module"}:
            made = self._made(part.get_submodule(name), _within(region, name), _within(region, folded.get(name)))
            if made is not None:
                part.set_submodule(name, made)

    def _made(self, there: nn.Module, name: str, norm: str) -> nn.Module | None:
        """What trains in the place of ``there``, which the graph calls ``name``; None leaves it."""
        if isinstance(there, ObserverBase):
            return Rounding(there, self.switch) if there.dtype == torch.quint8 else None
        pair = isinstance(there, _FusedModule)
        inner = next(iter(there.children())) if pair else there
        if isinstance(inner, WEIGHTED):
            inner = self._layer(there, name, norm)
        elif pair:
            inner = self.own.get_submodule(name)
        else:
            return None
        return nn.Sequential(inner, *list(there.children())[1:]) if pair else inner

    def _layer(self, there: nn.Module, name: str, norm: str) -> RoundedLayer:
        layer, folded = self.own.get_submodule(name), self.own.get_submodule(norm) if norm else None
        settings = self.converter.layers.get(name)
        if settings is not None and settings.tensors != ALL:
            config = self.converter.qconfig(settings, layer)
            words = settings.tensors.split("_")
            observers = {word: config.activation() for word in words if word != "weight"}
            self.converter.partly[name] = observers
            around = {word: Rounding(observer, self.switch) for word, observer in observers.items()}
            return RoundedLayer(layer, folded, config.weight if "weight" in words else None, self.switch, around)
        observed = getattr(there, "qconfig", None)
        return RoundedLayer(layer, folded, observed.weight if observed else None, self.switch)


def _tapped(part: fx.GraphModule, place: Place) -> nn.Module:
    """A module of ``part`` that gives what is at ``place``, an identity put there where none does."""
    node = next(node for node in part.graph.nodes if node.name == place.node)
    found = part.get_submodule(str(node.target)) if node.op == "call_module" else None
    if isinstance(found, (RoundedLayer, nn.Sequential)):  # others may run elsewhere too: a ReLU in a pair
        for _ in range(place.steps):  # a ReLU comes off, then a normalization
            found = found.layer if isinstance(found, RoundedLayer) else next(iter(found.children()))
        return found
    name = f"tapped_{place.node}"
    if not hasattr(part, name):
        part.add_module(name, nn.Identity())
        with part.graph.inserting_after(node):
            tap = part.graph.call_module(name, (node,))
        node.replace_all_uses_with(tap, delete_user_cb=lambda user: user is not tap)
        part.recompile()
    return part.get_submodule(name)


def _within(region: str, name: str | None) -> str:
    return f"{region}.{name}" if region and name else name or ""


def _folded(traced: fx.GraphModule, prepared: fx.GraphModule) -> dict[str, str]:
    """Layer → the normalization that FX mode has folded into it."""
    present = {node.target for node in prepared.graph.nodes if node.op == "call_module"}
    calls = [node for node in traced.graph.nodes if node.op == "call_module" and node.target not in present]
    norms = [node for node in calls if isinstance(traced.get_submodule(str(node.target)), _BatchNorm)]
    return {str(node.args[0].target): str(node.target) for node in norms if isinstance(node.args[0], fx.Node)}


def _share(graph: nn.Module, module: nn.Module) -> None:
    """Put ``module``'s own tensors wherever ``graph`` holds a copy under the same name."""
    for name, parameter in module.named_parameters(remove_duplicate=False):
        _replace(graph, name, "_parameters", parameter)
    for name, buffer in module.named_buffers(remove_duplicate=False):
        _replace(graph, name, "_buffers", buffer)


def _replace(graph: nn.Module, name: str, kind: str, tensor: Tensor) -> None:
    owner, _, leaf = name.rpartition(".")
    try:
        part = graph.get_submodule(owner)
    except AttributeError:
        return
    held: Mapping[str, Any] = getattr(part, kind)
    if isinstance(held.get(leaf), Tensor):
        held[leaf] = tensor  # type: ignore[index]


def _ready(observer: Any) -> bool:
    return isinstance(observer, FixedQParamsObserver) or filled(observer.min_val)
