"""Data: what each source reads, what is refused, and the four parts that never mix."""

from __future__ import annotations

import dataclasses
import errno
import functools
import gzip
import hashlib
import http.server
import io
import os
import pickle
import struct
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from backend.cancel import Cancel
from backend.datasets import open_data
from backend.datasets._base import Data, Part, PartName
from backend.datasets._batches import augmented
from backend.datasets._cut import cut, stratified
from backend.download import download
from backend.errors import Cancelled, CompressionError, ConsentNeeded
from backend.files import sha256
from backend.recipe import DataSpec

SHARED = Path(__file__).parents[3] / "shared" / "data"
PARTS: tuple[PartName, ...] = ("train", "validation", "calibration", "test")


def quiet(done: float, total: float, text: object) -> None:
    assert 0 <= done <= total


def opened(spec: DataSpec, folder: Path, seed: int = 0, **given: Any) -> Data:
    return open_data(spec, folder, seed, quiet, Cancel(), **given)


def refused(spec: DataSpec, folder: Path, **given: Any) -> CompressionError:
    with pytest.raises(CompressionError) as caught:
        opened(spec, folder, **given)
    assert caught.value.hint is not None and "\n" not in f"{caught.value}{caught.value.hint}"
    return caught.value


def write_npz(path: Path, **arrays: Any) -> Path:
    """40 training and 10 test images of 4×4×3 in two classes, but for what is given (None leaves out)."""
    made = {
        "x_train": np.arange(40 * 48, dtype=np.uint64).reshape(40, 4, 4, 3).astype(np.uint8),
        "y_train": np.arange(40) % 2,
        "x_test": np.full((10, 4, 4, 3), 255, np.uint8),
        "y_test": np.arange(10) % 2,
        **arrays,
    }
    with open(path, "wb") as file:
        np.savez(file, **{key: value for key, value in made.items() if value is not None})
    return path


def arrays(folder: Path, seed: int = 0, **given: Any) -> Data:
    write_npz(folder / "data.npz", **given)
    return opened(DataSpec("arrays", "data.npz"), folder, seed)


def numbered(count: int, classes: int) -> Part:
    """Images that hold their own number."""
    return Part(torch.arange(count).float().view(-1, 1, 1, 1), torch.arange(count) % classes)


