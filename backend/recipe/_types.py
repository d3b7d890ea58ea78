"""The parts of a recipe and their plain data."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from backend import FORMAT

KEEP: Literal["keep"] = "keep"
"""What a layer rule says to leave the layer alone."""


@dataclass(frozen=True)
class ModelSpec:
    """Where the network comes from. ``class`` in YAML is ``class_name`` here."""

    source: str = "bundled"
    name: str | None = None
    weights: str | None = None
    num_classes: int | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    file: str | None = None
    class_name: str | None = None
    width: float | None = None
    depth: float | None = None

    def to_data(self) -> dict[str, Any]:
        data = _given(self)
        if "class_name" in data:
            data["class"] = data.pop("class_name")
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> ModelSpec:
        return cls(**{"class_name" if key == "class" else key: value for key, value in data.items()})


@dataclass(frozen=True)
class DataSpec:
    """Where the data comes from and how it is prepared."""

    source: str = "digits"
    root: str | None = None
    file: str | None = None
    function: str | None = None
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    batch_size: int = 64
    limit: int | None = None
    augment: bool = False

    def to_data(self) -> dict[str, Any]:
        return {k: list(v) if isinstance(v, tuple) else v for k, v in _given(self).items()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> DataSpec:
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        return cls(**values)


@dataclass(frozen=True)
class Rule:
    """What one pattern of ``layers`` says; ``settings`` None means *keep as is*."""

    pattern: str
    settings: Mapping[str, Any] | None

    def to_data(self) -> Any:
        return KEEP if self.settings is None else dict(self.settings)


@dataclass(frozen=True)
class Stage:
    """One stage with the settings that were given (defaults are not written into it)."""

    kind: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    layers: tuple[Rule, ...] = ()
    during: tuple[Stage, ...] = ()

    @functools.cached_property
    def rules_by_pattern(self) -> Mapping[str, Rule]:
        return {rule.pattern: rule for rule in self.layers}

    @functools.cached_property
    def globs(self) -> tuple[Rule, ...]:
        """The rules whose pattern can match other names than its own."""
        return tuple(rule for rule in self.layers if is_pattern(rule.pattern))

    def to_data(self) -> dict[str, Any]:
        body: dict[str, Any] = dict(self.settings)
        if self.layers:
            body["layers"] = {rule.pattern: rule.to_data() for rule in self.layers}
        if self.during:
            body["during"] = [stage.to_data() for stage in self.during]
        return {self.kind: body}


@dataclass(frozen=True)
class Recipe:
    """The whole document."""

    model: ModelSpec = field(default_factory=ModelSpec)
    data: DataSpec = field(default_factory=DataSpec)
    stages: tuple[Stage, ...] = ()
    name: str = "Untitled"
    seed: int = 0
    device: str = "cpu"
    budget: Mapping[str, float] = field(default_factory=dict)
    """Limit → figure: what the result is judged by. No stage is set by it."""

    def to_data(self) -> dict[str, Any]:
        """Plain data in the order of the documentation, ``pare`` first."""
        return {
            "pare": FORMAT,
            "name": self.name,
            "seed": self.seed,
            "device": self.device,
            "model": self.model.to_data(),
            "data": self.data.to_data(),
            **({"budget": dict(self.budget)} if self.budget else {}),
            "stages": [stage.to_data() for stage in self.stages],
        }


def is_pattern(text: str) -> bool:
    """Whether a rule so named is for several layers: a glob on their names, or ``type:`` and one on their types."""
    return text.startswith("type:") or any(sign in text for sign in "*?[")


def _given(spec: ModelSpec | DataSpec) -> dict[str, Any]:
    """The fields that differ from their default, the source always."""
    blank = type(spec)()
    return {
        f.name: getattr(spec, f.name)
        for f in fields(spec)
        if f.name == "source" or getattr(spec, f.name) != getattr(blank, f.name)
    }
