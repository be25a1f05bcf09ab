// Completes what is typed into a search field: a combobox with a list, by titles, headings and past questions.

import { h } from "/static/shared/dom.js";
import { Live, hear } from "/static/shared/live.js";

const MOST = 8;
let made = 0; // fields on this page, for ids

/** Completes the field of a search form. Enter that ends a composition never submits it. */
export function completes(form, say) {
  new Completion(form, form.querySelector('input[type="search"]'), say).start();
}

async function ask(text, signal) {
  const query = new URLSearchParams({ q: text, limit: String(MOST) });
  const response = await fetch(`/v1/complete?${query}`, { signal });
  if (!response.ok) throw new Error(`completions: ${response.status}`);
  const { completions } = await response.json();
  return completions;
}

class Completion {
  #active = -1;

  constructor(form, field, say) {
    Object.assign(this, { form, field, say, id: `kb-completions-${made++}` });
    this.live = new Live(ask, (state) => this.#show(state));
  }

  start() {
    const { field, id } = this;
    this.list = h("ul", { id, role: "listbox", class: "completions", "aria-label": this.say("Suggestions") });
    this.list.hidden = true;
    this.status = h("div", { role: "status", class: "visually-hidden" });
    field.after(this.list, this.status);
    const given = { role: "combobox", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(given)) field.setAttribute(name, value);
    field.addEventListener("keydown", (event) => this.#key(event));
    hear(field, { typed: (text) => this.#typed(text), entered: () => this.#enter() });
    field.addEventListener("blur", () => this.#stop());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(option);
    });
  }

  #typed(text) {
    if (text.trim()) return this.live.type(text.slice(0, 200));
    this.#stop();
  }

  #show({ answer, waiting }) {
    if (waiting) return; // what is shown stays until there is something better
    if (!answer?.length || document.activeElement !== this.field) return this.#close();
    this.list.replaceChildren(...answer.map((completion, place) => this.#option(completion, place)));
    this.#activate(-1);
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
    this.status.textContent =
      answer.length === 1 ? this.say("1 suggestion") : this.say("{count} suggestions", { count: answer.length });
  }

  #option({ text, locale }, place) {
    const option = h("li", { role: "option", id: `${this.id}-${place}`, "aria-selected": "false" });
    if (locale) option.lang = locale;
    option.textContent = text;
    return option;
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault(); // it ends the composition and does nothing else
      return;
    }
    const open = !this.list.hidden;
    if (event.key === "Escape" && open) this.#stop();
    else if (event.key === "ArrowDown" && open) this.#step(1);
    else if (event.key === "ArrowUp" && open) this.#step(-1);
    else if (event.key === "ArrowDown" && this.field.value.trim()) this.live.now(this.field.value.slice(0, 200));
    else return;
    event.preventDefault();
  }

  /** To the next option or the one before; past the ends is the field itself. */
  #step(by) {
    const places = this.list.children.length + 1;
    this.#activate(((this.#active + 1 + by + places) % places) - 1);
  }

  #activate(place) {
    this.list.children[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = place;
    const option = this.list.children[place];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #enter() {
    const option = this.list.hidden ? null : this.list.children[this.#active];
    if (option) return this.#choose(option);
    this.#stop();
    this.form.requestSubmit();
  }

  #choose(option) {
    this.field.value = option.textContent;
    this.#stop();
    this.form.requestSubmit();
  }

  #stop() {
    this.live.stop();
    this.#close();
  }

  #close() {
    this.list.hidden = true;
    this.#activate(-1);
    this.field.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
  }
}
