"""Networks: what each source opens, what it refuses, and how a changed one comes back."""

from __future__ import annotations

import json
import shutil
import urllib.parse
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import fx, nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm

from backend.errors import CompressionError, ConsentNeeded
from backend.files import sha256
from backend.models import _pretrained, open_network, reopen
from backend.models._designs import named
from backend.models._torchvision import build_torchvision, pretrained_arguments, torchvision, torchvision_names
from backend.network import STRUCTURE, WEIGHTS, Edit, Network
from backend.quantization._engines import default_engine
from backend.recipe import ModelSpec
from backend.registry import method, methods
from resources.paths import RESOURCES, resource

PARAMETERS = {
    "lenet5": 44_426,
    "lenet300": 266_610,
    "lenet5_caffe": 431_080,
    "convnet": 28_938,
    "simple_model": 6_738,
    "bn_convnet": 431_220,
    "half_lenet": 4_408,
    "mnist_net": 1_199_882,
    "gru_digits": 18_698,
    "resnet20": 269_722,
    "resnet32": 464_154,
    "resnet44": 658_586,
    "resnet56": 853_018,
}
SAMPLE = ModelSpec("bundled", "lenet5", "samples/lenet5-digits.safetensors")
OWN_CLASS = """
from torch import nn

class Tiny(nn.Module):
    def __init__(self, width=4, num_classes=10):
        super().__init__()
        if width < 1:
            raise ValueError("width must be positive")
        self.conv = nn.Conv2d(3, width, 3, padding=1)
        self.fc = nn.Linear(width * 32 * 32, num_classes)

    def forward(self, x):
        x = self.conv(x)
        return self.fc(x.view(x.size(0), -1))

def make(width=2):
    return Tiny(width)
"""


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def own_file(folder: Path, text: str = OWN_CLASS, name: str = "my net 网络.py") -> tuple[Path, dict[str, str]]:
    file = (folder / name).resolve()
    file.write_text(text, encoding="utf-8")
    return file, {str(file): sha256(file)}


def refused(spec: ModelSpec, folder: Path, **given: object) -> CompressionError:
    with pytest.raises(CompressionError) as caught:
        open_network(spec, folder, **given)  # type: ignore[arg-type]
    assert caught.value.hint is not None
    return caught.value


def test_that_every_bundled_network_is_known_by_its_number_of_parameters() -> None:
    assert {name: parameters(m.build()) for name, m in methods("model").items()} == PARAMETERS  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_that_a_bundled_network_takes_its_shape_is_traceable_and_fits_other_heads(name: str, tmp_path: Path) -> None:
    network = open_network(ModelSpec("bundled", name, num_classes=7), tmp_path)
    traced = fx.symbolic_trace(network.module)
    images = torch.randn(3, *network.input_shape)
    assert network.classes == 7
    assert network.spec.num_classes == 7
    torch.testing.assert_close(traced(images), network.module(images))


def test_that_a_network_is_opened_ready_to_train() -> None:
    network = open_network(SAMPLE, Path.cwd())
    assert not network.module.training
    assert all(p.requires_grad and p.dtype == torch.float32 for p in network.module.parameters())


def test_that_the_half_lenet_gives_negative_logits_too() -> None:
    module = method("model", "half_lenet").build()  # type: ignore[attr-defined]
    assert module(torch.randn(8, 1, 28, 28)).min() < 0


def test_that_the_shortcut_of_a_cifar_resnet_is_option_a() -> None:
    block = method("model", "resnet20").build().layer2[0]  # type: ignore[attr-defined]
    x = torch.randn(2, 16, 8, 8)
    out = block.shortcut(x)
    assert not list(block.shortcut.parameters())
    torch.testing.assert_close(out[:, 8:24], x[:, :, ::2, ::2])
    assert out.shape == (2, 32, 4, 4) and out[:, :8].abs().sum() == 0 and out[:, 24:].abs().sum() == 0


def test_that_bundled_weights_keep_their_short_name_wherever_the_recipe_lies(tmp_path: Path) -> None:
    assert open_network(SAMPLE, tmp_path).spec == SAMPLE


def test_that_weights_beside_the_recipe_come_first_and_are_remembered_by_their_full_path(tmp_path: Path) -> None:
    folder = tmp_path / "配方 mit spaces"
    folder.mkdir()
    shutil.copy(resource("samples/lenet5-digits.safetensors"), folder / "mine.safetensors")
    network = open_network(ModelSpec("bundled", "lenet5", "mine.safetensors"), folder)
    assert network.spec.weights == str((folder / "mine.safetensors").resolve())


