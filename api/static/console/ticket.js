// The ticket that an agent works on: its conversation, what is being written, and what was done for it.

import { h } from "../shared/dom.js";
import { hear } from "../shared/live.js";

const SUBJECT = /^(?:subject|제목)\s*[:：]\s*(.+)\n/i;

const OVER = ["solved", "closed"];
const EMPTY = { id: "", messages: [], state: "open", space: "", channel: "", linked: [], search_ids: [] };

export class Ticket {
  /** @param changed `(whole) => void`, called when something of the ticket is another; `whole`: nobody is typing it */
  constructor(say, changed) {
    Object.assign(this, { say, changed });
    for (const id of ["subject", "talk", "words", "add", "locale", "product", "state", "about", "fold", "panel", "solved", "draft", "drafted"]) {
      this[id] = document.getElementById(id);
    }
    this.authors = [...document.querySelectorAll("input[name=author]")];
    this.#reset();
    for (const field of [this.subject, this.words, this.product]) hear(field, { settled: () => this.#edited() });
    for (const field of [this.locale, ...this.authors]) field.addEventListener("change", () => this.#edited());
    this.words.addEventListener("paste", (event) => this.#paste(event));
    this.words.addEventListener("input", (event) => event.inputType === "insertFromPaste" && this.changed(true));
    this.words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) this.commit();
    });
    this.add.addEventListener("click", () => {
      this.commit();
      this.words.focus();
    });
    this.fold.addEventListener("click", () => this.open(!this.isOpen));
  }

  /** The conversation with what is being written. */
  get messages() {
    const text = this.words.value;
    return text.trim() ? [...this.held.messages, { author: this.author, text }] : this.held.messages;
  }

  get author() {
    return this.authors.find((field) => field.checked).value;
  }

  get over() {
    return OVER.includes(this.held.state);
  }

  /** The customer's own words. */
  get said() {
    return [this.subject.value, ...this.messages.filter((one) => one.author === "customer").map((one) => one.text)];
  }

  /** What articles are suggested for; "" where the customer has said no word. */
  get question() {
    const { said } = this;
    if (!said.some((text) => /[\p{L}\p{N}]/u.test(text))) return "";
    return JSON.stringify([said, this.locale.value, this.product.value.trim(), [...this.dismissed]]);
  }

  /** The customer's latest words, for whoever mends an article. */
  get quote() {
    return this.messages.findLast((one) => one.author === "customer")?.text ?? this.subject.value;
  }

  /** The ticket as suggestions are asked for. */
  asked() {
    return {
      subject: this.subject.value,
      messages: this.messages.map(({ author, text }) => ({ author, text })),
      locale: this.locale.value || null,
      product: this.product.value.trim() || null,
      dismissed: [...this.dismissed],
    };
  }

  /** The ticket as it is stored. One that was pasted is given an id. */
  stored(state, search_ids) {
    this.commit();
    this.held.id ||= `console-${random()}`;
    const { id, messages, space, channel } = this.held;
    this.held.search_ids = [...new Set([...this.held.search_ids, ...search_ids])];
    return {
      id,
      subject: this.subject.value,
      messages,
      locale: this.locale.value,
      product: this.product.value.trim(),
      state,
      channel: channel || "console",
      linked: [...new Set([...this.held.linked, ...this.inserted])],
      search_ids: this.held.search_ids,
      ...(space ? { space } : {}),
    };
  }

  /** It is in the store as it is here. */
  keep(state) {
    this.held.state = state;
    this.isStored = true;
    this.#draw();
  }

  /** What is being written becomes part of the conversation. */
  commit() {
    if (!this.words.value.trim()) return;
    this.held.messages = this.messages;
    this.words.value = "";
    this.#edited();
  }

  /**
   * Show a ticket that comes from elsewhere; whether it is another than before. Of the same ticket, what was done for it
   * and what is being written stays.
   */
  put(told, isStored = false) {
    const same = told.id ? told.id === this.named : this.named === "" && told.subject === this.subject.value;
    const before = JSON.stringify(this.said);
    if (!same) {
      this.#reset();
      this.words.value = "";
    }
    const { id, state, linked, search_ids } = this.held;
    this.held = { ...EMPTY, linked, search_ids, ...told, id: told.id || id };
    this.named = told.id;
    this.subject.value = told.subject;
    this.#choose(told.locale);
    this.product.value = told.product;
    if (same && JSON.stringify(this.said) === before && OVER.includes(state)) this.held.state = state;  // nobody opened it again
    this.isStored = isStored;
    this.#draw();
    this.changed(true);
    return !same;
  }

  clear() {
    this.#reset();
    this.subject.value = this.product.value = this.words.value = "";
    this.authors[0].checked = true;
    this.#choose("");
    this.#draw();
    this.changed();
  }

  /** What a page that goes away must not lose. */
  kept() {
    const { held, dismissed, inserted, author } = this;
    const ticket = { ...held, subject: this.subject.value, locale: this.locale.value, product: this.product.value };
    return { ticket, dismissed: [...dismissed], inserted: [...inserted], author, words: this.words.value };
  }

  restore(kept) {
    this.put(kept.ticket);
    this.dismissed = new Set(kept.dismissed);
    this.inserted = new Set(kept.inserted);
    this.authors.find((field) => field.value === kept.author).checked = true;
    this.words.value = kept.words;
    this.#edited();
  }

  /** A link to the draft that was made of it. */
  showDraft(link) {
    this.drafted.replaceChildren(link);
    this.drafted.hidden = false;
    this.draft.disabled = true;
    this.talk.scrollTop = this.talk.scrollHeight;
  }

  get isOpen() {
    return this.fold.getAttribute("aria-expanded") === "true";
  }

  open(is) {
    this.fold.setAttribute("aria-expanded", String(is));
  }

  focus() {
    this.open(true);
    this.words.focus();
  }

  offer(products) {
    document.getElementById("products").replaceChildren(...products.map((value) => h("option", { value })));
  }

  #reset() {
    this.held = { ...EMPTY };
    this.named = null;  // the id that the help desk gave it, "" where it gave none
    this.dismissed = new Set();
    this.inserted = new Set();
    this.isStored = false;
  }

