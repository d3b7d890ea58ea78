"""How a method describes itself: plain data that both processes share.

Menus, forms, the command line, validation and the documentation all follow from it. This module
imports neither torch nor Qt.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from backend.errors import CompressionError, Message, msg, nearest

ParameterType = Literal[
    "bool",
    "int",
    "float",
    "choice",
    "method",
    "text",
    "file",
    "numbers",
    "mapping",
    "nested",
    "list",
    "group",
    "pairs",
    "network",
    "target",
]


KIND = "kind"
"""The key of a nested method's id."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One setting of a method.

    Attributes:
        name: the key in the recipe.
        type: ``method`` is a choice among the ids of kind ``of``; ``numbers`` a list of floats; ``nested``
            a method of kind ``of`` with its settings, ``{kind: agp, end: 0.6}``; ``list`` several of them;
            ``group`` settings that belong together, ``fields``; ``pairs`` layer → layer, or list of layers;
            ``network`` a file, a run's folder, or a section like the recipe's ``model``; ``target`` one of
            ``choices`` and its figure, ``{macs: 0.5}``.
        default: used where the recipe says nothing; None means "not set".
        minimum, maximum: inclusive bounds of a number.
        above: exclusive lower bound of a number.
        choices: the values of a ``choice``, the keys of a ``target``.
        of: the kind of methods a ``method`` chooses from.
        key: what names the method in a ``nested`` or in an entry of a ``list``.
        fields: the settings of a ``group``.
        percent: a share from 0 to 1 that is shown as 0–100 %.
        per_layer: whether a layer rule may set it.
        advanced: shown folded away.
    """

    name: str
    type: ParameterType
    label: str
    summary: str = ""
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[Any, ...] = ()
    of: str = ""
    key: str = KIND
    fields: tuple[Parameter, ...] = ()
    percent: bool = False
    per_layer: bool = True
    advanced: bool = False
    required: bool = False

    def check(self, value: Any) -> Any:
        """``value`` in its proper type.

        Raises:
            CompressionError: a wrong type or a value out of range, with the valid ones as the hint.
        """
        if value is None and not self.required:
            return None
        match self.type:
            case "bool":
                if isinstance(value, bool):
                    return value
                raise self._wrong(value, msg("Write true or false."))
            case "int" | "float":
                return self._number(value)
            case "choice":
                for choice in self.choices:
                    if value == choice or str(value) == str(choice):
                        return choice
                raise self._wrong(value, offer(str(value), [str(c) for c in self.choices]))
            case "text" | "file" | "method":
                if isinstance(value, str):
                    return value
                raise self._wrong(value, msg("Write a text."))
            case "numbers":
                if isinstance(value, (list, tuple)) and all(_is_number(v) for v in value):
                    return [float(v) for v in value]
                raise self._wrong(value, msg("Write a list of numbers, like [0.5, 0.5, 0.5]."))
            case "mapping":
                if isinstance(value, Mapping):
                    return dict(value)
                raise self._wrong(value, msg("Write keys and values, like {{key: value}}."))
            case "nested":
                return self._method(value)
            case "list":
                if isinstance(value, (list, tuple)):
                    return [self._method(one) for one in value]
                raise self._wrong(value, msg("Begin each entry with a dash."))
            case "group":
                if isinstance(value, Mapping):
                    return dict(value)
                first = self.fields[0].name
                raise self._wrong(value, msg("Write keys and values, like {{{key}: …}}.", key=first))
            case "pairs":
                return self._pairs(value)
            case "network":
                if isinstance(value, (str, Mapping)) and value:
                    return value if isinstance(value, str) else dict(value)
                raise self._wrong(value, msg("Name a file or the folder of a run, or write a section like model."))
            case "target":
                return self._target(value)

    def to_data(self) -> dict[str, Any]:
        """Plain data: what every parameter has, and what differs from the default."""
        blank = Parameter(name="", type="text", label="")
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}
        plain["fields"] = [field.to_data() for field in self.fields]
        always = ("name", "type", "label", "default")
        usual = vars(blank)
        return {name: plain[name] for name, value in vars(self).items() if name in always or value != usual[name]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Parameter:
        fields = tuple(cls.from_data(one) for one in data.get("fields", ()))
        return cls(**{**data, "choices": tuple(data.get("choices", ())), "fields": fields})

    def _method(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Mapping) and isinstance(value.get(self.key), str):
            return dict(value)
        raise self._wrong(value, msg("Write its {key} and its settings, like {{{key}: …}}.", key=self.key))

    def _pairs(self, value: Any) -> dict[str, str | list[str]]:
        if not isinstance(value, Mapping):
            raise self._wrong(value, msg("Write layer: layer, one pair a line."))
        read: dict[str, str | list[str]] = {}
        for name, other in value.items():
            several = isinstance(other, (list, tuple)) and other and all(isinstance(one, str) for one in other)
            if not isinstance(name, str) or not (isinstance(other, str) or several):
                raise self._wrong(other, msg("Write layer: layer, one pair a line."))
            read[name] = other if isinstance(other, str) else list(other)
        return read

    def _target(self, value: Any) -> dict[str, float]:
        if not isinstance(value, Mapping) or len(value) != 1:
            raise self._wrong(value, msg("Write one figure, like {{{key}: 0.25}}.", key=self.choices[0]))
        key, figure = next(iter(value.items()))
        if key not in self.choices:
            raise self._wrong(key, offer(str(key), self.choices))
        if not _is_number(figure) or figure <= 0:
            raise self._wrong(figure, msg("Write a number above 0."))
        return {key: float(figure)}

    def _number(self, value: Any) -> int | float:
        if not _is_number(value) or (self.type == "int" and value != int(value)):
            kind = msg("Write a whole number.") if self.type == "int" else msg("Write a number.")
            raise self._wrong(value, kind)
        number = int(value) if self.type == "int" else float(value)
        low = self.minimum if self.minimum is not None else self.above
        outside = (
            (self.minimum is not None and number < self.minimum)
            or (self.above is not None and number <= self.above)
            or (self.maximum is not None and number > self.maximum)
        )
        if outside:
            if self.maximum is None:
                raise self._wrong(value, msg("The smallest value is {low}.", low=low if low is not None else 0))
            if low is None:
                raise self._wrong(value, msg("The largest value is {high}.", high=self.maximum))
            if self.above is not None:
                raise self._wrong(
                    value, msg("Choose a value above {low} and up to {high}.", low=self.above, high=self.maximum)
                )
            raise self._wrong(value, msg("Choose a value from {low} to {high}.", low=low, high=self.maximum))
        return number

    def _wrong(self, value: Any, hint: Message) -> CompressionError:
        shown = "null" if value is None else str(value)
        return CompressionError(msg("{name} can't be {value}.", name=self.name, value=shown), hint)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def offer(word: str, words: Iterable[str]) -> Message:
    """The hint for a wrong word: the nearest valid one, else all of them."""
    words = list(words)
    close = nearest(word, words)
    if close:
        return msg("Did you mean {close}?", close=close)
    return msg("Choose one of: {words}.", words=", ".join(words))


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The paper, or talk, that a method is from.

    Attributes:
        authors: family names, the first one and "et al." where there are many.
        title: as printed.
        year: in which it appeared.
        link: ``arXiv:1710.01878`` or ``doi:10.1214/…``; empty where it has neither.
    """

    authors: str
    title: str
    year: int
    link: str = ""

    @property
    def address(self) -> str:
        """Where it can be read; empty where that is not known."""
        scheme, _, name = self.link.partition(":")
        base = {"arXiv": "https://arxiv.org/abs/", "doi": "https://doi.org/"}.get(scheme, "")
        return base + name if base else ""


