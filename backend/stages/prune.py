"""One-shot pruning: masks from a criterion, an amount and a scope; removal of channels and of blocks."""

from __future__ import annotations

from typing import cast

from backend.cancel import Cancel
from backend.description import Parameter
from backend.events import Emit
from backend.pruning._base import Criterion
from backend.pruning._blocks import drop_blocks
from backend.pruning._pruner import Pruner
from backend.recipe import TARGETS, Stage, filled
from backend.registry import catalogue, method
from backend.session import Session
from backend.stages._base import StageMethod
from backend.stages._batch_norm import REESTIMATE, reestimate_batch_norm


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Silence the least important weights, channels or blocks, and take out what is to be removed.

    Raises:
        CompressionError: a pattern matches no layer, a target can't be met, or the network can't be
            made smaller.
    """
    units = _units(stage)
    if "block" in units:
        drop_blocks(session, stage, index, emit, cancel)
    if units != {"block"}:
        pruner = Pruner(session, stage, index, emit, cancel)
        pruner.prune()
        pruner.finish()
    if filled(stage, catalogue())["reestimate"]:
        reestimate_batch_norm(session, index, emit, cancel)


def _units(stage: Stage) -> set[str]:
    """What the methods of ``stage`` and of its layers prune."""
    own = filled(stage, catalogue())["method"]
    others = {rule.settings["method"] for rule in stage.layers if rule.settings and "method" in rule.settings}
    return {cast(Criterion, method("criterion", id)).unit for id in {own, *others}}


METHOD = StageMethod(
    id="prune",
    label="Prune",
    summary="Sets the least important weights or channels to zero.",
    when="Before fine-tuning, which wins back what it costs. A mask alone makes nothing smaller or faster: "
    "remove channels, or export encoded.",
    parameters=(
        Parameter(
            name="method", type="method", of="criterion", label="Method", default="l1_unstructured", required=True
        ),
        Parameter(
            name="amount",
            type="float",
            label="Amount",
            default=0.5,
            minimum=0.0,
            maximum=1.0,
            percent=True,
            required=True,
            summary="Share of the weights or channels that are zero afterwards.",
        ),
        Parameter(
            name="scope",
            type="choice",
            label="Scope",
            default="local",
            choices=("local", "global"),
            required=True,
            per_layer=False,
            summary="Local prunes every layer by the amount; global ranks all layers together.",
        ),
        Parameter(
            name="remove",
            type="bool",
            label="Remove",
            default=False,
            required=True,
            per_layer=False,
            summary="Takes channels out with all that depends on them: the network gets smaller and faster.",
        ),
        Parameter(
            name="target",
            type="target",
            label="Target",
            choices=TARGETS,
            per_layer=False,
            summary="Finds every amount by a sensitivity scan; up to 1 a share of the original, above it the figure.",
        ),
        Parameter(
            name="schedule",
            type="nested",
            of="schedule",
            label="Schedule",
            per_layer=False,
            summary="How the amount grows while the weights move; only within a train stage.",
        ),
        Parameter(
            name="round_to",
            type="int",
            label="Multiple of",
            minimum=1,
            per_layer=False,
            advanced=True,
            summary="Keeps a multiple of this many channels in every layer that is made smaller, 8 or 16 say.",
        ),
        REESTIMATE,
    ),
    run=run,
)
