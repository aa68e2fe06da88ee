"""What is published."""

from typing import NamedTuple

from odoo import models


class Happening(NamedTuple):
    """What `_publish_all` tells of: as the parameters of `_publish`."""

    company: models.Model
    payload: dict
    record: models.Model | None = None
    revision: int | None = None
