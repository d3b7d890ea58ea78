"""The command line. Its shape is a contract: scripts depend on it (see README)."""

from backend.cli._main import command_line, sample_in_terminal

__all__ = ["command_line", "sample_in_terminal"]
