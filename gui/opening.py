"""Opening recipes and model files: reads them, asks the engine to describe the network."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from backend.answers import Inspection
from backend.engine.protocol import Glance, Inspect
from backend.errors import CompressionError, msg
from backend.events import Failed, failure
from backend.recipe import DataSpec, ModelSpec, Recipe, read_recipe
from backend.workspace import RECIPE, STAGES
from gui.consent import allowed
from gui.document import Document
from gui.engine_thread import EngineThread
from gui.kept import remember
from resources.paths import resource

RECIPES = (".yaml", ".yml")
SAMPLE = "recipes/lenet5-digits.yaml"


class Opener(QObject):
    """Opens files into the document.

    Signals:
        busy: whether the engine is being asked about a network.
        failed: (path or None, Failed): the file can't be opened, or the recipe's network.
        consent_wanted: ({"file", "sha256"}, a call that tries again).
        class_wanted: (path, class names): a Python file defines several networks.
    """

    busy = Signal(bool)
    failed = Signal(object, object)
    consent_wanted = Signal(object, object)
    class_wanted = Signal(object, object)

    def __init__(self, document: Document, engine: EngineThread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._engine = engine
        self._job = ""
        self._later: Callable[[], None] | None = None
        self.glance: Inspection | None = None
        """What a look at the file told that was opened last."""
        document.catalogue_changed.connect(self._catch_up)
        document.inspection_changed.connect(self._describe)
        document.recipe_changed.connect(self._describe)

    def sample(self) -> None:
        """Open the bundled sample recipe; it is a template, so saving asks where."""
        self._when_known(lambda: self._recipe(resource(SAMPLE), template=True))

    def open(self, path: Path) -> None:
        """Open a recipe or a Python file by its name, anything else by what the engine finds in it."""
        suffix = path.suffix.lower()
        if not path.exists():
            missing = msg("There is no file {path}.", path=str(path))
            self.failed.emit(path, Failed(missing, msg("Check the name, or choose another file.")))
        elif suffix in RECIPES:
            self._when_known(lambda: self._recipe(path))
        elif suffix == ".py":
            self._python(path)
        elif (saved := saved_network(path)) is not None:
            self._when_known(lambda: self._saved(saved))
        else:
            self._network(path, ModelSpec(source="checkpoint", weights=str(path)))

    def network(self, spec: ModelSpec) -> None:
        """Open a network that was chosen in a dialog: a new document."""
        named = spec.file or spec.weights
        if spec.name is None and named and (saved := saved_network(Path(named))) is not None:
            self._when_known(lambda: self._saved(saved))
            return
        path = Path(named) if named else None
        folder = path.parent if path is not None and path.is_absolute() else self._document.folder
        self._network(path if path is not None and path.exists() else None, spec, folder)

    def look(self, model: Mapping[str, Any], found: Callable[[Inspection], None]) -> None:
        """Tell what the file that ``model`` names holds, without opening it."""
        answered = lambda value: found(Inspection.from_data(value))  # noqa: E731
        self._engine.ask(Glance(dict(model), str(self._document.folder)), answered)

    def python_class(self, path: Path, name: str) -> None:
        """Open the network that class ``name`` of the Python file ``path`` defines."""
        self._network(path, ModelSpec(source="python", file=str(path), class_name=name))

    def _recipe(self, path: Path, *, template: bool = False) -> None:
        try:
            self._document.open(path, template=template)
        except CompressionError as error:
            self.failed.emit(path, failure(error, ""))

    def _saved(self, folder: Path) -> None:
        """Open a network that Pare saved, on the data of the run that it belongs to."""
        run = next((place for place in (folder, *folder.parents[:4]) if (place / RECIPE).is_file()), None)
        data, catalogue = None, self._document.catalogue
        if run is not None and catalogue is not None:
            with contextlib.suppress(CompressionError):  # its network can be opened all the same
                data = read_recipe(run / RECIPE, catalogue).data
        self._network(folder, ModelSpec(source="pare", weights=str(folder)), run, data)

    def _python(self, path: Path) -> None:
        try:
            names = network_classes(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, SyntaxError) as error:
            self.failed.emit(
                path,
                Failed(
                    msg("Pare can't read {file}: {reason}.", file=path.name, reason=str(error)),
                    msg("Choose a Python file that defines a network."),
                ),
            )
            return
        if not names:
            self.failed.emit(
                path,
                Failed(
                    msg("{file} defines no class.", file=path.name),
                    msg("Choose a Python file with a class that is a torch.nn.Module."),
                ),
            )
        elif len(names) == 1:
            self.python_class(path, names[0])
        else:
            self.class_wanted.emit(path, names)

    # Asking the engine

    def _network(
        self, path: Path | None, model: ModelSpec, folder: Path | None = None, data: DataSpec | None = None
    ) -> None:
        """Look at a network; its document begins as soon as a tree is there to be shown."""
        where = folder or (path.parent if path is not None else self._document.folder)
        begun = False

        def shown(inspection: Inspection) -> None:
            nonlocal begun
            if not begun:
                begun = True
                self._begin(inspection, model, where, data, path)
            self._document.set_inspection(inspection)
            if path is not None and inspection.complete:
                remember(path)

        self._ask(model.to_data(), None, where, shown, path)

    def _begin(
        self, inspection: Inspection, model: ModelSpec, folder: Path, data: DataSpec | None, path: Path | None
    ) -> None:
        """Start the document of a network that was just looked at; it is not asked for again."""
        # what Pare saved is more than the source that it came from: that has no edits
        spec = ModelSpec.from_data(inspection.model) if inspection.model and model.source != "pare" else model
        known = self._document.method_of("model", inspection.name)
        title = known.label if known is not None else inspection.name or (path.stem if path is not None else "")
        recipe = Recipe(model=spec, data=data or data_for(inspection), name=title)
        self._asked = _key(recipe, folder)
        self._document.start(recipe, folder)

    def _describe(self) -> None:
        """Ask for the network of the open document wherever it is not known yet."""
        document = self._document
        if document.recipe is None or (document.inspection is not None and document.inspection.complete):
            return
        asked = _key(document.recipe, document.folder)
        if self._job and asked == self._asked:
            return
        model, data = document.recipe.model.to_data(), document.recipe.data.to_data()
        self._ask(model, data, document.folder, document.set_inspection, document.path)
        self._asked = asked

    _asked: tuple[str, ...] = ()

    def again(self) -> None:
        """Ask once more, after the person repaired something."""
        self._job = ""
        self._describe()

    def _ask(
        self,
        model: Mapping[str, Any],
        data: Mapping[str, Any] | None,
        folder: Path,
        shown: Callable[[Inspection], None],
        path: Path | None,
    ) -> None:
        """Have the file looked at, then opened; ``shown`` is called for each that gives a tree, if still wanted."""

        def glanced(value: Any) -> None:
            if job != self._job:
                return
            self.glance = Inspection.from_data(value)
            if self.glance.layers:
                shown(self.glance)

        def answered(value: Any) -> None:
            if job == self._job:
                shown(Inspection.from_data(value))
                self._job = ""
                self._opening(False)

        def failed(event: Failed) -> None:
            if job != self._job:
                return
            self._opening(False)
            if event.consent is not None:
                again = lambda: self._ask(model, data, folder, shown, path)  # noqa: E731
                self.consent_wanted.emit(event.consent, again)
            self.failed.emit(path, event)

        self._engine.forget(self._job)
        self.glance = None
        if model.get("weights") or model.get("file"):
            self._engine.ask(Glance(dict(model), str(folder)), glanced)
        job = self._engine.ask(Inspect(dict(model), data, str(folder), allowed()), answered, failed)
        self._job = job
        self._asked = ()
        self._opening(True)

    def _opening(self, going_on: bool) -> None:
        self._document.opening = going_on
        self.busy.emit(going_on)

    # The methods must be known before a recipe can be read

    def _when_known(self, call: Callable[[], None]) -> None:
        if self._document.catalogue is not None:
            call()
        else:
            self._later = call
            self.busy.emit(True)

    def _catch_up(self) -> None:
        call, self._later = self._later, None
        if call is not None:
            self.busy.emit(False)
            call()


def _key(recipe: Recipe, folder: Path) -> tuple[str, ...]:
    """What is asked for; the same is not asked for twice at once."""
    return str(recipe.model.to_data()), str(recipe.data.to_data()), str(folder)


def saved_network(path: Path) -> Path | None:
    """The folder of a network that Pare saved, where ``path`` is that, a run's folder, or the file of its weights."""
    folder = path.parent if path.name == "weights.safetensors" else path
    saved = path.suffix.lower() == ".pare" or (folder / "network.json").is_file() or (folder / STAGES).is_dir()
    return folder if saved else None


def data_for(inspection: Inspection) -> DataSpec:
    """The data to begin with for a network that says only its input's shape."""
    if inspection.input_shape == (3, 32, 32):
        return DataSpec(source="cifar100" if inspection.classes == 100 else "cifar10")
    return DataSpec()


def network_classes(source: str) -> list[str]:
    """Names of the classes in Python source that look like networks, else of all classes. Nothing is run.

    Raises:
        SyntaxError: it is not Python.
    """
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    networks = [c.name for c in classes if any("Module" in ast.unparse(base) for base in c.bases)]
    return networks or [c.name for c in classes]
