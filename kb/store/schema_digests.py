"""The tables of what people are told, and of what jobs did. See `kb.store.schema`."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from kb.store.schema import metadata

subscriptions = Table(
    "subscriptions",  # how a user wants to be told
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("channel", String, nullable=False),  # email or webhook
    Column("address", Text, nullable=False),  # of e-mail, or a URL
    Column("secret", String, nullable=False),  # that a webhook is signed with; "" of e-mail
    Column("rhythm", String, nullable=False),  # off, daily, weekdays or weekly
    Column("weekday", Integer, nullable=False),  # 0 is Monday
    Column("hour", Integer, nullable=False),  # 0..23 in the zone
    Column("zone", String, nullable=False),  # IANA
    Column("language", String, nullable=False),
    Column("most", Integer, nullable=False),  # items at once
    Column("rest", Boolean, nullable=False),  # also what nobody else is told
    Column("snoozed_until", String, nullable=False),  # the day on which it goes on; "" while it is awake
    Column("handled_at", String, nullable=False),  # up to when its rhythm is looked after
    Column("error", Text, nullable=False),  # why nothing arrives; "" while all is well
    Column("refused", Boolean, nullable=False),  # the error is for good: nothing is sent until somebody mends it
    Column("at", String, nullable=False),
)

deliveries = Table(
    "deliveries",  # one message to one user
    metadata,
    Column("id", String, primary_key=True),  # what its Message-ID or Idempotency-Key is made of
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("items", JSON, nullable=False),  # keys
    Column("state", String, nullable=False),  # open, sent, refused or dropped
    Column("attempts", Integer, nullable=False),
    Column("retry_at", String, nullable=False),
    Column("at", String, nullable=False),
    Column("ended_at", String, nullable=False),  # "" while it is open
    Column("error", Text, nullable=False),  # of the last attempt
    Index("ix_deliveries_user_id_state", "user_id", "state"),
)

told = Table(
    "told",  # what a user has been told of, while it stands
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("article", String, nullable=False),  # of a flag; "" of anything else
    Column("since", String, nullable=False),  # when the thing began
    Column("grade", Integer, nullable=False),  # of its severity
    Column("hurts", Float, nullable=False),  # readers in 90 days
    Column("at", String, nullable=False),
)

snoozes = Table(
    "snoozes",  # things that a user does not want to hear of for some time
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("what", String, primary_key=True),  # an item's key, or article:ID
    Column("until", String, nullable=False),  # the day from which on they are told again
)

job_runs = Table(
    "job_runs",  # the last runs of each job, and the one that is on
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("runner", String, nullable=False),
    Column("started_at", String, nullable=False),
    Column("finished_at", String, nullable=False),  # "" while it is on
    Column("state", String, nullable=False),  # kb.store.jobs.RunState
    Column("progress", String, nullable=False),
    Column("done", Integer),  # of `total`, where the job knows
    Column("total", Integer),
    Column("error", String, nullable=False),
    Index("ix_job_runs_name_id", "name", "id"),
)

job_checkpoints = Table(
    "job_checkpoints",  # how far a run came, for the one that goes on where it was cut off
    metadata,
    Column("name", String, primary_key=True),
    Column("text", Text, nullable=False),
)
