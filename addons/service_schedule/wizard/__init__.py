from . import service_offer_explain
