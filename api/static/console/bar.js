// What can be done with the article that keys and buttons are about.

import { h } from "../shared/dom.js";
import { internal } from "./suggestions.js";

const bar = document.getElementById("bar");
const target = document.getElementById("target");

export function button(name) {
  return bar.querySelector(`[data-do=${name}]`);
}

/** Show which article it is; null for none. What is said of a search's result is not said of any other article. */
export function draw(item, pinned, say) {
  bar.hidden = !item;
  if (!item) return;
  bar.classList.toggle("internal", item.audience !== "public");
  target.replaceChildren(h("span", { lang: item.locale || null }, item.title), ...[internal(item.audience, say)].filter(Boolean));
  for (const name of ["helped", "dismiss"]) button(name).disabled = !item.search_id;
  button("pin").setAttribute("aria-pressed", String(pinned));
}
