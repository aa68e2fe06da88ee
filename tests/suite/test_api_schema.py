"""What the API answers to anything that its OpenAPI document allows, and to much that it does not: schemathesis.

Asked as staff, as a customer and without a key: no fault, no answer outside the document. A minute in all; for longer,
and for other questions: SCHEMA_SECONDS=900 SCHEMA_SEED=7 make test ARGS=tests/suite/test_api_schema.py
"""

import os
import time
from datetime import UTC, datetime, timedelta

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from suite_portal import create_users
from suite_server import PATIENCE, ServedCase, transaction

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.service_schedule_api.models.res_users_apikeys import SCOPE

SECONDS = float(os.environ.get("SCHEMA_SECONDS", "60"))
SEED = int(os.environ.get("SCHEMA_SEED", "6"))
EXAMPLES = 12
"""Of each route, at the most, in a minute; a busy machine asks less, never longer."""
ROUTES = 25
"""There are more."""
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


@tagged("post_install", "-at_install", "standard")
class TestApiSchema(ServedCase):
    """A shop with an offer, a customer, and a manager who is also an administrator, on a served Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with transaction(cls.database) as env:
            env["ir.config_parameter"].set_param("service_schedule_api.nobody_limit", "1000000")
            env["ir.config_parameter"].set_param("service_notification_webhook.allowed_hosts", "127.0.0.1")
            customer = create_users(env, [{"login": "schema@example.com"}])
            staff = create_users(env, [{"login": "schema-staff"}], "service_schedule.group_manager")
            staff.group_ids = [Command.link(env.ref("base.group_system").id)]
            keys = env["res.users.apikeys"]
            cls.keys = {
                name: keys.with_user(user).sudo()._generate(SCOPE, "schema", None)
                for name, user in (("customer", customer), ("staff", staff))
            }
            keys.search([("name", "=", "schema")]).api_limit = 1000000
            cls.known = cls._create_records(env, customer)
        cls.url = f"http://127.0.0.1:{cls.start_server().port}/api/v1"
        document = requests.get(f"{cls.url}/openapi.json", timeout=PATIENCE).json()
        cls.schema = schemathesis.openapi.from_dict(document)

    @classmethod
    def _create_records(cls, env, customer):
        """Make one of each; return ``{name in the document: value}`` of what generated values would never meet."""
        point = env["service.point"].create({"name": "Schema shop", "tz": "America/New_York"})
        offer = env["service.offer"].create({"name": "Schema fill", "point_id": point.id})
        product = env["product.product"].create(
            {"name": "Schema fill", "type": "service", "service_offer_ids": [Command.link(offer.id)]}
        )
        form = env["service.order.form"].with_user(customer).sudo()
        item = {"product_id": product.id, "quantity": 1, "equipment_id": None}
        order = form._place_by_api(form._fill_by_api(point.id, [item], ""), "")
        day = point._get_today() + timedelta(days=2)
        slot = offer.get_availability(day, day + timedelta(days=7))[0]
        start = datetime.fromtimestamp(slot.start, UTC).isoformat()
        reservations = env["service.reservation"].with_user(customer).sudo()
        hold = reservations._hold(offer, f"time:{start}", partner=customer.partner_id)
        webhook = env["service.webhook.endpoint"].create({"name": "Schema", "url": "https://127.0.0.1/hook"})
        delivery = webhook._insert_deliveries("test", {"message": "x"})
        return {
            "shop_id": point.id,
            "offer_id": offer.id,
            "product_id": product.id,
            "order_id": order.id,
            "public_id": hold.public_id,
            "customer_id": customer.partner_id.id,
            "webhook_id": webhook.id,
            "delivery_id": delivery.id,
            "start": start,
            "date": day.isoformat(),
            "time_slot": "MORNING",
        }

    def aim(self, values):
        """Let what was generated mean records that there are, where it has a place for them."""
        if isinstance(values, dict):
            for name, value in values.items():
                if name in self.known and not isinstance(value, dict | list):
                    values[name] = self.known[name]
                else:
                    self.aim(value)
        elif isinstance(values, list):
            for value in values:
                self.aim(value)

    def ask(self, who):
        """Ask every route in turn; fail with the first wrong answer of each."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}
        until, calls, wrong = time.monotonic() + SECONDS / 3, 0, []
        operations = [result.ok() for result in self.schema.get_all_operations()]
        for number, operation in enumerate(operations):
            # what one route does not use of its share is the others'
            share = (until - time.monotonic()) / (len(operations) - number)
            calls += self.ask_route(operation, headers, time.monotonic() + share, wrong)
        self.assertGreater(len(operations), ROUTES)
        self.assertFalse(wrong, f"{len(wrong)} of {calls} calls:\n\n" + "\n\n".join(wrong))

    def ask_route(self, operation, headers, until, wrong):
        """Ask one route with generated parameters and bodies, at least once; return how often."""
        calls, answers = 0, set()

        @seed(SEED)
        @settings(
            max_examples=round(EXAMPLES * max(1, SECONDS / 60)),
            deadline=None,
            database=None,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
        def run(case):
            nonlocal calls
            if calls and time.monotonic() > until:
                return
            calls += 1
            if calls % 2:
                for values in (case.path_parameters, case.query, case.body):
                    self.aim(values)
            answer = case.call(base_url=self.url, headers=headers, timeout=PATIENCE)
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as failures:
                for failure in failures.exceptions:
                    kind = (type(failure), answer.status_code)
                    if kind not in answers:
                        answers.add(kind)
                        wrong.append(f"{operation.label} {answer.status_code}: {failure}\n{case.as_curl_command()}")

        run()
        return calls

    def test_staff(self):
        """A manager gets no fault and no answer that the document does not have."""
        self.ask("staff")

    def test_customer(self):
        """Nor does a customer."""
        self.ask("customer")

    def test_nobody(self):
        """Nor does who has no key."""
        self.ask("nobody")
