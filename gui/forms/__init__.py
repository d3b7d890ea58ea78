"""Editors built from the engine's description of a method's parameters."""

from gui.forms.editors import Combo, FileEditor, choice_text
from gui.forms.form import LABEL, Form
from gui.forms.nested import GroupEditor, ListEditor, NestedEditor
from gui.forms.network import NetworkEditor
from gui.forms.numbers import PercentEditor
from gui.forms.pairs import PairsEditor
from gui.forms.surroundings import PairsWanted, Surroundings
from gui.forms.target import TargetEditor

__all__ = [
    "LABEL", "Combo", "FileEditor", "Form", "GroupEditor", "ListEditor", "NestedEditor", "NetworkEditor", "PairsEditor",
    "PairsWanted", "PercentEditor", "Surroundings", "TargetEditor", "choice_text",
]  # fmt: skip
