"""The search: what is found and in which order, and the keyboard in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui import palette
from gui.actions import table
from gui.dialogs.shortcuts_dialog import groups as shortcut_groups
from gui.palette import Entry, Group, find, group_of, letters
from gui.widgets.palette_list import PaletteList
from gui.widgets.search_box import SearchBox


def entries(*titles: str) -> list[Entry]:
    return [Entry(f"key:{title}", title, lambda: None) for title in titles]


def layers(*names: str) -> Group:
    made = entries(*names)
    return Group("Layers", [name.lower() for name in names], made.__getitem__, most=20)


def titles(groups: Sequence[Group], typed: str, recent: Sequence[str] = ()) -> dict[str, list[str]]:
    return {hits.title: [one.entry.title for one in hits.found] for hits in find(groups, typed, recent, "Used last")}


def test_that_beginnings_come_before_words_and_words_before_what_is_held() -> None:
    group = group_of("Actions", entries("Overrun", "Resume the run", "Run", "Open"))
    assert titles([group], "run") == {"Actions": ["Run", "Resume the run", "Overrun"]}


def test_that_scattered_letters_find_what_nothing_better_does_the_closest_first() -> None:
    group = layers("stage3.block7.conv1", "s.3.b.7.x.c.1", "other")
    assert titles([group], "s3b7c1") == {"Layers": ["s.3.b.7.x.c.1", "stage3.block7.conv1"]}
    assert titles([layers("conv1", "c.o.n.v.2")], "conv") == {"Layers": ["conv1"]}
    assert titles([group], "zz") == {}


def test_that_words_may_stand_apart_and_in_any_order() -> None:
    assert titles([layers("stage1.block0.conv", "stage2.block0.conv")], "conv stage2") == {
        "Layers": ["stage2.block0.conv"]
    }


def test_that_the_group_with_the_best_match_comes_first() -> None:
    actions = group_of("Actions", entries("Show the convolution", "Undo"))
    assert list(titles([actions, layers("conv1")], "conv1")) == ["Layers"]
    assert list(titles([actions, layers("conv1")], "conv")) == ["Layers", "Actions"]


def test_that_what_was_used_last_stands_first_before_anything_is_typed_and_among_equals() -> None:
    actions = group_of("Actions", entries("Open", "Open the sample", "Undo"), listed=True)
    found = titles([actions, layers("conv1")], "", ["key:Undo", "key:gone"])
    assert found == {"Used last": ["Undo"], "Actions": ["Open", "Open the sample", "Undo"]}
    assert titles([actions], "open", ["key:Open the sample"]) == {"Actions": ["Open the sample", "Open"]}


def test_that_a_group_makes_only_the_entries_that_are_shown() -> None:
    names = [f"block{i}.conv" for i in range(10_000)]
    made: list[int] = []

    def make(at: int) -> Entry:
        made.append(at)
        return Entry(names[at], names[at], lambda: None)

    hits = find([Group("Layers", names, make, most=20)], "conv")
    assert len(hits[0].found) == 20
    assert len(made) == 20


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("resume the run", "run", "run"),
        ("overrun", "run", "run"),
        ("stage2.conv", "conv stage2", "convstage2"),
        ("save recipe", "svr", "svr"),
    ],
)
def test_that_the_letters_that_were_typed_are_marked(text: str, typed: str, found: str) -> None:
    assert "".join(text[at] for at in letters(text, typed)) == found


def test_that_a_word_is_marked_where_it_begins() -> None:
    assert letters("overrun the run", "run") == (12, 13, 14)


# The field


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def box(qtbot: QtBot, done: list[str], own_settings: None) -> Iterator[SearchBox]:
    def call(name: str) -> Entry:
        reason = "Nothing to undo" if name == "Undo" else ""
        return Entry(f"action:{name}", name, lambda: done.append(name), "house", shortcut="Ctrl+O", reason=reason)

    actions = group_of("Actions", [call(name) for name in ("Open", "Save", "Undo")], listed=True)
    window = QWidget()
    window.resize(1000, 700)
    made = SearchBox(lambda: [actions, layers("conv1", "conv2")], "Ctrl K")
    other = QLineEdit()
    column = QVBoxLayout(window)
    column.addWidget(other)
    column.addWidget(made)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    yield made
    window.hide()


def chosen(box: SearchBox) -> str:
    entry = box._shown().chosen
    return entry.title if entry is not None else ""


def test_that_arrows_pass_over_headings_and_round_the_ends(box: SearchBox, qtbot: QtBot) -> None:
    box.start()
    assert chosen(box) == "Open"
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert chosen(box) == "Save"
    qtbot.keyClick(box, Qt.Key.Key_Up)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert chosen(box) == "Undo"


def test_that_enter_does_it_remembers_it_and_gives_the_keyboard_back(
    box: SearchBox, qtbot: QtBot, done: list[str]
) -> None:
    before = box.window().focusWidget()
    box.start()
    qtbot.keyClicks(box, "sav")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert done == ["Save"]
    assert palette.recent() == ["action:Save"]
    assert box.text() == ""
    assert box._shown().isHidden()
    assert box.window().focusWidget() is before
    box.start()
    assert chosen(box) == "Save"


def test_that_what_can_not_be_done_says_why_and_does_nothing(box: SearchBox, qtbot: QtBot, done: list[str]) -> None:
    box.start()
    qtbot.keyClicks(box, "und")
    assert box.accessibleDescription() == "Undo, Nothing to undo, Ctrl+O"
    with qtbot.waitSignal(box.refused) as told:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert told.args == ["Nothing to undo"]
    assert done == []
    assert not box._shown().isHidden()


def test_that_escape_closes_the_list_and_gives_the_keyboard_back(box: SearchBox, qtbot: QtBot) -> None:
    before = box.window().focusWidget()
    box.start()
    qtbot.keyClicks(box, "conv")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box._shown().isHidden()
    assert box.window().focusWidget() is before


def test_that_the_list_over_the_window_goes_with_its_field(box: SearchBox, qtbot: QtBot) -> None:
    box.start()
    window = box.window()
    assert len(window.findChildren(PaletteList)) == 1
    box.deleteLater()  # as a change of language does
    qtbot.waitUntil(lambda: not window.findChildren(PaletteList))


def test_that_a_click_takes_a_row(box: SearchBox, qtbot: QtBot, done: list[str]) -> None:
    box.start()
    view = box._shown().view
    row = view.model().index(2, 0)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(row).center())
    assert done == ["Save"]


def test_that_the_list_stays_within_the_window(box: SearchBox) -> None:
    box.start()
    window = box.window()
    assert window.rect().contains(box._shown().geometry())


def test_that_nothing_found_is_said(box: SearchBox, qtbot: QtBot) -> None:
    box.start()
    qtbot.keyClicks(box, "qqqq")
    model = box._shown().view.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["Nothing found"]
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert not box._shown().isHidden()


# The table


def test_that_no_shortcut_is_used_twice() -> None:
    keys = [row.shortcut for row in table() if row.shortcut]
    assert sorted(set(keys)) == sorted(keys)


def test_that_the_sheet_holds_every_shortcut_of_the_table() -> None:
    shown = {keys for _, rows in shortcut_groups() for _, keys in rows}
    assert {row.shortcut for row in table() if row.shortcut} <= shown


@pytest.mark.parametrize("typed", ["yaml", "command", "script"])
def test_that_the_recipe_as_text_is_found_by_what_it_shows(typed: str) -> None:
    actions = group_of("Actions", entries(*(row.title for row in table())))
    assert any("YAML" in title for title in titles([actions], typed)["Actions"])