@dataclass(frozen=True, kw_only=True)
class Description:
    """What the window, the command line and the recipe know of a method.

    ``when`` says when to use it and what it costs. ``traits`` holds what else is worth knowing, per kind (a
    criterion's ``unit``, a stage's ``method_kind``).
    """

    kind: str
    id: str
    label: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    traits: Mapping[str, Any] = field(default_factory=dict)
    when: str = ""
    reference: Reference | None = None

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def to_data(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "label": self.label,
            "summary": self.summary,
            "when": self.when,
            "reference": dict(vars(self.reference)) if self.reference is not None else None,
            "parameters": [p.to_data() for p in self.parameters],
            "traits": dict(self.traits),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Description:
        parameters = tuple(Parameter.from_data(p) for p in data["parameters"])
        reference = Reference(**data["reference"]) if data.get("reference") else None
        return cls(**{**data, "parameters": parameters, "reference": reference})


@dataclass(frozen=True, kw_only=True)
class Method:
    """Base of everything that can be registered: one frozen instance named ``METHOD`` per file.

    ``when`` says in a sentence or two when to use it and what it costs; ``reference`` is empty where it is nobody's
    paper. Subclasses add their one or two functions. ``traits`` are the plain facts a subclass publishes.
    """

    id: str
    label: str
    summary: str
    when: str = ""
    reference: Reference | None = None
    parameters: tuple[Parameter, ...] = ()

    def traits(self) -> dict[str, Any]:
        return {}

    def describe(self, kind: str) -> Description:
        return Description(
            kind=kind,
            id=self.id,
            label=self.label,
            summary=self.summary,
            parameters=self.parameters,
            traits=self.traits(),
            when=self.when,
            reference=self.reference,
        )


class Catalogue:
    """Every registered method as plain data; the same list as ``methods --json``."""

    def __init__(self, descriptions: Iterable[Description]) -> None:
        self._kinds: dict[str, dict[str, Description]] = {}
        for description in descriptions:
            self._kinds.setdefault(description.kind, {})[description.id] = description

    def kind(self, kind: str) -> Mapping[str, Description]:
        """Methods of a kind by id, in the order they are offered."""
        return self._kinds.get(kind, {})

    def get(self, kind: str, id: str) -> Description:
        """The method ``id`` of ``kind``.

        Raises:
            CompressionError: there is none; the hint names the nearest one.
        """
        found = self.kind(kind).get(id) if isinstance(id, str) else None
        if found is None:
            raise CompressionError(
                msg("Pare has no {kind} called {id}.", kind=kind, id=str(id)), offer(str(id), self.kind(kind))
            )
        return found

    def to_data(self) -> list[dict[str, Any]]:
        return [d.to_data() for methods in self._kinds.values() for d in methods.values()]

    @classmethod
    def from_data(cls, data: Iterable[Mapping[str, Any]]) -> Catalogue:
        return cls(Description.from_data(d) for d in data)
