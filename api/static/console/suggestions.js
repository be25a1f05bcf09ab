// The list of articles: suggestions for a ticket, results of a search, or what was opened and pinned before.

import { h } from "../shared/dom.js";
import { marked } from "../shared/words.js";

export class Suggestions {
  #cards = new Map();
  #shown = [];
  #drawing = false;

  /**
   * @param place where the list stands
   * @param standing `(id) => Promise`, what is known of an article's verification, null where nothing is
   * @param selected `(item, {chosen, opened}) => void`, told when an item is selected, whether somebody chose it, and
   * whether it is to be opened
   */
  constructor(place, say, { standing, selected }) {
    Object.assign(this, { place, say, standing, onSelected: selected, selected: null, chosen: false });
  }

  get items() {
    return this.#shown;
  }

  /**
   * Show items, in groups with or without a heading. What somebody chose stays selected, and keeps the focus; in place of
   * one that is gone comes its neighbour. `fresh`: they are of another kind, and the first is selected.
   */
  draw(groups, fresh = false) {
    const held = this.#focus();
    if (fresh) this.chosen = false;
    const at = this.#shown.findIndex((item) => item.id === this.selected?.id);
    this.#shown = groups.flatMap((group) => group.items);
    const cards = new Map(this.#shown.map((item) => [item.id, this.#card(item, groups.length > 1)]));
    this.#cards = cards;
    this.place.replaceChildren(...groups.filter((group) => group.items.length).flatMap((group) => [
      group.heading ? h("h3", { class: "group" }, group.heading) : null,
      h("ol", { class: "cards" }, group.items.map((item) => cards.get(item.id).element)),
    ]).filter(Boolean));
    this.place.removeAttribute("aria-busy");
    const still = this.#shown.find((item) => item.id === this.selected?.id) ?? this.#shown[Math.max(0, Math.min(at, this.#shown.length - 1))];
    this.select((this.chosen ? still : this.#shown[0]) ?? null, { again: true });
    this.#drawing = true;
    if (held) this.focus(held);
    this.#drawing = false;
  }

  /** Say something in place of the list. */
  tell(...nodes) {
    this.#shown = [];
    this.#cards = new Map();
    this.place.replaceChildren(h("div", { class: "told" }, ...nodes));
    this.place.removeAttribute("aria-busy");
    this.select(null);
  }

  busy() {
    this.place.setAttribute("aria-busy", "true");
  }

  select(item, { chosen = false, opened = false, again = false } = {}) {
    this.selected = item;
    this.chosen = item !== null && (chosen || (again && this.chosen));
    for (const [id, card] of this.#cards) {
      if (id === item?.id) card.element.setAttribute("aria-current", "true");
      else card.element.removeAttribute("aria-current");
    }
    this.onSelected(item, { chosen, opened });
  }

  /** Select the item that is so many places further on, as far as there are any. */
  move(step) {
    const at = this.#shown.findIndex((item) => item.id === this.selected?.id);
    const item = this.#shown[Math.max(0, Math.min(at + step, this.#shown.length - 1))];
    if (!item) return;
    this.select(item, { chosen: true });
    this.focus();
  }

  /** Put the focus on the item that is selected; whether there is one that can have it. */
  focus(id = this.selected?.id) {
    const card = this.#cards.get(id) ?? this.#cards.get(this.selected?.id);
    if (!card || !card.element.offsetParent) return false;
    this.chosen = true;
    card.title.focus({ preventScroll: true });
    card.element.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** Say on a card what was done with its article. */
  note(id, text) {
    const card = this.#cards.get(id);
    if (card && !card.notes.textContent.includes(text)) card.notes.append(h("span", { class: "badge verified" }, text));
  }

  #focus() {
    const active = document.activeElement;
    return this.place.contains(active) ? active.closest("[data-id]")?.dataset.id : undefined;
  }

  /** A card; the same as before where nothing about it changed. */
  #card(item, grouped) {
    const shape = JSON.stringify([item.title, item.snippet, item.why, item.confidence, item.audience, grouped]);
    const held = this.#cards.get(item.id);
    if (held?.shape === shape) {
      held.item = item;
      return held;
    }
    const card = { shape, item, notes: h("span", { class: "notes" }) };
    card.title = h("button", { type: "button", class: "title", lang: item.locale || null, onclick: (event) => this.#click(card, event, true) }, item.title);
    card.element = h(
      "li",
      {
        class: item.audience === "public" ? "card" : "card internal", "data-id": item.id,
        onclick: (event) => this.#click(card, event, false),
        onfocusin: () => this.#focused(card.item),
      },
      item.confidence === undefined ? null : this.#sure(item.confidence),
      h("div", { class: "says" }, h(grouped ? "h4" : "h3", null, card.title), ...this.#about(item, card)),
    );
    return card;
  }

  /** Keys act on what has the focus. When the list is drawn again, nobody has chosen anything. */
  #focused(item) {
    if (!this.#drawing && this.selected !== item) this.select(item, { chosen: true });
  }

  #click(card, event, opened) {
    event.stopPropagation();
    this.select(card.item, { chosen: true, opened });
  }

  #about(item, card) {
    const { say } = this;
    const path = item.heading_path?.length ? h("p", { class: "path", lang: item.locale }, item.heading_path.join(" › ")) : null;
    const snippet = item.snippet ? h("p", { class: "snippet", lang: item.locale }, marked(item.snippet, item.highlights)) : null;
    const badges = h("p", { class: "badges" }, internal(item.audience, say), this.#verified(item), item.foreign ? h("span", { class: "badge" }, item.locale) : null, card.notes);
    const why = item.why ? h("p", { class: "why" }, h("span", { class: "visually-hidden" }, say("Why: ")), item.why) : null;
    return [path, badges, snippet, why];
  }

  /** P(it answers) as a word, a number and bars. */
  #sure(confidence) {
    const level = confidence >= 0.7 ? "likely" : confidence >= 0.2 ? "maybe" : "unlikely";
    const bars = h("span", { class: "bars", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
    return h("p", { class: `sure ${level}` }, bars, h("b", null, `${Math.round(confidence * 100)}%`), h("span", null, word(level, this.say)));
  }

  /** Its place is kept while the server is asked. */
  #verified(item) {
    const badge = h("span", { class: "badge pending" }, "…");
    this.standing(item.id).then((found) => {
      const status = found?.verification?.status;
      badge.className = `badge ${status === "verified" || status === "evergreen" ? "verified" : "unverified"}`;
      badge.textContent = verification(status, this.say);
    });
    return badge;
  }
}

function word(level, say) {
  return { likely: say("Likely"), maybe: say("Maybe"), unlikely: say("Unlikely") }[level];
}

/** Whether somebody made sure that an article is right, in words. */
export function verification(status, say) {
  const words = { verified: say("Verified"), evergreen: say("Verified"), needs_verification: say("Needs verification"), unverified: say("Not verified") };
  return words[status] ?? say("Verification unknown");
}

/** What says that an article is not for customers; null for one that is. */
export function internal(audience, say) {
  if (audience === "public" || !audience) return null;
  return h("span", { class: "badge internal" }, say("Internal: do not send to customers"));
}
