"""``run``: a progress bar, then the before/after table."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from tqdm import tqdm

from backend.cancel import Cancel
from backend.cli._allowed import allowed
from backend.cli._ending import CANCELLED, DONE, tell_failed
from backend.cli._table import before_after, by_layer, within_budget
from backend.errors import CompressionError, Message, msg
from backend.events import Cancelled, Event, Failed, Finished, Noted, Progress, StageStarted, Started, Warned
from backend.recipe import Recipe, read_recipe, value_from_text
from backend.registry import catalogue
from backend.workspace import default_workspace, new_run_folder
from resources.paths import resource


def run_command(options: argparse.Namespace) -> int:
    """Carry out the recipe of the command line."""
    edits = dict(_edit(text) for text in options.set)
    if options.device:
        edits["device"] = options.device
    path: Path = options.recipe
    recipe = read_recipe(path, catalogue(), edits)
    if options.resume and options.output is None:
        raise CompressionError(msg("--resume needs the folder of the run."), msg("Add --output DIR."))
    output = options.output or new_run_folder(default_workspace(), recipe.name)
    text = None if edits else path.read_text(encoding="utf-8-sig")
    return carry_out(
        recipe,
        output,
        path.resolve().parent,
        text=text,
        resume=options.resume,
        code=allowed(options.allow_code),
        quiet=options.quiet,
    )


def run_sample() -> int:
    """Carry out the sample recipe."""
    path = resource("recipes/lenet5-digits.yaml")
    recipe = read_recipe(path, catalogue())
    output = new_run_folder(default_workspace(), recipe.name)
    return carry_out(recipe, output, path.parent, text=path.read_text(encoding="utf-8"))


def carry_out(
    recipe: Recipe,
    output: Path,
    folder: Path,
    *,
    text: str | None = None,
    resume: bool = False,
    code: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> int:
    """Run ``recipe`` with a progress bar on standard error; Ctrl+C cancels. Returns the exit code."""
    from backend.runner import run

    cancel = Cancel()
    view = _View(quiet)
    previous = signal.signal(signal.SIGINT, lambda *_: cancel.request())
    try:
        run(recipe, output, view.show, cancel, folder=folder, text=text, resume=resume, allowed=code)
    finally:
        signal.signal(signal.SIGINT, previous)
        view.close()
    match view.ending:
        case Finished(result):
            if not quiet:
                print("\n\n".join(filter(None, (by_layer(result), before_after(result), within_budget(result)))))
                print(f"\n{output}")
            return DONE
        case Failed() as failed:
            return tell_failed(failed)
        case _:
            print("Cancelled.", file=sys.stderr)
            return CANCELLED


class _View:
    """Shows events as one progress bar over all stages."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._stages = 0
        self._label = ""
        self._bar: Any = None
        self.ending: Event | None = None

    def show(self, event: Event) -> None:
        match event:
            case Finished() | Failed() | Cancelled():
                self.ending = event
            case _ if self._quiet:
                pass
            case Started(_, _, stages):
                self._stages = len(stages) + 1
                layout = "{l_bar}{bar:30}| {elapsed}"
                self._bar = tqdm(total=self._stages, bar_format=layout, file=sys.stderr, disable=None)
            case StageStarted(_, label, _):
                self._label = label
                if self._bar.disable:  # a log file gets one line a stage
                    print(label, file=sys.stderr)
            case Progress(stage, done, total, text):
                self._move(stage + 1 + (done / total if total else 0), text)
            case Noted(_, message):
                tqdm.write(str(message), file=sys.stderr)
            case Warned(_, message, hint):
                tqdm.write(f"Note: {message} {hint or ''}".rstrip(), file=sys.stderr)

    def _move(self, position: float, text: Message) -> None:
        self._bar.set_description_str(f"{self._label}: {text}" if self._label else str(text), refresh=False)
        self._bar.update(max(0.0, min(position, self._stages) - self._bar.n))

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _edit(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise CompressionError(
            msg("--set {text} is not PATH=VALUE.", text=text), msg("Write it like --set stages.0.prune.amount=0.7")
        )
    try:
        return path, value_from_text(value)
    except yaml.YAMLError as error:
        raise CompressionError(
            msg("The value in --set {text} is not YAML.", text=text), msg("Put quotes around a text.")
        ) from error
