"""What packers say by a code on paper or a button: the commands, and the reasons by their place on the screen."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from contract.messages import NEXT_WORK

COMMAND_PREFIX: Final = "PK-"
REASON_PREFIX: Final = "PK-REASON-"


class Command(StrEnum):
    """Everything a packer can say to the bench. A touch button sends the same text as the code on the sheet."""

    WORK = NEXT_WORK
    """Give me the next order of the queue."""
    CONFIRM = "PK-CONFIRM"
    CANCEL = "PK-CANCEL"
    UNDO = "PK-UNDO"
    NEXT = "PK-NEXT"
    """Close this parcel and go on with the rest in another."""
    REPRINT = "PK-REPRINT"
    SHORT = "PK-SHORT"
    DAMAGED = "PK-DAMAGED"
    EXPLAIN = "PK-EXPLAIN"
    LEAD = "PK-LEAD"
    """Call a lead."""
    LANGUAGE = "PK-LANGUAGE"
    SIGN_OUT = "PK-SIGNOUT"
    SUSPEND = "PK-SUSPEND"
    TAKE_OUT = "PK-TAKEOUT"
    DISCARD = "PK-DISCARD"
    """Take everything out of the open parcel and begin it again."""
    CHECK_SCALE = "PK-CHECKSCALE"
    ZERO = "PK-ZERO"
    """Have the empty scale show zero."""
    TARE = "PK-TARE"
    """Have the scale take off the tray that stands on it."""
    DRAWER = "PK-DRAWER"
    """Open the bench's drawer."""
    PHOTO = "PK-PHOTO"
    """Take the picture of the open box once more."""
    YES = "PK-YES"
    NO = "PK-NO"


def reason_code(reason: int) -> str:
    """What chooses the reason (from 0) in the order shown."""
    return f"{REASON_PREFIX}{reason + 1}"
