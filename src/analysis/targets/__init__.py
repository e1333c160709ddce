"""What a target means, what it takes, and how likely it is."""
