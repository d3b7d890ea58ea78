"""What the window shows at once: toolbar, start page, status line. The panels follow after the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QStatusBar, QWidget

from gui.panels.status_bar import StatusBar
from gui.panels.welcome_panel import WelcomePanel
from gui.toolbar import Toolbar

if TYPE_CHECKING:
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
        self.toolbar = Toolbar(window.actions_by_id, window.views.search_entries)
        self.toolbar.menu_button.clicked.connect(window.views.show_menu)
        self.toolbar.search.chosen.connect(window.views.go_to)
        self.welcome = WelcomePanel()
        self.welcome.sample_wanted.connect(window.files.open_sample)
        self.welcome.choose_wanted.connect(window.files.choose_file)
        self.welcome.file_wanted.connect(window.files.open_file)
        self.status = StatusBar(window.state)
        self.status.log_requested.connect(window.views.show_log)
        self.error: QWidget | None = None
        self.pages = Pages()
        self.pages.addWidget(self.welcome)
        window.setMenuWidget(self.toolbar)
        window.setCentralWidget(self.pages)
        line = QStatusBar()
        line.setSizeGripEnabled(False)
        line.setFixedHeight(28)
        line.addWidget(self.status, 1)
        window.setStatusBar(line)
        self.welcome.sample.setFocus()

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
        for widget in (self.toolbar, self.pages, self.status):
            widget.hide()
            widget.deleteLater()
