from . import (
    fsm_board,
    fsm_board_conflicts,
    fsm_board_move,
    fsm_order,
    fsm_person,
    fsm_route_map,
    res_config_settings,
)
