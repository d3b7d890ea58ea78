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
from torch import Tensor, nn

from backend.models.gru_digits import GRUDigits
from backend.models.lenet5 import LeNet5
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
    """Train ``network`` on the digits, write ``<name>-digits.safetensors`` and return test accuracy in percent."""
    with np.load(DIGITS) as file:
        images, labels = _tensors(file["x_train"], file["y_train"])
        test_images, test_labels = _tensors(file["x_test"], file["y_test"])
    mean, std = images.mean(), images.std()
    images, test_images = (images - mean) / std, (test_images - mean) / std
    steps = EPOCHS * -(-len(images) // 64)
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps)
    for _ in range(EPOCHS):
        for index in torch.randperm(len(images)).split(64):
            shift = torch.randint(-2, 3, (2,)).tolist()
            loss = F.cross_entropy(network(torch.roll(images[index], shift, (2, 3))), labels[index])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    network.eval()
    with torch.no_grad():
        accuracy: float = 100 * (network(test_images).argmax(1) == test_labels).float().mean().item()
    save_file(network.state_dict(), resource(f"samples/{name}-digits.safetensors"))
    return accuracy


def _stratified_fifth(labels: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Every fifth image of each class is for the test."""
    test = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        test[np.flatnonzero(labels == label)[4::5]] = True
    return test


def _tensors(images: NDArray[np.uint8], labels: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
    return torch.tensor(images).squeeze(3).unsqueeze(1) / 255, torch.tensor(labels)


def main() -> None:
    make_digits()
    for network, name in ((LeNet5, "lenet5"), (GRUDigits, "gru")):
        torch.manual_seed(0)
        print(f"{name}: {train(network(), name):.2f} % on the test digits")


if __name__ == "__main__":
    main()
