"""Which outputs of student and teacher a loss on features compares, and what is trained between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Size, Tensor, nn

from backend.errors import CompressionError, Message, Repair, msg, nearest
from backend.evaluation.macs import shapes
from backend.network import Network
from backend.pairs import Output, Pairs, propose
from backend.training.distillation._base import Distillation


@dataclass(frozen=True)
class Pair:
    """A layer of the student, those of the teacher that it is compared with, and an adapter to each of these."""

    student: str
    teacher: tuple[str, ...]
    adapters: tuple[nn.Module, ...]

    def compared(
        self, student: Mapping[str, Tensor], teacher: Mapping[str, Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """The student's features as adapted to each of the teacher's, and the teacher's."""
        own = student[self.student].float()
        return [adapter(own) for adapter in self.adapters], [teacher[name] for name in self.teacher]


class Pairing:
    """Finds the pairs of losses between two networks.

    Args:
        student: the network that learns, as float layers.
        teacher: the network it learns from.
        distill: the recipe's section, with its defaults.
        path: where the section stands in the recipe.
    """

    def __init__(self, student: Network, teacher: Network, distill: Mapping[str, Any], path: str) -> None:
        self._student, self._teacher = outputs_of(student), outputs_of(teacher)
        self._losses, self._path = list(distill["losses"]), path

    def pairs(self, number: int, loss: Distillation) -> Pairs:
        """The pairs of the loss ``number``: those of the recipe, else what the shapes propose.

        Raises:
            CompressionError: a layer does not exist or takes no part, or there is nothing to pair.
        """
        given: Pairs | None = self._losses[number].get("pairs")
        if given:
            return given
        proposed = propose(self._student.values(), self._teacher.values(), dims=loss.dims, several=loss.several)
        if not proposed:
            raise CompressionError(
                msg("{loss} found no two layers to compare: the student's give {student}, the teacher's {teacher}.",
                    loss=Message(loss.label), student=_all(self._student), teacher=_all(self._teacher)),
                msg("Choose another loss, or another teacher."),
                repair=self._without(number),
            )  # fmt: skip
        return proposed

    def joined(self, number: int, loss: Distillation, pairs: Pairs) -> list[Pair]:
        """``pairs`` with their adapters, drawn from torch's generator.

        Raises:
            CompressionError: the loss can't compare two of the layers.
        """
        return [self._joined(number, loss, name, others) for name, others in pairs.items()]

    def _joined(self, number: int, loss: Distillation, name: str, others: str | list[str]) -> Pair:
        theirs = [others] if isinstance(others, str) else others
        if len(theirs) > 1 and not loss.several:
            raise self._error(
                number,
                msg("{loss} compares a layer with one of the teacher's, and {layer} stands with {count}.",
                    loss=Message(loss.label), layer=name, count=len(theirs)),
                msg("Keep one of them, or take the loss {other}.", other="dynamic_layerwise"),
            )  # fmt: skip
        own = self._shape(number, self._student, name, msg("the student"))
        return Pair(name, tuple(theirs), tuple(self._adapter(number, loss, name, own, other) for other in theirs))

    def _adapter(self, number: int, loss: Distillation, name: str, own: Size, other: str) -> nn.Module:
        wanted = self._shape(number, self._teacher, other, msg("the teacher"))
        if len(own) != len(wanted) or len(own) not in loss.dims:
            raise self._error(
                number,
                msg("{loss} can't compare {student} ({own}) with {teacher} ({wanted}).", loss=Message(loss.label),
                    student=name, own=_text(own[1:]), teacher=other, wanted=_text(wanted[1:])),
                msg("Choose layers whose outputs have as many dimensions on both sides; this loss compares {dims}.",
                    dims=", ".join(str(dim - 1) for dim in loss.dims)),
            )  # fmt: skip
        made = loss.adapter(own, wanted) if loss.adapter is not None else None
        return made if made is not None else nn.Identity()

    def _shape(self, number: int, outputs: Mapping[str, Output], name: str, whose: Message) -> Size:
        if name not in outputs or not name:
            close = nearest(name, outputs)
            raise self._error(
                number,
                msg("No layer of {network} is called {pattern}.", network=whose, pattern=name),
                msg("Did you mean {close}?", close=close) if close else msg("Choose another layer."),
            )
        if not outputs[name].shape:
            raise self._error(
                number,
                msg("{layer} of {network} has no output to compare: it does not run by itself.", layer=name,
                    network=whose),
                msg("Choose another layer."),
            )  # fmt: skip
        return Size((1, *outputs[name].shape))

    def _error(self, number: int, text: Message, hint: Message) -> CompressionError:
        edit = {f"{self._path}.losses.{number}.pairs": None}
        return CompressionError(text, hint, repair=Repair(msg("Pair the layers automatically"), edit))

    def _without(self, number: int) -> Repair:
        left = [loss for i, loss in enumerate(self._losses) if i != number]
        return Repair(msg("Remove this loss"), {f"{self._path}.losses": left} if left else {self._path: None})


def outputs_of(network: Network) -> dict[str, Output]:
    """What every module of ``network`` gives for one input, by name, in the order of ``named_modules``."""
    found = shapes(network).outputs
    return {
        name: Output(name, type(part).__name__, found.get(name, ())) for name, part in network.module.named_modules()
    }


def _all(outputs: Mapping[str, Output]) -> str:
    shown = [f"{one.name} {_text(one.shape)}" for one in outputs.values() if one.name and one.shape]
    return ", ".join(shown[:6]) or "–"


def _text(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
