"""Opens a network from what a recipe says about it."""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor, nn
from torch.nn.parameter import UninitializedParameter

from backend.cancel import Cancel
from backend.download import Progress
from backend.errors import CompressionError, Message, Repair, msg
from backend.models import _pretrained
from backend.models._checkpoint import read_state
from backend.models._designs import Design, named, undrawn
from backend.models._match import identify, load, without_auxiliary
from backend.models._parametrized import fold, parametrized
from backend.models._shapes import find_input_shape, outputs
from backend.models._student import student
from backend.models._torchvision import pretrained_arguments
from backend.network import STRUCTURE, WEIGHTS, Network
from backend.paths import found
from backend.python_file import check_consent, load_file, member, running
from backend.recipe import ModelSpec
from backend.workspace import STAGES


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    spec: ModelSpec
    folder: Path
    allowed: Mapping[str, str]
    classes: int | None
    fresh: bool
    """Build the structure only: the weights come from elsewhere."""
    progress: Progress | None = None
    cancel: Cancel | None = None


@dataclass(frozen=True)
class Built:
    """What a source made of it. ``spec`` is resolved: enough to build the same structure again."""

    name: str
    spec: ModelSpec
    module: nn.Module
    input_shape: tuple[int, ...] | None = None
    notes: tuple[Message, ...] = ()


