"""Pairs of layers as they are being chosen: what goes together, why not, and what stands between two shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from backend.answers import LayerInfo
from backend.description import Description
from backend.pairs import Output, Pairs, propose
from gui.text import phrase, tr

Side = Literal["student", "teacher"]
Pair = tuple[str, str]
"""Layer of the student, layer of the teacher."""


class Pairing:
    """The pairs for one loss between two networks.

    Attributes:
        pairs: in the order in which they were chosen; a layer of the student stands in several of them only where the
            loss lets it learn from several.

    Args:
        method: the loss; its traits say which outputs it compares.
        student, teacher: every module.
        pairs: those to begin with.
    """

    def __init__(
        self,
        method: Description,
        student: Sequence[LayerInfo],
        teacher: Sequence[LayerInfo],
        pairs: Mapping[str, str | list[str]] | None = None,
    ) -> None:
        self._method = method
        self._student, self._teacher = student, teacher
        self._shapes = {
            "student": {layer.name: layer.output_shape for layer in student},
            "teacher": {layer.name: layer.output_shape for layer in teacher},
        }
        self._known = {side: any(shapes.values()) for side, shapes in self._shapes.items()}
        self.several = bool(method.traits.get("several"))
        self.pairs: list[Pair] = []
        self._take(pairs or {})

    def _take(self, pairs: Mapping[str, str | list[str]]) -> None:
        self.pairs = [
            (own, other) for own, others in pairs.items() for other in ([others] if isinstance(others, str) else others)
        ]

    @property
    def value(self) -> Pairs | None:
        """As the recipe has it; None without any."""
        found: Pairs = {}
        for own, other in self.pairs:
            before = found.get(own)
            found[own] = other if before is None else [*([before] if isinstance(before, str) else before), other]
        return found or None

    def propose(self) -> bool:
        """Pair by shapes; False where nothing goes together, and all stays as it was."""
        dims = self._method.traits.get("dims") or (2, 3, 4)
        found = propose(_outputs(self._student), _outputs(self._teacher), dims=dims, several=self.several)
        if found:
            self._take(found)
        return bool(found)

    def join(self, own: str, other: str) -> str:
        """Pair two layers; why they can't be, empty where they are now."""
        why = self.why_not(own, other)
        if why or (own, other) in self.pairs:
            return why
        if self.several:
            self.pairs.append((own, other))
        else:
            place = next((at for at, pair in enumerate(self.pairs) if pair[0] == own), len(self.pairs))
            self.pairs[place : place + 1] = [(own, other)]
        return ""

    def part(self, side: Side, layer: str) -> bool:
        """Forget every pair that a layer stands in; whether there was one."""
        kept = [pair for pair in self.pairs if pair[side == "teacher"] != layer]
        found = len(kept) < len(self.pairs)
        self.pairs = kept
        return found

    def numbers(self, side: Side) -> dict[str, list[int]]:
        """Layer → numbers of its pairs, counted from 1."""
        found: dict[str, list[int]] = {}
        for number, pair in enumerate(self.pairs, 1):
            found.setdefault(pair[side == "teacher"], []).append(number)
        return found

    def why_not(self, own: str, other: str) -> str:
        """Why two layers can't be compared; empty where they can, or where nobody knows their shapes."""
        first, second = self._shapes["student"].get(own, ()), self._shapes["teacher"].get(other, ())
        if why := self._refusal("student", own, first) or self._refusal("teacher", other, second):
            return why
        if first and second and len(first) != len(second):
            return tr(
                "{student} gives {first} and {teacher} gives {second}: {kinds} can't be compared.",
                student=own, first=sized(first), teacher=other, second=sized(second),
                kinds=tr("{first} and {second}", first=_kind(len(first)), second=_kind(len(second))),
            )  # fmt: skip
        return ""

    def _refusal(self, side: Side, layer: str, shape: Sequence[int]) -> str:
        """Why the loss can't look at such an output; empty where it can, or where the network's shapes are unknown."""
        dims = self._method.traits.get("dims")
        if not shape and self._known[side]:
            return tr("{layer} has no output to compare: it does not run by itself.", layer=layer)
        if not shape or not dims or len(shape) + 1 in dims:
            return ""
        wanted = ", ".join(_kind(dim - 1) for dim in sorted(dims, reverse=True))
        return tr(
            "{layer} gives {shape}, and {method} compares {kinds}.",
            layer=layer, shape=sized(shape), method=phrase(self._method.label), kinds=wanted,
        )  # fmt: skip

    def note(self, pair: Pair) -> str:
        """What stands between two shapes; that a layer is not in its network."""
        own, other = pair
        for name, side in ((own, "student"), (other, "teacher")):
            if name not in self._shapes[side]:
                return tr("There is no layer {name}", name=name)
        first, second = self._shapes["student"][own], self._shapes["teacher"][other]
        if not first or not second:
            return tr("Shape unknown")
        notes = []
        before, after = _width(first), _width(second)
        if before != after and self._method.traits.get("adapter"):
            notes.append(tr("regressor {before} → {after}", before=before, after=after))
        if _rest(first) != _rest(second):
            smaller = [min(pair) for pair in zip(_rest(first), _rest(second), strict=False)]
            notes.append(tr("averaged to {shape}", shape=sized(smaller)))
        return " · ".join(notes)

    def shape(self, side: Side, layer: str) -> str:
        return sized(self._shapes[side].get(layer, ()))


def sized(shape: Iterable[int]) -> str:
    """``16×32×32``."""
    return "×".join(map(str, shape))


def _kind(dims: int) -> str:
    return {1: tr("vectors"), 2: tr("sequences"), 3: tr("maps")}.get(dims, sized([dims]))


def _width(shape: Sequence[int]) -> int:
    """Channels of C×H×W, else the last dimension."""
    return shape[0] if len(shape) == 3 else shape[-1]


def _rest(shape: Sequence[int]) -> Sequence[int]:
    return shape[1:] if len(shape) == 3 else shape[:-1]


def _outputs(layers: Iterable[LayerInfo]) -> list[Output]:
    return [Output(layer.name, layer.type, tuple(layer.output_shape)) for layer in layers]
