// Asking while somebody types. Nothing here touches a page.

/** Waits for a pause in what is typed, cancels what is overtaken, and remembers what was answered. */
export class Live {
  #timer = 0;
  #going = null;
  #known = new Map();

  /**
   * @param ask `(text, signal) => Promise`, the answer to a text
   * @param show `(state) => void`, told `{text, waiting}`, `{text, answer}` or `{text, error}`, only of the newest text
   * @param pause milliseconds without a keystroke before a text is asked
   * @param remember how many answers are kept
   */
  constructor(ask, show, { pause = 120, remember = 50 } = {}) {
    Object.assign(this, { ask, show, pause, remember, text: null });
  }

  /** A text as it is now; asked when it stays so. */
  type(text) {
    clearTimeout(this.#timer);
    if (text === this.text) return;
    if (this.#known.has(text)) return this.now(text);
    this.#timer = setTimeout(() => this.now(text), this.pause);
  }

  /** Ask at once, unless that is what was asked last. */
  async now(text) {
    clearTimeout(this.#timer);
    this.#going?.abort();
    this.text = text;
    const known = this.#known.get(text);
    if (known) return this.show({ text, answer: known });
    const going = (this.#going = new AbortController());
    this.show({ text, waiting: true });
    try {
      const answer = await this.ask(text, going.signal);
      this.#keep(text, answer);
      if (!going.signal.aborted) this.show({ text, answer });
    } catch (error) {
      if (going.signal.aborted) return;
      this.text = null;  // it may be asked again
      this.show({ text, error });
    }
  }

  /** Nothing is asked any more, and nothing shown of what was. */
  stop() {
    clearTimeout(this.#timer);
    this.#going?.abort();
    this.text = null;
  }

  /** What was answered holds no longer. */
  forget() {
    this.#known.clear();
    this.text = null;
  }

  #keep(text, answer) {
    this.#known.set(text, answer);
    if (this.#known.size > this.remember) this.#known.delete(this.#known.keys().next().value);
  }
}

/**
 * Hear what is typed into a field, through an input method or not.
 *
 * `typed(text, composing)` is every change, during a composition too: good enough for completions. `settled(text)` is a change
 * that no composition is about to change again. `entered(text)` is Enter that does not end a composition.
 */
export function hear(field, { typed, settled, entered }) {
  field.addEventListener("input", (event) => {
    typed?.(field.value, event.isComposing);
    if (!event.isComposing) settled?.(field.value);
  });
  field.addEventListener("compositionend", () => settled?.(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;  // 229: Safari, after the end
    if (entered) {
      event.preventDefault();
      entered(field.value);
    }
  });
}
