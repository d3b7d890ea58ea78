"""Colors, type and the style sheet, in light and dark. Reference: the project's design tokens."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.style_sheet import style_sheet

Choice = Literal["system", "light", "dark"]
_PROPERTY = "pareDark"


@dataclass(frozen=True)
class Tokens:
    """Every color by the name of its use, as ``#RRGGBB``."""

    name: str
    window: str
    panel: str
    raised: str
    sunken: str
    hover: str
    line: str
    line2: str
    text: str
    sec: str
    ter: str
    dis: str
    accent: str
    accent_hover: str
    on_accent: str
    tint: str
    tint2: str
    sel: str
    ok: str
    ok_bg: str
    warn: str
    warn_bg: str
    bad: str
    bad_bg: str
    int8: str
    int8_bg: str
    int4: str
    int4_bg: str
    act: str
    act_bg: str
    code: str
    code_bg: str
    half: str
    half_bg: str
    s1: str
    s2: str
    s3: str
    s4: str
    s5: str
    s6: str
    s0: str
    knee: str
    shadow_rgb: tuple[int, int, int]
    shadow_alpha: int
    grid_alpha: int
    band_alphas: tuple[int, int, int]
    """Alpha of the prune, fine-tune and quantize bands."""
    heat: tuple[str, str, str, str, str]

    @property
    def dark(self) -> bool:
        return self.name == "dark"


LIGHT = Tokens(
    name="light",
    window="#F6F7F9",
    panel="#FFFFFF",
    raised="#FFFFFF",
    sunken="#F1F3F6",
    hover="#ECEFF3",
    line="#E3E6EB",
    line2="#CDD3DB",
    text="#1B1F27",
    sec="#566070",
    ter="#646E7D",
    dis="#A3ABB8",
    accent="#3060DC",
    accent_hover="#274FBB",
    on_accent="#FFFFFF",
    tint="#EAF0FE",
    tint2="#D6E2FC",
    sel="#E4ECFD",
    ok="#14734A",
    ok_bg="#E3F4EB",
    warn="#8A5A00",
    warn_bg="#FCF1DA",
    bad="#BD2F27",
    bad_bg="#FCE9E7",
    int8="#2456C4",
    int8_bg="#E6EEFD",
    int4="#7A3C9E",
    int4_bg="#F4E9FA",
    act="#0B6B60",
    act_bg="#DFF3EF",
    code="#9C2F68",
    code_bg="#FBE7F0",
    half="#3D566E",
    half_bg="#E8EDF3",
    s1="#0072B2",
    s2="#D55E00",
    s3="#009E73",
    s4="#B65C92",
    s5="#56B4E9",
    s6="#E69F00",
    s0="#646E7D",
    knee="#B04C00",
    shadow_rgb=(20, 28, 44),
    shadow_alpha=60,
    grid_alpha=44,
    band_alphas=(18, 18, 16),
    heat=("#FFF6E6", "#FEE3BC", "#FBC684", "#F19B4B", "#B8540F"),
)
DARK = Tokens(
    name="dark",
    window="#16181C",
    panel="#1C1F24",
    raised="#23272E",
    sunken="#15171B",
    hover="#282C33",
    line="#2B2F37",
    line2="#3F4650",
    text="#E8EAEE",
    sec="#A9B1BD",
    ter="#8A93A1",
    dis="#5D6570",
    accent="#7EA2FF",
    accent_hover="#97B4FF",
    on_accent="#0E1420",
    tint="#222B40",
    tint2="#2C3A5A",
    sel="#25304A",
    ok="#4CC38A",
    ok_bg="#173226",
    warn="#E5B04A",
    warn_bg="#352A13",
    bad="#FF8A80",
    bad_bg="#3B1F1F",
    int8="#8FB0FF",
    int8_bg="#212C47",
    int4="#D3A6EC",
    int4_bg="#33243D",
    act="#5CCDBB",
    act_bg="#14312C",
    code="#EE9CC4",
    code_bg="#3A2130",
    half="#A9C1D8",
    half_bg="#222D38",
    s1="#4DA8E6",
    s2="#F0803C",
    s3="#2CC69A",
    s4="#E29BC4",
    s5="#8CCEF5",
    s6="#F2B632",
    s0="#8A93A1",
    knee="#F0803C",
    shadow_rgb=(0, 0, 0),
    shadow_alpha=150,
    grid_alpha=52,
    band_alphas=(24, 20, 20),
    heat=("#2A261F", "#43331D", "#66471C", "#97621F", "#D98A33"),
)


def tokens() -> Tokens:
    """The colors in use. Read them when painting or building, never keep them across a change."""
    app = QCoreApplication.instance()
    return DARK if app is not None and app.property(_PROPERTY) else LIGHT


def color(value: str, alpha: int = 255) -> QColor:
    """``#RRGGBB`` with an alpha from 0 to 255."""
    made = QColor(value)
    made.setAlpha(alpha)
    return made


@functools.cache
def font(pixels: int = 13, weight: int = 400, italic: bool = False) -> QFont:
    """The window's font at a size of the type scale; figures are tabular. It is shared: text in it is laid out fast."""
    made = QFont()
    made.setFamilies(_families())
    made.setPixelSize(pixels)
    made.setWeight(QFont.Weight(weight))
    made.setItalic(italic)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@functools.cache
def _families() -> list[str]:
    platform = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    return ["Inter", platform, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei UI"]


def system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def apply_theme(app: QApplication, choice: Choice = "system") -> bool:
    """Put light or dark into use; True where the colors changed.

    ``system`` follows the desktop. Widgets already built keep the colors they read: rebuild them.
    """
    hints = app.styleHints()
    if choice == "system":
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)
    dark = system_is_dark() if choice == "system" else choice == "dark"
    changed = bool(app.property(_PROPERTY)) != dark or not app.styleSheet()
    if changed:
        app.setProperty(_PROPERTY, dark)
        app.setFont(font())
        app.setPalette(_palette(tokens()))
        app.setStyleSheet(style_sheet(_colors(tokens())))
    return changed


def _colors(t: Tokens) -> dict[str, str]:
    return {f.name: value for f in fields(t) if isinstance(value := getattr(t, f.name), str)}


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, value in (
        (role.Window, t.window),
        (role.WindowText, t.text),
        (role.Base, t.panel),
        (role.AlternateBase, t.window),
        (role.Text, t.text),
        (role.Button, t.panel),
        (role.ButtonText, t.text),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.ToolTipBase, t.raised),
        (role.ToolTipText, t.text),
        (role.PlaceholderText, t.ter),
        (role.Link, t.accent),
        (role.Accent, t.accent),
    ):
        palette.setColor(which, QColor(value))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.dis))
    return palette
