def post_init_hook(env):
    """Put the coming appointments into the calendars, and look which of them a meeting lies over: crons do it soon."""
    env["service.reservation"]._sync_events_before_commit()
    env.ref("service_schedule.ir_cron_review_trouble")._trigger()
