"""The window's half of the self-test: both languages load, and Qt's own words too."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from resources.paths import resource

CHINESE = "zh_CN"


def languages_load() -> str:
    """Pare's Chinese catalogue and Qt's own load, and translate a word of each."""
    application = QCoreApplication.instance() or QCoreApplication(["pare"])
    ours, qts = QTranslator(), QTranslator()
    folder = resource("translations")
    if not ours.load(f"pare_{CHINESE}", str(folder)):
        raise RuntimeError(f"pare_{CHINESE}.qm does not load from {folder}")
    where = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not qts.load(f"qtbase_{CHINESE}", where):
        raise RuntimeError(f"qtbase_{CHINESE}.qm does not load from {where}")
    words = [ours.translate("Pare", "Run"), qts.translate("QPlatformTheme", "Cancel")]
    if not all(words):
        raise RuntimeError(f"the catalogues translate Run and Cancel into {words}")
    application.removeTranslator(ours)
    return "English, " + " ".join(str(word) for word in words)


CHECKS = (("Languages", languages_load),)
