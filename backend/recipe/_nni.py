"""Stages from NNI's ``config_list`` (versions 2 and 3), and the list of what could not be carried over.

A config_list says what to do with which layers; the compressor it is given to says how. Layers are looked up in
the network, so the rules mean the same layers whatever they are called in NNI.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.answers import LayerInfo
from backend.description import KIND, Catalogue
from backend.errors import CompressionError, Message, msg
from backend.recipe._nni_quantize import QUANTIZERS, quantize_stages
from backend.recipe._nni_rules import rules, weighted
from backend.recipe._nni_select import SELECTING, Selector
from backend.recipe._nni_text import Compressor, Entries, compressors_in, short_name
from backend.recipe._types import Rule, Stage

PRUNERS: Mapping[str, Mapping[str, Any]] = {
    "Level": {"method": "l1_unstructured"},
    "L1Norm": {"method": "ln_structured", "n": 1},
    "L2Norm": {"method": "ln_structured", "n": 2},
    "FPGM": {"method": "fpgm"},
    "Slim": {"method": "slim"},
    "Taylor": {"method": "taylor"},
    "APoZ": {"method": "apoz"},
    "Movement": {"method": "movement"},
}
SCHEDULES: Mapping[str, tuple[str, str]] = {
    "AGP": ("agp", "steps"),
    "Linear": ("iterative", "rounds"),
    "LotteryTicket": ("lottery_ticket", "rounds"),
}
"""NNI's scheduled pruners → our schedule and its setting for the number of rounds."""
ALIASES = {
    "level": "Level", "l1": "L1Norm", "l2": "L2Norm", "l1filter": "L1Norm", "l2filter": "L2Norm", "fpgm": "FPGM",
    "slim": "Slim", "taylorfoweight": "Taylor", "taylorfo": "Taylor", "taylorfoweightfilter": "Taylor",
    "activationapozrank": "APoZ", "activationapozrankfilter": "APoZ", "apoz": "APoZ", "movement": "Movement",
    "lsqplus": "LSQPlus", "ptq": "PTQ", "qat": "QAT", "lsq": "LSQ", "dorefa": "DoReFa", "bnn": "BNN",
    "observer": "PTQ", "naive": "PTQ", "l1norm": "L1Norm", "l2norm": "L2Norm", "taylor": "Taylor", "agp": "AGP",
    "linear": "Linear", "lotteryticket": "LotteryTicket",
}  # fmt: skip
"""Other names of the same, in small letters."""
AMOUNTS = ("sparse_ratio", "sparsity_per_layer", "sparsity", "total_sparsity")
PRUNING = (*AMOUNTS, "sparse_threshold", "global_group_id", "granularity", "target_names", "target_settings")
MEANINGLESS = {"apply_method": ("mul",), "internal_metric_block": (None,), "dependency_group_id": (None,)}
"""Keys that change nothing at these values."""


@dataclass(frozen=True)
class Imported:
    """What became of a config_list.

    Attributes:
        stages: to put into a recipe.
        algorithm: the compressor they were read for.
        notes: what could not be carried over, or means a little less or more here.
    """

    stages: tuple[Stage, ...]
    algorithm: str
    notes: tuple[Message, ...]


def nni_algorithms() -> tuple[str, ...]:
    """The compressors whose config_list can be read."""
    return (*PRUNERS, *SCHEDULES, *QUANTIZERS)


def import_nni(text: str, layers: Sequence[LayerInfo], catalogue: Catalogue, algorithm: str = "") -> Imported:
    """The stages that ``text`` describes, for a network with ``layers``.

    Args:
        text: Python, JSON or YAML that holds a config_list; it is read and never run.
        layers: of the network, in order.
        catalogue: all methods.
        algorithm: NNI's compressor where the text names none; empty: guessed from the keys.

    Raises:
        CompressionError: there is no config_list, or it selects no layer of the network.
    """
    stages: list[Stage] = []
    notes: list[Message] = []
    names = []
    for found in compressors_in(text):
        work = _Work(_named(found, algorithm), {layer.name: layer for layer in layers}, catalogue, notes)
        stages += work.stages()
        names.append(work.use.name)
    if not stages:
        raise CompressionError(
            msg("The config_list selects no layer of this network that has weights."),
            msg("Open the network that it was written for, then import it."),
        )
    ordered = sorted(stages, key=lambda stage: stage.kind == "quantize")
    return Imported(tuple(ordered), names[0], tuple(notes))


