"""Editors built from the engine's description of a method's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml
from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from backend.description import Catalogue, Parameter
from gui.text import phrase, tr
from gui.theme import font
from gui.widgets.buttons import button, tool_button
from gui.widgets.labels import label
from gui.widgets.segmented import Segmented
from gui.widgets.toggle import Toggle

LABEL = 72
"""Width of the label column; a longer label stands above its editor."""
PROPER = frozenset({"fbgemm", "onednn", "qnnpack"})
WHOLE = 2**31 - 1
Tell = Callable[[Any], None]


class Form(QWidget):
    """One row a parameter; ``changed(name, value)`` when the person has entered a value.

    A value of None means "not set". Advanced parameters are folded away.
    """

    changed = Signal(str, object)

    def __init__(
        self,
        parameters: Iterable[Parameter],
        values: Mapping[str, Any],
        catalogue: Catalogue,
        parent: QWidget | None = None,
        *,
        unfolded: bool = False,
    ) -> None:
        super().__init__(parent)
        self.editors: dict[str, QWidget] = {}
        self._catalogue = catalogue
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        parameters = list(parameters)
        for parameter in parameters:
            if not parameter.advanced:
                column.addLayout(self._row(parameter, values.get(parameter.name, parameter.default)))
        folded = [p for p in parameters if p.advanced]
        if folded:
            self._fold(column, folded, values, unfolded)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _fold(
        self, column: QVBoxLayout, parameters: list[Parameter], values: Mapping[str, Any], unfolded: bool
    ) -> None:
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        for parameter in parameters:
            inner.addLayout(self._row(parameter, values.get(parameter.name, parameter.default)))
        self.fold = button(tr("Advanced"), icon_name="caret-right", kind="link", compact=True)
        self.fold.setCheckable(True)
        self.fold.setChecked(unfolded)
        self.fold.toggled.connect(body.setVisible)
        body.setVisible(unfolded)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(body)

    @property
    def unfolded(self) -> bool:
        return hasattr(self, "fold") and self.fold.isChecked()

    def _row(self, parameter: Parameter, value: Any) -> QHBoxLayout | QVBoxLayout:
        text = phrase(parameter.label)
        tip = phrase(parameter.summary)
        editor = _editor(parameter, value, self._catalogue, lambda v: self.changed.emit(parameter.name, v))
        editor.setAccessibleName(text)
        if tip and not editor.toolTip():
            editor.setToolTip(tip)
        self.editors[parameter.name] = editor
        caption = label(text, tone="" if parameter.type == "bool" else "sec")
        caption.setToolTip(tip)
        caption.setBuddy(editor)
        wide = QFontMetrics(font()).horizontalAdvance(text) > LABEL
        if parameter.type == "bool":
            row: QHBoxLayout | QVBoxLayout = QHBoxLayout()
            row.addWidget(caption, 1)
            row.addWidget(editor)
        elif wide:
            row = QVBoxLayout()
            row.setSpacing(4)
            row.addWidget(caption)
            row.addWidget(editor)
        else:
            row = QHBoxLayout()
            row.setSpacing(8)
            caption.setFixedWidth(LABEL)
            row.addWidget(caption)
            row.addWidget(editor, 1)
        return row


def _editor(parameter: Parameter, value: Any, catalogue: Catalogue, tell: Tell) -> QWidget:
    match parameter.type:
        case "bool":
            toggle = Toggle(bool(value), phrase(parameter.label))
            toggle.toggled.connect(tell)
            return toggle
        case "choice":
            return _choice(parameter, value, tell)
        case "method":
            return _method(parameter, value, catalogue, tell)
        case "int" | "float" if parameter.percent:
            return PercentEditor(parameter, value, tell)
        case "int":
            return _whole(parameter, value, tell)
        case "float":
            return _real(parameter, value, tell)
        case "file":
            return FileEditor(value, tell)
        case _:
            return _line(parameter, value, tell)


def choice_text(choice: Any) -> str:
    """A value of a choice as a word for people: ``per_channel`` is "Per channel"."""
    text = phrase(str(choice))
    if text in PROPER or text != str(choice) or len(text) < 4:
        return text
    return text[:1].upper() + text[1:].replace("_", " ")


def _choice(parameter: Parameter, value: Any, tell: Tell) -> QWidget:
    options = [(choice, choice_text(choice)) for choice in parameter.choices]
    if not parameter.required and parameter.default is None:
        options.insert(0, (None, tr("Automatic")))
    if len(options) <= 4 and sum(len(text) + 3 for _, text in options) <= 24:
        segmented = Segmented(options, value, phrase(parameter.label))
        segmented.changed.connect(tell)
        return segmented
    return _combo(options, value, tell)


def _method(parameter: Parameter, value: Any, catalogue: Catalogue, tell: Tell) -> QComboBox:
    methods = catalogue.kind(parameter.of)
    options: list[tuple[Any, str]] = [(id, phrase(method.label)) for id, method in methods.items()]
    if not parameter.required and parameter.default is None:
        options.insert(0, (None, tr("Automatic")))
    combo = _combo(options, value, tell)
    for row in range(combo.count()):
        method = methods.get(combo.itemData(row))
        if method is not None:
            combo.setItemData(row, phrase(method.summary), Qt.ItemDataRole.ToolTipRole)
    chosen = methods.get(value)
    combo.setToolTip(phrase(chosen.summary) if chosen is not None else "")
    return combo


def _combo(options: list[tuple[Any, str]], value: Any, tell: Tell) -> QComboBox:
    combo = Combo()
    for choice, text in options:
        combo.addItem(text, choice)
    combo.setCurrentIndex(next((i for i, (choice, _) in enumerate(options) if choice == value), 0))
    combo.setMinimumContentsLength(6)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.activated.connect(lambda row: tell(options[row][0]))
    return combo


class Combo(QComboBox):
    """Leaves the wheel to the panel unless it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


