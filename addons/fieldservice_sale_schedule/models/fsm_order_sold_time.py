from odoo import models
from odoo.exceptions import UserError

from odoo.addons.fieldservice_schedule.models.fsm_order_reservation import TIME
from odoo.addons.service_schedule.models.service_reservation import CLAIMING


class FsmOrder(models.Model):
    """A job whose time was sold: the order's reservation is the job's, so neither can move without the other."""

    _inherit = "fsm.order"

    def _take_sold_time(self, reservation):
        """Take the time of an order: with its technician, or without when the offer occupies something else.

        :param reservation: the order's, confirmed
        """
        self.ensure_one()
        person = self._find_person(reservation.resource_id)
        time = {"scheduled_date_start": reservation.start, "scheduled_date_end": reservation.stop}
        if not person:
            self.write(time)
            return
        self.write({"person_id": False, "scheduled_date_start": False})  # what somebody planned meanwhile
        reservation.job_id = self
        self.write({"person_id": person.id, **time})

    def _get_sold_reservation(self):
        """Return the reservation of this job that is an order's as well, as superuser; empty when there is none."""
        # sudo: whoever plans the job need not read reservations of orders
        return self.sudo().reservation_ids.filtered(lambda one: one.order_ids.filtered(lambda o: o.state == "sale"))[:1]

    def _get_row_to_move(self):
        """Override of ``fieldservice_schedule``: who was not there gets another time for the same order."""
        sold = self._get_sold_reservation()
        return super()._get_row_to_move() or sold.filtered(lambda one: one.state == "no_show")

    def _follow_reservation(self, reservation, kind):
        """Override of ``fieldservice_schedule``: work that has begun goes on when its order is cancelled."""
        if kind == "cancelled" and self.state == "in_progress" and reservation.order_ids:
            return self._settle_time()
        result = super()._follow_reservation(reservation, kind)
        if kind == "no_show":
            # who was not there for the first job was not there for those that follow it
            person = self._find_person(reservation.resource_id)
            reservation._get_jobs_in_turn().filtered(lambda job: job.person_id == person)._plan_anew(reservation)
        return result

    def _check_change(self, vals):
        """Override of ``fieldservice_schedule``: a time that was sold is not dropped silently.

        :raise UserError: names the job and the order
        """
        result = super()._check_change(vals)
        stage = self.env["fsm.stage"].browse(vals.get("stage_id") or ())
        dropped = [name for name in ("person_id", "scheduled_date_start") if name in vals and not vals[name]]
        if dropped or stage.code == "cancelled":
            for job in self:
                sold = job._get_sold_reservation()
                if sold.state in CLAIMING:
                    raise UserError(job._describe_sold(sold))
        return result

    def _describe_sold(self, sold):
        """Return the sentence about a time that cannot be dropped."""
        return self.env._(
            "%(job)s is sold for %(time)s with order %(order)s. Give it another technician or time, or cancel that.",
            job=self.name,
            time=sold._get_label(),
            order=sold.order_ids[:1].name,
        )

    # ------------------------------------------------------------------
    # What orders hear of their jobs
    # ------------------------------------------------------------------

    def write(self, vals):
        """Override of ``fieldservice_schedule`` to let the promise of the order follow a job that moves."""
        following = (
            self._get_sold_orders()._filter_following() if not TIME.isdisjoint(vals) else self.sudo().sale_id[:0]
        )
        result = super().write(vals)
        following._follow_jobs()
        return result

    def _plan_many(self, plan, overbooking=""):
        """Override of ``fieldservice_schedule`` to let the promises of the orders follow."""
        following = self.union(*plan)._get_sold_orders()._filter_following()
        result = super()._plan_many(plan, overbooking)
        following._follow_jobs()
        return result

    def _move_or_lose(self, starts):
        """Move jobs together; a technician who has no time then loses his, and the job says why.

        :param starts: ``{job: start}``, naive UTC; somebody promised them
        """
        try:
            with self.env.cr.savepoint():
                self._plan_many({job: (job.person_id, start, job.scheduled_duration) for job, start in starts.items()})
                self.union(*starts)._keep_choice()
        except UserError:
            # whoever goes last makes room for the next
            is_later = any(
                job.scheduled_date_start and start > job.scheduled_date_start for job, start in starts.items()
            )
            for job, start in sorted(starts.items(), key=lambda item: (item[1], item[0].id), reverse=is_later):
                job._move_alone_or_lose(start)

    def _move_alone_or_lose(self, start):
        """Move this job, without its technician when he has no time. ``start``: naive UTC."""
        try:
            with self.env.cr.savepoint():
                self.write({"scheduled_date_start": start})
        except UserError as refused:
            self._lose_technician(str(refused))
            self.write({"scheduled_date_start": start})

    def _record_work(self, before):
        """Override of ``fieldservice_schedule`` to bring the orders along."""
        result = super()._record_work(before)
        moved = self.filtered(lambda job: job.state != before[job] and job.state in ("in_progress", "completed"))
        moved._get_sold_orders()._follow_work()
        return result

    def _take_up_again(self):
        """Have these cancelled jobs done after all: their order was confirmed again."""
        for order, jobs in self.grouped("sale_id").items():
            stage = self._get_stage("requested", order.company_id)
            values = {"person_id": False, "scheduled_date_start": order._get_promised_start()}
            jobs.write({"stage_id": stage.id, **values})
