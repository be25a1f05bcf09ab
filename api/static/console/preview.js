// An article beside the suggestions, at the passage that answers.

import { h } from "../shared/dom.js";
import { markPassage } from "../shared/passage.js";
import { parsed, placeOf, section } from "./passage.js";
import { internal, verification } from "./suggestions.js";

const FIELDS = "html,title,locale,audience,verification,translations";
const OWN = /^\/articles\/([^?#]+)/;  // how articles link to each other

export class Preview {
  /** @param follow `(item) => void`, told of an article that a link in the text leads to */
  constructor(api, say, { follow, lang }) {
    Object.assign(this, { api, say, follow, lang, item: null });
    for (const id of ["console", "preview-title", "reading", "hints"]) this[id] = document.getElementById(id);
    this.reading.addEventListener("click", (event) => this.#click(event));
  }

  /** Show an item's article; what is known of it then, null where another was opened meanwhile. */
  async open(item) {
    this.item = item;
    this.console.setAttribute("data-reading", "");
    this["preview-title"].textContent = item.title;
    this.reading.setAttribute("aria-busy", "true");
    let article;
    try {
      article = await this.api.article(item.id, FIELDS);
    } catch (error) {
      if (this.item === item) this.#fail(item, error);
      throw error;
    }
    if (this.item !== item) return null;
    this.#show(item, article);
    return article;
  }

  close() {
    this.item = null;
    this.console.removeAttribute("data-reading");
    this["preview-title"].textContent = this.say("Preview");
    this.reading.replaceChildren(this.hints);
    this.reading.removeAttribute("aria-busy");
  }

  #show(item, article) {
    this["preview-title"].textContent = article.title;
    const body = h("div", { class: "prose", lang: article.locale });
    body.append(parsed(article.html));
    const blocks = item.snippet ? section(body, placeOf(body, item.anchor)) : [];
    for (const block of blocks) block.classList.add("passage");
    const mark = item.snippet ? markPassage(body, item.snippet, item.anchor) : null;
    fit(body, article.title);
    this.reading.replaceChildren(this.#about(article), body);
    this.reading.removeAttribute("aria-busy");
    this.#scroll(mark ?? blocks[0] ?? null);
  }

  #about(article) {
    const { on, status } = article.verification ?? {};
    const day = on && new Date(`${on}T00:00`).toLocaleDateString(this.lang, { dateStyle: "medium" });
    const known = status === "verified" || status === "evergreen";
    const badge = h("span", { class: `badge ${known ? "verified" : "unverified"}` }, verification(status, this.say));
    const languages = (article.translations ?? []).map((one) => one.locale).join(", ");
    return h(
      "p",
      { class: "badges" },
      internal(article.audience, this.say),
      badge,
      day ? h("span", { class: "quiet" }, day) : null,
      h("span", { class: "badge" }, article.locale),
      languages ? h("span", { class: "quiet" }, this.say("Also in {languages}", { languages })) : null,
    );
  }

  #fail(item, error) {
    const gone = error.status === 404;
    const words = gone ? this.say("This article is not live: it is a draft, or gone.") : this.say("The article could not be loaded.");
    const again = gone ? null : h("button", { type: "button", class: "button plain", onclick: () => this.follow(item) }, this.say("Try again"));
    this.reading.replaceChildren(h("p", { class: "told" }, words), ...(again ? [again] : []));
    this.reading.removeAttribute("aria-busy");
  }

  /** Where the pane scrolls, only the pane does: a help desk's page around stays where it is. */
  #scroll(target) {
    const pane = this.reading;
    const room = target ? target.getBoundingClientRect().top - pane.getBoundingClientRect().top : 0;
    if (getComputedStyle(pane).overflowY === "auto") pane.scrollTop = target ? pane.scrollTop + room - pane.clientHeight / 3 : 0;
    else window.scrollTo(0, target ? window.scrollY + target.getBoundingClientRect().top - window.innerHeight / 3 : 0);
  }

  /** Links between articles stay in the pane, those within one scroll it, and others leave for a page of their own. */
  #click(event) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const url = new URL(link.getAttribute("href"), location.origin);
    const inside = link.getAttribute("href").startsWith("#");
    const own = url.origin === location.origin && OWN.exec(url.pathname);
    event.preventDefault();
    if (inside) this.#scroll(this.reading.querySelector(`[data-place="${CSS.escape(decodeURIComponent(url.hash.slice(1)))}"]`));
    else if (own) this.follow({ id: decodeURIComponent(own[1]), title: link.textContent, locale: "", audience: "public" });
    else window.open(url.href, "_blank", "noopener");
  }
}

/** Fit an article into the page: its headings come below the page's, and its ids are none of the page's. */
function fit(body, title) {
  const first = body.querySelector("h1");
  if (first?.textContent.trim() === title) first.remove();
  for (const heading of body.querySelectorAll("h1, h2, h3, h4, h5")) {
    const level = Math.max(3, Number(heading.tagName[1]) + 1);
    const lower = h(`h${level}`, null, ...heading.childNodes);
    for (const { name, value } of heading.attributes) lower.setAttribute(name, value);
    heading.replaceWith(lower);
  }
  for (const element of body.querySelectorAll("[id], [name]")) {
    if (element.id) element.dataset.place = element.id;
    element.removeAttribute("id");
    element.removeAttribute("name");
  }
  for (const wide of body.querySelectorAll("pre, table")) wide.tabIndex = 0;  // what scrolls sideways does so by keys, too
}
