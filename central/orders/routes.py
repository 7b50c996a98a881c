"""REST: orders."""

from __future__ import annotations

from litestar import Router

from central.office.commands import IDEMPOTENCY
from central.orders.changing_routes import (
    annotate,
    cancel,
    edit,
    free,
    hold,
    readdress,
    recontact,
    release,
    set_priority,
    set_warehouse,
)
from central.orders.commands import IF_MATCH
from central.orders.intake_routes import add_order, import_orders
from central.orders.reading_routes import get_order, list_orders, list_queue

router = Router(
    "/api/orders",
    route_handlers=[
        list_orders,
        add_order,
        import_orders,
        get_order,
        edit,
        hold,
        release,
        set_warehouse,
        cancel,
        readdress,
        recontact,
        annotate,
        set_priority,
        free,
    ],
    opt={"area": "orders"},
    parameters=IDEMPOTENCY | IF_MATCH,
    tags=["orders"],
)
queue_router = Router("/api/queue", route_handlers=[list_queue], opt={"area": "orders"}, tags=["orders"])
