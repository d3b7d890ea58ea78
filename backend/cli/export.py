"""``export``: write a run's network in other formats, each checked before it is called done."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.cancel import Cancel
from backend.cli._allowed import allowed
from backend.cli._ending import DEFECT, DONE, REPAIRABLE
from backend.cli._table import aligned, percent, size
from backend.errors import Message
from backend.events import Event, Progress, Warned
from backend.export import export_run
from backend.workspace import EXPORTS


def export_command(options: argparse.Namespace) -> int:
    """Export and print what was checked.

    A file that does not match is said and makes the exit code 1; a format that can't hold the network is said, the
    others are written, and the exit code is 2.
    """
    run: Path = options.run
    refused: list[str] = []

    def pass_over(format: str, reason: Message) -> None:
        refused.append(format)
        print(f"pare: {format} is not written. {reason}", file=sys.stderr)

    rows = export_run(
        run,
        options.format,
        options.output or run / EXPORTS,
        options.name or run.resolve().name,
        _show,
        Cancel(),
        allowed=allowed(options.allow_code),
        pass_over=pass_over,
    )
    lines = [("format", "check", "largest difference", "accuracy", "size", "file")]
    lines += [
        (
            row["format"],
            "opens and matches" if row["verified"] else "does not match",
            "–" if row["max_abs_error"] is None else f"{row['max_abs_error']:.2g}",
            percent(row["accuracy"]),
            size(row["size_bytes"]),
            str(row["path"]),
        )
        for row in rows
    ]
    print(aligned(lines))
    for row in rows:
        if row["reason"]:
            print(f"{row['format']}: {Message.from_data(row['reason'])}")
    if not all(row["verified"] for row in rows):
        return DEFECT
    return REPAIRABLE if refused else DONE


def _show(event: Event) -> None:
    match event:
        case Progress(_, _, _, text) | Warned(_, text, _):
            print(str(text), file=sys.stderr)
