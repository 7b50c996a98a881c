"""What the bench answers, as a value: light, sound and the name of a text. The words are the kiosk's."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct, field

from station.devices.ports import Lamp


class Say(StrEnum):
    """Everything that the bench can answer; `station.kiosk.texts` has the words in each language."""

    NOTHING = "nothing"
    # People
    WELCOME = "welcome"
    GOODBYE = "goodbye"
    SIGNED_OUT_IDLE = "signed_out_idle"
    BADGE_FIRST = "badge_first"
    BADGE_ASKED = "badge_asked"
    BADGE_UNKNOWN = "badge_unknown"
    BADGE_NOT_CHECKED = "badge_not_checked"
    LEAD_ONLY = "lead_only"
    LEAD_CALLED = "lead_called"
    LANGUAGE = "language"
    # Opening work
    OPENING = "opening"
    OPENED = "opened"
    RESUMED = "resumed"
    IN_HAND_EXCESS = "in_hand_excess"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"
    NO_NEXT = "no_next"
    STOPPED_WAITING = "stopped_waiting"
    ORDER_FIRST = "order_first"
    NOTHING_TO_PACK = "nothing_to_pack"
    # Items
    PACKED = "packed"
    LINE_DONE = "line_done"
    ALL_IN = "all_in"
    WRONG_ITEM = "wrong_item"
    TOO_MANY = "too_many"
    CASE_TOO_BIG = "case_too_big"
    BAD_CODE = "bad_code"
    MUST_SCAN = "must_scan"
    NO_SUCH_LINE = "no_such_line"
    TYPED_TOO_MANY = "typed_too_many"
    TYPED_TOO_FEW = "typed_too_few"
    EXPIRED = "expired"
    SERIAL_TWICE = "serial_twice"
    ONE_BY_ONE = "one_by_one"
    WHICH_ONE = "which_one"
    BAD_LOT = "bad_lot"
    BAD_SERIAL = "bad_serial"
    BAD_EXPIRY = "bad_expiry"
    BOX = "box"
    BOX_TOO_LARGE = "box_too_large"
    MATERIAL = "material"
    BOX_UNKNOWN = "box_unknown"
    UNDONE = "undone"
    NOTHING_TO_UNDO = "nothing_to_undo"
    TAKEN_OUT = "taken_out"
    NOT_IN_PARCEL = "not_in_parcel"
    DISCARDED = "discarded"
    PARCEL_EMPTY = "parcel_empty"
    READ_FIRST = "read_first"
    CONFIRMED = "confirmed"
    ALREADY_CLOSED = "already_closed"
    # Short and damaged
    SHORT_REPORTED = "short_reported"
    DAMAGED_REPORTED = "damaged_reported"
    NAME_THE_ITEM = "name_the_item"
    NONE_OPEN = "none_open"
    FINISHED_SHORT = "finished_short"
    # Weight
    TO_SCALE = "to_scale"
    WEIGHED = "weighed"
    WEIGHT_WRONG = "weight_wrong"
    HALTED = "halted"
    NO_SCALE = "no_scale"
    # Scale
    NO_SCALE_CHECK = "no_scale_check"
    CHECK_SCALE_FIRST = "check_scale_first"
    SCALE_CHECK_BEGUN = "scale_check_begun"
    SCALE_IS_EMPTY = "scale_is_empty"
    CHECK_WEIGHT_TAKEN = "check_weight_taken"
    FINISH_CHECK = "finish_check"
    SCALE_IS_RIGHT = "scale_is_right"
    SCALE_IS_WRONG = "scale_is_wrong"
    SCALE_HAS_A_KEY = "scale_has_a_key"
    SCALE_MOVES = "scale_moves"
    EMPTY_FIRST = "empty_first"
    SCALE_ZEROED = "scale_zeroed"
    SCALE_TARED = "scale_tared"
    # Drawer
    DRAWER_OPENED = "drawer_opened"
    DRAWER_GONE = "drawer_gone"
    NO_DRAWER = "no_drawer"
    # Photo
    PHOTO_ASKED = "photo_asked"
    PHOTO_TAKEN = "photo_taken"
    PHOTO_POOR = "photo_poor"
    PHOTO_MISSED = "photo_missed"
    PHOTO_COMES = "photo_comes"
    NO_PHOTO_HERE = "no_photo_here"
    # Label
    NO_SSCC = "no_sscc"
    LABEL_FAILED = "label_failed"
    SLIP_FAILED = "slip_failed"
    LABEL_UNCERTAIN = "label_uncertain"
    SLIP_UNCERTAIN = "slip_uncertain"
    PRINTING = "printing"
    PRINTED = "printed"
    PRINTED_AGAIN = "printed_again"
    PRINTED_ELSEWHERE = "printed_elsewhere"
    NOTHING_TO_REPRINT = "nothing_to_reprint"
    OTHER_LABEL = "other_label"
    LABEL_FIRST = "label_first"
    NOT_ON_SCALE = "not_on_scale"
    HANDS_OFF = "hands_off"
    PARCEL_CLOSED = "parcel_closed"
    JOB_DONE = "job_done"
    LABEL_DROPPED = "label_dropped"
    # Questions
    ASK_TAKE_OUT = "ask_take_out"
    ASK_MISSING = "ask_missing"
    ASK_DAMAGED = "ask_damaged"
    ASK_DISCARD = "ask_discard"
    ASK_LEAVE = "ask_leave"
    ASK_UNSCANNED = "ask_unscanned"
    ASK_REASON = "ask_reason"
    ASK_ORIGIN = "ask_origin"
    ANSWER_FIRST = "answer_first"
    NEVER_MIND = "never_mind"
    # Recall, suspend, rest
    SUSPENDED = "suspended"
    RECALLED = "recalled"
    RECALL_FIRST = "recall_first"
    RETURNED = "returned"
    NOTE = "note"
    NOT_NOW = "not_now"
    UNKNOWN_COMMAND = "unknown_command"
    DEVICE_LOST = "device_lost"
    DEVICE_GONE = "device_gone"
    EXPLAINED = "explained"


class Said(Struct, frozen=True):
    """One answer. `args` fill the places of its text."""

    lamp: Lamp = Lamp.READY
    say: Say = Say.NOTHING
    args: dict[str, str] = field(default_factory=dict)
