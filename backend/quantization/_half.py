"""Half precision: weights of 16 bits, and computation in them where the device has the arithmetic.

Where it has not (float16 on most processors), torch would compute up to fifty times slower than in float32.
There the weights alone are stored in 16 bits and decoded when the network opens: half the size, the speed
of float32.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Message, msg
from backend.events import Emit, Progress, Warned
from backend.quantization import _packing
from backend.quantization._base import CASTS, Outcome, Scheme
from backend.quantization._calibrate import refuse_infinite
from backend.quantization._cast import applies, cast, dtype_name, too_large, tried
from backend.quantization._codes import stored
from backend.recipe import LayerPlan
from backend.session import Session

PRECISIONS = {torch.float16: "fp16", torch.bfloat16: "bf16"}


def make_scheme(dtype: torch.dtype, *, label: str, summary: str, when: str) -> Scheme:
    """The scheme that stores weights in ``dtype``."""
    return Scheme(
        id=dtype_name(dtype),
        label=label,
        summary=summary,
        when=when,
        parameters=(
            Parameter(
                name="compute",
                type="choice",
                label="Compute in",
                default="auto",
                choices=("auto", "half", "float32"),
                required=True,
                per_layer=False,
                advanced=True,
                summary="Auto computes in 16 bits where the device has the arithmetic, else in float32.",
            ),
        ),
        quantize=partial(quantize, dtype),
        rebuild=rebuild,
        applies=applies,
        turn=CASTS,
    )


def quantize(
    dtype: torch.dtype,
    session: Session,
    plans: Mapping[str, LayerPlan],
    index: int,
    emit: Emit,
    cancel: Cancel,
) -> Outcome:
    """Cast the planned layers, or store their weights in ``dtype``.

    Raises:
        CompressionError: no layer can be cast, or the network can't compute in ``dtype``.
    """
    cancel.check()
    refuse_infinite(session.network.module, _images(session))
    emit(Progress(index, 0, 1, msg("Casting to {precision}", precision=dtype_name(dtype))))
    asked = next((p.settings["compute"] for p in plans.values() if p.settings is not None), "auto")
    compute = asked if asked != "auto" else "half" if has_arithmetic(dtype, session.device) else "float32"
    make = _computing if compute == "half" else _stored
    module, data, layers, left = make(dtype, session, plans, index, cancel)
    if not layers:
        raise CompressionError(
            msg("Nothing became {precision}: every chosen layer has to stay in float.", precision=PRECISIONS[dtype]),
            msg("Choose other layers, or another method."),
        )
    if asked == "auto" and compute == "float32":
        emit(Warned(index, msg(
            "This processor has no {precision} arithmetic: weights are stored in 16 bits and compute in float32.",
            precision=dtype_name(dtype),
        )))  # fmt: skip
    emit(Progress(index, 1, 1, msg("Casting to {precision}", precision=dtype_name(dtype))))
    known = {name: {"precision": PRECISIONS[dtype]} for name in layers}
    return Outcome(module, data, known, left, {"compute": compute} if asked == "auto" else {})


def has_arithmetic(dtype: torch.dtype, device: torch.device) -> bool:
    """Whether torch computes in ``dtype`` on ``device`` with kernels made for it."""
    if device.type != "cpu":
        return True
    if dtype is torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return bool(torch.ops.mkldnn._is_mkldnn_fp16_supported())


_Made = tuple[nn.Module, dict[str, Any], list[str], dict[str, Message]]


def _computing(
    dtype: torch.dtype, session: Session, plans: Mapping[str, LayerPlan], index: int, cancel: Cancel
) -> _Made:
    network, images = session.network, _images(session)
    whole = not network.converted and ("" not in plans or plans[""].settings is not None)
    work = tried(network.module, dtype, whole, plans, images, index, cancel)
    return work.made(), work.data(), work.layers(), work.left


def _stored(dtype: torch.dtype, session: Session, plans: Mapping[str, LayerPlan], _: int, cancel: Cancel) -> _Made:
    module = session.network.copy().module
    codes: dict[str, Any] = {}
    left: dict[str, Message] = {}
    for name, plan in plans.items():
        if not name or plan.settings is None:
            continue
        cancel.check()
        layer = module.get_submodule(name)
        why = applies(layer) or _packing.applies(layer) or too_large(layer, dtype)
        if why is not None:
            if any(parameter.dim() > 1 for parameter in layer.parameters()):  # vectors are no weights
                left[name] = why
            continue
        code, tensors = stored.encode(layer.get_parameter("weight").detach(), dtype, PRECISIONS[dtype])
        codes[name] = _packing.pack(layer, code, tensors)
    return module, {"layers": codes}, list(codes), left


def rebuild(module: nn.Module, data: Mapping[str, Any]) -> nn.Module:
    """The same structure from the float network: loading the weights fills it."""
    if "layers" in data:
        return _packing.rebuild(module, data)
    return cast(module, getattr(torch, data["dtype"]), data["whole"], data["borders"])


def _images(session: Session) -> Tensor:
    """A batch of calibration images; zeros where there are none."""
    part = session.data.parts.get("calibration")
    example = session.network.example()
    if part is None or len(part) == 0:
        return example
    images, _ = next(session.data.batches("calibration"))
    return images.to(example.device)
