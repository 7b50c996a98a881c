"""Colour, shape and words of every status: never colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Mark(NamedTuple):
    """How a status shows."""

    tone: str
    """`ready`, `good`, `wait`, `stop` or `quiet`."""
    icon: str
    words: str


MARKS: Final[Mapping[str, Mark]] = {
    "open": Mark("ready", "package-open", "Ready to pack"),
    "held": Mark("stop", "hand", "Held"),
    "awaiting_payment": Mark("wait", "credit-card", "Awaiting payment"),
    "back_ordered": Mark("wait", "hourglass", "Waiting for stock"),
    "at_supplier": Mark("wait", "truck", "At the supplier"),
    "partly_packed": Mark("ready", "package", "Partly packed"),
    "packed": Mark("good", "package-check", "Packed"),
    "partly_shipped": Mark("ready", "truck", "Partly shipped"),
    "shipped": Mark("good", "truck", "Shipped"),
    "in_transit": Mark("good", "truck", "In transit"),
    "out_for_delivery": Mark("good", "truck", "Out for delivery"),
    "ready_to_collect": Mark("ready", "map-pin", "Ready to collect"),
    "exception": Mark("stop", "triangle-alert", "Delivery problem"),
    "delivered": Mark("good", "circle-check", "Delivered"),
    "returned": Mark("quiet", "undo-2", "Returned"),
    "cancelled": Mark("quiet", "ban", "Cancelled"),
    "voided": Mark("quiet", "ban", "Taken apart"),
    "pick_open": Mark("ready", "package-open", "Being picked"),
    "pick_done": Mark("good", "circle-check", "Picked"),
    "pick_stopped": Mark("quiet", "ban", "Stopped"),
    "not_printed": Mark("quiet", "circle", "Not printed"),
    "print_sent": Mark("ready", "printer", "On its way to the printer"),
    "print_failed": Mark("stop", "triangle-alert", "Waits for its printer"),
    "print_uncertain": Mark("wait", "circle-help", "Perhaps printed"),
    "print_printed": Mark("good", "circle-check", "Printed"),
    "print_withdrawn": Mark("quiet", "ban", "Taken back"),
    "mail_waiting": Mark("wait", "hourglass", "Waits to be sent"),
    "mail_sent": Mark("good", "circle-check", "Sent"),
    "mail_failed": Mark("stop", "triangle-alert", "Not sent"),
    "delivery_expected": Mark("ready", "hourglass", "Expected"),
    "delivery_partly_received": Mark("wait", "package-open", "Partly received"),
    "delivery_received": Mark("good", "circle-check", "All received"),
    "delivery_closed": Mark("quiet", "circle-check", "Closed, nothing more comes"),
    "delivery_cancelled": Mark("quiet", "ban", "Cancelled"),
    "count_open": Mark("ready", "hourglass", "To be counted"),
    "count_counted": Mark("wait", "circle-help", "To be decided"),
    "count_approved": Mark("good", "circle-check", "Approved"),
    "count_rejected": Mark("quiet", "ban", "Rejected"),
    "paid": Mark("good", "circle-check", "Paid"),
    "awaiting": Mark("wait", "credit-card", "Not paid"),
    "partly_paid": Mark("wait", "credit-card", "Partly paid"),
    "overpaid": Mark("wait", "triangle-alert", "Overpaid"),
    "partly_refunded": Mark("good", "undo-2", "Partly refunded"),
    "refunded": Mark("quiet", "undo-2", "Refunded"),
    "online": Mark("good", "circle-dot", "Online"),
    "offline": Mark("stop", "wifi-off", "Offline"),
    "late": Mark("stop", "triangle-alert", "Late"),
    "at_risk": Mark("wait", "hourglass", "At risk"),
    "low": Mark("wait", "triangle-alert", "Low"),
    "ok": Mark("good", "circle-check", "OK"),
    "bad": Mark("stop", "triangle-alert", "Not working"),
    "scale_right": Mark("good", "circle-check", "Right"),
    "scale_wrong": Mark("stop", "triangle-alert", "Wrong"),
    "scale_due": Mark("wait", "hourglass", "Check is due"),
    "scale_drifting": Mark("wait", "triangle-alert", "Drifting"),
    "starting": Mark("quiet", "hourglass", "Starting"),
    "silent": Mark("wait", "circle-help", "Silent"),
    "lost": Mark("stop", "wifi-off", "Not connected"),
    "role_packer": Mark("quiet", "package", "Packer"),
    "role_lead": Mark("ready", "hand", "Lead"),
    "role_office": Mark("ready", "credit-card", "Office"),
    "role_admin": Mark("wait", "circle-check", "Admin"),
    "gone": Mark("quiet", "ban", "Gone"),
    "revoked": Mark("quiet", "ban", "Revoked"),
    "expired": Mark("quiet", "hourglass", "Expired"),
}
ORDER_STATUSES: Final = (
    "held",
    "awaiting_payment",
    "back_ordered",
    "at_supplier",
    "open",
    "partly_packed",
    "packed",
    "partly_shipped",
    "shipped",
    "delivered",
    "returned",
    "cancelled",
)
PARCEL_STATUSES: Final = (
    "packed",
    "shipped",
    "in_transit",
    "out_for_delivery",
    "ready_to_collect",
    "exception",
    "delivered",
    "returned",
    "voided",
)
