"""What a pruning schedule is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.description import Method, Parameter

START = Parameter(
    name="start",
    type="float",
    label="Start",
    default=0.0,
    minimum=0.0,
    maximum=1.0,
    percent=True,
    required=True,
    summary="Share of the training after which pruning begins.",
)
END = Parameter(
    name="end",
    type="float",
    label="End",
    default=0.75,
    minimum=0.0,
    maximum=1.0,
    percent=True,
    required=True,
    summary="Share of the training at which the whole amount is reached; what follows is fine-tuning.",
)


@dataclass(frozen=True, kw_only=True)
class Schedule(Method):
    """When to prune how much. The network is pruned whenever the share rises.

    Attributes:
        share: ``share(progress, settings)``: share of the final amount (0…1) that is pruned when
            ``progress`` (0 at start, 1 at end) of the way is gone. ``settings`` are the schedule's own,
            and the stage's ``amount``.
        soft: prune after each epoch on the way, and let what is pruned come back until its end.
        repeats: train the whole stage once more after each of ``rounds``, from the weights that it had
            after the share ``rewind`` of the training; ``share`` goes by rounds.
    """

    share: Callable[[float, Mapping[str, Any]], float]
    soft: bool = False
    repeats: bool = False

    def traits(self) -> dict[str, Any]:
        return {"soft": self.soft, "repeats": self.repeats}


def stair(progress: float, steps: int) -> float:
    """``progress`` rounded down to one of ``steps`` equal steps."""
    return int(progress * steps + 1e-9) / steps
