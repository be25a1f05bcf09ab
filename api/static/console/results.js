// What the list shows and says: answers, what was opened and pinned before, or why there is nothing.

import { h } from "../shared/dom.js";
import { inWords } from "./errors.js";

export class Results {
  /** @param again asks once more what could not be answered */
  constructor(list, memory, say, again) {
    Object.assign(this, { list, memory, say, again });
    for (const id of ["results-title", "note", "exact"]) this[id] = document.getElementById(id);
  }

  /** Articles that were pinned, and those that were opened last. */
  start() {
    const { say, memory } = this;
    const pinned = memory.pinned;
    const recent = memory.recent.filter((one) => !pinned.some((other) => other.id === one.id));
    this.#head(say("Suggestions"), "");
    delete this.list.place.dataset.search;
    if (pinned.length + recent.length) this.list.draw([{ heading: say("Pinned"), items: pinned }, { heading: say("Recent"), items: recent }], this.#turned("start"));
    else this.list.tell(h("p", null, say("Suggestions come as soon as the ticket has words. Articles that you open or pin stay here.")));
  }

  /** An answer, without what does not fit the ticket. While another is on its way, it stays in view. */
  answer({ answer, error, waiting }, searched, dismissed) {
    if (waiting) this.list.busy();
    if (error) this.#fail(error);
    else if (answer) this.#show(answer, searched, dismissed, waiting);
  }

  #show({ hits, search_id, verdict, corrections, language }, searched, dismissed, waiting) {
    const { say, list } = this;
    const read = corrections.map(([written, meant]) => say("“{written}” read as “{meant}”.", { written, meant }));
    this.#head(searched ? say("Search results") : say("Suggestions"), [...read, this.#verdict(verdict)].join(" ").trim());
    this.exact.hidden = !searched || !corrections.length;
    const items = hits.filter((hit) => !dismissed.has(hit.id)).map((hit) => ({ ...hit, search_id, foreign: !hit.locale.startsWith(language) }));
    if (items.length) list.draw([{ items }], this.#turned(searched ? "search" : "suggest"));
    else list.tell(h("p", null, say("No article was found.")));
    if (waiting) list.busy();
    else list.place.dataset.search = search_id;
  }

  #verdict(verdict) {
    if (verdict === "none") return this.say("Probably nothing answers this. These are the closest.");
    return verdict === "maybe" ? this.say("Not sure: read before you send.") : "";
  }

  /** A question without words is no error; after any other, what was found before stays in view. */
  #fail(error) {
    const { say, list } = this;
    if (error.status === 400) {
      this.#head(this["results-title"].textContent, "");
      return list.tell(h("p", null, say("There is nothing to search for yet.")));
    }
    const words = inWords(error, say);
    this.#head(this["results-title"].textContent, list.items.length ? words : "");
    list.place.removeAttribute("aria-busy");
    if (list.items.length) return undefined;
    return list.tell(h("p", null, words), h("button", { type: "button", class: "button plain", onclick: this.again }, say("Try again")));
  }

  /** Whether the list is of another kind than before. */
  #turned(kind) {
    const turned = kind !== this.kind;
    this.kind = kind;
    return turned;
  }

  #head(title, note) {
    this["results-title"].textContent = title;
    this.note.textContent = note;
    this.exact.hidden = true;
  }
}
