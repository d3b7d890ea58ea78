"""The view of the model tree: its keys and its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTreeView

from gui.item_models.layer_tree import NAME

if TYPE_CHECKING:
    from gui.panels.model_panel import ModelPanel


class LayerTree(QTreeView):
    """Keys of the layer menu; the menu key and a right click open it."""

    def __init__(self, panel: ModelPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self._panel.open_menu(event.globalPos() if by_mouse else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.matches(QKeySequence.StandardKey.Copy):
            self._panel.copy_names()
        elif plain and event.key() == Qt.Key.Key_K:
            self._panel.keep_selected()
        elif plain and event.key() in (Qt.Key.Key_R, Qt.Key.Key_Delete):
            self._panel.reset_selected()
        elif plain and event.key() == Qt.Key.Key_W:
            self._panel.weights_of_selected()
        elif plain and event.key() == Qt.Key.Key_Space:
            self._unfold(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; the filter finds layers."""

    def _unfold(self, index: QModelIndex) -> None:
        index = index.siblingAtColumn(NAME)
        if self.model().hasChildren(index):
            self.setExpanded(index, not self.isExpanded(index))
        else:
            self._panel.open_menu()
