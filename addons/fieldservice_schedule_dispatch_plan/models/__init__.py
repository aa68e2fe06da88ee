from . import (
    fsm_plan,
    fsm_plan_apply,
    fsm_plan_line,
    fsm_plan_lost,
    fsm_plan_print,
    fsm_plan_problem,
    fsm_plan_progress,
    fsm_plan_run,
    fsm_plan_show,
    res_company,
    res_config_settings,
)
