"""Published files: where they come from, how they are read, and the figures made of them."""
