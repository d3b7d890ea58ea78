"""Replacement: layers of one kind by layers of another, with what became of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from backend.cancel import Cancel
from backend.description import Parameter
from backend.errors import CompressionError, Message, Repair, by_reason, msg, some
from backend.evaluation._mode import evaluating
from backend.evaluation.figures import layer_rows
from backend.evaluation.macs import shapes
from backend.events import Emit, LayerChanged, Progress, Warned
from backend.network import Edit, Network
from backend.recipe import Stage, filled, plan
from backend.registry import catalogue, method
from backend.removal import agreement
from backend.replacement._base import Replacement
from backend.replacement._calls import Calls
from backend.replacement._install import KIND, install
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._batch_norm import REESTIMATE, reestimate_batch_norm
from backend.stages._layers import layer_plans

EVERY = "*"
"""A rule that keeps all other layers does not mean the one that a BatchNorm goes into."""
IMAGES = 16
"""On so many images the network is compared with what it was, where a method promises the same."""


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Replace the planned layers one after the other, and report what each was and is.

    Raises:
        CompressionError: a pattern matches no layer, nothing can be replaced, the network does not run with the new
            layers, or computes something else where a method promises the same.
    """
    before = session.network
    work = _Work(session, stage, index, emit, cancel)
    try:
        work.choose()
        work.carry_out()
        if filled(stage, catalogue())["reestimate"]:
            reestimate_batch_norm(session, index, emit, cancel)
    except BaseException:
        session.network = before
        raise


@dataclasses.dataclass
class _Work:
    """One replace stage: what is to be replaced, and by what.

    Attributes:
        chosen: layer → its edit: method, settings, and the layer that it goes into.
        refused: layer that was meant → why it stays.
        labels: of the methods that were asked for.
        functions: what the stage as a whole would have replaced, were it a layer.
    """

    session: Session
    stage: Stage
    index: int
    emit: Emit
    cancel: Cancel
    chosen: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    refused: dict[str, Message] = dataclasses.field(default_factory=dict)
    labels: dict[str, None] = dataclasses.field(default_factory=dict)
    functions: list[str] = dataclasses.field(default_factory=list)

    def choose(self) -> None:
        """Find the layers that can be replaced, and say why others that were meant can't."""
        module = self.session.network.module
        plans = layer_plans(module, self.stage, weightless=True)
        calls = Calls(self.session.network)
        kept = {name for name, each in plans.items() if each.settings is None and each.origin != EVERY}
        for name, each in plans.items():
            if each.settings is None:
                continue
            found, part = _method(each.settings["method"]), module.get_submodule(name)
            self.labels[found.label] = None
            why = found.applies(part)
            if why is None:
                edit = {"method": found.id, **{p.name: each.settings[p.name] for p in found.parameters}}
                why = self._joined(found, name, part, calls, kept, edit)
                if why is None and found.parameters and type(found.replace(part, edit)) is type(part):
                    why = msg("It is of this kind already")
                elif why is None:
                    self.chosen[name] = edit
            elif each.origin != name and not isinstance(part, found.kinds):
                why = None  # a stage for activations does not speak of convolutions
            if why is not None:
                self.refused[name] = why
        self.chosen = dict(sorted(self.chosen.items(), key=lambda each: "before" not in each[1]))  # while that is there
        self.functions = self._functions(calls)
        if not self.chosen:
            raise self._nothing()
        self._tell_refused()

    def carry_out(self) -> None:
        """Replace what was chosen, in a copy that takes the place of the session's network."""
        session, old = self.session, self.session.network
        new = old.copy()
        errors: dict[str, float] = {}
        for done, (name, how) in enumerate(self.chosen.items()):
            self.cancel.check()
            self.emit(Progress(self.index, done, len(self.chosen), msg("Replacing {layer}", layer=name)))
            replaced, made = new.module.get_submodule(name), install(new.module, name, how)
            if (error := _method(how["method"]).error) is not None:
                errors[name] = error(replaced, made)
        new.edits += (Edit(KIND, {"layers": self.chosen}),)
        report = self._compared(old, new)
        session.network = new
        self._forget()
        rows = _rows(old, new, self.chosen)
        for row in rows:
            row |= {"error": errors[row["name"]]} if row["name"] in errors else {}
        refused = {name: why.to_data() for name, why in self.refused.items()}
        session.report["replacement"] = {"layers": rows, **report, **({"refused": refused} if refused else {})}
        count = msg("Replaced {count} layers", count=len(self.chosen))
        self.emit(Progress(self.index, 1, 1, count))
        changed = [row for row in layer_rows(new, session.figures) if _within(row["name"], self._touched())]
        self.emit(LayerChanged(self.index, changed))

    def _joined(
        self, found: Replacement, name: str, part: nn.Module, calls: Calls, kept: set[str], edit: dict[str, Any]
    ) -> Message | None:
        """Put the layer that ``name`` goes into in ``edit``, where its method does so; else why it can't."""
        if found.joining is None:
            return None
        place = calls.before(name)
        if isinstance(place, Message):
            return place
        before, output = place
        if before in kept:
            return msg("{layer}, which it would go into, is kept", layer=before)
        edit["before"] = before
        return found.joining.applies(self.session.network.module.get_submodule(before), output, part)

    def _tell_refused(self) -> None:
        for layers, why in by_reason(self.refused):
            self.emit(
                Warned(self.index, msg("Kept as they are: {layers}. Reason: {reason}.", layers=layers, reason=why))
            )
        if self.functions:
            self.emit(Warned(self.index, _are_functions(self.functions)))

    def _functions(self, calls: Calls) -> list[str]:
        """``relu (layer1.0)``: functions that the stage as a whole would have replaced, were they layers."""
        whole = plan(self.stage, "", "", catalogue()).settings
        if whole is None:
            return []
        found, module = _method(whole["method"]), self.session.network.module
        return [
            f"{function} ({name or type(module).__name__})"
            for function, name in calls.functions
            if function in found.calls and not isinstance(module.get_submodule(name), found.kinds)
            and next(module.get_submodule(name).children(), None) is not None
        ]  # fmt: skip

    def _compared(self, old: Network, new: Network) -> dict[str, Any]:
        """Run the new network, and where its methods promise the same, measure how far the outputs are apart."""
        images, _ = next(self.session.data.batches("validation", IMAGES, device=self.session.device))
        try:
            alike = _sizes(old, images) == _sizes(new, images)
        except Exception as error:  # a person's own forward may raise anything
            raise CompressionError(
                msg(
                    "The network does not run with its new layers ({error}).",
                    error=(str(error).strip().splitlines() or [type(error).__name__])[0],
                ),
                msg("Its own code needs the old ones: keep some of them."),
            ) from error
        if not alike:
            raise CompressionError(
                msg("With its new layers the network gives outputs of another shape."), msg("Keep some of the layers.")
            )
        if not all(_method(how["method"]).exact for how in self.chosen.values()):
            return {}
        found = agreement(old.module, new.module, images)
        if not found.equal:
            raise CompressionError(
                msg(
                    "With its new layers the network computes something else: its outputs differ by {error}, "
                    "of {scale} at most.",
                    error=f"{found.max_abs_error:.3g}",
                    scale=f"{found.scale:.3g}",
                ),
                msg("Remove the stage, and report this network."),
            )
        return {"max_abs_error": found.max_abs_error}

    def _touched(self) -> list[str]:
        return [*self.chosen, *(how["before"] for how in self.chosen.values() if "before" in how)]

    def _forget(self) -> None:
        """Masks and figures of layers that are gone."""
        parameters = dict(self.session.network.module.named_parameters())
        gone = [
            name
            for name, mask in self.session.masks.items()
            if name not in parameters or parameters[name].shape != mask.shape
        ]
        for name in gone:
            del self.session.masks[name]
        for name in [name for name in self.session.figures if _within(name, list(self.chosen))]:
            del self.session.figures[name]
        if gone:
            layers = ", ".join(dict.fromkeys(name.rpartition(".")[0] for name in gone))
            self.emit(
                Warned(self.index, msg("The masks of layers that were replaced are gone: {layers}.", layers=layers))
            )

    def _nothing(self) -> CompressionError:
        stages = [stage.to_data() for number, stage in enumerate(self.session.recipe.stages) if number != self.index]
        repair = Repair(msg("Remove the stage"), {"stages": stages})
        labels = ", ".join(self.labels)
        message = msg("{methods} finds no layer to replace in this network.", methods=labels)
        hint = msg("Choose another method or other layers, or remove the stage.")
        if not labels:
            message = msg("Every layer is kept as it is, so there is nothing to replace.")
        elif self.functions:
            hint = _are_functions(self.functions)
        elif self.refused:
            _, why = by_reason(self.refused)[0]
            message = msg(
                "{methods} finds no layer to replace in this network. Reason: {reason}.", methods=labels, reason=why
            )
        return CompressionError(message, hint, repair=repair)


