from . import (
    fsm_dispatch,
    fsm_dispatch_insert,
    fsm_dispatch_words,
    fsm_order,
    fsm_person,
    res_company,
    res_config_settings,
)
