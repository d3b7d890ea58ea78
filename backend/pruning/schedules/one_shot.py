"""Everything at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.pruning.schedules._base import START, Schedule


def share(progress: float, settings: Mapping[str, Any]) -> float:
    """1 from the start on."""
    return 1.0


METHOD = Schedule(
    id="one_shot",
    label="One-shot",
    summary="Prunes the whole amount at once; what follows is fine-tuning.",
    when="For moderate amounts, or when time is short. Costs nothing beyond the fine-tuning.",
    parameters=(START,),
    share=share,
)
