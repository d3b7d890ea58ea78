"""The window's last line: the engine, the stage and its progress, the time left, CPU and memory.

``StatusBar(state)`` follows the run; the window tells of the engine with :meth:`StatusBar.set_engine`
and where its process is with :meth:`StatusBar.set_pid`.

Signals:
    log_requested(): the bell was pressed.
"""

from __future__ import annotations

from typing import Literal

import psutil
from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from gui.run_state import RunState
from gui.text import NOTHING, duration, message, number, percent, phrase, tr
from gui.theme import tokens
from gui.widgets.buttons import tool_button
from gui.widgets.labels import ElidedLabel
from gui.widgets.text_label import restyle, text_label

EngineState = Literal["starting", "ready", "busy", "stopping", "gone"]
PROGRESS = 250
"""Milliseconds between two words of progress: a text of another width lays out the whole window anew."""
HEIGHT = 28


class StatusBar(QFrame):
    """28 px high; everything in it is text, so that no state is told by color alone."""

    log_requested = Signal()

    def __init__(self, state: RunState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        t = tokens()
        self._state = state
        self._engine: EngineState = "starting"
        self._task: tuple[str, float] | None = None
        self._process: psutil.Process | None = None
        self.setObjectName("statusBar")
        self.setStyleSheet(f"#statusBar {{ background: {t.window}; border: none; border-top: 1px solid {t.line}; }}")
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 10, 0)
        row.setSpacing(8)
        self._build_left(row)
        row.addStretch(1)
        self._build_right(row)
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._tick)
        self._soon = QTimer(self, singleShot=True, interval=PROGRESS)
        self._soon.timeout.connect(self.refresh)
        self._timer.start()
        state.changed.connect(self._changed)
        self.set_engine("starting")
        self.refresh()

    def _build_left(self, row: QHBoxLayout) -> None:
        t = tokens()
        self._dot = Dot()
        self._name = text_label("", 12, 500)
        self._version = text_label("", 12, 400, t.sec)
        self._step = ElidedLabel()
        restyle(self._step, 12, 500)
        self._step.setFixedHeight(18)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(160)
        self._bar.setAccessibleName(tr("Progress of the run"))
        self._left = text_label("", 12, 400, t.sec)
        self._line = _rule()
        for widget in (self._dot, self._name, self._version, self._line):
            row.addWidget(widget)
        row.addWidget(self._step, 100)
        row.addWidget(self._bar)
        row.addWidget(self._left)

    def _build_right(self, row: QHBoxLayout) -> None:
        t = tokens()
        self._cpu, self._memory = Meter(), Meter()
        self._cpu_text, self._memory_text = text_label("", 12), text_label("", 12)
        for name, meter, text in (
            (tr("CPU"), self._cpu, self._cpu_text),
            (tr("RAM"), self._memory, self._memory_text),
        ):
            row.addWidget(text_label(name, 12, 400, t.sec))
            row.addWidget(meter)
            row.addWidget(text)
            row.addSpacing(4)
        row.addWidget(_rule())
        bell = tool_button("bell", tr("Show the log"), self.log_requested.emit)
        bell.setFixedSize(24, 24)
        row.addWidget(bell)

    def set_state(self, state: RunState) -> None:
        """Follow another run."""
        self._state.changed.disconnect(self._changed)
        self._state = state
        state.changed.connect(self._changed)
        self.refresh()

    def set_engine(self, engine: EngineState, torch: str = "") -> None:
        """Say what the engine does; ``torch`` is its version ("2.13.0+cpu")."""
        t = tokens()
        self._engine = engine
        text, tone = {
            "starting": (tr("Engine starting"), t.ter),
            "ready": (tr("Engine ready"), t.s3),
            "busy": (tr("Engine busy"), t.accent),
            "stopping": (tr("Stopping…"), t.warn),
            "gone": (tr("Engine restarting"), t.bad),
        }[engine]
        self._dot.set_color(tone)
        self._name.setText(text)
        if torch:
            short = ".".join(torch.partition("+")[0].split(".")[:2])
            self._version.setText(tr("PyTorch {version}", version=short))
        self._version.setVisible(bool(self._version.text()))

    def set_pid(self, pid: int | None) -> None:
        """Which process is the engine's."""
        if pid is None or (self._process is not None and self._process.pid == pid):
            return
        try:
            self._process = psutil.Process(pid)
            self._process.cpu_percent()
        except psutil.Error:
            self._process = None
        self._measure()

    def _changed(self, kinds: set[str]) -> None:
        if kinds & {"started", "stages", "ending"}:
            self.refresh()
        elif "progress" in kinds and not self._soon.isActive():
            self._soon.start()

    def _tick(self) -> None:
        self._measure()
        if self._state.status == "running":
            self.refresh()

    def set_task(self, text: str, share: float | None) -> None:
        """Show other work of the engine while no run goes on; it is over when ``share`` is None."""
        task = None if share is None else (text, share)
        if task != self._task:
            self._task = task
            self.refresh()

    def refresh(self) -> None:
        """Show the run as it is now, or what else the engine does."""
        state = self._state
        running = state.status == "running"
        task = self._task if not running else None
        self._bar.setVisible(running or task is not None)
        self._left.setVisible(running)
        text = self.step_text() if task is None else task[0]
        self._step.setText(text)
        self._step.setMaximumWidth(self._step.fontMetrics().horizontalAdvance(text) + 4)
        self._line.setVisible(bool(text))
        if running or task is not None:
            self._bar.setUpdatesEnabled(False)  # QProgressBar paints the whole window at once when it is set
            self._bar.setValue(round((state.fraction if task is None else task[1]) * 1000))
            self._bar.setUpdatesEnabled(True)
        if running:
            self._left.setText(self.left_text())

    def step_text(self) -> str:
        """What the run does now, or how it ended."""
        state = self._state
        values = {"run": state.name, "time": duration(state.elapsed)}
        match state.status:
            case "running":
                text = message(state.text)
                if state.stage is None:
                    return text or tr("Waiting for the engine")
                stage = phrase(state.stage.label)
                return tr("{stage} · {step}", stage=stage, step=text) if text else stage
            case "done":
                return tr("{run} finished in {time}", **values)
            case "stopped":
                return tr("{run} stopped after {time}", **values)
            case "failed":
                return tr("{run} failed after {time}", **values)
            case _:
                return ""

    def left_text(self) -> str:
        """``0:42 left``, or how long it has been running."""
        left = self._state.left
        if left is None or left < 0.5:
            return duration(self._state.elapsed)
        return tr("{time} left", time=duration(left))

    def _measure(self) -> None:
        """CPU (100% is the whole machine) and memory of the engine's process."""
        try:
            if self._process is None:
                raise psutil.NoSuchProcess(0)
            with self._process.oneshot():
                share = self._process.cpu_percent() / 100 / (psutil.cpu_count() or 1)
                used = self._process.memory_info().rss
        except psutil.Error:
            self._process = None
            for meter, text in ((self._cpu, self._cpu_text), (self._memory, self._memory_text)):
                meter.set_share(0.0)
                text.setText(NOTHING)
            return
        total = psutil.virtual_memory().total
        self._cpu.set_share(share)
        self._cpu_text.setText(percent(min(1.0, share)))
        self._memory.set_share(used / total)
        self._memory_text.setText(tr("{used} / {total} GB", used=number(used / 1e9, 1), total=number(total / 1e9)))


class Dot(QWidget):
    """A filled circle of 8 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = tokens().ter
        self.setFixedSize(8, 8)

    def set_color(self, color: str) -> None:
        self._color = color
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._color))
        painter.drawEllipse(QRectF(0, 0, 8, 8))


class Meter(QWidget):
    """A bar of 48×4 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedSize(48, 4)

    def set_share(self, share: float) -> None:
        """``share`` from 0 to 1."""
        self._share = min(1.0, max(0.0, share))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(QColor(t.line))
        painter.drawRoundedRect(QRectF(0, 0, 48, 4), 2, 2)
        if self._share > 0:
            painter.setBrush(QColor(t.ter))
            painter.drawRoundedRect(QRectF(0, 0, max(4.0, 48 * self._share), 4), 2, 2)


def _rule() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "divider")
    line.setFixedSize(1, 14)
    return line
