"""Any recipe that can be read can be written and read again, and edits keep it readable."""

import string

from hypothesis import given
from hypothesis import strategies as st

from backend.description import Description, Parameter
from backend.recipe import (
    KEEP,
    TARGETS,
    Recipe,
    edit_layers,
    merged,
    plan,
    recipe_from_data,
    recipe_from_yaml,
    recipe_to_yaml,
    resolved,
)
from tests.small_catalogue import during_catalogue, small_catalogue

CATALOGUE = small_catalogue()
DURING = during_catalogue()

texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
words = st.text(string.ascii_lowercase + string.digits + "_", min_size=1, max_size=5)
names = st.lists(words, min_size=1, max_size=4).map(".".join)
patterns = names | names.map(lambda n: n + "*") | st.sampled_from(["*", "type:Conv2d", "type:Lin*", "1.10", "0", "on"])


def values(parameter: Parameter) -> st.SearchStrategy[object]:
    """Values that ``parameter`` accepts."""
    match parameter.type:
        case "int":
            return st.integers(int(parameter.minimum or 0), int(parameter.maximum or 1000))
        case "float":
            low, high = parameter.minimum, parameter.maximum
            least = parameter.above if low is None else low
            return st.floats(least, high, allow_nan=False, exclude_min=low is None).map(float)
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(parameter.choices)
        case "method":
            return st.sampled_from(sorted(CATALOGUE.kind(parameter.of)))
        case _:
            return texts


def settings(parameters: tuple[Parameter, ...]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional={p.name: values(p) for p in parameters})


@st.composite
def stages(draw: st.DrawFn, kind: str) -> dict[str, object]:
    stage: Description = CATALOGUE.get("stage", kind)
    own = tuple(p for p in stage.parameters if p.name != "method")
    body = draw(settings(own))
    method = stage.parameter("method")
    known = own
    if method is not None:
        chosen = draw(st.sampled_from(sorted(CATALOGUE.kind(method.of))))
        known = (*own, *CATALOGUE.get(method.of, chosen).parameters)
        body = {"method": chosen, **draw(settings(known))}
    per_layer = tuple(p for p in known if p.per_layer)
    rule = st.just(KEEP) | settings(per_layer)
    if layers := draw(st.dictionaries(patterns, rule, max_size=4)):
        body["layers"] = layers
    return {kind: body}


budgets = st.dictionaries(
    st.sampled_from(TARGETS), st.floats(0, 1e9, exclude_min=True, allow_subnormal=False), max_size=len(TARGETS)
)


@st.composite
def recipes(draw: st.DrawFn) -> dict[str, object]:
    before = draw(st.lists(st.sampled_from(["prune", "train"]).flatmap(stages), max_size=3))
    after = draw(st.lists(stages("quantize"), max_size=1))
    return {
        "name": draw(texts),
        "seed": draw(st.integers(0, 2**31 - 1)),
        "model": draw(st.fixed_dictionaries({}, optional={"name": texts, "num_classes": st.integers(1, 9)})),
        "data": draw(
            st.fixed_dictionaries(
                {"source": st.sampled_from(sorted(CATALOGUE.kind("dataset")))},
                optional={"mean": st.lists(st.floats(0, 1), max_size=3), "augment": st.booleans(), "root": texts},
            )
        ),
        "budget": draw(budgets),
        "stages": [*before, *after],
    }


def read(data: object) -> Recipe:
    return recipe_from_data(data, CATALOGUE)


@given(recipes())
def test_that_any_recipe_is_the_same_after_writing_and_reading(data: dict[str, object]) -> None:
    recipe = read(data)
    assert recipe_from_yaml(recipe_to_yaml(recipe), CATALOGUE) == recipe


@given(recipes())
def test_that_what_a_recipe_gives_as_data_is_what_it_was_read_from(data: dict[str, object]) -> None:
    recipe = read(data)
    assert read(recipe.to_data()) == recipe


