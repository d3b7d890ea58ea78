"""Stages, rules and whole recipes in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.description import Catalogue, Description, Parameter
from backend.recipe import Recipe, Rule, Stage, filled
from gui.forms import choice_text
from gui.network_text import ORIGINAL, network_text
from gui.precisions import planned, with_method
from gui.rewrites import rewritten
from gui.target_text import said
from gui.text import percent, phrase, plural, tr


def title(stage: Stage, catalogue: Catalogue | None) -> str:
    """The label of the stage's kind: "Prune", "Fine-tune"."""
    described = catalogue.kind("stage").get(stage.kind) if catalogue is not None else None
    return phrase(described.label) if described is not None else stage.kind


def summary(stage: Stage, catalogue: Catalogue) -> str:
    """What the stage does, in one line: "L1 unstructured · global 50%"."""
    settings = filled(stage, catalogue)
    method = _method_label(stage, settings, catalogue)
    match stage.kind:
        case "prune":
            return _pruning(stage, settings, method)
        case "train":
            epochs = plural(int(settings.get("epochs", 1)), "{count} epoch", "{count} epochs")
            optimizer = catalogue.kind("optimizer").get(str(settings.get("optimizer")))
            name = phrase(optimizer.label) if optimizer is not None else str(settings.get("optimizer", ""))
            return _taught(_training(stage, epochs, name), settings.get("distill"), catalogue)
        case "quantize":
            return _quantizing(stage, settings, method, catalogue)
        case "decompose" | "replace":
            return _rewriting(stage, settings, method, catalogue)
    return method


def _training(stage: Stage, epochs: str, optimizer: str) -> str:
    kinds = {entry.kind for entry in stage.during}
    if kinds == {"prune", "quantize"}:
        return tr("{epochs} · {optimizer} · prunes and quantizes meanwhile", epochs=epochs, optimizer=optimizer)
    if kinds == {"quantize"}:
        return tr("{epochs} · {optimizer} · quantizes meanwhile", epochs=epochs, optimizer=optimizer)
    if kinds:
        return tr("{epochs} · {optimizer} · prunes meanwhile", epochs=epochs, optimizer=optimizer)
    return tr("{epochs} · {optimizer}", epochs=epochs, optimizer=optimizer)


def _taught(text: str, distill: Mapping[str, Any] | None, catalogue: Catalogue) -> str:
    """``text``, and what the stage distills by: "… · distilled: soft targets, feature MSE"."""
    if distill is None:
        return text
    known = catalogue.kind("distillation")
    ids = [str(one["loss"]) for one in distill["losses"]]
    losses = ", ".join(_within_sentence(phrase(known[id].label)) if id in known else id for id in ids)
    if distill["teacher"] == ORIGINAL:
        return tr("{summary} · distilled: {losses}", summary=text, losses=losses)
    teacher = network_text(distill["teacher"])
    return tr("{summary} · distilled from {teacher}: {losses}", summary=text, teacher=teacher, losses=losses)


