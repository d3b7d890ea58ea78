"""Editors of figures: whole, real, and shares shown in percent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLocale, QSignalBlocker, Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSlider, QSpinBox, QWidget

from backend.description import Parameter
from gui.text import phrase, tr

WHOLE = 2**31 - 1
Tell = Callable[[Any], None]


def whole(parameter: Parameter, value: Any, tell: Tell) -> QSpinBox:
    spin = QSpinBox()
    low = int(parameter.minimum if parameter.minimum is not None else -WHOLE)
    optional = not parameter.required and parameter.default is None
    spin.setRange(low - 1 if optional else low, int(parameter.maximum if parameter.maximum is not None else WHOLE))
    if optional:
        spin.setSpecialValueText(tr("Automatic"))
    spin.setGroupSeparatorShown(True)
    spin.setValue(spin.minimum() if value is None else int(value))
    calm(spin)
    spin.valueChanged.connect(lambda v: tell(None if optional and v == spin.minimum() else v))
    return spin


def real(parameter: Parameter, value: Any, tell: Tell) -> QDoubleSpinBox:
    spin = RealSpin()
    low = parameter.minimum if parameter.minimum is not None else parameter.above
    optional = not parameter.required and parameter.default is None
    bottom = -1e9 if low is None else float(low)
    if parameter.above is not None:
        bottom += 1e-9
    spin.setRange(bottom - 1.0 if optional else bottom, 1e9 if parameter.maximum is None else float(parameter.maximum))
    if optional:
        spin.setSpecialValueText(tr("Automatic"))
    spin.setValue(spin.minimum() if value is None else float(value))
    calm(spin)
    spin.valueChanged.connect(lambda v: tell(None if optional and v <= spin.minimum() else max(v, bottom)))
    return spin


class RealSpin(QDoubleSpinBox):
    """Writes 0.001 as 0.001: no trailing zeros, steps of a tenth of the figure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.setDecimals(12)
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)

    def textFromValue(self, value: float) -> str:
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        try:
            float(text)
        except ValueError:
            partial = all(letter in "0123456789.eE+-" for letter in text) or text == self.specialValueText()
            state = QValidator.State.Intermediate if partial else QValidator.State.Invalid
            return (state, text, position)
        return (QValidator.State.Acceptable, text, position)

    def stepBy(self, steps: int) -> None:
        special = self.value() <= self.minimum() and bool(self.specialValueText())
        if special and steps > 0:
            self.setValue(0.01)
        else:
            super().stepBy(steps)


def calm(spin: QSpinBox | QDoubleSpinBox) -> None:
    """Tell a value once it was entered, not with every digit; leave the wheel to the panel."""
    spin.setKeyboardTracking(False)
    spin.setMinimumWidth(64)  # its own wish is room for the longest number that may be entered
    spin.lineEdit().setTextMargins(4, 0, 0, 0)
    spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    spin.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign]


class PercentEditor(QWidget):
    """A share from 0 to 1 as a slider and a figure in percent; told when the handle is let go."""

    def __init__(self, parameter: Parameter, value: Any, tell: Tell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        low = round(100 * float(parameter.minimum or parameter.above or 0))
        high = round(100 * float(1 if parameter.maximum is None else parameter.maximum))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(low, high)
        self.slider.setPageStep(10)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the figure beside it takes the keyboard
        self.slider.setAccessibleName(phrase(parameter.label))
        self.spin = PercentSpin()
        self.spin.setRange(low, high)
        self.spin.setAccessibleName(phrase(parameter.label))
        calm(self.spin)
        self.setFocusProxy(self.spin)
        shown = 100 * float(value or 0)
        self.slider.setValue(round(shown))
        self.spin.setValue(shown)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self.spin)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(lambda: self._enter(self.slider.value()))
        self.spin.valueChanged.connect(self._enter)

    @property
    def value(self) -> float:
        return round(self.spin.value() / 100, 6)

    def _slid(self, value: int) -> None:
        blocker = QSignalBlocker(self.spin)
        self.spin.setValue(value)
        blocker.unblock()
        if not self.slider.isSliderDown():
            self._enter(value)

    def _enter(self, value: float) -> None:
        blocker = QSignalBlocker(self.slider)
        self.slider.setValue(round(value))
        blocker.unblock()
        self._tell(round(value / 100, 6))


class PercentSpin(QDoubleSpinBox):
    """``50%``, with decimals where there are any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale.c())
        self.setDecimals(2)
        self.setSingleStep(5)
        self.setSuffix("%")
        self.setFixedWidth(68)

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"
