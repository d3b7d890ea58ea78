"""Templates: recipes to begin with. Those that come with Pare, and those that the person keeps.

A template is a recipe file. What it is good for is read from its stages; the sentence about a shipped one stands
in :mod:`gui.template_texts`, so that it is translated. A person's own has the comment that its file begins with.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

import platformdirs

from backend.answers import Inspection
from backend.description import Catalogue
from backend.errors import CompressionError
from backend.files import write_text
from backend.recipe import Recipe, Stage, filled, read_recipe, recipe_to_yaml, unmatched
from gui.dialogs.export_parts import file_stem
from gui.template_texts import SECONDS, shipped
from gui.text import phrase, tr
from resources.paths import resource

GOALS = ("prune", "quantize", "distill", "decompose", "replace", "combine")


@dataclasses.dataclass(frozen=True)
class Template:
    """A recipe file.

    Attributes:
        file: where it stands; relative paths in the recipe are relative to its folder.
        recipe: what it says.
        about: one or two sentences.
        seconds: about how long it takes on two cores; None where that depends on the data.
        own: whether the person made it.
    """

    file: Path
    recipe: Recipe
    about: str
    seconds: int | None = None
    own: bool = False


def own_folder() -> Path:
    """Where the person's templates are kept."""
    return Path(platformdirs.user_data_dir("Pare", False)) / "templates"


def templates(catalogue: Catalogue) -> list[Template]:
    """The person's own first, then those that come with Pare; a file that is no recipe is passed over."""
    found = []
    for file in sorted(own_folder().glob("*.yaml")):
        if (recipe := _read(file, catalogue)) is not None:
            found.append(Template(file, recipe, _comment(file), None, own=True))
    for stem, text in shipped().items():
        file = resource(f"recipes/{stem}.yaml")
        if (recipe := _read(file, catalogue)) is not None:
            found.append(Template(file, recipe, text, SECONDS.get(stem)))
    return found


def usual_seconds(recipe: Recipe, catalogue: Catalogue) -> int | None:
    """About how long ``recipe`` takes on two cores; None for all but those that come with Pare, data and all."""
    return next((seconds for known, seconds in _timed(catalogue) if known == recipe), None)


@functools.lru_cache(1)
def _timed(catalogue: Catalogue) -> list[tuple[Recipe, int]]:
    read = [(_read(resource(f"recipes/{stem}.yaml"), catalogue), seconds) for stem, seconds in SECONDS.items()]
    return [(recipe, seconds) for recipe, seconds in read if recipe is not None]


def save_template(recipe: Recipe, folder: Path) -> Path:
    """Keep ``recipe`` among the person's templates; its paths lead to where they led from ``folder``.

    Raises:
        CompressionError: it can't be written.
    """
    file = own_folder() / f"{file_stem(recipe.name)}.yaml"
    write_text(file, recipe_to_yaml(_absolute(recipe, folder)))
    return file


def goals(recipe: Recipe) -> set[str]:
    """What a recipe is for: kinds of stages, and ``distill``; ``combine`` where it is two of them."""
    acting = list(_acting(recipe.stages))
    found = {stage.kind for stage in acting if stage.kind in GOALS}
    if any(stage.settings.get("distill") for stage in acting):
        found.add("distill")
    return found | {"combine"} if len(found) > 1 else found


def methods_of(recipe: Recipe, catalogue: Catalogue) -> list[str]:
    """The labels of the methods it uses, each once, in order."""
    found: dict[str, None] = {}
    for stage in _acting(recipe.stages):
        for loss in (filled(stage, catalogue).get("distill") or {}).get("losses", ()):
            found[phrase(catalogue.get("distillation", loss["loss"]).label)] = None
        kind = catalogue.get("stage", stage.kind).parameter("method")
        if kind is None:
            continue
        rules = [rule.settings for rule in stage.layers if rule.settings is not None]
        whole = not any(rule.pattern == "*" for rule in stage.layers)
        for settings in [*([stage.settings] if whole else []), *rules]:
            method = catalogue.kind(kind.of).get(
                str(settings.get("method", stage.settings.get("method", kind.default)))
            )
            if method is not None:
                found[phrase(method.label)] = None
    return list(found)


def fitted(template: Recipe, recipe: Recipe, found: Inspection | None) -> tuple[Recipe, list[str]]:
    """``recipe`` with the stages of ``template``, and the rules left out because they match no layer of its network."""
    if found is None:
        return dataclasses.replace(recipe, stages=template.stages), []
    layers = {layer.name: layer.type for layer in found.layers}
    left: dict[str, None] = {}
    stages = tuple(_fitted(stage, layers, left) for stage in template.stages)
    return dataclasses.replace(recipe, stages=stages), list(left)


def missing_weights(template: Template) -> str:
    """The weights that a template needs and that are not there; empty where there are."""
    model = template.recipe.model
    if not model.weights or model.source == "torchvision":
        return ""
    places = (template.file.parent / Path(model.weights).expanduser(), resource(model.weights))
    return "" if any(place.exists() for place in places) else model.weights


def missing_data(recipe: Recipe, folder: Path, catalogue: Catalogue) -> bool:
    """Whether the data must be said: it is not where the recipe says, or would be downloaded."""
    source = catalogue.kind("dataset").get(recipe.data.source)
    given = [name for name in (recipe.data.root, recipe.data.file) if name]
    if given:
        return not all((folder / Path(name).expanduser()).exists() or resource(name).exists() for name in given)
    return source is not None and bool(source.traits.get("needs") or source.traits.get("downloads"))


def _acting(stages: Iterable[Stage]) -> Iterable[Stage]:
    for stage in stages:
        yield stage
        yield from stage.during


def _fitted(stage: Stage, layers: Mapping[str, str], left: dict[str, None]) -> Stage:
    dropped = unmatched(stage, layers)
    left.update(dict.fromkeys(dropped))
    kept = tuple(rule for rule in stage.layers if rule.pattern not in dropped)
    during = tuple(_fitted(entry, layers, left) for entry in stage.during)
    return dataclasses.replace(stage, layers=kept, during=during)


def _absolute(recipe: Recipe, folder: Path) -> Recipe:
    def place(name: str | None) -> str | None:
        there = folder / Path(name).expanduser() if name else None
        return str(there.resolve()) if there is not None and there.exists() else name

    model = dataclasses.replace(recipe.model, weights=place(recipe.model.weights), file=place(recipe.model.file))
    data = dataclasses.replace(recipe.data, root=place(recipe.data.root), file=place(recipe.data.file))
    return dataclasses.replace(recipe, model=model, data=data)


def _read(file: Path, catalogue: Catalogue) -> Recipe | None:
    try:
        return read_recipe(file, catalogue)
    except CompressionError:
        return None


def _comment(file: Path) -> str:
    """The comment that a file begins with, as one paragraph."""
    lines = []
    for line in file.read_text(encoding="utf-8-sig").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# ").strip())
    return " ".join(lines) or tr("One of your own templates.")
