"""The bar at the top of the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.palette import Group
from gui.text import tr
from gui.widgets.buttons import Chip, button, tool_button
from gui.widgets.labels import divider, label, rule
from gui.widgets.search_box import SearchBox


class Toolbar(QWidget):
    """Menu, Open, Sample, chips, undo and redo, Run, Stop, Export, search."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        found: Callable[[], Sequence[Group]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._buttons: list[tuple[QPushButton | QToolButton, QAction]] = []
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(49)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(10, 0, 12, 0)
        row.setSpacing(8)
        self.menu_button = tool_button("list", tr("Menu"))
        row.addWidget(self.menu_button)
        row.addWidget(self._push("open", tr("Open"), "folder-open", "ghost"))
        row.addWidget(self._push("sample", tr("Sample"), "flask", "ghost"))
        row.addWidget(divider())
        self.nothing = label(tr("No model open"), tone="sec")
        row.addWidget(self.nothing)
        self.network = self._chip("network", "cube", tr("Network"))
        self.data = self._chip("data", "database", tr("Data"))
        self.device = self._chip("device", "cpu", tr("Device"))
        for chip in (self.network, self.data, self.device):
            row.addWidget(chip)
        row.addWidget(divider())
        row.addWidget(self._tool("undo", "arrow-u-up-left"))
        row.addWidget(self._tool("redo", "arrow-u-up-right"))
        row.addWidget(divider())
        self.run = self._push("run", tr("Run"), "play-fill", "primary")
        self.stop = self._push("stop", tr("Stop"), "stop-fill", "danger")
        row.addWidget(self.run)
        row.addWidget(self._tool("queue", "list-plus"))
        row.addWidget(self.stop)
        row.addWidget(self._push("export", tr("Export…"), "export", ""))
        row.addStretch(1)
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ")
        self.search = SearchBox(found, keys)
        row.addWidget(self.search, 2)
        outer.addWidget(body, 1)
        outer.addWidget(rule())

    def _push(self, id: str, text: str, icon_name: str, kind: str) -> QPushButton:
        made = button(text, self._actions[id].trigger, icon_name=icon_name, kind=kind)
        self._buttons.append((made, self._actions[id]))
        return made

    def _tool(self, id: str, icon_name: str) -> QToolButton:
        made = tool_button(icon_name, self._actions[id].text(), self._actions[id].trigger)
        self._buttons.append((made, self._actions[id]))
        return made

    def _chip(self, id: str, icon_name: str, name: str) -> Chip:
        chip = Chip(icon_name)
        chip.setAccessibleName(name)
        chip.clicked.connect(self._actions[id].trigger)
        return chip

    def follow_actions(self) -> None:
        """Take over whether each action is possible, and why not."""
        focused = self.focusWidget()
        for made, action in self._buttons:
            if made is focused and made.hasFocus() and not action.isEnabled():
                made.clearFocus()  # Qt would go on to the next: Stop, or the search
            made.setEnabled(action.isEnabled())
            made.setToolTip(action.toolTip())

    def show_document(self, network: str, data: str, device: str) -> None:
        """Texts of the chips; an empty network means that nothing is open."""
        self.nothing.setVisible(not network)
        for chip, text in ((self.network, network), (self.data, data), (self.device, device)):
            chip.setVisible(bool(network))
            shown = chip.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 160)
            chip.setText(shown)
            chip.setToolTip(text if shown != text else "")
            chip.setAccessibleDescription(text)
