"""Crime measures: tidy frame in, tidy frame out; no files and no pictures."""
