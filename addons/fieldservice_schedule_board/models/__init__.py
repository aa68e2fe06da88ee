from . import (
    fsm_board,
    fsm_board_conflicts,
    fsm_board_live,
    fsm_board_move,
    fsm_order,
    fsm_order_live,
    fsm_person,
    fsm_route_map,
    ir_websocket,
    res_config_settings,
)
