"""What a network that was pruned would weigh and take, without making it: sums over what is left of each parameter."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from torch import Tensor, nn

from backend.evaluation.size import size_bytes
from backend.network import Network
from backend.quantization._base import CASTS, PACKS, TRACES, Scheme
from backend.recipe import Recipe, Stage, filled, plan
from backend.registry import catalogue, method

BITS = {"float16": 16, "bfloat16": 16, "bnn": 1}
"""Methods whose bits neither their id nor their settings say."""
KERNEL_SCALE, SCALE, GROUP_SCALE = 16, 4, 3
"""Bytes of scale and zero point: of a channel in int8 kernels, of a channel, of a group of weights."""
CODEBOOK = 85
ENTRY = 90
"""Bytes that the file's header takes for one tensor."""
KERNEL = 680
"""Bytes by which it grows with a layer that int8 kernels hold."""


@dataclass(frozen=True)
class Price:
    """``fixed``, and ``each`` value of a parameter that is left adds its own; what is not named adds nothing."""

    fixed: float
    each: Mapping[str, float]
    whole: Mapping[str, int]

    def of(self, left: Mapping[str, int]) -> float:
        """The price where so many values of each parameter are left; all of those that are not named."""
        return self.fixed + sum(one * left.get(name, self.whole[name]) for name, one in self.each.items())


def size_price(network: Network, recipe: Recipe) -> Price:
    """Bytes of the file once the quantize stages of ``recipe`` have worked on what is left of ``network``.

    An estimate: a scale for every channel is counted, what a scheme finds out at work is not (a layer that stays
    in float, bits that are chosen).
    """
    module = network.module
    owners = {f"{name}.{key}" if name else key: (part, name, key) for name, part, key in _parameters(module)}
    whole = {name: part.get_parameter(key).numel() for name, (part, _, key) in owners.items()}
    each = {name: float(part.get_parameter(key).element_size()) for name, (part, _, key) in owners.items()}
    fixed = float(size_bytes(network)) - sum(each[name] * count for name, count in whole.items())
    for name, (part, _, key) in owners.items():
        if key == "weight" and getattr(part, "running_mean", None) is not None:  # mean and variance go with it
            each[name] += 8.0
            fixed -= 8.0 * whole[name]
    for stage in _quantizing(recipe):
        folds = False
        for name, (part, layer, key) in owners.items():
            found = _scheme(stage, part, layer)
            if found is None:
                continue
            scheme, settings, bits = found
            folds |= scheme.turn == TRACES
            if scheme.turn == CASTS:
                each[name] = bits / 8
            elif key.endswith("weight"):
                each[name] = bits / 8
                bias = name.removesuffix("weight") + "bias"  # as many as there are channels
                holder = bias if bias in each else name
                each[holder] += _scales(scheme, settings, part.get_parameter(key)) / whole[holder]
                fixed += KERNEL if scheme.turn != PACKS else CODEBOOK if scheme.id == "codebook" else 2 * ENTRY
        if folds:
            for name, (part, _, key) in owners.items():
                if isinstance(part, nn.modules.batchnorm._BatchNorm):
                    each[name] = 4.0 if key == "bias" else 0.0  # it becomes the bias of the layer before
                    fixed -= ENTRY + (8 + 2 * ENTRY if key == "weight" else 0)
    return Price(fixed, each, whole)


def latency_price(network: Network, latencies: Mapping[str, float], total: float) -> Price:
    """Milliseconds, where each layer takes time by the share of its parameters that is left.

    Args:
        network: the measured one.
        latencies: layer → milliseconds; layers without parameters, and what lies between layers, stay as they are.
        total: of the whole network.
    """
    whole: dict[str, int] = {}
    each: dict[str, float] = {}
    for layer, part, key in _parameters(network.module):
        name = f"{layer}.{key}" if layer else key
        whole[name] = part.get_parameter(key).numel()
        each[name] = latencies.get(layer, 0.0) / sum(p.numel() for p in part.parameters(recurse=False))
    return Price(total - sum(each[name] * count for name, count in whole.items()), each, whole)


def on_other_kernels(recipe: Recipe) -> bool:
    """Whether a stage makes the network compute in low precision: then its latency is not that of the float layers."""
    schemes = [cast(Scheme, method("quantization", id)) for stage in _quantizing(recipe) for id in _methods(stage)]
    return any(scheme.turn != PACKS for scheme in schemes)


def _parameters(module: nn.Module) -> Iterable[tuple[str, nn.Module, str]]:
    """Layer, module and key of every parameter, a shared one once."""
    seen: set[int] = set()
    for layer, part in module.named_modules():
        for key, parameter in part.named_parameters(recurse=False):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield layer, part, key


def _quantizing(recipe: Recipe) -> Iterable[Stage]:
    return [one for stage in recipe.stages for one in (stage, *stage.during) if one.kind == "quantize"]


def _methods(stage: Stage) -> set[str]:
    rules = [rule.settings["method"] for rule in stage.layers if rule.settings and "method" in rule.settings]
    return {str(filled(stage, catalogue())["method"]), *map(str, rules)}


def _scales(scheme: Scheme, settings: Mapping[str, Any], weight: Tensor) -> float:
    """Bytes of the scales that go with the codes of a weight."""
    if scheme.id == "codebook":
        return 0.0
    group = settings.get("group")
    if scheme.turn == PACKS and group:
        return float(GROUP_SCALE * len(weight) * math.ceil(weight.numel() / len(weight) / group))
    return len(weight) * (SCALE if scheme.turn == PACKS else KERNEL_SCALE)


def _scheme(stage: Stage, part: nn.Module, layer: str) -> tuple[Scheme, Mapping[str, Any], float] | None:
    """How ``stage`` treats a layer, and in how many bits its weights are then; None where it stays as it is."""
    settings = plan(stage, layer, type(part).__name__, catalogue()).settings
    if settings is None:
        return None
    scheme = cast(Scheme, method("quantization", str(settings["method"])))
    bits = _bits(scheme.id, settings)
    return None if bits is None or scheme.applies(part) is not None else (scheme, settings, bits)


def _bits(id: str, settings: Mapping[str, Any]) -> float | None:
    if id in BITS:
        return BITS[id]
    if "weight_bits" in settings:
        return None if settings.get("tensors") == "activations" else float(settings["weight_bits"])
    said = re.search(r"int(\d+)", id)
    bits = said.group(1) if said is not None else settings.get("bits")
    return None if bits is None else float(bits)
