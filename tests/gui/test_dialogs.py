"""What each dialog gives back, and what it refuses with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from backend.description import Catalogue, Description
from backend.engine.protocol import Export
from backend.errors import msg
from backend.events import Cancelled, Event, Failed, Finished, Progress
from gui.dialogs.consent_dialog import ConsentDialog
from gui.dialogs.curve_table_dialog import CurveTableDialog
from gui.dialogs.data_dialog import DataDialog
from gui.dialogs.device_menu import device_menu, device_text
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.export_parts import difference_text
from gui.dialogs.model_dialog import ModelDialog
from gui.dialogs.settings_dialog import SettingsDialog
from gui.forms.numbers import PercentSpin
from gui.run_state import RunState


def describe(kind: str, id: str, **traits: object) -> Description:
    return Description(kind=kind, id=id, label=id.upper(), summary=f"What {id} is.", traits=traits)


CATALOGUE = Catalogue(
    [
        describe("export", "safetensors", suffix=".safetensors"),
        describe("export", "onnx", suffix=".onnx"),
        describe("dataset", "digits", needs=[], downloads=False),
        describe("dataset", "mnist", needs=[], downloads=True),
        describe("dataset", "python", needs=["file", "function"], downloads=False),
        describe("model", "lenet5", input_shape=[1, 28, 28], num_classes=10),
        describe("model", "convnet", input_shape=[1, 28, 28], num_classes=10),
    ]
)
FACTORS = ("Width", "Depth")
FINAL = {"accuracy": 97.5, "size_bytes": 71_000, "layers": [{"name": "fc", "parameters": 5, "precision": "fp32"}]}
ROW = {
    "format": "safetensors", "path": "x", "size_bytes": 71_000, "verified": True, "max_abs_error": 1.2e-6,
    "accuracy": 97.5, "latency_ms": {"median": 0.2},
}  # fmt: skip


class Engine:
    """Takes requests as the engine's thread does."""

    def __init__(self) -> None:
        self.asked: list[Export] = []
        self.cancelled: list[str] = []

    def ask(self, request: Export) -> str:
        self.asked.append(request)
        return str(len(self.asked))

    def cancel(self, job: str) -> None:
        self.cancelled.append(job)


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def run(qapp: object, tmp_path: Path) -> RunState:
    state = RunState()
    state.name, state.folder = "Half & int8", str(tmp_path / "run")
    state.apply([("1", 1.0, Finished({"baseline": FINAL, "final": FINAL}))])
    return state


@pytest.fixture
def export(qtbot: QtBot, run: RunState, engine: Engine) -> ExportDialog:
    refusals = {"onnx": msg("Needs a float32 network")}
    dialog = ExportDialog(run, CATALOGUE, engine.ask, engine.cancel, refusals)
    qtbot.addWidget(dialog)
    dialog._folder.setText(str(Path(run.folder) / "exports"))
    return dialog


def tell(dialog: ExportDialog, event: Event, job: str = "1") -> None:
    dialog.apply([(job, 1.0, event)])


def test_that_a_format_that_does_not_apply_stays_visible_with_its_reason(export: ExportDialog) -> None:
    box = export.formats.boxes["onnx"]
    assert not box.isEnabled()
    assert box.accessibleDescription() == "Needs a float32 network"
    assert export.formats.chosen() == ["safetensors"]


def test_that_a_format_that_the_run_says_can_not_hold_its_network_is_not_offered(
    run: RunState, engine: Engine, qtbot: QtBot
) -> None:
    assert isinstance(run.ending, Finished)
    reasons = {"safetensors": msg("Its layers quantize their inputs").to_data()}
    run.ending = Finished({**run.ending.result, "refused_formats": reasons})
    dialog = ExportDialog(run, CATALOGUE, engine.ask, engine.cancel)
    qtbot.addWidget(dialog)
    box = dialog.formats.boxes["safetensors"]
    assert not box.isEnabled()
    assert box.accessibleDescription() == "Its layers quantize their inputs"


