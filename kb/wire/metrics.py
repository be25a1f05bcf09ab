"""Whether the knowledge base helps."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ShareOut(BaseModel):
    count: int
    of: int
    rate: float | None = Field(description="count ÷ of; null where there is nothing to share.")


class MetricsOut(BaseModel):
    since: str = Field(alias="from")
    until: str
    space: str
    locale: str
    channel: str
    product: str
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
