"""Replacing a layer by one of another kind: one file a method."""
