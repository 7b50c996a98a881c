"""What follows from the quantities of an order line, as the books hold it and as it is shown. Pure."""

from __future__ import annotations


class Quantities:
    """Pieces of one order line: counted over its life, so that a delivered piece is still packed and shipped."""

    __slots__ = ()

    ordered: int
    reserved: int
    packed: int
    cancelled: int
    supplier: str
    supplier_ordered: int

    @property
    def wanted(self) -> int:
        """Pieces that the customer is to get."""
        return self.ordered - self.cancelled

    @property
    def unsent(self) -> int:
        """Pieces that are neither packed here nor sent by a supplier."""
        return self.ordered - self.cancelled - self.packed

    @property
    def to_pack(self) -> int:
        """Pieces that are still to be packed here, reserved or not."""
        return 0 if self.supplier else self.ordered - self.cancelled - self.packed

    @property
    def back_ordered(self) -> int:
        """Pieces that wait for stock."""
        return self.to_pack - self.reserved

    @property
    def untouched(self) -> int:
        """Pieces that nothing happened to yet, not packed and not ordered from a supplier: they can be moved to another
        line or order.
        """
        return self.wanted - max(self.packed, self.supplier_ordered)
