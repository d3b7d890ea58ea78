"""What is removed computes what the masked network does, or is refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from backend.cancel import Cancel
from backend.errors import Cancelled, CompressionError
from backend.evaluation.macs import shapes
from backend.models import open_network
from backend.models.resnet_cifar import CifarResNet
from backend.network import Edit, Network
from backend.pruning._masks import apply_masks
from backend.recipe import ModelSpec
from backend.removal import agreement, analyze, checked, cut_masks, prepared, remove, replay

SHAPE = (3, 8, 8)


class Net(nn.Module):
    """A network put together from a function over named parts."""

    def __init__(self, forward: Callable[[Any, Tensor], Tensor], **parts: nn.Module | nn.Parameter) -> None:
        super().__init__()
        self.function = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self, x)


def lively(module: nn.Module, seed: int = 0) -> nn.Module:
    """Nothing of it is at a value that would hide a mistake: no zeros, no ones."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            if name.endswith("running_var"):
                tensor.uniform_(0.5, 1.5, generator=random)
            elif tensor.is_floating_point():
                tensor.normal_(0.1, 0.4, generator=random)
    return module.eval()


def network(module: nn.Module, shape: tuple[int, ...] = SHAPE) -> Network:
    return Network("Net", ModelSpec("python", "net"), lively(module), shape, 3)


def images(count: int = 2, shape: tuple[int, ...] = SHAPE) -> Tensor:
    return torch.randn((count, *shape), generator=torch.Generator().manual_seed(5))


def some(structure: Any, seed: int = 0, share: float = 0.5) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(seed)
    return {g.name: torch.randperm(g.units, generator=random)[: max(1, int(share * g.units))] for g in structure.groups}


def shown(found: Network, share: float = 0.5) -> Any:
    """The structure, once a removal by it was shown to be right in results and costs."""
    structure = analyze(found)
    for seed in range(2):
        removed = some(structure, seed, share)
        masked, smaller = found.copy(), remove(found, structure, removed)
        apply_masks(masked.module, structure.silenced(removed))
        assert agreement(masked.module, smaller.module, images(shape=found.input_shape)).equal
        parameters = sum(p.numel() for p in smaller.module.parameters())
        assert structure.costs(removed) == (parameters, sum(shapes(smaller).macs.values()))
    return structure


def units(structure: Any) -> dict[str, int]:
    return {group.name: group.units for group in structure.groups}


def reasons(structure: Any) -> dict[str, str]:
    return {layer: str(why) for layer, why in structure.refused.items()}


# Random networks


