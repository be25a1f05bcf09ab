// What was done with results, told to the server. What can still be undone is told when it no longer can.

export class Events {
  #waiting = null;

  /** @param failed `(error) => void`, told when something could not be said */
  constructor(api, settlers, failed) {
    Object.assign(this, { api, settlers, failed });
    window.addEventListener("pagehide", () => this.now(true));
  }

  /** Something was done with a result; with an article that no search found, nothing is told. */
  tell(item, kind, data = {}) {
    this.now();
    if (item.search_id) this.#send(item.search_id, kind, item.id, data);
  }

  /** A result does not fit. It is told with what comes next, or by `now`. */
  later(item, kind) {
    this.now();
    this.#waiting = [item, kind];
  }

  /** It was taken back. */
  never() {
    this.#waiting = null;
  }

  now(outlive = false) {
    if (!this.#waiting) return;
    const [item, kind] = this.#waiting;
    this.#waiting = null;
    if (item.search_id) this.#send(item.search_id, kind, item.id, {}, outlive);
  }

  #send(search_id, kind, article_id, data, outlive) {
    for (const settler of this.settlers) settler.used(search_id);
    this.api.event(search_id, kind, article_id, data, outlive).catch(this.failed);
  }
}
