"""What a kind of stage is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backend.cancel import Cancel
from backend.description import Method
from backend.events import Emit
from backend.recipe import Stage

if TYPE_CHECKING:
    from backend.session import Session


@dataclass(frozen=True, kw_only=True)
class StageMethod(Method):
    """A kind of stage.

    Attributes:
        run: ``run(session, stage, index, emit, cancel)`` changes the session's network and masks.
            It emits Progress and Metric events for stage ``index`` and checks ``cancel`` at every
            batch and layer.
    """

    run: Callable[[Session, Stage, int, Emit, Cancel], None]

    def traits(self) -> dict[str, Any]:
        method = next((p for p in self.parameters if p.name == "method"), None)
        return {"method_kind": method.of if method else None}
