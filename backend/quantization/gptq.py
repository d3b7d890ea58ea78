"""Weights in few bits, rounded so that each layer's outputs change least on calibration images.

Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", 2022.
Layers are taken in the order in which the network runs them, and each sees what comes through the layers that
were rounded before it. The network is watched, not traced: any will do. The mathematics is in ``_gptq.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter, Reference
from backend.errors import CompressionError, Repair, msg
from backend.evaluation._mode import hooked
from backend.events import Emit, Progress, Warned
from backend.quantization import _packing, weight_only
from backend.quantization._base import Outcome, Scheme, path_of
from backend.quantization._calibrate import inputs
from backend.quantization._codes import blocks
from backend.quantization._gptq import LARGEST, solve
from backend.quantization._hessian import Hessian, fits, inputs_of, laid_out, rows_of
from backend.quantization._kinds import TRANSPOSED
from backend.quantization._rounding import BITS, GROUP, SCHEME, chosen, group_of, told
from backend.recipe import LayerPlan
from backend.session import Session

ID = "gptq"


def quantize(session: Session, plans: Mapping[str, LayerPlan], index: int, emit: Emit, cancel: Cancel) -> Outcome:
    """Round and pack the planned layers, in the order in which the network runs them.

    Raises:
        CompressionError: there are no calibration images, none of the layers can be rounded, or a weight or
            what a layer is given is NaN or infinite.
    """
    cancel.check()
    _check_images(session, plans, index)
    made = session.network.copy().module
    wanted, left = chosen(made, plans, _packing.applies, path_of(session, index))
    images = _Images(session, next(iter(wanted.values()))["calibration_batches"], cancel)
    emit(Progress(index, 0, len(wanted), msg("Looking in which order layers run")))
    large = [name for name in wanted if inputs_of(made.get_submodule(name)) > LARGEST]
    calls = _calls(made, [name for name in wanted if name not in large], images)
    codes: dict[str, Any] = {}
    layers: dict[str, Any] = {}
    for done, name in enumerate(sorted(wanted, key=lambda name: _place(name, calls))):
        emit(Progress(index, done, len(wanted), msg("Rounding {layer}", layer=name)))
        hessian = _hessian(made, name, calls[name], images) if name in calls else None
        layer = made.get_submodule(name)
        code, tensors = _encoded(layer, hessian, wanted[name], cancel)
        codes[name], layers[name] = _packing.pack(layer, code, tensors), told(code, tensors)
    emit(Progress(index, len(wanted), len(wanted), msg("Rounding weights")))
    _tell_nearest(wanted, calls, large, index, emit)
    return Outcome(made, {"layers": codes}, layers, left, {})


def _tell_nearest(
    wanted: Iterable[str], calls: Mapping[str, int], large: Sequence[str], index: int, emit: Emit
) -> None:
    """Name the layers that were rounded as without images."""
    if unseen := [name for name in wanted if name not in calls and name not in large]:
        why = msg(
            "No calibration image reaches {layers}; the weights are rounded to the nearest level.",
            layers=", ".join(unseen),
        )
        emit(Warned(index, why))
    if large:
        why = msg(
            "{layers} have more than {most} inputs, too many for GPTQ; the weights are rounded to the nearest level.",
            layers=", ".join(large),
            most=LARGEST,
        )
        emit(Warned(index, why))


def _check_images(session: Session, plans: Mapping[str, LayerPlan], index: int) -> None:
    part = session.data.parts.get("calibration")
    if part is not None and len(part):
        return
    path = path_of(session, index)
    edits = {f"{path}.method": weight_only.ID, f"{path}.calibration_batches": None, f"{path}.damping": None}
    whole = "" in plans and plans[""].settings is not None  # the stage's own method, not one of a rule
    raise CompressionError(
        msg("There are no calibration images, so GPTQ can't measure what rounding does to the outputs."),
        msg("Choose data with more training images, raise the limit, or round to the nearest level instead."),
        repair=Repair(msg("Round to the nearest level"), edits) if whole else None,
    )


@dataclass(frozen=True)
class _Images:
    """The calibration images, where the network is; from the first one whenever they are asked for."""

    session: Session
    batches: int
    cancel: Cancel

    def __iter__(self) -> Iterator[Tensor]:
        for images in inputs(self.session, self.batches):
            self.cancel.check()
            yield images.to(self.session.network.device)


def _calls(module: nn.Module, names: Iterable[str], images: Iterable[Tensor]) -> dict[str, int]:
    """Layer → how often one batch calls it at most, in the order of the first calls; without those never called."""
    most: dict[str, int] = {}
    for batch in images:
        for name, count in _counted(module, names, batch).items():
            most[name] = max(most.get(name, 0), count)
    return most


def _counted(module: nn.Module, names: Iterable[str], batch: Tensor) -> Counter[str]:
    counted: Counter[str] = Counter()
    with _watching(module, names, lambda name, _: counted.update([name])):
        module(batch)
    return counted


def _place(name: str, calls: Mapping[str, int]) -> int:
    return list(calls).index(name) if name in calls else len(calls)


class _Seen(BaseException):
    """What was looked for has been seen; the rest of the network need not run."""


def _hessian(module: nn.Module, name: str, calls: int, images: Iterable[Tensor]) -> Tensor:
    """H of the layer ``name``; each batch runs no further than to its last call.

    Raises:
        CompressionError: what it is given is NaN or infinite.
    """
    hessian = Hessian(module.get_submodule(name))
    for batch in images:
        _show(module, name, calls, batch, hessian)
    found = hessian.mean()
    if not bool(torch.isfinite(found).all()):
        raise CompressionError(
            msg("{layer} is given NaN or infinite values on the calibration images.", layer=name),
            msg("Check the weights and the data's mean and standard deviation; train again if training diverged."),
        )
    return found


def _show(module: nn.Module, name: str, calls: int, batch: Tensor, hessian: Hessian) -> None:
    left = calls

    def show(_: str, given: Tensor) -> None:
        nonlocal left
        hessian.show(given)
        left -= 1
        if not left:
            raise _Seen

    with _watching(module, [name], show):
        module(batch)


@contextmanager
def _watching(module: nn.Module, names: Iterable[str], see: Callable[[str, Tensor], None]) -> Iterator[None]:
    """Tell ``see`` what each of the named layers is given; it may raise :class:`_Seen`."""

    def hook(name: str) -> Any:
        def told(layer: nn.Module, args: Sequence[Any], named: Mapping[str, Any]) -> None:
            given = next(iter((*args, *named.values())), None)
            if fits(given, layer):
                see(name, given)

        return told

    hooks = [module.get_submodule(name).register_forward_pre_hook(hook(name), with_kwargs=True) for name in names]
    with hooked(hooks), torch.no_grad(), suppress(_Seen):
        yield


def _encoded(
    layer: nn.Module, hessian: Tensor | None, settings: Mapping[str, Any], cancel: Cancel
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    weight = layer.get_parameter("weight").detach()
    if hessian is None:
        return weight_only.encoded(weight, _nearest(settings))
    matrix = weight.flatten(1)
    bits, group = settings["bits"], group_of(settings, matrix.shape[1])
    symmetric = settings["weight_scheme"] == "symmetric"
    solved = partial(solve, rows_of(layer, weight), hessian, bits, group, symmetric, settings["damping"], cancel)
    if isinstance(layer, TRANSPOSED):  # its blocks lie across its inputs, so they are fitted beforehand
        scales, zero_points = blocks.fit(blocks.split(matrix, group), bits, symmetric)
        each = [blocks.spread(values, group, matrix.shape[1]).reshape(weight.shape) for values in (scales, zero_points)]
        numbers = solved((rows_of(layer, each[0]), rows_of(layer, each[1])))[0]
    else:
        numbers, scales, zero_points = solved()
    shared = 2.0 ** (bits - 1) if symmetric else zero_points
    return blocks.encode(laid_out(layer, numbers).flatten(1), scales, shared, bits, group, f"int{bits}")


def _nearest(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of weight-only rounding that make the same kind of code."""
    return {**settings, "code": weight_only.INTEGER}


