"""Takes channels out of a network, and out of what belongs to it."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from backend.errors import CompressionError, msg
from backend.models.resnet_cifar import PadShortcut
from backend.network import Edit, Network
from backend.removal._pick import Pick
from backend.removal._structure import Place, Structure

KIND = "remove"


def remove(network: Network, structure: Structure, removed: Mapping[str, Tensor]) -> Network:
    """A smaller network without the channels of ``removed``; ``network`` stays as it is.

    Args:
        network: the one that ``structure`` was found in.
        structure: of :func:`backend.removal.analyze`.
        removed: group → indices of the units that go.

    Raises:
        CompressionError: nothing would be left of a group.
    """
    edit = Edit(KIND, _data(structure.rows(removed)))
    # What is cut is copied only as what is left of it.
    module = copy.deepcopy(network.module, dict(_shorter(network.module, edit)))
    edits = network.edits + ((edit,) if edit.data["tensors"] else ())
    return dataclasses.replace(network, module=_fitted(module, edit), edits=edits)


def cut(module: nn.Module, edit: Edit) -> nn.Module:
    """``module`` itself, with the indices of a ``remove`` edit taken out of its tensors and its sizes corrected.

    Raises:
        CompressionError: the edit belongs to another network.
    """
    try:
        shorter = _shorter(module, edit)
        for part in module.modules():
            for held in (part._parameters, part._buffers):
                held.update({key: shorter[id(old)] for key, old in held.items() if id(old) in shorter})
        return _fitted(module, edit)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise CompressionError(
            msg("The channels that were removed from this network are not in it."),
            msg("The folder was changed after Pare wrote it; run the recipe again."),
            details=str(error),
        ) from error


def cut_masks(masks: Mapping[str, Tensor], edit: Edit) -> dict[str, Tensor]:
    """The masks (parameter → mask) that remain for what is left after ``edit``."""
    left = dict(masks)
    for name, dim, indices in _cuts(edit):
        if name in left:
            left[name] = _without(left[name], dim, indices)
    return left


def _data(rows: Mapping[Place, Tensor]) -> dict[str, Any]:
    """JSON: every list of indices once, and which dimension of which tensor loses which list."""
    lists: dict[tuple[int, ...], int] = {}
    tensors: dict[str, dict[str, int]] = {}
    for (name, dim), indices in rows.items():
        number = lists.setdefault(tuple(indices.tolist()), len(lists))
        tensors.setdefault(name, {})[str(dim)] = number
    return {"lists": [list(indices) for indices in lists], "tensors": tensors}


def _cuts(edit: Edit) -> Iterator[tuple[str, int, Sequence[int]]]:
    for name, dims in edit.data["tensors"].items():
        for dim, number in dims.items():
            yield name, int(dim), edit.data["lists"][number]


def _shorter(module: nn.Module, edit: Edit) -> dict[int, Any]:
    """Identity of a parameter or buffer → what is left of it."""
    named = {**dict(module.named_buffers()), **dict(module.named_parameters())}
    left: dict[str, Tensor] = {}
    for name, dim, indices in _cuts(edit):
        if name in named:
            left[name] = _without(left.get(name, named[name].detach()), dim, indices)
    return {id(named[name]): _like(named[name], new) for name, new in left.items()}


def _like(old: Tensor, new: Tensor) -> Tensor:
    return nn.Parameter(new, old.requires_grad) if isinstance(old, nn.Parameter) else new


def _fitted(module: nn.Module, edit: Edit) -> nn.Module:
    """``module`` itself, once what is not a tensor fits those that were cut."""
    tensors = {name for name, _ in (*module.named_buffers(), *module.named_parameters())}
    for name, _, indices in _cuts(edit):
        if name not in tensors:
            _numbered(module, name).shorten(indices)
    for part in module.modules():
        _correct(part)
    return module


def _numbered(module: nn.Module, name: str) -> PadShortcut | Pick:
    """A layer without weights that knows channels by their numbers."""
    part = module.get_submodule(name)
    if not isinstance(part, (PadShortcut, Pick)):
        raise TypeError(f"{name} is a {type(part).__name__}")
    return part


def _without(tensor: Tensor, dim: int, indices: Sequence[int]) -> Tensor:
    keep = torch.ones(tensor.shape[dim], dtype=torch.bool)
    keep[list(indices)] = False
    return tensor.index_select(dim, keep.nonzero().flatten().to(tensor.device))


def _correct(part: Any) -> None:
    """Sizes that a layer keeps beside its tensors."""
    match part:
        case nn.Linear():
            part.out_features, part.in_features = part.weight.shape
        case nn.modules.conv._ConvNd():
            _correct_convolution(part)
        case nn.modules.batchnorm._NormBase():
            known = part.weight if part.weight is not None else part.running_mean
            part.num_features = len(known) if known is not None else part.num_features
        case nn.GroupNorm() if part.weight is not None:
            part.num_groups = part.num_groups * len(part.weight) // part.num_channels
            part.num_channels = len(part.weight)
        case nn.PReLU():
            part.num_parameters = len(part.weight)
        case nn.Embedding():
            part.num_embeddings, part.embedding_dim = part.weight.shape


def _correct_convolution(part: Any) -> None:
    """Of a grouped convolution whole groups went, so that a group is what it was."""
    first, second = part.weight.shape[:2]
    if part.groups > 1:
        part.groups = first // ((part.in_channels if part.transposed else part.out_channels) // part.groups)
    other = second * part.groups
    part.in_channels, part.out_channels = (first, other) if part.transposed else (other, first)


def numbers_left(edits: Sequence[Edit], tensor: str, dim: int, left: int) -> tuple[Tensor, int]:
    """Which indices of a dimension are left after ``edits``.

    Args:
        edits: of the network, in order.
        tensor: name of a parameter or buffer.
        dim: the dimension.
        left: how long it is now.

    Returns:
        The index that each of the ``left`` had at first, and how long the dimension was.
    """
    gone = [rows for edit in edits if edit.kind == KIND for name, d, rows in _cuts(edit) if (name, d) == (tensor, dim)]
    before = left + sum(len(rows) for rows in gone)
    numbers = torch.arange(before)
    for rows in gone:
        numbers = _without(numbers, 0, rows)
    return numbers, before
