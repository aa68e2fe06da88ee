from odoo import fields, models


class ServiceReservation(models.Model):
    _inherit = "service.reservation"

    answer_ids = fields.One2many("service.reservation.answer", "reservation_id", "Answers", readonly=True)

    def _store_answers(self, answers):
        """Write the answers to the offer's questions; a file that was given before stays until another comes.

        :param answers: ``{question: values}`` as ``service.offer.question._read_answer`` returns them, None for
            questions that were left empty
        """
        self.ensure_one()
        had = {answer.question_id: answer for answer in self.answer_ids}
        for question, values in answers.items():
            answer = had.get(question, self.answer_ids.browse())
            if values:
                self._store_answer(question, answer, dict(values))
            elif question.kind != "file":
                answer.unlink()

    def _store_answer(self, question, answer, values):
        """Write one answer, and its file if it is one."""
        file = [values.pop(name, None) for name in ("file_name", "file_type", "file_data")]
        values.update(question=question.name, kind=question.kind, sequence=question.sequence)
        if answer:
            answer.write(values)
        else:
            answer = answer.create({**values, "reservation_id": self.id, "question_id": question.id})
        if question.kind == "file":
            answer._attach(*file)
