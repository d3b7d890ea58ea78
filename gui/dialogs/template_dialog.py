"""New from template: every recipe to begin with, what it does and needs, for this network or as it is.

``TemplateDialog(templates, document)``.

Signals:
    open_wanted(Template, str): open it as it is; with other weights where a path is given.
    use_wanted(Template): put its stages into the open recipe.
    queue_wanted(Template): line up its stages with the open network.
    delete_wanted(Template): move one of the person's own to the bin.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui import stage_text
from gui.dialogs.path_field import PathField
from gui.dialogs.sheet import Sheet
from gui.document import Document
from gui.item_models.queue_rows import network_text
from gui.templates import Template, fitted, goals, methods_of, missing_data, missing_weights
from gui.text import duration, number, phrase, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.labels import Paragraph, label
from gui.widgets.reason_menu import ReasonMenu
from gui.widgets.segmented import Segmented
from gui.widgets.text_label import text_label
from gui.widgets.two_lines import SECOND_ROLE, TwoLines

LIST = 340


class TemplateDialog(Sheet):
    """See the module's text."""

    open_wanted = Signal(object, str)
    use_wanted = Signal(object)
    queue_wanted = Signal(object)
    delete_wanted = Signal(object)

    def __init__(self, templates: Sequence[Template], document: Document, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("New from template"), tr("A recipe to begin with; every setting can be changed."), 880, parent
        )
        self._templates, self._document = list(templates), document
        self.resize(900, 580)
        self.goal = Segmented(
            [("", tr("All")), ("prune", tr("Prune")), ("quantize", tr("Quantize")), ("distill", tr("Distill")),
             ("decompose", tr("Decompose")), ("replace", tr("Replace")), ("combine", tr("Combine"))],
            "", tr("Goal"),
        )  # fmt: skip
        self.goal.changed.connect(lambda _: self._fill())
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Filter"))
        self.search.setAccessibleName(tr("Filter templates"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._fill())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.goal)
        row.addWidget(self.search, 1)
        self.body.addLayout(row)
        self.list = QListWidget()
        self.list.setFixedWidth(LIST)
        self.list.setAccessibleName(tr("Templates"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(TwoLines(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _: self._preview())
        self.list.itemActivated.connect(lambda _: self._primary())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._popup)
        self.shown = QScrollArea()
        self.shown.setWidgetResizable(True)
        self.shown.setAccessibleName(tr("Preview"))
        self.shown.setFrameShape(QFrame.Shape.NoFrame)
        self.shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        halves = QHBoxLayout()
        halves.setSpacing(20)
        halves.addWidget(self.list)
        halves.addWidget(self.shown, 1)
        self.body.addLayout(halves, 1)
        self.weights: PathField | None = None
        self._footer()
        self._fill()
        self.list.setFocus()

    def _footer(self) -> None:
        self.delete = button(tr("Move to the bin"), self._delete, kind="ghost")
        self.footer.addWidget(self.delete)
        self.footer.addStretch(1)
        self.footer.addWidget(button(tr("Cancel"), self.reject))
        has = self._document.recipe is not None and self._document.inspection is not None
        self.open_it = button(tr("Open as it is"), self._open, kind="" if has else "primary")
        self.use = button(tr("Use with my network"), self._use, kind="primary" if has else "")
        self.use.setEnabled(has)
        self.use.setToolTip("" if has else tr("Open a network first"))
        for one in (self.open_it, self.use) if has else (self.use, self.open_it):
            self.footer.addWidget(one)
        (self.use if has else self.open_it).setDefault(True)

    # The list

    def _fill(self) -> None:
        """Those of the goal whose name or text holds what is typed."""
        typed, goal = self.search.text().strip().casefold(), self.goal.value
        self.list.clear()
        for template in self._templates:
            words = f"{template.recipe.name} {template.about}".casefold()
            if (goal and goal not in goals(template.recipe)) or typed not in words:
                continue
            item = QListWidgetItem(template.recipe.name)
            item.setData(Qt.ItemDataRole.UserRole, template)
            item.setData(SECOND_ROLE, self._second_line(template))
            item.setToolTip(template.recipe.name)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._preview()

    def _second_line(self, template: Template) -> str:
        words = [tr("Yours")] if template.own else []
        words += [network_text(template.recipe, self._document), self._data_label(template)]
        return " · ".join(word for word in words if word)

    def _data_label(self, template: Template) -> str:
        source = self._document.method_of("dataset", template.recipe.data.source)
        return phrase(source.label) if source is not None else template.recipe.data.source

    @property
    def chosen(self) -> Template | None:
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    # The preview

    def _preview(self) -> None:
        template, body = self.chosen, QWidget()
        body.setProperty("surface", "panel")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        self.weights = None
        if template is None:
            column.addWidget(Paragraph(tr("No template fits. Choose another goal or filter.")))
        else:
            self._describe(template, column)
        column.addStretch(1)
        self.shown.setWidget(body)
        self.delete.setVisible(template is not None and template.own)
        self.open_it.setEnabled(template is not None)
        self.use.setEnabled(template is not None and self._document.inspection is not None)

    def _describe(self, template: Template, column: QVBoxLayout) -> None:
        catalogue = self._document.catalogue
        column.addWidget(label(template.recipe.name, "section", wrap=True))
        column.addWidget(Paragraph(template.about))
        column.addSpacing(8)
        if catalogue is None:
            return
        for i, stage in enumerate(template.recipe.stages):
            self._stage(i, stage_text.title(stage, catalogue), stage_text.summary(stage, catalogue), column)
            for entry in stage.during:
                text = tr("meanwhile: {summary}", summary=stage_text.summary(entry, catalogue))
                self._stage(-1, "", text, column)
        column.addSpacing(8)
        facts = [(tr("Methods"), ", ".join(methods_of(template.recipe, catalogue)))]
        facts.append((tr("Network"), network_text(template.recipe, self._document)))
        facts.append((tr("Data"), self._data_text(template)))
        if template.seconds is not None:
            text = tr("about {time} on two cores", time=duration(template.seconds))
            facts.append((tr("Time"), text))
        for name, text in facts:
            if text:
                column.addLayout(_fact(name, label(text, "caption", wrap=True)))
        self._needs(template, column)

    def _stage(self, index: int, title: str, summary: str, column: QVBoxLayout) -> None:
        t = tokens()
        row = QHBoxLayout()
        row.setSpacing(8)
        sign = text_label(number(index + 1) if index >= 0 else "", 11, 500, t.sec)
        sign.setFixedSize(18, 18)
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if index >= 0:
            sign.setStyleSheet(f"{sign.styleSheet()} background: {t.sunken}; border-radius: 9px;")
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        if title:
            row.addWidget(label(title, "strong"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(summary, "caption", "sec", wrap=True), 1)
        column.addLayout(row)

    def _data_text(self, template: Template) -> str:
        catalogue, name = self._document.catalogue, self._data_label(template)
        if catalogue is not None and missing_data(template.recipe, template.file.parent, catalogue):
            return tr("{data}; its place is asked for", data=name)
        return tr("{data}; comes with Pare", data=name) if template.recipe.data.source == "digits" else name

    def _needs(self, template: Template, column: QVBoxLayout) -> None:
        missing = missing_weights(template)
        if missing:
            self.weights = PathField("", "both", hint=missing)
            self.weights.setAccessibleName(tr("Weights"))
            column.addLayout(_fact(tr("Weights"), self.weights))
            text = tr("Opened as it is, it begins with trained weights: name a file, or the folder of a run.")
            column.addLayout(_fact("", label(text, "caption", "sec", wrap=True)))
        recipe = self._document.recipe
        left = fitted(template.recipe, recipe, self._document.inspection)[1] if recipe is not None else []
        if left:
            text = tr("Rules for {layers} match nothing in your network and are left out.", layers=", ".join(left))
            column.addSpacing(4)
            column.addWidget(label(text, "caption", "warn", wrap=True))

    # What is done

    def _primary(self) -> None:
        (self._use if self.use.isEnabled() else self._open)()

    def _open(self) -> None:
        if self.chosen is not None:
            self.open_wanted.emit(self.chosen, self.weights.text if self.weights is not None else "")
            self.accept()

    def _use(self) -> None:
        if self.chosen is not None:
            self.use_wanted.emit(self.chosen)
            self.accept()

    def _popup(self, position: QPoint) -> None:
        if self.list.itemAt(position) is not None:
            self.menu().popup(self.list.viewport().mapToGlobal(position))

    def menu(self) -> ReasonMenu:
        """What can be done with the template that is chosen; deleted when closed."""
        menu = ReasonMenu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, icon_name, call, same in (
            (tr("Use with my network"), "cube", self._use, self.use),
            (tr("Add to queue"), "list-plus", self._queue, self.use),
            (tr("Open as it is"), "file-text", self._open, self.open_it),
        ):
            if same.isEnabled():
                menu.offer(text, call, icon_name)
            else:
                menu.refuse(text, same.toolTip())
        return menu

    def _queue(self) -> None:
        if self.chosen is not None:
            self.queue_wanted.emit(self.chosen)

    def _delete(self) -> None:
        if self.chosen is not None:
            self.delete_wanted.emit(self.chosen)

    def remove(self, template: Template) -> None:
        """It is in the bin now."""
        self._templates.remove(template)
        self._fill()


def _fact(name: str, content: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    title = label(name, "caption", "sec")
    title.setFixedWidth(72)
    row.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(content, 1)
    return row
