"""Distributions of future counts, never bare points."""
