// What the widget opens: a dialog in the element's shadow root, and the way between its views.

import { h } from "../shared/dom.js";
import { speaker } from "../shared/words.js";
import { Api } from "./api.js";
import { ArticleView } from "./article.js";
import { ContactView } from "./contact.js";
import { SearchView } from "./search.js";

const MODES = ["search", "ask", "both", "articles"];

export class Panel {
  constructor(host, launcher) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES); // tokens.css and widget.css
    host.shadowRoot.adoptedStyleSheets.push(sheet);
    const say = speaker(); // the messages are in the reader's language already
    Object.assign(this, { host, launcher, say, api: new Api(host) });
    this.mode = MODES.includes(host.getAttribute("mode")) ? host.getAttribute("mode") : "search";
    this.way = contactWay(host.getAttribute("contact") ?? "", this.mode);
    this.heading = h("h2", { id: "title", tabindex: "-1" });
    this.back = h("button", { type: "button", class: "icon back", "aria-label": say("Back"), onclick: () => this.#home() });
    this.body = h("div", { class: "body" });
    this.status = h("div", { role: "status", class: "visually-hidden" });
    const close = h("button", { type: "button", class: "icon close", "aria-label": say("Close help"), onclick: () => this.close() });
    this.dialog = h("dialog", { class: `panel ${this.mode}`, "aria-labelledby": "title", lang: host.korean ? "ko" : "en" },
      h("header", {}, this.back, this.heading, close), this.body, this.status);
    this.dialog.dir = host.dir;
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.close()); // beside the panel
    this.dialog.addEventListener("close", () => this.#closed());
    host.shadowRoot.append(this.dialog);
    this.searching = new SearchView(this);
    this.contacting = this.way ? new ContactView(this) : null;
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#network());
    this.#home({ focus: false });
  }

  async open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.launcher.setAttribute("aria-expanded", "true");
    this.#network();
    this.view.focus();
    this.searching.forPage();
    this.host.tell("open");
  }

  close() {
    this.dialog.close();
  }

  async search(text) {
    this.open();
    this.#home();
    this.searching.ask(text);
  }

  /** Show an article: a result of a search, or one that the page names. */
  async article(id, hit = null) {
    this.open();
    const view = new ArticleView(this, id, hit);
    this.show(view);
    await view.load();
  }

  /** Write to a person, about a question. */
  contact(question = this.api.visit.question) {
    if (this.mode === "both" && this.view === this.searching) return this.contacting.focus(question);
    this.contacting.about(question);
    this.show(this.contacting);
  }

  show(view, { focus = true } = {}) {
    this.view = view;
    const first = view === this.searching || (view === this.contacting && this.mode === "ask");
    this.back.hidden = first;
    this.heading.textContent = view.title;
    this.body.replaceChildren(...view.parts());
    this.body.scrollTop = 0;
    this.announce("");
    if (focus && this.dialog.open) view.focus();
  }

  /** Told to whoever does not see it. */
  announce(text) {
    this.status.textContent = text;
  }

  #home(options) {
    this.show(this.mode === "ask" && this.contacting ? this.contacting : this.searching, options);
  }

  #closed() {
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
    this.host.tell("close");
  }

  #network() {
    const { say } = this;
    this.dialog.querySelector(".offline")?.remove();
    if (navigator.onLine) return this.searching.again();
    const said = say("You are offline. What you write here is kept; it is searched for when you are back.");
    this.body.before(h("p", { class: "offline", role: "alert" }, said));
  }
}

/** How a person is reached, as the page says: `{kind, address}`, or null where it says nothing that can be. */
function contactWay(said, mode) {
  if (!said || mode === "articles") return null;
  if (said === "handler") return { kind: "handler" };
  if (said.startsWith("mailto:")) return { kind: "mailto", address: said.slice(7).split("?")[0] };
  const kind = said.startsWith("callback:") ? "callback" : "form";
  const address = new URL(said.replace(/^callback:/, ""), document.baseURI);
  if (address.protocol === "https:" || address.protocol === "http:") return { kind, address: address.href };
  console.warn(`kb-help: contact: ${said} is not an address of http(s) or mailto`);
  return null;
}

customElements.get("kb-help").Panel = Panel;
