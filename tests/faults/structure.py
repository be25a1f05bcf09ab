"""Faults of structure, images, metadata, links and of an article's place among the others."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from posixpath import dirname, relpath
from urllib.parse import quote

from articles import frontmatter
from articles.health.base import Behind, Shelf
from articles.prepare import read_article
from indexer.language import base
from kb.models import AGENTS, PUBLIC, Article, Metadata

Inject = Callable[[Shelf, Article, random.Random], Shelf | None]

# --- shelves with a changed article -------------------------------------------------------------------------


def changed(shelf: Shelf, article: Article, markdown: str | None = None, **said: object) -> Shelf:
    """The shelf with another text of an article, or with other metadata of it."""
    found = article
    if markdown is not None:
        again = read_article(markdown, article.source, article.id, article.folder)
        found = replace(article, markdown=markdown, metadata=again.metadata, content_hash=again.content_hash)
    found = replace(found, metadata=replace(found.metadata, **said))  # type: ignore[arg-type]
    known = {name: facts for name, facts in shelf.known.items() if name != article.id}
    return replace(shelf, articles={**shelf.articles, article.id: found}, known=known)


def inserted(rng: random.Random, shelf: Shelf, article: Article, text: str) -> Shelf:
    """The shelf with a piece of text before a section of the second level, or at the end."""
    lines = article.markdown.rstrip().split("\n")
    sections = [block.lines[0] - 1 for block in shelf.document(article).blocks if block.level == 2]
    at = rng.choice([*sections[1:], len(lines)])
    return changed(shelf, article, "\n".join([*lines[:at], "", text, "", *lines[at:], ""]))


def front(shelf: Shelf, article: Article, **said: object) -> Shelf:
    return changed(shelf, article, frontmatter.rewritten(article.markdown, said, article.source))


def another(shelf: Shelf, article: Article, rng: random.Random) -> Article | None:
    """A published article of the same folder, space and locale."""
    near = [other for other in shelf.published if _place(other) == _place(article) and other.id != article.id]
    return rng.choice(near) if near else None


def _place(article: Article) -> tuple[str, str, str]:
    return article.folder, article.metadata.space, article.metadata.locale


def _pick(article: Article, rng: random.Random, english: tuple[str, ...], korean: tuple[str, ...]) -> str:
    return rng.choice(korean if base(article.metadata.locale) == "ko" else english)


# --- structure ----------------------------------------------------------------------------------------------

_EN = ("Before you begin", "Known limits", "More about this", "Other devices")
_KO = ("시작하기 전에", "알려진 제한", "더 알아보기", "다른 기기에서")
_STEPS = {
    "en": (
        *("Open **Settings > Sharing**.", "Click **Add a person**.", "Type their e-mail address.", "Select a role."),
        *("Choose how long it holds.", "In the next window, tap **Confirm**.", "Wait until the tick is green."),
        *("Go to **Members** again.", "Right-click the name, and then click **Copy link**.", "Press **Enter**."),
    ),
    "ko": (
        *(
            "**설정 > 공유**를 엽니다.",
            "**사람 추가**를 누르세요.",
            "이메일 주소를 입력합니다.",
            "역할을 선택해 주세요.",
        ),
        *("기간을 고릅니다.", "다음 화면에서 **확인**을 눌러요.", "**구성원** 화면으로 이동하세요."),
        *("이름을 길게 누른 뒤 **링크 복사**를 선택합니다.", "**저장** 버튼을 클릭하십시오."),
    ),
}
_FOREIGN = {
    "en": ("Pruning orchids midwinter", "Baking sourdough loaves", "Varnishing violins lavishly"),
    "ko": ("난초 화분 분갈이", "호밀빵 천연발효 반죽", "바이올린 줄감개 조율"),
}


def _several_h1(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    return inserted(
        rng, shelf, article, f"# {_pick(article, rng, _EN, _KO)}\n\n1, 2, 3.\n\n# {rng.randint(1, 99)}\n\n4."
    )


def _skipped_level(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    level = rng.choice(("####", "#####"))
    return inserted(rng, shelf, article, f"## {_pick(article, rng, _EN, _KO)}\n\n1.\n\n{level} 2\n\n3.")


def _empty_section(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    after = rng.choice(("", "<!-- write this -->", "---", "## 2\n\n3."))
    return inserted(rng, shelf, article, f"## {_pick(article, rng, _EN, _KO)}\n\n{after}")


def _unnumbered_steps(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    steps = _STEPS.get(base(article.metadata.locale))
    if steps is None:
        return None
    some = rng.sample(steps, rng.randint(4, 6))
    mark = rng.choice(("- ", "* "))
    return inserted(
        rng, shelf, article, f"## {_pick(article, rng, _EN, _KO)}\n\n" + "\n".join(mark + step for step in some)
    )


def _title_elsewhere(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    titles = _FOREIGN.get(base(article.metadata.locale))
    if titles is None or sum(len(block.text) for block in shelf.document(article).blocks) < 400:
        return None
    return front(shelf, article, title=rng.choice(titles))


def _too_long(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    sentence = _pick(article, rng, ("It is kept for a year and then it goes away.",), ("일 년 동안 두었다가 지워요.",))
    paragraphs = [" ".join([sentence] * 6) for _ in range(50)]
    return inserted(rng, shelf, article, "\n\n".join(paragraphs))


# --- images and metadata ------------------------------------------------------------------------------------


def _missing_alt(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    images = (
        *(
            "![](a.png)",
            "![ ](images/b.jpg)",
            "![screenshot](c.png)",
            "![Image 3](c3.png)",
            "![IMG_2041](IMG_2041.jpg)",
        ),
        *(
            '<img src="d.png">',
            "| 1 |\n| --- |\n| <img src='images/d.png' width=20> |",
            '<p align="center">\n  <img\n   src="d.png"\n   alt="screenshot">\n</p>',
            "![e.png](e.png)",
            "![이미지](f.png)",
            "![스크린샷 2](g.png)",
            '<img alt="image" src="h.gif">',
        ),
    )
    return inserted(rng, shelf, article, rng.choice(images))


def _missing_image(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    if not article.folder or not Path(article.folder).is_dir():
        return None
    source = f"images/gone-{rng.randint(1, 999)}.png"
    images = (f"![Where the button is]({source})", f'<p><img alt="Where it is" src="{source}"></p>')
    return inserted(rng, shelf, article, rng.choice((*images, f"It is here: <img src='{source}' alt='The button'/>")))


def _missing_metadata(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    empty: dict[str, object] = {"owner": "", "product": "", "category": "", "tags": (), "updated": None}
    near = [other.metadata for other in shelf.published if other.metadata.space == article.metadata.space]
    usual = [key for key in empty if _says(article.metadata, key) and _share(near, key) > 0.85]
    if not usual or len(near) < 12:
        return None
    key = rng.choice(usual)
    return changed(shelf, article, **{key: empty[key]})


def _says(metadata: Metadata, key: str) -> bool:
    return bool(getattr(metadata, key))


def _share(near: list[Metadata], key: str) -> float:
    return sum(_says(metadata, key) for metadata in near) / len(near)


def _duplicate_title(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    other = another(shelf, article, rng)
    if other is None or other.metadata.audience != article.metadata.audience:
        return None
    return front(shelf, article, title=rng.choice((str.upper, str.title, "{}!".format))(other.metadata.title))


# --- links --------------------------------------------------------------------------------------------------


def _link(article: Article, rng: random.Random, target: str) -> str:
    """A link to somewhere, as people write links: in Markdown or in HTML, alone or in a list, a table or a section."""
    text = _pick(article, rng, _EN, _KO)
    html = rng.choice((f'<a href="{target}">{text}</a>', f"<a class='x'\n   href = '{target}'>{text}</a>"))
    match rng.randrange(6):
        case 0:
            return f"1. {html.replace(chr(10), ' ')}\n2. 3"
        case 1:
            return f"| 1 | 2 |\n| --- | --- |\n| 3 | {html.replace(chr(10), ' ')} |"
        case 2:
            return f"<details>\n<summary>1</summary>\n<p>2, {html}</p>\n</details>"
        case 3:
            return f"1: *{html}*, 2."
        case _:
            return f"[{text}]({target})"


def _broken_link(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    name = f"gone-{rng.randint(1, 999)}"
    files = (f"{name}.md", f"./{name}.md#here", f"{name}.mdx", f"{name}.markdown")
    target = rng.choice((*files, f"/articles/{name}", f"/v1/articles/{name}", name))
    other = another(shelf, article, rng)
    if other and other.folder and rng.random() < 0.1:  # as another site calls it
        target = relpath(other.source, dirname(article.source) or ".").rpartition(".")[0] + ".html"
    return inserted(rng, shelf, article, _link(article, rng, quote(target, safe="/#")))


def _broken_anchor(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    other = another(shelf, article, rng)
    page = rng.choice(("", f"/articles/{quote(other.id)}" if other else ""))
    return inserted(rng, shelf, article, _link(article, rng, f"{page}#gone-{rng.randint(1, 999)}"))


def _redirected_link(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    other = another(shelf, article, rng)
    if other is None:
        return None
    old = f"old/{rng.randint(1, 999)}"
    found = inserted(rng, shelf, article, _link(article, rng, f"/articles/{old}"))
    return replace(found, redirects={**shelf.redirects, old: other.id})


def _audience_link(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    other = another(shelf, article, rng)
    if other is None or article.metadata.audience != PUBLIC:
        return None
    found = inserted(rng, shelf, article, _link(article, rng, f"/articles/{quote(other.id)}"))
    return changed(found, other, audience=rng.choice((AGENTS, "billing")))


def _malformed_link(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    targets = (
        *(
            "",
            "#",
            "http//example.com/a",
            "https:/example.com/a",
            "https//example.com",
            "htps://example.com",
            "http://",
        ),
        *("www.example.com/status", "status.example.com/now", "file:///C:/Users/me/a.pdf", "help@example.com"),
        *("https://https://example.com", "mailto:", "ttp://example.com"),
    )
    text = _pick(article, rng, _EN, _KO)
    link = _link(article, rng, rng.choice(targets))
    left = (f"[{text}](the refund page.md)", f"[{text}][refund-policy]", f"[{text}][7]")
    return inserted(rng, shelf, article, rng.choice((*left, f'<a href="javascript:go()">{text}</a>', *[link] * 6)))


# --- among the others ---------------------------------------------------------------------------------------


def _translation_behind(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    other = another(shelf, article, rng)
    if other is None:
        return None
    if rng.random() < 0.5:
        behind = Behind(other.id, 2, 5, "2026-10-01T09:00:00Z")
        return replace(shelf, behind={**shelf.behind, article.id: behind})
    if other.metadata.updated is None or not article.folder:
        return None
    day = other.metadata.updated - timedelta(days=rng.randint(1, 400))
    return changed(shelf, article, translation_of=other.id, updated=day)


def _translation_missing(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    family = [other for other in shelf.published if other.family == article.family and other.id != article.id]
    if not family or {article.metadata.audience, *(other.metadata.audience for other in family)} != {PUBLIC}:
        return None
    gone = {other.id for other in family}
    wanted = {"locales": tuple(sorted({other.metadata.locale for other in family}))}
    left = {name: other for name, other in shelf.articles.items() if name not in gone}
    return replace(shelf, articles=left, chosen={**shelf.chosen, "translation_missing": wanted})


def _verification_overdue(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    if rng.random() < 0.3:
        return changed(shelf, article, doubted=True)
    late = shelf.today - timedelta(days=91 + rng.randint(0, 900))
    return front(shelf, article, reviewed=late, review_every="90d")


def _orphan(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    """Nothing leads to it: the shelf as it is without links, but for one of its own to itself."""
    alone = inserted(rng, shelf, article, f"[{rng.randint(1, 99)}](/articles/{quote(article.id)})")
    links = {name: replace(facts, links=()) for name, facts in alone.known.items()}
    if len(links) < len(shelf.articles) - 1:
        return None
    searched = frozenset(name for name in shelf.articles if name != article.id)
    return replace(alone, known=links, searched=searched)


def _superseded(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    other = another(shelf, article, rng)
    if other is None:
        return None
    match rng.randrange(4):
        case 0 | 1:
            linked = inserted(rng, shelf, article, f"[{other.id.split('/')[-1]}](/articles/{quote(other.id)})")
            return changed(linked, other, state=rng.choice(("archived", "draft")))
        case 2:
            return changed(shelf, article, extra={**article.metadata.extra, "superseded_by": other.id})
        case _:
            return changed(shelf, other, extra={**other.metadata.extra, "replaces": article.id})


_RETIRED_EN = (
    "> **Note:** This article has been replaced by [the new guide](https://example.com/new).",
    "This page is no longer maintained.",
    "This article is retired. See the new article for the current steps.",
    "This document was superseded by the 2026 edition.",
    "Please read the new article instead.",
)
_RETIRED_KO = (
    "이 문서는 [새 안내](https://example.com/new)로 대체되었습니다.",
    "이 글은 더 이상 업데이트되지 않습니다.",
    "본 문서는 폐기되었습니다.",
    "이 페이지는 다른 곳으로 이전되었어요.",
    "자세한 내용은 새 문서를 참고하세요.",
)


def _retired_wording(shelf: Shelf, article: Article, rng: random.Random) -> Shelf | None:
    if base(article.metadata.locale) not in ("en", "ko"):
        return None
    return inserted(rng, shelf, article, _pick(article, rng, _RETIRED_EN, _RETIRED_KO))


INJECT: dict[str, Inject] = {
    "several_h1": _several_h1,
    "skipped_level": _skipped_level,
    "empty_section": _empty_section,
    "unnumbered_steps": _unnumbered_steps,
    "title_elsewhere": _title_elsewhere,
    "too_long": _too_long,
    "missing_alt": _missing_alt,
    "missing_image": _missing_image,
    "missing_metadata": _missing_metadata,
    "duplicate_title": _duplicate_title,
    "broken_link": _broken_link,
    "broken_anchor": _broken_anchor,
    "redirected_link": _redirected_link,
    "audience_link": _audience_link,
    "malformed_link": _malformed_link,
    "translation_behind": _translation_behind,
    "translation_missing": _translation_missing,
    "verification_overdue": _verification_overdue,
    "orphan": _orphan,
    "superseded": _superseded,
    "retired_wording": _retired_wording,
}