def test_that_the_request_holds_run_formats_folder_and_name(
    export: ExportDialog, engine: Engine, run: RunState
) -> None:
    export._go.click()
    (request,) = engine.asked
    assert (request.run, request.formats) == (run.folder, ("safetensors",))
    assert (request.destination, request.name) == (str(Path(run.folder) / "exports"), "half-int8")


def test_that_nothing_ticked_is_refused_with_a_reason(export: ExportDialog, engine: Engine) -> None:
    export.formats.boxes["safetensors"].setChecked(False)
    assert not export._go.isEnabled()
    assert export._status.text() == "Choose a format"


def test_that_progress_and_rows_are_shown_and_handed_over(qtbot: QtBot, export: ExportDialog) -> None:
    export.start()
    tell(export, Progress(0, 1, 2, msg("Checking")))
    assert (export._bar.value(), export._status.text()) == (500, "Checking")
    with qtbot.waitSignal(export.exported) as caught:
        tell(export, Finished({"exports": [ROW]}))
    assert caught.args == [[ROW]]
    assert export._status.text() == "1 file written"
    assert export._go.text() == "Done"


def test_that_events_of_other_jobs_are_passed_over(export: ExportDialog) -> None:
    export.start()
    tell(export, Finished({"exports": [ROW]}), job="other")
    assert export.rows == []


def test_that_a_failed_export_says_why_and_can_be_tried_again(export: ExportDialog, engine: Engine) -> None:
    export.start()
    tell(export, Failed(msg("The disk is full."), msg("Free some space.")))
    assert not export._notice.isHidden()
    assert export._go.text() == "Export"
    export._go.click()
    assert len(engine.asked) == 2
    assert export._notice.isHidden()


def test_that_stop_asks_the_engine_to_stop(export: ExportDialog, engine: Engine) -> None:
    export.start()
    export._go.click()
    assert engine.cancelled == ["1"]
    tell(export, Cancelled())
    assert export._status.text() == "Stopped"


def test_that_closing_stops_the_export(export: ExportDialog, engine: Engine) -> None:
    export.start()
    export.reject()
    assert engine.cancelled == ["1"]


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (1.2e-6, "1.2e-6"), (None, "–"), (3.1e-11, "3.1e-11")])
def test_that_differences_are_written_short(value: float | None, text: str) -> None:
    assert difference_text(value) == text


def test_that_the_data_dialog_gives_a_section_without_defaults(qtbot: QtBot) -> None:
    dialog = DataDialog(CATALOGUE, {"source": "mnist", "root": "/data/mnist", "batch_size": 64, "limit": 500})
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.chosen) as caught:
        dialog.accept()
    assert caught.args == [{"source": "mnist", "root": "/data/mnist", "limit": 500}]


def test_that_another_source_drops_what_it_does_not_need(qtbot: QtBot) -> None:
    dialog = DataDialog(CATALOGUE, {"source": "mnist", "root": "/data/mnist"})
    qtbot.addWidget(dialog)
    dialog.source.setCurrentIndex(dialog.source.findData("digits"))
    assert dialog.result_values() == {"source": "digits"}


def test_that_a_python_source_needs_its_file_and_function(qtbot: QtBot) -> None:
    dialog = DataDialog(CATALOGUE, {"source": "python"})
    qtbot.addWidget(dialog)
    assert dialog.missing() == "Choose a Python file"
    dialog._places_fields["file"].line.setText("data.py")
    assert dialog.missing() == "Name the function"
    line = dialog._places_fields["function"]
    assert isinstance(line, QLineEdit)
    line.setText("load")
    assert dialog.missing() == ""
    assert dialog.result_values() == {"source": "python", "file": "data.py", "function": "load"}


def test_that_the_model_dialog_keeps_the_section_it_was_given(qtbot: QtBot) -> None:
    given = {"source": "bundled", "name": "convnet", "weights": "w.safetensors", "num_classes": 7}
    dialog = ModelDialog(CATALOGUE, given)
    qtbot.addWidget(dialog)
    assert dialog.result_values() == given


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("torchvision", "Name one of torchvision's networks"),
        ("checkpoint", "Choose a file with weights"),
        ("python", "Choose a Python file"),
    ],
)
def test_that_a_network_that_is_not_named_is_refused_with_a_reason(qtbot: QtBot, source: str, reason: str) -> None:
    dialog = ModelDialog(CATALOGUE, {"source": source})
    qtbot.addWidget(dialog)
    assert dialog.missing() == reason
    assert not dialog._accept.isEnabled()


