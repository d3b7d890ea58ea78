"""What a method does, when to use it and where it is from: as a tooltip, and beside a question mark."""

from __future__ import annotations

import html

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from backend.description import Description
from gui.text import phrase, tr
from gui.theme import tokens
from gui.widgets.buttons import tool_button
from gui.widgets.labels import label
from gui.widgets.popover import Floating

BUTTON = 24
"""Pixels of the question mark's button."""
WIDTH, MARGIN = 340, 17


def paper(method: Description) -> str:
    """Authors, title and year; empty where it is nobody's paper."""
    found = method.reference
    if found is None:
        return ""
    return tr("{authors}, “{title}”, {year}", authors=found.authors, title=found.title, year=found.year)


def tip(method: Description) -> str:
    """All of it for a tooltip, which wraps what is marked up; the summary alone as it is."""
    parts = [part for part in (phrase(method.summary), phrase(method.when), paper(method)) if part]
    return "".join(f"<p>{html.escape(part)}</p>" for part in parts) if len(parts) > 1 else "".join(parts)


class HelpButton(QToolButton):
    """A question mark that opens :class:`HelpPopover` of :attr:`method`; hidden where there is none."""

    def __init__(self, method: Description | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method: Description | None = None
        self.popover: HelpPopover | None = None
        usual = tool_button("question", "")
        self.setIcon(usual.icon())
        self.setIconSize(usual.iconSize())
        self.setFixedSize(BUTTON, BUTTON)
        self.setStyleSheet("QToolButton { padding: 2px; }")  # smaller than others, its icon is not
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._open)
        self.show_method(method)

    def show_method(self, method: Description | None) -> None:
        """Another method was chosen."""
        self.method = method
        if method is None:
            self.hide()
            return
        if self.parentWidget() is not None:  # by itself it would be a window
            self.show()
        name = tr("About {method}", method=phrase(method.label))
        self.setToolTip(name)
        self.setAccessibleName(name)

    def _open(self) -> None:
        if self.method is not None:
            self.popover = HelpPopover(self.method)
            self.popover.show_at(self.mapToGlobal(QPoint(0, self.height() + 4)))


class HelpPopover(Floating):
    """Label, summary, when to use it, and the paper with its link. Its text can be selected."""

    def __init__(self, method: Description) -> None:
        super().__init__()
        self.setAccessibleName(phrase(method.label))
        self.column.setSpacing(8)
        self.column.addWidget(label(phrase(method.label), "section"))
        self._paragraph(phrase(method.summary))
        if method.when:
            self.column.addWidget(label(tr("When to use it"), "small", "ter"))
            self._paragraph(phrase(method.when))
        if method.reference is not None:
            self.column.addWidget(label(tr("Paper"), "small", "ter"))
            self._paper(paper(method), method.reference.link, method.reference.address)
        self.setFixedWidth(WIDTH)

    def _paragraph(self, text: str) -> None:
        self._add(f'<div style="line-height: 138%">{html.escape(text)}</div>', text)

    def _paper(self, text: str, link: str, address: str) -> None:
        shown = html.escape(text)
        if address:
            shown += f'<br><a style="color: {tokens().accent}" href="{html.escape(address)}">{html.escape(link)}</a>'
        self._add(f'<div style="line-height: 138%">{shown}</div>', f"{text} {link}".strip())

    def _add(self, markup: str, text: str) -> None:
        made = label("", wrap=True)
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setText(markup)
        made.setAccessibleName(text)
        made.setOpenExternalLinks(True)
        flag = Qt.TextInteractionFlag
        links = flag.LinksAccessibleByMouse | flag.LinksAccessibleByKeyboard
        made.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard | links)
        self.column.addWidget(made)
        made.ensurePolished()
        made.setFixedHeight(made.heightForWidth(WIDTH - 2 * MARGIN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)
