"""Pictures of open boxes: taken at the benches, kept here by their SHA-256 for as long as the house wants."""
