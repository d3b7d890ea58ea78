"""From a traced float network to one that runs on int8 kernels."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, fx, nn
from torch.ao.quantization import (
    MinMaxObserver,
    PerChannelMinMaxObserver,
    QConfig,
    QConfigMapping,
    default_placeholder_observer,
    default_reuse_input_qconfig,
    per_channel_dynamic_qconfig,
    quantize_dynamic,
)
from torch.ao.quantization import default_dynamic_qconfig as per_tensor_dynamic_qconfig
from torch.ao.quantization.fx.custom_config import PrepareCustomConfig
from torch.ao.quantization.observer import UniformQuantizationObserverBase
from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

from backend.quantization import _engines
from backend.quantization._fx._concatenation import concatenations_of_unequal_scales, in_float
from backend.quantization._fx._fixed import FIXED, observe_inputs
from backend.quantization._fx._joined import take_apart
from backend.quantization._fx._partly import hold
from backend.quantization._fx._quiet import quiet
from backend.quantization._fx._refusing import refusing
from backend.quantization._fx._trace import Traced, contiguous_output, leaves, placed, trace
from backend.quantization._kinds import TRANSPOSED
from backend.quantization.observers._base import ActivationRange, Observer

FLOAT_FUNCTIONS = (
    F.linear,
    F.conv1d,
    F.conv2d,
    F.conv3d,
    F.conv_transpose1d,
    F.conv_transpose2d,
    F.conv_transpose3d,
)
"""Called with a weight of no layer: there is no name to show, keep or count it by."""
NOTE = "int8_engine"
"""Attribute of a module whose weights an engine packed."""
ALL = "all"
"""Input, weight and output: what an int8 kernel needs."""
REFERENCE = "torch.ao.nn.quantized.reference"
"""Where torch.ao keeps the layers that it could not give a kernel: they compute in float with a rounded weight."""


@dataclass(frozen=True)
class LayerSettings:
    """How one layer is quantized.

    Attributes:
        weights: ``per_channel`` or ``per_tensor``.
        weight_scheme: ``symmetric`` (zero point 0) or ``affine``.
        activation_scheme: ``affine`` or ``symmetric``.
        observer: id of the observer of its output.
        tensors: ``all``, else which of input, weight and output are rounded, with _ between them: such a
            layer has no int8 kernel and computes in float with rounded values.
    """

    weights: str = "per_channel"
    weight_scheme: str = "symmetric"
    activation_scheme: str = "affine"
    observer: str = "min_max"
    tensors: str = ALL

    def to_data(self) -> dict[str, str]:
        return asdict(self)


class Int8Module(fx.GraphModule):
    """A graph on int8 kernels that knows which engine packed its weights.

    torch repacks weights with the global engine whenever a module is copied or loaded; both happen
    here with the module's own.
    """

    int8_engine: str

    def __deepcopy__(self, memo: dict[int, Any]) -> Int8Module:
        with _engines.using(self.int8_engine):
            copied: Int8Module = super().__deepcopy__(memo)  # type: ignore[assignment]
        copied.int8_engine = self.int8_engine
        return copied

    def load_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        """As torch's, packing with this module's engine."""
        with _engines.using(self.int8_engine):
            return super().load_state_dict(*args, **kwargs)


def engine_of(module: nn.Module) -> str | None:
    """The engine that packed the weights of ``module``; None for a float network."""
    return next((m.__dict__[NOTE] for m in module.modules() if NOTE in m.__dict__), None)


def set_engine(module: nn.Module, engine: str) -> nn.Module:
    """Note which engine packed the weights of ``module``."""
    module.__dict__[NOTE] = engine
    return module


@dataclass
class Converter:
    """One network on its way to int8: trace, observe, convert.

    Attributes:
        traced: the float network as graphs.
        default: settings of operations that are no layer of their own (additions, pooling); None
            leaves them in float.
        layers: layer name → its settings, None to keep it in float.
        observers: observer id → observer.
        prepared: the network with observers; calibration runs it.
        partly: layer name → observers of its ``input`` and ``output``, where not all of its tensors are rounded.
    """

    traced: Traced
    default: LayerSettings | None
    layers: Mapping[str, LayerSettings | None]
    observers: Mapping[str, Observer]
    prepared: nn.Module = field(init=False)
    mappings: dict[str, QConfigMapping] = field(init=False, default_factory=dict)
    partly: dict[str, Mapping[str, nn.Module]] = field(init=False, default_factory=dict)

    @classmethod
    def of(
        cls,
        module: nn.Module,
        default: LayerSettings | None,
        layers: Mapping[str, LayerSettings | None],
        observers: Mapping[str, Observer],
    ) -> Converter:
        """Trace a copy of the float ``module`` and put observers into it.

        Raises:
            CompressionError: no part of it can be traced, or torch does not manage it.
        """
        traced = trace(copy.deepcopy(module).cpu().eval())
        made = cls(traced, default, layers, observers)
        made.prepared = copy.deepcopy(traced.module)
        with quiet(), refusing():
            for region in traced.regions:
                part = made._prepare(made.prepared.get_submodule(region), region)
                made.prepared = placed(made.prepared, region, part)
        return made

    def joined(self, int8: Iterable[str]) -> nn.Module:
        """The float network with the ``int8`` layers joined as conversion joins them: what they are compared to."""
        module = copy.deepcopy(self.traced.module)
        names = set(int8)
        with quiet():
            for region in self.traced.regions:
                part = prepare_fx(module.get_submodule(region), QConfigMapping(), (), self._custom(region))
                take_apart(part, {name.removeprefix(f"{region}.") for name in names} if region else names)
                module = placed(module, region, part)
        return module

    def unreached(self) -> list[str]:
        """Regions that no calibration batch has run through."""
        return [region for region in self.traced.regions if not _reached(self.prepared.get_submodule(region))]

    def converted(self, engine: str, highest: int, skip: Iterable[str] = ()) -> nn.Module:
        """The network on ``engine``'s kernels; what was observed stays for the next engine.

        Args:
            engine: packs the weights.
            highest: the largest quantized activation.
            skip: regions and layers to leave in float.
        """
        skip = frozenset(skip)
        module = copy.deepcopy(self.prepared)
        set_levels(module, highest)
        with quiet(), refusing(), _engines.using(engine):
            # Inner ones first: converting a graph takes the settings off everything inside it.
            for region in reversed(self.traced.regions):
                if region in skip:
                    part: nn.Module = copy.deepcopy(self.traced.module.get_submodule(region))
                else:
                    mapping = self._without(region, skip)
                    made = convert_fx(as_graph(module.get_submodule(region)), qconfig_mapping=mapping)
                    take_apart(made)
                    self._put_back(made, region)
                    self._hold_partly(made, region, highest)
                    contiguous_output(made.graph)
                    part = Int8Module(made, made.graph)
                    set_engine(part, engine)
                module = placed(module, region, part)
        return module.eval()

    def _without(self, region: str, layers: Iterable[str]) -> QConfigMapping:
        """The settings of ``region`` with ``layers`` left in float."""
        mapping, start = copy.deepcopy(self.mappings[region]), f"{region}." if region else ""
        for name in layers:
            if name.startswith(start) and name not in self.traced.regions:
                mapping.set_module_name(name.removeprefix(start), None)
        return mapping

    def _prepare(self, part: nn.Module, region: str) -> nn.Module:
        mapping = self._mapping(part, region)
        self.mappings[region] = mapping
        made = prepare_fx(copy.deepcopy(part), mapping, (), self._custom(region))
        unequal = concatenations_of_unequal_scales(made)
        if unequal:
            in_float(as_graph(part), unequal)
            made = prepare_fx(part, mapping, (), self._custom(region))
        if self.default is not None:
            observe_inputs(made, self.qconfig(self.default).activation)
        return made

    def _put_back(self, made: fx.GraphModule, region: str) -> None:
        """Layers that got a weight but no kernel are the float network's again."""
        for name, part in list(made.named_modules()):
            if type(part).__module__.startswith(REFERENCE):
                full = f"{region}.{name}" if region else name
                made.set_submodule(name, copy.deepcopy(self.traced.module.get_submodule(full)))

    def _hold_partly(self, made: fx.GraphModule, region: str, highest: int) -> None:
        for name in {str(node.target) for node in made.graph.nodes if node.op == "call_module"}:
            full = f"{region}.{name}" if region else name
            settings = self.layers.get(full)
            if settings is not None and settings.tensors != ALL:
                layer = made.get_submodule(name)
                hold(layer, settings.tensors, self.qconfig(settings, layer), self.partly.get(full, {}), highest)

    def _custom(self, region: str) -> PrepareCustomConfig:
        return PrepareCustomConfig().set_non_traceable_module_names(leaves(self.traced.opaque, region))

    def _mapping(self, part: nn.Module, region: str) -> QConfigMapping:
        base = self.qconfig(self.default) if self.default and self.default.tensors == ALL else None
        mapping = QConfigMapping().set_global(base)
        if base is not None:
            for op, qconfig in FIXED.items():
                mapping.set_object_type(op, qconfig)
            mapping.set_object_type("reshape", default_reuse_input_qconfig)
            for function in FLOAT_FUNCTIONS:
                mapping.set_object_type(function, None)
        for name, module in part.named_modules():
            full = f"{region}.{name}" if region and name else name
            if full in self.layers:
                settings = self.layers[full]
                whole = settings is not None and settings.tensors == ALL
                mapping.set_module_name(name, self.qconfig(settings, module) if settings and whole else None)
        return mapping

    def qconfig(self, settings: LayerSettings, module: nn.Module | None = None) -> QConfig:
        """What makes the observers of one layer's output and weight."""
        symmetric = settings.activation_scheme == "symmetric"
        activation = self.observers[settings.observer].make(ActivationRange(symmetric))
        if isinstance(module, nn.LayerNorm):
            return _pair(activation, default_placeholder_observer)
        per_channel = settings.weights == "per_channel" and not isinstance(module, TRANSPOSED)
        return _pair(activation, _weight_observer(per_channel, settings.weight_scheme))


