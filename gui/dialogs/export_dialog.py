"""Export a finished run: choose formats, a folder and a name; watch each file be written and checked.

``ExportDialog(run, catalogue, ask, cancel, refusals)``: ``run`` is the run's RunState (its folder is the
one to export), ``ask(Export) -> job`` sends the request, ``cancel(job)`` stops it. Feed
:meth:`ExportDialog.apply` with the engine's batches of events. ``refusals`` says why a format does not
apply (format id → Message); a format whose trait ``holds_int8`` is False refuses converted networks.

Signals:
    exported(list): the rows of the exports that were written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from backend.description import Catalogue, Description
from backend.engine.protocol import Export
from backend.errors import Message
from backend.events import Cancelled, Event, Failed, Finished, Progress, Warned
from backend.workspace import EXPORTS
from gui.comparison import precisions, value
from gui.consent import allowed
from gui.dialogs.sheet import Sheet, field
from gui.icons import pixmap
from gui.run_state import RunState
from gui.text import NOTHING, file_size, message, milliseconds, number, phrase, plural, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.failure_notice import FailureNotice
from gui.widgets.labels import ElidedLabel
from gui.widgets.labels import restyle as restyle_as
from gui.widgets.text_label import restyle, text_label


class ExportDialog(Sheet):
    """See the module's text."""

    exported = Signal(list)

    def __init__(
        self,
        run: RunState,
        catalogue: Catalogue,
        ask: Callable[[Export], str],
        cancel: Callable[[str], object],
        refusals: Mapping[str, Message] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        size, accuracy = file_size(value(run.final, "size_bytes")), number(value(run.final, "accuracy"), 2)
        title = tr("Export {run}", run=run.name)
        super().__init__(title, tr("{accuracy}% · {size}", accuracy=accuracy, size=size), 700, parent)
        self._run, self._ask, self._cancel = run, ask, cancel
        self._job: str | None = None
        self._descriptions = dict(catalogue.kind("export"))
        self._chosen: list[str] = []
        self.rows: list[Mapping[str, Any]] = []
        self.formats = FormatList(self._descriptions, self._refused(refusals or {}))
        self.formats.changed.connect(self._update)
        self._notice = FailureNotice()
        self._results = ResultTable(self._descriptions)
        self._build()
        self._update()

    def _refused(self, given: Mapping[str, Message]) -> dict[str, str]:
        low = any(word.startswith("int") for word in precisions(self._run.final).split(" + "))
        refused = {id: message(reason) for id, reason in given.items()}
        for id, description in self._descriptions.items():
            if low and description.traits.get("holds_int8") is False:
                refused.setdefault(id, tr("Needs a network in float32"))
        return refused

    def _build(self) -> None:
        t = tokens()
        self.body.addWidget(text_label(tr("Formats"), 12, 500, t.sec))
        self.body.addWidget(self.formats)
        self.body.addSpacing(6)
        self._folder = QLineEdit(str(QSettings().value("exportFolder", "") or Path(self._run.folder) / EXPORTS))
        self._folder.textChanged.connect(self._update)
        self._browse_button = button(tr("Browse…"), self._browse)
        self.body.addLayout(field(tr("Folder"), self._folder, self._browse_button, label_width=56))
        self._name = QLineEdit(_stem(self._run.name))
        self._name.textChanged.connect(self._update)
        self.body.addLayout(field(tr("Name"), self._name, label_width=56))
        self.body.addSpacing(4)
        self.body.addLayout(_checked_line())
        self.body.addWidget(self._notice)
        self.body.addWidget(self._results)
        self.body.addStretch(1)
        self._show = button(tr("Show in folder"), self._show_folder, icon_name="folder-open", kind="ghost")
        self._sign = QLabel()
        self._status = ElidedLabel()
        restyle(self._status, 12, 400, t.sec)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(110)
        self._second = button(tr("Close"), self._second_pressed)
        self._go = button(tr("Export"), self._pressed, kind="primary")
        self._go.setDefault(True)
        for widget in (self._show, self._bar, self._sign):
            self.footer.addWidget(widget)
        self.footer.addWidget(self._status, 1)
        self.footer.addWidget(self._second)
        self.footer.addWidget(self._go)
        self._bar.hide()
        self._show.hide()

    def _update(self) -> None:
        """Whether Export is possible, and why not."""
        working = self._job is not None
        reason = ""
        if not self.formats.chosen():
            reason = tr("Choose a format")
        elif not self._folder.text().strip():
            reason = tr("Choose a folder")
        elif not self._name.text().strip():
            reason = tr("Give the files a name")
        written = bool(self.rows)
        self._second.setText(tr("Export again") if written else tr("Close"))
        self._second.setVisible(not working)
        self._second.setEnabled(not written or not reason)
        self._go.setText(tr("Stop") if working else tr("Done") if written else tr("Export"))
        restyle_as(self._go, kind="danger" if working else "primary")
        self._go.setEnabled(working or written or not reason)
        self._go.setToolTip("" if working or written else reason)
        if not working and reason:
            self._say(reason)
        elif not working and not self.rows:
            self._say("")
        for widget in (self.formats, self._folder, self._browse_button, self._name):
            widget.setEnabled(not working)

    def _say(self, text: str, icon_name: str = "", color: str = "") -> None:
        self._sign.setVisible(bool(icon_name))
        if icon_name:
            self._sign.setPixmap(pixmap(icon_name, color, 14))
        self._status.setText(text)

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Folder for the exported files"), self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _pressed(self) -> None:
        if self._job is not None:
            self._cancel(self._job)
            self._go.setEnabled(False)
            self._say(tr("Stopping…"))
        elif self.rows:
            self.accept()
        else:
            self.start()

    def _second_pressed(self) -> None:
        if self.rows:
            self.start()
        else:
            self.reject()

    def start(self) -> None:
        """Send the request for the formats that are ticked."""
        self._chosen = self.formats.chosen()
        destination = self._folder.text().strip()
        QSettings().setValue("exportFolder", "" if destination.startswith(self._run.folder) else destination)
        self._notice.show_failure(None)
        self.rows = []
        self._results.hide()
        request = Export(self._run.folder, tuple(self._chosen), destination, self._name.text().strip(), allowed())
        self._job = self._ask(request)
        self._bar.setValue(0)
        self._bar.show()
        self._say(tr("Opening the network"))
        self._update()

    def apply(self, events: Sequence[tuple[str, float, Event]]) -> None:
        """Take a batch of (job, seconds, event); those of other jobs are passed over."""
        for job, _, event in events:
            if job == self._job:
                self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Progress():
                share = (max(0, event.stage) + event.done / (event.total or 1)) / max(1, len(self._chosen))
                self._bar.setValue(round(1000 * min(1.0, share)))
                self._say(message(event.text))
            case Warned():
                self._say(message(event.message), "warning", tokens().warn)
            case Finished():
                self._finished(list(event.result.get("exports") or []))
            case Failed():
                self._ended()
                self._notice.show_failure(event)
                self._say(tr("Nothing was written"))
            case Cancelled():
                self._ended()
                self._say(tr("Stopped"), "minus-circle-fill", tokens().ter)

    def _ended(self) -> None:
        self._job = None
        self._bar.hide()
        self._update()

    def _finished(self, rows: list[Mapping[str, Any]]) -> None:
        self.rows = rows
        self._results.show_rows(rows)
        self._ended()
        t = tokens()
        bad = [row for row in rows if not row.get("verified")]
        count = plural(len(rows), "{count} file written", "{count} files written")
        self._say(count, "warning", t.warn) if bad else self._say(count, "check-circle-fill", t.ok)
        self._show.show()
        self.exported.emit(rows)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder.text().strip()))

    def done(self, result: int) -> None:
        """Closing stops an export in progress."""
        if self._job is not None:
            self._cancel(self._job)
            self._job = None
        super().done(result)


