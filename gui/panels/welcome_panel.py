"""The first page: try the sample, open a model, or carry on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.icons import pixmap
from gui.kept import recent
from gui.text import tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.labels import Paragraph, label


class WelcomePanel(QWidget):
    """Signals: ``sample_wanted``, ``choose_wanted``, ``file_wanted(path)``, ``continue_wanted``, ``template_wanted``.

    ``last`` names the recipe that was open when the window was last closed; empty for none.
    """

    sample_wanted = Signal()
    choose_wanted = Signal()
    file_wanted = Signal(object)
    continue_wanted = Signal()
    template_wanted = Signal()

    def __init__(self, last: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last = last
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(32, 16, 32, 16)
        outer.addStretch(1)
        middle = QWidget()
        middle.setMaximumWidth(896)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = label(tr("Make a model smaller and faster"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        lead = label(tr("Prune, quantize and fine-tune, and see what each step costs in accuracy."), "lead", "sec")
        lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(title)
        column.addSpacing(8)
        column.addWidget(lead)
        column.addSpacing(32)
        column.addLayout(self._choices())
        column.addSpacing(16)
        column.addWidget(self._drop())
        column.addSpacing(12)
        self.template = button(tr("New from template…"), self.template_wanted.emit, icon_name="files", kind="link")
        column.addWidget(self.template, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addLayout(_trust())
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 20)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(1)

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(16)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self.sample = button(tr("Start the sample"), self.sample_wanted.emit, icon_name="play-fill", kind="primary")
        text = tr("LeNet-5 on handwritten digits with a ready recipe. Works offline and takes about a minute.")
        grid.addWidget(_card("flask", tr("Try the sample"), text, self.sample, first=True), 0, 0)
        self.choose = button(tr("Choose file…"), self.choose_wanted.emit, icon_name="folder-open")
        text = tr("Choose saved weights, a recipe, or a Python file with the class of a network.")
        grid.addWidget(_card("folder-open", tr("Open model…"), text, self.choose), 0, 1)
        grid.addWidget(self._recent(), 0, 2)
        return grid

    def _recent(self) -> QFrame:
        files = recent()[:3]
        text = tr("Carry on where you stopped.") if files else tr("Files that you open or save appear here.")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if self._last:
            text = tr("Go on where you were, or open a file.")
            column.addWidget(self._go_on())
        for path in files[: 2 if self._last else 3]:
            column.addWidget(self._file(path))
        return _card("clock", tr("Recent"), text, body)

    def _go_on(self) -> QPushButton:
        made = button(tr("Continue where you left off"), self.continue_wanted.emit, icon_name="clock-clockwise")
        made.setToolTip(self._last)
        made.setAccessibleDescription(self._last)
        return made

    def _file(self, path: Path) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        name = button(_short(path.name), lambda: self.file_wanted.emit(path), icon_name="file", kind="ghost")
        name.setProperty("compact", True)
        name.setStyleSheet("text-align: left; padding-left: 0;")
        name.setToolTip(str(path))
        line.addWidget(name, 1)
        line.addWidget(label(_when(path), "caption", "sec"))
        return row

    def _drop(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("kind", "drop")
        column = QVBoxLayout(frame)
        column.setContentsMargins(16, 20, 16, 20)
        column.setSpacing(4)
        sign = QLabel()
        sign.setPixmap(pixmap("download-simple", tokens().sec, 20))
        sign.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        title = label(tr("Drop a model file here"), "lead")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        kinds = label(
            tr("PyTorch .pt or .pth · safetensors · a Python file that builds the model · a recipe .yaml"),
            "caption",
            "sec",
        )
        kinds.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        for one in (sign, title, kinds):
            column.addWidget(one)
        return frame


def _card(icon_name: str, title: str, text: str, action: QWidget, *, first: bool = False) -> QFrame:
    t = tokens()
    frame = QFrame()
    frame.setProperty("kind", "choice")
    frame.setProperty("first", first)
    frame.setMinimumHeight(264)
    column = QVBoxLayout(frame)
    column.setContentsMargins(19, 19, 19, 19)
    column.setSpacing(0)
    sign = QLabel()
    sign.setFixedSize(48, 48)
    sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
    sign.setPixmap(pixmap(icon_name, t.on_accent if first else t.sec, 22))
    sign.setStyleSheet(f"background: {t.accent if first else t.sunken}; border-radius: 10px;")
    column.addWidget(sign)
    column.addSpacing(16)
    column.addWidget(label(title, "choice"))
    column.addSpacing(4)
    column.addWidget(Paragraph(text))
    column.addStretch(1)
    column.addWidget(action)
    if isinstance(action, QPushButton):
        action.setAccessibleDescription(text)
    return frame


def _trust() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    sign = QLabel()
    sign.setPixmap(pixmap("shield-check", tokens().sec, 14))
    row.addStretch(1)
    row.addWidget(sign)
    row.addWidget(
        label(tr("Models stay on this computer. Pare asks before it runs code from a file."), "caption", "sec")
    )
    row.addStretch(1)
    return row


def _short(name: str) -> str:
    return name if len(name) <= 26 else f"{name[:14]}…{name[-11:]}"


def _when(path: Path) -> str:
    """Today as a time, yesterday as a word, earlier as a date."""
    changed = QDateTime.fromSecsSinceEpoch(int(path.stat().st_mtime))
    days = changed.date().daysTo(QDateTime.currentDateTime().date())
    if days <= 0:
        return tr("Today, {time}", time=changed.time().toString("HH:mm"))
    if days == 1:
        return tr("Yesterday")
    return QLocale().toString(changed.date(), QLocale.FormatType.ShortFormat)
