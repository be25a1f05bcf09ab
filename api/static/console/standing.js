// Whether articles are verified, asked once for a while.

const FRESH = 300_000;  // milliseconds

export class Standings {
  #known = new Map();

  constructor(api) {
    this.api = api;
  }

  /** What is known of an article; null where the server does not say: a badge is not worth an alarm. */
  of(id) {
    const held = this.#known.get(id);
    if (held && performance.now() - held.at < FRESH) return held.found;
    const found = this.api.article(id, "verification").catch(() => {
      this.#known.delete(id);
      return null;
    });
    this.#known.set(id, { at: performance.now(), found });
    return found;
  }
}
