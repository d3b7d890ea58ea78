"""What the stages of the compared networks were set to, and what each brought."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from backend.description import Catalogue, Parameter
from backend.recipe import Rule, Stage, filled
from gui.compare.cells import Cell, Change, Line, accuracy_gain, gain, percentage
from gui.compare.columns import Compared
from gui.comparison import value
from gui.forms import choice_text
from gui.forms.pairs import pair_texts
from gui.network_text import network_text
from gui.stage_settings import offered
from gui.stage_text import rule_text, summary
from gui.target_text import said
from gui.text import NOTHING, duration, file_size, number, percent, phrase, significant, tr

MISSING = object()
"""Where a stage has no such setting."""


def stage_lines(columns: Sequence[Compared], catalogue: Catalogue) -> list[Line]:
    """What each stage was set to and what it brought; stages of one kind stand beside each other."""
    lines: list[Line] = []
    places = aligned([[stage.kind for stage in _stages(column)] for column in columns])
    for count, at in enumerate(places, 1):
        stages = [
            _stages(column)[place] if place is not None else None for column, place in zip(columns, at, strict=True)
        ]
        kind = next(stage.kind for stage in stages if stage is not None)
        name = phrase(catalogue.get("stage", kind).label)
        lines.append(Line(tr("{number} · {stage}", number=count, stage=name), section=True))
        lines += _setting_lines(stages, catalogue)
        lines += _outcome_lines(columns, at)
    return lines


def aligned(kinds: Sequence[Sequence[str]]) -> list[tuple[int | None, ...]]:
    """For every step that any of the sequences takes its place in each of them, None where it has none."""
    merged: list[tuple[str, tuple[int | None, ...]]] = []
    for column, sequence in enumerate(kinds):
        met: list[tuple[str, tuple[int | None, ...]]] = []
        steps = difflib.SequenceMatcher(None, [kind for kind, _ in merged], sequence, autojunk=False)
        for tag, a, a_end, b, b_end in steps.get_opcodes():
            if tag == "equal":
                met += [(kind, (*places, b + i)) for i, (kind, places) in enumerate(merged[a:a_end])]
            else:
                met += [(kind, (*places, None)) for kind, places in merged[a:a_end]]
                met += [(sequence[i], (*[None] * column, i)) for i in range(b, b_end)]
        merged = met
    return [places for _, places in merged]


def _stages(column: Compared) -> Sequence[Stage]:
    """Those that made the network, as far as it got."""
    if column.original or column.recipe is None:
        return ()
    stages, at = column.recipe.stages, column.moment.stage
    return stages if at is None else stages[: at + 1]


def _setting_lines(stages: Sequence[Stage | None], catalogue: Catalogue) -> list[Line]:
    """The settings that somebody set, and those that differ; then the rules for single layers."""
    full = [filled(stage, catalogue) if stage is not None else {} for stage in stages]
    offers = [offered(stage, catalogue) for stage in stages if stage is not None]
    known = {p.name: p for offer in offers for p in offer.parameters}
    given = [stage.settings if stage is not None else {} for stage in stages]
    lines = []
    for path, (label, parameter) in _flat(known.values()).items():
        found = [_at(values, path) for values in full]
        words = [_setting(parameter, one, catalogue) if one is not MISSING else NOTHING for one in found]
        chosen = any(_at(values, path) is not MISSING for values in given)
        if chosen or len({word for word, values in zip(words, full, strict=True) if values}) > 1:
            lines.append(_word_line(label, words))
    meanwhile = [" + ".join(summary(d, catalogue) for d in stage.during) if stage else "" for stage in stages]
    if any(meanwhile):
        lines.append(_word_line(tr("Meanwhile"), [text or NOTHING for text in meanwhile]))
    return lines + _rule_lines(stages, catalogue)


def _flat(parameters: Iterable[Parameter]) -> dict[tuple[str, ...], tuple[str, Parameter]]:
    """Where each setting stands → what it is called; a section's settings by themselves."""
    found: dict[tuple[str, ...], tuple[str, Parameter]] = {}
    for parameter in parameters:
        label = phrase(parameter.label)
        if parameter.type != "group":
            found[(parameter.name,)] = label, parameter
        for inner in parameter.fields:
            text = tr("{section}: {setting}", section=label, setting=phrase(inner.label))
            found[(parameter.name, inner.name)] = text, inner
    return found


