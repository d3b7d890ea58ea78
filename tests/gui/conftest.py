"""The window's tests run without a display and with settings of their own."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from backend.answers import Inspection, LayerInfo
from backend.errors import msg
from backend.recipe import Recipe, Rule, Stage
from gui import kept
from gui.document import Document
from gui.theme import apply_theme
from tests.small_catalogue import small_catalogue


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: object) -> Iterator[None]:
    """Nothing of the person who runs the tests is read or written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    qapp.setOrganizationName(f"Pare tests {tmp_path.name}")  # type: ignore[attr-defined]
    qapp.setApplicationName("Pare")  # type: ignore[attr-defined]
    qapp.setStyle("Fusion")  # type: ignore[attr-defined]
    apply_theme(qapp, "light")  # type: ignore[arg-type]
    yield
    QSettings().clear()


@pytest.fixture
def inspection() -> Inspection:
    """Two blocks, one with a norm; the norm and the pool refuse every method, the head refuses one."""
    layers = [
        LayerInfo("", "Net", 1170, 1000, False),
        LayerInfo("features", "Sequential", 320, 700, False),
        LayerInfo("features.conv", "Conv2d", 300, 700, True, (10, 3, 3, 3), (10, 8, 8)),
        LayerInfo("features.norm", "BatchNorm2d", 20, 0, True, (10,), (10, 8, 8)),
        LayerInfo("features.pool", "MaxPool2d", 0, 0, True, (), (10, 4, 4)),
        LayerInfo("head", "Linear", 850, 300, True, (85, 10), (85,)),
    ]
    need = msg("Needs a convolution or a linear layer")
    refusals = {
        "criterion": {
            "l1": {"features.norm": need, "features.pool": need},
            "norm": {"features.norm": need, "features.pool": need, "head": msg("Its channels are the classes")},
            "mask": {"features.norm": need, "features.pool": need},
        },
        "quantization": {id: {"features.norm": need, "features.pool": need} for id in ("dynamic", "static", "rounded")},
    }
    return Inspection("net", {"source": "bundled", "name": "net"}, (3, 8, 8), 85, 1170, 1000, 4680, layers, refusals)


@pytest.fixture
def recipe() -> Recipe:
    prune = Stage("prune", {"method": "l1", "amount": 0.5}, (Rule("head", None),))
    return Recipe(stages=(prune, Stage("train", {"epochs": 4}), Stage("quantize", {"method": "static"})), name="Small")


@pytest.fixture
def document(recipe: Recipe, inspection: Inspection, tmp_path: Path, own_settings: None) -> Document:
    """An open document over the small catalogue."""
    made = Document()
    made.catalogue = small_catalogue()
    made.start(recipe, tmp_path)
    made.set_inspection(inspection)
    return made


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the catalogue is kept, in a folder of the test."""
    file = tmp_path / "methods.json"
    monkeypatch.setattr(kept, "_catalogue_file", lambda: file)
    return file
