"""One module a published layout: a file as it came in, a validated tidy table out."""
