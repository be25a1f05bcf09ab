"""Every setting, once: its name, its default, its help. Read from flags, `KB_*` environment, `kb.toml`, defaults.

The first of those that names a setting wins. `kb config` prints what is in effect and where each came from.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from kb.errors import InvalidInput

FILE = "kb.toml"
PREFIX = "KB_"
_ORIGIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_ADDRESS = re.compile(r"https?://[^\s/?#@\\]{1,300}(?:/[^\s?#\\]{0,300})?")


class Settings(BaseSettings):
    """The table. A field's description is its help everywhere."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(Path(".kb"), description="Folder of the database and the index.")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("kb"), description="Folder of the default model's weights."
    )
    model: str = Field(
        "default",
        description="Embedding model: `default` (multilingual-e5-small), a Hugging Face name, or a folder.",
    )
    chunk_tokens: int = Field(
        400, ge=32, le=8192, description="Size that a chunk's text aims at, in the model's tokens."
    )
    languages: tuple[str, ...] = Field(
        ("ko", "en", "ja", "zh", "de", "fr", "es"),
        description="Languages that articles and questions are in, as two-letter codes.",
    )
    dictionary: Path | None = Field(
        None, description="File of the team's own Korean words: `word` or `word/TAG` (Kiwi's tags) on each line."
    )
    synonyms: Path | None = Field(
        None, description="File of synonyms: `a, b` stand for each other, `a => b` one way, on each line."
    )
    late_interaction: bool = Field(
        True, description="Keep token vectors, and rank the first results again by them (about 40 kB a chunk)."
    )
    reranker: str = Field(
        "", description="CrossEncoder that ranks the first results again: a Hugging Face name, or a folder."
    )
    tuned: Path | None = Field(
        None, description="Folder that `kb tune --write` wrote weights and confidence models into."
    )
    audience: str = Field(
        "public",
        min_length=1,
        description="Whose articles are read, here and by those without a key: `public`, `agents`, or a group.",
    )
    host: str = Field("127.0.0.1", description="Address that `kb serve` binds to.")
    port: int = Field(8765, ge=0, le=65535, description="Port that `kb serve` binds to; 0 takes a free one.")
    compact_chunks: int = Field(
        2000, ge=1, description="Fresh chunks that a server holds before it folds them into a new snapshot."
    )
    retention_days: int = Field(400, ge=1, description="Days that searches and events are kept before they are erased.")
    watch: tuple[Path, ...] = Field(
        (), description="Folders of Markdown that `kb serve` keeps indexed as their files change."
    )
    ticket_days: int = Field(730, ge=1, description="Days that tickets are kept before they are erased.")
    rate_limit: int = Field(
        600, ge=10, description="Requests a minute of one key or user; of an address without one, a fifth of it."
    )
    frame_origins: tuple[str, ...] = Field(
        (), description="Origins of help desks that may show the agent console in a frame, parted by commas."
    )
    public_url: str = Field(
        "", description="Address at which people reach the server, for the links in what they are sent."
    )
    smtp_host: str = Field(
        "", max_length=253, description="Mail server that digests are sent through; none without it."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the mail server is spoken to: `starttls`, `tls` from the start, or `none`."
    )
    smtp_user: str = Field("", max_length=320, description="Who signs in to the mail server; nobody without it.")
    smtp_password: SecretStr | None = Field(None, description="Password of that user.")
    mail_from: str = Field("", max_length=254, description="Address that digests come from, such as kb@example.com.")
    articles_a_week: int = Field(
        10, ge=1, le=100_000, description="Articles with flags that a digest newly names to one owner in a week."
    )
    private_webhooks: bool = Field(
        False, description="Whether webhooks may lead to this machine and to private networks."
    )
    server: str = Field("", description="Address of a server that commands ask, instead of opening a home.")
    server_key: SecretStr | None = Field(None, description="Key that commands send to that server.")

    @field_validator("audience")
    @classmethod
    def _canonical_audience(cls, value: str) -> str:
        value = value.strip().lower()
        return "agents" if value == "internal" else value

    @field_validator("watch", mode="before")
    @classmethod
    def _paths(cls, value: Any) -> Any:
        """In the environment, paths are parted as in PATH."""
        return tuple(filter(None, value.split(os.pathsep))) if isinstance(value, str) else value

    @field_validator("languages", "frame_origins", mode="before")
    @classmethod
    def _parted(cls, value: Any) -> Any:
        """In the environment, languages and origins are parted by commas."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("languages")
    @classmethod
    def _two_letters(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for code in value:
            if not (len(code) == 2 and code.isascii() and code.islower()):
                raise ValueError(f"{code!r} is not a two-letter code such as ko")
        return value

    @field_validator("frame_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """As browsers write them: they become part of a policy, and are compared."""
        for origin in value:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is not an origin such as https://desk.example, in lower case")
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        value = value.rstrip("/")
        if value and not _ADDRESS.fullmatch(value):
            raise ValueError(f"{value!r} is not an address such as https://help.example")
        return value

    @field_validator("home", "cache")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)  # `load` gathers the sources, to say where each value came from


class Loaded:
    """Settings in effect and the source of each."""

    def __init__(self, settings: Settings, origins: Mapping[str, str]) -> None:
        self.settings, self.origins = settings, origins


def load(flags: Mapping[str, Any] | None = None, folder: Path | None = None) -> Loaded:
    """Gather settings from every source.

    Args:
        flags: values from the command line; None means not given.
        folder: where `kb.toml` is looked for, the working directory by default.

    Raises:
        InvalidInput: an unknown name or a bad value; with its source.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    path = (folder or Path()) / FILE
    for origin, found in (
        (str(path), _from_file(path)),
        ("environment", _from_environment()),
        ("flag", {key: value for key, value in (flags or {}).items() if value is not None}),
    ):
        for key, value in found.items():
            values[key] = value
            origins[key] = f"{PREFIX}{key.upper()}" if origin == "environment" else origin
    try:
        return Loaded(Settings(**values), origins)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        problem = f"{key}: {first['input']!r}: {first['msg']}"
        raise InvalidInput(f"{origins.get(key, 'settings')}: {problem}") from error


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: not TOML: {error}") from error
    unknown = sorted(set(found) - set(Settings.model_fields))
    if unknown:
        raise InvalidInput(f"{path}: unknown setting {unknown[0]!r}; `kb config` lists those there are")
    return found


def _from_environment() -> dict[str, Any]:
    names = {f"{PREFIX}{key.upper()}": key for key in Settings.model_fields}
    return {key: os.environ[name] for name, key in names.items() if os.environ.get(name)}
