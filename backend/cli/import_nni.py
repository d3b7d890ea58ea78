"""``import-nni``: a recipe with the stages that NNI's config_list describes."""

from __future__ import annotations

import argparse
import dataclasses
import sys

from backend.cli._allowed import allowed
from backend.cli._ending import DONE
from backend.evaluation.inspect import inspect_network
from backend.files import write_text
from backend.models import open_network
from backend.paths import unreadable
from backend.recipe import import_nni, read_recipe, recipe_from_data, recipe_to_yaml
from backend.registry import catalogue


def import_nni_command(options: argparse.Namespace) -> int:
    """Write RECIPE with the stages of the config_list, to ``--output`` or standard output.

    What could not be carried over is said on standard error, a line each.
    """
    try:
        text = options.config.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise unreadable(error, options.config) from error
    recipe = read_recipe(options.recipe, catalogue())
    network = open_network(recipe.model, options.recipe.resolve().parent, allowed=allowed(options.allow_code))
    layers = inspect_network(network).layers
    found = import_nni(text, layers, catalogue(), options.algorithm or "")
    made = dataclasses.replace(recipe, stages=found.stages)
    recipe_from_data(made.to_data(), catalogue())
    for note in found.notes:
        print(f"Note: {note}", file=sys.stderr)
    if options.output is None:
        print(recipe_to_yaml(made), end="")
    else:
        write_text(options.output, recipe_to_yaml(made))
    return DONE
