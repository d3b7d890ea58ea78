"""What the quantize stage in the ``during`` list of a train stage does."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from backend.cancel import Cancel
from backend.events import Emit
from backend.quantization._base import Learner, Scheme
from backend.quantization._install import changed, tell
from backend.recipe import LayerPlan, Stage, within
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages._layers import quantization_plans


class Quantizing:
    """The quantize stage of the list: what trains in place of the float network, and when it begins.

    Args:
        session: what trains.
        entry: the stage.
        index: the train stage's.
        batches: of the training.
        emit, cancel: of the job; the scheme may have to look at the network before it trains.
    """

    def __init__(self, session: Session, entry: Stage, index: int, batches: int, emit: Emit, cancel: Cancel) -> None:
        plans = quantization_plans(session.network.module, within(entry, catalogue()))
        if session.earlier is not None:  # what was chosen then holds
            plans = _with(plans, session.earlier["during"]["choices"])
        settings = next(s for name, plan in plans.items() if name and (s := plan.settings) is not None)
        scheme = method("quantization", settings["method"])
        if not isinstance(scheme, Scheme) or scheme.learn is None:  # the recipe's check refuses it
            raise TypeError(settings["method"])
        self.learner: Learner = scheme.learn(session, plans, index, emit, cancel)
        self.first = int(settings["start"] * batches)
        self._session, self._id, self._index, self._batches = session, scheme.id, index, batches
        self._entry = entry

    def after(self, done: int) -> None:
        """``done`` batches are over."""
        if done == self.first:
            self.learner.begin()
        if done:
            self.learner.after_step(done / self._batches)

    def finish(self, emit: Emit, cancel: Cancel) -> None:
        """Put the quantized network into the session, which keeps the float one where that fails."""
        session, before = self._session, self._session.network
        outcome = self.learner.convert(emit, cancel)
        session.network = changed(before, self._id, outcome)
        try:
            tell(session, before.module, {self._id: outcome}, self._index, self._entry, emit, cancel)
        except BaseException:
            session.network = before
            raise


def _with(plans: Mapping[str, LayerPlan], settings: Mapping[str, Any]) -> dict[str, LayerPlan]:
    """``plans`` with ``settings`` in the place of their own."""
    return {
        name: plan if plan.settings is None else dataclasses.replace(plan, settings={**plan.settings, **settings})
        for name, plan in plans.items()
    }