def _whole(parameter: Parameter, value: Any, tell: Tell) -> QSpinBox:
    spin = QSpinBox()
    low = int(parameter.minimum if parameter.minimum is not None else -WHOLE)
    optional = not parameter.required and parameter.default is None
    spin.setRange(low - 1 if optional else low, int(parameter.maximum if parameter.maximum is not None else WHOLE))
    if optional:
        spin.setSpecialValueText(tr("Automatic"))
    spin.setGroupSeparatorShown(True)
    spin.setValue(spin.minimum() if value is None else int(value))
    _calm(spin)
    spin.valueChanged.connect(lambda v: tell(None if optional and v == spin.minimum() else v))
    return spin


def _real(parameter: Parameter, value: Any, tell: Tell) -> QDoubleSpinBox:
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
    _calm(spin)
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


def _calm(spin: QSpinBox | QDoubleSpinBox) -> None:
    """Tell a value once it was entered, not with every digit; leave the wheel to the panel."""
    spin.setKeyboardTracking(False)
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
        self.slider.setAccessibleName(phrase(parameter.label))
        self.spin = PercentSpin()
        self.spin.setRange(low, high)
        self.spin.setAccessibleName(phrase(parameter.label))
        _calm(self.spin)
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


class FileEditor(QWidget):
    """A path and a button that asks for one."""

    def __init__(self, value: Any, tell: Tell, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self.line = QLineEdit("" if value is None else str(value))
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(tool_button("folder-open", tr("Choose a file"), self._browse))
        _when_entered(self.line, lambda text: tell(text or None))

    def _browse(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"))
        if path:
            self.line.setText(path)
            self._tell(path)


def _line(parameter: Parameter, value: Any, tell: Tell) -> QLineEdit:
    shown = (
        ""
        if value is None
        else value
        if isinstance(value, str)
        else yaml.safe_dump(value, default_flow_style=True).removesuffix("...\n").strip()
    )
    line = QLineEdit(shown)
    if parameter.default is None and not parameter.required:
        line.setPlaceholderText(tr("Automatic"))

    def entered(text: str) -> None:
        if not text.strip():
            tell(None)
        elif parameter.type == "text":
            tell(text.strip())
        else:
            try:
                tell(yaml.safe_load(text))
            except yaml.YAMLError:
                tell(text)  # not a list or mapping: the recipe's check says so

    _when_entered(line, entered)
    return line


def _when_entered(line: QLineEdit, entered: Callable[[str], None]) -> None:
    last = [line.text()]

    def finished() -> None:
        if line.text() != last[0]:
            last[0] = line.text()
            entered(line.text())

    line.editingFinished.connect(finished)