def rounded(weight: Tensor, settings: Mapping[str, Any]) -> Tensor:
    """What ``weight`` is where no image tells more: rounded to the nearest level."""
    return weight_only.rounded(weight, _nearest(settings))


METHOD = Scheme(
    id=ID,
    label="GPTQ",
    summary="Weights in 2 to 8 bits, rounded so that outputs change least; a smaller file at the speed of float32.",
    when="For 2 to 4 bits without training: clearly better than plain rounding. Needs calibration images and a"
    " few minutes for large layers.",
    reference=Reference(
        authors="Frantar, Ashkboos, Hoefler and Alistarh",
        title="GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
        year=2022,
        link="arXiv:2210.17323",
    ),
    parameters=(
        BITS,
        GROUP,
        SCHEME,
        Parameter(
            name="calibration_batches",
            type="int",
            label="Calibration batches",
            default=4,
            minimum=1,
            required=True,
            per_layer=False,
            summary="Batches of training images the effect of rounding is measured on.",
        ),
        Parameter(
            name="damping",
            type="float",
            label="Damping",
            default=0.01,
            above=0.0,
            maximum=1.0,
            required=True,
            percent=True,
            advanced=True,
            summary="Added to the Hessian's diagonal, as a share of its mean: more of it trusts the images less.",
        ),
    ),
    quantize=quantize,
    rebuild=_packing.rebuild,
    applies=_packing.applies,
    weight=rounded,
    calibrates=True,
)
