"""Files are written whole or not at all."""

import errno
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.errors import CompressionError
from backend.files import finite, sha256, write_json, write_text, writing


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow over 4,096 bytes: what a full disk looks like to a program."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_that_a_file_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    write_text(tmp_path / "运行 1" / "a" / "notes.txt", "Größe\n")
    assert (tmp_path / "运行 1" / "a" / "notes.txt").read_bytes() == "Größe\n".encode()


def test_that_nothing_else_is_left_beside_the_file(tmp_path: Path) -> None:
    write_text(tmp_path / "notes.txt", "x")
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_that_a_failure_while_writing_keeps_the_old_file(tmp_path: Path) -> None:
    write_text(tmp_path / "notes.txt", "old")
    with pytest.raises(ValueError, match="surrogates"), writing(tmp_path / "notes.txt") as part:
        part.write_text("half\ud800", encoding="utf-8")
    assert (tmp_path / "notes.txt").read_text() == "old"
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_that_a_full_disk_is_a_sentence_and_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_text(tmp_path / "notes.txt", "old")

    def full(source: object, target: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CompressionError, match="is full") as caught:
        write_text(tmp_path / "notes.txt", "new")
    assert "Free some space" in str(caught.value.hint)
    assert (tmp_path / "notes.txt").read_text() == "old"
    assert os.listdir(tmp_path) == ["notes.txt"]


@pytest.mark.usefixtures("small_disk")
def test_that_a_file_the_system_cuts_short_is_not_left_behind(tmp_path: Path) -> None:
    write_text(tmp_path / "notes.txt", "old")
    with pytest.raises(CompressionError, match="can't write"):
        write_text(tmp_path / "notes.txt", "x" * 10_000)
    assert (tmp_path / "notes.txt").read_text() == "old"
    assert os.listdir(tmp_path) == ["notes.txt"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_that_a_folder_without_write_permission_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(path: Path, *args: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(CompressionError, match="may not write to") as caught:
        write_text(tmp_path / "sub" / "notes.txt", "x")
    assert str(caught.value.hint) == "Choose a folder that you may write to."


def test_that_a_file_in_place_of_the_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("I am a file")
    with pytest.raises(CompressionError, match="can't write"):
        write_text(tmp_path / "taken" / "notes.txt", "x")
    with pytest.raises(CompressionError, match="can't write"):
        write_text(tmp_path / "taken" / "deeper" / "notes.txt", "x")
    assert (tmp_path / "taken").read_text() == "I am a file"


def test_that_a_folder_in_place_of_the_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").mkdir()
    with pytest.raises(CompressionError, match="can't write"):
        write_text(tmp_path / "notes.txt", "x")
    assert os.listdir(tmp_path) == ["notes.txt"]


def test_that_json_never_holds_what_json_cannot_say(tmp_path: Path) -> None:
    write_json(tmp_path / "r.json", {"a": float("nan"), "b": [1.5, float("-inf")], "c": (1, "é")})
    text = (tmp_path / "r.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"a": None, "b": [1.5, None], "c": [1, "é"]}
    assert "é" in text


def test_that_finite_leaves_everything_else_as_it_is() -> None:
    data = {"a": 0.1, "b": True, "c": None, "d": ["x", 3]}
    assert finite(data) == data


def test_that_the_sum_of_a_file_is_its_sha256(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert sha256(tmp_path / "empty") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
