"""What the forecast benchmarks share: the series, the peers, the scores, the table."""
