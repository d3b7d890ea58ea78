"""The Qt style sheet, filled with the colors of a theme.

Widgets choose a variant with dynamic properties: ``kind`` (buttons: primary, danger, ghost, link,
chip; frames: card, popover), ``tone`` (labels: sec, ter, ok, warn, bad, accent), ``scale`` (labels:
title, heading, section, caption, number, tag).
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from resources.paths import resource

_IMAGES = resource("themes")


def style_sheet(colors: Mapping[str, str]) -> str:
    """The style sheet of the application."""
    return Template(_SHEET).substitute(colors, images=_IMAGES.as_posix())


_SHEET = """
QWidget { font-size: 13px; color: $text; }
QMainWindow, QDialog { background: $panel; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line2; padding: 5px 8px; font-size: 12px; }
QLabel { background: transparent; }

QLabel[tone="sec"] { color: $sec; }
QLabel[tone="ter"] { color: $ter; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"] { color: $warn; }
QLabel[tone="bad"] { color: $bad; }
QLabel[tone="accent"] { color: $accent; }
QLabel[scale="title"] { font-size: 28px; font-weight: 600; }
QLabel[scale="heading"] { font-size: 18px; font-weight: 600; }
QLabel[scale="choice"] { font-size: 16px; font-weight: 600; }
QLabel[scale="lead"] { font-size: 14px; }
QLabel[scale="section"] { font-size: 13px; font-weight: 600; }
QLabel[scale="caption"] { font-size: 12px; }
QLabel[scale="tag"] { font-size: 11px; font-weight: 500; }
QLabel[scale="small"] { font-size: 11px; }
QLabel[scale="strong"] { font-size: 12px; font-weight: 600; }

QLabel[badge="neutral"], QLabel[badge="ok"], QLabel[badge="accent"], QLabel[badge="warn"], QLabel[badge="bad"] {
    font-size: 11px; font-weight: 500; border-radius: 4px; padding: 1px 6px; }
QLabel[badge="neutral"] { background: $sunken; color: $sec; }
QLabel[badge="ok"] { background: $ok_bg; color: $ok; }
QLabel[badge="accent"] { background: $tint; color: $accent; }
QLabel[badge="warn"] { background: $warn_bg; color: $warn; }
QLabel[badge="bad"] { background: $bad_bg; color: $bad; }
QLabel[badge="knee"] { background: $knee; color: $on_accent; font-size: 11px; font-weight: 500; border-radius: 4px;
    padding: 1px 6px; }

QPushButton { background: $panel; color: $text; border: 1px solid $line2; border-radius: 6px;
    font-weight: 500; padding: 0 12px; min-height: 30px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $sunken; }
QPushButton:disabled { color: $dis; border-color: $line; background: transparent; }
QPushButton:focus { border: 2px solid $accent; padding: 0 11px; min-height: 28px; }
QPushButton[compact="true"] { min-height: 26px; padding: 0 10px; }
QPushButton[compact="true"]:focus { min-height: 24px; padding: 0 9px; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:disabled { background: $tint2; color: $ter; border-color: $tint2; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="danger"] { color: $bad; }
QPushButton[kind="danger"]:disabled { color: $dis; }
QPushButton[kind="ghost"] { background: transparent; border-color: transparent; padding: 0 9px; }
QPushButton[kind="ghost"]:hover { background: $hover; }
QPushButton[kind="ghost"]:focus { border-color: $accent; padding: 0 8px; }
QPushButton[kind="link"] { background: transparent; border: none; color: $accent; padding: 0 2px; min-height: 20px; }
QPushButton[kind="link"]:hover { color: $accent_hover; text-decoration: underline; }
QPushButton[kind="link"]:focus { text-decoration: underline; border: none; padding: 0 2px; min-height: 20px; }
QPushButton[kind="link"]:disabled { color: $dis; }
QPushButton[kind="chip"] { min-height: 26px; padding: 0 8px; text-align: left; border-color: $line; }
QPushButton[kind="chip"]:focus { border: 2px solid $accent; min-height: 24px; padding: 0 7px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; border: 2px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton:hover, QToolButton:open { background: $hover; }
QToolButton:focus { border-color: $accent; }
QToolButton:checked { background: $tint; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: $panel; color: $text;
    border: 1px solid $line2; border-radius: 6px; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit, QComboBox { min-height: 26px; padding: 0 8px; }
QAbstractSpinBox { min-height: 26px; padding: 0 18px 0 2px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 2px solid $accent; }
QLineEdit:focus, QComboBox:focus { min-height: 24px; padding: 0 7px; }
QAbstractSpinBox:focus { min-height: 24px; padding: 0 17px 0 1px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $dis; background: $window;
    border-color: $line; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; background: transparent; padding: 0 0 0 6px;
    min-height: 20px; }
QAbstractSpinBox::up-button { subcontrol-origin: border; subcontrol-position: top right; width: 18px;
    border: none; background: transparent; margin: 3px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-origin: border; subcontrol-position: bottom right; width: 18px;
    border: none; background: transparent; margin: 0 2px 3px 0; }
QAbstractSpinBox::up-arrow { image: url("$images/caret-up-$name.svg"); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url("$images/caret-down-$name.svg"); width: 9px; height: 9px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$images/caret-down-$name.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line2; border-radius: 6px; padding: 4px;
    outline: none; selection-background-color: $sel; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }

QComboBox QAbstractItemView::item:disabled { color: $ter; }

QCheckBox { spacing: 8px; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $line2; border-radius: 4px; background: $panel; }
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent;
    image: url("$images/check-$name.svg"); }
QCheckBox::indicator:disabled { background: $sunken; border-color: $line; }
QCheckBox:disabled { color: $dis; }
QCheckBox:focus { color: $accent; }
QRadioButton { spacing: 8px; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $line2; border-radius: 8px; background: $panel; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 6px; height: 6px; }
QRadioButton:focus { color: $accent; }

QSlider { background: transparent; min-height: 20px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $line; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; background: $panel;
    border: 2px solid $accent; }
QSlider::handle:horizontal:hover { background: $tint; }
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $dis; }
QSlider::handle:horizontal:disabled { border-color: $dis; }

QMenu { background: $raised; border: 1px solid $line2; border-radius: 8px; padding: 4px; }
QMenu::item { padding: 7px 28px 7px 8px; border-radius: 6px; color: $text; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $dis; }
QMenu::item:disabled:selected { background: $hover; color: $dis; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 4px; }
QMenu::right-arrow { image: url("$images/caret-right-$name.svg"); width: 11px; height: 11px; right: 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 6px; }
QMenu::indicator:checked { image: url("$images/tick-$name.svg"); }

QAbstractItemView { background: $panel; border: none; outline: none; alternate-background-color: $panel;
    selection-background-color: $sel; selection-color: $text; }
QTreeView::item:hover, QTableView::item:hover, QListView::item:hover { background: $hover; }
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected { background: $sel; color: $text; }
QTreeView { show-decoration-selected: 1; }
QTreeView::branch { background: transparent; }
QTreeView::branch:hover { background: $hover; }
QTreeView::branch:selected { background: $sel; }
QTreeView::branch:has-children:closed { image: url("$images/branch-closed-$name.svg"); }
QTreeView::branch:has-children:open { image: url("$images/branch-open-$name.svg"); }
QHeaderView { background: $window; border: none; }
QHeaderView::section { background: $window; color: $sec; border: none; border-bottom: 1px solid $line;
    border-top: 1px solid $line; font-size: 12px; font-weight: 500; padding: 0 6px; min-height: 26px; }
QHeaderView[lead="true"]::section:first { padding-left: 16px; }
QTableCornerButton::section { background: $window; border: none; }
QTableView { gridline-color: $line; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $line2; border-radius: 3px; min-height: 28px; margin: 2px; }
QScrollBar::handle:horizontal { background: $line2; border-radius: 3px; min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: $dis; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $sec; font-weight: 500; padding: 0 4px; margin: 0 10px;
    min-height: 37px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabWidget::tab-bar { left: 6px; }
QTabWidget { background: $panel; }
QTabWidget[low="true"] QTabBar::tab { min-height: 33px; }
QStackedWidget { background: $panel; }
QStatusBar { background: $window; border: none; color: $text; font-size: 12px; padding: 0; }
QStatusBar::item { border: none; }
QDockWidget { border: none; }

QProgressBar { color: transparent; font-size: 1px;
    background: $line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[cell="true"] { min-height: 4px; max-height: 4px; border-radius: 2px; }
QProgressBar[cell="true"]::chunk { border-radius: 2px; }

QSplitter::handle { background: $line; }
QGroupBox { border: 1px solid $line; border-radius: 8px; margin-top: 8px; padding: 12px; }
QFrame[kind="card"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="stage"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="stage"][expanded="true"] { border: 1px solid $accent; }
QFrame[kind="choice"] { background: $panel; border: 1px solid $line; border-radius: 12px; }
QFrame[kind="choice"][first="true"] { border: 1px solid $accent; }
QFrame[kind="drop"] { background: $window; border: 2px dashed $line2; border-radius: 12px; }
QFrame[kind="pinned"] { background: $raised; border: 1px solid $line2; border-radius: 8px; }
QFrame[kind="popover"] { background: $raised; border: 1px solid $line2; border-radius: 12px; }
QFrame[kind="sunken"] { background: $window; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="nested"] { background: transparent; border: none; border-left: 2px solid $line; }
QFrame[kind="rule"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[kind="divider"] { background: $line2; border: none; min-width: 1px; max-width: 1px; }
QWidget[surface="panel"] { background: $panel; }
QWidget[surface="window"] { background: $window; }
QWidget[surface="raised"] { background: $raised; }
"""
