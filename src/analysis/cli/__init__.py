"""The command ``csp``: a thin skin over the package."""
