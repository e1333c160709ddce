"""Who offends and who offends again, as far as records of the police and partners tell.

Youth justice rates, outcomes and disposals, searches by ethnic group, how far crime follows
that of neighbouring boroughs, and cohorts of offenders from a partnership's own records. All
of it is about people who came to notice: none of it measures offending itself.
"""
