from . import (
    field_command,
    fsm_day,
    fsm_day_checklist,
    fsm_day_do,
    fsm_day_photo,
    fsm_day_return,
    fsm_person,
)
