"""What couples layers: the operations in which channels of one layer meet those of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from backend.errors import Message, msg
from backend.removal._labels import Labels

SHOWN = 3


@dataclass(frozen=True)
class Meeting:
    """One operation in which channels of several layers met.

    Attributes:
        operation: its name, and the module at work; both empty for what holds for the whole network.
        units: the components of labels that came together there.
    """

    operation: tuple[str, str]
    units: Tensor


def meetings(labels: Labels, parts: Tensor, makers: Iterable[Tensor]) -> list[Meeting]:
    """The operations that tied channels of one maker to those of another, in order.

    Args:
        labels: what the trace tied.
        parts: label → its component, once everything is tied.
        makers: for each layer the labels of the channels it makes.
    """
    so_far = torch.arange(labels.count + 1)
    made = torch.zeros(labels.count + 1, dtype=torch.bool)
    for row in makers:
        made[row.abs()] = True
    found: list[Meeting] = []
    for operation, pairs in labels.ties():
        ends = _roots(so_far, pairs)
        both = made[ends]
        met = (ends[0] != ends[1]) & both[0] & both[1]
        if bool(met.any()):
            found.append(Meeting(operation, parts[ends[0][met]].unique()))
        made[_united(so_far, ends)[both]] = True
    return found


def _united(so_far: Tensor, ends: Tensor) -> Tensor:
    """The roots of ``ends`` (2 × edges, roots) once both ends of every edge have the same."""
    while bool((ends[0] != ends[1]).any()):
        so_far.scatter_reduce_(0, ends.amax(0), ends.amin(0), "amin")
        ends = _roots(so_far, ends)
    return ends


def _roots(so_far: Tensor, labels: Tensor) -> Tensor:
    """Where the chains from ``labels`` end. Only these become shorter: all of them would take as long as the trace."""
    ends = so_far[labels]
    while not torch.equal(further := so_far[ends], ends):
        ends = further
    so_far[labels] = ends
    return ends


def reasons(found: Sequence[Meeting], units: Sequence[int], module: nn.Module) -> tuple[Message, ...]:
    """Why the layers that make ``units`` go together: each kind of operation once, with where it is."""
    own = torch.tensor(units)
    places: dict[tuple[str, str], list[str]] = {}
    for meeting in found:
        if bool(torch.isin(own, meeting.units).any()):
            operation, name = meeting.operation
            sentence = _sentence(operation, module.get_submodule(name)).template
            names = places.setdefault((sentence, operation if sentence == OTHER.template else ""), [])
            names += [] if name in names else [name]
    whole = type(module).__name__
    return tuple(
        Message(sentence, {"where": _some([name or whole for name in names])} | ({"operation": other} if other else {}))
        for (sentence, other), names in places.items()
    )


def _sentence(operation: str, part: nn.Module) -> Message:
    if operation == "convolution":
        return DEPTHWISE if getattr(part, "groups", 0) == getattr(part, "in_channels", None) else IN_GROUPS
    return SENTENCES.get(operation) or (ATTENDED if "attention" in operation else OTHER)


DEPTHWISE = msg("Each channel is filtered by itself in {where} (depthwise)")
IN_GROUPS = msg("Channels are filtered in groups, which go whole, in {where}")
ATTENDED = msg("A head needs its query, key and value in {where}")
OTHER = msg("Their channels meet in the operation {operation} in {where}")
_ADDED = msg("Their outputs are added up in {where}")
_MULTIPLIED = msg("Their outputs are multiplied with each other in {where}")
_JOINED = msg("Their outputs are joined in {where} along another dimension than their channels")
_SPLIT = msg("The channels are split into equal parts in {where}")
_REGROUPED = msg("The channels are laid out anew in {where}")
SENTENCES: dict[str, Message] = {
    **dict.fromkeys(("add", "sub", "rsub", "lerp"), _ADDED),
    **dict.fromkeys(("mul", "div"), _MULTIPLIED),
    **dict.fromkeys(("cat", "stack"), _JOINED),
    **dict.fromkeys(("split", "split_with_sizes", "unsafe_split", "unsafe_split_with_sizes", "chunk"), _SPLIT),
    **dict.fromkeys(("view", "_unsafe_view", "unsafe_view", "reshape", "flatten", "unflatten", ""), _REGROUPED),
    "glu": msg("One half of the channels gates the other in {where}"),
    "native_group_norm": msg("Channels are normalized in groups, which go whole, in {where}"),
}
"""Operation → why it couples what meets in it."""


def _some(names: Sequence[str]) -> str:
    """``a, b, c, … (12)``."""
    first = ", ".join(names[:SHOWN])
    return f"{first}, … ({len(names)})" if len(names) > SHOWN else first
