"""A recipe as the Python script that carries it out without the window."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.recipe._types import DataSpec, ModelSpec, Recipe, Rule, Stage

WIDTH = 110
"""Characters of a line of a script."""


def script_of(recipe: Recipe, folder: Path, pare: Path) -> str:
    """A Python script that carries out ``recipe`` and prints what it measured.

    Args:
        recipe: what the script does.
        folder: what relative paths in the recipe are relative to.
        pare: the folder of Pare's source, where ``backend`` is imported from.
    """
    code = [file for file in (recipe.model.file, recipe.data.file) if file]
    parts = {
        "about": recipe.name.replace("\\", "\\\\").replace('"""', "'''"),
        "pare": _literal(str(pare), 0),
        "folder": _literal(str(folder), 0),
        "recipe": "Recipe" + _listed(_recipe_arguments(recipe), "()", 0, call=True),
        "kinds": ", ".join(_kinds(recipe)),
        "keep": "# Rule(layer, None) keeps a layer as it is.\n" if _keeps(recipe) else "",
        "code": _CODE.format(files=_literal(code, 1)) if code else "",
        "sha": "from backend.files import sha256\n" if code else "",
        "allowed": ", allowed=allowed" if code else "",
    }
    return _SCRIPT.format(**parts)


_SCRIPT = '''"""{about}

Carries out the recipe below without the window: python THIS_FILE [FOLDER FOR THE RESULTS]
"""

import os
import signal
import sys
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # idle threads sleep; must be said before torch is loaded
sys.path.insert(0, {pare})  # the folder of Pare

from backend.cancel import Cancel
from backend.events import Cancelled, Failed, Finished, StageStarted, Warned
{sha}from backend.quiet import quiet_libraries
from backend.recipe import {kinds}, recipe_from_data
from backend.registry import catalogue
from backend.runner import run

FOLDER = Path({folder})  # what relative paths below are relative to

{keep}recipe = {recipe}


def main() -> int:
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else Path.cwd() / "result"
    checked = recipe_from_data(recipe.to_data(), catalogue())
    cancel = Cancel()
    signal.signal(signal.SIGINT, lambda *_: cancel.request())
    endings = []

    def tell(event):
        match event:
            case StageStarted(_, label):
                print(label, flush=True)
            case Warned(_, message, hint):
                print("Note:", message, hint or "", flush=True)
            case Finished() | Cancelled() | Failed():
                endings.append(event)

{code}    run(checked, output, tell, cancel, folder=FOLDER{allowed})
    match endings[-1]:
        case Finished(result):
            for name in ("accuracy", "parameters", "sparsity", "macs", "size_bytes"):
                print(f"{{name}}: {{result['baseline'][name]}} → {{result['final'][name]}}")
            print(output)
            return 0
        case Failed(message, hint):
            print(message, hint or "", file=sys.stderr)
            return 2
    print("Cancelled.", file=sys.stderr)
    return 130


if __name__ == "__main__":
    quiet_libraries()
    sys.exit(main())
'''

_CODE = """    files = [(FOLDER / name).resolve() for name in {files}]  # Python files that may run
    allowed = {{str(file): sha256(file) for file in files}}
"""


def _rules(recipe: Recipe) -> list[Rule]:
    return [rule for stage in recipe.stages for acting in (stage, *stage.during) for rule in acting.layers]


def _keeps(recipe: Recipe) -> bool:
    return any(rule.settings is None for rule in _rules(recipe))


def _kinds(recipe: Recipe) -> list[str]:
    rules, stages = (["Rule"] if _rules(recipe) else []), (["Stage"] if recipe.stages else [])
    return ["DataSpec", "ModelSpec", "Recipe", *rules, *stages]


def _recipe_arguments(recipe: Recipe) -> list[str]:
    blank = Recipe()
    others = {key: value for key, value in vars(recipe).items() if key not in ("model", "data", "stages")}
    return [
        *(
            f"{key}={_literal(value, 1)}"
            for key, value in others.items()
            if key == "name" or value != getattr(blank, key)
        ),
        f"model={_spec('ModelSpec', recipe.model)}",
        f"data={_spec('DataSpec', recipe.data)}",
        f"stages={_listed([_stage(stage, 2) for stage in recipe.stages], '()', 1)}",
    ]


def _spec(name: str, spec: ModelSpec | DataSpec) -> str:
    blank = type(spec)()
    given = {key: value for key, value in vars(spec).items() if key == "source" or value != getattr(blank, key)}
    return name + _listed([f"{key}={_literal(value, 2)}" for key, value in given.items()], "()", 1, call=True)


def _stage(stage: Stage, depth: int) -> str:
    arguments = [_literal(stage.kind, depth)]
    if stage.settings or stage.layers or stage.during:
        arguments.append(_literal(stage.settings, depth + 1))
    if stage.layers:
        arguments.append(f"layers={_listed([_rule(rule, depth + 2) for rule in stage.layers], '()', depth + 1)}")
    if stage.during:
        arguments.append(f"during={_listed([_stage(one, depth + 2) for one in stage.during], '()', depth + 1)}")
    return "Stage" + _listed(arguments, "()", depth, call=True)


def _rule(rule: Rule, depth: int) -> str:
    return "Rule" + _listed([_literal(rule.pattern, depth), _literal(rule.settings, depth)], "()", depth, call=True)


def _literal(value: Any, depth: int) -> str:
    """``value`` as Python source."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        pairs = [f"{_literal(key, depth)}: {_literal(one, depth + 1)}" for key, one in value.items()]
        return _listed(pairs, "{}", depth, call=True)
    if isinstance(value, (list, tuple)):
        brackets = "[]" if isinstance(value, list) else "()"
        return _listed([_literal(one, depth + 1) for one in value], brackets, depth)
    return repr(value)


def _listed(parts: list[str], brackets: str, depth: int, *, call: bool = False) -> str:
    """``parts`` between brackets: on one line, or a part a line where that would be too long."""
    one = "," if brackets == "()" and len(parts) == 1 and not call else ""  # (x,) is a tuple
    line = f"{brackets[0]}{', '.join(parts)}{one}{brackets[1]}"
    if len(line) + 4 * depth + 12 <= WIDTH and "\n" not in line:
        return line
    inner = "".join(f"{'    ' * (depth + 1)}{part},\n" for part in parts)
    return f"{brackets[0]}\n{inner}{'    ' * depth}{brackets[1]}"
