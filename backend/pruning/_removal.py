"""What a ``prune`` stage with ``remove`` does: whole channels, group by group, first silenced and then taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from backend.cancel import Cancel
from backend.errors import CompressionError, Message, msg
from backend.events import Emit, Progress
from backend.network import Network
from backend.pruning._base import unit_of
from backend.pruning._groups import at_a_time, global_units, group_scores, local_units, rounded, silent, width
from backend.pruning._masks import Ranked, lowest
from backend.removal import Group, Structure, agreement, analyze, checked, cut_masks, prepared, remove
from backend.session import Session

IMAGES = 16
"""On so many images the smaller network is compared with the masked one."""


class Channels:
    """The groups of channels of a session's network.

    Attributes:
        structure: what can go together, and what can't go at all.
        refused: layer that was to be pruned → why it is not.

    Raises:
        CompressionError: the network is too large to analyze, or can't be run.
    """

    def __init__(self, session: Session, index: int, emit: Emit, cancel: Cancel) -> None:
        self._session, self._index, self._emit, self._cancel = session, index, emit, cancel
        self._asked: set[str] = set()
        self._round_to: int | None = None
        self.refused: dict[str, Message] = {}
        session.network = prepared(session.network)
        self._analyze()

    def sort(self, alone: Sequence[Ranked], ranked: Sequence[Ranked]) -> tuple[list[Ranked], list[Ranked]]:
        """Those whose channels can go; why the others' can't stands in ``refused`` afterwards."""
        given = {layer.name: (layer, criterion) for layer, criterion in (*alone, *ranked)}
        own = {name: why for name, pair in given.items() if (why := self._why_not(pair)) is not None}
        self.refused |= own
        able = given.keys() - own.keys()
        for group in self.structure.groups:
            kept = next((name for name in group.layers if name not in able), None)
            if kept is not None:
                why = msg("Its channels go together with those of {layer}, which is kept", layer=kept)
                self.refused |= {name: why for name in group.layers if name in able}
        return (
            [pair for pair in alone if pair[0].name not in self.refused],
            [pair for pair in ranked if pair[0].name not in self.refused],
        )

    def masks(
        self, alone: Sequence[Ranked], ranked: Sequence[Ranked], share: float, settings: Mapping[str, Any]
    ) -> dict[str, Tensor]:
        """Masks, by parameter, that silence the least important channels to ``share`` of the amounts."""
        by_name = {layer.name: (layer, criterion) for layer, criterion in (*alone, *ranked)}
        ranking, groups = self._groups(ranked), self._groups([*alone, *ranked])
        scores = {group.name: group_scores(group, by_name, self._session.masks) for group in groups}
        removed: dict[str, Tensor] = {}
        self._asked, self._round_to = {group.name for group in groups}, settings["round_to"]
        for group in groups:
            if group not in ranking:
                amount = share * _amount(group, by_name)
                removed[group.name] = local_units(scores[group.name], amount, width(group), settings["round_to"])
        if ranking:
            widths = {group.name: width(group) for group in ranking}
            joint = {name: scores[name] for name in widths}
            removed |= global_units(joint, share * settings["amount"], widths, settings["round_to"])
        made = self.structure.silenced(removed)
        old = self._session.masks
        return {name: mask * old[name].to(mask.device) if name in old else mask for name, mask in made.items()}

    def state_dict(self) -> dict[str, Any]:
        """What was asked for so far."""
        refused = {name: why.to_data() for name, why in self.refused.items()}
        return {"asked": sorted(self._asked), "round_to": self._round_to, "refused": refused}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""
        self._asked, self._round_to = set(state["asked"]), state["round_to"]
        self.refused = {name: Message.from_data(why) for name, why in state["refused"].items()}

    def parts(self, alone: Sequence[Ranked], ranked: Sequence[Ranked], settings: Mapping[str, Any]) -> GroupParts:
        """What a target chooses amounts for: the groups of which no layer has an amount of its own."""
        by_name = {layer.name: (layer, criterion) for layer, criterion in (*alone, *ranked)}
        free, round_to = self._groups(ranked), settings["round_to"]
        scores: dict[str, Tensor] = {}
        fixed: dict[str, Tensor] = {}
        for group in self._groups([*alone, *ranked]):
            found = group_scores(group, by_name, self._session.masks)
            if group in free:
                scores[group.name] = found
            else:
                fixed[group.name] = local_units(found, _amount(group, by_name), width(group), round_to)
        each = {group.name: at_a_time(width(group), round_to) for group in free}
        return GroupParts(self._session.network, self.structure, scores, fixed, each)

    def amounts(self, chosen: Mapping[str, float]) -> Mapping[str, float]:
        """Layer → amount, of the amounts chosen for :meth:`parts`."""
        groups = [group for group in self.structure.groups if group.name in chosen]
        amounts = {layer: chosen[group.name] for group in reversed(groups) for layer in group.layers}
        return amounts | {group.layers[0]: chosen[group.name] for group in groups}

    def finish(self) -> None:
        """Take the silenced channels out of the session's network and cut its masks down.

        What came of it stands in the session's report: ``max_abs_error`` against the masked network, and
        per layer the channels there were and that are left.

        Raises:
            CompressionError: the smaller network computes something else; nothing is changed then.
        """
        session = self._session
        if session.network is not self._analyzed:  # another entry has removed channels
            self._analyze()
        asked = [group for group in self.structure.groups if group.name in self._asked]
        for group in asked:
            if self._round_to is not None and group.units <= at_a_time(width(group), self._round_to):
                why = msg(
                    "It has no more channels than the {multiple} of which a multiple stays", multiple=self._round_to
                )
                self.refused |= dict.fromkeys(group.layers, why)
        removed = {group.name: self._silent(group) for group in asked}
        removed = {name: units for name, units in removed.items() if len(units)}
        smaller = remove(session.network, self.structure, removed) if removed else session.network
        found = agreement(session.network.module, smaller.module, self._images())
        if not found.equal:
            raise CompressionError(
                msg(
                    "Without its channels the network computes something else than with them silent: "
                    "its outputs differ by {error}, of {scale} at most.",
                    error=f"{found.max_abs_error:.3g}",
                    scale=f"{found.scale:.3g}",
                ),
                msg("Set remove: false to keep the masks, and report this network."),
            )
        layers = _channels(self.structure, removed)
        if removed:
            session.masks = _useful(cut_masks(session.masks, smaller.edits[-1]))
            session.network = smaller
        earlier = session.report.get("removal", {"max_abs_error": 0.0, "layers": []})
        channels = {row["name"]: row["channels"] for row in earlier["layers"]}
        session.report["removal"] = {
            "max_abs_error": max(found.max_abs_error, earlier["max_abs_error"]),
            "layers": [{**row, "channels": channels.get(row["name"], row["channels"])} for row in layers],
        }

    def _analyze(self) -> None:
        self._emit(Progress(self._index, 0, 1, msg("Finding out which channels depend on each other")))
        self._analyzed = self._session.network
        self.structure = checked(self._analyzed, analyze(self._analyzed, self._cancel), self._cancel)

    def _groups(self, layers: Sequence[Ranked]) -> list[Group]:
        """Groups all of whose layers are among ``layers``."""
        names = {layer.name for layer, _ in layers}
        return [group for group in self.structure.groups if names.issuperset(group.layers)]

    def _silent(self, group: Group) -> Tensor:
        """Units that nothing comes through, as far as the multiple that shall stay allows."""
        gone = silent(group, self.structure, self._session.masks).nonzero().flatten()
        count = min(len(gone), group.units - 1)
        return gone[: rounded(count, group.units, width(group), self._round_to)]

    def _why_not(self, pair: Ranked) -> Message | None:
        layer, criterion = pair
        if unit_of(layer, criterion) != "channel":
            return msg("{method} prunes single weights, and only whole channels can go", method=criterion.label)
        if layer.settings.get("dim", 0) != 0:
            return msg("Its inputs go with the layers that compute them; only outputs can be chosen")
        if self.structure.group_of(layer.name) is None:
            return self.structure.refused.get(layer.name, msg("Nothing that is computed from it can be made smaller"))
        return None

    def _images(self) -> Tensor:
        images, _ = next(self._session.data.batches("validation", IMAGES, device=self._session.device))
        return images


@dataclass(frozen=True)
class GroupParts:
    """Groups of channels whose amounts a target chooses; see :class:`backend.pruning._target.Parts`.

    Attributes:
        network: what they are removed from.
        structure: of that network.
        scores: group → importance of its units.
        fixed: units of other groups that go in any case.
        each: group → how many of its units go at a time, so that a multiple stays.
    """

    network: Network
    structure: Structure
    scores: Mapping[str, Tensor]
    fixed: Mapping[str, Tensor]
    each: Mapping[str, int]

    def units(self) -> Mapping[str, int]:
        return {name: -(-len(s) // self.each[name]) for name, s in self.scores.items()}

    def shares(self, removed: Mapping[str, int]) -> dict[str, float]:
        return {name: self._gone(name, count) / len(self.scores[name]) for name, count in removed.items()}

    def given(self) -> dict[str, Tensor]:
        return self.structure.silenced(self.fixed)

    def masks(self, removed: Mapping[str, int]) -> dict[str, Tensor]:
        return self.structure.silenced(self._lowest(removed))

    def silenced(self, name: str) -> dict[str, Tensor]:
        units = torch.arange(len(self.scores[name]))
        if len(units) == 1:
            return {}
        first, rest = (self.structure.silenced({name: part}) for part in (units[:1], units[1:]))
        return {parameter: mask * rest[parameter] for parameter, mask in first.items()}

    def costs(self, removed: Mapping[str, int]) -> Mapping[str, float]:
        parameters, macs = self.structure.costs(self._all_gone(removed))
        return {"parameters": float(parameters), "macs": float(macs)}

    def left(self, removed: Mapping[str, int]) -> dict[str, int]:
        return self.structure.left(self._all_gone(removed))

    def smaller(self, removed: Mapping[str, int]) -> Network:
        return remove(self.network, self.structure, {**self.fixed, **self._lowest(removed)})

    def _lowest(self, removed: Mapping[str, int]) -> dict[str, Tensor]:
        return {
            name: lowest(self.scores[name], self._gone(name, count)).eq(0).nonzero().flatten()
            for name, count in removed.items()
        }

    def _all_gone(self, removed: Mapping[str, int]) -> dict[str, int | Tensor]:
        return {**self.fixed, **{name: self._gone(name, count) for name, count in removed.items()}}

    def _gone(self, name: str, count: int) -> int:
        """Channels' units behind ``count`` of :meth:`units`: a multiple stays, whatever goes."""
        whole, each = len(self.scores[name]), self.each[name]
        return whole - (-(-whole // each) - count) * each if count else 0


def _amount(group: Group, layers: Mapping[str, Ranked]) -> float:
    """The amount of a group: that of its first layer with one of its own, else the stage's."""
    own = [layers[name][0] for name in group.layers if layers[name][0].own_amount]
    return float((own or [layers[group.layers[0]][0]])[0].settings["amount"])


def _channels(structure: Structure, removed: Mapping[str, Tensor]) -> list[dict[str, Any]]:
    """Per layer: the channels there were, and those that are left."""
    found: dict[str, dict[str, Any]] = {}
    for group in structure.groups:
        for layer, rows in group.rows.items():
            row = found.setdefault(layer, {"name": layer, "channels": 0, "left": 0})
            row["channels"] += rows.numel()
            row["left"] += rows.numel() - rows[removed.get(group.name, [])].numel()
    return list(found.values())


def _useful(masks: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Masks that still prune something."""
    return {name: mask for name, mask in masks.items() if not bool(mask.all())}
