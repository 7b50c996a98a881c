"""What timelines, ledgers and problems say, in words for the office. Names that nobody listed are shown as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from central.office.marks import MARKS
from central.tracking.answers import TimelineEntry

TOLD: Final[Mapping[str, tuple[str, str]]] = {
    "order_received": ("ready", "Order received"),
    "order_paid": ("good", "Paid"),
    "payment_received": ("ready", "Part payment"),
    "payment_refunded": ("wait", "Money given back"),
    "order_held": ("stop", "Held"),
    "order_released": ("good", "Released"),
    "order_cancelled": ("quiet", "Cancelled"),
    "shop_differs": ("stop", "The shop changed it again"),
    "shop_settled": ("good", "Chosen between the shop and the office"),
    "address_changed": ("wait", "Address changed"),
    "order_edited": ("wait", "Changed"),
    "order_split": ("wait", "Split"),
    "orders_merged": ("ready", "Merged into one parcel"),
    "order_unmerged": ("wait", "Packed alone again"),
    "order_repeated": ("quiet", "Ordered again"),
    "line_assigned": ("wait", "Sender of a line changed"),
    "supplier_ordered": ("ready", "Ordered from the supplier"),
    "supplier_shipped": ("good", "Shipped by the supplier"),
    "supplier_delivered": ("good", "Delivered by the supplier"),
    "refund_due": ("wait", "To be paid back"),
    "payment_due": ("wait", "More is to be paid"),
    "rule_applied": ("ready", "Rule applied"),
    "rule_ended": ("quiet", "Rule no longer applies"),
    "contact_changed": ("wait", "Contact changed"),
    "note_added": ("quiet", "Note added"),
    "priority_changed": ("ready", "Priority changed"),
    "job_leased": ("quiet", "Given to a station"),
    "job_lent": ("quiet", "Set aside for a station"),
    "job_opened": ("ready", "Packing began"),
    "job_suspended": ("wait", "Packing suspended"),
    "job_finished": ("good", "Packing finished"),
    "job_returned": ("wait", "Given back by the station"),
    "job_withdrawn": ("wait", "Taken back from the station"),
    "job_taken_back": ("wait", "Freed from a station that did not answer"),
    "short_reported": ("wait", "Short"),
    "parcel_closed": ("good", "Parcel closed"),
    "parcel_held": ("stop", "Parcel held"),
    "parcel_let_go": ("good", "Parcel may leave"),
    "station_computer": ("stop", "Trouble with the computer"),
    "station_computer_well": ("good", "The computer is well again"),
    "label_printed": ("quiet", "Label printed"),
    "slip_printed": ("quiet", "Packing slip printed"),
    "picking_began": ("ready", "Picking began"),
    "picking_done": ("good", "Picked"),
    "picking_stopped": ("wait", "Picking stopped"),
    "delivery_note_sent": ("quiet", "Delivery note sent to a printer"),
    "pick_list_sent": ("quiet", "Pick list sent to a printer"),
    "slip_sent": ("quiet", "Packing slip sent to a printer"),
    "carrier_label_kept": ("ready", "Carrier label kept"),
    "carrier_label_sent": ("quiet", "Carrier label sent to a printer"),
    "carrier_label_printed": ("quiet", "Carrier label printed"),
    "print_withdrawn": ("quiet", "Print taken back"),
    "delivery_note_printed": ("quiet", "Delivery note printed"),
    "pick_list_printed": ("quiet", "Pick list printed"),
    "delivery_note_mailed": ("quiet", "Delivery note mailed"),
    "slip_mailed": ("quiet", "Packing slip mailed"),
    "label_voided": ("wait", "Label voided"),
    "tracking_number_set": ("ready", "Tracking number entered"),
    "parcel_opened": ("quiet", "Parcel begun"),
    "parcel_weighed": ("ready", "Weighed"),
    "certificate_issued": ("good", "Certificate issued"),
    "certificate_renewed": ("quiet", "Certificate renewed"),
    "certificate_revoked": ("stop", "Certificate revoked"),
    "scale_right": ("good", "Scale checked"),
    "scale_wrong": ("stop", "Scale is wrong"),
    "drawer_opened": ("ready", "Drawer opened"),
    "signed_in": ("quiet", "Signed in"),
    "signed_out": ("quiet", "Signed out"),
    "signed_out_idle": ("quiet", "Signed out for idleness"),
    "delivery_expected": ("quiet", "Delivery expected"),
    "delivery_changed": ("wait", "Delivery changed"),
    "goods_received": ("ready", "Goods received"),
    "goods_damaged": ("wait", "Came damaged"),
    "delivery_received": ("good", "All received"),
    "delivery_closed": ("wait", "Closed, nothing more comes"),
    "delivery_cancelled": ("stop", "Cancelled"),
    "pick_bin_set": ("quiet", "Pick bin set"),
    "lot_stopped": ("stop", "Lot stopped"),
    "lot_resumed": ("good", "Lot goes on"),
    "order_rerouted": ("wait", "Goes from another warehouse"),
    "count_planned": ("quiet", "Count planned"),
    "bin_counted": ("ready", "Counted"),
    "count_due_again": ("wait", "Far off: to be counted a second time"),
    "count_again": ("wait", "To be counted again"),
    "count_approved": ("good", "Count approved"),
    "count_rejected": ("stop", "Count rejected"),
    "promise_taken_back": ("wait", "Promise taken back"),
    "device_changed": ("quiet", "Device"),
    "sscc_leased": ("quiet", "Given parcel numbers"),
    "sscc_used_up": ("stop", "No parcel numbers are left"),
    "facts_missing": ("wait", "Facts that the restored database lacked come again"),
    "online": ("good", "Online"),
    "offline": ("wait", "Offline"),
}
REASONS: Final[Mapping[str, str]] = {
    "received": "Received",
    "counted": "Counted",
    "found": "Found while packing",
    "packed": "Packed",
    "unpacked": "Unpacked",
    "shipped": "Shipped",
    "missing": "Missing",
    "damaged": "Damaged",
    "transferred": "Between warehouses",
    "put_away": "To another bin",
}
KINDS: Final[Mapping[str, str]] = {
    "backup_overdue": "Backup overdue",
    "restored": "Restored from a copy",
    "low_stock": "Low stock",
    "below_safety_stock": "Safety stock touched",
    "not_mailed": "Not mailed",
    "count_needed": "Count needed",
    "over_delivered": "More delivered than expected",
    "under_delivered": "Less delivered than expected",
    "arrived_damaged": "Came damaged",
    "receipt_unclear": "Receipt to look at",
    "receipt_not_booked": "Receipt not booked",
    "count_unclear": "Count to look at",
    "count_not_booked": "Count not booked",
    "stopped_lot": "A stopped lot is in a parcel",
    "lot_stopped": "Promised from a lot that was stopped",
    "serial_received_twice": "One serial number received twice",
    "warehouse_unknown": "Stock in a warehouse that is gone",
    "lot_differs": "Another lot than the books had",
    "stock_found": "More packed than the books had",
    "over_promised": "More promised than there is",
    "parcel_held": "Parcel held",
    "shop_differs": "Differs from the shop",
    "paid_cancelled": "Paid although cancelled",
    "paid_too_much": "Paid too much",
    "short": "Short",
    "sscc_beyond": "Parcel numbers that the books did not know",
    "sscc_twice": "One SSCC on two parcels",
    "serial_twice": "One serial number in two parcels",
    "not_booked": "Not booked",
    "not_weighed": "Not weighed",
    "stale_lease": "Packed without a lease",
    "unknown_order": "Unknown order",
    "more_than_ordered": "More packed than ordered",
    "not_on_order": "Packed but not ordered",
    "packed_while_held": "Packed although held or cancelled",
    "void_label": "Label must be voided",
    "relabel": "Another label is needed",
    "take_out": "Something must come out",
    "refund_due": "Money to be paid back",
    "supplier_stop": "Supplier must be told",
    "payment_due": "More money is due",
    "voided_after_shipping": "Label voided after shipping",
    "unknown_item": "Unknown item",
    "weight_mismatch": "Weight does not fit",
    "lead_called": "A lead is called",
    "scale_check_failed": "Scale is wrong",
    "station_computer": "Trouble with a station's computer",
    "journal_went_back": "A station forgot its last steps",
    "session_unreadable": "A station forgot what it had under way",
}
_ABOUT_AN_ORDER: Final = frozenset({"order_split", "order_repeated"})
_SSCC: Final = re.compile(r"(\d{18})\b")


class Happening(Struct, frozen=True):
    """How an entry shows."""

    tone: str
    words: str
    parcel: str = ""
    """SSCC to lead to, when the text is about one."""
    order: str = ""
    """Order to lead to, when the text is its number."""


def happening(entry: TimelineEntry) -> Happening:
    """The words and the colour of a timeline's entry."""
    tone, words = TOLD.get(entry.what, ("quiet", entry.what.replace("_", " ").capitalize()))
    if entry.what not in TOLD and entry.what.startswith("parcel_"):
        mark = MARKS.get(entry.what.removeprefix("parcel_"))
        if mark is not None:
            tone, words = mark.tone, mark.words
    found = _SSCC.match(entry.text)
    order = entry.text if entry.what in _ABOUT_AN_ORDER else ""
    return Happening(tone, words, found[1] if found else "", order)