def test_that_another_head_is_fitted_and_said(tmp_path: Path) -> None:
    network = open_network(ModelSpec("bundled", "lenet5", SAMPLE.weights, num_classes=4), tmp_path)
    kept = load_file(resource("samples/lenet5-digits.safetensors"))["conv2.weight"]
    assert network.classes == 4
    assert torch.equal(network.module.state_dict()["conv2.weight"], kept)
    assert any(note.values == {"classes": 4, "held": 10} for note in network.notes)


def test_that_the_number_of_classes_is_taken_from_the_weights(tmp_path: Path) -> None:
    save_file(method("model", "convnet").build(num_classes=3).state_dict(), tmp_path / "three.safetensors")  # type: ignore[attr-defined]
    network = open_network(ModelSpec("bundled", "convnet", "three.safetensors"), tmp_path)
    assert network.classes == network.spec.num_classes == 3


def test_that_fresh_weights_get_a_head_for_the_classes_of_the_data(tmp_path: Path) -> None:
    assert open_network(ModelSpec("bundled", "convnet"), tmp_path, classes=26).classes == 26


def test_that_too_few_outputs_for_the_data_are_refused_with_a_repair(tmp_path: Path) -> None:
    error = refused(SAMPLE, tmp_path, classes=26)
    assert "26" in str(error) and error.repair is not None
    assert error.repair.edits == {"model.num_classes": 26}


def test_that_more_outputs_than_classes_are_noted(tmp_path: Path) -> None:
    network = open_network(SAMPLE, tmp_path, classes=4)
    assert any(note.values.get("classes") == 4 for note in network.notes)


def test_that_images_of_the_wrong_shape_are_refused_naming_both(tmp_path: Path) -> None:
    error = refused(SAMPLE, tmp_path, input_shape=(3, 32, 32))
    assert "3×32×32" in str(error) and "1×28×28" in str(error.hint)


def test_that_a_misspelled_name_is_met_with_the_nearest(tmp_path: Path) -> None:
    assert "lenet5" in str(refused(ModelSpec("bundled", "lenet_5"), tmp_path).hint)
    assert "resnet18" in str(refused(ModelSpec("torchvision", "resnet_18"), tmp_path).hint)


def test_that_wrong_arguments_of_a_bundled_network_are_a_sentence(tmp_path: Path) -> None:
    assert "depth" in str(refused(ModelSpec("bundled", "lenet5", arguments={"depth": 3}), tmp_path))


def test_that_torchvision_is_usable_and_its_classifiers_are_known() -> None:
    assert torchvision().__version__
    assert {"resnet18", "mobilenet_v2", "vit_b_16"} <= set(torchvision_names())


@pytest.mark.parametrize("name", ["shufflenet_v2_x0_5", "squeezenet1_1"])
def test_that_a_torchvision_network_opens_with_another_head(name: str, tmp_path: Path) -> None:
    network = open_network(ModelSpec("torchvision", name, num_classes=5), tmp_path, input_shape=(3, 64, 64))
    assert network.module(torch.randn(2, 3, 64, 64)).shape == (2, 5)
    assert network.input_shape == (3, 64, 64)


def test_that_networks_with_auxiliary_classifiers_return_one_tensor_in_training_too() -> None:
    module = build_torchvision("googlenet", 3, {"init_weights": False}).train()
    assert module(torch.randn(2, 3, 64, 64)).shape == (2, 3)


def test_that_named_weights_come_from_the_cache_and_another_head_is_fitted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    url = _pretrained.torchvision_weights("squeezenet1_1")["DEFAULT"].url
    file = tmp_path / "hub" / "checkpoints" / Path(urllib.parse.urlparse(url).path).name
    file.parent.mkdir(parents=True)
    state = build_torchvision("squeezenet1_1", 1000).state_dict()
    torch.save(state, file)
    network = open_network(ModelSpec("torchvision", "squeezenet1_1", "DEFAULT", num_classes=6), tmp_path)
    assert network.spec.weights == "DEFAULT" and network.classes == 6
    assert torch.equal(network.module.state_dict()["features.0.weight"], state["features.0.weight"])


def test_that_named_weights_without_a_connection_are_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreachable:
        url = "http://127.0.0.1:9/squeezenet1_1-b8a52dc0.pth"

    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(_pretrained, "torchvision_weights", lambda name: {"DEFAULT": Unreachable})
    error = refused(ModelSpec("torchvision", "squeezenet1_1", "DEFAULT"), tmp_path)
    assert "no connection" in str(error)
    assert not list(tmp_path.rglob("*squeezenet*"))


