"""Keys, users, groups, sessions, and the audit log. Times are ISO 8601 in UTC, null where there is none."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from kb.rights import Role, Scope
from kb.wire.base import Page, Strict

Id = Annotated[str, Field(min_length=1, max_length=200)]
Origin = Annotated[str, Field(max_length=300, examples=["https://shop.example"])]
Time = Annotated[str | None, BeforeValidator(lambda text: text or None)]
Groups = Annotated[list[Id], Field(max_length=100, description="Audiences beside those that the role reads.")]
Spaces = Annotated[list[Id] | None, Field(max_length=100, description="Spaces that are seen; null is every one.")]


class KeyIn(Strict):
    name: Id = Field(examples=["Zendesk"])
    role: Role
    scopes: list[Scope] | None = Field(None, max_length=20, description="Some of the role's; null is all of them.")
    groups: Groups = Field(default_factory=list)
    spaces: Spaces = None
    origins: list[Origin] = Field(
        default_factory=list,
        max_length=50,
        description="Web pages that may use it. They show it to everybody, so its role is `customer`.",
    )
    expires_at: AwareDatetime | None = Field(None, strict=False, description="null is never.")


class KeyOut(BaseModel):
    id: str
    name: str
    role: Role
    scopes: list[Scope]
    groups: list[str]
    spaces: list[str] | None
    origins: list[str]
    author: str
    at: str
    expires_at: Time
    last_used_at: Time = Field(description="To the minute.")
    revoked_at: Time


class NewKeyOut(KeyOut):
    key: str = Field(description="What `Authorization: Bearer` carries. It is shown this once.")


class KeysOut(Page):
    keys: list[KeyOut]


class UserIn(Strict):
    id: Id = Field(examples=["kim@example.com"], description="What they sign in with; kept in lower case.")
    name: str = Field("", max_length=200)
    role: Role
    groups: Groups = Field(default_factory=list)
    spaces: Spaces = None
    password: str = Field(max_length=1_000, description="12 to 200 characters, and not the id.")


class UserPatch(Strict):
    """What is not there stays. Another password or role, and `disabled`, end the user's sessions."""

    name: Id | None = None
    role: Role | None = None
    groups: Groups | None = None
    spaces: Spaces = None
    disabled: bool | None = None
    password: str | None = Field(None, max_length=1_000)


class UserOut(BaseModel):
    id: str
    name: str
    role: Role
    groups: list[str]
    spaces: list[str] | None
    disabled: bool
    at: str


class UsersOut(Page):
    users: list[UserOut]


class GroupIn(Strict):
    id: Id = Field(examples=["vip"], description="The audience's name, in lower case.")
    name: str = Field("", max_length=200)


class GroupOut(BaseModel):
    id: str
    name: str
    at: str


class GroupsOut(Page):
    groups: list[GroupOut]


class SignIn(Strict):
    user: str = Field(max_length=200)
    password: str = Field(max_length=1_000)


class SessionOut(BaseModel):
    """Who asks, and what they may do. `user`, `csrf_token` and `expires_at` are of a session only."""

    actor: str = Field(examples=["user:kim@example.com"])
    scopes: list[Scope]
    audiences: list[str] | None = Field(description="null is every one.")
    spaces: list[str] | None = Field(description="null is every one.")
    user: UserOut | None = None
    csrf_token: str | None = Field(None, description="What `X-CSRF-Token` of every write carries.")
    expires_at: Time = None


class AuditEntryOut(BaseModel):
    id: int
    at: str
    actor: str
    action: str = Field(examples=["key.create"])
    object: str = Field(examples=["key:3kTx0aLmQ9Zp"])
    audience: str
    address: str
    request_id: str
    details: dict[str, Any]


class AuditOut(Page):
    entries: list[AuditEntryOut]