class Block(nn.Module):
    """One piece of a random network: ``channels`` in, ``out`` out, 8×8 or smaller images."""

    def __init__(self, kind: str, channels: int, out: int) -> None:
        super().__init__()
        self.kind, self.out = kind, channels
        make = getattr(self, f"_make_{kind}", None)
        if make is not None:
            make(channels, out)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = getattr(self, f"_{self.kind}")(x)
        return result

    def _make_conv(self, channels: int, out: int) -> None:
        self.conv, self.out = nn.Conv2d(channels, out, 3, padding=1), out

    def _conv(self, x: Tensor) -> Tensor:
        return F.relu(self.conv(x))

    def _make_norm(self, channels: int, out: int) -> None:
        self.conv, self.bn, self.out = nn.Conv2d(channels, out, 1, bias=False), nn.BatchNorm2d(out), out

    def _norm(self, x: Tensor) -> Tensor:
        return F.hardswish(self.bn(self.conv(x)))

    def _make_depthwise(self, channels: int, out: int) -> None:
        self.conv, self.bn = nn.Conv2d(channels, channels, 3, padding=1, groups=channels), nn.BatchNorm2d(channels)

    def _depthwise(self, x: Tensor) -> Tensor:
        return F.silu(self.bn(self.conv(x)))

    def _make_grouped(self, channels: int, out: int) -> None:
        self.out = out
        self.first, self.conv = nn.Conv2d(channels, 12, 1), nn.Conv2d(12, 2 * (out // 2), 3, padding=1, groups=2)
        self.out = 2 * (out // 2)

    def _grouped(self, x: Tensor) -> Tensor:
        return self.conv(F.gelu(self.first(x)))

    def _make_residual(self, channels: int, out: int) -> None:
        self.one, self.two = nn.Conv2d(channels, out, 1), nn.Conv2d(out, channels, 3, padding=1)
        self.bn = nn.BatchNorm2d(channels)

    def _residual(self, x: Tensor) -> Tensor:
        return F.relu_(self.bn(self.two(F.relu(self.one(x)))).add_(x))

    def _make_projected(self, channels: int, out: int) -> None:
        self.one, self.two, self.out = nn.Conv2d(channels, out, 1), nn.Conv2d(channels, out, 3, padding=1), out

    def _projected(self, x: Tensor) -> Tensor:
        return torch.relu(self.one(x) + self.two(x))

    def _make_dense(self, channels: int, out: int) -> None:
        self.conv, self.bn = nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(channels + out)
        self.out = channels + out

    def _dense(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(torch.cat([x, self.conv(x)], 1)))

    def _make_excited(self, channels: int, out: int) -> None:
        self.down, self.up = nn.Conv2d(channels, out, 1), nn.Conv2d(out, channels, 1)

    def _excited(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.up(F.relu(self.down(F.adaptive_avg_pool2d(x, 1)))))

    def _make_gated(self, channels: int, out: int) -> None:
        self.conv, self.out = nn.Conv2d(channels, 2 * out, 1), out

    def _gated(self, x: Tensor) -> Tensor:
        return F.glu(self.conv(x), 1)

    def _make_shuffled(self, channels: int, out: int) -> None:
        self.out = 2 * out
        self.one, self.two = nn.Conv2d(channels, 2 * out, 1), nn.Conv2d(2 * out, 2 * out, 1, groups=1)

    def _shuffled(self, x: Tensor) -> Tensor:
        y = self.one(x)
        n, c, h, w = y.shape
        return self.two(y.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w))

    def _make_scaled(self, channels: int, out: int) -> None:
        self.scale, self.shift = nn.Parameter(torch.ones(channels, 1, 1)), nn.Parameter(torch.ones(1, channels, 1, 1))

    def _scaled(self, x: Tensor) -> Tensor:
        return x * self.scale + self.shift

    def _make_sloped(self, channels: int, out: int) -> None:
        self.slope = nn.PReLU(channels)

    def _sloped(self, x: Tensor) -> Tensor:
        return self.slope(x)

    def _make_grouped_norm(self, channels: int, out: int) -> None:
        self.conv, self.gn, self.out = nn.Conv2d(channels, 12, 1), nn.GroupNorm(4, 12), 12

    def _grouped_norm(self, x: Tensor) -> Tensor:
        return torch.tanh(self.gn(self.conv(x)))

    def _make_transposed(self, channels: int, out: int) -> None:
        self.conv, self.after, self.out = nn.ConvTranspose2d(channels, out, 3, padding=1), nn.Conv2d(out, out, 1), out

    def _transposed(self, x: Tensor) -> Tensor:
        return self.after(F.relu(self.conv(x)))

    def _attended(self, x: Tensor) -> Tensor:
        """Every position weighed by all channels together, as CBAM does."""
        return x * torch.sigmoid(x.mean(1, keepdim=True))

    def _sigmoid(self, x: Tensor) -> Tensor:
        return torch.sigmoid(x)

    def _pooled(self, x: Tensor) -> Tensor:
        return F.max_pool2d(x, 3, 1, 1) - F.avg_pool2d(x, 3, 1, 1)

    def _resized(self, x: Tensor) -> Tensor:
        return F.avg_pool2d(F.interpolate(F.pad(x, (1, 1, 1, 1)), scale_factor=2, mode="bilinear"), 2)[:, :, 1:-1, 1:-1]

    def _moved(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1).flip(1).roll(1, 2).permute(0, 3, 1, 2).contiguous()


KINDS = sorted(name[1:] for name in vars(Block) if name.startswith("_") and not name.startswith(("__", "_make")))


class RandomNet(nn.Module):
    def __init__(self, pieces: list[tuple[str, int]], head: str) -> None:
        super().__init__()
        blocks, channels = [], 3
        for kind, out in [("conv", 6), *pieces]:
            blocks.append(Block(kind, channels, out))
            channels = blocks[-1].out
        self.blocks, self.head = nn.Sequential(*blocks), head
        self.hidden = nn.Linear(channels * 4 if head == "flat" else channels, 7)
        self.last = nn.Conv2d(channels, 3, 1) if head == "convolution" else nn.Linear(7, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(x)
        if self.head == "convolution":
            return self.last(x).mean((2, 3))
        x = F.adaptive_max_pool2d(x, 2).view(x.size(0), -1) if self.head == "flat" else x.mean((2, 3))
        out: Tensor = self.last(F.relu(self.hidden(x)))
        return out


pieces = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(4, 7)), max_size=5)


@given(pieces, st.sampled_from(["flat", "mean", "convolution"]))
@settings(max_examples=60)
def test_that_of_any_network_what_is_left_computes_what_the_masked_one_does(
    drawn: list[tuple[str, int]], head: str
) -> None:
    found = network(RandomNet(drawn, head))
    structure = shown(found)
    for name, part in found.module.named_modules():
        if isinstance(part, (nn.Conv2d, nn.Linear)):
            assert structure.group_of(name) is not None or name in structure.refused
    assert checked(found, structure).groups == structure.groups


# Single dependencies


def conv_net(forward: Callable[[Any, Tensor], Tensor], **parts: Any) -> Network:
    """conv (3 → 6), whatever ``forward`` does, and a head for ``channels`` (6) of it."""
    channels = parts.pop("channels", 6)
    return network(Net(forward, conv=nn.Conv2d(3, 6, 3, padding=1), head=nn.Linear(channels, 3), **parts))


def test_that_the_layer_that_gives_the_classes_is_kept_without_being_told() -> None:
    structure = shown(conv_net(lambda s, x: s.head(s.conv(x).relu().mean((2, 3)))))
    assert units(structure) == {"conv": 6}
    assert reasons(structure) == {"head": "Its channels are the classes"}


def test_that_channels_are_masked_after_normalization_not_only_in_the_convolution() -> None:
    found = conv_net(lambda s, x: s.head(s.bn(s.conv(x)).relu().mean((2, 3))), bn=nn.BatchNorm2d(6))
    masks = shown(found).silenced({"conv": torch.tensor([1, 4])})
    assert {name for name, mask in masks.items() if not bool(mask.all())} == {
        "conv.weight", "conv.bias", "bn.weight", "bn.bias"
    }  # fmt: skip
    for name, mask in masks.items():
        assert mask.shape == found.module.get_parameter(name).shape
        assert (mask == 0).view(6, -1).all(dim=1).nonzero().flatten().tolist() == [1, 4]


def test_that_a_flattened_channel_takes_all_of_its_inputs_along() -> None:
    found = network(Net(lambda s, x: s.head(s.conv(x).flatten(1)), conv=nn.Conv2d(3, 5, 3), head=nn.Linear(180, 3)))
    smaller = remove(found, shown(found), {"conv": torch.tensor([2])})
    head = found.module.get_parameter("head.weight")
    assert torch.equal(smaller.module.get_parameter("head.weight"), torch.cat([head[:, :72], head[:, 108:]], dim=1))
    assert smaller.module.get_submodule("head").in_features == 144


def test_that_layers_whose_outputs_are_added_lose_the_same_channels() -> None:
    parts = {"one": nn.Conv2d(6, 6, 1), "two": nn.Conv2d(6, 6, 1)}
    structure = shown(conv_net(lambda s, x: s.head((s.one(y := s.conv(x)) + s.two(y) + y).mean((2, 3))), **parts))
    assert [group.layers for group in structure.groups] == [("conv", "one", "two")]
    assert structure.group_of("two") is structure.groups[0]


def test_that_a_group_of_a_grouped_convolution_goes_as_a_whole() -> None:
    parts = {"grouped": nn.Conv2d(6, 9, 1, groups=3), "channels": 9}
    found = conv_net(lambda s, x: s.head(s.grouped(s.conv(x)).mean((2, 3))), **parts)
    structure = shown(found)
    assert structure.groups[0].rows["conv"].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert structure.groups[0].rows["grouped"].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    left = remove(found, structure, {"conv": torch.tensor([1])}).module.get_submodule("grouped")
    assert (left.groups, left.in_channels, left.out_channels) == (2, 4, 6)


def test_that_a_layer_called_twice_is_cut_once() -> None:
    found = conv_net(lambda s, x: s.head(s.twice(s.twice(s.conv(x)).relu()).mean((2, 3))), twice=nn.Conv2d(6, 6, 1))
    assert units(shown(found)) == {"conv": 6}


def test_that_a_weight_that_two_layers_share_stays_shared() -> None:
    one, two = nn.Linear(6, 6), nn.Linear(6, 6)
    two.weight = one.weight
    found = conv_net(lambda s, x: s.head(s.two(s.one(s.conv(x).mean((2, 3))).relu())), one=one, two=two)
    structure = shown(found)
    assert reasons(structure)["two"].startswith("Shares its weight with one")
    smaller = remove(found, structure, {"conv": torch.tensor([0, 5])}).module
    assert smaller.get_parameter("one.weight") is smaller.get_parameter("two.weight")
    assert smaller.get_parameter("one.weight").shape == (4, 4)


def test_that_a_half_width_shortcut_of_resnet20_follows_its_channels() -> None:
    found = Network("ResNet-20", ModelSpec("bundled", "resnet20"), lively(CifarResNet(3)), (3, 32, 32), 10)
    structure = shown(found)
    assert reasons(structure) == {"linear": "Its channels are the classes"}
    streams = {group.name: group.units for group in structure.groups if len(group.layers) > 1}
    assert streams == {"conv1": 16, "layer2.0.conv2": 16, "layer3.0.conv2": 32}
    assert structure.groups_of("layer3.0.conv2") == tuple(g for g in structure.groups if g.name in streams)


def test_that_an_option_a_shortcut_of_someone_elses_follows_its_channels_too() -> None:
    parts = {"short": Net(lambda s, x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 1, 2), "constant", 0)),
             "wide": nn.Conv2d(6, 9, 1, stride=2), "channels": 9}  # fmt: skip
    found = conv_net(lambda s, x: s.head((s.wide(y := s.conv(x)) + s.short(y)).relu().mean((2, 3))), **parts)
    assert units(shown(found)) == {"conv": 6}
    structure = shown(prepared(found))
    assert units(structure) == {"conv": 6, "wide": 3}


