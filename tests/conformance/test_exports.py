"""What every export format promises."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from backend.errors import CompressionError, Message
from backend.export._base import ExportFormat
from backend.models import open_network
from backend.network import Network
from backend.recipe import ModelSpec
from backend.registry import method, methods

formats = pytest.mark.parametrize("id", sorted(methods("export")))


@pytest.fixture
def bundled() -> Network:
    """A network that can be opened again from its checkpoint alone."""
    torch.manual_seed(0)
    return open_network(ModelSpec("bundled", "lenet5"), Path())


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow over 4,096 bytes: what a full disk looks like to a program."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def export_format(id: str) -> ExportFormat:
    found = method("export", id)
    assert isinstance(found, ExportFormat)
    return found


def written(id: str, network: Network, folder: Path) -> Callable[[Tensor], Tensor]:
    """Write ``network`` into a folder with a name from real life, and load the file."""
    found = export_format(id)
    assert found.applies(network) is None
    checkpoint, file = folder / "checkpoint", folder / "导出 one" / f"net{found.suffix}"
    network.save(checkpoint)
    file.parent.mkdir()
    digest = found.write(network, file)
    assert [f.name for f in file.parent.iterdir()] == [file.name], "nothing else stands beside the file"
    return found.load(file, checkpoint, digest)


@formats
@pytest.mark.parametrize("batch", [1, 5])
def test_that_the_file_computes_what_the_network_computes(
    id: str, batch: int, bundled: Network, tmp_path: Path
) -> None:
    images = torch.rand((batch, *bundled.input_shape), generator=torch.Generator().manual_seed(1))
    found = written(id, bundled, tmp_path)(images)
    with torch.no_grad():
        expected = bundled.module(images)
    assert found.shape == expected.shape
    assert float((found - expected).abs().max()) <= export_format(id).tolerance


@formats
def test_that_the_network_is_left_as_it_was(id: str, network: Network, untouched: Callable[[], None]) -> None:
    why = export_format(id).applies(network)
    assert why is None or isinstance(why, Message)
    untouched()


@formats
def test_that_writing_leaves_the_network_as_it_was(id: str, bundled: Network, tmp_path: Path) -> None:
    before = bundled.copy()
    written(id, bundled, tmp_path)
    state = bundled.module.state_dict()
    assert all(torch.equal(value, state[key]) for key, value in before.module.state_dict().items())
    assert not bundled.module.training


@formats
def test_that_a_suffix_begins_with_a_dot(id: str) -> None:
    assert export_format(id).suffix.startswith(".")


@formats
@pytest.mark.usefixtures("small_disk")
def test_that_a_full_disk_is_a_sentence_and_leaves_nothing(id: str, bundled: Network, tmp_path: Path) -> None:
    file = tmp_path / f"net{export_format(id).suffix}"
    with pytest.raises(CompressionError):
        export_format(id).write(bundled, file)
    assert list(tmp_path.iterdir()) == []
