"""Casts a network to a floating type of 16 bits, and finds out what has to stay in float32.

Inputs are cast on the way in, outputs back to float32. What stays in float32 gets casts at its borders.
BatchNorm keeps its statistics and its two vectors in float32, whatever its input.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils._pytree import tree_map_only

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, Repair, msg
from backend.evaluation._mode import hooked
from backend.recipe import LayerPlan

TOGETHER = (nn.MultiheadAttention, nn.TransformerEncoderLayer)
"""Modules that compute with the weights of the layers in them: they are cast as one."""
NOTE = "casts"
"""Attribute of a module with casts at its borders: the type inside, and that outside."""


def applies(module: nn.Module) -> Message | None:
    """None where the weights of ``module`` can be cast, else why not."""
    if isinstance(module, _BatchNorm):
        return msg("Needs a layer without running statistics, which stay in float32")
    if not any(parameter.is_floating_point() for parameter in module.parameters()):
        return msg("Needs a layer with weights")
    return None


def too_large(layer: nn.Module, dtype: torch.dtype) -> Message | None:
    """Why ``layer`` can't be cast where ``dtype`` can't hold one of its weights."""
    largest = max((float(p.detach().abs().max()) for p in layer.parameters() if p.numel()), default=0.0)
    return (
        msg("It has weights above {largest}", largest=largest_of(dtype)) if largest > torch.finfo(dtype).max else None
    )


def largest_of(dtype: torch.dtype) -> str:
    """The largest value of ``dtype``, in words."""
    return f"{torch.finfo(dtype).max:.5g}"


def tried(
    module: nn.Module,
    dtype: torch.dtype,
    whole: bool,
    plans: Mapping[str, LayerPlan],
    images: Tensor,
    index: int,
    cancel: Cancel,
) -> Casting:
    """How the planned layers of ``module`` can be cast, found by running ``images``.

    Args:
        module: in float32.
        dtype: of 16 bits.
        whole: whether all that no plan keeps in float is to compute in ``dtype``; else the planned layers alone.
        plans: layer → its plan.
        images: calibration images.
        index: the stage's, for the repair.
        cancel: checked before every run.

    Raises:
        CompressionError: an activation is larger than ``dtype`` can hold, or the network itself computes
            something for which torch has no kernel.
    """
    work = Casting(module, dtype, whole, plans)
    cancel.check()
    while (problem := _trial(work.made(), images)) is not None:
        cancel.check()
        work.leave(*problem, index)
    return work


def cast(module: nn.Module, dtype: torch.dtype, whole: bool, borders: Sequence[str]) -> nn.Module:
    """A copy of ``module`` in ``dtype``.

    Args:
        module: in float32.
        dtype: of 16 bits.
        whole: whether the network as a whole computes in ``dtype``; else what ``borders`` names does.
        borders: names of modules that compute in the other type, with all that stands in them.
    """
    made = copy.deepcopy(module)
    halves, floats = [], set()
    for name, part in made.named_modules():
        if whole != _within(name, borders) and not isinstance(part, _BatchNorm):
            halves.append(part)
        else:
            floats |= {id(parameter) for parameter in part._parameters.values()}
    for part in halves:
        for tensor in (*part._parameters.values(), *part._buffers.values()):
            # A weight that a layer in float shares stays in float.
            if tensor is not None and tensor.is_floating_point() and id(tensor) not in floats:
                tensor.data = tensor.data.to(dtype)
    inner, outer = (torch.float32, dtype) if whole else (dtype, torch.float32)
    for name in borders:
        _border(made.get_submodule(name), inner, outer)
    if whole:
        _border(made, dtype, torch.float32)
    return made


def _border(part: nn.Module, inner: torch.dtype, outer: torch.dtype) -> None:
    part.__dict__[NOTE] = (inner, outer)
    part.register_forward_pre_hook(partial(_enter, inner), with_kwargs=True)
    part.register_forward_hook(partial(_leave, outer))


def uncast(part: nn.Module) -> tuple[torch.dtype, torch.dtype] | None:
    """Take the casts at the borders of ``part`` away: the type inside, and that outside; None without any."""
    casts: tuple[torch.dtype, torch.dtype] | None = part.__dict__.pop(NOTE, None)
    hooks: tuple[dict[int, Any], ...] = (part._forward_pre_hooks, part._forward_hooks)
    for held in hooks:
        for key in [key for key, hook in held.items() if getattr(hook, "func", None) in (_enter, _leave)]:
            del held[key]
            part._forward_pre_hooks_with_kwargs.pop(key, None)
    return casts


def _enter(dtype: torch.dtype, _: nn.Module, args: Any, kwargs: Any) -> Any:
    return _to(dtype, args), _to(dtype, kwargs)


def _leave(dtype: torch.dtype, _: nn.Module, __: Any, output: Any) -> Any:
    return _to(dtype, output)


def _to(dtype: torch.dtype, values: Any) -> Any:
    return tree_map_only(Tensor, lambda value: value.to(dtype) if value.is_floating_point() else value, values)


class Casting:
    """Which layers are cast, and why the others are not.

    Attributes:
        left: planned layer → why it stays in float.
    """

    def __init__(self, module: nn.Module, dtype: torch.dtype, whole: bool, plans: Mapping[str, LayerPlan]) -> None:
        self._module, self._dtype, self._whole = module, dtype, whole
        planned = [name for name, plan in plans.items() if name and plan.settings is not None]
        # BatchNorm's vectors are no weights, and are not said to have stayed in float.
        self._wanted = [name for name in planned if not isinstance(module.get_submodule(name), _BatchNorm)]
        self._kept = {name for name, plan in plans.items() if name and plan.settings is None}
        self.left: dict[str, Message] = {}
        for name in self._wanted:
            if (why := self._why_not(name)) is not None:
                self.left[name] = why
        self._share_fate()

    def made(self) -> nn.Module:
        return cast(self._module, self._dtype, self._whole, self._borders())

    def data(self) -> dict[str, Any]:
        return {"dtype": dtype_name(self._dtype), "whole": self._whole, "borders": self._borders()}

    def layers(self) -> list[str]:
        return [name for name in self._wanted if name not in self.left]

    def leave(self, name: str, why: Message | None, index: int) -> None:
        """Leave ``name``, which failed, in float.

        Args:
            name: of the innermost module at work.
            why: None where it gave values that are not finite.
            index: the stage's, for the repair.

        Raises:
            CompressionError: that would not help.
        """
        if why is None and self._whole:
            raise self._overflow(name, index)
        if not name or name in self._kept:
            raise CompressionError(
                msg(
                    "torch can't compute this network in {precision} on this device.", precision=dtype_name(self._dtype)
                ),
                msg("Choose another method, or keep the layers around it in float."),
                details=str(why),
            )
        reason = why or msg("It gives values that {precision} can't hold", precision=dtype_name(self._dtype))
        self._kept.add(name)
        for layer in self._wanted:
            if _within(layer, [name]):
                self.left.setdefault(layer, reason)
        self._share_fate()

    def _why_not(self, name: str) -> Message | None:
        layer = self._module.get_submodule(name)
        return applies(layer) or too_large(layer, self._dtype)

    def _share_fate(self) -> None:
        """Layers that one module computes with are cast all, or not at all."""
        for part, inside in self._groups():
            if part in self._kept or any(name in self._kept or name in self.left for name in inside):
                self._kept.add(part)
                for name in inside:
                    if name in self._wanted:
                        self.left.setdefault(name, msg("{part} computes with it, and stays in float", part=part))

    def _groups(self) -> Iterator[tuple[str, list[str]]]:
        names = [*self._wanted, *self._kept]
        for part, module in self._module.named_modules():
            if isinstance(module, TOGETHER):
                yield part, [name for name in names if _within(name, [part])]

    def _borders(self) -> list[str]:
        """The outermost modules whose type is not that of the network."""
        if self._whole:
            norms = {name for name in self._kept if isinstance(self._module.get_submodule(name), _BatchNorm)}
            other = (self._kept - norms) | self.left.keys()
        else:
            other = {self._unit(name) for name in self.layers()}
        return [name for name, _ in self._module.named_modules() if name in other and not _below(name, other)]

    def _unit(self, name: str) -> str:
        return next((part for part, inside in self._groups() if name in inside), name)

    def _overflow(self, name: str, index: int) -> CompressionError:
        layer, largest = name or type(self._module).__name__, largest_of(self._dtype)
        return CompressionError(
            msg(
                "{layer} gives values on the calibration images that {precision} can't hold: its largest is {largest}.",
                layer=layer, precision=dtype_name(self._dtype), largest=largest,
            ),
            msg("Choose bfloat16, which holds them less exactly."),
            repair=Repair(msg("Use bfloat16"), {f"stages.{index}.quantize.method": "bfloat16"}),
        )  # fmt: skip


def _trial(module: nn.Module, images: Tensor) -> tuple[str, Message | None] | None:
    """Run ``images``: None where all is well, else the module where it is not, and why (None: not finite)."""
    inside: list[str] = []
    infinite: list[str] = []
    with _watched(module, inside, infinite):
        try:
            with torch.inference_mode():
                module(images)
        except (RuntimeError, NotImplementedError, TypeError) as error:
            if isinstance(error, torch.OutOfMemoryError):
                raise MemoryError from error
            return inside[-1], msg("torch can't compute it: {error}", error=str(error).splitlines()[0].rstrip("."))
    return (infinite[0], None) if infinite else None


@contextmanager
def _watched(module: nn.Module, inside: list[str], infinite: list[str]) -> Iterator[None]:
    def enter(name: str) -> Any:
        return lambda *_: inside.append(name)

    def leave(name: str) -> Any:
        def look(_: nn.Module, __: Any, output: Any) -> None:
            inside.pop()
            value = output[0] if isinstance(output, tuple) and output else output
            if isinstance(value, Tensor) and value.is_floating_point() and not bool(torch.isfinite(value).all()):
                infinite.append(name)

        return look

    parts = list(module.named_modules())
    hooks = [
        *(part.register_forward_pre_hook(enter(name)) for name, part in parts),
        *(part.register_forward_hook(leave(name)) for name, part in parts),
    ]
    with hooked(hooks):
        yield


def _within(name: str, parts: Sequence[str] | set[str]) -> bool:
    return name in parts or _below(name, parts)


def _below(name: str, parts: Sequence[str] | set[str]) -> bool:
    return any(name.startswith(f"{part}.") for part in parts)


def dtype_name(dtype: torch.dtype) -> str:
    """``float16`` for torch.float16."""
    return str(dtype).removeprefix("torch.")
