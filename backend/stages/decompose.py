"""Decomposition: layers written as several smaller ones that follow each other."""

from __future__ import annotations

from backend.cancel import Cancel
from backend.decomposition._decomposer import Decomposer
from backend.decomposition._target import TARGETS
from backend.description import Parameter
from backend.events import Emit
from backend.recipe import Stage, filled
from backend.registry import catalogue
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._batch_norm import REESTIMATE, reestimate_batch_norm


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Put factors in place of the planned layers; ranks are those asked for, by energy or for a target.

    Raises:
        CompressionError: a pattern matches no layer, no layer can be decomposed or would be smaller, or the
            target can't be met.
    """
    Decomposer(session, stage, index, emit, cancel).decompose()
    if filled(stage, catalogue())["reestimate"]:
        reestimate_batch_norm(session, index, emit, cancel)


METHOD = StageMethod(
    id="decompose",
    label="Decompose",
    summary="Writes layers as several smaller ones that follow each other, of low rank.",
    when="Before fine-tuning, which wins back what it costs. It makes a network smaller and faster without taking "
    "channels out, where layers have many of them.",
    parameters=(
        Parameter(name="method", type="method", of="decomposition", label="Method", default="tucker", required=True),
        Parameter(
            name="energy",
            type="float",
            label="Energy kept",
            default=0.9,
            above=0.0,
            maximum=1.0,
            percent=True,
            required=True,
            summary="Share of the weight's squared norm that the factors keep; the smallest ranks that do are taken.",
        ),
        Parameter(
            name="rank",
            type="int",
            label="Rank",
            minimum=1,
            summary="In place of the energy: so many channels between the factors.",
        ),
        Parameter(
            name="target",
            type="target",
            label="Target",
            choices=TARGETS,
            per_layer=False,
            summary="Finds every rank so that the least energy is lost; up to 1 a share of the original, above it the "
            "figure.",
        ),
        REESTIMATE,
    ),
    run=run,
)