def _are_functions(names: list[str]) -> Message:
    return msg("Called as functions, not as layers, and so kept as they are: {calls}.", calls=some(names))


def _method(id: str) -> Replacement:
    return cast(Replacement, method("replacement", id))


def _sizes(network: Network, images: Tensor) -> list[torch.Size]:
    """Of everything that ``network`` makes of ``images``."""
    with evaluating(network.module), torch.no_grad():
        return [leaf.shape for leaf in tree_leaves(network.module(images)) if isinstance(leaf, Tensor)]


def _rows(old: Network, new: Network, edits: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Per replaced layer: what it was and is, its parameters, and its multiply-accumulates for one input."""
    was, now = (shapes(network).macs for network in (old, new))
    rows = []
    for name, how in edits.items():
        before, after = old.module.get_submodule(name), new.module.get_submodule(name)
        row: dict[str, Any] = {"name": name, "method": how["method"]}
        row |= {"before": _kind(before), "after": _kind(after)}
        row |= {"parameters_before": _parameters(before), "parameters": _parameters(after)}
        row |= {"macs_before": _sum(was, name), "macs": _sum(now, name)}
        rows.append(row | ({"into": how["before"]} if "before" in how else {}))
    return rows


def _kind(part: nn.Module) -> str:
    """``ReLU``, or of a row of layers ``depthwise + pointwise``."""
    return " + ".join(name for name, _ in part.named_children()) or type(part).__name__


def _parameters(part: nn.Module) -> int:
    return sum(parameter.numel() for parameter in part.parameters())


def _sum(macs: Mapping[str, int], name: str) -> int:
    return sum(count for other, count in macs.items() if _within(other, [name]))


def _within(name: str, layers: list[str]) -> bool:
    return any(name == layer or name.startswith(f"{layer}.") for layer in layers)


METHOD = StageMethod(
    id="replace",
    label="Replace",
    summary="Exchanges layers for layers of another kind.",
    when="Before a fine-tune stage, which brings back the accuracy that a new kind of layer costs; folding BatchNorm "
    "costs none and comes after the training.",
    parameters=(
        Parameter(
            name="method", type="method", of="replacement", label="Method", default="fold_batch_norm", required=True
        ),
        REESTIMATE,
    ),
    run=run,
)
