"""The real window with the real engine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from tests.window import opened_window, with_sample


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[MainWindow]:
    """The window with the sample open; runs and settings go to a folder with Chinese characters and spaces."""
    private = tmp_path / "我的 files"
    private.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(private))
    monkeypatch.setenv("XDG_STATE_HOME", str(private / "state"))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(private))
    qapp.setOrganizationName(f"Pare end to end {tmp_path.name}")
    with opened_window(private) as window:
        qtbot.keyRelease(window, Qt.Key.Key_Control)  # Qt still holds the key that an earlier test pressed last
        window.resize(1280, 720)
        with_sample(window)
        yield window
