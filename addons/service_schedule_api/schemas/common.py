"""What the models of bodies and answers share."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

FIRST_YEAR, LAST_YEAR = 1971, 2199
LARGEST_ID = 2**31 - 1


class Body(BaseModel):
    """What a client sends: a field that we do not know is refused, it may be a mistyped one."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    """What a client gets."""


def _check_year(moment):
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"the year is between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


def _check_text(text):
    if "\0" in text:
        raise ValueError("a text has no zero bytes")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("a text has no halves of characters (surrogates)")
    return text


def _read_day(value):
    """Return the date of a text that is one; of a moment, undo what addresses make of the plus sign of its offset."""
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if len(value) == len("2025-10-01") else value.replace(" ", "+")


Id = Annotated[int, Field(gt=0, le=LARGEST_ID, examples=[1])]
Text = Annotated[str, AfterValidator(_check_text)]
Moment = Annotated[
    AwareDatetime,
    AfterValidator(_check_year),
    Field(description="A moment, ISO 8601 with an offset.", examples=["2026-02-26T17:00:00+05:30"]),
]
Day = Annotated[
    date,
    AfterValidator(_check_year),
    Field(description="A day of the service point's own calendar.", examples=["2026-10-15"]),
]
DayOrMoment = Annotated[
    AwareDatetime | Annotated[date, Field(strict=True)],  # strict: midnight without an offset is no day
    BeforeValidator(_read_day),
    AfterValidator(_check_year),
    Field(
        description="A day of the service point's own calendar, or a moment with an offset.", examples=["2025-10-01"]
    ),
]
Money = Annotated[str, Field(description="A decimal number, as text.", examples=["120.00"], pattern=r"^-?\d+(\.\d+)?$")]
Currency = Annotated[str, Field(description="ISO 4217 code.", examples=["USD"])]
SlotCode = Annotated[
    Text,
    Field(
        description="A window of the service point by its code: MORNING, AFTERNOON, EVENING, or another of its own.",
        examples=["MORNING"],
        max_length=64,
    ),
]


def to_local(moment, tz):
    """Return a naive UTC field value as an aware moment of a zone, None for none."""
    return moment.replace(tzinfo=UTC, microsecond=0).astimezone(ZoneInfo(tz or "UTC")) if moment else None


def to_naive(moment: datetime):
    """Return an aware moment as a naive UTC field value."""
    return moment.astimezone(UTC).replace(tzinfo=None)


class FieldError(Answer):
    field: str = Field(description="Which part of the request, or `reason` with the code of a rule.")
    detail: str


class FreeTime(Answer):
    start: AwareDatetime = Field(description="In the service point's zone.")
    end: AwareDatetime
    time_slot: str | None = Field(None, description="Code of the window, null for a time of its own.")


class ProblemBody(Answer):
    """RFC 9457."""

    type: str = Field(examples=["urn:service-schedule:problem:409"])
    title: str
    status: int
    detail: str = Field(description="For people, in the language of `Accept-Language`.")
    errors: list[FieldError] = []
    alternatives: list[FreeTime] | None = Field(None, description="The nearest times that are free.")


PROBLEMS = {
    400: "The request cannot be read.",
    401: "A valid key is needed.",
    403: "Seen, but not yours to do.",
    404: "There is no such thing, or it is not yours.",
    409: "The time is taken, or the step is not allowed from this state.",
    412: "It has changed meanwhile: `If-Match` names another revision.",
    413: "The body is larger than a megabyte.",
    422: "A rule says no.",
    429: "Too many calls; see `Retry-After`.",
}


def problems(*statuses):
    """Return the ``responses`` of a route that may answer with these problems, and those that any may."""
    return {
        status: {
            "description": PROBLEMS[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
        }
        for status in sorted({400, 401, 403, 404, 413, 422, 429, *statuses})
    }
