"""Entry point of the engine process. Importing this module is cheap; torch is imported in it."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection

from backend.quiet import quiet_worker


def main(connection: Connection) -> None:
    """Serve requests until the pipe ends. Called in a spawned process.

    Low priority and sleeping (not spinning) idle threads keep the window smooth without giving up a
    core; both must be set before torch is loaded.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if hasattr(os, "nice"):
        os.nice(10)
    quiet_worker()
    from backend.engine.server import serve

    serve(connection)
