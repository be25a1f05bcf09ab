// Where the console begins: who is signed in, the words of their language, then the desk.

import { h } from "../shared/dom.js";
import { speaker } from "../shared/words.js";
import { Api } from "./api.js";
import { Bridge } from "./bridge.js";
import { Desk } from "./desk.js";

const lang = document.documentElement.lang;
const at = (id) => document.getElementById(id);
const bridge = new Bridge(at("console").dataset.origins.split(" ").filter(Boolean));  // hears before all else is there
const api = new Api((has) => (at("ended").hidden = !has));

const answer = await fetch(`/locales/${lang}/console.json`);
const say = speaker(await answer.json());
at("again").href = `/sign-in?${new URLSearchParams({ next: location.pathname + location.search, lang })}`;
window.addEventListener("focus", () => {
  if (!at("ended").hidden) api.begin().catch(() => null);  // signed in again in another window, or not yet
});

try {
  const session = await api.begin();
  new Desk({ api, bridge, say, lang, session }).start();
} catch (error) {
  if (!("status" in error)) throw error;
  const again = h("button", { type: "button", class: "button", onclick: () => location.reload() }, say("Try again"));
  at("list").replaceChildren(h("p", { class: "told" }, say("The server cannot be reached.")), again);
}