@given(
    count=st.integers(10, 400),
    classes=st.integers(1, 12),
    seed=st.integers(0, 5),
    own_test=st.booleans(),
    limit=st.none() | st.integers(1, 50),
)
def test_that_the_parts_never_share_an_image_and_lose_none(
    count: int, classes: int, seed: int, own_test: bool, limit: int | None
) -> None:
    part = numbered(count, classes)
    test = Part(-1 - part.images[:5], part.labels[:5]) if own_test else None
    parts = cut(part, test, seed, limit)
    drawn = torch.cat([parts[name].images.flatten() for name in PARTS])
    assert len(torch.unique(drawn)) == len(drawn)
    assert all(len(p) >= 1 for p in parts.values())
    assert all(torch.equal(p.labels, p.images.flatten().long() % classes) for n, p in parts.items() if n != "test")
    if limit is None:
        assert len(drawn) == count + (5 if own_test else 0)
    else:
        assert max(len(p) for p in parts.values()) <= limit


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.data())
def test_that_a_stratified_draw_gives_each_class_its_share(sizes: list[int], data: st.DataObject) -> None:
    labels = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    count = data.draw(st.integers(len(sizes), sum(sizes)))
    drawn = labels[stratified(labels, count, torch.Generator().manual_seed(0))].bincount(minlength=len(sizes))
    assert int(drawn.sum()) == count
    for size, got in zip(sizes, drawn.tolist(), strict=True):
        assert 1 <= got <= size
        # Nobody gets more than the share rounded up; less only where others are owed their one image.
        assert got <= max(1, -(-size * count // sum(sizes)))


def test_that_validation_is_at_most_a_tenth_and_5000_and_calibration_at_most_512() -> None:
    small, large = cut(numbered(1000, 10), None, 0, None), cut(numbered(70_000, 10), numbered(10, 10), 0, None)
    assert [len(small[name]) for name in PARTS] == [640, 80, 80, 200]
    assert [len(large[name]) for name in PARTS] == [70_000 - 5512, 5000, 512, 10]


def test_that_the_cut_follows_the_seed(tmp_path: Path) -> None:
    one, same, other = (arrays(tmp_path, seed) for seed in (1, 1, 2))
    assert torch.equal(one.parts["validation"].images, same.parts["validation"].images)
    assert not torch.equal(one.parts["validation"].images, other.parts["validation"].images)


def test_that_the_bundled_digits_are_complete_and_their_test_is_fixed(tmp_path: Path) -> None:
    one, other = (opened(DataSpec(), tmp_path, seed) for seed in (0, 1))
    assert sum(len(part) for part in one.parts.values()) == 1797
    assert one.input_shape == (1, 28, 28) and one.classes == tuple("0123456789")
    assert torch.equal(one.parts["test"].images, other.parts["test"].images)
    assert (one.parts["validation"].labels.bincount() >= 10).all()
    assert one.spec.mean == one.mean and one.spec.std == one.std


def test_that_a_limit_thins_every_part_with_all_classes_kept(tmp_path: Path) -> None:
    data = opened(DataSpec(limit=20), tmp_path)
    assert [len(data.parts[name]) for name in PARTS] == [20, 20, 20, 20]
    assert all((part.labels.bincount(minlength=10) == 2).all() for part in data.parts.values())


def test_that_batches_are_normalized_as_defined(tmp_path: Path) -> None:
    write_npz(tmp_path / "d.npz")
    data = opened(DataSpec("arrays", "d.npz", mean=(0.1, 0.2, 0.3), std=(0.5, 0.6, 0.7)), tmp_path)
    images, labels = next(data.batches("train", 7))
    part = data.parts["train"]
    for channel, (mean, std) in enumerate(zip(data.mean, data.std, strict=True)):
        expected = (part.images[:7, channel].double() / 255 - mean) / std
        torch.testing.assert_close(images[:, channel].double(), expected, rtol=0, atol=1e-6)
    assert torch.equal(labels, part.labels[:7])


def test_that_a_shuffled_epoch_gives_every_image_once_in_an_order_of_the_generator(tmp_path: Path) -> None:
    data = opened(DataSpec(), tmp_path)

    def epoch(seed: int | None) -> Tensor:
        generator = None if seed is None else torch.Generator().manual_seed(seed)
        return torch.cat([labels for _, labels in data.batches("train", 100, generator=generator)])

    assert len(list(data.batches("train", 100))) == data.count("train", 100) == 12
    assert torch.equal(epoch(None), data.parts["train"].labels)
    assert torch.equal(epoch(1), epoch(1)) and not torch.equal(epoch(1), epoch(2))
    assert torch.equal(epoch(1).bincount(), data.parts["train"].labels.bincount())


def test_that_writing_into_a_batch_leaves_the_data_as_it_is(tmp_path: Path) -> None:
    data = opened(DataSpec(), tmp_path)
    images, labels = next(data.batches("test"))
    before = images.clone(), labels.clone()
    images.zero_()
    labels.zero_()
    again = next(data.batches("test"))
    assert torch.equal(again[0], before[0]) and torch.equal(again[1], before[1])


def test_that_large_data_is_normalized_batch_by_batch_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, fresh = opened(DataSpec(), tmp_path), opened(DataSpec(), tmp_path)
    one = [x for x, _ in kept.batches("test", 50)]
    monkeypatch.setattr("backend.datasets._batches.KEPT_BYTES", 0)
    other = [x for x, _ in fresh.batches("test", 50)]
    assert kept.ready and not fresh.ready
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_that_a_changed_copy_of_the_data_does_not_use_the_images_kept_for_the_first(tmp_path: Path) -> None:
    data = opened(DataSpec(), tmp_path)
    first = next(data.batches("test"))[0]
    changed = next(dataclasses.replace(data, mean=(0.0,), std=(1.0,)).batches("test"))[0]
    torch.testing.assert_close(changed, first * data.std[0] + data.mean[0])


def test_that_batches_survive_a_view_after_a_convolution(tmp_path: Path) -> None:
    """One channel with channels-last strides would make ``x.view`` after a convolution fail."""
    data = arrays(tmp_path, x_train=np.zeros((40, 4, 4, 1), np.uint8), x_test=np.zeros((10, 4, 4, 1), np.uint8))
    images, _ = next(data.batches("train"))
    out = torch.nn.Conv2d(1, 2, 3)(images)
    assert out.view(out.size(0), -1).shape == (32, 8)


def test_that_augmented_color_images_are_crops_of_the_padded_image_or_of_its_mirror() -> None:
    image = torch.randn(1, 3, 6, 6)
    black = torch.tensor([-1.0, -2.0, -3.0]).view(1, 3, 1, 1)
    padded = black.expand(1, 3, 14, 14).clone()
    padded[:, :, 4:10, 4:10] = image
    windows = [padded[0, :, y : y + 6, x : x + 6] for y in range(9) for x in range(9)]
    possible = torch.stack([*windows, *(window.flip(2) for window in windows)])
    made = augmented(image.expand(64, 3, 6, 6), black, torch.Generator().manual_seed(0))
    errors = (made[:, None] - possible[None]).abs().amax((2, 3, 4))
    assert (errors.amin(1) < 1e-5).all()
    assert len(torch.unique(errors.argmin(1))) > 20


def test_that_augmented_gray_images_are_shifted_a_little_and_never_mirrored() -> None:
    image = torch.rand(1, 1, 8, 8)
    made = augmented(image.expand(64, 1, 8, 8), torch.zeros(1, 1, 1, 1), torch.Generator().manual_seed(0))
    padded = torch.nn.functional.pad(image, (2, 2, 2, 2))[0]
    possible = torch.stack([padded[:, y : y + 8, x : x + 8] for y in range(5) for x in range(5)])
    assert ((made[:, None] - possible[None]).abs().amax((2, 3, 4)).amin(1) < 1e-6).all()


def test_that_only_shuffled_training_batches_are_augmented(tmp_path: Path) -> None:
    plain, moved = opened(DataSpec(), tmp_path), opened(DataSpec(augment=True), tmp_path)

    def first(data: Data, part: PartName) -> Tensor:
        return next(data.batches(part, generator=torch.Generator().manual_seed(0)))[0]

    assert torch.equal(first(plain, "test"), first(moved, "test"))
    assert not torch.equal(first(plain, "train"), first(moved, "train"))
    assert torch.equal(first(moved, "train"), first(moved, "train"))
    assert torch.equal(next(plain.batches("train"))[0], next(moved.batches("train"))[0])


def test_that_arrays_are_read_with_channels_first_and_their_own_mean_and_std(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (40, 4, 5, 3), np.uint8)
    data = arrays(tmp_path, x_train=pixels, x_test=pixels[:10], classes=np.array(["cat", "dog"]))
    values = pixels.astype(np.float64) / 255
    assert data.input_shape == (3, 4, 5) and data.classes == ("cat", "dog")
    np.testing.assert_allclose(data.mean, values.mean((0, 1, 2)), atol=1e-4)
    np.testing.assert_allclose(data.std, values.std((0, 1, 2)), atol=1e-4)
    assert torch.equal(data.parts["test"].images, torch.tensor(pixels[:10]).permute(0, 3, 1, 2))


@pytest.mark.parametrize(
    ("pixels", "shape"),
    [
        (np.zeros((40, 4, 5), np.uint8), (1, 4, 5)),
        (np.zeros((40, 3, 4, 5), np.uint8), (3, 4, 5)),
        (np.zeros((40, 4, 5, 3), np.float64), (3, 4, 5)),
        (np.zeros((40, 3, 4, 5), np.float32), (3, 4, 5)),
        (np.zeros((40, 7), np.float32), (7,)),
        (np.zeros((40, 4, 5, 1), np.int64), (1, 4, 5)),
        (np.zeros((40, 4, 5, 1), bool), (1, 4, 5)),
    ],
)
def test_that_the_usual_layouts_of_arrays_are_understood(
    pixels: np.ndarray[Any, Any], shape: tuple[int, ...], tmp_path: Path
) -> None:
    data = arrays(tmp_path, x_train=pixels, x_test=pixels[:10])
    assert data.input_shape == shape
    assert next(data.batches("train"))[0].dtype == torch.float32


def test_that_float_arrays_stay_as_they_are(tmp_path: Path) -> None:
    values = np.linspace(-3, 3, 40 * 12, dtype=np.float32).reshape(40, 3, 2, 2)
    data = arrays(tmp_path, x_train=values, x_test=values[:10])
    torch.testing.assert_close(next(data.batches("test", 10))[0], torch.tensor(values[:10]))


@pytest.mark.parametrize(
    "labels", [np.arange(40)[:, None] % 2, np.eye(2)[np.arange(40) % 2], (np.arange(40) % 2).astype(np.float64)]
)
def test_that_columns_one_hot_rows_and_whole_floats_are_labels(labels: np.ndarray[Any, Any], tmp_path: Path) -> None:
    data = arrays(tmp_path, y_train=labels)
    assert data.classes == ("0", "1")
    assert data.parts["train"].labels.dtype == torch.int64


NAN = np.zeros((40, 3, 4, 4), np.float32)
NAN[3, 0, 0, 0] = np.nan
BAD_ARRAYS: dict[str, dict[str, Any]] = {
    "lacks x_test, y_test; it holds x_train, y_train": {"x_test": None, "y_test": None},
    "a label -1": {"y_train": np.arange(40) % 2 - 1},
    "a label 2, but labels must go from 0 to 1": {"y_test": np.arange(10) % 3, "classes": np.array(["a", "b"])},
    "40 images and 39 labels": {"y_train": np.arange(39) % 2},
    "Training images are 3×4×4 and test images 3×5×5": {"x_test": np.zeros((10, 5, 5, 3), np.uint8)},
    "not numbers (NaN or infinity), in 1 rows": {"x_train": NAN, "x_test": NAN[:2], "y_test": np.arange(2)},
    "labels of the part train are not class numbers": {"y_train": np.linspace(0, 1, 40)},
    "labels are of the type <U1": {"y_train": np.array(["a"] * 40)},
    "images are of the type <U1": {"x_train": np.array(["a"] * 40)},
    "whole numbers from 0 to 300": {"x_train": np.full((40, 4, 4, 3), 300) * (np.arange(40) > 3)[:, None, None, None]},
    "part test of the data is empty": {"x_test": np.zeros((0, 4, 4, 3), np.uint8), "y_test": np.zeros(0, int)},
    "single numbers instead of images": {"x_train": np.zeros(40, np.uint8), "x_test": np.zeros(10, np.uint8)},
    "pickled objects": {"x_train": np.array([{}] * 40, dtype=object)},
    "too few to cut validation off": {"x_train": np.zeros((4, 4, 4, 3), np.uint8), "y_train": np.arange(4) % 2},
}


@pytest.mark.parametrize("says", BAD_ARRAYS)
def test_that_arrays_that_make_no_sense_are_refused_in_one_sentence(says: str, tmp_path: Path) -> None:
    folder = tmp_path / "数据 with spaces"
    folder.mkdir()
    write_npz(folder / "数据.npz", **BAD_ARRAYS[says])
    assert says in str(refused(DataSpec("arrays", "数据.npz"), folder))


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04cut"])
def test_that_a_file_that_is_no_archive_is_a_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "data.npz").write_bytes(content)
    assert "can't be read as an archive" in str(refused(DataSpec("arrays", "data.npz"), tmp_path))


def test_that_a_single_array_is_named_as_such(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((4, 4)))
    assert "single array" in str(refused(DataSpec("arrays", "x.npy"), tmp_path))


def test_that_missing_settings_and_files_are_sentences(tmp_path: Path) -> None:
    assert "needs root" in str(refused(DataSpec("arrays"), tmp_path))
    assert "There is no" in str(refused(DataSpec("arrays", "nowhere.npz"), tmp_path))
    assert "digits" in str(refused(DataSpec("digts"), tmp_path).hint)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"mean": (0.5, 0.5)}, "mean has 2 values, but the images have 1 channels"),
        ({"std": (0.1, 0.1, 0.1)}, "std has 3 values"),
        ({"std": (0.0,)}, "std can't be 0"),
    ],
)
def test_that_a_normalization_that_does_not_fit_is_refused(given: dict[str, Any], says: str, tmp_path: Path) -> None:
    assert says in str(refused(DataSpec(**given), tmp_path))


