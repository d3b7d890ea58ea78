"""Follows labels through one run of a network.

Works on any network that runs: it looks at the operations PyTorch carries out, not at the code that asked
for them. What each operation does to labels stands in ``_rules.py`` and ``_layers.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.weak import WeakTensorKeyDictionary

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, msg
from backend.evaluation._mode import hooked
from backend.models.resnet_cifar import PadShortcut
from backend.removal._labels import Labels, compact, compressed, flat, spread, varying
from backend.removal._pick import Pick

BUDGET = 60.0
"""Seconds. EfficientNetV2-L, the slowest of torchvision's classifiers that were tried, takes five on a busy core."""
LARGEST_TABLE = 1 << 22
"""Elements up to which each element of a parameter that is added or multiplied gets a label of its own."""

CONSTANT = msg("Is combined with a tensor of a fixed size that is no parameter")
INPUT = msg("Is combined with the network's input")
RECURRENT = msg("Recurrent layers have one width for all of their matrices")


@dataclass(frozen=True)
class Held:
    """A parameter or buffer of the network, its dimensions perhaps exchanged.

    Attributes:
        name: its dotted name.
        dims: which dimension of the parameter each dimension of the tensor is.
        learned: whether it is a parameter: masks can silence it.
    """

    name: str
    dims: tuple[int, ...]
    learned: bool


