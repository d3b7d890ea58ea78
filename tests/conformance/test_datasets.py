"""What every source of data promises."""

import hashlib
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from backend.cancel import Cancel
from backend.datasets import open_data
from backend.datasets._base import Data, Source
from backend.errors import Cancelled, CompressionError
from backend.files import sha256
from backend.recipe import DataSpec
from backend.registry import method, methods

BROUGHT = sorted(id for id, source in methods("dataset").items() if not source.traits()["downloads"])
DOWNLOADED = sorted(id for id, source in methods("dataset").items() if source.traits()["downloads"])
every = pytest.mark.parametrize("id", sorted(methods("dataset")))
brought = pytest.mark.parametrize("id", BROUGHT)
downloaded = pytest.mark.parametrize("id", DOWNLOADED)

CODE = """
import torch
from torch.utils.data import TensorDataset

def make():
    g = torch.Generator().manual_seed(0)
    return (TensorDataset(torch.rand((90, 3, 8, 8), generator=g), torch.arange(90) % 3),
            TensorDataset(torch.rand((30, 3, 8, 8), generator=g), torch.arange(30) % 3))
"""


def source(id: str) -> Source:
    found = method("dataset", id)
    assert isinstance(found, Source)
    return found


def images(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3)).astype(np.uint8)


@pytest.fixture
def spec(id: str, tmp_path: Path) -> DataSpec:
    """What a person would bring for the source: nothing, an .npz, a folder of pictures, or a function."""
    needs = source(id).needs
    given: dict[str, Any] = {}
    if "function" in needs:
        (tmp_path / "my data.py").write_text(CODE)
        given = {"file": str(tmp_path / "my data.py"), "function": "make"}
    elif "root" in needs:
        given = {"root": str(arrays(tmp_path) if id == "arrays" else pictures(tmp_path))}
    return DataSpec(id, batch_size=16, **given)


def arrays(folder: Path) -> Path:
    labels = np.arange(90) % 3
    np.savez(folder / "数据.npz", x_train=images(90, 0), y_train=labels, x_test=images(30, 1), y_test=labels[:30])
    return folder / "数据.npz"


def pictures(folder: Path) -> Path:
    for part, count in (("train", 30), ("test", 10)):
        for seed, name in enumerate(("cat", "dog", "鸟")):
            place = folder / "my pictures" / part / name
            place.mkdir(parents=True)
            for i, pixels in enumerate(images(count, seed * 100 + count)):
                Image.fromarray(pixels).save(place / f"{i}.png")
    return folder / "my pictures"


def opened(spec: DataSpec, folder: Path, *, seed: int = 0, cancel: Cancel | None = None) -> Data:
    allowed = {spec.file: sha256(Path(spec.file))} if spec.file else {}
    return open_data(spec, folder, seed, lambda *_: None, cancel or Cancel(), allowed=allowed)


def prints(data: Data, part: str) -> set[str]:
    """A fingerprint of every image of a part."""
    return {hashlib.sha256(image.numpy().tobytes()).hexdigest() for image in data.parts[part].images}  # type: ignore[index]


@brought
def test_that_the_four_parts_share_no_image(id: str, spec: DataSpec, tmp_path: Path) -> None:
    data = opened(spec, tmp_path)
    parts = {name: prints(data, name) for name in ("train", "validation", "calibration", "test")}
    assert all(parts.values())
    for name, own in parts.items():
        assert not any(own & other for other_name, other in parts.items() if other_name != name)


@brought
def test_that_images_and_labels_belong_together(id: str, spec: DataSpec, tmp_path: Path) -> None:
    data = opened(spec, tmp_path)
    for part in data.parts.values():
        assert len(part.images) == len(part.labels)
        assert tuple(part.images.shape[1:]) == data.input_shape
        assert int(part.labels.min()) >= 0
        assert int(part.labels.max()) < len(data.classes)
    if source(id).input_shape is not None:
        assert data.input_shape == source(id).input_shape


@brought
def test_that_batches_are_normalized_and_complete(id: str, spec: DataSpec, tmp_path: Path) -> None:
    data = opened(spec, tmp_path)
    batches = list(data.batches("validation", 7))
    assert len(batches) == data.count("validation", 7)
    assert torch.equal(torch.cat([labels for _, labels in batches]), data.parts["validation"].labels)
    first = batches[0][0]
    assert first.dtype == torch.float32
    raw = data.parts["validation"].images[:7].float()
    if data.parts["validation"].images.dtype == torch.uint8:
        raw = raw / 255
    mean, std = (torch.tensor(v).view(1, -1, 1, 1) for v in (data.mean, data.std))
    torch.testing.assert_close(first, (raw - mean) / std)


@brought
def test_that_the_seed_decides_how_the_data_is_cut(id: str, spec: DataSpec, tmp_path: Path) -> None:
    first, again, other = (opened(spec, tmp_path, seed=seed) for seed in (1, 1, 2))
    for name in first.parts:
        assert torch.equal(first.parts[name].images, again.parts[name].images)
    assert prints(first, "validation") != prints(other, "validation")


@brought
def test_that_the_resolved_description_opens_the_same_data(id: str, spec: DataSpec, tmp_path: Path) -> None:
    first = opened(spec, tmp_path)
    again = opened(DataSpec.from_data(first.spec.to_data()), tmp_path)
    assert torch.equal(first.parts["train"].images, again.parts["train"].images)
    assert (again.mean, again.std) == (first.mean, first.std)


@brought
def test_that_a_stop_is_heard(id: str, spec: DataSpec, tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.request()
    with pytest.raises(Cancelled):
        opened(spec, tmp_path, cancel=cancel)


@every
def test_that_what_is_needed_and_missing_is_named(id: str, tmp_path: Path) -> None:
    for need in source(id).needs:
        with pytest.raises(CompressionError, match=need):
            opened(DataSpec(id), tmp_path)
        break
    else:
        assert id in DOWNLOADED or source(id).input_shape is not None


@downloaded
def test_that_offline_is_a_sentence_with_what_to_do(id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*args: object, **options: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(urllib.request, "urlopen", offline)
    monkeypatch.setattr("socket.socket.connect", offline)
    with pytest.raises(CompressionError) as caught:
        opened(DataSpec(id, root=str(tmp_path / "not there yet")), tmp_path)
    assert caught.value.hint is not None


@every
def test_that_a_folder_that_holds_nothing_is_a_sentence(
    id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(*args: object, **options: object) -> None:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(urllib.request, "urlopen", offline)
    monkeypatch.setattr("socket.socket.connect", offline)
    if "root" in source(id).needs or source(id).downloads:
        with pytest.raises(CompressionError):
            opened(DataSpec(id, root=str(tmp_path)), tmp_path)
    else:
        assert source(id).needs or source(id).input_shape
