// What this browser remembers for an agent: articles that they opened and pinned, and whether single keys do something.

const RECENT = 10;

export class Memory {
  /** @param actor whose memory it is: agents share computers */
  constructor(actor) {
    this.actor = actor;
  }

  get recent() {
    return this.#read("recent");
  }

  get pinned() {
    return this.#read("pinned");
  }

  get single() {
    return localStorage.getItem(this.#key("keys")) !== "off";
  }

  set single(on) {
    localStorage.setItem(this.#key("keys"), on ? "on" : "off");
  }

  opened(article) {
    this.#write("recent", [short(article), ...without(this.recent, article.id)].slice(0, RECENT));
  }

  isPinned(id) {
    return this.pinned.some((one) => one.id === id);
  }

  /** Pin an article, or unpin it; whether it is pinned now. */
  pin(article) {
    const pinned = this.isPinned(article.id);
    this.#write("pinned", pinned ? without(this.pinned, article.id) : [...this.pinned, short(article)]);
    return !pinned;
  }

  /** The article is no longer there. */
  forget(id) {
    for (const list of ["recent", "pinned"]) this.#write(list, without(this.#read(list), id));
  }

  #key(name) {
    return `kb.console.${this.actor}.${name}`;
  }

  #read(name) {
    try {
      const found = JSON.parse(localStorage.getItem(this.#key(name)) ?? "[]");
      return Array.isArray(found) ? found.filter((one) => typeof one?.id === "string").map(short) : [];
    } catch {  // somebody else's: as if there were nothing
      return [];
    }
  }

  #write(name, list) {
    localStorage.setItem(this.#key(name), JSON.stringify(list));
  }
}

function short({ id, title, locale, audience }) {
  return { id, title: String(title ?? id), locale: String(locale ?? ""), audience: String(audience ?? "") };
}

function without(list, id) {
  return list.filter((one) => one.id !== id);
}