def _within_sentence(name: str) -> str:
    """Begins small, unless its second letter tells that it is an abbreviation."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _quantizing(stage: Stage, settings: Mapping[str, Any], method: str, catalogue: Catalogue) -> str:
    chosen = sum(rule.settings is not None for rule in stage.layers)
    if any(rule.pattern == "*" and rule.settings is None for rule in stage.layers):
        return plural(chosen, "{count} chosen layer", "{count} chosen layers")
    if settings.get("target") is not None:
        return tr("{method} · {target}", method=method, target=said(settings["target"]))
    if settings.get("observer"):
        observer = catalogue.kind("observer").get(str(settings["observer"]))
        name = phrase(observer.label) if observer is not None else str(settings["observer"])
        return tr("{method} · {observer} observer", method=method, observer=name.lower())
    return with_method(method, planned(str(settings["method"]), settings))


def _rewriting(stage: Stage, settings: Mapping[str, Any], method: str, catalogue: Catalogue) -> str:
    if any(rule.pattern == "*" and rule.settings is None for rule in stage.layers):
        chosen = sum(rule.settings is not None for rule in stage.layers)
        return plural(chosen, "{count} chosen layer", "{count} chosen layers")
    if settings.get("target") is not None:
        return tr("{method} · {target}", method=method, target=said(settings["target"]))
    described = _method(settings, catalogue)
    return rewritten(described, settings)[0] if described is not None else method


def _pruning(stage: Stage, settings: Mapping[str, Any], method: str) -> str:
    if settings.get("target") is not None:
        return tr("{method} · {target}", method=method, target=said(settings["target"]))
    amount, removed = percent(settings.get("amount")), bool(settings.get("remove"))
    if any(rule.pattern == "*" and rule.settings is None for rule in stage.layers):
        chosen = sum(rule.settings is not None for rule in stage.layers)
        if removed:
            return plural(chosen, "Removes from {count} chosen layer", "Removes from {count} chosen layers")
        return plural(chosen, "{count} chosen layer", "{count} chosen layers")
    own = [rule.settings["amount"] for rule in stage.layers if rule.settings and rule.settings.get("amount")]
    if len(own) > 1 and settings.get("scope") != "global":
        return tr("{method} · {low} to {high}, each layer its own", method=method, low=percent(min(own)),
                  high=percent(max(own)))  # fmt: skip
    if settings.get("scope") == "global":
        if removed:
            return tr("{method} · removes {amount} in all", method=method, amount=amount)
        return tr("{method} · global {amount}", method=method, amount=amount)
    if removed:
        return tr("{method} · removes {amount}", method=method, amount=amount)
    return tr("{method} · {amount} of each layer", method=method, amount=amount)


def rule_text(rule: Rule, catalogue: Catalogue) -> str:
    """What a layer rule says: "Keep as is", "L1 unstructured, 30%"."""
    if rule.settings is None or rule.settings.get("amount") == 0:
        return tr("Keep as is")
    scheme = catalogue.kind("quantization").get(str(rule.settings.get("method")))
    if scheme is not None:
        full = {**{p.name: p.default for p in scheme.parameters}, **rule.settings}
        return with_method(phrase(scheme.label), planned(scheme.id, full))
    rewriting = _method(rule.settings, catalogue)
    if rewriting is not None:
        return rewritten(rewriting, {**{p.name: p.default for p in rewriting.parameters}, **rule.settings})[0]
    words = []
    for name, value in rule.settings.items():
        found = catalogue.kind("criterion").get(str(value))
        if found is not None:
            words.append(phrase(found.label))
        elif name == "amount":
            words.append(percent(value))
        elif (known := _rewriting_parameter(name, catalogue)) is not None:
            shown = percent(value) if known.percent else choice_text(value)
            words.append(tr("{name} {value}", name=phrase(known.label), value=shown))
        else:
            words.append(tr("{name} {value}", name=name, value=value))
    return ", ".join(words) or tr("As the stage says")


def _method(settings: Mapping[str, Any], catalogue: Catalogue) -> Description | None:
    """The decomposition or replacement that ``settings`` name."""
    id = str(settings.get("method"))
    return catalogue.kind("decomposition").get(id) or catalogue.kind("replacement").get(id)


def _rewriting_parameter(name: str, catalogue: Catalogue) -> Parameter | None:
    """What a rule of a decompose or replace stage may set beside the method."""
    stages = [catalogue.kind("stage").get(kind) for kind in ("decompose", "replace")]
    methods = (*catalogue.kind("decomposition").values(), *catalogue.kind("replacement").values())
    found = (one.parameter(name) for one in (*stages, *methods) if one is not None)
    return next((one for one in found if one is not None and one.per_layer), None)


def outlook(recipe: Recipe, catalogue: Catalogue | None) -> str:
    """One line on what Run will do: "3 stages: Prune → Fine-tune → Quantize"."""
    if not recipe.stages:
        return tr("No stages yet: add one, or right-click a layer.")
    names = " → ".join(title(stage, catalogue) for stage in recipe.stages)
    return plural(len(recipe.stages), "{count} stage: {names}", "{count} stages: {names}", names=names)


def _method_label(stage: Stage, settings: Mapping[str, Any], catalogue: Catalogue) -> str:
    described = catalogue.get("stage", stage.kind).parameter("method")
    id = str(settings.get("method", ""))
    method = catalogue.kind(described.of).get(id) if described is not None else None
    return phrase(method.label) if method is not None else id
