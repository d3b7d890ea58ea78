"""Decompositions, one file each: a layer written as several smaller ones that follow each other."""
