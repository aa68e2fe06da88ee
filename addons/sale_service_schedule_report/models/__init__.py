from . import service_capacity, service_point, service_reservation
