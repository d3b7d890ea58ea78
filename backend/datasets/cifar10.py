"""CIFAR-10: 50,000 training and 10,000 test images in color (Krizhevsky 2009)."""

from __future__ import annotations

from backend.datasets._base import Source
from backend.datasets._cifar import Layout, reader

METHOD = Source(
    id="cifar10",
    label="CIFAR-10",
    summary="60,000 small color photographs, 32×32, ten classes; the original files, an .npz, or a download.",
    read=reader(
        Layout(
            dataset="CIFAR10",
            binary_train=tuple(f"data_batch_{i}.bin" for i in range(1, 6)),
            binary_test="test_batch.bin",
            python_train=tuple(f"data_batch_{i}" for i in range(1, 6)),
            python_test="test_batch",
            label_key="labels",
            label_bytes=1,
            mean=(0.4914, 0.4822, 0.4465),
            std=(0.2470, 0.2435, 0.2616),
            classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        )
    ),
    input_shape=(3, 32, 32),
    downloads=True,
)
