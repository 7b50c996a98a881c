"""The office's papers: what may be printed, on which bench it is, and what went out by mail."""
