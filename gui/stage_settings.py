"""Which settings of a stage make sense where it stands, and why the others can't be chosen."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.description import KIND, Catalogue, Parameter
from backend.recipe import Stage, filled
from gui.text import tr

SMALLER = ("macs", "parameters", "size", "latency")
"""Targets that only removal reaches."""
USUAL_LEARNER = "qat_int8"
CASTS = ("float16", "bfloat16")
"""Methods without a grid: a floating type is as fine for small weights as for large ones."""
AT_REST = frozenset({"target", "equalize", "correct_bias", "reestimate"})
"""What a quantize stage does only where no training goes on around it."""


@dataclass(frozen=True)
class Offer:
    """The parameters of a stage's form.

    Attributes:
        parameters: the stage's own and its method's, in the order of the form.
        refused: parameter → id of a method → why it can't be chosen here.
        blocked: parameter → why it can't be set now.
    """

    parameters: tuple[Parameter, ...] = ()
    refused: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    blocked: Mapping[str, str] = field(default_factory=dict)

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)


def offered(stage: Stage, catalogue: Catalogue, *, within: bool = False) -> Offer:
    """What can be set on ``stage``; ``within`` a training or outside."""
    settings = filled(stage, catalogue)
    described = catalogue.get("stage", stage.kind)
    parameters = list(described.parameters)
    of = described.parameter("method")
    if of is not None:
        method = catalogue.get(of.of, settings["method"]).parameters
        at = parameters.index(of) + 1
        parameters[at:at] = [p for p in method if p.name not in {q.name for q in parameters}]
    if stage.kind == "quantize":
        return _quantizing(parameters, settings, catalogue, within=within)
    if stage.kind == "decompose":
        return _decomposing(parameters, settings)
    if stage.kind != "prune":
        return Offer(tuple(parameters))
    of_unit = unit(settings, catalogue)
    senseless = _senseless(settings, of_unit, within=within)
    return Offer(
        tuple(fitted for p in parameters if (fitted := _fitted(p, settings)) is not None and p.name not in senseless),
        {} if within else {"method": learning(catalogue)},
        {"remove": tr("Needs a method that prunes channels")} if of_unit == "weight" else {},
    )


def _decomposing(parameters: list[Parameter], settings: Mapping[str, Any]) -> Offer:
    """A target finds the ranks; a rank takes the place of the energy, and a second one goes with it."""
    if settings.get("target") is not None:
        senseless = {"energy", "rank", "rank_in"}
    else:
        senseless = {"rank_in"} if settings.get("rank") is None else {"energy", "target"}
    return Offer(tuple(p for p in parameters if p.name not in senseless))


def _quantizing(
    parameters: list[Parameter], settings: Mapping[str, Any], catalogue: Catalogue, *, within: bool
) -> Offer:
    """While weights move, only methods that learn; while they rest, those that work by themselves."""
    if within:
        why = tr("Does not learn: add it as a stage of its own")
        known = catalogue.kind("quantization").items()
        out = {id: why for id, method in known if not method.traits.get("learns", False)}
        return Offer(tuple(p for p in parameters if p.name not in AT_REST), {"method": out})
    senseless = {"start", *_useless(str(settings["method"]), catalogue)}
    if settings.get("target") is not None:
        senseless = senseless - {"target"} | {"bits"}  # the target finds the bits
    late = learning(catalogue, "quantization")
    return Offer(tuple(p for p in parameters if p.name not in senseless), {"method": late})


def _useless(method: str, catalogue: Catalogue) -> set[str]:
    """What a quantize stage can do that ``method`` has no use for: bits to choose, a grid to help with."""
    described = catalogue.kind("quantization").get(method)
    chooses = described is not None and described.traits.get("weights_only") and described.parameter("bits") is not None
    return (set() if chooses else {"target"}) | ({"equalize", "correct_bias"} if method in CASTS else set())


def _fitted(parameter: Parameter, settings: Mapping[str, Any]) -> Parameter | None:
    """A target with what can be reached: masks make nothing smaller, and removal leaves no zeros."""
    match parameter.type:
        case "target":
            out = ("sparsity",) if settings.get("remove") else SMALLER
            choices = tuple(choice for choice in parameter.choices if choice not in out)
            return dataclasses.replace(parameter, choices=choices) if choices else None
        case "nested":
            return dataclasses.replace(parameter, required=True)  # while weights move there is always a schedule
        case _:
            return parameter


def _senseless(settings: Mapping[str, Any], of_unit: str, *, within: bool) -> set[str]:
    found = {"target"} if within else {"schedule"}
    if of_unit == "block":
        found |= {"remove", "scope"}  # blocks are ranked together, and a mask of a block is none
    if settings.get("target") is not None:
        found |= {"amount", "scope"}  # the target finds the amounts
    return found if settings.get("remove") else found | {"round_to"}


def learning(catalogue: Catalogue, kind: str = "criterion") -> dict[str, str]:
    """Methods of a kind that work only while weights move → the sentence that says so."""
    why = tr("Learns while training: add it under Fine-tune")
    return {
        id: why
        for id, method in catalogue.kind(kind).items()
        if method.traits.get("learns") and not method.traits.get("by_itself")
    }


def while_training(kind: str, catalogue: Catalogue) -> Stage:
    """The entry of a ``during`` list to begin with: pruning step by step, or quantization by a method that learns."""
    if kind == "prune":
        known = catalogue.kind("schedule")
        return Stage(kind, {"schedule": {KIND: "agp" if "agp" in known else next(iter(known))}} if known else {})
    learns = [id for id, method in catalogue.kind("quantization").items() if method.traits.get("learns")]
    usual = next((id for id in learns if not catalogue.get("quantization", id).traits.get("by_itself")), learns[0])
    return Stage(kind, {"method": USUAL_LEARNER if USUAL_LEARNER in learns else usual})


def unit(settings: Mapping[str, Any], catalogue: Catalogue) -> str:
    """What a prune stage with these ``settings`` removes as one: weight, channel or block."""
    method = catalogue.kind("criterion").get(str(settings.get("method")))
    return str(settings.get("unit") or (method.traits.get("unit") if method is not None else "") or "weight")


def without_foreign(stage: Stage, method: str, catalogue: Catalogue) -> list[str]:
    """Settings of ``stage`` that mean nothing once it has another ``method``."""
    described = catalogue.get("stage", stage.kind)
    of = described.parameter("method")
    known = {p.name for p in described.parameters}
    known |= {p.name for p in catalogue.get(of.of, method).parameters} if of is not None else set()
    kept = {name: value for name, value in stage.settings.items() if name in known}
    if stage.kind == "prune" and unit({**kept, "method": method}, catalogue) == "weight":
        known -= {"remove", "round_to", *(["target"] if stage.settings.get("remove") else [])}
    if stage.kind == "quantize":
        known -= _useless(method, catalogue)
    return [name for name in stage.settings if name not in known]


def presets(stage: Stage, catalogue: Catalogue) -> Mapping[str, Mapping[str, Any]]:
    """Name → settings that are usual together for the method of ``stage``."""
    of = catalogue.get("stage", stage.kind).parameter("method")
    if of is None:
        return {}
    method = catalogue.kind(of.of).get(str(stage.settings.get("method", of.default)))
    found: Mapping[str, Mapping[str, Any]] = method.traits.get("presets") or {} if method is not None else {}
    return found
