// One question as it is asked now: for a ticket's suggestions, or of the search.

import { Live } from "../shared/live.js";
import { Settler } from "./settle.js";

export class Asking {
  /**
   * @param ask `(key, signal) => Promise`, the answer to a question
   * @param settle `(search_id) => void`, told when a question counts
   * @param changed called when there is another answer, an error, or when one waits
   */
  constructor(ask, settle, changed, pause) {
    Object.assign(this, { changed, answer: null, error: null, waiting: false });
    this.settler = new Settler(settle);
    this.live = new Live(ask, (state) => this.#show(state), { pause });
  }

  /** A question as it is now, "" for none; asked when it stays so. */
  type(key) {
    if (!key) return this.stop();
    if (key !== this.live.text) this.settler.typed();
    else if (this.answer) this.settler.shown(this.answer.search_id);
    this.live.type(key);
  }

  now(key) {
    if (!key) return this.stop();
    if (key !== this.live.text) this.live.now(key);
  }

  stop() {
    this.live.stop();
    this.settler.typed();
    if (!this.answer && !this.error && !this.waiting) return;
    Object.assign(this, { answer: null, error: null, waiting: false });
    this.changed();
  }

  /** What was answered is left in view while another answer is on its way, or when none comes. */
  #show({ waiting, answer, error }) {
    Object.assign(this, { waiting: Boolean(waiting), error: error ?? null });
    if (answer) {
      this.answer = answer;
      this.settler.shown(answer.search_id);
    } else {
      this.settler.typed();
    }
    this.changed();
  }
}
