"""The weights of one layer: their distribution, their channels, and the mask as a picture.

The network is the document's with the grid that the recipe plans, or that of the finished run in view with the
grid it really has, beside the original.

Signals:
    layer_chosen(str): a layer was chosen here, not in the tree.
    failed(object): a CompressionError met while saving.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from backend.answers import LayerInfo
from backend.engine.protocol import LayerHistogram
from backend.events import Failed, Finished
from gui.array_files import ArrayFiles
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.forms import Combo
from gui.item_models.layer_plans import quantization_of
from gui.panels.weights_channels import ChannelsView
from gui.panels.weights_histogram import HistogramView
from gui.panels.weights_mask import MaskView
from gui.panels.weights_view import Question, Subject, WeightsView
from gui.run_state import RunState
from gui.text import message, tr
from gui.widgets.buttons import tool_button
from gui.widgets.empty_state import EmptyState
from gui.widgets.labels import ElidedLabel
from gui.widgets.segmented import Segmented

DELAY = 150
"""Milliseconds after an edit of the recipe before the grid is asked for again."""


class WeightsPanel(QWidget):
    """Shows what :meth:`show_layer` asks for; empty until then."""

    layer_chosen = Signal(str)
    failed = Signal(object)

    def __init__(
        self, document: Document, engine: EngineThread, state: RunState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._engine, self._state = document, engine, state
        self._files = ArrayFiles()
        self._job = ""
        self._asked: Question | None = None
        self._drawn: tuple[WeightsView, str] | None = None
        self.layer = ""
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._ask)
        self._pages = QStackedLayout(self)
        self._empty = EmptyState(
            "chart-bar",
            tr("No layer chosen yet"),
            tr("Select a layer and press W, or choose Show weights in its menu, to see its weights and activations."),
        )
        self._pages.addWidget(self._empty)
        self._page = self._content()
        self._pages.addWidget(self._page)
        document.opened.connect(self.clear)
        document.inspection_changed.connect(self._list_layers)
        document.recipe_changed.connect(self._follow)
        state.changed.connect(self._run_changed)
        self._list_layers()
        self.clear()

    def _content(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 10)
        column.setSpacing(8)
        column.addLayout(self._head())
        column.addLayout(self._choices())
        self.histogram, self.channels = HistogramView(), ChannelsView(self._files.take)
        self.picture = MaskView(self._files.take)
        self._views = QStackedLayout()
        for view in (self.histogram, self.channels, self.picture):
            view.changed.connect(self._ask)
            view.failed.connect(self.failed)
            self._views.addWidget(view)
        column.addLayout(self._views, 1)
        return page

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        self.chooser = Combo()
        self.chooser.setAccessibleName(tr("Layer"))
        self.chooser.setMinimumWidth(120)
        self.chooser.setMaximumWidth(240)
        self.chooser.activated.connect(lambda at: self._choose(at))
        self.previous = tool_button("caret-left", tr("Previous layer"), lambda: self._step(-1))
        self.next = tool_button("caret-right", tr("Next layer"), lambda: self._step(1))
        self._detail = ElidedLabel("", "caption", "sec")
        self._more = tool_button("dots-three", tr("Table, picture, data"), self._show_menu)
        for part in (self.previous, self.chooser, self.next):
            row.addWidget(part)
        row.addSpacing(4)
        row.addWidget(self._detail, 1)
        row.addWidget(self._more)
        return row

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        views = [("histogram", tr("Histogram")), ("channels", tr("Channels")), ("mask", tr("Mask"))]
        self.choice = Segmented(views, "histogram", tr("What is shown of the layer"))
        self.network = Segmented([("plan", tr("Original")), ("run", tr("After the run"))], "plan", tr("Network"))
        self.choice.changed.connect(self._show_view)
        self.network.changed.connect(self._show_network)
        self.parts = ElidedLabel("", "caption", "sec")
        row.addWidget(self.choice)
        row.addWidget(self.parts, 1)
        row.addWidget(self.network)
        return row

    # What is shown

    @property
    def view(self) -> WeightsView:
        """The one of the three that is chosen."""
        return {"histogram": self.histogram, "channels": self.channels, "mask": self.picture}[self.choice.value]

    def clear(self) -> None:
        self._engine.forget(self._job)
        self._job = self.layer = ""
        self._asked = self._drawn = None
        self._pages.setCurrentWidget(self._empty)

    def set_state(self, state: RunState) -> None:
        """Another run is in view."""
        self._state.changed.disconnect(self._run_changed)
        self._state = state
        state.changed.connect(self._run_changed)
        self._follow()

    def show_layer(self, name: str) -> None:
        """Ask the engine for the values of ``name`` and draw them."""
        if self._document.recipe is None:
            return
        self.layer = name
        self._tell_place()
        self._pages.setCurrentWidget(self._page)
        self.picture.forget_part()
        self._ask()

    def show_view(self, id: str) -> None:
        """``histogram``, ``channels`` or ``mask``."""
        self.choice.set_value(id)
        self._show_view()

    def _show_view(self, *_: object) -> None:
        self._views.setCurrentWidget(self.view)
        self._ask()

    def _show_network(self, *_: object) -> None:
        self.picture.forget_part()
        self._ask()

    # The layers

    def _list_layers(self) -> None:
        self.chooser.clear()
        found = self._document.inspection
        for layer in found.layers if found is not None else ():
            if holds_weights(layer):
                self.chooser.addItem(layer.name, layer.name)
        self._tell_place()

    def _tell_place(self) -> None:
        at = self.chooser.findData(self.layer)
        self.chooser.setCurrentIndex(at)
        self.chooser.setToolTip(self.layer)
        if at < 0:
            self.chooser.setPlaceholderText(self.layer)
        self.previous.setEnabled(at > 0)
        self.next.setEnabled(at < self.chooser.count() - 1)

    def _step(self, by: int) -> None:
        self._choose(self.chooser.currentIndex() + by)

    def _choose(self, at: int) -> None:
        """Show another layer, and have the tree select it; the keyboard stays here."""
        if not 0 <= at < self.chooser.count():
            return
        name, focused = str(self.chooser.itemData(at)), self.window().focusWidget()
        self.show_layer(name)
        self.layer_chosen.emit(name)
        if focused is not None:
            focused.setFocus()

    # The network

    @property
    def run_folder(self) -> Path | None:
        """The folder of the run in view, where it is finished and has the layer."""
        state = self._state
        if isinstance(state.ending, Finished) and state.folder and self.layer in state.layers:
            return Path(state.folder)
        return None

    def _parts_of_layer(self) -> list[str]:
        """What stands in the layer's place in the finished run in view: its factors, say."""
        state = self._state
        if not isinstance(state.ending, Finished) or not self.layer or self.layer in state.layers:
            return []
        return [name for name in state.layers if name.startswith(f"{self.layer}.")]

    def _run_changed(self, kinds: set[str]) -> None:
        if kinds & {"ending", "started"}:
            self._follow()

    def _follow(self) -> None:
        """Ask again where the answer would be another one."""
        self._offer_run()
        if self.layer and self._document.recipe is not None and self._question() != self._asked:
            self._later.start(DELAY)

    def _offer_run(self) -> None:
        """The network of a run can be chosen where a finished one is in view and still has the layer."""
        self.network.setVisible(self.run_folder is not None)
        parts = self._parts_of_layer()
        self.parts.setText(tr("After the run: {layers}", layers=", ".join(parts)) if parts else "")
        if self.run_folder is None:
            self.network.set_value("plan")

    def _subject(self) -> Subject | None:
        recipe, inspection = self._document.recipe, self._document.inspection
        if recipe is None:
            return None
        run = self.run_folder if self.network.value == "run" else None
        own = recipe.model.to_data()
        layer = next((one for one in inspection.layers if one.name == self.layer), None) if inspection else None
        settings, later = quantization_of(self._document, layer) if layer is not None else (None, False)
        return Subject(
            layer=self.layer,
            model=own if run is None else {"source": "pare", "weights": str(run)},
            original=None if run is None else own,
            data=recipe.data.to_data(),
            seed=recipe.seed,
            settings=dict(settings) if settings is not None else None,
            later=later,
            method=self._document.method_of("quantization", str(settings["method"])) if settings is not None else None,
            precision="" if run is None else str(self._state.layers[self.layer].get("precision") or "fp32"),
            folder=str(self._document.folder),
            allowed=allowed(),
        )

    # Asking

    def _question(self) -> Question | None:
        subject = self._subject()
        return self.view.question(subject) if subject is not None else None

    def _ask(self) -> None:
        if not self.layer:
            return
        self._engine.forget(self._job)
        self._offer_run()
        subject = self._subject()
        if subject is None:
            return
        view = self.view
        question = self._asked = view.question(subject)
        if self._drawn != (view, self.layer):
            self._say(tr("Reading {layer}…", layer=self.layer))
        if not isinstance(question, LayerHistogram):
            question = dataclasses.replace(question, file=self._files.new())
        self._job = self._engine.ask(question, lambda value: self._draw(view, value, subject), self._failed)

    def _draw(self, view: WeightsView, value: Any, subject: Subject) -> None:
        try:
            told = view.draw(value, subject)
        except (OSError, ValueError):
            self._say(tr("The engine's answer could not be read. Choose the layer again."))
            return
        self._drawn = view, subject.layer
        view.say("")
        self._detail.setText(told)
        self._more.setEnabled(True)

    def _failed(self, event: Failed) -> None:
        self._say(f"{message(event.message)} {message(event.hint)}".strip())

    def _say(self, text: str) -> None:
        """Show a sentence in place of the figure."""
        self._drawn = None
        self.view.say(text)
        self._detail.setText("")
        self._more.setEnabled(False)

    def _show_menu(self) -> None:
        self.view.menu().popup(self._more.mapToGlobal(QPoint(0, self._more.height())))


def holds_weights(layer: LayerInfo) -> bool:
    """Whether there is anything to show of ``layer``."""
    return bool(layer.name) and (bool(layer.weight_shape) or (layer.leaf and layer.parameters > 0))
