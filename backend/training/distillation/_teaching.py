"""What a student learns from beside the labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import torch
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import CompressionError, msg
from backend.events import Emit
from backend.registry import method
from backend.session import Session
from backend.training._precision import Precision
from backend.training.distillation._base import Distillation

ORIGINAL = "original"
"""The teacher that is the network as it was opened."""
Tap = Callable[[str], nn.Module]
"""``tap(layer)``: the module whose output is that of the named layer in what trains."""


class Teaching:
    """The teacher and the losses of a ``distill`` section; it hooks into both networks until :meth:`close`.

    Attributes:
        names: of the parts, in order: the loss's id, with ``_2`` and so on where it stands again.
        parameters: of the adapters; they train beside the student's own.

    Args:
        session: holds the original network, the data and the folder that a teacher's file is relative to.
        distill: the section, with its defaults.
        module: the student as it trains.
        tap: finds its layers.
        index: the stage's, for events.
        emit: told which layers were paired.
        cancel: checked while a teacher is opened and its outputs are computed.

    Raises:
        CompressionError: the data has no classes, the teacher can't be opened or does not fit, or layers can't be
            paired.
    """

    def __init__(
        self,
        session: Session,
        distill: Mapping[str, Any],
        module: nn.Module,
        tap: Tap,
        index: int,
        emit: Emit,
        cancel: Cancel,
    ) -> None:
        if session.data.metric is not None or session.data.parts["train"].labels.is_floating_point():
            raise CompressionError(
                msg("Soft targets are probabilities of classes, and this data has none."), msg("Remove distill.")
            )
        self._settings = list(distill["losses"])
        self._losses = [cast(Distillation, method("distillation", one["loss"])) for one in self._settings]
        self.names = _numbered([loss.id for loss in self._losses])
        self.parameters: list[nn.Parameter] = []
        self._teacher = session.original.module.eval()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The student's forward pass happens within it: its features are kept for :meth:`losses`."""
        yield

    def losses(
        self, images: Tensor, outputs: Tensor, labels: Tensor, places: Tensor, precision: Precision
    ) -> dict[str, Tensor]:
        """The weighted parts, by name, for one batch the student has just seen.

        Args:
            images: N×C×H×W, as the student saw them.
            outputs: the student's, N×classes, float32.
            labels: N.
            places: where in the train part the images stand, N.
            precision: what the teacher computes in.
        """
        with torch.no_grad(), precision.computing():
            wanted = self._teacher(images).float()
        found = {}
        for name, loss, settings in zip(self.names, self._losses, self._settings, strict=True):
            found[name] = loss.loss(outputs, wanted, labels, settings).mul(settings["weight"])
        return found

    def state_dict(self) -> dict[str, Any]:
        """What goes on after a resume: the adapters."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what :meth:`state_dict` gave."""

    def close(self) -> None:
        """Leave both networks as they were, without hooks."""


def _numbered(ids: list[str]) -> list[str]:
    return [id if ids.index(id) == i else f"{id}_{ids[: i + 1].count(id)}" for i, id in enumerate(ids)]
