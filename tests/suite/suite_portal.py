"""People who act on a real server: customers with a browser without JavaScript, staff by remote calls."""

import requests
from lxml import html
from passlib.context import CryptContext
from suite_server import PATIENCE

from odoo.fields import Command

PASSWORD = "a customer's password"


def create_users(env, values_list, group="base.group_portal"):
    """Make users of a group; one cheap hash for all, since hashing is made to be slow.

    :param values_list: dicts with "login", which is also the name and the address unless they are given
    """
    group = env.ref(group)
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": values["login"],
                    "email": values["login"],
                    "group_ids": [Command.set(group.ids)],
                    **values,
                }
                for values in values_list
            ]
        )
    )
    env.flush_all()
    hashed = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1000).hash(PASSWORD)
    env.cr.execute("UPDATE res_users SET password = %s WHERE id = ANY(%s)", [hashed, users.ids])
    return users


class Visitor(requests.Session):
    """A browser without JavaScript."""

    def __init__(self, url):
        super().__init__()
        self.url = url
        self.address = ""

    def page(self, path):
        """Return a page, parsed."""
        answer = self.get(f"{self.url}{path}", timeout=PATIENCE)
        answer.raise_for_status()
        return html.fromstring(answer.content)

    def log_in(self, login):
        """Log in as a person does."""
        token = self.page("/web/login").xpath("//input[@name='csrf_token']/@value")[0]
        form = {"login": login, "password": PASSWORD, "csrf_token": token}
        answer = self.post(f"{self.url}/web/login", data=form, timeout=PATIENCE)
        if "/web/login" in answer.url:
            raise AssertionError(f"{login} could not log in")
        return self

    def read_form(self, page):
        """Return ``(address, {name: value})`` of the form in the middle of a page, as it is filled in."""
        [form] = page.xpath("//main//form[@method='post']")
        return form.get("action"), dict(form.form_values())

    def submit(self, path, values):
        """Send a form and return the page that follows.

        :raise AssertionError: it was refused
        """
        answer = self.post(f"{self.url}{path}", data=values, timeout=PATIENCE)
        page = html.fromstring(answer.content)
        if not answer.ok:
            raise AssertionError(f"{answer.status_code}: {read_text(page)}")
        self.address = answer.url
        return page

    def choose_time(self, path, day, label, **values):
        """Go through a form with the picker: choose a day, then the time with a label, and send it.

        :return: the page that follows
        """
        action, filled = self.read_form(self.page(path))
        page = self.submit(action, {**filled, **values, "go": f"day:{day}"})
        action, filled = self.read_form(page)
        [slot] = [slot for slot in page.xpath("//label[.//input[@name='choice']]") if label in read_text(slot)]
        [choice] = slot.xpath(".//input[@name='choice'][not(@disabled)]/@value")
        return self.submit(action, {**filled, **values, "choice": choice, "go": "place"})


def read_text(node):
    """Return what a page, or a part of it, says, in one line."""
    return " ".join(node.text_content().split())


class Client(Visitor):
    """A customer's browser: logged in, without JavaScript."""

    def __init__(self, url, login):
        super().__init__(url)
        self.log_in(login)
        self.form = {}
        self.answer = None

    def fill_in(self, point_id, product_id, choice, **values):
        """Open the order form and fill it in."""
        form = self.page("/my/service/new").xpath("//form[.//input[@name='submission_key']]")[0]
        hidden = {field.get("name"): field.get("value") or "" for field in form.xpath(".//input[@type='hidden']")}
        self.form = {
            **hidden,
            "point_id": point_id,
            "product_id": product_id,
            "quantity": "1",
            "when": "later",
            "choice": choice,
            "go": "place",
            **values,
        }
        return self

    def order(self, start=None):
        """Send the form, together with the others when there is a `start`."""
        if start:
            start.wait(PATIENCE)
        self.answer = self.post(f"{self.url}/my/service/new", data=self.form, timeout=PATIENCE, allow_redirects=False)

    @property
    def text(self):
        """What the answer says, in one line."""
        return read_text(html.fromstring(self.answer.content))

    @property
    def choices(self):
        """The times that the answer lets one choose."""
        return html.fromstring(self.answer.content).xpath("//input[@name='choice'][not(@disabled)]/@value")


class Colleague(Visitor):
    """One of the staff, who calls methods as Odoo's web client does."""

    def __init__(self, url, login):
        super().__init__(url)
        self.log_in(login)

    def call(self, model, method, *args, **kwargs):
        """Return what a method answers; its error raises."""
        body = {"jsonrpc": "2.0", "params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
        answer = self.post(f"{self.url}/web/dataset/call_kw/{model}/{method}", json=body, timeout=PATIENCE).json()
        if "error" in answer:
            raise AssertionError(answer["error"]["data"]["message"])
        return answer.get("result")
