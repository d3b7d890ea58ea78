"""What the search finds: entries in groups, ranked as they are typed. No widgets here.

A letter a key stroke must find its way through 10,000 layers in a few milliseconds: a group holds its texts in lower
case, and entries are made only of those that are shown.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from PySide6.QtCore import QSettings

RECENT = 6
"""How many entries used last are remembered."""
SCATTERED = 3
"""The tier of texts that hold the letters apart: looked for where nothing better is found."""
BREAKS = (" ", ".", "_", "-", "/")
"""What a word begins after."""


@dataclass(frozen=True)
class Entry:
    """One thing to choose. ``key`` is its stable name; ``reason`` says why it can't be chosen now, "" if it can."""

    key: str
    title: str
    call: Callable[[], object]
    icon: str = ""
    detail: str = ""
    shortcut: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Group:
    """Entries of one kind.

    Attributes:
        title: its heading.
        texts: what each entry is found by, in lower case.
        make: the entry at an index.
        most: how many are shown at once.
        listed: whether they are shown before anything is typed.
    """

    title: str
    texts: Sequence[str]
    make: Callable[[int], Entry]
    most: int = 12
    listed: bool = False


@dataclass(frozen=True)
class Found:
    """An entry and which letters of its title were typed."""

    entry: Entry
    letters: tuple[int, ...] = ()


@dataclass
class Hits:
    """What was found in a group; ``tier`` is how well its best entry fits, 0 the best."""

    title: str
    found: list[Found] = field(default_factory=list)
    tier: int = 0


def group_of(title: str, entries: Sequence[Entry], most: int = 12, *, listed: bool = False) -> Group:
    """A group of entries that are few."""
    return Group(title, [entry.title.lower() for entry in entries], entries.__getitem__, most, listed)


def find(groups: Sequence[Group], typed: str, recent: Sequence[str] = (), recent_title: str = "") -> list[Hits]:
    """What ``typed`` finds, the group with the best match first; with nothing typed, what was used last.

    A text fits that begins with what was typed, has a word that does, or holds each of its words, in this order; where
    none does, those that hold its letters in their order.
    """
    wanted = " ".join(typed.lower().split())
    if not wanted:
        return _unasked(groups, recent, recent_title)
    hits = []
    for group in groups:
        ranked = _ranked(group, wanted)
        if ranked:
            made = [Found(group.make(at), letters(group.texts[at], wanted)) for _, at in ranked]
            used = {key: place for place, key in enumerate(recent)}
            order = sorted(range(len(made)), key=lambda i: (ranked[i][0], used.get(made[i].entry.key, RECENT)))
            hits.append(Hits(group.title, [made[i] for i in order], ranked[0][0]))
    return sorted(hits, key=lambda one: one.tier)


def _unasked(groups: Sequence[Group], recent: Sequence[str], title: str) -> list[Hits]:
    listed = [Hits(group.title, [Found(group.make(i)) for i in range(len(group.texts))]) for group in groups
              if group.listed]  # fmt: skip
    known = {found.entry.key: found for hits in listed for found in hits.found}
    used = [known[key] for key in recent if key in known]
    return [*([Hits(title, used)] if used else []), *listed]


def _ranked(group: Group, wanted: str) -> list[tuple[int, int]]:
    """(tier, index) of the best entries, as many as are shown."""
    found: dict[int, int] = {}
    for tier, places in enumerate(_tiers(group.texts, wanted)):
        if tier == SCATTERED and found:
            break
        for at in islice((at for at in places if at not in found), group.most - len(found)):
            found[at] = tier
        if len(found) >= group.most:
            break
    return [(tier, at) for at, tier in found.items()]


def _tiers(texts: Sequence[str], wanted: str) -> Iterator[Iterator[int]]:
    """Indices by how well their texts fit, the best first; what is not asked for is not looked for."""
    yield (at for at, text in enumerate(texts) if text.startswith(wanted))
    begins = tuple(mark + wanted for mark in BREAKS)
    yield (at for at, text in enumerate(texts) if wanted in text and any(begin in text for begin in begins))
    places: Iterable[int] = range(len(texts))
    for word in sorted(wanted.split(), key=len, reverse=True):
        places = [at for at in places if word in texts[at]]
    yield iter(places)
    yield _scattered(texts, wanted.replace(" ", ""))


def _scattered(texts: Sequence[str], wanted: str) -> Iterator[int]:
    """Texts that hold the letters in their order, those that hold them closest together first."""
    rest = "".join(f"[^{re.escape(letter)}]*{re.escape(letter)}" for letter in wanted[1:])
    find = re.compile(re.escape(wanted[0]) + rest).search
    spans = ((match.end() - match.start(), len(text), at) for at, text in enumerate(texts) if (match := find(text)))
    yield from (at for _, _, at in heapq.nsmallest(50, spans))


def letters(text: str, wanted: str) -> tuple[int, ...]:
    """Which letters of ``text`` match what was typed: together where it is held so, at a word's begin if one is."""
    places = [text.find(mark + wanted) + 1 for mark in BREAKS if mark + wanted in text]
    start = 0 if text.startswith(wanted) else min(places, default=text.find(wanted))
    if start >= 0:
        return tuple(range(start, start + len(wanted)))
    words = wanted.split()
    if all(word in text for word in words):
        return tuple(at for word in words for at in range(text.find(word), text.find(word) + len(word)))
    found, at = [], -1
    for letter in wanted.replace(" ", ""):
        at = text.find(letter, at + 1)
        found.append(at)
    return tuple(found) if -1 not in found else ()


def recent() -> list[str]:
    """Keys of the entries used last, the latest first."""
    try:
        known = json.loads(str(QSettings().value("palette", "[]")))
    except ValueError:
        return []
    return [key for key in known if isinstance(key, str)] if isinstance(known, list) else []


def use(key: str) -> None:
    """Remember that an entry was chosen."""
    QSettings().setValue("palette", json.dumps([key, *(other for other in recent() if other != key)][:RECENT]))
