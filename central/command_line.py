"""Who works at the command line: as the audit trail and timelines name them."""

from __future__ import annotations

import os
import pwd

from central.people.trail import Author
from central.store.sqlite import now_ms


def author(command: str) -> Author:
    """The system's user, which whoever can open the database can be held to; `command` as it was typed."""
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        user = str(os.getuid())
    return Author(f"command line ({user})", command, now_ms())
