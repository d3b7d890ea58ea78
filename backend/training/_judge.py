"""Which epoch was the best, and whether it is worth going on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

State = Mapping[str, Any]


class Judge:
    """Early stopping and keep-best, by the accuracy on validation images.

    Epochs count from the one in which the network has become what it will be: after the last pruning step and
    once quantization has begun. An earlier one may be better and is another network. Of equally good ones the first
    counts (Prechelt 1998, "Early stopping – but when?", generalization judged on a validation set).

    Attributes:
        over: whether training shall end.
        best: the best epoch so far, from 1; 0 before any counted.

    Args:
        patience: epochs without a better accuracy after which training ends; None goes on to the last.
        keep: whether the network of the best epoch is remembered.
    """

    def __init__(self, patience: int | None, keep: bool) -> None:
        self._patience, self._keep = patience, keep
        self.over, self.best, self.epochs = False, 0, 0
        self._accuracy = -float("inf")
        self._kept: dict[str, Any] = {}

    @property
    def active(self) -> bool:
        return self._keep or self._patience is not None

    def after_epoch(self, accuracy: float, counts: bool, state: Callable[[], State]) -> None:
        """An epoch is over.

        Args:
            accuracy: on validation images.
            counts: whether the network is already what it will be.
            state: gives what the network remembers.
        """
        self.epochs += 1
        if not counts or not self.active:
            return
        if accuracy > self._accuracy or not self.best:
            self._accuracy, self.best = accuracy, self.epochs
            if self._keep:
                self._kept = copied(state())
        self.over = self._patience is not None and self.epochs - self.best >= self._patience

    def kept(self) -> State | None:
        """What the network of the best epoch remembers; None where the last one stays."""
        return self._kept if self._keep and self.best and self.best < self.epochs else None

    def told(self) -> dict[str, Any]:
        """For result.json: epochs trained, the best of them, and whether its network was kept."""
        return {"epochs": self.epochs, "best": self.best, "kept": self._keep, "stopped_early": self.over}

    def restart(self) -> None:
        """Another round begins."""
        self.__init__(self._patience, self._keep)  # type: ignore[misc]

    def state_dict(self) -> dict[str, Any]:
        return {
            "over": self.over,
            "best": self.best,
            "epochs": self.epochs,
            "accuracy": self._accuracy,
            "kept": self._kept,
        }

    def load_state_dict(self, state: State) -> None:
        self.over, self.best, self.epochs = state["over"], state["best"], state["epochs"]
        self._accuracy, self._kept = state["accuracy"], state["kept"]


def copied(state: Any) -> Any:
    """``state``, whose tensors go on changing, as it is now."""
    match state:
        case Tensor():
            return state.detach().clone()
        case dict():
            return {key: copied(value) for key, value in state.items()}
        case list() | tuple():
            return type(state)(copied(value) for value in state)
        case _:
            return state
