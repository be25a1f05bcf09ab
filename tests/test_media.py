"""Files of articles: what is taken, who sees it, how it is served, and when it may go."""

from __future__ import annotations

import contextlib
import hashlib
import struct
import unicodedata

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from articles import media as rules
from articles.media import MAX_BYTES, accept, clean_name
from kb.errors import InvalidInput
from kb.models import EVERYTHING, OPERATOR
from kb.store import audit, people, spaces
from kb.store.spaces import Space
from tests.conftest import Shop


def png(width: int = 3, height: int = 2, more: bytes = b"") -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x06\0\0\0" + more


def gif(width: int = 3, height: int = 2) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0"


def jpeg(width: int = 3, height: int = 2) -> bytes:
    head = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + b"\xff\xdb\0\x04\0\0" + b"\xff"
    return head + b"\xff\xc2\0\x11\x08" + struct.pack(">HH", height, width) + b"\3" + bytes(9)


def webp(kind: bytes, rest: bytes) -> bytes:
    return b"RIFF\x20\0\0\0WEBP" + kind + b"\x10\0\0\0" + rest + bytes(20)


def vp8(width: int = 3, height: int = 2) -> bytes:
    return webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height))


def vp8l(width: int = 3, height: int = 2) -> bytes:
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14))


def vp8x(width: int = 3, height: int = 2) -> bytes:
    return webp(b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"))


MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(16)
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\xf7\x81\1\x42\xf2\x81\4\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\4"


# --- what is taken ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.png", png(), "image/png"),
        ("a.JPG", jpeg(), "image/jpeg"),
        ("a.gif", gif(), "image/gif"),
        ("a.webp", vp8(), "image/webp"),
        ("a.webp", vp8l(), "image/webp"),
        ("a.webp", vp8x(), "image/webp"),
        ("사용 설명서.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("a.mp4", MP4, "video/mp4"),
        ("a.webm", WEBM, "video/webm"),
        ("a.log", b"<34>Oct 11 22:14:15 su: 'su root' failed\n", "text/plain"),
        ("a.csv", "\ufeff이름,나이\r\n김,3\n".encode(), "text/csv"),
        ("BM.txt", b"BM is how many bitmaps begin", "text/plain"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(name: str, data: bytes, kind: str) -> None:
    assert accept(name, data) == (name, kind)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "can carry scripts"),
        ("a.svg", png(), "can carry scripts"),
        ("page.html", b"hello", "can carry scripts"),
        ("a.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><script>x()</script>", "can carry scripts"),
        ("a.txt", b"<?xml version='1.0'?><svg/>", "can carry scripts"),
        ("a.jpg", png(), "its first bytes say image/png, whose names end in .png"),
        ("a.png", b"not a picture", "its first bytes say text/plain"),
        ("a.exe", b"MZ\x90\0\3\0\0\0", "of no type that is taken"),
        ("a.txt", "환불".encode("cp949"), "of no type that is taken"),
        ("a.mov", b"\0\0\0\x20ftypqt  " + bytes(16), "of no type that is taken"),
        ("a.webm", WEBM.replace(b"\x84webm", b"\x88matroska"), "of no type that is taken"),
        ("a.zip", b"PK\3\4" + bytes(30), "of no type that is taken"),
        ("a.txt", b"", "0 bytes"),
        ("a.txt", b"x" * (MAX_BYTES + 1), "10,000,001 bytes"),
    ],
)
def test_what_is_not_taken_is_told_why(name: str, data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        accept(name, data)
    assert str(caught.value).startswith(f"{name}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("make", [png, jpeg, vp8x])
def test_a_picture_that_fills_a_readers_memory_is_refused(make: type[bytes]) -> None:
    name = {png: "a.png", jpeg: "a.jpg", vp8x: "a.webp"}[make]
    accept(name, make(5_000, 10_000))
    with pytest.raises(InvalidInput, match=r"5,001 × 10,000 pixels; a picture has 50,000,000 at most"):
        accept(name, make(5_001, 10_000))


@pytest.mark.parametrize("data", [png()[:20], jpeg()[:30], jpeg(3, 0), gif()[:8], gif(0, 5), vp8()[:25], vp8x()[:29]])
def test_a_picture_without_a_size_is_refused(data: bytes) -> None:
    ends = {0x89: "png", 0xFF: "jpg", 0x47: "gif", 0x52: "webp"}
    with pytest.raises(InvalidInput, match="does not say how large"):
        accept(f"a.{ends[data[0]]}", data)


@pytest.mark.parametrize("start", [png()[:8], jpeg()[:3], gif()[:6], vp8()[:16], vp8l()[:16], vp8x()[:16], MP4[:12]])
@given(rest=st.binary(max_size=200))
def test_no_bytes_break_the_reading_of_a_header(start: bytes, rest: bytes) -> None:
    for end in ("png", "jpg", "gif", "webp", "mp4"):
        with contextlib.suppress(InvalidInput):
            name, kind = accept(f"a.{end}", start + rest)
            assert end in rules.EXTENSIONS[kind], name


def test_a_name_is_one_way_to_write_it() -> None:
    assert clean_name(" " + unicodedata.normalize("NFD", "환불 안내.png")) == "환불 안내.png"
    for wrong in ("a/b.png", "..\\b.png", "a\n.png", "gnp.\u202eexe.png", "png", ".png", "..png", "a.", "", "a" * 201):
        with pytest.raises(InvalidInput, match=r"^name: "):
            clean_name(wrong)


# --- over HTTP ----------------------------------------------------------------------------------------------


@pytest.fixture
def author(shop: Shop) -> dict[str, str]:
    return shop.key("author")


def upload(client: TestClient, headers: dict[str, str], data: bytes = png(), **asked: str) -> httpx.Response:
    return client.post("/v1/media", params={"name": "router lights.png", **asked}, content=data, headers=headers)


def test_an_uploaded_image_is_served_as_it_was(client: TestClient, shop: Shop, author: dict[str, str]) -> None:
    made = upload(client, author)
    assert made.status_code == 201
    found = made.json()
    assert found["id"] == hashlib.sha256(png()).hexdigest()
    assert (found["type"], found["size"], found["audience"]) == ("image/png", len(png()), "public")
    assert found["url"] == f"/media/{found['id']}/router%20lights.png"
    for url in (found["url"], f"/media/{found['id']}"):
        served = client.get(url)
        assert served.content == png()
        assert served.headers["content-type"] == "image/png"
        assert served.headers["etag"] == f'"{found["id"]}"'
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert served.headers["x-content-type-options"] == "nosniff"
        assert served.headers["content-security-policy"] == "default-src 'none'; sandbox"
    known = client.get(found["url"], headers={"If-None-Match": served.headers["etag"]})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", served.headers["etag"])
    assert client.get(f"/v1/media/{found['id']}", headers=author).json() == found
    with shop.home.database.read() as connection:
        (entry,) = audit.entries(connection, EVERYTHING, object_=f"media:{found['id']}")
    assert (entry.action, entry.audience) == ("media.create", "public")


def test_only_pictures_and_films_are_shown_in_place(client: TestClient, author: dict[str, str]) -> None:
    picture = upload(client, author).json()["url"]
    assert client.get(picture).headers["content-disposition"].startswith('inline; filename="router lights.png"')
    table = upload(client, author, b"a,b\n", name='환불 "표".csv').json()["url"]
    served = client.get(table)
    assert served.headers["content-type"] == "text/csv; charset=utf-8"
    assert served.headers["content-disposition"] == (
        "attachment; filename=\"__ ___.csv\"; filename*=UTF-8''%ED%99%98%EB%B6%88%20%22%ED%91%9C%22.csv"
    )


def test_a_file_is_seen_by_its_audience_alone(client: TestClient, shop: Shop, author: dict[str, str]) -> None:
    found = upload(client, author, audience="agents").json()
    unknown = client.get(f"/media/{'0' * 64}").json()
    hidden = client.get(found["url"])
    assert hidden.status_code == 404
    assert hidden.json() == {**unknown, "detail": f"no media '{found['id']}'"}
    served = client.get(found["url"], headers=shop.key("agent"))
    assert served.content == png()
    assert served.headers["cache-control"] == "private, no-cache"
    assert client.get(found["url"], headers={"If-None-Match": f'"{found["id"]}"'}).status_code == 404


def test_only_authors_upload_and_only_what_they_may_read(client: TestClient, shop: Shop) -> None:
    with shop.home.database.write() as connection:
        people.add_group(connection, OPERATOR, "legal")
        spaces.put(connection, Space("pro", "Pro"))
    assert upload(client, shop.key("agent")).status_code == 403
    assert upload(client, {}).status_code == 401
    author = shop.key("author", space_ids=["main"])
    for asked in ({"audience": "legal"}, {"space": "pro"}):
        assert upload(client, author, **asked).status_code == 403
    for asked in ({"audience": "nobody"}, {"space": "nowhere"}):
        assert upload(client, author, **asked).json()["type"] == "urn:kb:problem:invalid-input"
    lawyer = shop.key("author", group_ids=["legal"])
    assert upload(client, lawyer, audience="legal", space="pro").status_code == 201


def test_the_same_bytes_are_kept_once_and_for_one_audience(client: TestClient, shop: Shop) -> None:
    with shop.home.database.write() as connection:
        people.add_group(connection, OPERATOR, "legal")
    author, lawyer = shop.key("author"), shop.key("author", group_ids=["legal"])
    first = upload(client, lawyer, audience="legal")
    again = upload(client, lawyer, audience="legal", name="other.png")
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    told = upload(client, lawyer, audience="public")
    assert (told.status_code, "audience 'legal' in space 'main'" in told.json()["detail"]) == (409, True)
    blind = upload(client, author, audience="public")
    assert (blind.status_code, "legal" in blind.text) == (409, False)
    moved = client.patch(f"/v1/media/{first.json()['id']}", json={"audience": "public"}, headers=lawyer)
    assert moved.json()["audience"] == "public"
    assert client.get(first.json()["url"]).status_code == 200
    with shop.home.database.read() as connection:
        entry = next(audit.entries(connection, EVERYTHING, object_=f"media:{first.json()['id']}"))
    assert (entry.action, entry.details) == ("media.move", {"was_audience": "legal", "was_space": "main"})
    assert (
        client.patch(f"/v1/media/{first.json()['id']}", json={"audience": "legal"}, headers=author).status_code == 403
    )


def test_what_an_article_shows_is_not_deleted(client: TestClient, shop: Shop, author: dict[str, str]) -> None:
    found = upload(client, author).json()
    address = f"/v1/media/{found['id']}"
    shop.put("lights", f"![The lights]({found['url']})", title="Lights", audience="legal")
    refused = client.delete(address, headers=author)
    assert (refused.status_code, "lights'" in refused.text) == (409, False)
    assert "1 article shows it: articles that you cannot read" in refused.json()["detail"]
    shop.put("lights", f"![The lights]({found['url']})", title="Lights")
    assert "1 article shows it: 'lights'" in client.delete(address, headers=author).json()["detail"]
    shop.put("lights", "No picture.", title="Lights")
    assert client.delete(address, headers=author).status_code == 204
    assert client.get(found["url"]).status_code == 404
    assert client.delete(address, headers=author).status_code == 404
    with shop.home.database.read() as connection:
        assert next(audit.entries(connection, EVERYTHING, object_=f"media:{found['id']}")).action == "media.delete"


def test_files_are_listed_a_page_at_a_time(client: TestClient, shop: Shop, author: dict[str, str]) -> None:
    ids = [upload(client, author, png(width)).json()["id"] for width in range(1, 4)]
    rules.upload(shop.home.database, OPERATOR, "secret.png", png(9), "agents", "main")
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get("/v1/media", params={"limit": 2, "cursor": cursor}, headers=author).json()
        seen += [item["id"] for item in page["media"]]
        cursor = page["next"]
    assert seen == [*ids, hashlib.sha256(png(9)).hexdigest()]
    assert client.get("/v1/media", headers=shop.key("agent")).status_code == 403


def test_a_body_is_not_read_beyond_what_a_file_may_have(client: TestClient, author: dict[str, str]) -> None:
    response = upload(client, author, png(more=bytes(MAX_BYTES)))
    assert response.status_code == 400
    assert "more than 10,000,000 bytes" in response.json()["detail"]
    assert upload(client, author, bytes(20_000_001)).status_code == 413
    assert upload(client, author, png(more=bytes(MAX_BYTES - len(png())))).status_code == 201
