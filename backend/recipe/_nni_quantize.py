"""Quantize stages from NNI's quantizers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from backend.errors import Message, msg
from backend.recipe._types import Rule, Stage

QUANTIZERS: Mapping[str, str] = {
    "QAT": "qat_int8",
    "LSQ": "lsq",
    "LSQPlus": "lsq",
    "DoReFa": "dorefa",
    "BNN": "bnn",
    "PTQ": "static_int8",
}
LEARNING = ("qat_int8", "lsq", "dorefa", "bnn")
LEAST = {"lsq": 2, "dorefa": 1, "weight_only": 2}
"""Bits that a method has at least; all have 8 at most."""
TENSORS = {
    frozenset({"weight", "input", "output"}): "all",
    frozenset({"weight", "input"}): "input_weight",
    frozenset({"weight", "output"}): "weight_output",
    frozenset({"input", "output"}): "input_output",
    frozenset({"weight"}): "weight",
    frozenset({"input"}): "input",
    frozenset({"output"}): "output",
}
KNOWN = (
    "quant_types", "quant_bits", "quant_dtype", "quant_scheme", "granularity", "target_names", "target_settings",
    "quant_start_step",
)  # fmt: skip
Wanted = Mapping[str, Mapping[str, Any]]
Rules = Callable[[Wanted], tuple[dict[str, Any], tuple[Rule, ...]]]
Note = Callable[[Message], None]


def quantize_stages(name: str, chosen: Wanted, rules: Rules, note: Note) -> list[Stage]:
    """The quantize stage of NNI's quantizer ``name`` for layers with their settings; nothing where there are none."""
    if not chosen:
        return []
    asked = {layer: _Asked(settings, name) for layer, settings in chosen.items()}
    method = _method(name, list(asked.values()), note)
    wanted = {layer: _settings(method, one, note) for layer, one in asked.items()}
    for settings in chosen.values():
        _drop(settings, note)
    stage = Stage("quantize", *rules(wanted))
    if method not in LEARNING:
        return [stage]
    note(msg("A config_list says nothing of the training: look at its epochs and learning rate."))
    return [Stage("train", {}, (), (stage,))]


class _Asked:
    """What NNI was told of one layer: which tensors, in how many bits, on which grid."""

    def __init__(self, settings: Mapping[str, Any], name: str) -> None:
        own = settings.get("target_settings")
        self._own: Mapping[str, Any] = own if isinstance(own, Mapping) else {}
        self._settings, self._usual = settings, 1 if name == "BNN" else 8
        named = settings.get("quant_types") or settings.get("target_names") or list(self._own)
        named = [named] if isinstance(named, str) else named
        tensors = {_tensor(str(one)) for one in named} - {""}
        self.tensors = frozenset(tensors or {"weight", "input", "output"})

    def bits(self, tensor: str) -> int:
        """Bits of ``weight``, ``input`` or ``output``."""
        told = self._settings.get("quant_bits")
        if isinstance(told, Mapping):
            told = next((bits for name, bits in told.items() if _tensor(str(name)) == tensor), None)
        if told is None:
            told = re.sub(r"\D", "", str(self.get("quant_dtype", tensor) or ""))
        return int(told) if str(told).isdigit() else self._usual

    def get(self, key: str, tensor: str) -> Any:
        """A setting of one tensor, else of all."""
        own = next((one for name, one in self._own.items() if _tensor(str(name)) == tensor), None)
        return own[key] if isinstance(own, Mapping) and key in own else self._settings.get(key)

    @property
    def activations(self) -> tuple[str, ...]:
        return tuple(sorted(self.tensors - {"weight"}))


def _tensor(name: str) -> str:
    """``_input_``, ``_input_0`` and ``input`` → ``input``; what else may be named (``bias``) → empty."""
    found = re.match(r"_?(weight|input|output)", name)
    return found[1] if found else ""


def _method(name: str, asked: list[_Asked], note: Note) -> str:
    """One method for all layers: those that learn can't be mixed in one training."""
    eight = all(one.bits(tensor) == 8 for one in asked for tensor in one.tensors)
    if name == "QAT" and not eight:
        note(msg("qat_int8 has 8 bits; lsq takes the bits of the config_list and learns the step sizes as well."))
        return "lsq"
    if name == "PTQ" and all(one.tensors == {"weight"} for one in asked):
        return "weight_only"
    if name == "PTQ" and not eight:
        note(msg("After training, Pare quantizes weights and activations in 8 bits; other bits need LSQ or DoReFa."))
    if name == "LSQPlus":
        note(msg("LSQPlus learns offsets too; lsq learns step sizes alone."))
    return QUANTIZERS[name]


def _settings(method: str, one: _Asked, note: Note) -> dict[str, Any]:
    match method:
        case "lsq" | "dorefa":
            return {"method": method, **_low_bits(method, one, note), "edges": "same"}
        case "bnn":
            return {"method": method, "edges": "same"}
        case "weight_only":
            return {"method": method, "bits": _within(method, one.bits("weight"), note), **_scheme(one, "weight")}
    found = {"method": method, "weights": _scales(one), **_scheme(one, "weight"), **_scheme(one, "activation")}
    if method == "qat_int8":
        found["tensors"] = TENSORS[one.tensors]
    elif "weight" not in one.tensors or not one.activations:
        note(msg("After training, Pare quantizes weights and activations of a layer together."))
    return found


def _low_bits(method: str, one: _Asked, note: Note) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "weight" in one.tensors:
        found["weight_bits"] = _within(method, one.bits("weight"), note)
    if one.activations:
        found["activation_bits"] = _within(method, one.bits(one.activations[0]), note)
    found["tensors"] = "both" if len(found) == 2 else "weights" if "weight_bits" in found else "activations"
    if method == "lsq" and one.get("granularity", "weight") == "per_channel":
        found["per_channel"] = True
    return found


def _within(method: str, bits: int, note: Note) -> int:
    taken = min(8, max(LEAST[method], bits))
    if taken != bits:
        note(msg("{method} takes {least} to 8 bits, so {bits} became {taken}.", method=method, least=LEAST[method],
                 bits=bits, taken=taken))  # fmt: skip
    return taken


def _scales(one: _Asked) -> str:
    return "per_channel" if one.get("granularity", "weight") == "per_channel" else "per_tensor"


def _scheme(one: _Asked, tensor: str) -> dict[str, str]:
    source = "weight" if tensor == "weight" else next(iter(one.activations), "")
    told = one.get("quant_scheme", source) if source else None
    return {f"{tensor}_scheme": str(told)} if told in ("affine", "symmetric") else {}


def _drop(settings: Mapping[str, Any], note: Note) -> None:
    if settings.get("quant_start_step"):
        note(msg("{key} counts steps; set Start, a share of the training, in its place.", key="quant_start_step"))
    for key, value in settings.items():
        if key not in KNOWN and value is not None:
            note(msg("{key} has no counterpart in Pare and is left out.", key=key))
