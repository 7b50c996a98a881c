"""The one vocabulary that every carrier's statuses are brought to."""

from __future__ import annotations

from typing import Literal, TypeAlias

Status: TypeAlias = Literal[
    "packed",
    "voided",
    "shipped",
    "in_transit",
    "out_for_delivery",
    "ready_to_collect",
    "exception",
    "delivered",
    "returned",
]
"""`packed`: closed and labelled. `voided`: taken apart, its label must not be used. `shipped`: left the house.
`exception`: the carrier reports trouble. `returned`: came back to the sender."""

ON_THE_WAY: frozenset[Status] = frozenset(
    {"shipped", "in_transit", "out_for_delivery", "ready_to_collect", "exception", "delivered", "returned"}
)
"""What can only be said of a parcel that left the house."""
