"""Weights and activations in int8, with the ranges of the activations measured beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Message, Repair, msg
from backend.events import Emit, Progress
from backend.quantization._base import Outcome, Scheme
from backend.quantization._calibrate import calibrate, inputs
from backend.quantization._engines import candidates, check_engine, highest_level
from backend.quantization._fx import Converter, LayerSettings, Traced, int8_layers
from backend.quantization._race import fastest_right
from backend.quantization.observers._base import Observer
from backend.recipe import LayerPlan
from backend.registry import method
from backend.session import Session

ID = "static_int8"
LAYERS = (
    nn.Conv1d,
    nn.Conv2d,
    nn.Conv3d,
    nn.ConvTranspose1d,
    nn.ConvTranspose2d,
    nn.ConvTranspose3d,
    nn.Linear,
)


def applies(module: nn.Module) -> Message | None:
    if isinstance(module, LAYERS):
        return None
    return msg("Needs a convolution or a linear layer")


def quantize(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Outcome:
    """Calibrate, choose the engine, convert.

    Raises:
        CompressionError: nothing can be quantized, the data is unfit, or the engine is.
    """
    settings = _stage_settings(plans)
    layers = {name: _layer(plan) for name, plan in plans.items() if name}
    default = _layer(plans[""]) if "" in plans else _layer(LayerPlan(settings))
    _check_engine(settings["engine"], layers, index)
    float_module = session.network.module
    converter = Converter.of(float_module, default, layers, _observers(layers, default))
    calibrate(
        converter.prepared, converter.traced.module, session, settings["calibration_batches"], index, emit, cancel
    )
    skip = converter.unreached()
    engine, module = _convert(converter, settings["engine"], layers, skip, session, index, emit, cancel)
    known = int8_layers(module)
    if not known:
        raise CompressionError(
            msg("Nothing became int8: none of the chosen layers has an int8 kernel."),
            msg("Choose convolutions or linear layers, or another method."),
        )
    data = {
        "engine": engine,
        "default": default.to_data() if default else None,
        "layers": {name: layer.to_data() if layer else None for name, layer in layers.items()},
        "float_parts": skip,
    }
    left = _left(float_module, module, plans, known, converter, skip)
    choices = {"engine": engine} if settings["engine"] == "auto" else {}
    return Outcome(module, data, known, left, choices, converter.joined(known))


def rebuild(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """The same structure from the float network, uncalibrated: loading the weights brings the ranges."""
    check_engine(data["engine"])
    layers = {name: LayerSettings(**layer) if layer else None for name, layer in data["layers"].items()}
    default = LayerSettings(**data["default"]) if data["default"] else None
    converter = Converter.of(module, default, layers, _observers(layers, default))
    return converter.converted(data["engine"], highest_level(data["engine"]), data["float_parts"])


def _stage_settings(plans: Mapping[str, LayerPlan]) -> Mapping[str, Any]:
    for plan in plans.values():
        if plan.settings is not None:
            return plan.settings
    raise CompressionError(
        msg("Every layer is kept as it is, so there is nothing to quantize."),
        msg("Remove a keep from the stage's layers, or remove the stage."),
    )


def _layer(plan: LayerPlan) -> LayerSettings | None:
    if plan.settings is None:
        return None
    return LayerSettings(**{key: plan.settings[key] for key in LayerSettings.__dataclass_fields__})


def _observers(layers: Mapping[str, LayerSettings | None], default: LayerSettings | None) -> dict[str, Observer]:
    ids = {layer.observer for layer in (*layers.values(), default) if layer is not None}
    found = {id: method("observer", id) for id in ids}
    return {id: observer for id, observer in found.items() if isinstance(observer, Observer)}


def _symmetric(layers: Mapping[str, LayerSettings | None]) -> bool:
    return all(layer is None or layer.weight_scheme == "symmetric" for layer in layers.values())


def _check_engine(engine: str, layers: Mapping[str, LayerSettings | None], index: int) -> None:
    if engine == "auto":
        return
    check_engine(engine)
    if engine == "onednn" and not _symmetric(layers):
        raise CompressionError(
            msg("The int8 engine onednn has no kernel for affine weights."),
            msg("Choose symmetric weights or the engine auto."),
            repair=Repair(msg("Use the engine auto"), {f"stages.{index}.quantize.engine": "auto"}),
        )


def _convert(
    converter: Converter,
    engine: str,
    layers: Mapping[str, LayerSettings | None],
    skip: list[str],
    session: Session,
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> tuple[str, nn.Module]:
    names = candidates(_symmetric(layers)) if engine == "auto" else [engine]
    modules: dict[str, nn.Module] = {}
    for done, name in enumerate(names):
        cancel.check()
        emit(Progress(index, done, len(names), msg("Converting for {engine}", engine=name)))
        modules[name] = converter.converted(name, highest_level(name), skip)
    if len(modules) > 1:
        emit(Progress(index, len(names), len(names), msg("Timing {count} engines in turn", count=len(names))))
        images = next(inputs(session, 1))
        best = fastest_right(modules, converter.traced.module, images, cancel)
        return best, modules[best]
    return names[0], modules[names[0]]


def _left(
    before: nn.Module,
    after: nn.Module,
    plans: Mapping[str, LayerPlan],
    known: Mapping[str, Any],
    converter: Converter,
    skip: list[str],
) -> dict[str, Message]:
    """Why each planned layer that is not on an int8 kernel is not; layers folded into others are."""
    present = {name for name, _ in after.named_modules()}
    left: dict[str, Message] = {}
    for name, plan in plans.items():
        if not name or plan.settings is None or name in known:
            continue
        layer = before.get_submodule(name)
        why = _why(name, layer, present, converter.traced, skip)
        if why is not None:
            left[name] = why
    return left


def _why(name: str, layer: nn.Module, present: set[str], traced: Traced, skip: list[str]) -> Message | None:
    part = next((o for o in traced.opaque if not o or name.startswith(f"{o}.")), None)
    if any(not s or name.startswith(f"{s}.") for s in skip):
        return msg("The calibration images never reach it")
    if part is not None and name in present:
        return msg("It stands in {part}, which decides in Python what to compute", part=part or type(layer).__name__)
    why = applies(layer)
    folded = why is not None and "Norm" in type(layer).__name__
    if name not in present:
        return None if folded else msg("The network does not use it")
    if name in traced.shared:
        return msg("The network calls it more than once")
    return why or msg("torch has no int8 kernel for it here")


METHOD = Scheme(
    id=ID,
    label="Static int8",
    summary="Weights and activations compute in int8, with ranges measured on calibration images.",
    parameters=(
        Parameter(
            name="engine",
            type="choice",
            label="Engine",
            default="auto",
            choices=("auto", "x86", "onednn", "fbgemm", "qnnpack"),
            required=True,
            per_layer=False,
            summary="The library that computes; auto keeps the fastest that is right on this processor.",
        ),
        Parameter(
            name="observer",
            type="method",
            of="observer",
            label="Observer",
            default="histogram",
            required=True,
            summary="How the range of an activation is chosen.",
        ),
        Parameter(
            name="calibration_batches",
            type="int",
            label="Calibration batches",
            default=8,
            minimum=1,
            required=True,
            per_layer=False,
            summary="Batches of training images the ranges are measured on.",
        ),
        Parameter(
            name="weights",
            type="choice",
            label="Weight scales",
            default="per_channel",
            choices=("per_channel", "per_tensor"),
            required=True,
            summary="One scale per output channel, or one per layer.",
        ),
        Parameter(
            name="weight_scheme",
            type="choice",
            label="Weight range",
            default="symmetric",
            choices=("symmetric", "affine"),
            required=True,
            advanced=True,
            summary="Symmetric has its zero point at 0; affine moves it to use the whole range.",
        ),
        Parameter(
            name="activation_scheme",
            type="choice",
            label="Activation range",
            default="affine",
            choices=("affine", "symmetric"),
            required=True,
            advanced=True,
            summary="Affine follows the smallest and largest value; symmetric has its zero point in the middle.",
        ),
    ),
    quantize=quantize,
    rebuild=rebuild,
    applies=applies,
    calibrates=True,
    whole=True,
)
