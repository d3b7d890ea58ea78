"""The folder that holds the runs, and what stands in a run's folder.

Command line and window share it. Neither torch nor Qt is imported here.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import platformdirs

RECIPE = "recipe.yaml"
RESOLVED = "resolved.yaml"
RESULT = "result.json"
EVENTS = "events.jsonl"
STAGES = "stages"
EXPORTS = "exports"
STATE = "state.json"
"""In the folder of a checkpoint: what it says of itself; written last."""


def default_workspace() -> Path:
    """``Pare/`` in the person's documents."""
    return Path(platformdirs.user_documents_dir()) / "Pare"


def new_run_folder(workspace: Path, name: str) -> Path:
    """A folder for a run that does not exist yet: date, time and the recipe's name."""
    stem = f"{datetime.datetime.now():%Y-%m-%d %H.%M.%S} {_safe(name)}".strip()
    folder = workspace / stem
    for number in range(2, 1000):
        if not folder.exists():
            break
        folder = workspace / f"{stem} ({number})"
    return folder


def run_folders(workspace: Path) -> list[Path]:
    """The folders of all runs in ``workspace``, finished or not, oldest first."""
    return sorted({file.parent for name in (RESULT, EVENTS) for file in workspace.glob(f"*/{name}")})


def read_result(folder: Path) -> Mapping[str, Any] | None:
    """result.json of the run in ``folder``; None for a run that did not finish, and for a damaged file."""
    try:
        result = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return result if isinstance(result, dict) and isinstance(result.get("final"), dict) else None


def _safe(name: str) -> str:
    """``name`` without what a file system refuses."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", name).strip(" .")[:80]
