"""What the window offers its search: actions, layers, runs, stages and methods, files, looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QKeySequence

from backend.description import Parameter
from backend.errors import CompressionError
from gui import languages
from gui.actions import Action, table
from gui.icons import STAGES
from gui.item_models.layer_kinds import icon_name
from gui.kept import recent
from gui.palette import Entry, Group, group_of
from gui.stage_settings import learning, offered
from gui.stage_text import title
from gui.text import phrase, short, tr

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def groups(window: MainWindow) -> list[Group]:
    """Everything that can be found, in the order of the groups where they fit equally well."""
    return [
        _actions(window),
        _layers(window),
        _runs(window),
        _stages(window),
        _settings(window),
        _files(window),
        _looks(window),
    ]


def _actions(window: MainWindow) -> Group:
    entries = [_action(row, window.actions_by_id[row.id]) for row in table() if row.id != "find"]
    return group_of(tr("Actions"), entries, listed=True)


def _action(row: Action, action: QAction) -> Entry:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    reason = "" if action.isEnabled() else action.toolTip()
    return Entry(f"action:{row.id}", row.title, action.trigger, row.icon, "", keys, reason)


def _layers(window: MainWindow) -> Group:
    found = window.document.inspection
    layers = [layer for layer in found.layers if layer.name] if found is not None else []

    def make(at: int) -> Entry:
        layer = layers[at]
        detail = tr("{type} · {parameters} parameters", type=layer.type, parameters=short(layer.parameters))
        call = partial(window.views.show_layer, layer.name)
        return Entry(f"layer:{layer.name}", layer.name, call, icon_name(layer), detail)

    return Group(tr("Layers"), [layer.name.lower() for layer in layers], make, most=20)


def _runs(window: MainWindow) -> Group:
    rows = window.runs.rows

    def make(at: int) -> Entry:
        row = rows[at]
        return Entry(f"run:{row.folder.name}", row.title, partial(window.work.show_run, row.folder), "clock")

    return Group(tr("Runs"), [row.title.lower() for row in rows], make, most=8)


def _stages(window: MainWindow) -> Group:
    """Stages and methods that can be added to the recipe."""
    catalogue = window.document.catalogue
    entries: list[Entry] = []
    if catalogue is None or not window.document.is_open:
        return group_of(tr("Stages and methods to add"), entries)
    for kind, stage in catalogue.kind("stage").items():
        add = tr("Add {stage}", stage=phrase(stage.label))
        icon = STAGES.get(kind, "plus")
        entries.append(Entry(f"add:{kind}", add, partial(_add, window, kind, "", add), icon, phrase(stage.summary)))
        of = str(stage.traits.get("method_kind") or "")
        late = learning(catalogue, of)
        for id, method in catalogue.kind(of).items():
            text = tr("{stage}: {method}", stage=phrase(stage.label), method=phrase(method.label))
            call = partial(_add, window, kind, id, text)
            detail = phrase(method.summary)
            entries.append(Entry(f"add:{kind}.{id}", text, call, icon, detail, reason=late.get(id, "")))
    return group_of(tr("Stages and methods to add"), entries)


def _add(window: MainWindow, kind: str, method: str, label: str) -> None:
    try:
        window.document.add_stage(kind, label, {"method": method} if method else {})
    except CompressionError as error:
        window.problems.show_problem(error)


def _settings(window: MainWindow) -> Group:
    """What can be set in the stages of the recipe."""
    recipe, catalogue = window.document.recipe, window.document.catalogue
    entries: list[Entry] = []
    for at, stage in enumerate(recipe.stages if recipe is not None and catalogue is not None else ()):
        for path, parameter in _places(offered(stage, catalogue).parameters, stage.settings):  # type: ignore[arg-type]
            text = tr("{number} · {stage}: {setting}", number=at + 1, stage=title(stage, catalogue),
                      setting=phrase(parameter.label))  # fmt: skip
            call = partial(window.views.show_setting, at, path)
            detail = phrase(parameter.summary)
            entries.append(Entry(f"setting:{at}.{'.'.join(path)}", text, call, "sliders-horizontal", detail))
    return group_of(tr("Settings of the recipe"), entries, most=8)


def _places(parameters: Iterable[Parameter], given: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Parameter]]:
    """Every setting and where it stands; those of a section once it is switched on."""
    for parameter in parameters:
        yield (parameter.name,), parameter
        if given.get(parameter.name) is not None:
            yield from (((parameter.name, inner.name), inner) for inner in parameter.fields)


def _files(window: MainWindow) -> Group:
    entries = [
        Entry(f"file:{path}", path.name, partial(window.files.open_file, path), "file", str(path.parent))
        for path in recent()
    ]
    return group_of(tr("Open recent"), entries, most=5)


def _looks(window: MainWindow) -> Group:
    """Themes and languages."""
    entries = [
        Entry(f"theme:{choice}", tr("Appearance: {name}", name=name), partial(window.choices.set_theme, choice), "sun")  # type: ignore[arg-type]
        for choice, name in (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark")))
    ]
    entries += [
        Entry(f"language:{code}", tr("Language: {name}", name=name), partial(window.choices.set_language, code),
              "translate")
        for code, name in (("system", tr("As the system")), *languages.LANGUAGES.items())
    ]  # fmt: skip
    return group_of(tr("Settings"), entries)
