from . import (
    fsm_dispatch,
    fsm_dispatch_insert,
    fsm_dispatch_today,
    fsm_dispatch_words,
    fsm_order,
    fsm_order_driving,
    fsm_order_lock,
    fsm_person,
    fsm_travel,
    res_company,
    res_company_roads,
    res_config_settings,
)
