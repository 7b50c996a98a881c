"""Passwords by Argon2id, in a thread: one takes longer than a hundred parcels."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
"""RFC 9106's second recommended choice: 3 passes over 64 MiB in 4 lanes, about 60 ms on a small server. The first
takes 2 GiB for each sign-in, which a shop's server does not have."""
_AT_ONCE: Final = 2
"""More would only take memory from the benches' work: the others wait."""


class Passwords:
    """Makes and checks hashes."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turns:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def fits(self, kept: str, password: str) -> bool:
        """Whether it is the password behind the hash; an empty hash fits none, and takes as long to say so."""
        async with self._turns:
            return await asyncio.to_thread(_fits, kept, password)

    @staticmethod
    def is_old(kept: str) -> bool:
        """Whether the hash was made with other parameters than today's, and should be made again."""
        return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """Compared for names that do not exist, so that the time tells nothing."""
    return _HASHER.hash("a password that nobody has")


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept or _nobodys(), password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