def _at(values: Mapping[str, Any], path: Sequence[str]) -> Any:
    """The setting at ``path``; :data:`MISSING` where there is none, or its section is off."""
    for name in path[:-1]:
        values = values.get(name) or {}
    return values.get(path[-1], MISSING)


def _rule_lines(stages: Sequence[Stage | None], catalogue: Catalogue) -> list[Line]:
    rules: list[Mapping[str, Rule]] = [{r.pattern: r for r in stage.layers} if stage else {} for stage in stages]
    patterns = {pattern: None for held in rules for pattern in held}
    texts = [
        (pattern, [rule_text(held[pattern], catalogue) if pattern in held else NOTHING for held in rules])
        for pattern in patterns
    ]
    return [_word_line(tr("Layer {name}", name=pattern), words) for pattern, words in texts]


def _word_line(name: str, words: Sequence[str]) -> Line:
    return Line(name, tuple(Cell(word, differs=word != words[0]) for word in words))


def _setting(parameter: Parameter, value: Any, catalogue: Catalogue) -> str:
    """A setting as its form shows it."""
    if value is None:
        return tr("not set")
    match parameter.type:
        case "bool":
            return tr("On") if value else tr("Off")
        case "method":
            return _label(parameter, str(value), catalogue)
        case "nested":
            return _method(parameter, value, catalogue)
        case "list":
            return " + ".join(_method(parameter, one, catalogue) for one in value)
        case "pairs":
            return ", ".join(pair_texts(value))
        case "network":
            return network_text(value)
        case "target":
            return said(value)
        case "float" if parameter.percent:
            return percent(value, 1) if round(100 * value) != round(100 * value, 1) else percent(value)
        case "float":
            return significant(value)
        case "int":
            return number(value)
        case "choice":
            return choice_text(value)
        case _:
            return str(value)


def _method(parameter: Parameter, value: Mapping[str, Any], catalogue: Catalogue) -> str:
    """A method and its settings: "AGP, end 0.6"."""
    id = str(value[parameter.key])
    described = catalogue.kind(parameter.of).get(id)
    words = [_label(parameter, id, catalogue)]
    for name, given in value.items():
        if name == parameter.key or given is None:
            continue
        inner = described.parameter(name) if described is not None else None
        held = inner is not None and inner.type in ("pairs", "network")
        words.append(f"{name} {_setting(inner, given, catalogue) if inner is not None and held else given}")
    return ", ".join(words)


def _label(parameter: Parameter, id: str, catalogue: Catalogue) -> str:
    method = catalogue.kind(parameter.of).get(id)
    return phrase(method.label) if method is not None else id


def _outcome_lines(columns: Sequence[Compared], places: Sequence[int | None]) -> list[Line]:
    """What was measured after the stage."""
    records = [_record(column, place) for column, place in zip(columns, places, strict=True)]
    metrics = [record.get("metrics") or {} for record in records]
    lines = [
        _outcome(tr("Accuracy after it"), [value(m, "accuracy") for m in metrics], percentage, accuracy_gain),
        _outcome(tr("Size after it"), [value(m, "size_bytes") for m in metrics], file_size, gain("size")),
        _outcome(tr("Time"), [value(record, "seconds") for record in records], _seconds, None),
    ]
    return [line for line in lines if any(cell.figure is not None for cell in line.cells)]


def _record(column: Compared, place: int | None) -> Mapping[str, Any]:
    """Of a stage that was carried out to its end."""
    within = column.moment.kind == "step" and place == column.moment.stage
    return column.records[place] if place is not None and place < len(column.records) and not within else {}


def _outcome(name: str, figures: Sequence[float | None], text: Callable[[float], str], change: Change | None) -> Line:
    cells = []
    for figure in figures:
        words, tone = "", "plain"
        if change is not None and figure is not None and figures[0] is not None and figure is not figures[0]:
            words, tone = change(figures[0], figure)
        cells.append(Cell(NOTHING if figure is None else text(figure), words, tone, figure))  # type: ignore[arg-type]
    return Line(name, tuple(cells))


def _seconds(figure: float) -> str:
    return tr("{seconds} s", seconds=number(figure, 2)) if figure < 60 else duration(figure)
