"""Rules of a house: which orders they are about, and what becomes of these. Money in minor units, mass in grams."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from contract.values import ReturnPolicy

Flag: TypeAlias = Literal["fragile", "oversell", "traced"]
"""Of a product; `traced`: its lot, serial number or expiry date is asked for."""
Waived: TypeAlias = Literal["address", "contact", "quantity", "stock"]
"""A check that a rule lets pass: how the codes of its complaints begin."""
Urgency: TypeAlias = Literal["express", "vip"]
Paper: TypeAlias = Literal["delivery_note", "slip", "pick_list"]
"""What a bench prints: a pick list when it is given the order, a slip with each parcel, a delivery note once it has
packed the whole order."""
Mode: TypeAlias = Literal["first", "all"]
"""`first`: only the first rule that is true acts. `all`: each does; of two that choose the same, the first wins."""


class Known(Struct, frozen=True):
    """What rules may name: the house's services and boxes."""

    services: frozenset[str] = frozenset()
    """Empty: any, each travels under the house's own label."""
    boxes: frozenset[str] = frozenset()


class Facts(Struct, frozen=True):
    """What rules may ask of an order."""

    country: str
    postcode: str
    currency: str
    total: int
    mass_g: int | None
    """None when a product's mass is not on file: then nothing is said of the order's mass."""
    pieces: int
    skus: tuple[str, ...]
    flags: frozenset[Flag]
    source: str
    service: str
    """As the shop asked for it."""
    earlier_orders: int
    """Of the same e-mail address, not cancelled."""
    paid: bool = False
    """As far as packing asks."""


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true, all of it; of a list, one. `from` counts itself, `below` does not. Empty: of every order."""

    country: tuple[str, ...] = ()
    country_not: tuple[str, ...] = ()
    postcode: tuple[str, ...] = ()
    """How it begins: `["20", "97"]`."""
    currency: tuple[str, ...] = ()
    total_from: float | None = None
    """In the order's currency: 49.90."""
    total_below: float | None = None
    mass_from_g: int | None = None
    mass_below_g: int | None = None
    pieces_from: int | None = None
    pieces_below: int | None = None
    sku: tuple[str, ...] = ()
    """One of these is on it; `*` stands for any letters: `["GLASS-*"]`."""
    has: tuple[Flag, ...] = ()
    """A product of this kind is on it."""
    source: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    earlier_orders_from: int | None = None
    earlier_orders_below: int | None = None
    paid: bool | None = None


class Then(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of such an order."""

    release: tuple[Waived, ...] = ()
    """Checks that do not hold it."""
    hold: str = ""
    """Hold it until somebody releases it, for this reason."""
    service: str = ""
    box: str = ""
    """Code of the box that the packer is told to take."""
    returns: ReturnPolicy | Literal[""] = ""
    """Papers for sending things back, other than the house's usual ones."""
    priority: Urgency | Literal[""] = ""
    note: str = ""
    """Shown to the packer."""
    documents: tuple[Paper, ...] = ()
    """Each printed once, by the bench that works on it."""


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule, by a name that timelines tell."""

    name: str
    then: Then
    when: When = When()


class Rules(Struct, frozen=True, forbid_unknown_fields=True):
    """A rules file."""

    apply: Mode
    rules: tuple[Rule, ...] = ()

    @property
    def ask_customers(self) -> bool:
        """Whether any rule looks at a customer's earlier orders."""
        return any(
            (rule.when.earlier_orders_from, rule.when.earlier_orders_below) != (None, None) for rule in self.rules
        )


class Actions(Struct, frozen=True):
    """What all rules together made of an order."""

    rules: tuple[str, ...] = ()
    """The names of those that acted, in the order of the file."""
    release: tuple[Waived, ...] = ()
    holds: tuple[tuple[str, str], ...] = ()
    """Name of the rule, and reason."""
    service: str = ""
    box: str = ""
    returns: ReturnPolicy | Literal[""] = ""
    priority: Urgency | Literal[""] = ""
    notes: tuple[str, ...] = ()
    documents: tuple[Paper, ...] = ()
    asked_service: str = ""
    """What the shop had asked for, when a rule or a person chose another service."""
    service_by_hand: bool = False
    """A person chose the service since: no rule does any more."""
    earlier_orders: int = 0
    """Of its customer when it came in, where a rule asks."""


NO_RULES = Rules("first")
