"""A house in which people, shops and benches do whatever they may do, in any order: in memory and on a database."""
