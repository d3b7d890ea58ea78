"""Both languages are complete, and the window changes between them while it runs."""

import importlib.util
import string
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from backend.errors import msg
from gui import languages
from gui.text import message, plural, tr
from resources.paths import resource


def updater() -> ModuleType:
    file = resource("translations/update.py")
    spec = importlib.util.spec_from_file_location("update_translations", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


UPDATE = updater()


def placeholders(text: str) -> set[str]:
    return {name.split(":")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.fixture
def chinese(qapp: QApplication) -> None:
    languages.choose("zh_CN")
    languages.install(qapp)
    yield
    languages.choose("en")
    languages.install(qapp)


def test_that_every_text_has_a_finished_translation() -> None:
    known = UPDATE.read(Path(resource("translations/pare_zh_CN.ts")))
    missing = sorted(set(UPDATE.texts()) - set(known))
    assert missing == []


def test_that_translations_name_the_values_of_their_text() -> None:
    known = UPDATE.read(Path(resource("translations/pare_zh_CN.ts")))
    wrong = [source for source, text in known.items() if placeholders(source) != placeholders(text)]
    assert wrong == []


def test_that_the_compiled_catalogue_is_that_of_the_source(qapp: QApplication) -> None:
    known = UPDATE.read(Path(resource("translations/pare_zh_CN.ts")))
    translator = QTranslator()
    assert translator.load(str(resource("translations/pare_zh_CN.qm")))
    stale = [source for source, text in known.items() if translator.translate("Pare", source) != text]
    assert stale == []


def test_that_texts_of_window_and_engine_are_found_where_they_stand() -> None:
    source = """
tr("One {x}", x=1); plural(n, "One thing", "Many things"); raise CompressionError(msg("Cause."), msg("Repair."))
Parameter(name="a", label="Label", summary="Some" "thing.", choices=("first", 2)); tr("Yes" if ok else "No")
NOT_YET: Mapping[str, str] = {"key": "Not yet."}; row = {"kind": "measure", "label": "Original"}
"""
    found = set(UPDATE.in_source(source))
    assert found == {
        "One {x}", "One thing", "Many things", "Cause.", "Repair.", "Label", "Something.", "first", "Yes", "No",
        "Not yet.", "Original",
    }  # fmt: skip


def test_that_a_translation_survives_an_update_and_a_dropped_text_does_not(tmp_path: Path) -> None:
    file = tmp_path / "pare_zh_CN.ts"
    UPDATE.write(file, "zh_CN", {"Run": ["gui/a.py"], "Stop": ["gui/a.py"]}, {"Run": "运行", "Gone": "没了"})
    assert UPDATE.read(file) == {"Run": "运行"}
    assert "Stop" in file.read_text(encoding="utf-8")


@pytest.mark.usefixtures("chinese")
def test_that_words_sentences_and_counts_are_chinese_after_the_change() -> None:
    assert tr("Run") == "运行"
    assert "{" not in message(msg("There is no file {path}.", path="a.pt"))
    assert "a.pt" in message(msg("There is no file {path}.", path="a.pt"))
    assert plural(3, "{count} layer selected", "{count} layers selected") == "已选 3 层"
    assert QApplication.translate("QPlatformTheme", "Cancel") == "取消"


def test_that_english_comes_back(qapp: QApplication) -> None:
    languages.choose("zh_CN")
    languages.install(qapp)
    languages.choose("en")
    assert languages.install(qapp) == "en"
    assert tr("Run") == "Run"
