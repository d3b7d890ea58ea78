"""Going from one pane to the next with the keyboard: each keeps its place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


class PaneFocus(QObject):
    """Remembers which widget of each pane had the keyboard last."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._last: dict[int, QWidget] = {}
        QApplication.instance().focusChanged.connect(self._changed)  # type: ignore[union-attr]
        self._panes: Sequence[QWidget] = ()

    def _changed(self, _: QWidget | None, now: QWidget | None) -> None:
        for at, pane in enumerate(self._panes):
            if now is not None and pane.isAncestorOf(now):
                self._last[at] = now

    def set_panes(self, panes: Sequence[QWidget]) -> None:
        """The panes in the order in which they are gone through."""
        if list(panes) != list(self._panes):
            self._panes, self._last = panes, {}

    def move(self, by: int) -> None:
        """Give the keyboard to the next pane that is shown (``by`` 1) or the one before (−1)."""
        shown = [at for at, pane in enumerate(self._panes) if pane.isVisibleTo(self._window)]
        if not shown:
            return
        focused = self._window.focusWidget()
        here = next((i for i, at in enumerate(shown) if focused and self._panes[at].isAncestorOf(focused)), None)
        start = here if here is not None else (-1 if by > 0 else 0)
        for step in range(1, len(shown) + 1):
            at = shown[(start + by * step) % len(shown)]
            if (target := self._target(at)) is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def _target(self, at: int) -> QWidget | None:
        """What had the keyboard there last, else what Tab comes to first."""
        last, pane = self._last.get(at), self._panes[at]
        if last is not None and pane.isAncestorOf(last) and _takes_keyboard(last, self._window):
            return last
        return next((one for one in tab_order(pane) if _takes_keyboard(one, self._window)), None)


def tab_order(root: QWidget) -> list[QWidget]:
    """The widgets below ``root`` in the order of Tab, those that do not take the keyboard included."""
    found: list[QWidget] = []
    one = root.nextInFocusChain()
    while one is not None and one is not root:
        if root.isAncestorOf(one):
            found.append(one)
        one = one.nextInFocusChain()
    return found


def _takes_keyboard(widget: QWidget, window: QWidget) -> bool:
    tabbed = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tabbed and widget.isEnabled() and widget.isVisibleTo(window) and widget.focusProxy() is None