  #edited() {
    this.isStored = false;
    this.#draw();
    this.changed();
  }

  /** A language that is not among those offered is offered, too. */
  #choose(locale) {
    if (![...this.locale.options].some((option) => option.value === locale)) {
      this.locale.append(h("option", { value: locale }, locale));
    }
    this.locale.value = locale;
  }

  /** A ticket that is pasted whole says its subject first. */
  #paste(event) {
    const text = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n");
    const subject = SUBJECT.exec(text);
    if (!subject || this.subject.value || this.words.value) return;
    event.preventDefault();
    this.subject.value = subject[1].trim();
    this.words.value = text.slice(subject[0].length).trim();
    this.#edited();
    this.changed(true);
  }

  #draw() {
    const { say, held } = this;
    this.talk.hidden = !held.messages.length;
    if (this.talk.childElementCount !== held.messages.length || this.shown !== held.messages) {
      this.shown = held.messages;
      this.talk.replaceChildren(...held.messages.map((one) => turn(one, say)));
      this.talk.scrollTop = this.talk.scrollHeight;
    }
    const count = this.messages.length;
    this.about.textContent = [held.id.startsWith("console-") ? "" : held.id, this.subject.value, count ? say("Messages: {count}", { count }) : ""].filter(Boolean).join(" · ");
    const states = { open: say("Open"), pending: say("Pending"), solved: say("Solved"), closed: say("Closed") };
    this.state.hidden = !this.question && !held.id;
    this.state.textContent = states[held.state];
    this.state.className = this.over ? "badge verified" : "badge";
    this.solved.disabled = this.state.hidden || (this.over && this.isStored);
    this.draft.disabled = !this.over;
    this.drafted.hidden = true;
  }
}

function turn(message, say) {
  const who = message.author === "customer" ? say("Customer") : say("Agent");
  return h("li", { class: message.author }, h("b", null, who), h("span", null, message.text));
}

/** `crypto.randomUUID` is for secure pages only. */
function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
