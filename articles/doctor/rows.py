"""What is looked at in a store of today's schema: articles and what is beside them, and how the index stands to it."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from articles.doctor.base import Case, Check, Finding, Severity
from articles.doctor.files import newest_manifest
from kb.models import AGENTS, PUBLIC
from kb.store import Connection, changes, inspect
from kb.store import jobs as job_rows
from kb.times import stamp
from kb.words import count as counted

_UNUSED = timedelta(days=90)
_MEDIA = re.compile(r"/media/([0-9a-f]{64})(?![0-9a-f])")


def orphans(connection: Connection, case: Case) -> Iterator[Finding]:
    for (table, parent), count in inspect.orphans(connection).items():
        message = f"{counted(count, 'row refers', 'rows refer')} to {parent} that are not there"
        yield Finding("orphans", "error", message, (table,), "they are never found, and moves may fail", case.restore)


def versions(connection: Connection, case: Case) -> Iterator[Finding]:
    missing = inspect.without_version(connection)
    if missing:
        places = tuple(f"{article}@{number}" for article, number in missing)
        message = "versions that articles name are not there"
        yield Finding("versions", "error", message, places, "the articles cannot be read or written", case.restore)


def states(connection: Connection, _case: Case) -> Iterator[Finding]:
    wrong = [
        f"{text.article_id}@{text.number}: {text.state}"
        for text in inspect.texts(connection)
        if (text.current and text.article_state == "published") != (text.state == "live")
    ]
    if wrong:
        message = "versions are in a state that is not their article's: exactly a published one's own is live"
        cost = "history and review show what is not so"
        yield Finding("states", "warning", message, tuple(wrong), cost, "change the articles and publish them")


def hashes(connection: Connection, case: Case) -> Iterator[Finding]:
    wrong = [
        f"{text.article_id}@{text.number}"
        for text in inspect.texts(connection)
        if hashlib.sha256(text.markdown.encode()).hexdigest() != text.content_hash
    ]
    if wrong:
        message, cost = "texts are not those that were written", "readers may see what nobody wrote"
        yield Finding("hashes", "error", message, tuple(wrong), cost, case.restore)


def served(connection: Connection, _case: Case) -> Iterator[Finding]:
    """That every live article has what search needs of it."""
    bare = inspect.without_chunks(connection)
    if bare:
        message, cost = "live articles have lost their chunks", "search does not find them"
        yield Finding("chunks", "error", message, tuple(sorted(bare)), cost, "kb index")
    for table, found in inspect.lacking(connection).items():
        for prepared in sorted(set(found.values())):
            places = tuple(article for article, name in found.items() if name == prepared)
            message = f"chunks of live articles have no {table} as prepared under {prepared!r}"
            light = table == "token_vectors"
            cost = "they rank worse" if light else "the index cannot be built again: no process can start"
            yield Finding(table, "warning" if light else "error", message, places, cost, "kb index")


def prepared(connection: Connection, _case: Case) -> Iterator[Finding]:
    found = inspect.prepared(connection)
    if len(found) > 1:
        places = tuple(f"{name}: {counted(count, 'article')}" for name, count in sorted(found.items()))
        message = "live articles were prepared under different settings"
        cost = "where the model or the analyser differs, no process can start"
        yield Finding("prepared", "warning", message, places, cost, "kb index")


def redirects(connection: Connection, _case: Case) -> Iterator[Finding]:
    to, states = inspect.redirect_map(connection), inspect.states(connection)
    wrong: dict[tuple[Severity, str, str], list[str]] = {}
    for source, target in sorted(to.items()):
        problem = _misled(source, to, states)
        if problem:
            wrong.setdefault(problem, []).append(f"{source} → {target}")
    for (severity, message, cost), places in wrong.items():
        mend = "DELETE /v1/redirects/SOURCE, or PUT it to a live article"
        yield Finding("redirects", severity, message, tuple(places), cost, mend)


def _misled(source: str, to: dict[str, str], states: dict[str, str]) -> tuple[Severity, str, str] | None:
    """What is wrong with a redirect, how badly, and what it costs."""
    seen, at = {source}, to[source]
    while at in to and at not in seen:
        seen.add(at)
        at = to[at]
    if at in seen:
        return "error", "redirects go round in a circle", "whoever follows one arrives nowhere"
    if states.get(source) == "published":
        return "warning", "redirects stand where a live article is", "they are never followed"
    if states.get(at) != "published":
        return "warning", "redirects lead to no live article", "whoever follows one is told that there is none"
    return ("warning", "redirects lead to redirects", "readers are sent twice") if len(seen) > 1 else None


def audiences(connection: Connection, _case: Case) -> Iterator[Finding]:
    found = inspect.audiences(connection)
    for name in sorted(found.keys() - {PUBLIC, AGENTS} - inspect.group_ids(connection)):
        message = f"{counted(found[name], 'article is', 'articles are')} for an audience that is no group"
        mend = f"kb groups create {shlex.quote(name)}"
        yield Finding("audiences", "warning", message, (name,), "nobody can be given the right to read them", mend)


# --- what is beside them ------------------------------------------------------------------------------------


def media(connection: Connection, case: Case) -> Iterator[Finding]:
    kept = inspect.media_audiences(connection)
    missing, hidden = set(), set()
    for text in inspect.texts(connection):
        for media_id in set(_MEDIA.findall(text.markdown)) if text.state == "live" else ():
            place = f"{text.article_id}: {media_id}"
            if media_id not in kept:
                missing.add(place)
            elif kept[media_id] not in (PUBLIC, text.audience):
                hidden.add(place)
    if missing:
        message, cost = "live articles show files that are not kept", "readers see a broken picture"
        yield Finding(
            "media", "error", message, tuple(sorted(missing)), cost, "upload the files again, or edit the text"
        )
    if hidden:
        message, cost = "live articles show files that are not for their readers", "these see a broken picture"
        yield Finding("media", "warning", message, tuple(sorted(hidden)), cost, 'PATCH /v1/media/ID {"audience": …}')
    data = inspect.media_data(connection)
    wrong = [f"{name}: {key}" for key, name, data in data if hashlib.sha256(data).hexdigest() != key]
    if wrong:
        message, cost = "files are not those that were uploaded", "readers see a broken picture"
        yield Finding("media", "error", message, tuple(wrong), cost, case.restore)


def keys(connection: Connection, case: Case) -> Iterator[Finding]:
    at, before = stamp(case.now), stamp(case.now - _UNUSED)
    for key in inspect.key_uses(connection):
        place, mend = (f"{key.id} ({key.name})",), f"kb keys revoke {shlex.quote(key.id)}"
        if key.expires_at and key.expires_at <= at:
            message, cost = f"the key expired at {key.expires_at}", "none: it opens nothing any more"
            yield Finding("keys", "info", message, place, cost, mend)
        elif max(key.at, key.last_used_at) < before:
            used = f"was last used at {key.last_used_at}" if key.last_used_at else f"of {key.at} was never used"
            cost = "whoever finds it has its rights"
            yield Finding("keys", "info", f"the key {used}", place, cost, mend)


def jobs(connection: Connection, case: Case) -> Iterator[Finding]:
    at = stamp(case.now)
    for row in job_rows.listed(connection):
        if row.error:
            message, cost = f"its last run failed: {row.error}", f"it is not done before {row.due_at}"
            yield Finding("jobs", "warning", message, (row.name,), cost, f"kb jobs run {row.name}")
        if row.state(at) == "lapsed":
            message = f"{row.runner} ran it and has ended without a word; its lease ended at {row.leased_until}"
            cost = "none where a server runs: it starts the job again"
            yield Finding("jobs", "warning", message, (row.name,), cost, "kb serve")


def index(connection: Connection, case: Case) -> Iterator[Finding]:
    """How the newest snapshot stands to the store."""
    manifest = newest_manifest(case) or {}
    change, latest = manifest.get("change", 0), changes.latest(connection)
    place = (str(case.index),)
    if change > latest:
        message = f"its change is {change}, and the store's last is {latest}: an older database was put back"
        cost = "search shows what is gone, and misses what was written since"
        yield Finding("index", "error", message, place, cost, f"{case.remake}; then restart the server")
        return
    others = [name for name in inspect.prepared(connection) if not _made_with(manifest, name)] if manifest else []
    if others:
        made = f"{manifest.get('model')} and {manifest.get('analyzer')}"
        message = f"it was made with {made}, and live articles are prepared under {', '.join(others)}"
        cost = "the next process that starts builds it again first"
        yield Finding("index", "warning", message, place, cost, case.remake)
    fresh = inspect.fresh_chunks(connection, change)
    if fresh >= case.compact_chunks:
        newer = counted(fresh, "chunk is", "chunks are")
        message = f"{newer} newer than it ({counted(latest - change, 'change')})"
        cost = "every process holds them in memory, and reads them again when it starts"
        yield Finding("index", "warning", message, place, cost, case.remake)


def _made_with(manifest: dict[str, Any], prepared: str) -> bool:
    return f":{manifest.get('model')}:" in prepared and prepared.endswith(f":{manifest.get('analyzer')}")


CHECKS: Sequence[Check] = (
    orphans,
    versions,
    states,
    hashes,
    served,
    prepared,
    redirects,
    audiences,
    media,
    keys,
    jobs,
    index,
)
"""What is looked at in a store of today's schema, each by itself: one that fails keeps no other from its work."""