def test_that_unknown_named_weights_are_met_with_the_nearest(tmp_path: Path) -> None:
    assert "IMAGENET1K_V1" in str(refused(ModelSpec("torchvision", "resnet18", "IMAGENET_V1"), tmp_path).hint)


def test_that_torchvision_weights_from_outside_imagenet_normalization_keep_their_transform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "googlenet.pth"
    torch.save(build_torchvision("googlenet", 1000, {"init_weights": False}).state_dict(), file)
    monkeypatch.setattr(_pretrained, "fetch", lambda *_: file)
    network = open_network(ModelSpec("torchvision", "googlenet", "DEFAULT"), tmp_path)
    network.save(tmp_path / "saved")
    assert network.module.transform_input
    assert reopen(tmp_path / "saved").module.transform_input


def test_that_weights_made_for_larger_images_make_a_network_for_them(tmp_path: Path) -> None:
    assert pretrained_arguments("vit_b_16", "IMAGENET1K_SWAG_E2E_V1") == {"image_size": 384}
    network = open_network(ModelSpec("torchvision", "vit_b_32", arguments={"image_size": 64}), tmp_path)
    assert network.input_shape == (3, 64, 64) and network.classes == 1000


def test_that_a_python_file_runs_only_with_consent_to_its_very_content(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    file, allowed = own_file(tmp_path, f"open({str(marker)!r}, 'w').close()\n{OWN_CLASS}")
    spec = ModelSpec("python", file=file.name, class_name="Tiny")
    with pytest.raises(ConsentNeeded) as caught:
        open_network(spec, tmp_path)
    assert (caught.value.file, caught.value.sha256) == (str(file), sha256(file))
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    with pytest.raises(ConsentNeeded):
        open_network(spec, tmp_path, allowed=allowed)
    assert not marker.exists()


def test_that_a_class_or_a_function_of_ones_own_opens_with_its_arguments(tmp_path: Path) -> None:
    file, allowed = own_file(tmp_path)
    spec = ModelSpec("python", file=file.name, class_name="Tiny", arguments={"width": 3}, num_classes=5)
    by_class = open_network(spec, tmp_path, allowed=allowed)
    by_function = open_network(ModelSpec("python", file=file.name, class_name="make"), tmp_path, allowed=allowed)
    assert by_class.module.conv.out_channels == 3 and by_class.classes == 5
    assert by_class.input_shape == (3, 32, 32) and by_class.spec.file == str(file)
    assert by_function.module.conv.out_channels == 2


def test_that_a_class_of_ones_own_may_import_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "parts_beside_it.py").write_text("from torch import nn\nWIDTH = 6\n", encoding="utf-8")
    text = "from parts_beside_it import WIDTH, nn\ndef make(): return nn.Sequential(nn.Linear(784, WIDTH))\n"
    file, allowed = own_file(tmp_path, text)
    assert open_network(ModelSpec("python", file=str(file), class_name="make"), tmp_path, allowed=allowed).classes == 6


def test_that_layers_without_sizes_are_refused_with_the_way_out(tmp_path: Path) -> None:
    text = "from torch import nn\ndef make(): return nn.Sequential(nn.Flatten(), nn.LazyLinear(6))\n"
    file, allowed = own_file(tmp_path, text)
    with pytest.raises(CompressionError, match="has not run yet") as raised:
        open_network(ModelSpec("python", file=str(file), class_name="make"), tmp_path, allowed=allowed)
    assert "Run it once" in str(raised.value.hint)


def test_that_a_normalized_weight_is_folded_and_its_layer_is_one_like_any_other(tmp_path: Path) -> None:
    text = "from torch import nn\nfrom torch.nn.utils.parametrizations import spectral_norm, weight_norm\n"
    text += "def make(): return nn.Sequential(nn.Flatten(), weight_norm(nn.Linear(784, 8)), nn.ReLU(), "
    text += "spectral_norm(nn.Linear(8, 3)))\n"
    file, allowed = own_file(tmp_path, text)
    torch.manual_seed(0)
    source = nn.Sequential(
        nn.Flatten(), weight_norm(nn.Linear(784, 8)), nn.ReLU(), spectral_norm(nn.Linear(8, 3))
    ).eval()
    torch.save(source.state_dict(), tmp_path / "w.pth")
    spec = ModelSpec("python", file=str(file), class_name="make", weights="w.pth")
    network = open_network(spec, tmp_path, allowed=allowed)
    images = torch.rand(4, 1, 28, 28)
    assert torch.allclose(network.module(images), source(images), atol=1e-6)
    assert [type(part) for part in network.module.modules() if hasattr(part, "weight")] == [nn.Linear, nn.Linear]
    assert set(network.module.state_dict()) == {"1.weight", "1.bias", "3.weight", "3.bias"}
    assert any("1, 3" in str(note) for note in network.notes)
    network.save(tmp_path / "saved")
    assert torch.equal(reopen(tmp_path / "saved", allowed=allowed).module(images), network.module(images))


