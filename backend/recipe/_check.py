"""Reads plain data into a recipe and refuses what cannot be meant, naming the place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from backend import FORMAT
from backend.description import Catalogue, Parameter, offer
from backend.errors import CompressionError, Message, RecipeError, Repair, msg
from backend.recipe._budget import TARGETS
from backend.recipe._meant import meant_by_key, meant_by_method
from backend.recipe._rules import parameters
from backend.recipe._sense import check_sense
from backend.recipe._sense_decompose import check_decomposing
from backend.recipe._sense_distill import check_distilling
from backend.recipe._sense_quantize import check_quantizing, converts, quantized_last, quantized_twice
from backend.recipe._types import KEEP, DataSpec, ModelSpec, Recipe, Rule, Stage

T = TypeVar("T")

RECIPE_PARAMETERS = (
    Parameter(name="name", type="text", label="Name", default="Untitled", required=True),
    Parameter(name="seed", type="int", label="Seed", default=0, minimum=0, maximum=2**31 - 1, required=True),
    Parameter(
        name="device", type="choice", label="Device", default="cpu", choices=("cpu", "cuda", "mps"), required=True
    ),
)
MODEL_PARAMETERS = (
    Parameter(
        name="source",
        type="choice",
        label="Source",
        default="bundled",
        choices=("bundled", "torchvision", "python", "checkpoint", "pare"),
        required=True,
    ),
    Parameter(name="name", type="text", label="Architecture"),
    Parameter(name="weights", type="text", label="Weights"),
    Parameter(name="num_classes", type="int", label="Classes", minimum=1),
    Parameter(name="arguments", type="mapping", label="Arguments"),
    Parameter(name="file", type="file", label="Python file"),
    Parameter(name="class", type="text", label="Class"),
    Parameter(
        name="width",
        type="float",
        label="Width",
        above=0.0,
        maximum=1.0,
        percent=True,
        summary="Share of the channels of every layer: a narrower version, with weights of its own.",
    ),
    Parameter(
        name="depth",
        type="float",
        label="Depth",
        above=0.0,
        maximum=1.0,
        percent=True,
        summary="Share of the blocks of every stage, one at least: a shallower version, with weights of its own.",
    ),
)
ARCHITECTURES = ("bundled", "torchvision")
"""Sources that have narrower and shallower versions."""
DATA_PARAMETERS = (
    Parameter(name="source", type="method", of="dataset", label="Dataset", default="digits", required=True),
    Parameter(name="root", type="file", label="Folder or file"),
    Parameter(name="file", type="file", label="Python file"),
    Parameter(name="function", type="text", label="Function"),
    Parameter(name="mean", type="numbers", label="Mean", summary="Per channel, of pixel values from 0 to 1."),
    Parameter(name="std", type="numbers", label="Standard deviation", summary="Per channel."),
    Parameter(name="batch_size", type="int", label="Batch size", default=64, minimum=1),
    Parameter(name="limit", type="int", label="Limit", minimum=1, summary="Use at most this many images of each part."),
    Parameter(name="augment", type="bool", label="Augment", default=False, summary="Random shifts and flips."),
)
LIMIT = Parameter(name="budget", type="target", label="Budget", choices=TARGETS, required=True)
"""One limit of the budget."""
STAGE_KINDS = ("prune", "decompose", "replace", "train", "quantize")
NOT_YET: Mapping[str, str] = {
    "search": "Searching over recipes is not in this version of Pare.",
    "parameter": "Pruning biases is not in this version of Pare.",
}
"""Keys of the design that this version reads but cannot carry out."""


def recipe_from_data(data: Any, catalogue: Catalogue) -> Recipe:
    """The recipe that ``data`` (from YAML or JSON) describes.

    Raises:
        RecipeError: an unknown key, a wrong type, a value out of range, an order of stages that
            makes no sense. ``path`` names the place, the hint the nearest valid word.
    """
    top = _mapping(data, "")
    _version(top)
    names = [p.name for p in RECIPE_PARAMETERS]
    _known(top, ["pare", *names, "model", "data", "budget", "stages"], "")
    values = _values(top, RECIPE_PARAMETERS, "")
    if "model" not in top:
        raise RecipeError(
            msg("The recipe names no network."),
            msg("Add a line like: {line}", line="model: {source: bundled, name: lenet5}"),
        )
    model = _section(top, "model", MODEL_PARAMETERS)
    _student(model, "model")
    data_section = _section(top, "data", DATA_PARAMETERS)
    if "source" in data_section:
        _located("data.source", lambda: catalogue.get("dataset", data_section["source"]))
    stages = top.get("stages") or []
    if not isinstance(stages, list):
        raise RecipeError(msg("stages must be a list."), msg("Begin each stage with a dash."), path="stages")
    read = tuple(_stage(entry, f"stages.{i}", catalogue) for i, entry in enumerate(stages))
    check_quantizing(read, catalogue)
    check_decomposing(read, catalogue)
    check_distilling(read, catalogue)
    _order(read, catalogue)
    check_sense(read, catalogue)
    _precision(read, values.get("device", "cpu"))
    return Recipe(ModelSpec.from_data(model), DataSpec.from_data(data_section), read, budget=_budget(top), **values)


def _version(top: Mapping[str, Any]) -> None:
    version = top.get("pare", FORMAT)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise RecipeError(
            msg("pare: {version} is no version of a recipe.", version=str(version)),
            msg("Write pare: {version}.", version=FORMAT),
            path="pare",
        )
    if version > FORMAT:
        raise RecipeError(
            msg("This recipe was written by a newer Pare (format {version}).", version=version),
            msg("Update Pare, or save the recipe in the older format {format} there.", format=FORMAT),
            path="pare",
        )


def _section(top: Mapping[str, Any], key: str, declared: tuple[Parameter, ...]) -> dict[str, Any]:
    section = _mapping(top.get(key, {}), key)
    _known(section, [p.name for p in declared], key)
    return _values(section, declared, key)


def _student(model: Mapping[str, Any], path: str) -> None:
    """Refuse width and depth where the source says itself what the network is made of."""
    source = model.get("source", "bundled")
    for key in ("width", "depth"):
        if model.get(key) is not None and source not in ARCHITECTURES:
            raise RecipeError(
                msg(
                    "{key} makes a smaller version of an architecture, and the source {source} says itself what the "
                    "network is made of.",
                    key=key,
                    source=source,
                ),
                msg("Remove {key}, or choose the source bundled or torchvision.", key=key),
                path=f"{path}.{key}",
                repair=Repair(msg("Remove {key}", key=key), {f"{path}.{key}": None}),
            )


def _budget(top: Mapping[str, Any]) -> dict[str, float]:
    given = top.get("budget")
    hint = msg("Write limits, like {{size: 0.3, accuracy_drop: 0.5}}.")
    limits = _mapping({} if given is None else given, "budget", hint)
    read: dict[str, float] = {}
    for limit, figure in limits.items():
        read |= _located(f"budget.{limit}", lambda one={limit: figure}: LIMIT.check(one))  # type: ignore[misc]
    return read


def _stage(entry: Any, path: str, catalogue: Catalogue, *, within: bool = False) -> Stage:
    """A stage, or ``within`` a train stage an entry of its ``during`` list."""
    if isinstance(entry, str):
        entry = {entry: {}}
    entry = _mapping(entry, path)
    if len(entry) != 1:
        raise RecipeError(
            msg("A stage is one word with its settings below it; this one has {count}.", count=len(entry)),
            msg("Begin each stage with a dash: - prune: …"),
            path=path,
        )
    kind, body = next(iter(entry.items()))
    if kind not in STAGE_KINDS:
        raise RecipeError(
            msg("{kind} is no kind of stage.", kind=str(kind)), offer(str(kind), STAGE_KINDS), path=f"{path}.{kind}"
        )
    if kind not in catalogue.kind("stage"):
        raise RecipeError(
            msg("The stage {kind} is not in this version of Pare.", kind=kind),
            msg("Remove the stage; available are: {words}.", words=", ".join(catalogue.kind("stage"))),
            path=f"{path}.{kind}",
        )
    path = f"{path}.{kind}"
    if within and kind not in ("prune", "quantize"):
        raise RecipeError(
            msg("A during list can't hold a {kind} stage.", kind=kind),
            msg("It can hold: {words}.", words="prune, quantize"),
            path=path,
        )
    body = dict(_mapping(body if body is not None else {}, path))
    during = _during(kind, body.pop("during", None), f"{path}.during", catalogue)
    rules = _mapping(body.pop("layers", None) or {}, f"{path}.layers")
    settings = _settings(kind, body, path, catalogue)
    return Stage(kind, settings, _rules(kind, settings, rules, f"{path}.layers", catalogue), during)


def _rules(
    kind: str, settings: Mapping[str, Any], rules: Mapping[Any, Any], path: str, catalogue: Catalogue
) -> tuple[Rule, ...]:
    """Thousands of rules often say the same, which is read once."""
    read: dict[str, Rule] = {}
    for name, rule in rules.items():
        if (said := repr(rule)) not in read:
            read[said] = _rule(kind, settings, name, rule, f"{path}.{name}", catalogue)
    return tuple(Rule(str(name), read[repr(rule)].settings) for name, rule in rules.items())


def _during(kind: str, entries: Any, path: str, catalogue: Catalogue) -> tuple[Stage, ...]:
    if entries is None:
        return ()
    if kind != "train":
        raise RecipeError(
            msg("A {kind} stage has no during list: weights move in a train stage alone.", kind=kind),
            msg("Move the list to a train stage."),
            path=path,
        )
    if not isinstance(entries, list):
        raise RecipeError(msg("during must be a list."), msg("Begin each entry with a dash: - prune: …"), path=path)
    return tuple(_stage(entry, f"{path}.{i}", catalogue, within=True) for i, entry in enumerate(entries))


def _settings(kind: str, body: Mapping[str, Any], path: str, catalogue: Catalogue) -> dict[str, Any]:
    method_path = f"{path}.method" if "method" in body else path
    known = _parameters(kind, body, method_path, catalogue)
    _known(body, allowed := [*known, "layers"], path, lambda key: _meant(key, allowed, kind, path, catalogue))
    return _values(body, known.values(), path, catalogue)


def _parameters(kind: str, settings: Mapping[str, Any], path: str, catalogue: Catalogue) -> Mapping[str, Parameter]:
    try:
        return parameters(kind, settings, catalogue)
    except CompressionError as error:
        raise RecipeError(
            error.message, meant_by_method(settings.get("method"), kind, catalogue) or error.hint, path=path
        ) from error


def _meant(key: str, allowed: Iterable[str], kind: str, path: str, catalogue: Catalogue) -> Message:
    return meant_by_key(key, allowed, kind, catalogue, rules=".during." not in path)


def _rule(kind: str, settings: Mapping[str, Any], pattern: Any, rule: Any, path: str, catalogue: Catalogue) -> Rule:
    if rule == KEEP:
        return Rule(str(pattern), None)
    body = _mapping(rule, path, msg("Write keep, or settings like {{amount: 0.3}}."))
    known = _parameters(kind, {**settings, **body}, f"{path}.method", catalogue)
    allowed = [name for name, p in known.items() if p.per_layer]
    for key in body:
        if key in known and key not in allowed:
            raise RecipeError(
                msg("{key} can't differ from layer to layer.", key=key),
                msg("Set it on the stage itself."),
                path=f"{path}.{key}",
            )
    _known(body, allowed, path, lambda key: _meant(key, allowed, kind, path, catalogue))
    return Rule(str(pattern), _values(body, known.values(), path, catalogue))


def _precision(stages: tuple[Stage, ...], device: str) -> None:
    """Refuse float16 where nothing trains in it."""
    for i, stage in enumerate(stages):
        if stage.settings.get("precision") == "float16" and device != "cuda":
            path = f"stages.{i}.{stage.kind}.precision"
            raise RecipeError(
                msg("Training in float16 needs CUDA, and this recipe computes on {device}.", device=device),
                msg("Choose bfloat16, which needs no scaled gradients, or set device: cuda."),
                path=path,
                repair=Repair(msg("Use bfloat16"), {path: "bfloat16"}),
            )


def _order(stages: tuple[Stage, ...], catalogue: Catalogue) -> None:
    """Refuse what follows a conversion to low-precision kernels: such a network has no weights to change."""
    converted: int | None = None
    for i, stage in enumerate(stages):
        if converted is not None:
            if stage.kind == "quantize":
                raise quantized_twice(stages, converted, i)
            raise RecipeError(
                msg(
                    "Stage {later} ({kind}) comes after stage {earlier} has converted the network to low precision, "
                    "where weights can no longer change.",
                    later=i + 1,
                    kind=stage.kind,
                    earlier=converted + 1,
                ),
                msg("Move it before stage {earlier}.", earlier=converted + 1),
                path=f"stages.{i}",
                repair=Repair(
                    msg("Quantize last"),
                    {"stages": [stage.to_data() for stage in quantized_last(stages, catalogue)]},
                ),
            )
        if converts(stage, catalogue):
            converted = i


def _values(
    body: Mapping[str, Any],
    declared: Iterable[Parameter],
    path: str,
    catalogue: Catalogue | None = None,
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in declared:
        if parameter.name not in body:
            continue
        where = f"{path}.{parameter.name}" if path else parameter.name
        value = _located(where, lambda p=parameter: p.check(body[p.name]))  # type: ignore[misc]
        if catalogue is not None and parameter.type == "method" and value is not None:
            _located(where, lambda p=parameter, v=value: catalogue.get(p.of, v))  # type: ignore[misc]
        if catalogue is not None and value is not None:
            value = _within(parameter, value, where, catalogue)
        values[parameter.name] = value
    return values


def _within(parameter: Parameter, value: Any, path: str, catalogue: Catalogue) -> Any:
    """``value`` with what is in it checked, where the parameter holds methods, settings or a network."""
    match parameter.type:
        case "nested":
            return _method(parameter, value, path, catalogue)
        case "list":
            return [_method(parameter, one, f"{path}.{i}", catalogue) for i, one in enumerate(value)]
        case "group":
            _known(value, [p.name for p in parameter.fields], path)
            return _values(value, parameter.fields, path, catalogue)
        case "network" if not isinstance(value, str):
            _known(value, [p.name for p in MODEL_PARAMETERS], path)
            read = _values(value, MODEL_PARAMETERS, path)
            _student(read, path)
            return read
    return value


def _method(parameter: Parameter, value: Mapping[str, Any], path: str, catalogue: Catalogue) -> dict[str, Any]:
    """``{kind: …, settings}``, each checked."""
    key = parameter.key
    known = _located(f"{path}.{key}", lambda: catalogue.get(parameter.of, value[key])).parameters
    _known(value, [key, *(p.name for p in known)], path)
    return {key: value[key], **_values(value, known, path, catalogue)}


def _known(
    body: Mapping[str, Any], allowed: Iterable[str], path: str, hint: Callable[[str], Message] | None = None
) -> None:
    allowed = list(allowed)
    for key in body:
        if key in allowed:
            continue
        where = f"{path}.{key}" if path else str(key)
        if key in NOT_YET:
            raise RecipeError(Message(NOT_YET[key]), msg("Remove the key {key}.", key=key), path=where)
        meant = hint(str(key)) if hint else offer(str(key), allowed)
        raise RecipeError(msg("Unknown key {key}.", key=str(key)), meant, path=where)


def _mapping(value: Any, path: str, hint: Message | None = None) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise RecipeError(
        msg("{place} must hold keys and values.", place=path or "recipe"),
        hint or msg("Write one key: value a line."),
        path=path,
    )


def _located(path: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except RecipeError:
        raise
    except CompressionError as error:
        raise RecipeError(error.message, error.hint, path=path) from error
