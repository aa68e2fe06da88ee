import zlib

from lxml import html

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, is_html_empty

ITEMS = "//ul[contains(concat(' ', normalize-space(@class), ' '), ' o_checklist ')]/li"
CHECKED = "o_checked"


class FsmOrder(models.Model):
    """The checklist of a job: the check boxes in its instructions, which a template brings, and its open activities.

    Instructions are written with Odoo's editor, whose checklists are lists of a class; to tick an item sets the class
    there, so that office and phone see the same.
    """

    _inherit = "fsm.order"

    def _get_field_checklist(self):
        """Return ``[{"item": key, "name", "done"}]``."""
        self.ensure_one()
        items = [
            {"item": key, "name": _item_text(element), "done": CHECKED in (element.get("class") or "").split()}
            for key, element in _read_items(_parse(self.todo))
        ]
        return items + [
            {
                "item": f"activity:{activity.id}",
                "name": activity.summary or activity.activity_type_id.name,
                "done": False,
            }
            for activity in self.activity_ids
        ]

    def _get_field_instructions(self):
        """Return the instructions as plain text, without the check boxes that the checklist shows."""
        if is_html_empty(self.todo):
            return ""
        root = _parse(self.todo)
        for boxes in root.xpath("//ul[contains(concat(' ', normalize-space(@class), ' '), ' o_checklist ')]"):
            boxes.drop_tree()
        return html2plaintext(html.tostring(root, encoding="unicode"), include_references=False).strip()

    def _field_tick(self, values, _at):
        """Tick an item, or take the tick back. ``values``: ``item``, its key, and ``done``."""
        kind, _colon, key = str(values.get("item") or "").partition(":")
        if kind == "activity":
            self._tick_activity(key, bool(values.get("done")))
        else:
            self._tick_instruction(str(values.get("item")), bool(values.get("done")))

    def _tick_activity(self, key, done):
        """Mark an activity as done. Done activities are closed: what is not open any more is done."""
        if not done:
            raise UserError(self.env._("An activity that is done stays done. Ask dispatch for a new one."))
        # sudo: what is to do on one's own job may have been given to dispatch's name
        activity = self.sudo().activity_ids.filtered(lambda activity: str(activity.id) == key)
        activity.action_feedback()

    def _tick_instruction(self, key, done):
        """Tick a check box of the instructions.

        :raise UserError: there is no such item any more
        """
        root = _parse(self.todo)
        element = dict(_read_items(root)).get(key)
        if element is None:
            raise UserError(self.env._("The checklist of %(job)s has been changed meanwhile.", job=self.name))
        classes = [name for name in (element.get("class") or "").split() if name != CHECKED]
        element.set("class", " ".join(classes + [CHECKED] * done))
        self.todo = "".join(html.tostring(child, encoding="unicode") for child in root)


def _parse(todo):
    """Return the tree of some instructions, below a ``div``."""
    return html.fragment_fromstring(todo or "", create_parent="div")


def _read_items(root):
    """Return ``[(key, element)]``: a key names place and text, so that nobody ticks what he did not read."""
    items = root.xpath(ITEMS)
    return [(f"todo:{number}:{zlib.crc32(_item_text(one).encode()):x}", one) for number, one in enumerate(items)]


def _item_text(element):
    """Return the text of an item."""
    return " ".join(element.text_content().split())
