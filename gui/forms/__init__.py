"""Editors built from the engine's description of a method's parameters."""

from gui.forms.editors import Combo, FileEditor, choice_text
from gui.forms.form import LABEL, Form, NestedEditor
from gui.forms.numbers import PercentEditor
from gui.forms.target import TargetEditor

__all__ = ["LABEL", "Combo", "FileEditor", "Form", "NestedEditor", "PercentEditor", "TargetEditor", "choice_text"]
