"""Numbered changes to the database's shape, applied in order at start, each in its own transaction. Never edited
once released: a change is a new file."""
