"""Data: one file a source."""

from backend.datasets._open import open_data

__all__ = ["open_data"]
