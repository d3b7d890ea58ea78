"""A window whose process is killed comes back as it was: a real process, a real kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    own = {**os.environ, "PYTHONPATH": str(ROOT), "LANGUAGE": "en", **{name: str(tmp_path / name) for name in names}}
    if own["QT_QPA_PLATFORM"] == "offscreen":  # its usual screen is smaller than the window
        screen = {"name": "screen", "x": 0, "y": 0, "width": 1440, "height": 900}
        (tmp_path / "screen.json").write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
        own["QT_QPA_PLATFORM"] = f"offscreen:configfile={tmp_path / 'screen.json'}"
    return own


@contextmanager
def started(phase: str, folders: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.end_to_end.killed_window", phase]
    with subprocess.Popen(command, cwd=ROOT, env=folders, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("said "):
            return dict(json.loads(line[5:]))
    raise AssertionError(f"the window ended with {process.wait()}")


def test_that_a_killed_window_comes_back_with_everything_and_its_run_can_be_resumed(folders: dict[str, str]) -> None:
    with started("work", folders) as window:
        before = said(window)
        assert before["status"] == "running"
        window.send_signal(signal.SIGKILL)
        window.wait()
    with suppress(psutil.NoSuchProcess):
        psutil.Process(before["pid"]).wait(timeout=20)  # the end of the pipe ends the engine

    with started("resume", folders) as window:
        after, resumed = said(window), said(window)
        assert window.wait() == 0
    assert after["notice"] == (
        "Pare ended without closing. Your recipe, its undo history and your runs are as they were."
    )
    same = ("recipe", "labels", "index", "clean", "stage", "layers", "tab", "history", "hidden", "size", "folder")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}
    assert after["labels"] == ["Epochs", "Amount", "Seed"]
    assert after["index"] == 2
    assert after["layers"] == ["conv1", "fc2"]
    assert after["status"] == "stopped"
    assert after["baseline"] == before["baseline"]
    assert after["points"] >= before["points"] > 0
    assert [row[1] for row in after["rows"]] == ["stopped"]
    assert resumed["status"] == "running"
    assert resumed["folder"] == before["folder"]
    assert resumed["points"] > after["points"]
    assert resumed["stages"] == before["stages"] == ["done", "done", "running", "waiting"]
