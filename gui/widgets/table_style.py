"""How the tables of the centre look: 28 px rows, numbers on the right, one line under the header."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

ROW_HEIGHT = 28


def table_view(model: QAbstractItemModel, widths: Mapping[int, int], stretch: int, name: str) -> QTableView:
    """A view of ``model``: columns ``widths`` wide, ``stretch`` takes what is left; sorted by its header."""
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName(name)
    view.setFrameShape(QTableView.Shape.NoFrame)
    view.setShowGrid(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setWordWrap(False)
    view.setMouseTracking(True)
    view.setTabKeyNavigation(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    view.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setFixedHeight(ROW_HEIGHT)
    header.setMinimumSectionSize(28)
    header.setTextElideMode(Qt.TextElideMode.ElideRight)
    for column, width in widths.items():
        view.setColumnWidth(column, width)
    header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)
    return view
