from . import availability, calendar, documents, order_lists, orders, reservations, shops, webhooks

# lists first: the name of one would be read as an order's id
ROUTERS = (
    documents.router,
    order_lists.router,
    orders.router,
    calendar.router,
    shops.router,
    availability.router,
    reservations.router,
    webhooks.router,
)
