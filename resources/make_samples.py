"""Makes resources/samples/: the handwritten digits and the networks trained on them.

Run it from the project's root: ``python -m resources.make_samples`` (needs the extra ``samples``).
Half a minute on one core; the same versions give the same files.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import nn

from backend.cancel import Cancel
from backend.datasets import open_data
from backend.evaluation.accuracy import evaluate
from backend.models.gru_digits import GRUDigits
from backend.models.lenet5 import LeNet5
from backend.recipe import DataSpec
from resources.paths import resource

DIGITS = resource("samples/digits.npz")
EPOCHS = 40


def make_digits() -> None:
    """UCI's 1,797 digits as 28×28 images: 8×8 enlarged to 20×20, with a border of 4 as in MNIST."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    small = torch.tensor(bunch.images, dtype=torch.float32).unsqueeze(1) * (255 / 16)
    large = F.interpolate(small, size=(20, 20), mode="bicubic", align_corners=False)
    # The originals have 17 gray levels; 33 keep the file small and show no steps.
    levels = (large / 8).round().mul(8).clamp(0, 255)
    images = F.pad(levels, (4, 4, 4, 4)).to(torch.uint8).permute(0, 2, 3, 1).numpy()
    labels = bunch.target.astype(np.int64)
    test = _stratified_fifth(labels)
    np.savez_compressed(DIGITS, x_train=images[~test], y_train=labels[~test], x_test=images[test], y_test=labels[test])


def train(network: nn.Module, name: str) -> float:
    """Train ``network`` on the train part alone, so that validation and test stay honest for every recipe
    with seed 0; write ``<name>-digits.safetensors`` and return test accuracy in percent."""
    data = open_data(DataSpec(source="digits"), DIGITS.parent, 0, lambda *_: None, Cancel())
    steps = EPOCHS * data.count("train", 64)
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    generator = torch.Generator().manual_seed(0)
    for _ in range(EPOCHS):
        for images, labels in data.batches("train", 64, generator=generator):
            shift = torch.randint(-2, 3, (2,)).tolist()
            loss = F.cross_entropy(network(torch.roll(images, shift, (2, 3))), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    save_file(network.state_dict(), resource(f"samples/{name}-digits.safetensors"))
    return evaluate(network, data, "test").accuracy


def _stratified_fifth(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Every fifth image of each class is for the test."""
    test = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        test[np.flatnonzero(labels == label)[4::5]] = True
    return test


def main() -> None:
    make_digits()
    for network, name in ((LeNet5, "lenet5"), (GRUDigits, "gru")):
        torch.manual_seed(0)
        print(f"{name}: {train(network(), name):.2f} % on the test digits")


if __name__ == "__main__":
    main()
