"""``make screenshots``: pictures of the real window after real runs, for the README.

Both themes and both languages, without a display. ``--folder`` writes them elsewhere, ``--size``
chooses the window's size, ``--dialogs`` adds every dialog.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("LANGUAGE", "en")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from gui.app import make_application
from gui.dialogs.export_dialog import ExportDialog
from gui.main_window import MainWindow
from gui.moments import moments_of
from tests.window import opened_window, private_folders, rest, run_to_the_end, wait_until, with_sample

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "screenshots"
SHADE = QColor(0, 0, 0, 110)
LOOKS = (("light", "light", "en"), ("dark", "dark", "en"), ("zh", "light", "zh_CN"))
"""Name in the file, theme, language."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, default=FOLDER)
    options.add_argument("--size", default="1440x900")
    options.add_argument("--dialogs", action="store_true")
    chosen = options.parse_args()
    width, height = (int(part) for part in chosen.size.split("x"))
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with private_folders() as private:
        app = make_application()
        with opened_window(private) as window:
            window.resize(width, height)
            window.reset_layout()
            wait_until(lambda: window.engine.ready)
            for name, theme, language in LOOKS:
                look(window, theme, language)
                keep(window.grab(), chosen.folder / f"welcome-{name}.png")
            work(window)
            for name, theme, language in LOOKS:
                look(window, theme, language)
                keep(window.grab(), chosen.folder / f"main-{name}.png")
                keep(exported(window), chosen.folder / f"export-{name}.png")
            compare(window)
            for name, theme, language in LOOKS:
                look(window, theme, language)
                for tab, show in TABS.items():
                    show(window)
                    rest(1.0)
                    keep(window.grab(), chosen.folder / f"{tab}-{name}.png")
            scan(window)
            for name, theme, language in LOOKS:
                look(window, theme, language)
                keep(window.grab(), chosen.folder / f"sensitivity-{name}.png")
            for name, theme, language in LOOKS if chosen.dialogs else ():
                look(window, theme, language)
                for id in DIALOGS:
                    keep(dialog_of(window, id), chosen.folder / f"{id}-{name}.png")
        app.processEvents()


def look(window: MainWindow, theme: str, language: str) -> None:
    window.choices.set_theme(theme)  # type: ignore[arg-type]
    window.choices.set_language(language)
    rest(0.4)


def work(window: MainWindow) -> None:
    """Three runs of the sample with different amounts, so that there is something to compare."""
    with_sample(window)
    window.reset_layout()
    for amount in (0.5, 0.9, 0.7):
        edits = {"stages.0.prune.amount": amount, "name": f"LeNet-5 {amount:.0%}"}
        window.document.set_values(edits, "Amount")
        run_to_the_end(window)
        rest(0.3)


def scan(window: MainWindow) -> None:
    """The sensitivity of every layer of the sample to losing whole channels."""
    edits = {"stages.0.prune.method": "ln_structured", "stages.0.prune.scope": "local", "stages.0.prune.remove": True}
    window.document.set_values({**edits, "stages.0.prune.amount": 0.5}, "Remove")
    window.scans.scan()
    wait_until(lambda: not window.scanner.running, 120)


def compare(window: MainWindow) -> None:
    """The two runs whose amounts differ most, their answers asked for."""
    rows = [row for row in window.runs.rows if row.status == "done"]
    window.work.compare([moments_of(row)[-1] for row in (rows[1], rows[-1])])
    show_compare(window)
    wait_until(lambda: window.comparison.asking == "no", 60)


def show_tradeoff(window: MainWindow) -> None:
    window.panes.tabs.setCurrentWidget(window.panes.tradeoff)
    window.panes.tradeoff.select_run(window.runs.rows[0].folder)


def show_compare(window: MainWindow) -> None:
    window.panes.tabs.setCurrentWidget(window.panes.compare)
    window.panes.compare.show_view("answers")


def show_weights(window: MainWindow) -> None:
    window.panes.show_weights("fc1")
    window.panes.weights.show_view("mask")
    QTest.keyClick(window.panes.weights.network, Qt.Key.Key_Right)  # after the run


TABS = {"tradeoff": show_tradeoff, "compare": show_compare, "weights": show_weights}
DIALOGS = ("settings", "about", "shortcuts", "template", "import_nni", "recipe_text", "network", "data")
"""Actions that open one."""


def dialog_of(window: MainWindow, action: str) -> QPixmap:
    """The dialog that ``action`` opens, over its window."""
    window.actions_by_id[action].trigger()
    wait_until(lambda: open_dialog(window) is not None, 10)
    rest(0.4)
    dialog = open_dialog(window)
    if dialog is None:
        raise RuntimeError(f"{action} closed again")
    picture = over(window, dialog)
    dialog.close()
    rest(0.2)
    return picture


def open_dialog(window: MainWindow) -> QDialog | None:
    return next((dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()), None)


def exported(window: MainWindow) -> QPixmap:
    """The export dialog over its window, after every format was written and checked."""
    window.work.export_run()
    wait_until(lambda: bool(dialogs(window)), 10)
    dialog = dialogs(window)[0]
    rest(0.3)
    for box in dialog.formats.boxes.values():
        box.setChecked(box.isEnabled())
    dialog.start()
    wait_until(lambda: bool(dialog.rows), 120)
    rest(0.5)
    picture = over(window, dialog)
    dialog.reject()
    rest(0.2)
    return picture


def over(window: MainWindow, dialog: QDialog) -> QPixmap:
    """``dialog`` in the middle of its shaded window."""
    picture, front = window.grab(), dialog.grab()
    painter = QPainter(picture)
    painter.fillRect(picture.rect(), SHADE)
    free = picture.deviceIndependentSize() - front.deviceIndependentSize()
    painter.drawPixmap(QPoint(int(free.width() / 2), int(free.height() / 2)), front)
    painter.end()
    return picture


def dialogs(window: MainWindow) -> list[ExportDialog]:
    return [dialog for dialog in window.findChildren(ExportDialog) if dialog.isVisible()]


def keep(picture: QPixmap, path: Path) -> None:
    picture.save(str(path), "PNG")
    print(path.name, f"{picture.width()}×{picture.height()}", flush=True)


if __name__ == "__main__":
    main()
