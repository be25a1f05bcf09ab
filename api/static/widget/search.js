// Searching in the widget: completions and results while somebody types.

import { h } from "../shared/dom.js";
import { hear, Live } from "../shared/live.js";
import { marked } from "../shared/words.js";
import { Unreachable } from "./api.js";

const ONLY_CONSONANTS = /^[\sㄱ-ㅣ]*$/; // ㅎㅂ: for completions; no article says it
const SETTLED = 1500; // milliseconds without a keystroke: then it is what somebody asks
const SLOW = 4000;

export class SearchView {
  constructor(panel) {
    Object.assign(this, { panel, say: panel.say, title: panel.say("How can we help?"), about: null, results: null });
    const { say } = this;
    this.field = h("input", { type: "search", class: "field", id: "question", role: "combobox", autocomplete: "off", enterkeyhint: "search",
      maxlength: "500", "aria-expanded": "false", "aria-controls": "completions", "aria-autocomplete": "list", placeholder: say("Describe it in a few words") });
    this.list = h("ul", { id: "completions", role: "listbox", "aria-label": say("Suggestions"), hidden: true });
    this.found = h("div", { class: "found" });
    this.live = new Live((text, signal) => panel.api.search(text, { signal }), (state) => this.#show(state));
    this.completing = new Live((text, signal) => panel.api.complete(text, signal), (state) => this.#complete(state), { pause: 60 });
    hear(this.field, { typed: (text, composing) => this.#typed(text, composing), settled: (text) => this.#type(text), entered: (text) => this.#enter(text) });
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("blur", () => this.#hide());
    this.field.value = panel.api.visit.question;
  }

  parts() {
    const { panel, say } = this;
    const search = h("div", { class: "search" },
      h("label", { for: "question", class: "visually-hidden" }, say("Your question")), this.field, this.list, this.found);
    if (panel.mode !== "both" || !panel.contacting) return [search];
    return [h("div", { class: "sides" }, search, h("section", { class: "side", "aria-label": panel.contacting.title }, ...panel.contacting.parts()))];
  }

  focus() {
    this.field.focus();
    if (this.field.value && !this.results) this.again();
  }

  /** Search for a text at once, as if somebody had typed it. */
  ask(text) {
    this.field.value = text;
    this.#enter(text);
  }

  /** Ask again what could not be asked. */
  again() {
    const text = this.field.value.trim();
    if (text && this.live.text !== text) this.live.now(text);
  }

  /** Articles for the page that the visitor is on, once, while nothing is asked. */
  async forPage() {
    const text = (document.querySelector("main h1, h1")?.textContent || document.title).trim().slice(0, 200);
    if (this.about || this.field.value || !/\p{L}/u.test(text)) return;
    try {
      this.about = await this.panel.api.search(text, { channel: "page", limit: 3 });
    } catch {
      return; // an offer that nobody asked for
    }
    if (!this.field.value && this.about.verdict !== "none") this.#draw(this.say("For this page"), this.about);
  }

  // --- typing ---

  #typed(text, composing) {
    const asked = text.trim();
    this.composing = composing;
    if (asked) this.completing.type(asked);
    else this.#clear();
  }

  #type(text) {
    const asked = text.trim();
    this.composing = false;
    clearTimeout(this.settling);
    if (ONLY_CONSONANTS.test(asked)) return this.live.stop();
    this.panel.api.remember({ question: asked });
    this.live.type(asked);
    this.settling = setTimeout(() => this.settle(), SETTLED);
  }

  #enter(text) {
    const chosen = this.list.querySelector("[aria-selected=true]");
    if (chosen) return this.#choose(chosen.textContent);
    this.completing.stop();
    this.#hide();
    if (!text.trim() || ONLY_CONSONANTS.test(text)) return;
    this.panel.api.remember({ question: text.trim() });
    this.settled = true;
    this.live.text === text.trim() ? this.settle() : this.live.now(text.trim());
  }

  #clear() {
    this.live.stop();
    this.completing.stop();
    this.#hide();
    this.results = null;
    this.panel.api.remember({ question: "" });
    this.found.replaceChildren();
    if (this.about && this.about.verdict !== "none") this.#draw(this.say("For this page"), this.about);
  }

  /** The question stands: it counts from now on. */
  settle() {
    clearTimeout(this.settling);
    const { results } = this;
    if (!results || results.counted) return results?.search_id ?? "";
    results.counted = true;
    this.panel.api.event(results.search_id, "settled");
    return results.search_id;
  }

  // --- completions ---

  #complete({ text, answer }) {
    if (!answer || text !== this.field.value.trim()) return;
    const own = answer.filter((phrase) => phrase.text !== text);
    this.list.replaceChildren(...own.map((phrase, n) => h("li", { role: "option", id: `completion-${n}`, "aria-selected": "false", lang: phrase.locale || null,
      onpointerdown: (event) => { event.preventDefault(); this.#choose(phrase.text); } }, phrase.text)));
    const typing = this.panel.host.shadowRoot.activeElement === this.field;
    const shown = own.length > 0 && typing && (this.composing || this.drawn !== text); // never over the results
    this.list.hidden = !shown;
    this.field.setAttribute("aria-expanded", String(shown));
    this.field.removeAttribute("aria-activedescendant");
  }

  #choose(text) {
    this.field.value = text;
    this.#hide();
    this.completing.stop();
    this.panel.api.remember({ question: text });
    this.settled = true;
    this.live.now(text);
  }

  #hide() {
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    if (event.isComposing || this.list.hidden) return;
    if (event.key === "Escape") {
      event.preventDefault(); // the list closes, the dialog stays
      this.#hide();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const options = [...this.list.children];
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      const next = options[at < 0 && step < 0 ? options.length - 1 : (at + step + options.length) % options.length];
      for (const option of options) option.setAttribute("aria-selected", String(option === next));
      this.field.setAttribute("aria-activedescendant", next.id);
    }
  }

  // --- results ---

  #show({ text, waiting, answer, error }) {
    clearTimeout(this.slow);
    const { panel, say } = this;
    this.found.setAttribute("aria-busy", String(Boolean(waiting)));
    if (waiting) {
      this.slow = setTimeout(() => this.#note(say("This takes longer than usual. Still searching.")), SLOW);
    } else if (error) {
      this.results = null;
      const said = error instanceof Unreachable ? say("The server cannot be reached.") : say("The search failed.");
      this.found.replaceChildren(h("p", { class: "note", role: "alert" }, said), this.#button(say("Try again"), () => this.again()), this.#person());
    } else {
      this.results = answer;
      this.drawn = text;
      if (!this.composing) this.#hide();
      panel.api.remember({ search: answer.search_id });
      if (this.settled) this.settle();
      this.settled = false;
      this.#draw(this.#verdict(answer), answer);
      panel.host.tell("results", { query: answer.query, verdict: answer.verdict, articles: answer.hits.map((hit) => hit.id) });
    }
  }

  #verdict({ verdict, hits }) {
    const { say } = this;
    if (!hits.length) return say("We have no article on this.");
    return { answer: "", maybe: say("One of these may help."), none: say("We have no article on this. The closest ones are:") }[verdict];
  }

  #draw(heading, results) {
    const { say } = this;
    const list = results.hits.length ? h("ul", { class: "results" }, ...results.hits.map((hit) => this.#result(results, hit))) : null;
    const shown = [heading && h("p", { class: results.verdict === "none" ? "verdict none" : "verdict" }, heading), list];
    this.found.replaceChildren(...[...shown, results === this.about ? null : this.#person(results.verdict)].filter(Boolean));
    const count = results.hits.length === 1 ? say("1 article") : say("{n} articles", { n: results.hits.length });
    this.panel.announce(`${heading ? `${heading} ` : ""}${results.hits.length ? count : ""}`);
  }

  #result(results, hit) {
    const open = () => {
      if (results === this.results) this.settle();
      this.panel.article(hit.id, { ...hit, search_id: results.search_id });
    };
    return h("li", {}, h("button", { type: "button", class: "result", lang: hit.locale, onclick: open },
      h("span", { class: "name" }, hit.title), h("span", { class: "snippet" }, marked(hit.snippet, hit.highlights))));
  }

  /** The way to a person: before a question, that comes after searching. */
  #person(verdict = "maybe") {
    const { panel, say } = this;
    if (!panel.contacting || panel.mode === "both") return null;
    const ask = () => { this.settle(); panel.contact(this.field.value.trim()); };
    return h("div", { class: "person" }, h("p", {}, verdict === "none" ? say("A person can help you with it.") : say("Not what you need?")), this.#button(say("Ask a person"), ask, verdict === "none"));
  }

  #button(text, onclick, strong = false) {
    return h("button", { type: "button", class: strong ? "button" : "button plain", onclick }, text);
  }

  #note(text) {
    this.found.prepend(h("p", { class: "note" }, text));
    this.panel.announce(text);
  }
}
