"""The recipe: the document that window, command line, search and tests share.

Which network, which data, which stages with which settings on which layers. Frozen: an edit returns
a new recipe. Neither torch nor Qt is imported here.
"""

from backend.recipe._budget import AT_LEAST, TARGETS, Verdict, judged
from backend.recipe._check import DATA_PARAMETERS, MODEL_PARAMETERS, RECIPE_PARAMETERS, recipe_from_data
from backend.recipe._command import command_of, command_text
from backend.recipe._edit import add_stage, edit_layers, merged, move_stage, remove_stage, with_value
from backend.recipe._nni import Imported, import_nni, nni_algorithms
from backend.recipe._rules import KEEP, LayerPlan, filled, plan, plan_of, resolved, rule_of, unmatched, within
from backend.recipe._script import script_of
from backend.recipe._types import DataSpec, ModelSpec, Recipe, Rule, Stage, is_pattern
from backend.recipe._yaml import read_recipe, recipe_from_yaml, recipe_to_yaml, value_from_text, yaml_from_data

__all__ = [
    "AT_LEAST",
    "DATA_PARAMETERS",
    "KEEP",
    "MODEL_PARAMETERS",
    "RECIPE_PARAMETERS",
    "TARGETS",
    "DataSpec",
    "Imported",
    "LayerPlan",
    "ModelSpec",
    "Recipe",
    "Rule",
    "Stage",
    "Verdict",
    "add_stage",
    "command_of",
    "command_text",
    "edit_layers",
    "filled",
    "is_pattern",
    "judged",
    "import_nni",
    "merged",
    "nni_algorithms",
    "move_stage",
    "plan",
    "plan_of",
    "read_recipe",
    "recipe_from_data",
    "recipe_from_yaml",
    "recipe_to_yaml",
    "remove_stage",
    "resolved",
    "script_of",
    "rule_of",
    "unmatched",
    "value_from_text",
    "with_value",
    "within",
    "yaml_from_data",
]
