// The agent's desk: the ticket, what is suggested for it, and what is done with that.

import { h } from "../shared/dom.js";
import { hear } from "../shared/live.js";
import { Actions } from "./actions.js";
import { Asking } from "./asking.js";
import * as bar from "./bar.js";
import { fromHash, read } from "./bridge.js";
import { inWords } from "./errors.js";
import { Events } from "./events.js";
import { Flagging } from "./flag.js";
import { listen } from "./keys.js";
import { Memory } from "./memory.js";
import { Preview } from "./preview.js";
import { Results } from "./results.js";
import { settings } from "./settings.js";
import { Standings } from "./standing.js";
import { Suggestions } from "./suggestions.js";
import { Ticket } from "./ticket.js";
import { Toast } from "./toast.js";

const KEPT = "kb.console.kept";  // in this window's storage, while its session has ended
const FOLLOW = 200;  // milliseconds on one suggestion before an open preview shows it
const at = (id) => document.getElementById(id);

export class Desk {
  #follow = 0;
  #entered = "";  // the question that Enter was pressed for, and whose answer is not there yet

  constructor({ api, bridge, say, lang, session }) {
    Object.assign(this, { api, bridge, say, lang, session });
    this.question = at("question");
    this.memory = new Memory(session.actor);
    this.toast = new Toast(at("toast"), say);
    const failed = (error) => this.toast.show(inWords(error, say), { bad: true });
    const settle = (search_id) => api.event(search_id, "settled").catch(failed);
    const changed = () => this.draw();
    this.suggest = new Asking((_, signal) => this.#suggest(signal), settle, changed, 250);
    this.search = new Asking((key, signal) => this.#search(key, signal), settle, changed, 120);
    this.events = new Events(api, [this.suggest.settler, this.search.settler], failed);
    this.ticket = new Ticket(say, (whole) => this.suggest[whole ? "now" : "type"](this.ticket.question));
    const standings = new Standings(api);
    const selected = (item, how) => this.#selected(item, how);
    this.list = new Suggestions(at("list"), say, { standing: (id) => standings.of(id), selected });
    this.results = new Results(this.list, this.memory, say, () => this.#again());
    this.preview = new Preview(api, say, { follow: (item) => this.open(item), lang });
    const locale = () => this.ticket.locale.value || this.suggest.answer?.language || "";
    this.actions = new Actions({ api, bridge, toast: this.toast, say, events: this.events, locale });
    this.flagging = new Flagging(api, say, { sent: (text) => this.toast.show(text), failed });
    this.failed = failed;
    this.#wire();
  }

  /** What is on the desk when it is opened: what was kept, or the ticket and the article that the address names. */
  async start() {
    this.bridge.listen((told) => this.#put(told));
    this.draw();
    const address = new URLSearchParams(location.search);
    if (!this.#restore()) this.#fromHash();
    if (address.get("article")) this.open({ id: address.get("article"), title: address.get("article"), locale: "", audience: "public" });
    const [stored, { spaces }] = await Promise.all([this.#stored(address.get("ticket")), this.api.spaces()]).catch((error) => {
      this.failed(error);
      return [null, { spaces: [] }];
    });
    if (stored) this.#put(stored, true);
    this.ticket.offer([...new Set(spaces.flatMap((space) => space.products))]);
  }

  /** What the list is of. */
  get mode() {
    if (this.question.value.trim()) return "search";
    return this.ticket.question ? "suggest" : "start";
  }

  /** The article that keys and buttons are about. */
  get current() {
    return this.preview.item ?? this.list.selected;
  }

  // --- showing ---

  draw() {
    const { mode } = this;
    if (mode === "start") this.results.start();
    else this.results.answer(this[mode], mode === "search", this.ticket.dismissed);
    if (mode === "search" && this.#entered && !this.search.waiting) this.#enter();
  }

  #again() {
    this[this.mode].now(this.mode === "search" ? this.#key() : this.ticket.question);
  }

  #selected(item, { chosen, opened }) {
    if (opened) this.open(item);
    else if (chosen && this.preview.item && item.id !== this.preview.item.id) this.#openSoon(item);
    this.#bar();
  }

  #bar() {
    const item = this.current;
    bar.draw(item, item !== null && this.memory.isPinned(item.id), this.say);
  }

  // --- asking ---

  #suggest(signal) {
    return this.api.suggest({ ticket: this.ticket.asked(), limit: 5, locale: this.lang, settled: false }, signal);
  }

  #search(key, signal) {
    const [query, exact] = JSON.parse(key);
    return this.api.search({ query, exact, limit: 8, settled: false }, signal);
  }

  #key(exact = false) {
    const query = this.question.value.trim();
    return query && JSON.stringify([query, exact]);
  }

  /** Enter in the search box: the question counts, and its results have the focus. */
  #enter() {
    if (JSON.stringify([this.#entered, false]) !== this.search.live.text) return;
    this.#entered = "";
    this.search.settler.now();
    if (document.activeElement === this.question) this.list.focus();
  }

  // --- opening ---

  #openSoon(item) {
    clearTimeout(this.#follow);
    this.#follow = setTimeout(() => this.open(item, false), FOLLOW);
  }

  async open(item, focus = true) {
    clearTimeout(this.#follow);
    this.scrolled ??= window.scrollY;
    const opening = this.preview.open(item);
    this.events.tell(item, "clicked");
    this.#bar();
    if (focus || !this.list.focus()) at("reading").focus({ preventScroll: true });
    try {
      const article = await opening;
      if (!article) return;
      Object.assign(item, { title: article.title, locale: article.locale, audience: article.audience });
      this.memory.opened(item);
      this.#bar();
    } catch (error) {
      if (error.status === 404) this.memory.forget(item.id);
      else if (!("status" in error)) throw error;
    }
  }

  #close() {
    if (!this.preview.item) return false;
    clearTimeout(this.#follow);
    this.preview.close();
    if (this.mode === "start") this.draw();
    this.#bar();
    window.scrollTo(0, this.scrolled ?? 0);
    delete this.scrolled;
    this.#toList();
    return true;
  }

  #toList() {
    if (!this.list.focus()) at("results").focus();
  }

  // --- doing ---

  /** Do what a key or a button stands for; whether there was anything to do. */
  act(name) {
    switch (name) {
      case "search":
        this.question.focus();
        this.question.select();
        return true;
      case "write":
        this.ticket.focus();
        return true;
      case "next":
      case "previous":
        this.list.move(name === "next" ? 1 : -1);
        return true;
      case "open":
        if (this.list.selected) this.open(this.list.selected);
        return true;
      case "back":
        return this.#close() || this.#leaveSearch();
      case "undo":
        return this.toast.takeBack();
      case "help":
        at("shortcuts").showModal();
        return true;
      case "solve":
        this.#solve().catch(this.failed);
        return true;
      case "draft":
        this.#draft().catch(this.failed);
        return true;
      default:
        return this.#with(name);
    }
  }

  #with(name) {
    const item = this.current;
    if (!item) return false;
    if (bar.button(name).disabled) return false;
    if (name === "helped") this.#helped(item);
    else if (name === "dismiss") this.#dismiss(item);
    else if (name === "flag") this.flagging.open(item, this.ticket.quote || this.question.value);
    else if (name === "pin") this.#pin(item);
    else this.#use(item, name).catch(this.failed);
    return true;
  }

  async #use(item, what) {
    const used = await this.actions.use(item, what);
    if (!used) return;
    this.ticket.inserted.add(used);
    this.list.note(item.id, what === "copy" ? this.say("Copied") : this.say("Inserted"));
  }

  #helped(item) {
    this.events.tell(item, "helped");
    this.list.note(item.id, this.say("Helped"));
    this.toast.show(this.say("Noted: “{title}” helped.", { title: item.title }));
  }