@given(recipes())
def test_that_writing_out_the_defaults_changes_no_layers_plan(data: dict[str, object]) -> None:
    recipe = read(data)
    full = resolved(recipe, CATALOGUE)
    for given_stage, full_stage in zip(recipe.stages, full.stages, strict=True):
        for name, kind in (("conv1", "Conv2d"), ("a.b", "Linear"), ("0", "Conv2d")):
            assert plan(given_stage, name, kind, CATALOGUE) == plan(full_stage, name, kind, CATALOGUE)


@given(recipes(), st.lists(names, min_size=1, max_size=3, unique=True), st.floats(0, 1))
def test_that_a_menu_edit_applies_to_its_layers_and_reads_again(
    data: dict[str, object], layers: list[str], amount: float
) -> None:
    recipe = read(data)
    before = recipe_to_yaml(recipe)
    edited, index = edit_layers(recipe, "prune", layers, {"method": "l1", "amount": amount})
    for name in layers:
        found = plan(edited.stages[index], name, "Conv2d", CATALOGUE)
        assert found.settings is not None
        assert (found.settings["amount"], found.origin) == (amount, name)
    assert recipe_from_yaml(recipe_to_yaml(edited), CATALOGUE) == edited
    assert recipe_to_yaml(recipe) == before


shares = st.floats(0, 1, allow_nan=False)


@st.composite
def schedules(draw: st.DrawFn) -> dict[str, object]:
    kind = draw(st.sampled_from(["agp", "one_shot"]))
    if kind == "one_shot":
        return {"kind": kind, **draw(st.fixed_dictionaries({}, optional={"start": shares}))}
    start, end = draw(st.lists(shares, min_size=2, max_size=2, unique=True).map(sorted))
    return {"kind": kind, "start": start, "end": end}


entries = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(["l1", "norm"]),
        "amount": shares,
        "schedule": schedules(),
        "layers": st.dictionaries(patterns, st.just(KEEP) | st.fixed_dictionaries({"amount": shares}), max_size=3),
    },
).map(lambda body: {"prune": body})


@st.composite
def during_recipes(draw: st.DrawFn) -> dict[str, object]:
    train = {"epochs": draw(st.integers(1, 9)), "during": draw(st.lists(entries, min_size=1, max_size=3))}
    return {"model": {}, "stages": [{"train": train}, *draw(st.lists(stages("train"), max_size=1))]}


@given(during_recipes())
def test_that_a_during_list_is_the_same_after_writing_and_reading(data: dict[str, object]) -> None:
    recipe = recipe_from_data(data, DURING)
    assert len(recipe.stages[0].during) == len(data["stages"][0]["train"]["during"])  # type: ignore[index]
    assert recipe_from_yaml(recipe_to_yaml(recipe), DURING) == recipe
    full = resolved(recipe, DURING)
    assert recipe_from_yaml(recipe_to_yaml(full), DURING) == full
    assert resolved(full, DURING) == full
    for given_entry, entry in zip(recipe.stages[0].during, full.stages[0].during, strict=True):
        assert entry.settings["schedule"]["kind"] == (given_entry.settings.get("schedule") or {"kind": "agp"})["kind"]


@given(during_recipes(), shares, st.data())
def test_that_set_reaches_into_a_during_list(data: dict[str, object], amount: float, more: st.DataObject) -> None:
    recipe = recipe_from_data(data, DURING)
    number = more.draw(st.integers(0, len(recipe.stages[0].during) - 1))
    path = f"stages.0.train.during.{number}.prune"
    edits = {f"{path}.amount": amount, f"{path}.schedule": {"kind": "agp", "start": 0.0, "end": 1.0}}
    edited = merged(recipe, {**edits, f"{path}.schedule.start": 0.5, f"{path}.layers.a.b.amount": amount}, DURING)
    entry = edited.stages[0].during[number]
    assert entry.settings["amount"] == amount
    assert entry.settings["schedule"] == {"kind": "agp", "start": 0.5, "end": 1.0}
    assert {rule.pattern: rule.settings for rule in entry.layers}["a.b"] is not None
