"""What is selected in the layer tree: how much it is, what is planned for it, and what it is coupled with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.icons import pixmap
from gui.item_models.layer_tree import LayerTreeModel
from gui.text import percent, plural, short, tr
from gui.theme import tokens
from gui.widgets.bar import Bar
from gui.widgets.buttons import button
from gui.widgets.labels import ElidedLabel, label


class TreeFooter(QWidget):
    """Hidden unless layers are selected."""

    def __init__(self, model: LayerTreeModel, clear: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setProperty("surface", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.coupled = Bar("link", 1)
        self.plans = Bar("stack", 0)
        column.addWidget(self.coupled)
        column.addWidget(self.plans)
        line = QFrame()
        line.setProperty("kind", "rule")
        column.addWidget(line)
        row = QHBoxLayout()
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(pixmap("check-square", tokens().accent))
        self.count = label("", "strong")
        self.total = ElidedLabel("", "caption", "sec")
        row.addWidget(sign)
        row.addWidget(self.count)
        row.addWidget(self.total, 1)
        row.addWidget(button(tr("Clear"), clear, kind="link"))
        column.addLayout(row)
        self.hide()

    def show_places(self, places: Sequence[int]) -> None:
        """Sum up what is selected; a layer in a selected container counts once."""
        self.setVisible(bool(places))
        if not places:
            return
        layers, top = self._model.layers, self._outermost(places)
        whole = layers[0].macs
        macs = sum(layers[at].macs or 0 for at in top)
        self.count.setText(plural(len(places), "{count} layer selected", "{count} layers selected"))
        share = percent(macs / whole, 1) if whole else tr("unknown share")
        parameters = short(sum(layers[at].parameters for at in top))
        self.total.setText(tr("{parameters} parameters · {share} of MACs", parameters=parameters, share=share))
        self.show_plans(places)

    def show_plans(self, places: Sequence[int]) -> None:
        """What is planned for several layers."""
        told = self._model.plans.summary(places) if len(places) > 1 else ""
        self.plans.tell(tr("Plan: {plan}", plan=told) if told else "")

    def show_coupled(self, count: int, select: Callable[[], object]) -> None:
        """How many other layers lose channels together with the selected ones."""
        text = plural(count, "Coupled with {count} layer", "Coupled with {count} layers") if count else ""
        self.coupled.tell(text, (tr("Select them"), select))

    def _outermost(self, places: Sequence[int]) -> list[int]:
        """Those of ``places`` that no other one holds."""
        found: list[int] = []
        end = -1
        for at in sorted(places):
            if at >= end:
                found.append(at)
                end = self._model.rows.ends[at]
        return found
