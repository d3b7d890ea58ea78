"""Errors a person can repair, as data.

Text that reaches a person is a :class:`Message`: an English template and its values. The window
looks the template up in its catalogue of translations, the command line prints it as it is.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Scalar = str | int | float


@dataclass(frozen=True)
class Message:
    """One sentence for a person: ``template`` with ``{names}`` filled from ``values``.

    A value may be a message itself (a reason in a sentence), so that it is translated too.
    """

    template: str
    values: Mapping[str, Scalar | Message] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def to_data(self) -> dict[str, Any]:
        values = {name: v.to_data() if isinstance(v, Message) else v for name, v in self.values.items()}
        return {"template": self.template, "values": values}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Message:
        values = data.get("values", {})
        return cls(
            data["template"], {name: cls.from_data(v) if isinstance(v, Mapping) else v for name, v in values.items()}
        )


def msg(template: str, /, **values: Scalar | Message) -> Message:
    """Short form of :class:`Message`; the catalogue of translations is collected from its calls."""
    return Message(template, values)


@dataclass(frozen=True)
class Repair:
    """A one-click repair: a button's label and the recipe values it sets (path → new value).

    Paths are those of ``--set``: ``stages.0.prune.amount``. A value of None deletes the key.
    """

    label: Message
    edits: Mapping[str, Any]


class CompressionError(Exception):
    """What went wrong and how to repair it, in one sentence each.

    Args:
        message: what happened and why.
        hint: what the person can do about it.
        repair: an edit of the recipe that repairs it, where there is one.
        details: text for *Copy details*; never needed to understand the message.
    """

    def __init__(
        self,
        message: Message,
        hint: Message | None = None,
        *,
        repair: Repair | None = None,
        details: str = "",
    ) -> None:
        super().__init__(str(message))
        self.message = message
        self.hint = hint
        self.repair = repair
        self.details = details


class RecipeError(CompressionError):
    """The recipe is wrong at ``path`` (``stages.0.prune.amount``), on ``line`` of its file if known."""

    def __init__(
        self,
        message: Message,
        hint: Message | None = None,
        *,
        path: str = "",
        line: int | None = None,
        repair: Repair | None = None,
    ) -> None:
        super().__init__(message, hint, repair=repair)
        self.path = path
        self.line = line


class ConsentNeeded(CompressionError):
    """A Python file would have to be run and nobody has allowed it yet."""

    def __init__(self, file: str, sha256: str) -> None:
        super().__init__(
            msg("Opening this network runs the Python file {file}, and nobody has allowed that yet.", file=file),
            msg("Look at the file; if you trust it, allow it (on the command line: --allow-code {file}).", file=file),
        )
        self.file = file
        self.sha256 = sha256


class Cancelled(Exception):
    """The person pressed Stop. Raised by :meth:`backend.cancel.Cancel.check`."""


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The entry of ``words`` closest to ``word``, or None where nothing is close."""
    found = difflib.get_close_matches(str(word), [str(w) for w in words], n=1, cutoff=0.5)
    return found[0] if found else None


def by_reason(reasons: Mapping[str, Message]) -> list[tuple[str, Message]]:
    """Names, joined by commas, and why: each reason is said once with all it holds for."""
    found: dict[str, tuple[Message, list[str]]] = {}
    for name, why in reasons.items():
        found.setdefault(str(why), (why, []))[1].append(name)
    return [(", ".join(names), why) for why, names in found.values()]


def some(names: Sequence[str], shown: int = 3) -> str:
    """``a, b, c, … (12)``: the first few of ``names``, and how many there are where they are more."""
    return ", ".join(names[:shown]) + (f", … ({len(names)})" if len(names) > shown else "")
