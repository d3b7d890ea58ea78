"""What is said of a method beside its choice: summary, when to use it, and its paper."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from backend.description import Catalogue, Description, Parameter, Reference
from gui.forms import Form, NestedEditor
from gui.widgets.method_help import HelpButton, HelpPopover, paper, tip

AGP = Description(
    kind="schedule",
    id="agp",
    label="AGP",
    summary="Prunes much at the beginning.",
    when="For high sparsity. Needs <several> epochs.",
    reference=Reference(authors="Zhu and Gupta", title="To Prune, or Not to Prune", year=2017, link="arXiv:1710.01878"),
)
PLAIN = Description(kind="schedule", id="plain", label="Plain", summary="Prunes at once.")
CATALOGUE = Catalogue([AGP, PLAIN])


class Browser(QObject):
    """Stands for the person's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, address: QUrl) -> None:
        self.opened.append(address.toString())


def texts(popover: HelpPopover) -> list[str]:
    return [label.accessibleName() or label.text() for label in popover.findChildren(QLabel)]


def test_that_a_popover_says_what_when_and_whose(qtbot: QtBot) -> None:
    popover = HelpPopover(AGP)
    qtbot.addWidget(popover)
    assert texts(popover) == [
        "AGP",
        "Prunes much at the beginning.",
        "When to use it",
        "For high sparsity. Needs <several> epochs.",
        "Paper",
        "Zhu and Gupta, “To Prune, or Not to Prune”, 2017 arXiv:1710.01878",
    ]
    selectable = [label for label in popover.findChildren(QLabel) if label.accessibleName()]
    assert len(selectable) == 3
    assert all(label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse for label in selectable)


def test_that_a_method_of_nobody_has_no_paper(qtbot: QtBot) -> None:
    popover = HelpPopover(PLAIN)
    qtbot.addWidget(popover)
    assert texts(popover) == ["Plain", "Prunes at once."]
    assert paper(PLAIN) == "" and tip(PLAIN) == "Prunes at once."


def test_that_the_link_opens_in_the_browser(qtbot: QtBot) -> None:
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "open")
    try:
        popover = HelpPopover(AGP)
        qtbot.addWidget(popover)
        popover.show()
        link = popover.findChildren(QLabel)[-1]
        link.setFocus()
        qtbot.keyClick(link, Qt.Key.Key_Tab)  # to the link
        link.linkActivated.emit("")
        qtbot.keyClick(link, Qt.Key.Key_Return)
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert browser.opened == ["https://arxiv.org/abs/1710.01878"]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("arXiv:1710.01878", "https://arxiv.org/abs/1710.01878"),
        ("doi:10.1214/aoms/1177729586", "https://doi.org/10.1214/aoms/1177729586"),
        ("", ""),
    ],
)
def test_that_a_reference_has_an_address(link: str, address: str) -> None:
    assert dataclasses.replace(AGP.reference, link=link).address == address  # type: ignore[type-var]


def test_that_a_tooltip_holds_all_of_it_and_no_markup_of_the_text() -> None:
    assert tip(AGP) == (
        "<p>Prunes much at the beginning.</p><p>For high sparsity. Needs &lt;several&gt; epochs.</p>"
        "<p>Zhu and Gupta, “To Prune, or Not to Prune”, 2017</p>"
    )


def test_that_the_question_mark_follows_the_choice(qtbot: QtBot) -> None:
    parameter = Parameter(
        name="schedule", type="method", of="schedule", label="Schedule", default="plain", required=True
    )
    form = Form([parameter], {}, CATALOGUE)
    qtbot.addWidget(form)
    form.show()
    about = form.findChild(HelpButton)
    assert about is not None and about.isVisible()
    assert about.accessibleName() == "About Plain"
    choice = form.editors["schedule"]
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findData("agp"))
    qtbot.mouseClick(about, Qt.MouseButton.LeftButton)
    assert about.popover is not None and texts(about.popover)[0] == "AGP"
    qtbot.keyClick(about.popover, Qt.Key.Key_Escape)
    assert not about.popover.isVisible()


def test_that_a_nested_method_has_help_once_it_is_chosen(qtbot: QtBot) -> None:
    parameter = Parameter(name="schedule", type="nested", of="schedule", label="Schedule")
    form = Form([parameter], {}, CATALOGUE)
    qtbot.addWidget(form)
    form.show()
    nested = form.editors["schedule"]
    assert isinstance(nested, NestedEditor)
    assert not nested.help.isVisible()
    nested.combo.setCurrentIndex(nested.combo.findData("agp"))
    nested.combo.activated.emit(nested.combo.currentIndex())
    assert nested.help.isVisible() and nested.help.accessibleName() == "About AGP"


def test_that_a_description_keeps_its_help_on_the_way_to_the_window() -> None:
    assert Description.from_data(AGP.to_data()) == AGP
    assert Description.from_data(
        {key: value for key, value in AGP.to_data().items() if key not in ("when", "reference")}
    )
