"""FX mode joins layers with their activation before it looks at settings; float ones are taken apart again."""

from __future__ import annotations

from collections.abc import Container

import torch.nn.functional as F
from torch import fx, nn
from torch.ao.nn.intrinsic.modules.fused import _FusedModule


def take_apart(module: fx.GraphModule, joined: Container[str] = ()) -> None:
    """Write ``conv`` and ``F.relu`` for every float pair outside ``joined``, so that names stay the person's."""
    for node in list(module.graph.nodes):
        if node.op != "call_module" or node.target in joined:
            continue
        pair = module.get_submodule(node.target)
        if not isinstance(pair, _FusedModule) or not _with_relu(pair):
            continue
        module.set_submodule(node.target, pair[0])
        with module.graph.inserting_after(node):
            after = module.graph.call_function(F.relu, (node,))
        node.replace_all_uses_with(after, delete_user_cb=lambda user, after=after: user is not after)
    module.recompile()


def _with_relu(pair: nn.Module) -> bool:
    parts = list(pair.children())
    return isinstance(pair, nn.Sequential) and len(parts) == 2 and type(parts[1]) is nn.ReLU
