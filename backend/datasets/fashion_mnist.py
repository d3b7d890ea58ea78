"""Fashion-MNIST: 60,000 training and 10,000 test images of clothing (Xiao, Rasul, Vollgraf 2017)."""

from __future__ import annotations

from backend.datasets._base import Source
from backend.datasets._idx import reader

CLASSES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
    "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip

METHOD = Source(
    id="fashion_mnist",
    label="Fashion-MNIST",
    summary="70,000 pictures of clothing, gray, 28×28, ten classes; the four original files or a download.",
    read=reader("FashionMNIST", 0.2860, 0.3530, CLASSES),
    input_shape=(1, 28, 28),
    downloads=True,
)