def test_that_weights_with_a_prefix_fit_a_class_of_ones_own_whose_names_have_it(tmp_path: Path) -> None:
    text = "from torch import nn\nclass Wrapped(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    text += "        self.model = nn.Linear(784, 3)\n    def forward(self, x): return self.model(x.flatten(1))\n"
    file, allowed = own_file(tmp_path, text)
    weight = torch.randn(3, 784)
    torch.save({"model.weight": weight, "model.bias": torch.zeros(3)}, tmp_path / "w.pth")
    spec = ModelSpec("python", file=str(file), class_name="Wrapped", weights="w.pth")
    network = open_network(spec, tmp_path, allowed=allowed)
    assert torch.equal(network.module.model.weight, weight)


@pytest.mark.parametrize(
    ("text", "class_name", "arguments", "says"),
    [
        ("import torch\nx = (\n", "Tiny", {}, "line 2"),
        ("import torch\n\n1 / 0\n", "Tiny", {}, "line 3"),
        ("import a_module_nobody_has\n", "Tiny", {}, "a_module_nobody_has"),
        ("raise SystemExit(3)\n", "Tiny", {}, "line 1"),
        (OWN_CLASS, "Tiny", {"width": 0}, "width must be positive"),
        (OWN_CLASS, "Tiny", {"depth": 2}, "depth"),
        (OWN_CLASS, "Tny", {}, "Tny"),
        ("def make():\n    return 5\n", "make", {}, "int"),
        ("", "Tiny", {}, "Tiny"),
        ("def make():\n    from torch import nn\n    return nn.LSTM(3, 4)\n", "make", {}, "tuple"),
    ],
)
def test_that_what_is_wrong_in_a_python_file_is_one_sentence(
    text: str, class_name: str, arguments: dict[str, object], says: str, tmp_path: Path
) -> None:
    file, allowed = own_file(tmp_path, text)
    error = refused(
        ModelSpec("python", file=str(file), class_name=class_name, arguments=arguments), tmp_path, allowed=allowed
    )
    assert says in str(error) and "\n" not in str(error)


def test_that_a_misspelled_class_is_met_with_the_nearest(tmp_path: Path) -> None:
    file, allowed = own_file(tmp_path)
    error = refused(ModelSpec("python", file=str(file), class_name="Tinny"), tmp_path, allowed=allowed)
    assert "Tiny" in str(error.hint)


@pytest.mark.parametrize("source", ["bundled", "torchvision", "checkpoint", "python", "pare"])
def test_that_a_source_without_what_it_needs_is_refused(source: str, tmp_path: Path) -> None:
    refused(ModelSpec(source), tmp_path)
    refused(ModelSpec(source, "lenet5", "nowhere.pth", file="nowhere.py"), tmp_path)


def assert_same(one: Network, other: Network) -> None:
    assert (one.name, one.input_shape, one.classes, one.edits) == (
        other.name,
        other.input_shape,
        other.classes,
        other.edits,
    )
    states = one.module.state_dict(), other.module.state_dict()
    assert states[0].keys() == states[1].keys()
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def test_that_a_saved_network_comes_back_without_its_source_files(tmp_path: Path) -> None:
    weights = tmp_path / "weights of mine.pth"
    torch.save({"state_dict": load_file(resource("samples/lenet5-digits.safetensors"))}, weights)
    network = open_network(ModelSpec("checkpoint", weights=str(weights)), tmp_path)
    with torch.no_grad():
        network.module.conv1.weight.mul_(0.5)
    network.save(tmp_path / "saved 保存")
    weights.unlink()
    back = reopen(tmp_path / "saved 保存")
    assert_same(network, back)
    assert back.spec == network.spec and not back.module.training


