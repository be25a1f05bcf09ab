// Flag it or fix it: what is wrong with an article goes to its owner, with the customer's own words.

import { isField, letter } from "./keys.js";

export class Flagging {
  #item = null;
  #quote = "";
  #began = new Map();  // by article, a fix that is not sent yet: [text, why]

  /** @param sent `(text) => void`, told when something was sent */
  constructor(api, say, { sent, failed }) {
    Object.assign(this, { api, say, sent, failed });
    for (const id of ["flag", "flag-about", "quoted", "quoted-title", "fix", "fix-title", "fixed", "because", "fix-problem", "send-fix"]) {
      this[id] = document.getElementById(id);
    }
    for (const button of this.flag.querySelectorAll("[data-flag]")) {
      button.addEventListener("click", () => this.#choose(button.dataset.flag));
    }
    this.flag.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && this.#choose(letter(event))) event.preventDefault();
    });
    this.fix.addEventListener("close", () => this.#remember());
    this.fix.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && isField(event.target)) this.#sendFix();
    });
    this["send-fix"].addEventListener("click", () => this.#sendFix());
  }

  /** Ask what is wrong with an article. `quote` is what the customer said. */
  open(item, quote) {
    this.#item = item;
    this.#quote = quote.slice(0, 10_000);
    this["flag-about"].textContent = item.title;
    this.quoted.textContent = this.#quote;
    this.quoted.hidden = this["quoted-title"].hidden = !quote.trim();
    this.flag.showModal();
  }

  /** Fixes that are not sent. */
  kept() {
    if (this.fix.open) this.#remember();
    return [...this.#began];
  }

  restore(kept) {
    this.#began = new Map(kept);
  }

  #choose(key) {
    const { say } = this;
    const notes = { 1: say("It is wrong."), 2: say("It is outdated."), 3: say("It is unclear."), 4: say("A step is missing.") };
    if (key !== "e" && !notes[key]) return false;
    this.flag.close();
    if (key === "e") this.#edit();
    else this.#send({ note: notes[key] });
    return true;
  }

  async #send(edit) {
    const item = this.#item;
    const made = { quote: this.#quote, search_id: item.search_id ?? "", ...edit };
    try {
      await this.api.suggestEdit(item.id, made);
    } catch (error) {
      this.failed(error);
      return false;
    }
    this.sent(this.say("Sent to the owner of “{title}”.", { title: item.title }));
    return true;
  }

  async #edit() {
    const item = this.#item;
    this["fix-title"].textContent = this.say("Fix “{title}”", { title: item.title });
    this["fix-problem"].hidden = true;
    let text, why;
    try {
      [text, why] = this.#began.get(item.id) ?? [(await this.api.article(item.id, "markdown")).markdown, ""];
    } catch (error) {
      this.failed(error);
      return;
    }
    this.original = text;
    this.fixed.value = text;
    this.because.value = why;
    this.fix.showModal();
    const at = text.split("\n").slice(0, (item.lines?.[0] ?? 1) - 1).join("\n").length;
    this.fixed.setSelectionRange(at, at);  // where the passage begins
    this.fixed.blur();
    this.fixed.focus();  // which brings it into view
  }

  async #sendFix() {
    if (this["send-fix"].disabled) return;
    this["send-fix"].disabled = true;
    const item = this.#item;
    const problem = this["fix-problem"];
    problem.hidden = true;
    const fix = { markdown: this.fixed.value, note: this.because.value, quote: this.#quote, search_id: item.search_id ?? "" };
    try {
      await this.api.suggestEdit(item.id, fix);
    } catch (error) {
      problem.textContent = this.say("It was not sent: {why}", { why: error.message });
      problem.hidden = false;
      return;
    } finally {
      this["send-fix"].disabled = false;
    }
    this.original = this.fixed.value;
    this.because.value = "";
    this.#began.delete(item.id);
    this.fix.close();
    this.sent(this.say("Sent to the owner of “{title}”.", { title: item.title }));
  }

  /** A fix that was begun is there again when it is opened again. */
  #remember() {
    const { fixed, because } = this;
    if (this.#item && (fixed.value !== (this.original ?? fixed.value) || because.value)) this.#began.set(this.#item.id, [fixed.value, because.value]);
  }
}
