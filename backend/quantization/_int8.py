"""What schemes share whose layers run on torch's int8 kernels: settings, conversion, what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Message, Repair, msg
from backend.events import Emit, Progress
from backend.quantization._base import Outcome
from backend.quantization._calibrate import inputs, refuse_infinite
from backend.quantization._engines import candidates, check_engine, highest_level
from backend.quantization._fx import (
    ALL,
    Converter,
    LayerSettings,
    Traced,
    calibration_table,
    int8_layers,
    outline,
    refusing,
    wrong_layers,
)
from backend.quantization._kinds import WEIGHTED
from backend.quantization._race import fastest_right
from backend.quantization.observers._base import Observer
from backend.recipe import LayerPlan
from backend.registry import method
from backend.session import Session

TRIED = 2
"""Images that every kernel is checked on."""


def applies(module: nn.Module) -> Message | None:
    """None where torch has a static int8 kernel for ``module``, else why not."""
    if isinstance(module, WEIGHTED):
        return None
    return msg("Needs a convolution or a linear layer")


def stays(module: nn.Module) -> dict[str, Message]:
    """Layers of ``module`` that would stay in float though their kind has a kernel, known without running it."""
    layers = {name: part for name, part in module.named_modules() if name and applies(part) is None}
    try:
        traced = outline(module)
    except CompressionError as error:
        why = msg("It stands in {part}, which decides in Python what to compute", part=type(module).__name__)
        return dict.fromkeys(layers, why) if error.details else {}
    found = {name: _known_before(name, traced) for name in layers}
    return {name: why for name, why in found.items() if why is not None}


def _known_before(name: str, traced: Traced) -> Message | None:
    within = [part for part in (*traced.regions, *traced.opaque) if not part or name.startswith(f"{part}.")]
    nearest = max(within, key=len, default="")
    if nearest in traced.opaque:
        part = nearest or type(traced.module).__name__
        return msg("It stands in {part}, which decides in Python what to compute", part=part)
    if any(name.startswith(f"{part}.") for part in traced.attentions):
        return msg("Its attention computes with its weight itself, as one operation of torch's")
    return msg("The network calls it more than once") if name in traced.shared else None


@dataclass(frozen=True)
class Int8Plan:
    """What is to become int8, and how.

    Attributes:
        engine: its name, or ``auto``.
        default: settings of operations that are no layer; None leaves them in float.
        layers: layer name → its settings; None keeps it in float.
    """

    engine: str
    default: LayerSettings | None
    layers: Mapping[str, LayerSettings | None]

    @classmethod
    def of(cls, plans: Mapping[str, LayerPlan], path: str) -> Int8Plan:
        """From the stage's plans; ``path`` is the stage's place in the recipe, for repairs.

        Raises:
            CompressionError: every layer is kept, or the engine is not here or not fit.
        """
        settings = stage_settings(plans)
        layers = {name: _layer(plan) for name, plan in plans.items() if name}
        default = _layer(plans.get("", LayerPlan(settings)))
        made = cls(settings["engine"], default, layers)
        made._check(path)
        return made

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Int8Plan:
        """What :meth:`to_data` wrote.

        Raises:
            CompressionError: this computer lacks the engine.
        """
        check_engine(data["engine"])
        layers = {name: LayerSettings(**layer) if layer else None for name, layer in data["layers"].items()}
        return cls(data["engine"], LayerSettings(**data["default"]) if data["default"] else None, layers)

    def to_data(self) -> dict[str, Any]:
        return {
            "engine": self.engine,
            "default": self.default.to_data() if self.default else None,
            "layers": {name: layer.to_data() if layer else None for name, layer in self.layers.items()},
        }

    @property
    def symmetric(self) -> bool:
        """Whether no weight needs a zero point."""
        return all(layer is None or layer.weight_scheme == "symmetric" for layer in self.layers.values())

    def engines(self) -> list[str]:
        """Those to convert for, the most exact first."""
        return candidates(self.symmetric) if self.engine == "auto" else [self.engine]

    def converter(self, module: nn.Module) -> Converter:
        """A copy of the float ``module`` with observers.

        Raises:
            CompressionError: no part of it can be traced.
        """
        ids = {layer.observer for layer in (*self.layers.values(), self.default) if layer is not None}
        found = {id: method("observer", id) for id in ids}
        observers = {id: observer for id, observer in found.items() if isinstance(observer, Observer)}
        return Converter.of(module, self.default, self.layers, observers)

    def _check(self, path: str) -> None:
        if self.engine == "auto":
            return
        check_engine(self.engine)
        if self.engine == "onednn" and not self.symmetric:
            raise CompressionError(
                msg("The int8 engine onednn has no kernel for affine weights."),
                msg("Choose symmetric weights or the engine auto."),
                repair=Repair(msg("Use the engine auto"), {f"{path}.engine": "auto"}),
            )


def stage_settings(plans: Mapping[str, LayerPlan]) -> Mapping[str, Any]:
    """Settings that are the stage's and not a layer's own."""
    return next(plan.settings for plan in plans.values() if plan.settings is not None)


def _layer(plan: LayerPlan) -> LayerSettings | None:
    if plan.settings is None:
        return None
    known = [key for key in LayerSettings.__dataclass_fields__ if key in plan.settings]
    return LayerSettings(**{key: plan.settings[key] for key in known})


def finished(
    plan: Int8Plan, converter: Converter, before: nn.Module, session: Session, index: int, emit: Emit, cancel: Cancel
) -> Outcome:
    """Convert for each engine that comes into question and keep the fastest that is right.

    Args:
        plan: what is to become int8.
        converter: ``before`` with ranges observed.
        before: the float network.
        session: its calibration images time the engines.
        index: the stage's, for events.
        emit: receives progress.
        cancel: checked before every engine, and while they are timed.

    Raises:
        CompressionError: nothing became int8.
    """
    skip = converter.unreached()
    engine, module, wrong = _converted(plan, converter, skip, session, index, emit, cancel)
    known = require_int8(module)
    data = {**plan.to_data(), "engine": engine, "float_parts": [*skip, *wrong]}
    left = _left(plan, before, module, known, converter, skip) | wrong
    choices = {"engine": engine} if plan.engine == "auto" else {}
    files = {"calibration.json": calibration_table(converter.prepared, module)}
    return Outcome(module, data, known, left, choices, converter.joined(known), files=files)


def settled(plan: Int8Plan, session: Session, index: int, emit: Emit, cancel: Cancel) -> Int8Plan:
    """``plan`` with the engine that ``auto`` chooses, timed before anything trains: what trains then rounds to the
    levels of that very engine. ``cancel`` is checked before every engine, and while they are timed.

    Raises:
        CompressionError: nothing would become int8, or the network gives no finite values.
    """
    converter, images = plan.converter(session.network.module), _images(session)
    refuse_infinite(converter.traced.module, images)
    with torch.no_grad():
        converter.prepared(images)
    engine, module, _ = _converted(plan, converter, converter.unreached(), session, index, emit, cancel)
    require_int8(module)
    return replace(plan, engine=engine)


def require_int8(module: nn.Module) -> dict[str, dict[str, Any]]:
    """The layers of ``module`` on int8 kernels.

    Raises:
        CompressionError: there are none.
    """
    known = int8_layers(module)
    if not known:
        raise CompressionError(
            msg("Nothing became int8: none of the chosen layers has an int8 kernel."),
            msg("Choose convolutions or linear layers, or another method."),
        )
    return known


def rebuild(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """The same structure from the float network, uncalibrated: loading the weights brings the ranges."""
    converter = Int8Plan.from_data(data).converter(module)
    return converter.converted(data["engine"], highest_level(data["engine"]), data["float_parts"])


def _converted(
    plan: Int8Plan,
    converter: Converter,
    skip: list[str],
    session: Session,
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> tuple[str, nn.Module, dict[str, Message]]:
    """The engine that is kept, the network on it, and layers its kernels are wrong for."""
    names = plan.engines()
    images = _images(session)
    modules: dict[str, nn.Module] = {}
    wrong: dict[str, dict[str, Message]] = {}
    for done, name in enumerate(names):
        cancel.check()
        emit(Progress(index, done, len(names), msg("Converting for {engine}", engine=name)))
        modules[name], wrong[name] = _trusted(converter, name, skip, images[:TRIED], cancel)
    if len(modules) > 1:
        emit(Progress(index, len(names), len(names), msg("Timing {count} engines in turn", count=len(names))))
        best = fastest_right(modules, converter.traced.module, images, cancel)
        return best, modules[best], wrong[best]
    return names[0], modules[names[0]], wrong[names[0]]


def _trusted(
    converter: Converter, engine: str, skip: list[str], images: Tensor, cancel: Cancel
) -> tuple[nn.Module, dict[str, Message]]:
    """The network on ``engine``, less the layers whose kernel is wrong for them, and these."""
    wrong: dict[str, Message] = {}
    while True:
        cancel.check()
        module = converter.converted(engine, highest_level(engine), [*skip, *wrong])
        with refusing():
            found = wrong_layers(module, images)
        if not found.keys() - wrong.keys():
            return module, wrong
        for name, runs in found.items():
            wrong[name] = (
                msg("The int8 kernel of {engine} gives wrong values for it", engine=engine)
                if runs
                else msg("The int8 kernel of {engine} can't compute it", engine=engine)
            )


def _images(session: Session) -> Tensor:
    """A batch to time on; a scheme that does not calibrate does without a calibration part."""
    if len(session.data.parts.get("calibration", ())):
        return next(inputs(session, 1))
    images: Tensor = next(session.data.batches("train"))[0]
    return images.cpu()


def _left(
    plan: Int8Plan,
    before: nn.Module,
    after: nn.Module,
    known: Mapping[str, Any],
    converter: Converter,
    skip: list[str],
) -> dict[str, Message]:
    """Why each planned layer that is not on an int8 kernel is not; layers folded into others are."""
    present = {name for name, _ in after.named_modules()}
    left: dict[str, Message] = {}
    for name, settings in plan.layers.items():
        if settings is None or name in known:
            continue
        layer = before.get_submodule(name)
        why = _why(name, layer, settings.tensors, present, converter.traced, skip)
        if why is not None:
            left[name] = why
    return left


def _why(
    name: str, layer: nn.Module, tensors: str, present: set[str], traced: Traced, skip: list[str]
) -> Message | None:
    if any(not s or name.startswith(f"{s}.") for s in skip):
        return msg("The calibration images never reach it")
    known = _known_before(name, traced)
    if known is not None and name in present:
        return known
    if tensors != ALL and applies(layer) is None:
        return msg(
            "An int8 kernel needs its input, weight and output in int8, and only {tensors} is rounded: "
            "it computes in float with rounded values",
            tensors=tensors.replace("_", ", "),
        )
    why = applies(layer)
    folded = why is not None and "Norm" in type(layer).__name__
    if name not in present:
        return None if folded else msg("The network does not use it")
    return why or msg("torch has no int8 kernel for it here")


ENGINE = Parameter(
    name="engine",
    type="choice",
    label="Engine",
    default="auto",
    choices=("auto", "x86", "onednn", "fbgemm", "qnnpack"),
    required=True,
    per_layer=False,
    summary="The library that computes; auto keeps the fastest that is right on this processor.",
)
WEIGHTS = Parameter(
    name="weights",
    type="choice",
    label="Weight scales",
    default="per_channel",
    choices=("per_channel", "per_tensor"),
    required=True,
    summary="One scale per output channel, or one per layer.",
)
WEIGHT_SCHEME = Parameter(
    name="weight_scheme",
    type="choice",
    label="Weight range",
    default="symmetric",
    choices=("symmetric", "affine"),
    required=True,
    advanced=True,
    summary="Symmetric has its zero point at 0; affine moves it to use the whole range.",
)
ACTIVATION_SCHEME = Parameter(
    name="activation_scheme",
    type="choice",
    label="Activation range",
    default="affine",
    choices=("affine", "symmetric"),
    required=True,
    advanced=True,
    summary="Affine follows the smallest and largest value; symmetric has its zero point in the middle.",
)


def observer(default: str) -> Parameter:
    """The choice of an observer."""
    return Parameter(
        name="observer",
        type="method",
        of="observer",
        label="Observer",
        default=default,
        required=True,
        summary="How the range of an activation is chosen.",
    )