REFUSALS: dict[str, tuple[Callable[[Any, Tensor], Tensor], dict[str, Any], str]] = {
    "sigmoid": (lambda s, y: torch.sigmoid(y), {}, "Passes sigmoid"),
    "shift": (lambda s, y: y + 1, {}, "Passes add"),
    "no affine": (lambda s, y: s.bn(y), {"bn": nn.BatchNorm2d(6, affine=False)}, "Passes normalization"),
    "buffer": (lambda s, y: y + s.buffer, {"buffer": torch.ones(6, 1, 1)}, "Passes add"),
    "layer norm": (lambda s, y: s.ln(y.mT).mT, {"ln": nn.LayerNorm([8, 8])}, "Passes layer_norm"),
    "normalized": (lambda s, y: F.layer_norm(y, [6, 8, 8]), {}, "Is normalized over its channels"),
    "one group": (lambda s, y: F.group_norm(y, 1), {}, "Is normalized over its channels"),
    "softmax": (lambda s, y: F.softmax(y, 1), {}, "Its channels are combined"),
    "mean": (lambda s, y: y - y.mean(1, keepdim=True), {}, "Its channels are combined"),
    "largest": (lambda s, y: y * y.amax(1, keepdim=True), {}, "Its channels are combined"),
    "running sum": (lambda s, y: y.cumsum(1), {}, "Its channels are computed from one another"),
    "picked": (lambda s, y: y + y[:, 2:3], {}, "Its channels are picked by their position"),
    "indexed": (lambda s, y: y[:, [0, 2, 1, 3, 5, 4]], {}, "Its channels are picked by their position"),
    "rolled": (lambda s, y: y.roll(1, 1), {}, "Its channels are picked by their position"),
    "written": (lambda s, y: torch.zeros_like(y).index_copy(1, torch.arange(6), y), {}, "Pare can't follow"),
    "sorted": (lambda s, y: y.sort(1).values, {}, "Pare can't follow the operation sort"),
    "constant": (lambda s, y: y * torch.arange(6.0).view(6, 1, 1), {}, "Is combined with a tensor of a fixed size"),
    "products": (lambda s, y: y @ y.mT, {}, "Is multiplied with another of the network's results"),
    "weight read": (lambda s, y: s.other(y) * s.other.weight.mean(), {"other": nn.Conv2d(6, 6, 1)},
                    "A parameter is read as a whole"),
    "computed": (lambda s, y: F.conv2d(y, s.other.tanh()), {"other": torch.nn.Parameter(torch.ones(6, 6, 1, 1))},
                 "A weight that it meets is computed"),
    "joined": (lambda s, y: torch.cat([y, torch.ones(len(y), 6, 1, 8)], 2), {}, "Is combined with a tensor of a fixed"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_that_what_depends_on_all_channels_keeps_them_with_the_reason(kind: str) -> None:
    change, parts, reason = REFUSALS[kind]
    after = nn.Conv2d(6, 6, 1)
    net = Net(lambda s, x: s.head(s.after(change(s, s.conv(x))).relu().mean((2, 3))),
              conv=nn.Conv2d(3, 6, 3, padding=1), after=after, head=nn.Linear(6, 3))  # fmt: skip
    for name, part in parts.items():
        net.register_buffer(name, part) if type(part) is Tensor else setattr(net, name, part)
    structure = shown(network(net))
    assert reasons(structure)["conv"].startswith(reason)
    assert units(structure) == {"after": 6}


def with_zeros_in_place(s: Any, y: Tensor) -> Tensor:
    y[:, :, ::2] = 0
    y[:, :, :, 1] *= 2
    return y


def with_a_view_changed(s: Any, y: Tensor) -> Tensor:
    y.view(len(y), -1).relu_()
    return y


def with_split_attention(s: Any, y: Tensor) -> Tensor:
    """As ResNeSt weighs two halves of its channels."""
    n, c = s.wide(y).shape[:2]
    halves = s.wide(y).view(n, 2, c // 2, 8, 8)
    weights = s.weigh(halves.sum(1).mean((2, 3))).view(n, 2, c // 2).softmax(1)
    out: Tensor = (halves * weights[:, :, :, None, None]).sum(1)
    return out


FOLLOWED: dict[str, tuple[Callable[[Any, Tensor], Tensor], dict[str, Any]]] = {
    "zeros written": (with_zeros_in_place, {}),
    "view changed": (with_a_view_changed, {}),
    "copied": (lambda s, y: torch.ones_like(y).copy_(y), {}),
    "one slope": (lambda s, y: s.prelu(y) * s.scale, {"prelu": nn.PReLU(), "scale": nn.Parameter(torch.ones(1))}),
    "weighed places": (lambda s, y: y * s.places + y * s.input, {"places": nn.Parameter(torch.ones(1, 1, 8, 8)),
                                                               "input": nn.Parameter(torch.ones(1, 6, 8, 8))}),
    "summed up": (lambda s, y: torch.zeros_like(y).add_(y), {}),
    "where": (lambda s, y: torch.where(y > 0, y, 0.1 * y).masked_fill(y > 2, 3.0), {}),
    "standardized": (lambda s, y: (y - y.mean((2, 3), True)) / (y.var((2, 3), keepdim=True) + 1e-5).sqrt(), {}),
    "instance norm": (lambda s, y: s.norm(y), {"norm": nn.InstanceNorm2d(6, affine=True)}),
    "largest of two": (lambda s, y: torch.maximum(y, y.flip(2)).clamp(-0.1, 3), {}),
    "divided": (lambda s, y: y / (1 + y.abs()) + y.std((2, 3), keepdim=True), {}),
    "stacked": (lambda s, y: torch.stack([y, 2 * y], 2).flatten(1, 2)[:, :, :4], {"after": nn.Conv2d(12, 6, 1)}),
    "repeated": (lambda s, y: y.repeat_interleave(2, 1), {"after": nn.Conv2d(12, 6, 1)}),
    "halves": (lambda s, y: torch.cat(y.chunk(2, 1)[::-1], 1), {}),
    "shuffled": (lambda s, y: s.other(F.channel_shuffle(y, 2)), {"other": nn.Conv2d(6, 6, 1, groups=3)}),
    "pixels": (lambda s, y: F.pixel_unshuffle(y, 2), {"after": nn.Conv2d(24, 6, 1)}),
    "channels last": (lambda s, y: s.linear(y.movedim(1, -1)).movedim(-1, 1), {"linear": nn.Linear(6, 6)}),
    "multiplied by ones": (lambda s, y: (y.flatten(2) @ torch.ones(64, 64)).view_as(y), {}),
    "embedded": (lambda s, y: y + s.table(torch.arange(8)).T[None, :, :, None], {"table": nn.Embedding(8, 6)}),
    "modulated": (lambda s, y: torch.addcmul(s.film(y.mean((2, 3)))[..., None, None], y, y), {"film": nn.Linear(6, 6)}),
    "split attention": (with_split_attention, {"wide": nn.Conv2d(6, 12, 1), "weigh": nn.Linear(6, 12)}),
    "transposed groups": (lambda s, y: s.up(y), {"up": nn.ConvTranspose2d(6, 6, 3, padding=1, groups=3)}),
    "normalized twice": (lambda s, y: s.norm(s.norm(y)), {"norm": nn.BatchNorm2d(6)}),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FOLLOWED))
def test_that_channels_are_followed_through(kind: str) -> None:
    change, parts = FOLLOWED[kind]
    made: dict[str, Any] = {"conv": nn.Conv2d(3, 6, 3, padding=1), "after": nn.Conv2d(6, 6, 1), **parts}
    net = Net(lambda s, x: s.head(s.after(change(s, s.conv(x))).relu().mean((2, 3))), **made, head=nn.Linear(6, 3))
    structure = shown(network(net))
    assert structure.group_of("conv") is not None
    assert set(structure.refused) == {"head"}
    assert checked(network(net), structure).groups == structure.groups


def test_that_what_is_added_to_the_input_stays() -> None:
    found = network(
        Net(lambda s, x: s.head((x + s.conv(x)).mean((2, 3))), conv=nn.Conv2d(3, 3, 1), head=nn.Linear(3, 3))
    )
    assert reasons(shown(found))["conv"] == "Is combined with the network's input"


def test_that_a_recurrent_layer_and_what_enters_it_stay() -> None:
    def forward(s: Any, x: Tensor) -> Tensor:
        out, _ = s.gru(s.conv(x).mean(3).transpose(1, 2))
        result: Tensor = s.head(s.hidden(out[:, -1]).relu())
        return result

    found = conv_net(forward, gru=nn.GRU(6, 5, batch_first=True), hidden=nn.Linear(5, 6))
    structure = shown(found)
    assert units(structure) == {"hidden": 6}
    assert reasons(structure)["gru"] == reasons(structure)["conv"] == str(structure.refused["gru"])
    assert "Recurrent" in reasons(structure)["gru"]


def test_that_a_map_that_weighs_all_channels_leaves_them_free() -> None:
    found = conv_net(lambda s, x: s.head(((y := s.conv(x)) * s.map(y).sigmoid() * x.mean(1, True)).mean((2, 3))),
                     map=nn.Conv2d(6, 1, 3, padding=1))  # fmt: skip
    structure = shown(found)
    assert units(structure) == {"conv": 6}
    assert reasons(structure)["map"] == "Is one value for all channels of another result"


def test_that_a_single_channel_stays_and_that_is_the_reason() -> None:
    found = network(
        Net(
            lambda n, x: n.head(n.wide(n.narrow(x)).mean((2, 3))),
            narrow=nn.Conv2d(3, 1, 3), wide=nn.Conv2d(1, 4, 3), head=nn.Linear(4, 3),
        )
    )  # fmt: skip
    structure = analyze(found)
    assert reasons(structure)["narrow"] == "It has a single channel, and that must stay"
    assert structure.group_of("wide") is not None


def test_that_a_normalized_weight_is_refused_by_its_layers_name() -> None:
    normalized = torch.nn.utils.parametrizations.weight_norm(nn.Conv2d(6, 6, 1))
    found = conv_net(lambda s, x: s.head(s.normalized(s.conv(x)).mean((2, 3))), normalized=normalized)
    assert reasons(shown(found))["normalized"].startswith("A weight that it meets is computed")


def test_that_a_layer_without_a_part_in_the_output_says_so() -> None:
    found = conv_net(lambda s, x: s.head(s.conv(x).mean((2, 3))), spare=nn.Linear(4, 4))
    assert reasons(shown(found))["spare"] == "The network's output does not depend on it"


# Forwards that count on fixed numbers


def changed(found: Network) -> tuple[Network, Any]:
    """The prepared network, shown to be as good as the given one."""
    new = prepared(found)
    assert agreement(found.module, new.module, images(shape=found.input_shape)).equal
    structure = shown(new)
    assert checked(new, structure).groups == structure.groups
    return new, structure


def flat_net(size: Callable[[Tensor], tuple[int, int]]) -> Network:
    def forward(s: Any, x: Tensor) -> Tensor:
        y = F.dropout(F.relu(s.conv(x)).view(*size(x)), 0.5, s.training)
        out: Tensor = s.head(y)
        return out

    return network(Net(forward, conv=nn.Conv2d(3, 5, 3), head=nn.Linear(180, 3)))


@pytest.mark.parametrize("size", [lambda x: (-1, 180), lambda x: (x.size(0), 5 * 36), lambda x: (x.shape[0], -1)])
def test_that_a_forward_may_flatten_to_a_number(size: Callable[[Tensor], tuple[int, int]]) -> None:
    new, structure = changed(flat_net(size))
    assert units(structure) == {"conv": 5}
    new.module.train()
    assert not torch.equal(new.module(images()), new.module(images())), "dropout still drops in training"


def test_that_a_fixed_size_that_cannot_be_rewritten_is_refused_by_name() -> None:
    def forward(s: Any, x: Tensor) -> Tensor:
        y = s.conv(s.first(x).relu())
        y = y.view(-1, 180) if bool(x.sum() > -1e9) else y.flatten(1)
        out: Tensor = s.head(y)
        return out

    parts = {"first": nn.Conv2d(3, 4, 1), "conv": nn.Conv2d(4, 5, 3), "head": nn.Linear(180, 3)}
    found = network(Net(forward, **parts))
    assert prepared(found) is found
    structure = checked(found, analyze(found))
    assert units(structure) == {"first": 4}
    assert reasons(structure)["conv"].startswith("The network's own code needs all of its channels")
    assert structure.group_of("conv") is None


def test_that_a_forward_may_keep_what_it_saw() -> None:
    def forward(s: Any, x: Tensor) -> Tensor:
        s.seen = s.conv(x).relu()
        out: Tensor = s.head(s.seen.view(-1, 180))
        return out

    found = network(Net(forward, conv=nn.Conv2d(3, 5, 3), head=nn.Linear(180, 3)))
    new, structure = changed(found)
    assert units(structure) == {"conv": 5}
    assert all(isinstance(net.module.__dict__.get("seen", images()), Tensor) for net in (found, found.copy(), new))


def test_that_shuffled_and_split_channels_follow_their_numbers() -> None:
    def forward(s: Any, x: Tensor) -> Tensor:
        left, right = s.conv(x).chunk(2, 1)
        y = torch.cat([left, s.right(right)], 1)
        n, c, h, w = y.size()
        y = y.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, -1, h, w)
        first, second = torch.split(y, [1, 5], dim=1)
        return s.head(torch.cat([s.one(first), second], 1).relu().mean((2, 3)))

    parts = {"right": nn.Conv2d(3, 3, 1), "one": nn.Conv2d(1, 2, 1), "channels": 7}
    new, structure = changed(conv_net(forward, **parts))
    assert [edit.kind for edit in new.edits] == ["rewrite"]
    assert units(structure) == {"conv": 6, "right": 3, "one": 2}


class Encoder(nn.Module):
    """A transformer of one layer over patches."""

    def __init__(self, need_weights: bool = False, **more: Any) -> None:
        super().__init__()
        self.patches, self.position = nn.Conv2d(3, 12, 4, 4), nn.Parameter(torch.ones(1, 4, 12))
        self.attention = nn.MultiheadAttention(12, 3, batch_first=True, **more)
        self.up, self.down, self.norm = nn.Linear(12, 20), nn.Linear(20, 12), nn.LayerNorm(12)
        self.head, self.need_weights = nn.Linear(12, 3), need_weights

    def forward(self, x: Tensor) -> Tensor:
        x = self.patches(x).flatten(2).transpose(1, 2) + self.position
        y = self.norm(x)
        mixed, weights = self.attention(y, y, y, need_weights=self.need_weights)
        x = x + mixed if weights is None else x + mixed * weights.mean()
        x = x + self.down(F.gelu(self.up(self.norm(x))))
        out: Tensor = self.head(x.mean(1))
        return out


def test_that_attention_heads_and_hidden_widths_of_a_transformer_can_go() -> None:
    new, structure = changed(network(Encoder()))
    assert units(structure) == {"attention.in_proj": 3, "up": 20}
    assert structure.groups[0].rows["attention.in_proj"].shape == (3, 3 * 4)
    assert structure.groups[0].rows["attention.in_proj"][1].tolist() == [*range(4, 8), *range(16, 20), *range(28, 32)]
    assert "normalized over its channels" in reasons(structure)["patches"]
    smaller = remove(new, structure, {"attention.in_proj": torch.tensor([1])}).module.get_submodule("attention")
    assert smaller.num_heads == 2


def test_that_torchs_own_encoder_layer_takes_the_new_attention() -> None:
    layer = nn.TransformerEncoderLayer(12, 3, 20)
    new, structure = changed(
        network(Net(lambda s, x: s.head(s.layer(s.patches(x).flatten(2).permute(2, 0, 1)).mean(0)),
                    patches=nn.Conv2d(3, 12, 4, 4), layer=layer, head=nn.Linear(12, 3)))
    )  # fmt: skip
    assert units(structure) == {"layer.self_attn.in_proj": 3, "layer.linear1": 20}
    new.module.train()(images(3)).sum().backward()
    assert new.module.get_parameter("layer.self_attn.in_proj.weight").grad is not None


def test_that_a_mask_of_attention_is_kept() -> None:
    def forward(s: Any, x: Tensor) -> Tensor:
        y = s.patches(x).flatten(2).transpose(1, 2)
        blocked = torch.ones(4, 4, dtype=torch.bool).triu(1)
        return s.head(s.attention(y, y, y, attn_mask=blocked, need_weights=False)[0].mean(1))

    parts = {"patches": nn.Conv2d(3, 12, 4, 4), "attention": nn.MultiheadAttention(12, 3, batch_first=True)}
    _, structure = changed(network(Net(forward, **parts, head=nn.Linear(12, 3))))
    assert structure.group_of("attention.in_proj") is not None


@pytest.mark.parametrize("more", [{"need_weights": True}, {"add_zero_attn": True}, {"add_bias_kv": True}])
def test_that_attention_that_is_more_than_that_stays_as_it_is(more: dict[str, Any]) -> None:
    found = network(Encoder(**more))
    assert prepared(found) is found
    assert units(shown(found)) == {"up": 20}
    assert reasons(shown(found))["attention"]


# Edits


EVERY = {
    "flat": lambda: flat_net(lambda x: (-1, 180)),
    "attention": lambda: network(Encoder()),
    "resnet20": lambda: Network("R", ModelSpec("bundled", "resnet20"), lively(CifarResNet(1)), (3, 16, 16), 10),
    "random": lambda: network(
        RandomNet([(kind, 6) for kind in ("grouped", "norm", "sloped", "grouped_norm", "scaled")], "flat")
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EVERY))
def test_that_edits_are_json_and_make_the_same_network_again(kind: str) -> None:
    found = EVERY[kind]()
    original = found.copy()
    for seed in range(2):  # what is smaller can get smaller again
        found = prepared(found)
        structure = analyze(found)
        found = remove(found, structure, some(structure, seed))
    module = original.module
    for edit in json.loads(json.dumps([{"kind": e.kind, "data": e.data} for e in found.edits])):
        again = replay(module, Edit(edit["kind"], edit["data"]))
        assert again is not None
        module = again
    module.load_state_dict(found.module.state_dict(), strict=True)
    assert agreement(found.module, module, images(shape=found.input_shape)).max_abs_error == 0


def test_that_a_smaller_network_is_opened_again(tmp_path: Path) -> None:
    found = open_network(ModelSpec("bundled", "resnet20"), tmp_path)
    lively(found.module)
    structure = analyze(found)
    smaller = remove(found, structure, some(structure))
    smaller.save(tmp_path / "smaller")
    again = open_network(ModelSpec("pare", weights=str(tmp_path / "smaller")), tmp_path)
    assert agreement(smaller.module, again.module, images(shape=(3, 32, 32))).max_abs_error == 0
    assert again.edits == smaller.edits


def test_that_an_edit_of_another_network_is_a_sentence() -> None:
    found = conv_net(lambda s, x: s.head(s.conv(x).mean((2, 3))))
    for tensors in ({"conv.weight": {"0": 0}}, {"nowhere.weight": {"0": 0}}, {"conv": {"0": 0}}):
        with pytest.raises(CompressionError, match="removed from this network"):
            replay(found.copy().module, Edit("remove", {"lists": [[77]], "tensors": tensors}))


def test_that_masks_are_cut_with_the_network() -> None:
    found = conv_net(lambda s, x: s.head(s.bn(s.conv(x)).mean((2, 3))), bn=nn.BatchNorm2d(6))
    masks = {"conv.weight": (torch.rand(6, 3, 3, 3) > 0.5).float(), "head.weight": (torch.rand(3, 6) > 0.5).float()}
    masks["bn.bias"] = torch.tensor([1.0, 0, 1, 0, 1, 1])
    apply_masks(found.module, masks)
    smaller = remove(found, analyze(found), {"conv": torch.tensor([0, 3])})
    left = cut_masks(masks, smaller.edits[-1])
    assert left["bn.bias"].tolist() == [0, 1, 1, 1]
    before = {name: parameter.clone() for name, parameter in smaller.module.named_parameters()}
    apply_masks(smaller.module, left)
    assert all(torch.equal(before[name], parameter) for name, parameter in smaller.module.named_parameters())


def test_that_the_given_network_is_left_as_it_is() -> None:
    found = network(Encoder())
    before = {key: value.clone() for key, value in found.module.state_dict().items()}
    kinds = [type(part) for part in found.module.modules()]
    new = prepared(found)
    structure = checked(new, analyze(new))
    remove(new, structure, some(structure))
    assert [type(part) for part in found.module.modules()] == kinds
    assert all(torch.equal(before[key], value) for key, value in found.module.state_dict().items())
    assert found.edits == ()
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in new.module.modules())


def test_that_what_is_left_can_be_trained() -> None:
    found = conv_net(lambda s, x: s.head(s.bn(s.conv(x)).mean((2, 3))), bn=nn.BatchNorm2d(6))
    module = remove(found, analyze(found), {"conv": torch.tensor([1])}).module.train()
    module(images(4)).sum().backward()
    assert all(parameter.grad is not None for parameter in module.parameters())
    assert module.get_submodule("bn").num_features == 5


# What can't be done


def test_that_removing_all_channels_is_a_sentence() -> None:
    found = conv_net(lambda s, x: s.head(s.conv(x).mean((2, 3))))
    with pytest.raises(CompressionError, match="every channel of conv"):
        remove(found, analyze(found), {"conv": torch.arange(6)})


def test_that_a_quantized_network_is_refused_with_a_sentence() -> None:
    found = conv_net(lambda s, x: s.head(s.conv(x).mean((2, 3))))
    found.edits = (Edit("quantize", {}),)
    with pytest.raises(CompressionError, match="quantized"):
        analyze(found)


def test_that_a_network_that_takes_too_long_is_told_to_use_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.removal._trace.BUDGET", -1.0)
    with pytest.raises(CompressionError, match="too large") as raised:
        analyze(conv_net(lambda s, x: s.head(s.conv(x).mean((2, 3)))))
    assert "remove: false" in str(raised.value.hint)


def test_that_stop_is_heard() -> None:
    cancel = Cancel()
    cancel.request()
    found = conv_net(lambda s, x: s.head(s.conv(x).mean((2, 3))))
    for work in (lambda: analyze(found, cancel), lambda: checked(found, analyze(found), cancel)):
        with pytest.raises(Cancelled):
            work()


def test_that_a_wrong_removal_is_noticed() -> None:
    found = conv_net(lambda s, x: s.head(s.conv(x).relu().mean((2, 3))))
    structure = analyze(found)
    masked, smaller = found.copy(), remove(found, structure, {"conv": torch.tensor([1])})
    apply_masks(masked.module, structure.silenced({"conv": torch.tensor([2])}))
    result = agreement(masked.module, smaller.module, images())
    assert not result.equal
    assert result.max_abs_error > 1e-2 * result.scale
