"""Confidence in the police: what a survey's figures can bear, and how they sit with risk.

Tidy frames in, tidy frames out: intervals of survey shares and how far they scatter, what
changed beyond chance, ranks, confidence beside recorded risk, perceptions beside the record.
"""
