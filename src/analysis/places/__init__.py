"""Places: where crime gathers, whether it stays there, and where effort would have paid.

Counts of places (small areas or map points, all of them, those without crime too) and
points on the British National Grid in; tidy tables and small results with their chance
benchmark out. No files and no pictures.
"""
