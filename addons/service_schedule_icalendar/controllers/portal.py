from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

PAGE = "/my/calendar"


class CalendarPortal(CustomerPortal):
    @route(PAGE, type="http", auth="user", website=True, methods=["GET"], sitemap=False)
    def portal_my_calendar(self, **query):
        """Show the secret address of the customer's calendar, or how to get one."""
        values = {
            **self._prepare_portal_layout_values(),
            "feed": request.env["service.calendar.feed"]._find_own("customer"),
            "page_name": "my_calendar",
        }
        headers = [("Cache-Control", "no-store")]
        return request.render("service_schedule_icalendar.portal_my_calendar", values, headers=headers)

    @route(PAGE, type="http", auth="user", website=True, methods=["POST"], sitemap=False)
    def portal_my_calendar_change(self, action="", **post):
        """Make the address (``action`` "open"), replace it ("renew") or end it ("stop"); else change nothing."""
        feeds = request.env["service.calendar.feed"]
        if action == "open":
            feeds._open("customer")
        elif action == "renew":
            feeds._find_own("customer")._renew()
        elif action == "stop":
            feeds._find_own("customer").unlink()
        return request.redirect(PAGE, code=303)
