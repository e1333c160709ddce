"""Results turned into tested sentences; they compute nothing."""
