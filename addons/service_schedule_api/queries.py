"""The parameters behind the question mark of an address."""

from difflib import get_close_matches

from starlette.requests import Request

from .problems import Problem

MOST_TOLD = 10
UNREAD = {"_"}
"""What client libraries add so that no answer comes from a store."""


def check_parameters(request: Request):
    """Refuse parameters that the route does not have.

    A filter that is mistyped and then left out would answer with everything, as if it had found it.

    :raise Problem: 400, with each of them and the name that was probably meant
    """
    known = [field.alias for field in request.scope["route"].dependant.query_params]
    unknown = [name for name in request.query_params if name not in {*known, *UNREAD}]
    if unknown:
        raise Problem(400, errors=[(f"query.{name}", _explain(name, known)) for name in unknown[:MOST_TOLD]])


def _explain(name, known):
    """Return what to do about an unknown parameter.

    >>> _explain("stauts", ["status", "limit"]), _explain("page", ["limit", "cursor"])
    ('no such parameter, did you mean `status`?', 'no such parameter, there are `limit`, `cursor`')
    """
    close = get_close_matches(name.lower(), known, n=1)
    if close:
        return f"no such parameter, did you mean `{close[0]}`?"
    return f"no such parameter, there are {', '.join(f'`{one}`' for one in known) or 'none'}"
