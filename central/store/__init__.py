"""The one way to the database: load what keys name, decide, write what changed."""