def _named(found: Compressor, algorithm: str) -> Compressor:
    """``found`` with a name we know: its own, the one that was chosen, or a guess."""
    quantizes = any(key.startswith("quant_") for entry in found.entries for key in _all_keys(entry))
    guess = "PTQ" if quantizes else "Level"
    own = ALIASES.get(found.name.replace("_", "").lower(), found.name)
    chosen = own or ALIASES.get(short_name(algorithm).lower(), algorithm) or guess
    inner = found.inner or str(found.options.get("pruning_algorithm") or "")
    inner = ALIASES.get(inner.replace("_", "").lower(), inner)
    return Compressor(chosen, found.entries, found.options, inner)


def _all_keys(entry: Mapping[str, Any]) -> Iterable[str]:
    settings = entry.get("target_settings")
    inner = settings.values() if isinstance(settings, Mapping) else ()
    return [str(key) for part in (entry, *inner) if isinstance(part, Mapping) for key in part]


@dataclass
class _Work:
    """One compressor, translated."""

    use: Compressor
    layers: Mapping[str, LayerInfo]
    catalogue: Catalogue
    notes: list[Message]

    def note(self, message: Message) -> None:
        if message not in self.notes:
            self.notes.append(message)

    def stages(self) -> list[Stage]:
        chosen = self._chosen(self.use.entries)
        if self.use.name in QUANTIZERS:
            return quantize_stages(self.use.name, chosen, self._rules, self.note)
        return self._pruning(chosen) if chosen else []

    # Which layers

    def _chosen(self, entries: Entries) -> dict[str, dict[str, Any]]:
        """Layer → its settings. A later entry counts where two choose the same layer."""
        found: dict[str, dict[str, Any]] = {}
        selector = Selector(self.layers, "Slim" in (self.use.name, self.use.inner), self.note)
        for number, entry in enumerate(entries):
            names = selector.selected(entry)
            if entry.get("exclude"):
                found = {name: settings for name, settings in found.items() if name not in names}
                continue
            settings = self._settings(entry)
            if "total_sparsity" in settings:
                settings.setdefault("global_group_id", f"entry {number}")
            if not names:
                self.note(msg("Entry {number} selects no layer of this network.", number=number + 1))
            found.update(dict.fromkeys(names, settings))
        return found

    def _settings(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        """What an entry says of the weights, its targets' own settings in the place of the general ones."""
        settings = {str(key): value for key, value in entry.items() if key not in SELECTING}
        targets = settings.get("target_settings")
        if isinstance(targets, Mapping) and self.use.name not in QUANTIZERS:
            settings |= dict(targets.get("weight") or {})
            others = [str(name) for name in targets if name not in ("weight", "bias")]
            if others:
                self.note(msg("Pare prunes weights: settings for {targets} are left out.", targets=", ".join(others)))
        return settings

    # Pruning

    def _pruning(self, chosen: Mapping[str, Mapping[str, Any]]) -> list[Stage]:
        base = self._criterion()
        groups: dict[Any, dict[str, dict[str, Any]]] = {}
        for name, settings in chosen.items():
            group = settings.get("global_group_id")
            groups.setdefault(group, {})[name] = {**base, **self._amount(settings, base)}
        made = []
        for group, wanted in groups.items():
            settings, layer_rules = self._rules(wanted, group is not None)
            scope = {} if group is None else {"scope": "global"}
            made.append(Stage("prune", {**settings, **scope}, layer_rules))
        return self._scheduled(made)

    def _rules(
        self, wanted: Mapping[str, Mapping[str, Any]], alike: bool = False
    ) -> tuple[dict[str, Any], tuple[Rule, ...]]:
        types = {name: self.layers[name].type for name in weighted(self.layers.values())}
        return rules(wanted, types, alike=alike)

    def _criterion(self) -> dict[str, Any]:
        name = self.use.inner if self.use.name in SCHEDULES else self.use.name
        if self.use.name in SCHEDULES and not name:
            name = "Level"
        if name not in PRUNERS:
            self.note(
                msg("Pare has no counterpart of {name}; the smallest weights go in its place.", name=name or "it")
            )
        return dict(PRUNERS.get(name, PRUNERS["Level"]))

    def _amount(self, settings: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of one layer that stand in a prune stage."""
        found: dict[str, Any] = {}
        amount = next((settings[key] for key in AMOUNTS if _number(settings.get(key))), None)
        threshold = settings.get("sparse_threshold")
        if amount is not None:
            found["amount"] = float(amount)
        elif _number(threshold) and base["method"] == "l1_unstructured":
            found |= {"method": "threshold", "threshold": float(threshold)}  # type: ignore[arg-type]
        elif threshold is not None:
            self.note(msg("{key} compares other figures in NNI; choose an amount.", key="sparse_threshold"))
        found |= self._granularity(settings.get("granularity", "default"), base)
        self._drop(settings)
        return found

    def _granularity(self, granularity: Any, base: Mapping[str, Any]) -> dict[str, Any]:
        whole = base["method"] == "l1_unstructured"
        match granularity:
            case "default" | None:
                return {}
            case "out_channel" | "in_channel":
                dim = {"dim": 1} if granularity == "in_channel" else {}
                return {**({"method": "ln_structured", "n": 1} if whole else {}), **dim}
        self.note(msg("Blocks ({granularity}) are not pruned in Pare.", granularity=str(granularity)))
        return {}

    def _drop(self, settings: Mapping[str, Any]) -> None:
        """Name the keys that were not carried over."""
        targets = [str(name) for name in settings.get("target_names") or ["weight"] if name not in ("weight", "bias")]
        if targets:
            self.note(msg("Pare prunes weights: settings for {targets} are left out.", targets=", ".join(targets)))
        for key, value in settings.items():
            if key in PRUNING or value in MEANINGLESS.get(key, ()) or (value is None):
                continue
            if key == "dependency_group_id":
                self.note(msg("{key} is not needed: with Remove, Pare finds what depends on what.", key=key))
            else:
                self.note(msg("{key} has no counterpart in Pare and is left out.", key=key))

    def _scheduled(self, made: list[Stage]) -> list[Stage]:
        """In the list of a training, where weights move meanwhile in NNI too; else as they are."""
        schedule = SCHEDULES.get(self.use.name)
        learns = any(stage.settings.get("method") in ("slim", "movement") for stage in made)
        if schedule is None and not learns:
            return made
        stages = []
        for stage in made:
            settings = dict(stage.settings)
            if schedule is not None:
                settings["schedule"] = {KIND: schedule[0], **self._rounds(*schedule)}
            stages.append(Stage("train", {}, (), (Stage(stage.kind, settings, stage.layers),)))
        self.note(msg("A config_list says nothing of the training: look at its epochs and learning rate."))
        return stages

    def _rounds(self, schedule: str, setting: str) -> dict[str, int]:
        told = next(
            (self.use.options[key] for key in ("total_iteration", "total_times") if key in self.use.options), None
        )
        if told is None:
            return {}
        parameter = self.catalogue.get("schedule", schedule).parameter(setting)
        try:
            return {setting: parameter.check(told)} if parameter is not None else {}
        except CompressionError:
            self.note(msg("{count} rounds are more than Pare's schedule takes.", count=str(told)))
            return {}


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
