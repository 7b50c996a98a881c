"""Copies of central's database, taken while it works; and the way back from one."""
