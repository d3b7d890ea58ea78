"""Which architecture a state dict belongs to, and what differs where none fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from backend.errors import CompressionError, Message, msg
from backend.models._checkpoint import PREFIXES
from backend.models._designs import Design, Shapes, designs, shapes_of
from backend.models._known import COUNTER, known, plausible
from backend.models._torchvision import AUXILIARY

SHOWN = 3


@dataclass(frozen=True)
class Difference:
    """How the names and shapes of a state dict differ from those of a network."""

    fits: int
    total: int
    missing: tuple[str, ...]
    unexpected: tuple[str, ...]
    misshaped: tuple[str, ...]

    @property
    def none(self) -> bool:
        return not (self.missing or self.unexpected or self.misshaped)

    @property
    def likeness(self) -> float:
        return self.fits / max(1, self.total + len(self.unexpected))


def difference(held: Shapes, expected: Shapes) -> Difference:
    """What ``held`` (a file's) lacks, has too much or in another shape than ``expected`` (a network's)."""
    wanted = {key: shape for key, shape in expected.items() if not key.endswith(COUNTER)}
    given = {key: shape for key, shape in held.items() if not key.endswith(COUNTER)}
    both = [key for key in wanted if key in given]
    return Difference(
        sum(wanted[key] == given[key] for key in both),
        len(wanted),
        tuple(key for key in wanted if key not in given),
        tuple(key for key in given if key not in wanted),
        tuple(key for key in both if wanted[key] != given[key]),
    )


def identify(state: Mapping[str, Tensor], path: str) -> Design:
    """The bundled or else torchvision architecture whose names and shapes ``state`` has, its head aside.

    Raises:
        CompressionError: none has them; the closest one and the difference are named.
    """
    held = {key: tuple(value.shape) for key, value in state.items()}
    if (at_once := recognized(held)) is not None:
        return at_once[0]
    best: tuple[float, Design, Difference] | None = None
    for design in designs():
        if design.family == "torchvision" and not plausible(design.name, held):
            continue  # to build all of them takes seconds
        found = _difference(held, design)
        if found.none:
            return design
        if best is None or found.likeness > best[0]:
            best = (found.likeness, design, found)
    if best is None or best[2].fits == 0:
        raise CompressionError(
            msg("{path} fits no architecture that Pare knows; its first name is {key}.", path=path,
                key=next(iter(state), "-")),
            msg("Open it with the source python: the file and the class that define the network."),
        )  # fmt: skip
    _, design, found = best
    raise CompressionError(
        msg(
            "{path} fits no architecture that Pare knows. The closest is {name}: {fits} of {total} names fit; "
            "missing: {missing}; too many: {unexpected}; of another shape: {misshaped}.",
            path=path,
            name=design.name,
            **_values(found, held, design.shapes()),
        ),
        _repair(found, held, design.shapes()),
        details=details(found),
    )


def recognized(held: Shapes) -> tuple[Design, int] | None:
    """The architecture of these names and shapes, and its classes, where that can be told without building many."""
    if (one := known(held)) is not None:
        return Design("torchvision", one.name, 1000), one.num_classes
    for design in designs():
        if design.family != "bundled":
            break
        if _difference(held, design).none:
            return design, design.classes_in(held) or design.num_classes
    return None


def _difference(held: Shapes, design: Design) -> Difference:
    """How ``held`` differs from ``design``, made for as many classes as ``held``."""
    trimmed = _trimmed(held, design)
    found = difference(trimmed, design.shapes())
    if not found.none and not found.missing and not found.unexpected and design.head().issuperset(found.misshaped):
        return difference(trimmed, design.shapes(design.classes_in(held)))
    return found


def _repair(found: Difference, held: Shapes, expected: Shapes) -> Message:
    """Where only shapes differ and all are smaller, channels were removed: weights alone don't say which."""
    only_shapes = found.misshaped and not found.missing and not found.unexpected
    if only_shapes and all(_smaller(held[key], expected[key]) for key in found.misshaped):
        return msg(
            "Channels were removed from it. If Pare did that, open the folder of its run; else the file and the class "
            "that define the smaller network, with the source python."
        )
    return msg("If the network is your own, open it with the source python: its file and its class.")


def _smaller(shape: Sequence[int], expected: Sequence[int]) -> bool:
    return len(shape) == len(expected) and all(a <= b for a, b in zip(shape, expected, strict=True))


def load(module: nn.Module, state: Mapping[str, Tensor], path: str, name: str) -> None:
    """Copy ``state`` into ``module``.

    Raises:
        CompressionError: names or shapes differ.
    """
    expected = shapes_of(module)
    state = prefixed(state, expected)
    held = {key: tuple(value.shape) for key, value in state.items()}
    found = difference(held, expected)
    if not found.none:
        raise CompressionError(
            msg(
                "{path} does not fit {name}: {fits} of {total} names fit; missing: {missing}; too many: {unexpected}; "
                "of another shape: {misshaped}.",
                path=path,
                name=name,
                **_values(found, held, expected),
            ),
            msg("Choose the weights of this network, or the network that these weights were made with."),
            details=details(found),
        )
    module.load_state_dict({k: v for k, v in state.items() if k in expected}, strict=False)


def prefixed(state: Mapping[str, Tensor], expected: Shapes) -> Mapping[str, Tensor]:
    """``state`` with the prefix that makes most of its names those of a network; often none."""

    def fits(prefix: str) -> int:
        return sum(prefix + key in expected for key in state)

    best = max(("", *PREFIXES), key=fits)
    return {best + key: value for key, value in state.items()} if best else state


def without_auxiliary(state: Mapping[str, Tensor], design: Design) -> Mapping[str, Tensor]:
    """``state`` less auxiliary classifiers, which Pare's GoogLeNet and Inception v3 are built without."""
    return {key: value for key, value in state.items() if not _auxiliary(key, design)}


def details(found: Difference) -> str:
    """The whole difference, for *Copy details*."""
    rows = (("missing", found.missing), ("unexpected", found.unexpected), ("another shape", found.misshaped))
    return "\n".join(f"{title}: {', '.join(keys)}" for title, keys in rows if keys)


def _trimmed(held: Shapes, design: Design) -> Shapes:
    return {key: shape for key, shape in held.items() if not _auxiliary(key, design)}


def _auxiliary(key: str, design: Design) -> bool:
    return design.name in ("googlenet", "inception_v3") and key.startswith(AUXILIARY)


def _values(found: Difference, held: Shapes, expected: Shapes) -> dict[str, str | int]:
    """What the sentences about a difference show: counts, and the first few names."""
    misshaped = [f"{key} ({_shape(held[key])} ≠ {_shape(expected[key])})" for key in found.misshaped[:SHOWN]]
    return {
        "fits": found.fits,
        "total": found.total,
        "missing": _some(found.missing[:SHOWN], len(found.missing)),
        "unexpected": _some(found.unexpected[:SHOWN], len(found.unexpected)),
        "misshaped": _some(misshaped, len(found.misshaped)),
    }


def _some(first: Sequence[str], count: int) -> str:
    """``a, b, c, … (12)``, or a dash."""
    if not count:
        return "—"
    return f"{', '.join(first)}, … ({count})" if count > len(first) else ", ".join(first)


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape) or "1"
