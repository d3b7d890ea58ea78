"""One-shot pruning: masks from a criterion, an amount and a scope."""

from __future__ import annotations

from backend.cancel import Cancel
from backend.description import Parameter
from backend.events import Emit
from backend.pruning._pruner import Pruner
from backend.recipe import Stage
from backend.session import Session
from backend.stages._base import StageMethod


def run(session: Session, stage: Stage, index: int, emit: Emit, cancel: Cancel) -> None:
    """Make masks for the planned layers and set the pruned weights to zero.

    Raises:
        CompressionError: a pattern matches no layer.
    """
    pruner = Pruner(session, stage, index, emit, cancel)
    pruner.prune()
    pruner.finish()


METHOD = StageMethod(
    id="prune",
    label="Prune",
    summary="Sets the least important weights or channels to zero.",
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
    ),
    run=run,
)
