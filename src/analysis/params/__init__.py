"""Choices: areas, run files, plans and regimes, read and checked."""
