// When a question counts: what is asked on the way to it does not.

const PAUSE = 1500;  // milliseconds without a change

export class Settler {
  #timer = 0;
  #current = "";
  #seen = new Set();
  #said = new Set();

  /** @param settle `(search_id) => void`, told once of each search that counts */
  constructor(settle) {
    this.settle = settle;
  }

  /** The searches that count so far. */
  get ids() {
    return [...this.#said];
  }

  /** What was found is shown. */
  shown(id) {
    if (id === this.#current) return;
    this.typed();
    this.#current = id;
    this.#seen.add(id);
    this.#timer = setTimeout(() => this.now(), PAUSE);
  }

  /** Another question is on its way. */
  typed() {
    clearTimeout(this.#timer);
    this.#current = "";
  }

  /** Somebody means it. */
  now() {
    clearTimeout(this.#timer);
    const id = this.#current;
    if (!id || this.#said.has(id)) return;
    this.#said.add(id);
    this.settle(id);
  }

  /** Something was done with what it found, and an event says so. */
  used(id) {
    if (this.#seen.has(id)) this.#said.add(id);
  }

  forget() {
    this.typed();
    this.#seen.clear();
    this.#said.clear();
  }
}
