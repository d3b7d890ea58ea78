"""Pare: no arguments, or a file: the window; run, inspect, methods, … (cli/): the command line."""

from __future__ import annotations

import multiprocessing
import os
import sys

from backend.quiet import quiet_libraries


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def is_file(arguments: list[str]) -> bool:
    """Whether a file alone was named, as a desktop does that opens one with Pare."""
    return len(arguments) == 1 and os.path.isfile(arguments[0])


def main(arguments: list[str]) -> int:
    """Run Pare and return its exit code: 0 done, 2 the user can repair it, 130 cancelled, 1 a defect.

    Idle OpenMP threads sleep instead of spinning: beside other work that is twenty times faster, and it
    must be said before torch is loaded.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if has_display() and (not arguments or is_file(arguments)):
        from gui.app import run_window

        return run_window(arguments)
    if arguments == ["selftest"]:
        from backend.selftest import selftest
        from gui.selftest import CHECKS

        return selftest(CHECKS)
    from backend.cli import command_line, sample_in_terminal

    return command_line(arguments) if arguments else sample_in_terminal()


if __name__ == "__main__":
    multiprocessing.freeze_support()
    quiet_libraries()
    sys.exit(main(sys.argv[1:]))
