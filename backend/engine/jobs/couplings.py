"""Which layers lose channels together."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

from backend.answers import Coupled, Coupling
from backend.cancel import Cancel
from backend.engine.jobs._opened import opened
from backend.engine.protocol import Couplings
from backend.errors import Cancelled, CompressionError, Message, msg
from backend.events import Answer, Emit
from backend.network import Network, twin
from backend.recipe import ModelSpec
from backend.removal import analyze

SECONDS = 5.0
"""A person waits for other answers too."""


def couplings(request: Couplings, emit: Emit, cancel: Cancel) -> None:
    """Answer with Coupled, of the network that ``request.model`` names."""
    network = opened(ModelSpec.from_data(request.model), Path(request.folder), request.allowed)
    emit(Answer(found(network, cancel).to_data()))


def found(network: Network, cancel: Cancel, seconds: float = SECONDS) -> Coupled:
    """The groups of several layers; none, and the reason, where channels can't be followed within ``seconds``."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        cancel.request()

    timer = threading.Timer(seconds, give_up)
    timer.start()
    try:
        # a copy: its hooks would be in the way of a job that copies the network meanwhile
        groups = analyze(dataclasses.replace(network, module=twin(network.module)), cancel).groups
    except Cancelled:
        if not late.is_set():
            raise
        return Coupled(why_not=msg("Finding out which channels go together takes too long for this network"))
    except CompressionError as error:
        return Coupled(why_not=error.message)
    except Exception as error:  # a person's own forward may raise anything
        return Coupled(why_not=_raised(error))
    finally:
        timer.cancel()
    return Coupled([Coupling(group.layers, group.reasons) for group in groups if len(group.layers) > 1])


def _raised(error: Exception) -> Message:
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return msg("The network could not be followed on one input ({error})", error=first)
