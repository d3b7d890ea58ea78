"""The command line: its exit codes, its files, and one line for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import gui.app
import main
from backend.cli import command_line
from backend.cli._table import before_after
from backend.recipe import Recipe, recipe_to_yaml


@pytest.fixture
def file(recipe: Recipe, tmp_path: Path) -> Path:
    """The recipe's first two stages, in a folder with Chinese characters and spaces."""
    import dataclasses

    folder = tmp_path / "我的 recipes"
    folder.mkdir()
    path = folder / "剪枝 recipe.yaml"
    path.write_text(recipe_to_yaml(dataclasses.replace(recipe, stages=recipe.stages[:2])), encoding="utf-8")
    return path


def test_that_run_prints_the_table_and_returns_0(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "输出 run"
    assert command_line(["run", str(file), "--output", str(output), "--set", "stages.1.prune.amount=0.25"]) == 0
    out = capsys.readouterr().out
    assert "accuracy (test)" in out
    assert "sparsity" in out
    result = json.loads((output / "result.json").read_text(encoding="utf-8"))
    assert result["recipe"]["stages"][1]["prune"]["amount"] == 0.25


def test_that_the_recipe_is_kept_as_it_was_written(file: Path, tmp_path: Path) -> None:
    text = "# a comment\n" + file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    assert command_line(["run", str(file), "--output", str(tmp_path / "run"), "--quiet"]) == 0
    assert (tmp_path / "run" / "recipe.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "no-such.yaml"], "no-such.yaml"),
        (["run", "{file}", "--set", "stages.1.prune.amount=-1"], "amount"),
        (["run", "{file}", "--set", "stages.1.prune.amuont=1"], "amount"),
        (["run", "{file}", "--set", "stages.7.prune.amount=1"], "stage"),
        (["run", "{file}", "--set", "nonsense"], "PATH=VALUE"),
        (["run", "{file}", "--resume"], "--output"),
        (["run", "{file}", "--set", "model.name=lenet6"], "lenet5"),
        (["run", "{file}", "--set", "data.root=nowhere.npz"], "nowhere.npz"),
        (["inspect", "no-such-file.pth"], "no-such-file.pth"),
        (["export", "no-such-run", "--format", "onnx"], "no-such-run"),
        (["fly"], "fly"),
        (["run"], "recipe"),
        (["run", "{file}", "--allow-code", "no-such.py"], "no-such.py"),
    ],
)
def test_that_every_mistake_is_two_short_lines_and_exit_2(
    file: Path,
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("backend.cli.run.default_workspace", lambda: tmp_path / "work")
    assert command_line([a.format(file=file) for a in arguments]) == 2
    captured = capsys.readouterr()
    lines = [line for line in captured.err.splitlines() if line.startswith(("pare:", "      "))]
    assert len(lines) == 2
    assert "Traceback" not in captured.err
    assert words.lower() in captured.err.lower()


def test_that_a_defect_is_said_once_without_its_traceback(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for place, words in (("backend.runner.measure", ["run", str(file), "--quiet", "--output", str(tmp_path / "run")]),
                         ("backend.cli.methods.catalogue", ["methods"])):  # fmt: skip
        monkeypatch.setattr(place, broken)
        assert command_line(words) == 1
        said, report = capsys.readouterr().err.splitlines()
        assert said == "pare: Something in Pare went wrong: ZeroDivisionError: a slip."
        details = Path(report.partition(" details in ")[2])
        assert "Traceback" in details.read_text(encoding="utf-8")


def test_that_the_line_of_a_mistake_is_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if "batch_size" in line)
    lines[at] = lines[at].replace("batch_size", "batch_sise")
    file.write_text("\n".join(lines), encoding="utf-8")
    assert command_line(["run", str(file)]) == 2
    err = capsys.readouterr().err
    assert f"line {at + 1}" in err
    assert "batch_size" in err


def test_that_methods_lists_every_kind_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["methods", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"l1_unstructured", "static_int8", "digits", "lenet5", "onnx", "sgd"} <= {m["id"] for m in listed}
    assert all({"kind", "id", "label", "summary", "parameters"} <= m.keys() for m in listed)


def test_that_methods_say_what_may_be_written_and_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["methods"]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "scope: Scope (local | global; local)" in lines
    assert "target: Target ({size | accuracy_drop: figure})" in lines
    assert "method: Method (quantization, below; static_int8)" in lines
    assert "epochs: Epochs (int; 3)" in lines
    losses = next(line for line in lines if line.startswith("losses: Losses ([{loss: "))
    assert losses.endswith("soft_targets, …}, …]; [{loss: soft_targets}])")
    assert lines.index(losses) > lines.index("distill: Distill ({teacher, label_weight, losses})")
    assert "teacher: Teacher (original | file | a run's folder | {source: …}; original)" in lines
    assert "pairs: Layer pairs ({student's layer: teacher's layer, …})" in lines
    trained = {line.split()[0] for line in lines if line.endswith("(only in a during list)")}
    assert trained == {"movement", "slim", "bnn", "dorefa", "lsq", "qat_int8"}
    assert sum("takes layers" in line and "train takes during" in line for line in lines) == 1


def test_that_inspect_describes_a_run_folder(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["run", str(file), "--output", str(tmp_path / "run"), "--quiet"]) == 0
    capsys.readouterr()
    assert command_line(["inspect", str(tmp_path / "run"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["classes"] == 4
    assert {layer["name"] for layer in found["layers"]} >= {"conv1", "fc3"}


def test_that_a_file_alone_opens_in_the_window(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[list[str]] = []

    def window(argv: list[str]) -> int:
        opened.append(argv)
        return 0

    monkeypatch.setattr(gui.app, "run_window", window)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert main.main([str(file)]) == 0
    assert main.main([]) == 0
    assert main.main(["no-such-file.yaml"]) == 2
    assert opened == [[str(file)], []]


def test_that_export_writes_checked_files(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line(["run", str(file), "--output", str(tmp_path / "run"), "--quiet"]) == 0
    formats = ["--format", "safetensors", "--format", "state_dict"]
    assert command_line(["export", str(tmp_path / "run"), *formats, "--name", "small"]) == 0
    assert capsys.readouterr().out.count("opens and matches") == 2
    assert len(list((tmp_path / "run" / "exports").glob("small*"))) == 2
    exports = json.loads((tmp_path / "run" / "result.json").read_text(encoding="utf-8"))["exports"]
    assert [row["verified"] for row in exports] == [True, True]


@pytest.mark.parametrize(("precision", "said"), [("w4a4", False), ("fp32", True)])
def test_that_zeros_of_a_grid_are_not_called_masks(precision: str, said: bool) -> None:
    before = {"sparsity": 0.0}
    stage = {"kind": "train", "metrics": {"sparsity": 0.2}, "layers": [{"name": "fc", "precision": precision}]}
    table = before_after({"baseline": before, "final": {"sparsity": 0.2}, "stages": [stage]})
    assert ("Masked weights" in table) is said


def test_that_a_difference_below_the_noise_of_the_times_is_called_noise() -> None:
    def state(median: float, noise: float) -> dict[str, object]:
        return {"accuracy": 90.0, "latency_ms": {"median": median, "noise": noise, "batch": 1}}

    def row(old: dict[str, object], new: dict[str, object]) -> str:
        table = before_after({"baseline": old, "final": new})
        return next(line for line in table.splitlines() if line.startswith("latency"))

    assert row(state(10, 4), state(13, 1)).endswith("within the noise")
    assert row(state(10, 1), state(5, 1)).endswith("2× faster")
    assert row(state(5, 0.1), state(10, 0.1)).endswith("2× slower")
