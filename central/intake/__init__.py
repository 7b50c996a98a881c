"""Files that a shop sends: bytes to rows, texts to values, and the report of what was refused. Pure."""
