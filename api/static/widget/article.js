// An article in the widget: the passage that answers, what is related, and whether it helped.

import { h } from "../shared/dom.js";
import { markPassage } from "../shared/passage.js";

const OWN = /^\/articles\/([^?#]+)/; // how articles link to each other

export class ArticleView {
  /** @param hit the result that led here, with its `search_id`; null where the page named the article */
  constructor(panel, id, hit) {
    Object.assign(this, { panel, say: panel.say, id, hit, title: hit?.title ?? panel.say("Article") });
    this.content = h("div", { class: "article", "aria-busy": "true" }, h("p", { class: "note" }, this.say("Loading …")));
  }

  parts() {
    return [this.content];
  }

  focus() {
    this.panel.heading.focus();
  }

  async load() {
    const { panel, say, id, hit } = this;
    try {
      this.article = await panel.api.article(id);
    } catch (error) {
      const gone = error.status === 404;
      const again = gone ? null : h("button", { type: "button", class: "button plain", onclick: () => this.load() }, say("Try again"));
      this.content.replaceChildren(h("p", { class: "note", role: "alert" }, gone ? say("This article is no longer here.") : say("The server cannot be reached.")), ...(again ? [again] : []));
      return;
    } finally {
      this.content.removeAttribute("aria-busy");
    }
    this.#read();
    const body = h("div", { class: "prose", lang: this.article.locale });
    body.innerHTML = customElements.get("kb-help").policy.createHTML(this.article.html); // sanitised by the server
    this.#lead(body);
    panel.heading.textContent = this.title = this.article.title;
    body.querySelector("h1")?.remove(); // the panel's heading says it
    this.content.replaceChildren(...this.#standing(), body, this.#feedback(), h("div", { class: "related" }));
    const passage = hit && markPassage(body, hit.snippet, hit.anchor);
    passage?.scrollIntoView({ block: "center" });
    this.#related();
  }

  #read() {
    const { panel, id, hit, article } = this;
    if (hit) panel.api.event(hit.search_id, "clicked", id);
    const read = panel.api.visit.read.filter((one) => one.id !== id);
    panel.api.remember({ read: [...read, { id, title: article.title }].slice(-10) });
    panel.host.tell("article", { id, title: article.title });
  }

  #standing() {
    const { on } = this.article.verification ?? {};
    if (!on) return [];
    const day = new Date(`${on}T00:00`).toLocaleDateString(this.panel.dialog.lang, { dateStyle: "long" });
    return [h("p", { class: "quiet" }, this.say("Checked on {day}", { day }))];
  }

  /** Links between articles stay in the panel; what is relative is the server's, not the page's. */
  #lead(body) {
    const { panel } = this;
    for (const link of body.querySelectorAll("a[href]")) {
      const href = link.getAttribute("href");
      const own = OWN.exec(href);
      if (own) link.addEventListener("click", (event) => { event.preventDefault(); panel.article(decodeURIComponent(own[1]), this.#onward()); });
      if (href.startsWith("#")) link.addEventListener("click", (event) => { event.preventDefault(); body.querySelector(`#${CSS.escape(decodeURIComponent(href.slice(1)))}`)?.scrollIntoView(); });
      else link.target = "_blank";
      this.#place(link, "href");
    }
    for (const image of body.querySelectorAll("img[src]")) this.#place(image, "src");
  }

  #place(element, name) {
    const [address, base] = [element.getAttribute(name), `${this.panel.host.server}/articles/`];
    if (URL.canParse(address, base)) element.setAttribute(name, new URL(address, base).href);
    else element.removeAttribute(name); // no address at all
  }

  /** Going on from here is still about the same question. */
  #onward() {
    return this.hit && { search_id: this.hit.search_id, snippet: "", anchor: "" };
  }

  async #related() {
    const { panel, say, id } = this;
    let articles = [];
    try {
      articles = await panel.api.related(id);
    } catch { /* an offer; the article is there */ }
    if (!articles.length || panel.view !== this) return;
    const links = articles.map((one) => h("li", {}, h("button", { type: "button", class: "link", lang: one.locale, onclick: () => panel.article(one.id, this.#onward()) }, one.title)));
    this.content.querySelector(".related").append(h("h3", {}, say("Related articles")), h("ul", {}, ...links));
  }

  // --- whether it helped ---

  #feedback() {
    const { say } = this;
    if (!this.hit) return h("span", { hidden: true });
    const button = (text, onclick) => h("button", { type: "button", class: "button plain", onclick }, text);
    this.asked = h("section", { class: "feedback", "aria-labelledby": "helped" }, h("h3", { id: "helped" }, say("Did this help?")),
      h("div", { class: "row" }, button(say("Yes"), () => this.#helped()), button(say("No"), () => this.#why())));
    return this.asked;
  }

  #helped() {
    this.panel.api.event(this.hit.search_id, "helped", this.id);
    this.panel.host.tell("helped", { id: this.id });
    this.#thank(this.say("Thank you. Good to know."));
  }

  #why() {
    const { say } = this;
    const reasons = { unclear: say("It is hard to follow"), wrong: say("It is wrong"), outdated: say("It is out of date"), other_question: say("It answers another question") };
    const comment = h("textarea", { class: "field", id: "comment", rows: "2", maxlength: "1000" });
    const choices = Object.entries(reasons).map(([value, text]) => h("label", { class: "choice" }, h("input", { type: "radio", name: "reason", value }), text));
    const form = h("form", { onsubmit: (event) => this.#unhelped(event, form, comment) },
      h("fieldset", {}, h("legend", {}, say("What was wrong with it?")), ...choices), h("label", { for: "comment" }, say("Anything to add? (optional)")), comment,
      h("button", { type: "submit", class: "button" }, say("Send")));
    this.asked.replaceChildren(form);
    form.querySelector("input").focus();
  }

  #unhelped(event, form, comment) {
    event.preventDefault();
    const reason = new FormData(form).get("reason") ?? "";
    this.panel.api.event(this.hit.search_id, "not_helped", this.id, { reason, comment: comment.value.trim() });
    this.panel.host.tell("not-helped", { id: this.id, reason });
    this.#thank(this.say("Thank you. We will look at it."));
    const { contacting } = this.panel;
    if (contacting) this.asked.append(h("button", { type: "button", class: "button", onclick: () => this.panel.contact() }, this.say("Ask a person")));
  }

  #thank(text) {
    const said = h("p", { tabindex: "-1", class: "thanks" }, text);
    this.asked.replaceChildren(said);
    said.focus();
  }
}
