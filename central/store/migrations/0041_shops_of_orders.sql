-- What a shop told last of an order is looked up by the order when both sides are compared.
CREATE INDEX shop_orders_by_order ON shop_orders (order_id);
