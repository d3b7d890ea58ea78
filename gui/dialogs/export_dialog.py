"""Export a finished run: choose formats, a folder and a name; watch each file be written and checked.

``ExportDialog(run, catalogue, ask, cancel, refusals, parent, title)``: ``run`` is the run's RunState (its
folder is the one to export), ``ask(Export) -> job`` sends the request, ``cancel(job)`` stops it. Feed
:meth:`ExportDialog.apply` with the engine's batches of events. ``refusals`` says why a format does not
apply (format id → Message); a format whose trait ``holds_int8`` is False refuses converted networks.
``title`` is what the list calls the run: several may have its name.

Signals:
    exported(list): the rows of the exports that were written.
    script_wanted(str, str): the script that reproduces the run is to be shown; the run's folder and name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QWidget,
)

from backend.description import Catalogue
from backend.engine.protocol import Export
from backend.errors import Message
from backend.events import Cancelled, Event, Failed, Finished, Progress, Warned
from backend.workspace import EXPORTS
from gui.comparison import value
from gui.consent import allowed
from gui.dialogs.export_parts import FormatList, ResultTable, checked_line, file_stem
from gui.dialogs.sheet import Sheet, field
from gui.icons import pixmap
from gui.run_notes import on_int8_kernels
from gui.run_state import RunState
from gui.text import file_size, message, number, plural, tr
from gui.theme import tokens
from gui.widgets.buttons import button
from gui.widgets.failure_notice import FailureNotice
from gui.widgets.labels import ElidedLabel
from gui.widgets.labels import restyle as restyle_as
from gui.widgets.text_label import restyle, text_label


class ExportDialog(Sheet):
    """See the module's text."""

    exported = Signal(list)
    script_wanted = Signal(str, str)

    def __init__(
        self,
        run: RunState,
        catalogue: Catalogue,
        ask: Callable[[Export], str],
        cancel: Callable[[str], object],
        refusals: Mapping[str, Message] | None = None,
        parent: QWidget | None = None,
        title: str = "",
    ) -> None:
        size, accuracy = file_size(value(run.final, "size_bytes")), number(value(run.final, "accuracy"), 2)
        heading = tr("Export {run}", run=title or run.name)
        super().__init__(heading, tr("{accuracy}% · {size}", accuracy=accuracy, size=size), 700, parent)
        self._run, self._ask, self._cancel = run, ask, cancel
        self._job: str | None = None
        self._descriptions = dict(catalogue.kind("export"))
        self._chosen: list[str] = []
        self.rows: list[Mapping[str, Any]] = []
        self.formats = FormatList(self._descriptions, self._refused(refusals or {}, catalogue))
        self.formats.changed.connect(self._update)
        self._notice = FailureNotice()
        self._results = ResultTable(self._descriptions)
        self._build()
        self._update()

    def _refused(self, given: Mapping[str, Message], catalogue: Catalogue) -> dict[str, str]:
        low = on_int8_kernels(self._run, catalogue)
        refused = {id: message(reason) for id, reason in {**self._run.refused_formats, **given}.items()}
        for id, description in self._descriptions.items():
            if low and description.traits.get("holds_int8") is False:
                refused.setdefault(id, tr("Needs a network that computes in float"))
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
        self._name = QLineEdit(file_stem(self._run.name))
        self._name.textChanged.connect(self._update)
        self.body.addLayout(field(tr("Name"), self._name, label_width=56))
        self.body.addSpacing(4)
        self.body.addLayout(checked_line())
        text = tr("Python script that reproduces the run")
        self.script = button(text, self._offer_script, icon_name="code", kind="link")
        self.body.addWidget(self.script, 0, Qt.AlignmentFlag.AlignLeft)
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
            self._tell_replaced()
        for widget in (self.formats, self._folder, self._browse_button, self._name, self.script):
            widget.setEnabled(not working)

    def _tell_replaced(self) -> None:
        """Which files are overwritten."""
        stem, folder = self._name.text().strip(), Path(self._folder.text().strip())
        names = [f"{stem}{self._descriptions[id].traits.get('suffix', '')}" for id in self.formats.chosen()]
        there = [name for name in names if (folder / name).is_file()]
        if not there:
            self._say("")
            return
        text = plural(len(there), "Replaces {file}", "Replaces {count} files of the same name", file=there[0])
        self._say(text, "warning", tokens().warn)

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

    def _offer_script(self) -> None:
        self.reject()  # a sheet would keep the keyboard from the text
        self.script_wanted.emit(self._run.folder, self._run.name)

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
        QTimer.singleShot(0, self, self._stay_on_screen)

    def _stay_on_screen(self) -> None:
        """Move up where the table of results has made the dialog reach below the screen."""
        frame, screen = self.frameGeometry(), self.screen().availableGeometry()
        below = frame.bottom() - screen.bottom()
        if below > 0:
            self.move(self.x(), max(screen.top(), frame.top() - below))

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder.text().strip()))

    def done(self, result: int) -> None:
        """Closing stops an export in progress."""
        if self._job is not None:
            self._cancel(self._job)
            self._job = None
        super().done(result)
