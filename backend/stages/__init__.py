"""Kinds of stage, one file each."""
