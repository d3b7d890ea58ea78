"""MNIST: 60,000 training and 10,000 test images of handwritten digits (LeCun, Cortes, Burges)."""

from __future__ import annotations

from backend.datasets._base import Source
from backend.datasets._idx import reader

METHOD = Source(
    id="mnist",
    label="MNIST",
    summary="70,000 handwritten digits, gray, 28×28, ten classes; the four original files or a download.",
    read=reader("MNIST", 0.1307, 0.3081, tuple("0123456789")),
    input_shape=(1, 28, 28),
    downloads=True,
)
