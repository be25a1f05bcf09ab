"""Whether the knowledge base helps, its trend, and what it is compared with."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

By = Literal["day", "week", "month"]


class ShareOut(BaseModel):
    count: int
    of: int
    rate: float | None = Field(description="count ÷ of; null where there is nothing to share.")


class TimesOut(BaseModel):
    count: int
    median: float | None = Field(description="Seconds; null where there is none.")
    p90: float | None = Field(description="Seconds that at least nine of ten took at most.")


class MeasuresOut(BaseModel):
    search_ctr: ShareOut
    zero_result_rate: ShareOut
    unsuccessful_searches: ShareOut
    link_rate: ShareOut
    deflection_none: ShareOut
    deflection_potential: ShareOut
    deflection_confirmed: ShareOut
    self_service_success: ShareOut
    suggestions_opened: ShareOut
    suggestions_inserted: ShareOut
    suggestions_solved: ShareOut
    positive_feedback: ShareOut
    first_response: TimesOut
    resolution: TimesOut


class BucketOut(MeasuresOut):
    since: str = Field(alias="from")
    until: str
    whole: bool = Field(description="False of a day, week or month that the period cuts.")


class ChangeOut(BaseModel):
    before: ShareOut | TimesOut
    difference: float | None = Field(description="Of rates, −1..1, or of medians, in seconds; null where one is null.")
    interval: tuple[float, float] | None = Field(
        description="Holds the true difference of two rates with 95% (Newcombe); null where it is not tested."
    )
    more_than_chance: bool | None = Field(description="Whether 0 is outside the interval.")
    words: str


class ComparisonOut(BaseModel):
    since: str = Field(alias="from")
    until: str
    metrics: dict[str, ChangeOut]


class MetricsOut(MeasuresOut):
    since: str = Field(alias="from")
    until: str
    space: str
    locale: str
    channel: str
    product: str
    by: By | None = None
    trend: list[BucketOut] = Field(default_factory=list, description="Its days, weeks or months, where `by` is said.")
    comparison: ComparisonOut | None = None
