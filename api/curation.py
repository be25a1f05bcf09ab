"""How search is administered: synonyms, curations and boosts, their versions, and what a change would do.

The `ETag` of all of them is the version of the settings. A change is in effect at once, in every process.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Response

from api.access import Curator
from api.conventions import Cursor, IfMatch, Limit, from_cursor, page, revision, tag, to_cursor
from api.idempotency import Once
from api.problems import problems
from api.state import Kb, State
from indexer.analyze import FIELDS
from kb.models import Actor
from kb.store import search_settings
from kb.wire.curation import (
    BoostsIn,
    BoostsOut,
    ComparedOut,
    CurationIn,
    CurationOut,
    CurationsOut,
    PreviewIn,
    PreviewOut,
    SettingsOut,
    SettingsVersionOut,
    SettingsVersionsOut,
    SynonymIn,
    SynonymOut,
    SynonymsOut,
)
from search import admin, rules
from search.admin import Kind
from search.preview import compare
from search.rules import STANDINGS, Boosts, Rules

router = APIRouter(responses=problems(), route_class=Once, tags=["curation"])
_preview = APIRouter()  # its answers are not kept: their articles may be for others tomorrow
RuleId = Annotated[str, Path(max_length=100)]
Version = Annotated[int, Path(ge=0, le=10**15)]
T = TypeVar("T")

_CHANGED = problems(404, 409, 412, 428)


@router.get("/v1/synonyms")
def list_synonyms(kb: Kb, actor: Curator, response: Response, limit: Limit = 50, cursor: Cursor = "") -> SynonymsOut:
    """Words that stand for others, in the order in which they were made."""
    found, more = _page(_current(kb, actor, response).synonyms, limit, cursor)
    return SynonymsOut(synonyms=[_synonym(rule) for rule in found], next=more)


@router.post("/v1/synonyms", status_code=201, responses=problems(409, 412))
def post_synonym(kb: Kb, actor: Curator, body: SynonymIn, response: Response, if_match: IfMatch = None) -> SynonymOut:
    """Say that words stand for others."""
    rule = rules.synonym({**body.model_dump(), "id": _new()})
    version = admin.create(kb.home.database, rule, actor, _read(if_match))
    response.headers["Location"] = f"/v1/synonyms/{rule.id}"
    return _synonym(_one(kb, actor, response, "synonyms", rule.id, version))


@router.get("/v1/synonyms/{synonym_id}", responses=problems(404))
def get_synonym(kb: Kb, actor: Curator, synonym_id: RuleId, response: Response) -> SynonymOut:
    """A synonym."""
    return _synonym(_one(kb, actor, response, "synonyms", synonym_id))


@router.put("/v1/synonyms/{synonym_id}", responses=_CHANGED)
def put_synonym(
    kb: Kb, actor: Curator, synonym_id: RuleId, body: SynonymIn, response: Response, if_match: IfMatch = None
) -> SynonymOut:
    """Say it otherwise."""
    rule = rules.synonym({**body.model_dump(), "id": synonym_id})
    version = admin.update(kb.home.database, rule, actor, revision(if_match))
    return _synonym(_one(kb, actor, response, "synonyms", synonym_id, version))


@router.delete("/v1/synonyms/{synonym_id}", status_code=204, responses=_CHANGED)
def delete_synonym(kb: Kb, actor: Curator, synonym_id: RuleId, response: Response, if_match: IfMatch = None) -> None:
    """Say it no more."""
    tag(response, admin.remove(kb.home.database, "synonyms", synonym_id, actor, revision(if_match)))


@router.get("/v1/curations")
def list_curations(kb: Kb, actor: Curator, response: Response, limit: Limit = 50, cursor: Cursor = "") -> CurationsOut:
    """What people put first, and what they leave out, by question, in the order in which they were made."""
    found, more = _page(_current(kb, actor, response).curations, limit, cursor)
    return CurationsOut(curations=[_curation(rule) for rule in found], next=more)


@router.post("/v1/curations", status_code=201, responses=problems(409, 412))
def post_curation(
    kb: Kb, actor: Curator, body: CurationIn, response: Response, if_match: IfMatch = None
) -> CurationOut:
    """Put articles first for a question, or leave them out."""
    rule = rules.curation({**body.model_dump(by_alias=True), "id": _new()})
    version = admin.create(kb.home.database, rule, actor, _read(if_match))
    response.headers["Location"] = f"/v1/curations/{rule.id}"
    return _curation(_one(kb, actor, response, "curations", rule.id, version))


@router.get("/v1/curations/{curation_id}", responses=problems(404))
def get_curation(kb: Kb, actor: Curator, curation_id: RuleId, response: Response) -> CurationOut:
    """A curation."""
    return _curation(_one(kb, actor, response, "curations", curation_id))


@router.put("/v1/curations/{curation_id}", responses=_CHANGED)
def put_curation(
    kb: Kb, actor: Curator, curation_id: RuleId, body: CurationIn, response: Response, if_match: IfMatch = None
) -> CurationOut:
    """Say it otherwise. Articles in it that the writer may not read stay where they are."""
    rule = rules.curation({**body.model_dump(by_alias=True), "id": curation_id})
    version = admin.update(kb.home.database, rule, actor, revision(if_match))
    return _curation(_one(kb, actor, response, "curations", curation_id, version))


@router.delete("/v1/curations/{curation_id}", status_code=204, responses=_CHANGED)
def delete_curation(kb: Kb, actor: Curator, curation_id: RuleId, response: Response, if_match: IfMatch = None) -> None:
    """Let the question find what it finds."""
    tag(response, admin.remove(kb.home.database, "curations", curation_id, actor, revision(if_match)))


@router.get("/v1/boosts")
def get_boosts(kb: Kb, actor: Curator, response: Response) -> BoostsOut:
    """What counts besides words, and how much: everything in effect, said by people or by this release."""
    return _boosts(_current(kb, actor, response).boosts)


@router.put("/v1/boosts", responses=problems(412, 428))
def put_boosts(kb: Kb, actor: Curator, body: BoostsIn, response: Response, if_match: IfMatch = None) -> BoostsOut:
    """Say what counts besides words."""
    said = rules.boosts(body.model_dump())
    tag(response, admin.set_boosts(kb.home.database, said, actor, revision(if_match)))
    return _boosts(said)


@router.get("/v1/search/settings")
def list_settings(kb: Kb, actor: Curator, limit: Limit = 50, cursor: Cursor = "") -> SettingsVersionsOut:
    """Every change of synonyms, curations and boosts, the newest first."""
    (before,) = from_cursor(cursor, 0)
    with kb.home.database.read() as connection:
        found = list(search_settings.listed(connection, before or None, limit + 1))
    shown, more = page(found, limit, lambda item: (item.version,))
    return SettingsVersionsOut(versions=[SettingsVersionOut(**asdict(item)) for item in shown], next=more)


@router.get("/v1/search/settings/{version}", responses=problems(404))
def get_settings(kb: Kb, actor: Curator, version: Version) -> SettingsOut:
    """Synonyms, curations and boosts as they were at a version."""
    with kb.home.database.read() as connection:
        stored, said = admin.current(connection, actor.reader, version)
    return SettingsOut(
        version=stored.version,
        at=stored.at,
        author=stored.author,
        note=stored.note,
        synonyms=[_synonym(rule) for rule in said.synonyms],
        curations=[_curation(rule) for rule in said.curations],
        boosts=_boosts(said.boosts),
    )


@router.post("/v1/search/settings/{version}/restore", responses=problems(404, 412))
def restore_settings(
    kb: Kb, actor: Curator, version: Version, response: Response, if_match: IfMatch = None
) -> SettingsOut:
    """Say again, as a new version, what an earlier one said."""
    number = admin.restore(kb.home.database, version, actor, _read(if_match))
    tag(response, number)
    return get_settings(kb, actor, number)


@_preview.post("/v1/search/preview")
def preview(kb: Kb, actor: Curator, body: PreviewIn) -> PreviewOut:
    """What rules would change: the questions of `queries`, or those that are asked most often. Nothing is logged."""
    kb.home.journal.flush()
    with kb.home.database.read() as connection:
        held = kb.home.engine.rules.current(connection)
        asked = body.queries or search_settings.frequent_questions(connection, actor.reader, body.top)
    found = compare(
        kb.home.engine,
        actor.reader,
        asked,
        rules.proposed(held, body.model_dump(by_alias=True)),
        limit=body.limit,
        space=body.space,
    )
    compared = [ComparedOut.model_validate(item, from_attributes=True) for item in found]
    return PreviewOut(changed=sum(item.changed for item in compared), queries=compared)


def _new() -> str:
    return uuid.uuid4().hex[:12]


def _read(if_match: str | None) -> int | None:
    """The version that a writer says they read; they need not."""
    return None if if_match is None else revision(if_match)


def _current(kb: State, actor: Actor, response: Response, version: int | None = None) -> Rules:
    with kb.home.database.read() as connection:
        stored, said = admin.current(connection, actor.reader, version)
    tag(response, stored.version)
    return said


def _one(
    kb: State, actor: Actor, response: Response, kind: Kind, rule_id: str, version: int | None = None
) -> rules.Rule:
    return admin.find(_current(kb, actor, response, version), kind, rule_id)


def _page(found: Sequence[T], limit: int, cursor: str) -> tuple[Sequence[T], str | None]:
    (start,) = from_cursor(cursor, 0)
    return found[start : start + limit], to_cursor(start + limit) if start + limit < len(found) else None


def _synonym(rule: rules.Rule) -> SynonymOut:
    return SynonymOut(**rules.rule_json(rule))


def _curation(rule: rules.Rule) -> CurationOut:
    return CurationOut(**rules.rule_json(rule))


def _boosts(said: Boosts) -> BoostsOut:
    return BoostsOut(
        standing={name: getattr(said.weights, name) for name in STANDINGS},
        labels=dict(said.labels),
        fields={name: said.fields.get(name, 1.0) for name in FIELDS},
    )


router.include_router(_preview)