def test_that_changing_the_source_asks_for_its_own_settings(qtbot: QtBot) -> None:
    dialog = ModelDialog(CATALOGUE, {"source": "bundled", "name": "lenet5", "weights": "w.pth"})
    qtbot.addWidget(dialog)
    dialog.source.set_value("torchvision")
    dialog._rebuild()
    assert dialog.missing() == "Name one of torchvision's networks"


def test_that_a_narrower_and_shallower_version_is_a_part_of_the_model(qtbot: QtBot) -> None:
    dialog = ModelDialog(CATALOGUE, {"source": "bundled", "name": "lenet5", "width": 0.5})
    qtbot.addWidget(dialog)
    width, depth = (next(s for s in dialog.findChildren(PercentSpin) if s.accessibleName() == n) for n in FACTORS)
    assert (width.value(), depth.value()) == (50, 100)
    depth.setValue(70)
    assert dialog.result_values() == {"source": "bundled", "name": "lenet5", "width": 0.5, "depth": 0.7}
    width.setValue(100)
    assert "width" not in dialog.result_values()


def test_that_a_smaller_network_has_no_weights_of_torchvision(qtbot: QtBot) -> None:
    values = {"source": "torchvision", "name": "resnet18", "weights": "DEFAULT", "depth": 0.5}
    dialog = ModelDialog(CATALOGUE, values)
    qtbot.addWidget(dialog)
    assert dialog.missing() == "torchvision's weights are those of the whole network"
    dialog._set("weights", None)
    assert not dialog.missing()


def test_that_settings_tell_every_change_at_once(qtbot: QtBot) -> None:
    dialog = SettingsDialog("system", "light", "/runs", 0, 8)
    qtbot.addWidget(dialog)
    told: list[tuple[str, object]] = []
    dialog.changed.connect(lambda key, value: told.append((key, value)))
    dialog.language.setCurrentIndex(dialog.language.findData("zh_CN"))
    dialog.theme._choose(2)
    dialog.workspace.line.setText("/other")
    dialog.threads.setValue(4)
    assert told == [("language", "zh_CN"), ("theme", "dark"), ("workspace", "/other"), ("threads", 4)]


def test_that_consent_shows_the_file_and_refuses_by_default(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "网络 net.py"
    file.write_text("class Net: ...", encoding="utf-8")
    dialog = ConsentDialog(str(file), "ab" * 32)
    qtbot.addWidget(dialog)
    dialog.show_file()
    assert dialog.text.toPlainText() == "class Net: ..."
    assert dialog.refuse.isDefault()
    with qtbot.waitSignal(dialog.accepted):
        dialog.allow.click()


def test_that_the_curves_have_a_table(qtbot: QtBot, qapp: object) -> None:
    from backend.events import Metric

    state = RunState()
    state.apply([("1", 1.0, Metric(0, "loss", 1, 0.5)), ("1", 2.0, Metric(0, "sparsity", 1, 0.25))])
    dialog = CurveTableDialog(state)
    qtbot.addWidget(dialog)
    cells = [[dialog.model.index(row, column).data() for column in range(3)] for row in range(2)]
    assert cells == [["1.00", "", "0.500"], ["2.00", "25.0%", ""]]


def test_that_a_device_that_is_not_there_says_what_it_needs(qtbot: QtBot) -> None:
    chosen: list[str] = []
    menu = device_menu({"cuda": False, "mps": False, "threads": 8}, "cpu", chosen.append)
    qtbot.addWidget(menu)
    cpu, cuda, mps = menu.actions()
    assert cpu.isChecked()
    assert not cuda.isEnabled()
    assert not mps.isEnabled()
    assert cuda.toolTip() == "Needs an NVIDIA GPU and PyTorch with CUDA"
    cpu.trigger()
    assert chosen == ["cpu"]
    assert device_text("cpu", {"threads": 8}) == "CPU · 8 threads"
