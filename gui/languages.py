"""The window's languages: Pare's own catalogue and Qt's, installed and exchanged while it runs."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, QTranslator
from PySide6.QtWidgets import QApplication

from resources.paths import resource

LANGUAGES: Mapping[str, str] = {"en": "English", "zh_CN": "简体中文"}
"""Code → its own name for itself."""


def chosen() -> str:
    """The code that was set, or "system"."""
    code = str(QSettings().value("language", "system"))
    return code if code in LANGUAGES else "system"


def choose(code: str) -> None:
    QSettings().setValue("language", code)


def effective() -> str:
    """The code in use: what was set, else the system's where Pare speaks it, else English."""
    code = chosen()
    if code == "system":
        code = "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"
    return code


def install(app: QApplication) -> str:
    """Put the chosen language into use; widgets already built keep their words: rebuild them.

    Returns:
        The code in use.
    """
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    code = effective()
    QLocale.setDefault(QLocale(code))
    if code != "en":
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for file in (f"{qt}/qtbase_{code}.qm", str(resource(f"translations/pare_{code}.qm"))):
            translator = QTranslator(app)
            if translator.load(file):
                app.installTranslator(translator)
    return code
