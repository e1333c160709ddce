"""What should be a priority: scores, ranks that withstand other weights, rules, progress.

Scores are judgements put into numbers by a documented scale (``params/priorities.yml``).
This room turns figures into scores and scores into ranks with their uncertainty; what the
figures are is handed in, and what is to be done is for the partnership to decide.
"""
