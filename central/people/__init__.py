"""People and programs: who may do what."""
