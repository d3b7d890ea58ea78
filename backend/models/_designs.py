"""Architectures that a checkpoint can be matched with, and their names and shapes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from backend.description import offer
from backend.errors import CompressionError, msg
from backend.models import _torchvision
from backend.models._base import Architecture

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Design:
    """A network that can be built by name for any number of classes."""

    family: Literal["bundled", "torchvision"]
    name: str
    num_classes: int
    arguments: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def input_shape(self) -> tuple[int, ...]:
        if self.family == "bundled":
            return _architectures()[self.name].input_shape
        size = int(self.arguments.get("image_size") or _torchvision.torchvision_size(self.name))
        return (3, size, size)

    def build(self, num_classes: int | None = None) -> nn.Module:
        """The network with fresh weights.

        Raises:
            CompressionError: it does not take these arguments.
        """
        classes = num_classes or self.num_classes
        try:
            if self.family == "bundled":
                return _architectures()[self.name].build(num_classes=classes, **self.arguments)
            return _torchvision.build_torchvision(self.name, classes, self.arguments)
        except (TypeError, ValueError) as error:
            if not self.arguments:
                raise
            raise CompressionError(
                msg("{name} does not take these arguments: {problem}.", name=self.name, problem=str(error).rstrip(".")),
                msg("Remove or correct model.arguments."),
            ) from error

    def shapes(self, num_classes: int | None = None) -> Shapes:
        """Names and shapes of its state dict, without memory for the weights."""
        if self.arguments:
            return shapes_of(without_memory(lambda: self.build(num_classes)))
        return _shapes(self, num_classes or self.num_classes)

    def head(self) -> frozenset[str]:
        """Names whose shape depends on the number of classes."""
        one, other = self.shapes(self.num_classes), self.shapes(self.num_classes + 1)
        return frozenset(key for key in one if one[key] != other[key])

    def classes_in(self, shapes: Shapes) -> int | None:
        """How many classes a state dict of these shapes was made for; None where its head is missing."""
        return next((shapes[key][0] for key in sorted(self.head()) if shapes.get(key)), None)


def named(name: str | None, family: str | None = None) -> Design:
    """The design called ``name``; ``family`` narrows where to look.

    Raises:
        CompressionError: there is none; the hint offers the nearest.
    """
    bundled = _architectures() if family != "torchvision" else {}
    if name is not None and name in bundled:
        return Design("bundled", name, bundled[name].num_classes)
    others = _torchvision.torchvision_names() if family != "bundled" else ()
    if name in others:
        return Design("torchvision", str(name), 1000)
    words = [*bundled, *others]
    if name is None:
        raise CompressionError(msg("The recipe does not say which architecture."), offer("", words))
    raise CompressionError(msg("There is no architecture called {name}.", name=name), offer(name, words))


def designs() -> Iterator[Design]:
    """All there are, bundled ones first."""
    yield from (Design("bundled", name, a.num_classes) for name, a in _architectures().items())
    yield from (Design("torchvision", name, 1000) for name in _torchvision.torchvision_names())


def without_memory(build: Callable[[], nn.Module]) -> nn.Module:
    """What ``build`` returns, its parameters on the meta device.

    ``torch.device("meta")`` would move every tensor there, also those that a constructor computes
    widths from (RegNet). No random number is drawn.
    """
    with _ParametersOnMeta():
        return build()


def shapes_of(module: nn.Module) -> Shapes:
    return {key: tuple(value.shape) for key, value in module.state_dict().items()}


@functools.lru_cache(maxsize=512)
def _shapes(design: Design, classes: int) -> Shapes:
    return shapes_of(without_memory(lambda: design.build(classes)))


@functools.cache
def _architectures() -> Mapping[str, Architecture]:
    from backend.registry import methods

    return cast(Mapping[str, Architecture], methods("model"))


@contextmanager
def undrawn() -> Iterator[None]:
    """Parameters are made without random numbers, which take seconds for large networks: all are loaded anyway."""
    with _Undrawn():
        yield


def _drawn(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any] | None) -> Tensor | None:
    """The tensor that ``func`` fills with its first values; None where it does something else."""
    name, home = getattr(func, "__name__", ""), getattr(func, "__module__", "")
    if name not in ("normal_", "uniform_") and home != "torch.nn.init":
        return None
    tensor = args[0] if args else (kwargs or {}).get("tensor")
    return tensor if isinstance(tensor, Tensor) else None


class _Undrawn(TorchFunctionMode):
    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        tensor = _drawn(func, args, kwargs)
        return tensor if isinstance(tensor, nn.Parameter) else func(*args, **(kwargs or {}))


class _ParametersOnMeta(TorchFunctionMode):
    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = dict(kwargs or {})
        tensor = _drawn(func, args, kwargs)
        if tensor is not None and tensor.is_meta:
            return tensor
        if func in (torch.empty, torch.zeros, torch.ones):
            given["device"] = "meta"
        return func(*args, **given)
