from . import service_offer_explain
from . import service_reservation_resolve
