"""Charts with title, subtitle, description, table and source; they compute nothing."""