def make_dynamic(module: nn.Module, layers: Mapping[str, bool], engine: str) -> nn.Module:
    """A copy of ``module`` with the named layers on dynamic int8 kernels.

    Args:
        module: the network; used up.
        layers: layer name → whether its weights have one scale per output channel.
        engine: packs the weights.
    """
    spec = {name: per_channel_dynamic_qconfig if each else per_tensor_dynamic_qconfig for name, each in layers.items()}
    with quiet(), _engines.using(engine):
        made: nn.Module = quantize_dynamic(module, spec, dtype=torch.qint8, inplace=True)
    for part in made.modules():
        if isinstance(part, nn.TransformerEncoderLayer) and not isinstance(part.linear1, nn.Linear):
            # Its fused kernel reads float weights directly; without this mark it is not chosen.
            part.activation_relu_or_gelu = 0
    return made


def set_levels(module: nn.Module, highest: int) -> None:
    """Let every observer of activations give values from 0 to ``highest``."""
    for observer in activation_observers(module):
        observer.quant_min, observer.quant_max = 0, highest
        observer.has_customized_qrange = True


def activation_observers(module: nn.Module) -> list[Any]:
    """The observers that calibration fills."""
    return [
        m
        for m in module.modules()
        if isinstance(m, UniformQuantizationObserverBase) and m.dtype == torch.quint8 and hasattr(m, "min_val")
    ]


def _reached(part: nn.Module) -> bool:
    observers = activation_observers(part)
    return not observers or any(filled(o.min_val) for o in observers)


def filled(low: Tensor) -> bool:
    return low.numel() > 0 and not bool(torch.isinf(low).all())


def _pair(activation: Any, weight: Any) -> QConfig:
    return QConfig(activation=activation, weight=weight)


def as_graph(part: nn.Module) -> fx.GraphModule:
    if not isinstance(part, fx.GraphModule):
        raise TypeError(type(part).__name__)
    return part


def _weight_observer(per_channel: bool, scheme: str) -> Any:
    if per_channel:
        qscheme = torch.per_channel_symmetric if scheme == "symmetric" else torch.per_channel_affine
        return PerChannelMinMaxObserver.with_args(dtype=torch.qint8, qscheme=qscheme)
    qscheme = torch.per_tensor_symmetric if scheme == "symmetric" else torch.per_tensor_affine
    return MinMaxObserver.with_args(dtype=torch.qint8, qscheme=qscheme)
