from odoo import api, fields, models
from odoo.fields import Command

from .fsm_order import NOT_BEGUN


class SaleOrder(models.Model):
    """The jobs that an order's confirmation makes, one place for all of it.

    ``fieldservice_sale`` fails when several orders are confirmed at once, asks for rights that a salesman has not,
    makes one job whatever is sold, and forgets the jobs of an order that is cancelled.
    """

    _inherit = "sale.order"

    @api.depends("order_line.job_ids", "order_line.fsm_order_id")
    def _compute_fsm_order_ids(self):
        """Override of ``fieldservice_sale``: one query for all orders, also for whoever sees no jobs."""
        jobs = self._search_jobs()
        for order in self:
            mine = jobs.filtered(lambda job, order=order: job.sale_id.id == order.id)
            order.fsm_order_ids = mine.ids
            order.fsm_order_count = len(mine)

    def _search_jobs(self):
        """Return the jobs of these orders, as superuser, oldest first."""
        # sudo: whoever may change an order changes its jobs with it
        return self.env["fsm.order"].sudo().search([("sale_id", "in", self.ids)], order="id")

    # ------------------------------------------------------------------
    # Confirmed, cancelled
    # ------------------------------------------------------------------

    def _action_confirm(self):
        """Override of ``fieldservice_sale`` to make the jobs of several orders, which then take the time sold."""
        self._settle_sites()
        self._search_jobs().filtered(lambda job: job.state == "cancelled")._take_up_again()
        result = super()._action_confirm()
        self._cancel_surplus_jobs()
        self._take_sold_times()
        return result

    def _action_cancel(self):
        """Override of ``sale`` to cancel the jobs on which nobody has begun to work."""
        result = super()._action_cancel()
        self._cancel_jobs()
        return result

    def _cancel_jobs(self):
        """Cancel the jobs of these orders on which no work has begun; of the others say that they stay."""
        jobs = self._search_jobs()
        jobs.filtered(lambda job: job.state in NOT_BEGUN).action_cancel()
        for order in self:
            mine = jobs.filtered(lambda job, order=order: job.sale_id == order)
            kept = mine.filtered(lambda job: job.state != "cancelled")
            if kept:
                order._message_log(
                    body=self.env._(
                        "These jobs were begun or done and stay: %(jobs)s", jobs=", ".join(kept.mapped("name"))
                    )
                )
            for job in kept.filtered(lambda job: job.state == "in_progress"):
                job.message_post(body=self.env._("The customer's order %(order)s was cancelled.", order=order.name))

    # ------------------------------------------------------------------
    # Making jobs
    # ------------------------------------------------------------------

    def _field_service_generation(self):
        """Override of ``fieldservice_sale`` to create what is missing, for all orders at once; may run again.

        :return: the jobs that were created, as superuser
        """
        # sudo: whoever may sell makes jobs of what he sells
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        orders._settle_sites()
        created = self.env["fsm.order"].sudo()
        for company, group in orders.grouped("company_id").items():
            values = [job for order in group for job in order._prepare_missing_jobs()]
            # stage and team are those of the company that sells
            created |= created.with_company(company).create(values).with_env(created.env)
        orders._link_jobs(created)
        for order in orders.filtered(lambda order: created.filtered(lambda job: job.sale_id == order)):
            order._post_fsm_message(created.filtered(lambda job, order=order: job.sale_id == order))
        return created

    def _prepare_missing_jobs(self):
        """Return the values of the jobs that the lines of this order want and do not have."""
        self.ensure_one()
        values = []
        if self._get_sharing_lines().filtered(lambda line: not line.fsm_order_id) and not self._get_shared_job():
            templates = self._get_sharing_lines().product_id.fsm_order_template_id
            values.append(self._prepare_fsm_values(so_id=self.id, template_ids=templates.ids))
        for line in self.order_line - self._get_sharing_lines():
            missing = line._get_wanted_jobs() - len(line._get_jobs())
            values += [self._prepare_line_fsm_values(line) for _job in range(missing)]
        return values

    def _get_sharing_lines(self):
        """Return the lines that have one job together."""
        return self.order_line.filtered(
            lambda line: line.product_id.field_service_tracking == "sale" and line._get_wanted_jobs()
        )

    def _get_shared_job(self):
        """Return the job that lines of this order share, empty when there is none."""
        return self._get_sharing_lines().fsm_order_id.filtered(lambda job: not job.sale_line_id)[:1]

    def _link_jobs(self, created):
        """Have the lines point to their first job, which ``fieldservice_sale`` and the invoice ask for."""
        for line, jobs in created.grouped("sale_line_id").items():
            line.filtered(lambda line: not line.fsm_order_id).fsm_order_id = jobs[0]
        for order in self:
            shared = order._get_shared_job() or created.filtered(
                lambda job, order=order: job.sale_id == order and not job.sale_line_id
            )
            order._get_sharing_lines().filtered(lambda line: not line.fsm_order_id).fsm_order_id = shared[:1]

    def _prepare_fsm_values(self, **kwargs):
        """Override of ``fieldservice_sale``: on what, how long, with which skills, and when it was promised.

        Its own plans every job for the moment of the sale when nothing was promised; ours leaves it to the dispatcher.
        """
        values = super()._prepare_fsm_values(**kwargs)
        line = self.env["sale.order.line"].browse(kwargs.get("sol_id") or ())
        lines = line or self._get_sharing_lines()
        template = self.env["fsm.template"].browse(values["template_id"] or ())
        return {
            **values,
            **({"type": template.type_id.id} if template.type_id else {}),
            **({"team_id": template.team_id.id} if template.team_id else {}),
            "skill_ids": [Command.set(template.skill_ids.ids)],
            "request_early": self._get_promised_start() or fields.Datetime.now(),
            "scheduled_date_start": self._get_promised_start(),
            "scheduled_duration": values["scheduled_duration"] or self._get_sold_hours(lines),
            "equipment_ids": [Command.set(lines.equipment_id.ids)],
        }

    def _get_promised_start(self):
        """Return when the customer was told that somebody comes, naive UTC; False when nothing was promised."""
        self.ensure_one()
        # sudo: whoever sells the order may know its time
        reservation = self.sudo().reservation_id
        if reservation.state in ("held", "confirmed"):
            return reservation.start
        return self.commitment_date

    def _get_sold_hours(self, lines):
        """Return how long the offers of these lines take together, 0.0 when they have none."""
        offers = [
            (line.product_id.service_offer_ids & self.service_offer_id)
            or line.product_id.service_offer_ids.filtered(lambda offer: offer.company_id == self.company_id)
            for line in lines
        ]
        return sum(offer[:1].duration_minutes for offer in offers) / 60

    def _fit_jobs(self):
        """Bring the number of jobs in line with what is sold now."""
        created = self._field_service_generation()
        self._cancel_surplus_jobs()
        for order in self.sudo()._filter_timed():  # sudo: as in ``_search_jobs``
            (created & order.reservation_id._get_jobs_in_turn())._take_turns(order.reservation_id)

    def _cancel_surplus_jobs(self):
        """Cancel the jobs, not begun, that fewer units do not want any more."""
        surplus = self.env["fsm.order"].sudo()
        for line in self.sudo().order_line.filtered("job_ids"):
            waiting = line.job_ids.filtered(lambda job: job.state in NOT_BEGUN)
            standing = line.job_ids.filtered(lambda job: job.state != "cancelled")
            too_many = len(standing) - line._get_wanted_jobs()
            # first those that nobody has planned, the youngest of them
            ordered = waiting.sorted(lambda job: (bool(job.person_id), bool(job.scheduled_date_start), -job.id))
            surplus |= ordered[: max(too_many, 0)]
        surplus.action_cancel()
