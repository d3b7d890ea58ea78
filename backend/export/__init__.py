"""Export: one file a format, and how each written file is checked."""

from backend.export._export import export_run

__all__ = ["export_run"]
