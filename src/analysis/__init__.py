"""Safer Boroughs: strategic assessments and reduction targets for London boroughs."""

__version__ = "0.1.0"