def test_that_another_head_and_arguments_survive_saving(tmp_path: Path) -> None:
    file, allowed = own_file(tmp_path)
    spec = ModelSpec("python", file=str(file), class_name="Tiny", arguments={"width": 3}, num_classes=5)
    opened = {
        "a": open_network(ModelSpec("torchvision", "squeezenet1_1", num_classes=5), tmp_path),
        "b": open_network(spec, tmp_path, allowed=allowed),
    }
    for name, network in opened.items():
        network.save(tmp_path / name)
        assert_same(network, reopen(tmp_path / name, allowed=allowed))
    with pytest.raises(ConsentNeeded):
        reopen(tmp_path / "b")


def test_that_a_run_folder_opens_at_its_last_stage(tmp_path: Path) -> None:
    network = open_network(SAMPLE, tmp_path)
    for stage in (2, 10):
        with torch.no_grad():
            network.module.fc3.bias.fill_(stage)
        network.save(tmp_path / "stages" / str(stage))
    (tmp_path / "stages" / "11").mkdir()
    assert_same(network, open_network(ModelSpec("pare", weights=str(tmp_path)), tmp_path))


def test_that_the_weights_file_of_a_saved_network_opens_as_that_network(tmp_path: Path) -> None:
    network = open_network(SAMPLE, tmp_path)
    network.save(tmp_path)
    assert_same(network, open_network(ModelSpec("checkpoint", weights=str(tmp_path / WEIGHTS)), tmp_path))


def damage(folder: Path, **changes: object) -> None:
    data = json.loads((folder / STRUCTURE).read_text(encoding="utf-8"))
    (folder / STRUCTURE).write_text(json.dumps({**data, **changes}), encoding="utf-8")


def test_that_a_damaged_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CompressionError, match="holds no network"):
        reopen(tmp_path)
    network = open_network(SAMPLE, tmp_path)
    network.save(tmp_path)
    damage(tmp_path, pare=99)
    with pytest.raises(CompressionError, match="newer Pare"):
        reopen(tmp_path)
    damage(tmp_path, pare=1, edits=[{"kind": "fold", "data": {}}])
    with pytest.raises(CompressionError, match="fold"):
        reopen(tmp_path)
    damage(tmp_path, edits=[], model={"source": "bundled", "name": "lenet300"})
    with pytest.raises(CompressionError, match="do not fit"):
        reopen(tmp_path)
    (tmp_path / STRUCTURE).write_text("{", encoding="utf-8")
    with pytest.raises(CompressionError, match="damaged"):
        reopen(tmp_path)


def test_that_a_quantized_network_comes_back_with_its_integers(tmp_path: Path) -> None:
    network = open_network(SAMPLE, tmp_path)
    scheme = method("quantization", "dynamic_int8")
    data = {"method": "dynamic_int8", "engine": default_engine(), "layers": {"fc1": True, "fc2": False}}
    module = scheme.rebuild(network.copy().module, data)  # type: ignore[attr-defined]
    images = torch.randn(4, 1, 28, 28)
    changed = Network("lenet5", network.spec, module, (1, 28, 28), 10, (Edit("quantize", data),))
    changed.save(tmp_path)
    back = open_network(ModelSpec("pare", weights=str(tmp_path)), tmp_path, input_shape=(1, 28, 28), classes=10)
    assert back.converted
    torch.testing.assert_close(back.module(images), module(images))


def test_that_resources_are_found_beside_the_code() -> None:
    assert resource("samples/digits.npz").is_file()
    assert resource("samples") == RESOURCES / "samples"


def test_that_recognizing_a_checkpoint_leaves_the_random_numbers_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    named("swin_t").shapes(17)
    assert torch.equal(torch.rand(2), expected)


@pytest.mark.parametrize(("rows", "pointed"), [(3, True), (9, False)])
def test_that_weights_of_which_channels_are_gone_point_to_the_run_that_took_them(
    tmp_path: Path, rows: int, pointed: bool
) -> None:
    state = load_file(resource("samples/lenet5-digits.safetensors"))
    for key, tensor in state.items():
        if key.startswith("conv1"):
            state[key] = tensor.repeat(2, *[1] * (tensor.ndim - 1))[:rows].clone()
    save_file(state, tmp_path / "smaller.safetensors")
    with pytest.raises(CompressionError) as caught:
        open_network(ModelSpec("checkpoint", weights="smaller.safetensors"), tmp_path)
    assert ("open the folder of its run" in str(caught.value.hint)) == pointed