class Trace(TorchDispatchMode):
    """One run.

    Attributes:
        labels: the labels and what ties them.
        rows: (parameter, its dimension) → labels along it.
        tables: parameter that is used element by element, not along one dimension → a label for each element.
        made: weight of a layer that makes channels → the dimension that counts them, in order of computation.
        positions: weight → how often each of its values is multiplied for one input.
        products: labels of attention heads and the like, and multiply-accumulates of each.
        grids: label tensors whose elements must vanish as whole slices.
        turned: label → the operation after which a silenced channel was no longer zero.
    """

    def __init__(self, module: nn.Module, follow: Callable[..., None], cancel: Cancel | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._follow = follow
        self.labels = Labels()
        self.rows: dict[tuple[str, int], Tensor] = {}
        self.tables: dict[str, Tensor] = {}
        self.made: dict[str, int] = {}
        self.positions: dict[str, int] = {}
        self.products: list[tuple[Tensor, int]] = []
        self.grids: list[Tensor] = []
        self.turned: dict[int, str] = {}
        self.inside: nn.Module | None = None
        self.inside_name = ""
        self._names: list[str] = []
        self._module = module
        self._cancel = cancel
        self._known: Any = WeakTensorKeyDictionary()
        self._held: Any = WeakTensorKeyDictionary()
        self._learned: Any = WeakTensorKeyDictionary()
        self._until = time.monotonic() + BUDGET
        self._named: dict[str, Tensor] = dict(module.named_buffers()) | dict(module.named_parameters())
        learned = {name for name, _ in module.named_parameters()}
        for name, tensor in self._named.items():
            self._held[tensor] = Held(name, tuple(range(tensor.dim())), name in learned)

    def run(self, inputs: Tensor) -> Any:
        """The network's output for ``inputs``, whose channels have to stay."""
        self.stay(inputs, INPUT)
        with torch.no_grad(), self._watching(), self:
            return self._module(inputs)

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # see evaluation/macs.py

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if self._cancel is not None:
            self._cancel.check()
        if time.monotonic() > self._until:
            raise CompressionError(
                msg("This network is too large to find out within {seconds} s which channels depend on which.",
                    seconds=int(BUDGET)),
                msg("Set remove: false: channels are then masked, not removed."),
            )  # fmt: skip
        result = func(*args, **(kwargs or {}))
        if not isinstance(self.inside, nn.RNNBase):
            self.labels.operation = name_of(func), self._names[-1] if self._names else ""
            self._follow(self, func, args, kwargs or {}, result)
        return result

    def labelled(self, tensor: Tensor) -> bool:
        return tensor in self._known or tensor in self._held

    def of(self, tensor: Tensor) -> Tensor | None:
        """The labels of a tensor; None for one that is the same whatever is removed."""
        known: Tensor | None = self._known.get(tensor)
        if known is not None or tensor not in self._held:
            return known
        held: Held = self._held[tensor]
        labels = self._elements(held)
        labels = labels.permute(held.dims).expand(tensor.shape)
        if held.learned or not bool(tensor.count_nonzero()):
            return labels
        return self.turn(labels, "buffer")

    def labels_of(self, tensor: Tensor) -> Tensor:
        """The same of a tensor that meets labelled ones; a constant has to stay as it is."""
        found = self.of(tensor)
        if found is None:
            label = self.labels.fresh()
            self.labels.pin(label, CONSTANT)
            found = label.expand(tensor.shape)
        return found

    def held(self, tensor: Any) -> Held | None:
        """The parameter or buffer that ``tensor`` is."""
        return self._held.get(tensor) if isinstance(tensor, Tensor) else None

    def hold(self, tensor: Tensor, held: Held) -> None:
        self._held[tensor] = held

    def learned(self, tensor: Tensor) -> bool:
        """Whether it is computed from parameters and buffers alone."""
        return tensor in self._held or tensor in self._learned

    def learn(self, tensors: Iterable[Tensor]) -> None:
        for tensor in tensors:
            self._learned[tensor] = True

    def put(self, tensor: Tensor, labels: Tensor) -> None:
        """Say what ``tensor`` is labelled with from now on."""
        self._known[tensor] = labels.expand(tensor.shape)

    def view(self, tensor: Tensor, labels: Tensor) -> None:
        """The same for one that holds the elements of another in another order."""
        labels = compressed(labels.reshape(tensor.shape))
        if len(varying(labels)) > 1:
            self.grids.append(labels)
        self.put(tensor, labels)

    def others(self, tensor: Tensor) -> Iterator[Tensor]:
        """Labels of the other tensors that share memory with ``tensor``."""
        place = tensor.untyped_storage().data_ptr()
        for other, labels in list(self._known.items()):
            if other is not tensor and other.untyped_storage().data_ptr() == place:
                yield labels

    def row(self, name: str, dim: int) -> Tensor:
        """The labels along one dimension of a parameter."""
        if (name, dim) not in self.rows:
            self.rows[name, dim] = self.labels.fresh(self._named[name].shape[dim])
        return self.rows[name, dim]

    def stay(self, tensor: Tensor, why: Message) -> None:
        """A tensor none of whose elements can go."""
        label = self.labels.fresh()
        self.labels.pin(label, why)
        self.put(tensor, label)

    def pin(self, tensors: Iterable[Any], why: Message) -> None:
        """Whatever the labels of these tensors are, they stay."""
        for tensor in tensors:
            if isinstance(tensor, Tensor) and (labels := self.of(tensor)) is not None:
                self.labels.pin(labels, why)

    def uniform(self, labels: Tensor, dims: Iterable[int], why: Message) -> Tensor:
        """Labels that do not change along ``dims``, because an operation needs the same channels everywhere there.

        Channels that are told apart along other dimensions go together along these; others have to stay.
        """
        found = varying(labels)
        wrong = [dim % labels.dim() for dim in dims if dim % labels.dim() in found]
        if not wrong:
            return labels
        small = compact(labels)[0]
        sign = small.sign().amin(wrong, keepdim=True)  # negative where any is
        same = (flat(small, wrong).abs() * sign).expand(labels.shape)
        if len(wrong) < len(found):
            self.labels.tie(labels, same)
        else:
            self.labels.pin(labels, why)
        return same

    def turn(self, labels: Tensor, operation: str) -> Tensor:
        """The labels of what is not zero where the channel is silenced."""
        small = compact(labels)[0]
        for label in small[small > 0].unique().tolist():
            self.turned.setdefault(label, operation)
        return small.abs().neg().expand(labels.shape)

    def zero_needed(self, labels: Tensor) -> None:
        """A layer adds up these channels: what is not zero when silenced can't be left out."""
        negative = labels[labels < 0].unique()
        by_operation: dict[str, list[int]] = {}
        for label in negative.tolist():
            by_operation.setdefault(self.turned.get(-label, "?"), []).append(-label)
        for operation, those in by_operation.items():
            why = msg("Passes {operation}, after which a channel of zeros is not zero", operation=operation)
            self.labels.pin(torch.tensor(those), why)

    def _elements(self, held: Held) -> Tensor:
        """Labels for the elements of a parameter that is not multiplied as a matrix."""
        shape = self._named[held.name].shape
        long = [dim for dim, size in enumerate(shape) if size > 1]
        if len(long) < 2 and shape:
            dim = long[0] if long else 0
            return spread(self.row(held.name, dim), dim, shape)
        if held.name not in self.tables:
            small = shape.numel() <= LARGEST_TABLE
            self.tables[held.name] = self.labels.fresh(*(shape if small else ())).expand(shape)
            if not small:
                self.labels.pin(self.tables[held.name], CONSTANT)
        return self.tables[held.name]

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """Know which module is at work, and whether its insides are not like those of others."""
        hooks = []
        for name, part in self._module.named_modules():
            hooks += [part.register_forward_pre_hook(partial(self._stepping_in, name)),
                      part.register_forward_hook(self._stepping_out)]  # fmt: skip
            if isinstance(part, (nn.RNNBase, PadShortcut, Pick)):
                hooks += [part.register_forward_pre_hook(self._entering(name)),
                          part.register_forward_hook(self._leaving)]  # fmt: skip
        with hooked(hooks):
            yield

    def _stepping_in(self, name: str, part: nn.Module, inputs: Any) -> None:
        self._names.append(name)

    def _stepping_out(self, part: nn.Module, inputs: Any, outputs: Any) -> None:
        self._names.pop()

    def _entering(self, name: str) -> Any:
        def enter(part: nn.Module, inputs: Any) -> None:
            self.inside, self.inside_name = part, name

        return enter

    def _leaving(self, part: nn.Module, inputs: Any, outputs: Any) -> None:
        self.inside = None
        if isinstance(part, nn.RNNBase):
            self.pin(tree_leaves(inputs), RECURRENT)
            for tensor in tree_leaves(outputs):
                if isinstance(tensor, Tensor):
                    self.stay(tensor, RECURRENT)


def name_of(func: Any) -> str:
    return str(func.overloadpacket._qualified_op_name).split("::")[-1].strip("_")
