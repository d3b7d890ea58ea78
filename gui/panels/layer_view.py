"""The tree of the model panel: its keys and its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent

from gui.item_models.layer_columns import Column
from gui.item_models.layer_tree import LayerTreeModel
from gui.text import tr
from gui.widgets.layer_rows_view import LayerRowsView

if TYPE_CHECKING:
    from gui.panels.model_panel import ModelPanel


class LayerTree(LayerRowsView):
    """What is done to layers begins here; letters are commands, the filter finds layers."""

    def __init__(self, panel: ModelPanel, model: LayerTreeModel) -> None:
        super().__init__(model, tr("Layers of the network"), panel)
        self._panel = panel

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self.indexAt(point).column() == Column.PLAN and not self._caret_at(point).isValid():
            self._panel.edit_selected()
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self._panel.open_menu(event.globalPos() if by_mouse else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._panel.copy_names()
        else:
            super().keyPressEvent(event)

    def plain_key(self, key: Qt.Key) -> bool:
        panel = self._panel
        match key:
            case Qt.Key.Key_K:
                panel.keep_selected()
            case Qt.Key.Key_R | Qt.Key.Key_Delete:
                panel.reset_selected()
            case Qt.Key.Key_W:
                panel.weights_of_selected()
            case Qt.Key.Key_F2:
                panel.edit_selected()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                panel.open_menu()
            case Qt.Key.Key_Space:
                if not super().plain_key(key):
                    panel.open_menu()
            case _:
                return super().plain_key(key)
        return True
