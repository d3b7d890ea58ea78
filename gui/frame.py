"""What the window shows at once: toolbar, start page, status line. The panels follow after the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStatusBar, QVBoxLayout, QWidget

from gui.panels.status_bar import StatusBar
from gui.panels.welcome_panel import WelcomePanel
from gui.session_journal import last_name
from gui.text import tr
from gui.toolbar import Toolbar
from gui.widgets.buttons import tool_button
from gui.widgets.notice import Notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.main_window import MainWindow


class Pages(QStackedWidget):
    """As small as the page that is shown: the others have no say in the size of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else super().minimumSizeHint()


class Frame:
    """The pages in the middle are the start page, an error card, and (from :class:`gui.panes.Panes`) the work."""

    def __init__(self, window: MainWindow) -> None:
        self.toolbar = Toolbar(window.actions_by_id, window.views.groups)
        self.toolbar.menu_button.clicked.connect(window.views.show_menu)
        self.toolbar.search.refused.connect(window.say)
        self._window = window
        self.welcome = self._welcome()
        self.status = StatusBar(window.state)
        self.status.log_requested.connect(window.views.show_log)
        self.error: QWidget | None = None
        self.pages = Pages()
        self.pages.addWidget(self.welcome)
        window.setMenuWidget(self.toolbar)
        self._told = Told()
        self.centre = QWidget()
        column = QVBoxLayout(self.centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._told)
        column.addWidget(self.pages, 1)
        window.setCentralWidget(self.centre)
        line = QStatusBar()
        line.setSizeGripEnabled(False)
        line.setFixedHeight(28)
        line.addWidget(self.status, 1)
        window.setStatusBar(line)
        self.welcome.sample.setFocus()

    def _welcome(self) -> WelcomePanel:
        window = self._window
        page = WelcomePanel(last_name() if not window.document.is_open else "")
        page.sample_wanted.connect(window.files.open_sample)
        page.choose_wanted.connect(window.files.choose_file)
        page.file_wanted.connect(window.files.open_file)
        page.template_wanted.connect(window.templates.choose)
        page.continue_wanted.connect(window.session.continue_last)
        return page

    def build_welcome(self) -> None:
        """Build the start page again: what can be gone on with has changed."""
        before, self.welcome = self.welcome, self._welcome()
        self.pages.addWidget(self.welcome)
        self.pages.removeWidget(before)
        before.deleteLater()

    def tell(self, text: str, action: str = "", call: Callable[[], object] | None = None) -> None:
        """Say something above the pages until it is dismissed; nothing where ``text`` is empty."""
        self._told.show_text(text, action, call)

    @property
    def notice(self) -> str:
        """What is said above the pages; empty where nothing is."""
        return self._told.notice.text if not self._told.isHidden() else ""

    def show_page(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)

    def show_error(self, card: QWidget) -> None:
        """Put an error card in the middle."""
        self.drop_error()
        self.error = card
        self.pages.addWidget(card)
        self.pages.setCurrentWidget(card)

    def drop_error(self) -> None:
        if self.error is not None:
            self.pages.removeWidget(self.error)
            self.error.deleteLater()
            self.error = None

    def remove(self) -> None:
        """Take everything out of the window."""
        for widget in (self.toolbar, self.centre, self.status):
            widget.hide()
            widget.deleteLater()


class Told(QWidget):
    """A notice above the pages with a button that dismisses it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 0)
        row.setSpacing(4)
        self.notice = Notice()
        row.addWidget(self.notice, 1)
        row.addWidget(tool_button("x", tr("Dismiss"), self.hide))
        self.hide()

    def show_text(self, text: str, action: str, call: Callable[[], object] | None) -> None:
        self.notice.show_text(text, "", action, call)
        self.setVisible(bool(text))
