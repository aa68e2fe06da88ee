"""To 19.0.1.1.0: the message that a job is complete has the link to rate it."""

LINK = '\n            <t t-out="object._render_rating(audience)" />'


def migrate(cr, version):
    """Add the link at the end of the text, in each of its languages, whoever has written it; once."""
    cr.execute(
        """UPDATE mail_template t
              SET body_html = (SELECT jsonb_object_agg(lang, body || %(link)s)
                                 FROM jsonb_each_text(t.body_html) b(lang, body))
             FROM ir_model_data d
            WHERE d.module = 'fieldservice_schedule_notification' AND d.name = 'mail_template_job_completed'
              AND d.model = 'mail.template' AND d.res_id = t.id AND t.body_html::text NOT LIKE '%%_render_rating%%'""",
        {"link": LINK},
    )
