"""The stages of the recipe in their order, one of them unfolded to its form."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from backend.errors import CompressionError
from backend.recipe import Recipe
from gui import stage_text
from gui.document import Document
from gui.forms import Surroundings
from gui.icons import STAGES, pixmap
from gui.panels.stage_card import MIME, StageCard
from gui.places import Place
from gui.problems.plan import Problem
from gui.run_state import RunState
from gui.text import message, phrase, plural, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.labels import label
from gui.widgets.method_help import tip as help_tip
from gui.widgets.reason_menu import ReasonMenu


class RecipePanel(QWidget):
    """Signals: ``said(text)`` for the status line; ``problems_requested`` when their count was pressed;
    ``room_changed(pixels)``: its height.
    """

    said = Signal(str)
    room_changed = Signal(int)
    problems_requested = Signal()

    def __init__(
        self,
        document: Document,
        run_state: RunState,
        around: Surroundings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._around = around
        self._run = run_state
        self._running_recipe: Recipe | None = None
        self.cards: list[StageCard] = []
        self._drawn: tuple[object, ...] = ()
        self._open_during: Place | None = None
        self._problems: Sequence[Problem] = ()
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keyboard and scrolls it
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.setSpacing(0)
        outer.addWidget(self._area, 1)
        self._outer = outer
        body = QWidget()
        body.setProperty("surface", "panel")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(12, 4, 12, 12)
        self._column.setSpacing(8)
        self._stack = QVBoxLayout()
        self._stack.setSpacing(8)
        self._column.addLayout(self._stack)
        self.add_button = button(tr("Add stage"), icon_name="plus")
        self.add_button.clicked.connect(self._offer_stages)
        self._column.addWidget(self.add_button)
        self.error = label("", "caption", "bad", wrap=True)
        self.error.hide()
        self._column.addWidget(self.error)
        self._column.addLayout(self._note())
        self.problems_link = button("", self.problems_requested.emit, icon_name="warning", kind="link")
        self.problems_link.hide()
        self._column.addWidget(self.problems_link, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self._area.setWidget(body)
        self._body = body
        document.recipe_changed.connect(self.refresh)
        document.catalogue_changed.connect(self.refresh)
        document.stage_selected.connect(self.refresh)
        run_state.changed.connect(self._follow)
        self.refresh()

    def put_below(self, widget: QWidget) -> None:
        """Give ``widget`` a place below the stages that does not scroll."""
        self._outer.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.room_changed.emit(self.height())

    def _note(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(4, 4, 4, 0)
        row.setSpacing(8)
        sign = QLabel()
        sign.setPixmap(pixmap("info", tokens().ter, 14))
        self._sign = sign
        self.note = label("", "caption", "ter", wrap=True)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.note, 1)
        return row

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Mark the stages that ``problems`` are about, and say how many there are."""
        self._problems = problems
        self.problems_link.setText(plural(len(problems), "{count} problem", "{count} problems"))
        self.problems_link.setVisible(bool(problems))
        for card in self.cards:
            card.show_problems([message(one.message) for one in problems if one.stage == card.index])

    # Drawing

    def refresh(self) -> None:
        """Draw the stages again where they or the unfolded one changed."""
        recipe, catalogue = self._document.recipe, self._document.catalogue
        drawn = (recipe.stages if recipe else None, catalogue, self._document.selected_stage, self._open_during)
        if drawn != self._drawn:
            same_view = self._drawn[1:] == drawn[1:]
            self._drawn = drawn
            if not (same_view and recipe is not None and self._followed(recipe)):
                self._rebuild()
        self.add_button.setVisible(recipe is not None)
        self.add_button.setEnabled(catalogue is not None)
        self.error.hide()
        self._follow({"stages"})

    def _followed(self, recipe: Recipe) -> bool:
        """Whether the change was typed into an open form, which then shows it already."""
        card = next((card for card in self.cards if card.entering), None)
        if card is None or len(self.cards) != len(recipe.stages):
            return False
        return all(
            one.follow(stage) if one is card else one.stage == stage
            for one, stage in zip(self.cards, recipe.stages, strict=True)
        )

    def _rebuild(self) -> None:
        focused = self._focused()
        unfolded = any(card.form is not None and card.form.unfolded for card in self.cards)
        for card in self.cards:
            self._stack.removeWidget(card)
            card.hide()
            card.deleteLater()
        recipe = self._document.recipe
        self.cards = []
        for index, stage in enumerate(recipe.stages if recipe is not None else ()):
            opened = self._open_during[1] if self._open_during and self._open_during[0] == index else -1
            selected = index == self._document.selected_stage
            card = StageCard(self._document, index, stage, selected, opened, self._around)
            card.toggled.connect(self._toggle)
            card.during_toggled.connect(self._toggle_during)
            card.moved.connect(self._move)
            card.removed.connect(self._remove)
            card.problems_requested.connect(self.problems_requested)
            card.show_problems([message(one.message) for one in self._problems if one.stage == index])
            if unfolded and card.form is not None and hasattr(card.form, "fold"):
                card.form.fold.setChecked(True)
            self.cards.append(card)
            self._stack.addWidget(card)
        self._refocus(focused)

    def _focused(self) -> tuple[int, str] | None:
        """Card and parameter that have the keyboard, so that an edit does not take it away."""
        holder = self.focusWidget()
        for card in self.cards:
            if holder is card.header:
                return card.index, ""
            for name, editor in card.editors().items():
                if holder is not None and (editor is holder or editor.isAncestorOf(holder)):
                    return card.index, name
            if holder is not None and card.isAncestorOf(holder):
                return card.index, ""  # a button of the card that is gone with the edit it made
        return None

    def _refocus(self, focused: tuple[int, str] | None) -> None:
        if focused is None or not self.isActiveWindow():
            return
        if not self.cards:
            self.add_button.setFocus()
            return
        card = self.cards[min(focused[0], len(self.cards) - 1)]
        (card.editors().get(focused[1]) or card.header).setFocus()

    def _follow(self, kinds: set[str]) -> None:
        if not kinds & {"started", "stages", "progress", "ending"}:
            return
        running = self._run.status == "running"
        recipe = self._document.recipe
        carried_out = self._running_recipe
        edited = carried_out is not None and recipe is not None and recipe.stages != carried_out.stages
        states = {stage.index: stage for stage in self._run.stages}
        for card in self.cards:
            card.show_state(states.get(card.index), edited)
        if recipe is None:
            text = tr("The recipe appears here: what to prune, how to fine-tune, how to quantize.")
        elif running:
            text = tr("Edits apply to the next run")
        else:
            text = stage_text.outlook(recipe, self._document.catalogue)
        self.note.setText(text)

    # What happens

    def show_setting(self, stage: int, path: Sequence[str]) -> None:
        """Give the keyboard to the setting at ``path`` of a stage, and bring it into view."""
        self._document.select_stage(stage)
        form = self.cards[stage].form if stage < len(self.cards) else None
        editor = form.reveal(path) if form is not None else None
        if editor is not None:
            editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
            QTimer.singleShot(0, editor, lambda: self._area.ensureWidgetVisible(editor))  # once it has its place

    def _toggle(self, index: int) -> None:
        self._document.select_stage(-1 if index == self._document.selected_stage else index)

    def set_running_recipe(self, recipe: Recipe | None) -> None:
        """Which recipe the run carries out or has carried out: cards of another one show no state of it."""
        self._running_recipe = recipe
        self._follow({"stages"})

    def _toggle_during(self, place: Place) -> None:
        self._open_during = None if place == self._open_during else place
        self.refresh()

    def _move(self, source: int, target: int) -> None:
        if not 0 <= target < len(self.cards) or source == target:
            return
        self._try(lambda: self._document.move_stage(source, target, tr("Move stage")))

    def _remove(self, index: int) -> None:
        text = tr("Remove {stage}", stage=self.cards[index].title)
        self._try(lambda: self._document.remove_stage(index, text))

    def _try(self, edit: Callable[[], None]) -> None:
        try:
            edit()
        except CompressionError as error:
            self.error.setText(f"{message(error.message)} {message(error.hint)}".strip())
            self.error.show()

    def _offer_stages(self) -> None:
        menu = self.stage_menu()
        if menu is not None:
            menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    def stage_menu(self) -> ReasonMenu | None:
        """The kinds of stages that can be added."""
        catalogue = self._document.catalogue
        if catalogue is None:
            return None
        menu = ReasonMenu(parent=self)
        menu.setToolTipsVisible(True)
        order = list(STAGES)
        for kind in sorted(catalogue.kind("stage"), key=lambda k: order.index(k) if k in order else len(order)):
            described = catalogue.get("stage", kind)
            text, tip = phrase(described.label), help_tip(described)
            menu.offer(text, functools.partial(self._add, kind, text), STAGES.get(kind, "plus"), tip=tip)
        return menu

    def _add(self, kind: str, title: str) -> None:
        self._try(lambda: self._document.add_stage(kind, tr("Add {stage}", stage=title)))

    # Dragging

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        source = int(bytes(event.mimeData().data(MIME).data()).decode())
        y = self._body.mapFrom(self, event.position().toPoint()).y()
        target = sum(card.geometry().center().y() < y for card in self.cards)
        event.acceptProposedAction()
        self._move(source, target - 1 if target > source else target)
