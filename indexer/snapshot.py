"""Index files: a folder of memory-mapped arrays and a manifest, made from the store and always replaceable.

A snapshot is written aside and appears by one rename. Its name carries its generation; readers take the newest.
It holds: `vectors` (n, dim) float32, `chunks` (n,) store row numbers, `owners` (n,) positions in `articles.json`, the
arrays of `indexer.lexical.Postings` for each field, and those of `indexer.late.TokenMatrix`: `tokens` (m, dim / 2)
uint8 and `token_starts` (n + 1,).
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from indexer.analyze import FIELDS
from indexer.dense import FlatIndex
from indexer.late import TokenMatrix
from indexer.lexical import Postings, build_postings
from kb.errors import IndexDamaged
from kb.models import ArticleRow, Terms
from kb.ports import Vectors
from kb.store import Connection, Database, articles, changes, chunks, passages
from kb.store.chunks import ChunkKeys

FORMAT = 4
_KEPT = 2  # generations left on disk: a process may still be opening the last but one


@dataclass(frozen=True)
class Identity:
    """What an index was made with; two that differ cannot share files or scores."""

    model: str
    dimension: int
    analyzer: str


@dataclass(frozen=True)
class Snapshot:
    """An opened snapshot. Row i of every array is chunk `chunks[i]` of article `articles[owners[i]]`."""

    generation: int
    change: int
    articles: list[ArticleRow]
    chunks: NDArray[np.int64]
    owners: NDArray[np.int32]
    dense: FlatIndex
    tokens: TokenMatrix
    postings: dict[str, Postings]


def generations(root: Path) -> list[Path]:
    """Snapshots on disk, newest first."""
    return sorted(root.glob("snapshot-*"), reverse=True)


def empty(identity: Identity) -> Snapshot:
    """The snapshot of an empty store."""
    nothing = {field: Postings.from_arrays(build_postings([])) for field in FIELDS}
    vectors = np.zeros((0, max(identity.dimension, 1)), np.float32)
    tokens = TokenMatrix(np.zeros((0, identity.dimension // 2), np.uint8), np.zeros(1, np.int64))
    none = np.zeros(0, np.int64)
    return Snapshot(0, 0, [], none, none.astype(np.int32), FlatIndex(vectors), tokens, nothing)


# --- writing -------------------------------------------------------------------------------------------------


def build(database: Database, root: Path, identity: Identity) -> Path:
    """Write the next snapshot from the store as it is now, and drop old ones. One builder at a time.

    Raises:
        IndexDamaged: the store lacks vectors or terms for this identity.
    """
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(root / "build.lock"):
        newest = generations(root)
        generation = _generation(newest[0]) + 1 if newest else 1
        scratch = Path(tempfile.mkdtemp(dir=root, prefix=".making-"))
        try:
            _write(database, scratch, identity, generation)
            target = root / f"snapshot-{generation:08d}"
            scratch.rename(target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        for old in generations(root)[_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    return target


def _generation(folder: Path) -> int:
    return int(folder.name.rpartition("-")[2])


def _write(database: Database, folder: Path, identity: Identity, generation: int) -> None:
    with database.read() as connection:
        change = changes.latest(connection)
        rows = articles.published_rows(connection)
        keys = chunks.keys(connection)
        vectors = passages.get_vectors(connection, identity.model, {key.passage for key in keys})
        terms = _terms(connection, identity, keys)
        starts = _write_tokens(connection, folder / "tokens.npy", identity, keys)
    position = {article_id: index for index, article_id in enumerate(rows)}
    arrays: dict[str, NDArray[Any]] = {
        "vectors": _matrix(vectors, [key.passage for key in keys], identity),
        "chunks": np.array([key.id for key in keys], np.int64),
        "owners": np.array([position[key.article] for key in keys], np.int32),
        "token_starts": starts,
    }
    for index, field in enumerate(FIELDS):
        built = build_postings([terms[key.terms].fields[index] for key in keys])
        arrays.update({f"{field}.{name}": array for name, array in built.items()})
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    (folder / "articles.json").write_text(
        json.dumps([asdict(row) for row in rows.values()], ensure_ascii=False), encoding="utf-8"
    )
    _write_manifest(folder, identity, generation, change)


def _terms(connection: Connection, identity: Identity, keys: list[ChunkKeys]) -> dict[bytes, Terms]:
    found = passages.get_terms(connection, identity.analyzer, {key.terms for key in keys})
    missing = sum(key.terms not in found for key in keys)
    if missing:
        raise IndexDamaged(f"{missing} chunks have no terms of analyzer {identity.analyzer!r}; run `kb index`")
    return found


def _write_tokens(connection: Connection, path: Path, identity: Identity, keys: list[ChunkKeys]) -> NDArray[np.int64]:
    """Write the token vectors chunk by chunk, never all in memory; where each chunk's begin: (n + 1,)."""
    width = max(identity.dimension // 2, 1)
    sizes = passages.token_sizes(connection, identity.model)
    counts = [sizes.get(key.passage, 0) // width for key in keys]
    starts = np.cumsum([0, *counts], dtype=np.int64)
    if not starts[-1]:
        np.save(path, np.zeros((0, width), np.uint8))
        return starts
    codes = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=(int(starts[-1]), width))
    places: dict[bytes, list[int]] = {}
    for row, key in enumerate(keys):
        places.setdefault(key.passage, []).append(row)
    for passage, raw in passages.get_tokens(connection, identity.model, places):
        for row in places[passage]:
            codes[starts[row] : starts[row + 1]] = np.frombuffer(raw, np.uint8).reshape(-1, width)
    codes.flush()
    return starts


def _matrix(vectors: dict[bytes, Vectors], keys: list[bytes], identity: Identity) -> Vectors:
    missing = sum(key not in vectors for key in keys)
    if missing:
        raise IndexDamaged(f"{missing} chunks have no vectors of model {identity.model!r}; run `kb index`")
    if not keys:
        return np.zeros((0, max(identity.dimension, 1)), np.float32)
    return np.stack([vectors[key] for key in keys])


def _write_manifest(folder: Path, identity: Identity, generation: int, change: int) -> None:
    files = {path.name: _checksum(path) for path in sorted(folder.iterdir())}
    manifest = {
        "format": FORMAT,
        "generation": generation,
        "change": change,
        **asdict(identity),
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _checksum(path: Path) -> str:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return f"{path.stat().st_size}:{checksum:08x}"


# --- reading -------------------------------------------------------------------------------------------------


def open_snapshot(folder: Path, identity: Identity) -> Snapshot:
    """Map a snapshot.

    Raises:
        IndexDamaged: it is of another format, model or analyser, or a file is not what was written; the message
            names the field, what was expected and what was found.
    """
    manifest = _manifest(folder)
    expected = {"format": FORMAT, **asdict(identity)}
    for field, value in expected.items():
        if manifest.get(field) != value:
            raise IndexDamaged(f"{folder.name}: {field} is {manifest.get(field)!r}, expected {value!r}")
    for name, checksum in manifest["files"].items():
        found = _checksum(folder / name) if (folder / name).exists() else "missing"
        if found != checksum:
            raise IndexDamaged(f"{folder.name}: {name} is {found}, expected {checksum} (size:crc32)")
    rows = json.loads((folder / "articles.json").read_text(encoding="utf-8"))
    return Snapshot(
        generation=manifest["generation"],
        change=manifest["change"],
        articles=[ArticleRow(**{**row, "tags": tuple(row["tags"])}) for row in rows],
        chunks=_load(folder, "chunks"),
        owners=_load(folder, "owners"),
        dense=FlatIndex(_load(folder, "vectors")),
        tokens=TokenMatrix(_load(folder, "tokens"), _load(folder, "token_starts")),
        postings={
            field: Postings.from_arrays({name: _load(folder, f"{field}.{name}") for name in Postings.ARRAYS})
            for field in FIELDS
        },
    )


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"{folder.name}: manifest.json cannot be read: {error}") from error
    shape = {"files": dict, "generation": int, "change": int}
    for key, kind in shape.items():
        if not isinstance(manifest, dict) or not isinstance(manifest.get(key), kind):
            raise IndexDamaged(f"{folder.name}: manifest.json lacks `{key}`")
    return manifest


def _load(folder: Path, name: str) -> NDArray[Any]:
    path = folder / f"{name}.npy"
    array: NDArray[Any] = np.load(path, mmap_mode="r" if path.stat().st_size > 128 else None)
    return array.view(np.ndarray)  # still mapped; numpy's memmap class makes every look-up slower
