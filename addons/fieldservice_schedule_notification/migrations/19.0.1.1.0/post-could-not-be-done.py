OLD = "we were with you and could not do this job."
NEW = "we could not do this job."


def migrate(cr, _version):
    """Say no more to customers that we were there: a technician may say it when he could not come at all.

    Only where the sentence still stands; what people wrote instead of it stays.
    """
    cr.execute(
        """UPDATE mail_template t
              SET body_html = replace(t.body_html::text, %(old)s, %(new)s)::jsonb
             FROM ir_model_data d
            WHERE d.module = 'fieldservice_schedule_notification' AND d.name = 'mail_template_job_failed'
              AND d.res_id = t.id AND strpos(t.body_html::text, %(old)s) > 0""",
        {"old": OLD, "new": NEW},
    )
