"""Pictures and tables of plots as files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

from backend.files import writing
from gui.text import tr
from gui.theme import tokens


def ask_file(parent: QWidget, title: str, stem: str, suffix: str, filters: str, save: Callable[[Path], None]) -> None:
    """Ask where to save; ``save`` is called with the path unless the person cancels."""
    dialog = QFileDialog(parent, title, "", filters)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(f"{stem}.{suffix}")
    dialog.fileSelected.connect(lambda name: save(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def ask_picture(parent: QWidget, stem: str, save: Callable[[Path], None]) -> None:
    ask_file(parent, tr("Save picture"), stem, "png", tr("Picture (*.png);;Vector picture (*.svg)"), save)


def ask_data(parent: QWidget, stem: str, save: Callable[[Path], None]) -> None:
    ask_file(parent, tr("Save data"), stem, "csv", tr("Comma-separated values (*.csv)"), save)


def save_picture(widget: QWidget, title: str, path: Path) -> None:
    """Write ``widget`` as it is shown to ``path``: SVG if it ends so, else PNG at twice the size.

    Raises:
        CompressionError: the file can't be written.
    """
    with writing(path) as part:
        _svg(widget, title, part) if path.suffix.lower() == ".svg" else _png(widget, part)


def _png(widget: QWidget, part: Path) -> None:
    image = QImage(widget.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2.0)
    image.fill(tokens().panel)
    widget.render(image)
    if not image.save(str(part), "PNG"):  # type: ignore[call-overload]
        raise OSError(tr("the picture could not be written"))


def _svg(widget: QWidget, title: str, part: Path) -> None:
    generator = QSvgGenerator()
    generator.setFileName(str(part))
    generator.setSize(QSize(widget.width(), widget.height()))
    generator.setViewBox(widget.rect())
    generator.setTitle(title)
    painter = QPainter(generator)
    widget.render(painter, QPoint())
    painter.end()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> None:
    """Write a table to ``path``, whole or not at all; figures in full, nothing where there is none.

    Raises:
        CompressionError: the file can't be written.
    """
    with writing(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([[_cell(cell) for cell in row] for row in rows])


def _cell(cell: str | float | None) -> str:
    return "" if cell is None else cell if isinstance(cell, str) else repr(cell)