  #dismiss(item) {
    this.toast.close();
    this.events.later(item, "dismissed");
    const { dismissed } = this.ticket;
    const again = () => {
      this.suggest.now(this.ticket.question);
      this.draw();
    };
    dismissed.add(item.id);
    if (this.preview.item?.id === item.id) this.#close();
    again();
    const undo = () => {
      this.events.never();
      dismissed.delete(item.id);
      again();
    };
    this.toast.show(this.say("“{title}” is not shown for this ticket any more.", { title: item.title }), { undo, gone: () => this.events.now() });
  }

  #pin(item) {
    const pinned = this.memory.pin(item);
    this.toast.show(pinned ? this.say("Pinned “{title}”.", { title: item.title }) : this.say("Unpinned “{title}”.", { title: item.title }));
    if (this.mode === "start") this.draw();
    this.#bar();
  }

  async #solve() {
    const { ticket, say } = this;
    if (ticket.solved.disabled) return;
    const search_id = this.suggest.answer?.search_id ?? "";
    this.suggest.settler.now();
    await this.#store("solved");
    this.events.tell({ search_id, id: [...ticket.inserted].at(-1) ?? "" }, "solved");
    this.toast.show(say("The ticket is solved. Press d to draft an article from it."));
  }

  async #draft() {
    const { ticket, say } = this;
    if (!ticket.over) this.toast.show(say("A draft is made from a ticket that is solved: mark it first."));
    if (ticket.draft.disabled) return;
    if (!ticket.isStored) await this.#store(ticket.held.state);
    const { id } = await this.api.draft(ticket.held.id);
    const open = (event) => {
      event.preventDefault();
      this.open({ id, title: id, locale: "", audience: "internal" });
    };
    ticket.showDraft(h("a", { href: `/console?${new URLSearchParams({ article: id })}`, onclick: open }, say("Draft: {id}", { id })));
    this.toast.show(say("A draft was made. An author reviews it before it is live."));
  }

  async #store(state) {
    const stored = this.ticket.stored(state, this.suggest.settler.ids);
    await this.api.putTicket(stored);
    this.ticket.keep(state);
  }

  // --- tickets from elsewhere ---

  /** Show a ticket. Of the one that is on the desk already, only what is new counts; the focus stays where it is. */
  #put(told, isStored = false) {
    if (!this.ticket.put(told, isStored)) return;
    this.#cleared();
    this.ticket.open(false);
  }

  async #stored(id) {
    if (!id) return null;
    const { linked, search_ids, ...found } = await this.api.ticket(id);
    return { ...read(found), linked, search_ids };
  }

  #fromHash() {
    const told = fromHash();
    if (told) this.#put(told);
  }

  /** Another ticket: nothing of the one before is left. */
  #cleared() {
    this.toast.close();
    this.events.now();
    this.suggest.settler.forget();
    if (this.preview.item) this.preview.close();
    this.question.value = "";
    this.search.stop();
    this.draw();
  }

  #restore() {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (!kept) return false;
    const { ticket, question, fixes } = JSON.parse(kept);
    this.ticket.restore(ticket);
    this.flagging.restore(fixes);
    this.question.value = question;
    this.search.type(this.#key());
    return true;
  }

  // --- fields and buttons ---

  #wire() {
    const { question } = this;
    hear(question, {
      settled: () => this.#asked(),
      entered: (text) => {
        this.#entered = text.trim();
        this.search.now(this.#key());
        if (!this.search.waiting && this.search.answer) this.#enter();
      },
    });
    question.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Escape", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      this.#toList();
    });
    at("panel").addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.ticket.open(false);
      this.#toList();
    });
    question.addEventListener("focus", () => this.ticket.open(false));
    this.#press();
    settings(this);
    listen(() => this.memory.single, (name) => this.act(name));
    window.addEventListener("hashchange", () => this.#fromHash());
    window.addEventListener("pagehide", () => {
      if (at("ended").hidden) return;
      const kept = { ticket: this.ticket.kept(), question: question.value, fixes: this.flagging.kept() };
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    });
  }

  #press() {
    const press = (id, does) => at(id).addEventListener("click", does);
    for (const button of at("bar").querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => this.act(button.dataset.do));
    }
    for (const [id, name] of Object.entries({ help: "help", back: "back", solved: "solve", draft: "draft" })) press(id, () => this.act(name));
    press("exact", () => this.search.now(this.#key(true)));
    press("clear", () => {
      this.ticket.clear();
      this.#cleared();
      this.ticket.focus();
    });
  }

  #asked() {
    if (this.question.value.trim()) this.search.type(this.#key());
    else this.#searchIsOver();
  }

  #leaveSearch() {
    if (!this.question.value) return false;
    this.question.value = "";
    this.#searchIsOver();
    this.list.focus();
    return true;
  }

  /** The suggestions for the ticket are in view again. */
  #searchIsOver() {
    this.search.stop();
    this.draw();
  }
}
