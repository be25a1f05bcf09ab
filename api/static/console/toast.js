// One line at the foot of the page that says what was done, with a way back where there is one.

import { h } from "../shared/dom.js";

const STAYS = 8000;  // milliseconds

export class Toast {
  #timer = 0;
  #gone = null;

  constructor(place, say) {
    Object.assign(this, { place, say, undo: null });
  }

  /**
   * Say something.
   *
   * @param undo takes back what was done
   * @param gone called when it can no longer be taken back
   */
  show(text, { undo = null, gone = null, bad = false } = {}) {
    this.close();
    this.undo = undo;
    this.#gone = gone;
    const back = undo && h("button", { type: "button", class: "button plain tool", onclick: () => this.takeBack() }, this.say("Undo"), h("kbd", { "aria-hidden": "true" }, "z"));
    this.place.replaceChildren(h("p", { class: bad ? "bad" : null }, text), ...(back ? [back] : []));
    this.#timer = setTimeout(() => this.close(), STAYS);
  }

  /** Take back what was done last; whether there was anything. */
  takeBack() {
    const undo = this.undo;
    if (!undo) return false;
    this.#gone = null;
    this.close();
    undo();
    return true;
  }

  /** What was said is over: it stands. */
  close() {
    clearTimeout(this.#timer);
    const gone = this.#gone;
    this.undo = this.#gone = null;
    this.place.replaceChildren();
    gone?.();
  }
}
