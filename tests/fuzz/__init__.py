"""Whatever comes to a door of Packline: taken, or refused in a sentence. Inputs are kept in `corpus/`."""
