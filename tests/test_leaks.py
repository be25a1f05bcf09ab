"""No response holds a word, an id or a title of what its reader may not see, whatever was done before.

A state machine drives articles, groups, moves, edits and compactions at random. Every text has canaries: made-up words,
English and Korean, that stand nowhere else. Readers of every kind then ask everything that can be asked, in the
canaries' own words, and no answer may hold a canary that is not theirs (what they typed themselves aside).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from api.app import create_app
from articles.gaps.compute import refresh
from articles.spaces import put_space
from indexer import snapshot as files
from kb.jobs import Progress
from kb.models import OPERATOR
from kb.settings import Settings
from kb.store import gaps, people
from kb.store.spaces import Space
from tests.canaries import Held, Text, Who
from tests.conftest import Shop, TinyEmbedder

EXAMPLES = int(os.environ.get("LEAK_EXAMPLES", "4"))
AUDIENCES = ("public", "agents", "leads", "legal")
SPACES = ("main", "shop")
STATES = ("published", "draft")
CHECKS: Counter[str] = Counter()
# what tells of questions that others asked
_ASKED = ("/v1/gaps", "/v1/coaching", "/v1/complete", "/v1/metrics", "/v1/search/preview")
_HANGUL = "뷁쉛뚫퓔꿻쬲쾌뫥튱훵껡뤪"


class Leaks(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.made = 0
        self.held: dict[str, Held] = {}
        self.erased: list[str] = []
        self.typed: dict[str, list[Who]] = {}
        self.tickets: list[str] = []

    @initialize()
    def open(self) -> None:
        self.shop = Shop(Path(self.folder.name) / "home", TinyEmbedder())
        self.shop.settings = Settings(home=self.shop.settings.home, chunk_tokens=60, rate_limit=10_000_000)
        self.shop.home.settings = self.shop.settings
        database = self.shop.home.database
        put_space(database, Space("shop", "Shop"), OPERATOR, 0)
        with database.write() as connection:
            for group in AUDIENCES[2:]:
                people.add_group(connection, OPERATOR, group)
        key, both = self.shop.key, frozenset(SPACES)
        public, agents = frozenset({"public"}), frozenset({"public", "agents"})
        self.readers = [
            Who("anonymous", public, both, False, {}),
            Who(
                "widget",
                public,
                both,
                False,
                {**key("customer", origins=["https://a.example"]), "Origin": "https://a.example"},
            ),
            Who("shop customer", public, frozenset({"shop"}), False, key("customer", space_ids=["shop"])),
            Who("agent", agents, both, False, key("agent")),
            Who("lead", agents | {"leads"}, both, False, key("agent", group_ids=["leads"])),
            Who("author", agents, both, True, key("author")),
            Who(
                "legal author",
                agents | {"legal"},
                frozenset({"main"}),
                True,
                key("author", group_ids=["legal"], space_ids=["main"]),
            ),
            Who("admin", agents, both, True, key("admin")),
        ]
        self.client = TestClient(create_app(self.shop.settings, self.shop.home), base_url="http://127.0.0.1")
        self.client.__enter__()
        self.everybody = key("admin", group_ids=AUDIENCES[2:])

    def teardown(self) -> None:
        self.client.__exit__(None, None, None)
        self.shop.home.close()
        self.folder.cleanup()

    # --- what is done -----------------------------------------------------------------------------------------

    def canary(self) -> tuple[str, str]:
        """A word in each language that stands nowhere else."""
        self.made += 1
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{self.made:05d}")
        syllables = "".join(_HANGUL[int(digit)] for digit in f"{self.made:05d}")
        return f"zq{letters}xv", f"갉{syllables}"

    def text(self, audience: str, space: str, state: str = "published") -> tuple[str, Text]:
        """An article's Markdown in both languages, with canaries in its title, headings, tags, owner and body."""
        words = [word for _ in range(4) for word in self.canary()]
        body = (
            f"---\ntitle: Refund {words[0]} {words[1]}\nlocale: {'ko' if self.made % 2 else 'en'}\n"
            f"audience: {audience}\nspace: {space}\nstate: {state}\ntags: [money, {words[2]}]\nowner: {words[3]}\n"
            f"category: {words[4]}\nreviewed: 2020-01-01\nreview_every: 30d\n---\n\n"
            f"Refunds are paid within days of {words[5]}. 환불은 {words[6]}에서 합니다.\n\n"
            f"## Section {words[7]}\n\nSee [this](missing-{words[0]}.md). 환불 절차는 {words[1]} 안내를 봅니다.\n"
        )
        return body, Text(audience, space, tuple(words))

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        response = self.client.request(method, path, json=body, headers={**self.everybody, "If-Match": "*", **headers})
        assert response.status_code < 300, response.text
        return response

    @rule(audience=st.sampled_from(AUDIENCES), space=st.sampled_from(SPACES), state=st.sampled_from(STATES))
    def create(self, audience: str, space: str, state: str) -> None:
        markdown, text = self.text(audience, space)
        name = self.canary()[0]
        article_id = f"en/{name}"
        body = {"markdown": markdown, "publish": state == "published"}
        response = self.client.put(f"/v1/articles/{article_id}", json=body, headers=self.everybody)
        assert response.status_code == 201, response.text
        live = text if state == "published" else None
        self.held[article_id] = Held(article_id, [name], live, None if live else text, [])

    @rule(data=st.data(), audience=st.sampled_from(AUDIENCES), publish=st.booleans())
    def edit(self, data: st.DataObject, audience: str, publish: bool) -> None:
        held = self.some(data)
        if held is None:
            return
        markdown, text = self.text(audience, held.now.space)
        self.send("PUT", f"/v1/articles/{held.id}", {"markdown": markdown, "publish": publish})
        if publish:
            held.past += [old for old in (held.live, held.working if held.live is None else None) if old]
            held.live, held.working = text, held.working if held.live else None
        else:
            held.past += [held.working] if held.working else []
            held.working = text

    @rule(data=st.data(), audience=st.sampled_from(AUDIENCES))
    def give_to(self, data: st.DataObject, audience: str) -> None:
        """Make an article somebody else's; what is worked on goes along."""
        held = self.some(data, live=True)
        if held is None or held.live is None:
            return
        self.send("PATCH", f"/v1/articles/{held.id}", {"audience": audience})
        for name in ("live", "working"):
            old: Text | None = getattr(held, name)
            if old:
                held.past.append(old)
                setattr(held, name, Text(audience, old.space, old.canaries))

    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        held = self.some(data)
        if held is None:
            return
        name = self.canary()[0]
        self.send("POST", f"/v1/articles/{held.id}/move", {"to": f"ko/{name}"})
        del self.held[held.id]
        held.id = f"ko/{name}"
        held.names.append(name)
        self.held[held.id] = held

    @rule(data=st.data())
    def archive(self, data: st.DataObject) -> None:
        held = self.some(data, live=True)
        if held and held.live:
            self.send("DELETE", f"/v1/articles/{held.id}")
            held.past.append(held.live)
            held.last, held.live = held.live, None

    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        held = self.some(data)
        if held and held.working:
            self.send("POST", f"/v1/articles/{held.id}/transitions", {"action": "publish"})
            held.past += [held.live] if held.live else []
            held.live, held.working = held.working, None

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        held = self.some(data)
        if held:
            self.send("DELETE", f"/v1/articles/{held.id}?erase=true")
            del self.held[held.id]

    @rule(data=st.data())
    def flag(self, data: st.DataObject) -> None:
        """A suggested edit in words that belong to the article."""
        held = self.some(data, live=True)
        if held and held.live:
            word = held.live.canaries[5]
            self.send("POST", f"/v1/articles/{held.id}/edits", {"note": f"wrong {word}", "quote": word})

    @rule(data=st.data())
    def curate(self, data: st.DataObject) -> None:
        """Pin a hidden article on a public question, and name it beside."""
        held = self.some(data, live=True)
        if held and held.live:
            self.client.post(
                "/v1/curations", json={"query": "refund", "match": "contains", "pin": [held.id]}, headers=self.everybody
            )

    @rule(data=st.data(), audience=st.sampled_from(AUDIENCES))
    def upload(self, data: st.DataObject, audience: str) -> None:
        name = self.canary()[0]
        address = f"/v1/media?name={name}.txt&audience={audience}"
        made = self.client.post(address, content=f"words {name}".encode(), headers=self.everybody)
        assert made.status_code == 201, made.text
        self.held[f"media:{name}"] = Held(
            f"media:{name}", [name], Text(audience, "main", (made.json()["id"],)), None, []
        )

    @rule(half=st.booleans())
    def compact(self, half: bool) -> None:
        """Fold the delta into a snapshot; half-way, it is on disk and nobody reads from it yet."""
        if half:
            home = self.shop.home
            files.build(home.database, home.index_folder, home.identity)
        else:
            self.shop.home.index.compact()

    def some(self, data: st.DataObject, live: bool = False) -> Held | None:
        found = [h for h in self.held.values() if not h.id.startswith("media:") and (h.live or not live)]
        return data.draw(st.sampled_from(sorted(found, key=lambda h: h.id))) if found else None

    def gaps(self) -> list[str]:
        """The ids of the gaps of all that was asked."""
        refresh(self.shop.home, datetime.now(UTC), Progress())
        with self.shop.home.database.read() as connection:
            return [gap.id for gap in gaps.every(connection)][:5]

    # --- what is asked ----------------------------------------------------------------------------------------

    @invariant()
    def nobody_sees_what_is_not_theirs(self) -> None:
        if not self.held:
            return
        turn = self.made % len(self.readers)
        for who in (self.readers[turn], self.readers[(turn + 3) % len(self.readers)]):
            held = sorted(self.held.values(), key=lambda h: h.id)[self.made % len(self.held)]
            self.ask(who, held)

    def ask(self, who: Who, held: Held) -> None:
        words = [*held.now.canaries, *held.names]
        first, second = words[self.made % len(words)], words[(self.made * 7 + 3) % len(words)]
        slip = first[:-1] + ("y" if first[-1] != "y" else "z")
        question = f"refund {first} {second} 환불"
        get, post = self.getter(who), self.poster(who)
        for text in (question, first, slip, f'"{first}"', f"title:{second} refund", "환불 절차", "refund days"):
            get("/v1/search", q=text, explain="true", limit="50")
        get("/v1/search", q="refunds", space=held.now.space, limit="50")
        post("/v1/suggest", {"ticket": {"subject": question, "messages": [{"text": f"{second} /articles/{held.id}"}]}})
        for start in (first[:4], first[:-1], "환", "ref", "Section", "ㅎㅂ"):
            get("/v1/complete", q=start, limit="20")
        for rest in ("", "/related", "/versions", "/versions/1", "/diff?before=1&after=1"):
            get(f"/v1/articles/{held.id}{rest}")
        for name in held.names:
            for folder in ("en", "ko"):
                get(f"/v1/articles/{folder}/{name}")
                get(f"/v1/redirects/{folder}/{name}")
                get(f"/articles/{folder}/{name}")
                get(f"/articles/{folder}/{name}.md")
        for path in (
            *("/v1/articles?limit=200", "/v1/articles?state=any&limit=200", "/v1/articles?worked_on=draft&state=any"),
            *("/v1/flags", "/v1/edits", "/v1/edits/1", "/v1/redirects", "/v1/spaces", "/feed.atom", "/v1/curations"),
            *("/", "/?lang=ko", "/sitemap.xml", "/llms.txt", f"/categories/{second}"),
            *("/v1/media", "/v1/search/settings", "/v1/metrics", "/v1/audit?limit=200", "/openapi.json"),
            *("/v1/flags?all=true", "/v1/flags?all=true&lang=ko", "/v1/flags/plan", "/v1/checks", "/v1/waivers"),
            "/v1/digest/preview",
            *("/v1/coaching", "/v1/coaching?agent=me", "/v1/coordination", "/v1/coordination?format=csv"),
            *(f"/v1/articles?label={first}", f"/v1/articles?owner={second}", f"/search?q={first}", "/v1/gaps"),
            *("/v1/gaps?state=ignored", *(f"/v1/gaps/{gap}" for gap in self.gaps())),
        ):
            get(path)
        if held.id.startswith("media:") and held.live:
            get(f"/media/{held.live.canaries[0]}")
            get(f"/v1/media/{held.live.canaries[0]}")
        if who.author:
            post("/v1/search/preview", {"queries": [question, "refund"], "curations": []})
            for method, path, body in (
                ("PUT", f"/v1/articles/{held.id}", {"markdown": "---\naudience: public\n---\nx"}),
                ("PATCH", f"/v1/articles/{held.id}", {"owner": "me"}),
                ("POST", f"/v1/articles/{held.id}/transitions", {"action": "doubt"}),
                ("POST", f"/v1/articles/{held.id}/move", {"to": held.id}),
            ):
                stale = {"If-Match": '"999999999"'}
                self.check(who, path, self.client.request(method, path, json=body, headers={**who.headers, **stale}))

    def getter(self, who: Who) -> Any:
        def get(path: str, **params: str) -> None:
            sent = {**who.headers, "Referer": "https://a.example/"} if who.name == "widget" else who.headers
            response = self.client.get(path, params=params or None, headers=sent, follow_redirects=False)
            self.check(who, path + json.dumps(params, ensure_ascii=False), response)

        return get

    def poster(self, who: Who) -> Any:
        def post(path: str, body: Any) -> None:
            response = self.client.post(path, json=body, headers=who.headers)
            self.check(who, path + json.dumps(body, ensure_ascii=False), response)

        return post

    def check(self, who: Who, asked: str, response: Any) -> None:
        """The answer has no canary that is hidden from its reader, but for those in what they sent."""
        assert response.status_code < 500, f"{asked}: {response.text}"
        path = asked.partition("?")[0].partition("{")[0]
        answer = response.text + json.dumps(dict(response.headers))
        if path == "/v1/search" or path == "/v1/suggest":
            if response.status_code == 200:  # the question comes back as it was understood
                found = response.json()
                asked += found["query"]  # what is kept of it, its spelling put right
                answer = json.dumps([found["hits"], [meant for _, meant in found["corrections"]]], ensure_ascii=False)
                own = [word for word in self.hidden(who) if word in answer]
            else:
                own = [word for word in self.hidden(who) if word in answer and word not in asked]
        else:
            own = [word for word in self.hidden(who) if word in answer and word not in asked]
            if path.startswith(_ASKED):
                own = [word for word in own if not any(o.audiences <= who.audiences for o in self.typed.get(word, []))]
        assert not own, f"{who.name} asked {asked} and saw {own}: {answer[:3000]}"
        CHECKS["responses"] += 1
        CHECKS["canaries"] += len(self.hidden(who))
        CHECKS[f"{response.request.method} {path.split('zq')[0]}"] += 1
        for word in self.every():
            if word in asked:
                self.typed.setdefault(word, []).append(who)

    def every(self) -> set[str]:
        found: set[str] = set()
        for held in self.held.values():
            texts = [held.live, held.working, *held.past]
            found |= {word for text in texts if text for word in text.canaries} | set(held.names)
        return found

    def hidden(self, who: Who) -> set[str]:
        """The canaries that this reader may not see now."""
        shown: set[str] = set()
        for held in self.held.values():
            if not who.may(held.now) or not (held.live or who.author):
                continue
            texts = [held.live, *([held.working, *held.past] if who.author else [])]
            shown |= {word for text in texts if text and who.may(text) for word in text.canaries} | set(held.names)
        if who.name == "admin":  # the audit log says what they could see when it was done
            shown |= {n for h in self.held.values() for n in h.names if any(who.may(t) for t in [h.now, *h.past])}
        return self.every() - shown


@pytest.mark.leaks
def test_no_response_holds_what_its_reader_may_not_see() -> None:
    CHECKS.clear()
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=25,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],  # shrinking asks everything again for minutes
        derandomize="LEAK_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Leaks, settings=profile)  # type: ignore[no-untyped-call]
    print(f"\n{CHECKS['responses']:,} responses, {CHECKS['canaries']:,} canaries looked for in them, 0 leaks")
    assert CHECKS["responses"] > 500 * EXAMPLES