def test_that_a_single_class_is_noted(tmp_path: Path) -> None:
    data = arrays(tmp_path, y_train=np.zeros(40, int), y_test=np.zeros(10, int))
    assert any("one class" in str(note) for note in data.notes)


def test_that_classes_without_training_images_are_noted(tmp_path: Path) -> None:
    data = arrays(tmp_path, classes=np.array(["a", "b", "c"]))
    assert any(note.values == {"count": 1, "classes": 3} for note in data.notes)


def idx(values: np.ndarray[Any, Any]) -> bytes:
    return b"\0\0\x08" + bytes([values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()


def write_mnist(folder: Path, packed: bool = True) -> None:
    """30 training and 10 test images in the original files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, count in (("train", 30), ("t10k", 10)):
        pixels = (np.arange(count * 784) % 251).astype(np.uint8).reshape(count, 28, 28)
        labels = (np.arange(count) % 10).astype(np.uint8)
        for file, content in ((f"{name}-images-idx3-ubyte", pixels), (f"{name}-labels-idx1-ubyte", labels)):
            if packed:
                (folder / f"{file}.gz").write_bytes(gzip.compress(idx(content)))
            else:
                (folder / file).write_bytes(idx(content))


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("below", ["", "MNIST/raw", "raw"])
def test_that_mnist_is_found_in_a_folder_and_in_torchvisions_layout(packed: bool, below: str, tmp_path: Path) -> None:
    write_mnist(tmp_path / "手写" / below, packed)
    data = opened(DataSpec("mnist", "手写"), tmp_path)
    assert data.input_shape == (1, 28, 28) and data.mean == (0.1307,)
    assert data.parts["test"].images[3, 0].flatten().tolist() == [(3 * 784 + i) % 251 for i in range(784)]
    assert data.spec.root == str((tmp_path / "手写").resolve())


def test_that_fashion_mnist_may_be_named_by_one_of_its_files(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    data = opened(DataSpec("fashion_mnist", "train-images-idx3-ubyte.gz"), tmp_path)
    assert data.classes[9] == "Ankle boot"


def test_that_incomplete_or_damaged_mnist_is_a_sentence(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    spec = DataSpec("mnist", ".")
    labels = tmp_path / "t10k-labels-idx1-ubyte.gz"
    content = labels.read_bytes()
    for damaged, says in (
        (content[:20], "cut off or damaged"),
        (gzip.compress(b"\0\0\x08"), "does not begin like an idx file"),
        (gzip.compress(idx(np.zeros(10, np.uint8))[:-2]), "cut off or damaged"),
        (b"no gzip", "cut off or damaged"),
        (gzip.compress(idx(np.zeros((3, 2, 2), np.uint8))), "do not hold images and their labels"),
        (gzip.compress(idx(np.zeros(9, np.uint8))), "10 images and 9 labels"),
        (gzip.compress(idx(np.full(10, 12, np.uint8))), "a label 12"),
    ):
        labels.write_bytes(damaged)
        assert says in str(refused(spec, tmp_path))
    labels.unlink()
    assert "t10k-labels" in str(refused(spec, tmp_path))
    (tmp_path / "empty").mkdir()
    assert "is empty" in str(refused(DataSpec("mnist", "empty"), tmp_path))


def cifar_rows(count: int, first: int, label_bytes: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    pixels = np.random.default_rng(first).integers(0, 256, (count, 3072), np.uint8)
    labels = np.zeros((count, label_bytes), np.uint8)
    labels[:, -1] = np.arange(count) % 10
    return labels, pixels


def write_cifar(folder: Path, layout: str, hundred: bool = False) -> dict[str, tuple[Any, Any]]:
    folder.mkdir(parents=True, exist_ok=True)
    names = ["train", "test"] if hundred else [*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]
    written = {}
    for i, name in enumerate(names):
        labels, pixels = cifar_rows(20, i, 2 if hundred else 1)
        written[name] = (labels[:, -1], pixels)
        if layout == "binary":
            (folder / f"{name}.bin").write_bytes(np.concatenate([labels, pixels], 1).tobytes())
        else:
            key = "fine_labels" if hundred else "labels"
            batch = {"data": pixels, key: labels[:, -1].tolist(), "filenames": ["a.png"] * 20}
            (folder / name).write_bytes(pickle.dumps(batch, protocol=2))
    return written


@pytest.mark.parametrize("layout", ["binary", "python"])
@pytest.mark.parametrize("hundred", [False, True])
def test_that_cifar_is_read_from_its_original_files(layout: str, hundred: bool, tmp_path: Path) -> None:
    written = write_cifar(tmp_path / "cifar-original", layout, hundred)
    data = opened(DataSpec("cifar100" if hundred else "cifar10", str(tmp_path)), tmp_path)
    labels, pixels = written["test" if hundred else "test_batch"]
    assert torch.equal(data.parts["test"].images, torch.tensor(pixels).view(-1, 3, 32, 32))
    assert data.parts["test"].labels.tolist() == labels.tolist()
    assert len(data.classes) == (100 if hundred else 10) and len(set(data.classes)) == len(data.classes)


def test_that_cifar_is_read_from_its_archive(tmp_path: Path) -> None:
    write_cifar(tmp_path / "cifar-10-batches-py", "python")
    with tarfile.open(tmp_path / "cifar-10-python.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "cifar-10-batches-py", "cifar-10-batches-py")
    data = opened(DataSpec("cifar10", "cifar-10-python.tar.gz"), tmp_path)
    assert sum(len(part) for part in data.parts.values()) == 120


def test_that_a_payload_in_a_cifar_batch_is_never_run(tmp_path: Path) -> None:
    class Payload:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.system, (f"touch '{tmp_path / 'ran'}'",)

    write_cifar(tmp_path, "python")
    (tmp_path / "data_batch_3").write_bytes(pickle.dumps({"data": Payload()}))
    assert "system" in str(refused(DataSpec("cifar10", "."), tmp_path))
    assert not (tmp_path / "ran").exists()


def test_that_incomplete_or_damaged_cifar_is_a_sentence(tmp_path: Path) -> None:
    write_cifar(tmp_path / "b", "binary")
    (tmp_path / "b" / "data_batch_4.bin").write_bytes(b"\0" * 3000)
    assert "data_batch_4.bin is cut off" in str(refused(DataSpec("cifar10", "b"), tmp_path))
    (tmp_path / "b" / "data_batch_4.bin").unlink()
    assert "data_batch_4.bin" in str(refused(DataSpec("cifar10", "b"), tmp_path))
    write_cifar(tmp_path / "p", "python")
    (tmp_path / "p" / "test_batch").write_bytes(b"\x80\x02cut")
    assert "test_batch is cut off" in str(refused(DataSpec("cifar10", "p"), tmp_path))
    (tmp_path / "x.tar.gz").write_bytes(b"\x1f\x8b cut")
    assert "x.tar.gz is cut off" in str(refused(DataSpec("cifar10", "x.tar.gz"), tmp_path))
    (tmp_path / "nothing").mkdir()
    assert "is empty" in str(refused(DataSpec("cifar10", "nothing"), tmp_path))


def test_that_cifar_may_be_given_as_arrays_with_its_own_normalization(tmp_path: Path) -> None:
    write_npz(tmp_path / "c.npz")
    data = opened(DataSpec("cifar10", "c.npz"), tmp_path)
    assert data.mean == (0.4914, 0.4822, 0.4465) and data.classes[3] == "cat"


def write_pictures(folder: Path, size: tuple[int, int] = (12, 10), count: int = 12, mode: str = "RGB") -> None:
    """``count`` pictures in each of two classes; the value of the pixels is the number of the class."""
    for label, name in enumerate(("猫 cats", "dogs")):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for i in range(count):
            color = (50 * (label + 1),) * 3 if mode == "RGB" else 50 * (label + 1)
            Image.new(mode, size, color).save(folder / name / f"{i}.png")


def test_that_a_folder_of_pictures_is_read_by_class(tmp_path: Path) -> None:
    write_pictures(tmp_path / "train")
    write_pictures(tmp_path / "val", count=3)
    data = opened(DataSpec("image_folder", "."), tmp_path)
    test = data.parts["test"]
    assert data.classes == ("dogs", "猫 cats") and len(test) == 6
    assert data.input_shape == (3, 10, 12)
    assert torch.equal(test.images.flatten(1)[:, 0].long(), torch.where(test.labels == 0, 100, 50))


def test_that_pictures_without_a_test_folder_are_split_and_it_is_said(tmp_path: Path) -> None:
    write_pictures(tmp_path, mode="L")
    data = opened(DataSpec("image_folder", "."), tmp_path, seed=4)
    assert len(data.parts["test"]) == 4 and data.input_shape == (1, 10, 12)
    assert any(note.values == {"seed": 4} for note in data.notes)


def test_that_pictures_of_different_sizes_are_made_equal_and_it_is_said(tmp_path: Path) -> None:
    write_pictures(tmp_path)
    Image.new("RGB", (40, 30), (9, 9, 9)).save(tmp_path / "dogs" / "large.jpg")
    data = opened(DataSpec("image_folder", "."), tmp_path)
    assert data.input_shape == (3, 10, 10)
    assert any(note.values == {"side": 10} for note in data.notes)


def test_that_sixteen_bit_pictures_are_scaled_and_not_cut_off(tmp_path: Path) -> None:
    for name, value in (("a", 0), ("b", 32896)):
        (tmp_path / name).mkdir()
        for i in range(8):
            Image.fromarray(np.full((8, 8), value, np.uint16)).save(tmp_path / name / f"{i}.png")
    data = opened(DataSpec("image_folder", "."), tmp_path)
    assert set(torch.unique(data.parts["train"].images).tolist()) == {0, 128}


def test_that_only_what_a_limit_needs_is_read(tmp_path: Path) -> None:
    write_pictures(tmp_path, count=30)
    (tmp_path / "dogs" / "9999.png").write_bytes(b"would fail")
    data = opened(DataSpec("image_folder", ".", limit=2), tmp_path)
    assert [len(data.parts[name]) for name in PARTS] == [2, 2, 2, 2]


def test_that_folders_that_make_no_sense_are_refused_in_one_sentence(tmp_path: Path) -> None:
    spec = DataSpec("image_folder", ".")
    assert "is empty" in str(refused(spec, tmp_path))
    (tmp_path / "a.png").write_bytes(b"x")
    assert "no classes" in str(refused(spec, tmp_path))
    assert "is a file" in str(refused(DataSpec("image_folder", "a.png"), tmp_path))
    (tmp_path / "cats").mkdir()
    assert "hold no pictures" in str(refused(spec, tmp_path))
    (tmp_path / "cats" / "b.png").write_bytes(b"no picture")
    assert "b.png can't be read" in str(refused(spec, tmp_path))
    (tmp_path / "test").mkdir()
    assert "no folder train" in str(refused(spec, tmp_path))
    write_pictures(tmp_path / "train")
    (tmp_path / "test" / "birds").mkdir()
    assert "birds" in str(refused(spec, tmp_path))


PYTHON = """
import numpy as np, torch
from PIL import Image

class Squares(torch.utils.data.Dataset):
    classes = ["dark", "light"]
    def __len__(self): return 30
    def __getitem__(self, i): return torch.full((1, 4, 4), float(i % 2)), i % 2

class Uneven(Squares):
    def __getitem__(self, i): return torch.zeros(1, 4, 4 + i % 2), 0

class Pictures(Squares):
    def __getitem__(self, i): return Image.new("RGB", (5, 4), (i, i, i)), i % 2

class Fails(Squares):
    def __getitem__(self, i): return 1 / 0

def squares(): return Squares(), Squares()
def tensors(): return (torch.zeros(30, 3, 4, 4), torch.arange(30) % 3), (np.zeros((9, 3, 4, 4)), np.arange(9) % 3)
def pictures(): return Pictures(), Pictures()
def regression():
    x = torch.linspace(-1, 1, 40).view(-1, 1, 1, 1)
    def closeness(outputs, targets): return -float((outputs - targets).abs().mean())
    return torch.utils.data.TensorDataset(x, x.flatten()), torch.utils.data.TensorDataset(x, x.flatten()), closeness
def uneven(): return Uneven(), Uneven()
def nothing(): return None
def numbers(): return 1, 2
def fails(): return Fails(), Fails()
"""


def python(folder: Path, function: str) -> tuple[DataSpec, dict[str, str]]:
    file = (folder / "my data.py").resolve()
    file.write_text(PYTHON, encoding="utf-8")
    return DataSpec("python", file=file.name, function=function), {str(file): sha256(file)}


def test_that_a_function_runs_only_with_consent(tmp_path: Path) -> None:
    spec, allowed = python(tmp_path, "squares")
    with pytest.raises(ConsentNeeded):
        opened(spec, tmp_path)
    with pytest.raises(ConsentNeeded):
        opened(spec, tmp_path, allowed={file: "0" * 64 for file in allowed})
    assert opened(spec, tmp_path, allowed=allowed).classes == ("dark", "light")


def test_that_a_function_may_return_tensors_arrays_or_pictures(tmp_path: Path) -> None:
    spec, allowed = python(tmp_path, "tensors")
    assert opened(spec, tmp_path, allowed=allowed).classes == ("0", "1", "2")
    spec, allowed = python(tmp_path, "pictures")
    data = opened(spec, tmp_path, allowed=allowed)
    assert data.input_shape == (3, 4, 5) and data.parts["test"].images.dtype == torch.uint8


def test_that_a_metric_of_ones_own_comes_with_float_targets(tmp_path: Path) -> None:
    spec, allowed = python(tmp_path, "regression")
    data = opened(spec, tmp_path, allowed=allowed)
    outputs, targets = next(data.batches("test", 40))
    assert data.metric is not None and data.classes == ()
    assert data.metric(outputs.flatten(), targets) == pytest.approx(0, abs=1e-6)
    assert sum(len(data.parts[name]) for name in PARTS) == 80


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("uneven", "different shapes"),
        ("nothing", "did not return two data sets"),
        ("numbers", "an object of type int"),
        ("fails", "failed on line 17: ZeroDivisionError"),
        ("sqares", "no function called sqares"),
    ],
)
def test_that_a_function_that_goes_wrong_is_one_sentence(function: str, says: str, tmp_path: Path) -> None:
    spec, allowed = python(tmp_path, function)
    assert says in str(refused(spec, tmp_path, allowed=allowed))


def test_that_a_file_that_may_not_be_read_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    write_mnist(tmp_path)
    monkeypatch.setattr(Path, "iterdir", locked)
    error = refused(DataSpec("image_folder", "."), tmp_path)
    assert "Permission denied" in str(error) and str(tmp_path) in str(error)
    assert "File name too long" in str(refused(DataSpec("mnist", "a" * 5000), tmp_path))


def test_that_reading_can_be_stopped(tmp_path: Path) -> None:
    write_pictures(tmp_path)
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        open_data(DataSpec("image_folder", "."), tmp_path, 0, quiet, cancel)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server on this machine, and the folder it serves."""
    served = tmp_path / "served"
    served.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(served))) as it:
        thread = threading.Thread(target=it.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{it.server_port}/", served
        it.shutdown()
        thread.join()


def test_that_a_download_is_whole_checked_and_reported(server: tuple[str, Path], tmp_path: Path) -> None:
    address, served = server
    content = bytes(range(256)) * 3000
    (served / "file.gz").write_bytes(content)
    seen: list[tuple[float, float]] = []
    target = tmp_path / "put here" / "file.gz"
    download(
        ["http://127.0.0.1:9/file.gz", f"{address}file.gz"],
        target,
        md5=hashlib.md5(content).hexdigest(),
        progress=lambda done, total, text: seen.append((done, total)),
    )
    assert target.read_bytes() == content
    assert seen[-1] == (len(content), len(content)) and len(seen) > 1


def test_that_a_wrong_checksum_no_connection_and_a_stop_leave_nothing_behind(
    server: tuple[str, Path], tmp_path: Path
) -> None:
    address, served = server
    (served / "file.gz").write_bytes(b"something else")
    target = tmp_path / "put here" / "file.gz"
    with pytest.raises(CompressionError, match="checksum"):
        download([f"{address}file.gz"], target, md5="0" * 32)
    for urls in (["http://127.0.0.1:9/file.gz"], [f"{address}missing.gz"]):
        with pytest.raises(CompressionError, match="no connection"):
            download(urls, target)
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        download([f"{address}file.gz"], target, cancel=cancel)
    assert not list(target.parent.iterdir())


def test_that_mnist_is_downloaded_once_when_no_folder_is_named(
    server: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.models._torchvision import torchvision

    address, served = server
    write_mnist(served)
    kind = torchvision().datasets.MNIST
    resources = [(p.name, hashlib.md5(p.read_bytes()).hexdigest()) for p in sorted(served.iterdir())]
    monkeypatch.setattr(kind, "resources", resources)
    monkeypatch.setattr(kind, "mirrors", [address])
    monkeypatch.setattr("backend.datasets._idx.cache", lambda: tmp_path / "cache")
    first = opened(DataSpec("mnist"), tmp_path)
    monkeypatch.setattr(kind, "mirrors", ["http://127.0.0.1:9/"])
    again = opened(DataSpec("mnist"), tmp_path)
    assert first.spec.root is None
    assert torch.equal(first.parts["test"].images, again.parts["test"].images)


def test_that_cifar_is_downloaded_and_read_from_its_archive(
    server: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.models._torchvision import torchvision

    address, served = server
    write_cifar(tmp_path / "py", "python")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.add(tmp_path / "py", "cifar-10-batches-py")
    (served / "cifar.tar.gz").write_bytes(buffer.getvalue())
    kind = torchvision().datasets.CIFAR10
    monkeypatch.setattr(kind, "url", f"{address}cifar.tar.gz")
    monkeypatch.setattr(kind, "tgz_md5", hashlib.md5(buffer.getvalue()).hexdigest())
    monkeypatch.setattr("backend.datasets._cifar.cache", lambda: tmp_path / "cache")
    assert sum(len(p) for p in opened(DataSpec("cifar10"), tmp_path).parts.values()) == 120


if SHARED.is_dir():

    @pytest.mark.real_data
    def test_that_the_real_mnist_is_read() -> None:
        data = opened(DataSpec("mnist", str(SHARED / "mnist")), Path.cwd())
        assert [len(data.parts[name]) for name in PARTS] == [54_488, 5000, 512, 10_000]
        assert data.parts["test"].labels[:5].tolist() == [7, 2, 1, 0, 4]

    @pytest.mark.real_data
    def test_that_the_real_cifar_arrays_are_read() -> None:
        data = opened(DataSpec("cifar10", str(SHARED / "cifar10_20k.npz"), limit=100), Path.cwd())
        assert [len(data.parts[name]) for name in PARTS] == [100, 100, 100, 100]
        assert data.input_shape == (3, 32, 32)