class FormatList(QFrame):
    """One row a format: tick, name, suffix, what it holds or why it can't be written.

    Signals:
        changed(): a tick was set or taken.
    """

    changed = Signal()

    def __init__(
        self, descriptions: Mapping[str, Description], refused: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        t = tokens()  # what is being exported stays ticked to the eye
        self.setStyleSheet(
            f"QCheckBox::indicator:checked:disabled {{ background: {t.dis}; border: 1px solid {t.dis}; }}"
        )
        self.boxes: dict[str, QCheckBox] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        ordered = sorted(descriptions.values(), key=lambda d: d.id in refused)
        for i, description in enumerate(ordered):
            if i:
                rule = QFrame()
                rule.setProperty("kind", "rule")
                column.addWidget(rule)
            column.addWidget(self._row(description, refused.get(description.id, "")))
        first = next((id for id in self.boxes if self.boxes[id].isEnabled()), None)
        if first is not None:
            self.boxes[first].setChecked(True)

    def _row(self, description: Description, refused: str) -> QWidget:
        t = tokens()
        row = QWidget()
        row.setFixedHeight(34)
        line = QHBoxLayout(row)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(8)
        box = QCheckBox(phrase(description.label))
        box.setStyleSheet("font-weight: 500;")
        box.setEnabled(not refused)
        box.setAccessibleDescription(refused or phrase(description.summary))
        box.toggled.connect(lambda _: self.changed.emit())
        self.boxes[description.id] = box
        line.addWidget(box)
        line.addWidget(text_label(str(description.traits.get("suffix", "")), 12, 400, t.dis if refused else t.sec))
        if refused:
            line.addStretch(1)
            lock = QLabel()
            lock.setPixmap(pixmap("lock-simple", t.ter, 14))
            line.addWidget(lock)
            line.addWidget(text_label(refused, 12, 400, t.sec))
            return row
        what = ElidedLabel(phrase(description.summary))
        restyle(what, 12, 400, t.sec)
        what.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(what, 1)
        return row

    def chosen(self) -> list[str]:
        """Ids of the formats that are ticked."""
        return [id for id, box in self.boxes.items() if box.isChecked()]


class ResultTable(QFrame):
    """What was written: format, check, largest difference, accuracy, size, latency."""

    def __init__(self, descriptions: Mapping[str, Description], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._descriptions = descriptions
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 2, 14, 2)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def show_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show ``rows`` of result.json's ``exports``."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        t = tokens()
        heads = (tr("Format"), tr("Check"), tr("Max difference"), tr("Accuracy"), tr("Size"), tr("Latency"))
        for column, head in enumerate(heads):
            self._put(0, column, text_label(head, 12, 500, t.sec))
        for number_of, row in enumerate(rows, 1):
            self._row(number_of, row)
        self.show()

    def _row(self, at: int, row: Mapping[str, Any]) -> None:
        description = self._descriptions.get(str(row.get("format")))
        name = phrase(description.label) if description else str(row.get("format"))
        accuracy, difference = value(row, "accuracy"), value(row, "max_abs_error")
        self._put(at, 0, text_label(name, 12, 600))
        self._put(at, 1, _check(row))
        self._put(at, 2, text_label(difference_text(difference), 12))
        self._put(at, 3, text_label(NOTHING if accuracy is None else f"{number(accuracy, 2)}%", 12))
        self._put(at, 4, text_label(file_size(value(row, "size_bytes")), 12))
        found = row.get("latency_ms")
        latency = value(found, "median") if isinstance(found, Mapping) else value(row, "latency_ms")
        self._put(at, 5, text_label(milliseconds(latency), 12))

    def _put(self, row: int, column: int, widget: QWidget) -> None:
        widget.setFixedHeight(30)
        if isinstance(widget, QLabel) and column > 1:
            widget.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(widget, row, column)


def difference_text(difference: float | None) -> str:
    """The largest difference of outputs: ``0``, ``1.2e-6``."""
    if difference is None:
        return NOTHING
    return "0" if difference == 0 else f"{difference:.1e}".replace("e-0", "e-").replace("e+0", "e")


def _check(row: Mapping[str, Any]) -> QWidget:
    t = tokens()
    good = bool(row.get("verified"))
    reason = row.get("reason")
    text = tr("Opens and matches") if good else message(reason) if isinstance(reason, Mapping) else tr("Does not match")
    widget = QWidget()
    line = QHBoxLayout(widget)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(7)
    sign = QLabel()
    sign.setFixedSize(QSize(14, 14))
    sign.setPixmap(pixmap("check-circle-fill", t.ok, 14) if good else pixmap("warning-fill", t.warn, 14))
    label = ElidedLabel(text)
    restyle(label, 12, 400, t.text if good else t.warn)
    line.addWidget(sign)
    line.addWidget(label, 1)
    return widget


def _checked_line() -> QHBoxLayout:
    t = tokens()
    line = QHBoxLayout()
    line.setSpacing(8)
    sign = QLabel()
    sign.setPixmap(pixmap("shield-check", t.ok, 16))
    line.addWidget(sign)
    line.addWidget(text_label(tr("Checked after writing"), 13, 500))
    how = ElidedLabel(tr("Each file is opened again in a clean process and its outputs compared"))
    restyle(how, 12, 400, t.sec)
    line.addWidget(how, 1)
    return line


def _stem(name: str) -> str:
    """A file name made of a run's name."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in name.strip().lower())
    while "--" in kept:
        kept = kept.replace("--", "-")
    return kept.strip("-.") or "network"
