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
    summary="Share of the training at which the whole amount is reached; what follows is fine-tuning.",
)


@dataclass(frozen=True, kw_only=True)
class Schedule(Method):
    """When to prune how much.

    Attributes:
        share: ``share(progress, settings)``: share of the final amount (0…1) that is pruned when
            ``progress`` (0 at start, 1 at end) of the way is gone.
    """

    share: Callable[[float, Mapping[str, Any]], float]
