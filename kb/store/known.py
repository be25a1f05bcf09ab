"""The names that articles, questions and tickets go by: what a list may be narrowed down to. For the operator."""

from __future__ import annotations

from sqlalchemy import Column, Connection, select

from kb.models import MAIN
from kb.store.schema import articles, searches, spaces, tickets, users

_CHANNELS = {"search", "suggest"}  # those that searches come by


def owners(connection: Connection) -> set[str]:
    """Whoever owns an article, and whoever may come to own one: the users."""
    return _values(connection, articles.c.owner, users.c.id)


def user_ids(connection: Connection) -> set[str]:
    return _values(connection, users.c.id)


def space_ids(connection: Connection) -> set[str]:
    """Spaces that are described, and those that something is in."""
    return {MAIN} | _values(connection, spaces.c.id, articles.c.space, searches.c.space, tickets.c.space)


def locales(connection: Connection) -> set[str]:
    """As articles and tickets write them, and the languages of questions."""
    return _values(connection, articles.c.locale, searches.c.language, tickets.c.locale)


def channels(connection: Connection) -> set[str]:
    return _CHANNELS | _values(connection, searches.c.channel, tickets.c.channel)


def products(connection: Connection) -> set[str]:
    return _values(connection, articles.c.product, tickets.c.product)


def _values(connection: Connection, *columns: Column[str]) -> set[str]:
    """What stands in any of some columns, but for nothing."""
    return {value for column in columns for value in connection.execute(select(column).distinct()).scalars() if value}
