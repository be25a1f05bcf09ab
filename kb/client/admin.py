"""What administrators ask of the API: search administration, people, the audit log and jobs.

In search administration `revision` is the settings' version that was read, None for whatever is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kb.client.requests import at, delete, get, of, post, put
from kb.client.transport import Call
from kb.wire.curation import (
    BoostsOut,
    CurationOut,
    CurationsOut,
    PreviewOut,
    SettingsOut,
    SettingsVersionsOut,
    SynonymOut,
    SynonymsOut,
)
from kb.wire.jobs import JobOut, JobsOut, RunsOut
from kb.wire.people import (
    AuditOut,
    GroupOut,
    GroupsOut,
    KeyOut,
    KeysOut,
    NewKeyOut,
    SessionOut,
    UserOut,
    UsersOut,
)

# --- search administration ----------------------------------------------------------------------------------


def synonyms(**wanted: Any) -> Call[SynonymsOut]:
    return get("/v1/synonyms", SynonymsOut, **wanted)


def synonym(synonym_id: str) -> Call[SynonymOut]:
    return get(of("synonyms", synonym_id), SynonymOut)


def add_synonym(terms: Sequence[str], revision: int | None = None, **more: Any) -> Call[SynonymOut]:
    """`more` are the other fields of `kb.wire.curation.SynonymIn`."""
    return post("/v1/synonyms", SynonymOut, {"terms": list(terms), **more}, at(revision), once=True)


def put_synonym(synonym_id: str, terms: Sequence[str], revision: int | None = None, **more: Any) -> Call[SynonymOut]:
    return put(of("synonyms", synonym_id), SynonymOut, {"terms": list(terms), **more}, at(revision))


def remove_synonym(synonym_id: str, revision: int | None = None) -> Call[None]:
    return delete(of("synonyms", synonym_id), headers=at(revision))


def curations(**wanted: Any) -> Call[CurationsOut]:
    return get("/v1/curations", CurationsOut, **wanted)


def curation(curation_id: str) -> Call[CurationOut]:
    return get(of("curations", curation_id), CurationOut)


def add_curation(query: str, revision: int | None = None, **more: Any) -> Call[CurationOut]:
    """`more` are the other fields of `kb.wire.curation.CurationIn`; `from_` is its `from`."""
    return post("/v1/curations", CurationOut, _curation(query, more), at(revision), once=True)


def put_curation(curation_id: str, query: str, revision: int | None = None, **more: Any) -> Call[CurationOut]:
    return put(of("curations", curation_id), CurationOut, _curation(query, more), at(revision))


def remove_curation(curation_id: str, revision: int | None = None) -> Call[None]:
    return delete(of("curations", curation_id), headers=at(revision))


def _curation(query: str, more: Mapping[str, Any]) -> dict[str, Any]:
    return {"query": query, **{"from" if key == "from_" else key: value for key, value in more.items()}}


def boosts() -> Call[BoostsOut]:
    return get("/v1/boosts", BoostsOut)


def put_boosts(revision: int | None = None, **said: Any) -> Call[BoostsOut]:
    """`said` are the fields of `kb.wire.curation.BoostsIn`."""
    return put("/v1/boosts", BoostsOut, said, at(revision))


def search_settings(**wanted: Any) -> Call[SettingsVersionsOut]:
    return get("/v1/search/settings", SettingsVersionsOut, **wanted)


def search_settings_of(version: int) -> Call[SettingsOut]:
    return get(f"/v1/search/settings/{version}", SettingsOut)


def restore_search_settings(version: int, revision: int | None = None) -> Call[SettingsOut]:
    return post(f"/v1/search/settings/{version}/restore", SettingsOut, {}, at(revision))


def preview(**drafted: Any) -> Call[PreviewOut]:
    """`drafted` are the fields of `kb.wire.curation.PreviewIn`."""
    return post("/v1/search/preview", PreviewOut, drafted)


# --- people -------------------------------------------------------------------------------------------------


def keys(**wanted: Any) -> Call[KeysOut]:
    return get("/v1/keys", KeysOut, **wanted)


def key(key_id: str) -> Call[KeyOut]:
    return get(of("keys", key_id), KeyOut)


def create_key(name: str, role: str, **more: Any) -> Call[NewKeyOut]:
    """`more` are the other fields of `kb.wire.people.KeyIn`. The answer has the key itself, this once."""
    return post("/v1/keys", NewKeyOut, {"name": name, "role": role, **more})


def revoke_key(key_id: str) -> Call[None]:
    return delete(of("keys", key_id))


def users(**wanted: Any) -> Call[UsersOut]:
    return get("/v1/users", UsersOut, **wanted)


def user(user_id: str) -> Call[UserOut]:
    return get(of("users", user_id), UserOut)


def create_user(user_id: str, password: str, role: str, **more: Any) -> Call[UserOut]:
    """`more` are the other fields of `kb.wire.people.UserIn`."""
    return post("/v1/users", UserOut, {"id": user_id, "password": password, "role": role, **more})


def change_user(user_id: str, **changed: Any) -> Call[UserOut]:
    """`changed` are the fields of `kb.wire.people.UserPatch`."""
    return Call("PATCH", of("users", user_id), UserOut, json=changed)


def remove_user(user_id: str) -> Call[None]:
    return delete(of("users", user_id))


def groups(**wanted: Any) -> Call[GroupsOut]:
    return get("/v1/groups", GroupsOut, **wanted)


def create_group(group_id: str, name: str = "") -> Call[GroupOut]:
    return post("/v1/groups", GroupOut, {"id": group_id, "name": name}, once=True)


def remove_group(group_id: str) -> Call[None]:
    return delete(of("groups", group_id))


def session() -> Call[SessionOut]:
    """Who asks, and what they may do."""
    return get("/v1/session", SessionOut)


def audit(**wanted: Any) -> Call[AuditOut]:
    """`wanted` are the filters: object, actor."""
    return get("/v1/audit", AuditOut, **wanted)


# --- jobs ---------------------------------------------------------------------------------------------------


def jobs() -> Call[JobsOut]:
    return get("/v1/jobs", JobsOut)


def job_runs(name: str) -> Call[RunsOut]:
    return get(of("jobs", name) + "/runs", RunsOut)


def run_job(name: str) -> Call[JobOut]:
    return Call("POST", of("jobs", name) + "/run", JobOut)


def cancel_job(name: str) -> Call[JobOut]:
    return Call("POST", of("jobs", name) + "/cancel", JobOut)