def open_network(
    spec: ModelSpec,
    folder: Path,
    *,
    allowed: Mapping[str, str] = {},
    input_shape: tuple[int, ...] | None = None,
    classes: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Network:
    """The network that ``spec`` describes, in evaluation mode, float32, every parameter trainable.

    Args:
        spec: the source and its settings. ``weights`` names the folder for the source ``pare``.
        folder: what relative paths are relative to (resources/ is looked in next).
        allowed: Python files whose running was consented to, path → SHA-256.
        input_shape: shape of one input of the data, if known; the network must take it.
        classes: classes of the data, if known; the network must have as many outputs.
        progress: told ``(done, total, text)`` while pretrained weights are downloaded.
        cancel: checked during the download.

    Raises:
        ConsentNeeded: a Python file would have to be run.
        CompressionError: anything else that stands in the way, with its repair.
    """
    classes = classes or None
    if spec.source == "pare":
        network = _reopened(spec, folder, allowed)
    elif spec.source == "checkpoint" and (saved := saved_by_pare(spec, folder)):
        network = _reopened(dataclasses.replace(spec, weights=str(saved)), folder, allowed)
    else:
        network = _network(build(Request(spec, folder, allowed, classes, False, progress, cancel)), input_shape)
    return _checked(network, input_shape, classes)


def build(request: Request) -> Built:
    """The source's structure, with its weights unless ``request.fresh``."""
    return _SOURCES[request.spec.source](request)


def trainable(module: nn.Module) -> nn.Module:
    """``module`` in evaluation mode, float32, every float parameter requiring gradients.

    Raises:
        CompressionError: a layer has no sizes yet.
    """
    if any(isinstance(parameter, UninitializedParameter) for parameter in module.parameters()):
        raise CompressionError(
            msg("Layers of this network take their sizes from its first run, and it has not run yet."),
            msg("Run it once on an example where it is made, or use layers with sizes in place of Lazy ones."),
        )
    fold(module)
    module.float().eval()
    for parameter in module.parameters():
        parameter.requires_grad_(parameter.is_floating_point())
    return module


def _network(built: Built, input_shape: tuple[int, ...] | None) -> Network:
    names, notes = parametrized(built.module), built.notes
    if names:
        text = msg("The normalization of the weights of {layers} was folded into them.", layers=", ".join(names))
        notes = (*notes, text)
    module = trainable(built.module)
    shape = built.input_shape or input_shape or find_input_shape(module, built.name)
    return Network(built.name, built.spec, module, shape, notes=notes)


def _checked(network: Network, input_shape: tuple[int, ...] | None, classes: int | None) -> Network:
    """``network`` with its outputs counted; refused where it does not go with the data."""
    shape = input_shape or network.input_shape
    network.classes, doubts = outputs(network, shape)
    network.notes += doubts
    network.input_shape = shape
    if classes and network.classes and network.classes < classes:
        repair = None
        if network.spec.source in ("bundled", "torchvision", "checkpoint") and not network.edits:
            repair = Repair(msg("Fit a head for {count} classes", count=classes), {"model.num_classes": classes})
        raise CompressionError(
            msg("{name} has {outputs} outputs, but the data has {classes} classes.", name=network.name,
                outputs=network.classes, classes=classes),
            msg("Set model.num_classes to {classes}, or choose other data.", classes=classes),
            repair=repair,
        )  # fmt: skip
    if classes and network.classes and network.classes > classes:
        network.notes += (
            msg("{name} has {outputs} outputs and the data {classes} classes; the others can only be mistakes.",
                name=network.name, outputs=network.classes, classes=classes),
        )  # fmt: skip
    return network


def _bundled(request: Request) -> Built:
    design = _design(request.spec, "bundled")
    if request.spec.weights is None or request.fresh:
        return _without_weights(design, request)
    return _with_weights(design, request, found(request.spec.weights, request.folder))


def _from_torchvision(request: Request) -> Built:
    design = _design(request.spec, "torchvision")
    weights = request.spec.weights
    if weights is None or request.fresh:
        return _without_weights(design, request)
    if _pretrained.is_name(design.name, weights, request.folder):
        if _smaller(request.spec):
            raise CompressionError(
                msg("{weights} are weights of the whole {name}, not of a narrower or shallower version.",
                    weights=weights, name=design.name),
                msg("Remove width and depth, or remove the weights and train the smaller network."),
                repair=Repair(msg("Remove the weights"), {"model.weights": None}),
            )  # fmt: skip
        file = _pretrained.fetch(design.name, weights, request.progress, request.cancel)
        arguments = {**pretrained_arguments(design.name, weights), **design.arguments}
        request = dataclasses.replace(request, spec=dataclasses.replace(request.spec, arguments=arguments))
        return _with_weights(_design(request.spec, "torchvision"), request, file, keep=weights)
    return _with_weights(design, request, found(weights, request.folder))


def _checkpoint(request: Request) -> Built:
    spec = request.spec
    if request.fresh:
        return _without_weights(_design(spec, None), request)
    if spec.weights is None:
        raise CompressionError(msg("The source checkpoint needs weights."), msg("Name the file: weights: network.pth"))
    path = found(spec.weights, request.folder)
    if spec.name is not None:
        return _with_weights(_design(spec, None), request, path)
    state, notes = read_state(path)
    design = identify(state, path.name)
    notes += (msg("{file} was recognized as {name}.", file=path.name, name=design.name),)
    return _loaded(design, request, path, state, notes)


def _python(request: Request) -> Built:
    spec = request.spec
    if spec.file is None:
        raise CompressionError(
            msg("The source python needs the file that defines the network."), msg("Add file: and class: to model.")
        )
    path = found(spec.file, request.folder)
    check_consent(path, request.allowed)
    loaded = load_file(path)
    made = member(loaded, spec.class_name, path, "class")
    if not isinstance(made, nn.Module):
        with running(path):
            made = made(**_arguments(made, spec))
    name = spec.class_name or type(made).__name__
    if not isinstance(made, nn.Module):
        raise CompressionError(
            msg(
                "{name} in {path} makes an object of type {type}, not a network.",
                name=name,
                path=str(path),
                type=type(made).__name__,
            ),
            msg("Name a class derived from torch.nn.Module, or a function that returns one."),
        )
    notes: tuple[Message, ...] = ()
    resolved = dataclasses.replace(spec, file=str(path), class_name=name)
    if spec.weights is not None and not request.fresh:
        weights = found(spec.weights, request.folder)
        state, notes = read_state(weights)
        load(made, state, weights.name, name)
        resolved = dataclasses.replace(resolved, weights=str(weights))
    return Built(name, resolved, made, _own_shape(made), notes)


def _arguments(made: Any, spec: ModelSpec) -> dict[str, Any]:
    """``arguments``, and ``num_classes`` where given."""
    if spec.num_classes is None or "num_classes" in spec.arguments:
        return dict(spec.arguments)
    if "num_classes" not in inspect.signature(made).parameters:
        raise CompressionError(
            msg("{name} takes no num_classes.", name=str(spec.class_name)),
            msg("Remove num_classes, or put the argument's own name into arguments."),
        )
    return {**spec.arguments, "num_classes": spec.num_classes}


def _own_shape(module: nn.Module) -> tuple[int, ...] | None:
    """A shape that the network itself declares as ``input_shape``."""
    shape = getattr(module, "input_shape", None)
    if isinstance(shape, (tuple, list)) and shape and all(isinstance(size, int) for size in shape):
        return tuple(shape)
    return None


def _design(spec: ModelSpec, family: str | None) -> Design:
    return dataclasses.replace(named(spec.name, family), arguments=spec.arguments)


def _without_weights(design: Design, request: Request) -> Built:
    classes = request.spec.num_classes or (None if request.fresh else request.classes) or design.num_classes
    module, notes = _made(design, classes, request.spec, fresh=request.fresh)
    return Built(design.name, resolved(request.spec, design, classes), module, design.input_shape, notes)


def _made(design: Design, classes: int, spec: ModelSpec, *, fresh: bool) -> tuple[nn.Module, tuple[Message, ...]]:
    """``design`` as it is, or the smaller version that ``spec`` asks for, and what to say of it."""
    if not _smaller(spec):
        return design.build(classes), ()
    small = student(design, classes, spec, fresh=fresh)
    return small.module, small.notes


def _smaller(spec: ModelSpec) -> bool:
    return spec.width is not None or spec.depth is not None


def _with_weights(design: Design, request: Request, path: Path, keep: str | None = None) -> Built:
    state, notes = read_state(path)
    return _loaded(design, request, path, state, notes, keep)


def _loaded(
    design: Design,
    request: Request,
    path: Path,
    state: Mapping[str, Tensor],
    notes: tuple[Message, ...],
    keep: str | None = None,
) -> Built:
    """``design`` with ``state`` in it; another head is fitted where ``num_classes`` asks for one."""
    state = without_auxiliary(state, design)
    held = design.classes_in({key: tuple(value.shape) for key, value in state.items()})
    classes = request.spec.num_classes or held or design.num_classes
    loads = held in (None, classes)
    with undrawn() if loads and not _smaller(request.spec) else contextlib.nullcontext():
        module, more = _made(design, classes, request.spec, fresh=loads)
    notes += more
    if held is not None and held != classes:
        fresh = module.state_dict()
        state = {**state, **{key: fresh[key] for key in design.head()}}
        notes += (
            msg(
                "The last layer was made new for {classes} classes; the file's has {held}.", classes=classes, held=held
            ),
        )
    load(module, state, path.name, design.name)
    spec = dataclasses.replace(
        resolved(request.spec, design, classes), weights=keep or as_given(request.spec, request.folder, path)
    )
    return Built(design.name, spec, module, design.input_shape, notes)


def resolved(spec: ModelSpec, design: Design, classes: int) -> ModelSpec:
    """``spec`` with what was found out: enough to build the same structure again."""
    given = spec.num_classes is not None or classes != design.num_classes
    return dataclasses.replace(spec, name=design.name, num_classes=classes if given else None)


def as_given(spec: ModelSpec, folder: Path, path: Path) -> str:
    """A bundled file keeps its short name, which is right on every computer; any other is absolute."""
    weights = str(spec.weights)
    return weights if not (folder / weights).exists() else str(path)


def saved_by_pare(spec: ModelSpec, folder: Path) -> Path | None:
    """The folder, where the checkpoint is the weights file of a network that Pare saved, or such a folder."""
    if spec.weights is None or spec.name is not None:
        return None
    path = found(spec.weights, folder)
    if path.is_dir() and ((path / STRUCTURE).is_file() or (path / STAGES).is_dir()):
        return path
    return path.parent if path.name == WEIGHTS and (path.parent / STRUCTURE).is_file() else None


def _reopened(spec: ModelSpec, folder: Path, allowed: Mapping[str, str]) -> Network:
    from backend.models._reopen import reopen

    place = spec.weights or spec.file
    if place is None:
        raise CompressionError(
            msg("The source pare needs the folder of a network that Pare saved."),
            msg("Name it: weights: folder-of-the-run"),
        )
    return reopen(found(place, folder), allowed=allowed)


_SOURCES: Mapping[str, Callable[[Request], Built]] = {
    "bundled": _bundled,
    "torchvision": _from_torchvision,
    "checkpoint": _checkpoint,
    "python": _python,
}
