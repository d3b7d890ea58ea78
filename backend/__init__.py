"""The engine of Pare: everything that computes. Nothing in here imports Qt."""

__version__ = "0.1.0"

FORMAT = 1
"""Version of the recipe, of result.json, of events and of checkpoints (their key ``pare``)."""
