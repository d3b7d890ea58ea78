"""A window whose process is killed comes back as it was: a real process, a real kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """An environment whose folders are the test's own."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DOCUMENTS_DIR")
    for name in names:
        (tmp_path / name).mkdir()
    return {**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en", **{name: str(tmp_path / name) for name in names}}


def started(phase: str, folders: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.end_to_end.killed_window", phase]
    return subprocess.Popen(command, cwd=ROOT, env=folders, stdout=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("said "):
            return dict(json.loads(line[5:]))
    raise AssertionError(f"the window ended with {process.wait()}")


def test_that_a_killed_window_comes_back_with_everything_and_its_run_can_be_resumed(folders: dict[str, str]) -> None:
    window = started("work", folders)
    before = said(window)
    assert before["status"] == "running"
    window.send_signal(signal.SIGKILL)
    window.wait()
    engine = psutil.Process(before["pid"]) if psutil.pid_exists(before["pid"]) else None
    if engine is not None:
        engine.wait(timeout=20)  # the end of the pipe ends it

    window = started("resume", folders)
    after = said(window)
    assert after["notice"] == (
        "Pare ended without closing. Your recipe, its undo history and your runs are as they were."
    )
    same = ("recipe", "labels", "index", "clean", "stage", "layers", "tab", "history", "hidden", "size", "folder")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert after["labels"] == ["Epochs", "Amount", "Seed"]
    assert after["index"] == 2
    assert after["layers"] == ["conv1", "fc2"]
    assert after["status"] == "running"
    assert after["points"] > before["points"]
    assert after["stages"] == before["stages"] == ["done", "done", "running", "waiting"]
    assert window.wait() == 0
