"""Who is harmed and who again: like months to compare, shares of crime, repeat victims.

Tidy frames in, tidy frames out. Recorded is not suffered: what victims never reported is in
none of these numbers, and least of all where the offender is at home.
"""
