// The way to a person. It carries the question and what was read, and asks once before it sends.

import { h } from "../shared/dom.js";
import { Live } from "../shared/live.js";
import { path } from "../shared/path.js";
import { marked } from "../shared/words.js";

export class ContactView {
  constructor(panel) {
    Object.assign(this, { panel, say: panel.say, title: panel.say("Ask a person"), sure: false });
    const { say } = this;
    const { kind } = panel.way;
    this.question = h("textarea", { class: "field", id: "message", rows: "4", maxlength: "5000", required: true, oninput: () => this.#changed() });
    this.reply = this.#replyField(kind);
    this.offers = h("div", { class: "found" });
    this.send = h("button", { type: "submit", class: "button" });
    this.said = h("div", { class: "said" });
    this.form = h("form", { class: "contact", novalidate: true, onsubmit: (event) => this.#submit(event) },
      h("label", { for: "message" }, say("What do you need?")), this.question, this.offers, ...this.reply, this.said, this.send);
    this.live = new Live((text, signal) => panel.api.search(text, { signal, limit: 3 }), (state) => this.#offer(state), { pause: 400 });
    this.#anew();
  }

  parts() {
    return [this.form];
  }

  /** What is written about: the question, unless something is written already. */
  about(question) {
    if (!this.question.value) this.question.value = question;
  }

  focus(question = "") {
    this.about(question);
    (this.form.isConnected ? this.question : this.panel.heading).focus();
  }

  #replyField(kind) {
    const { say } = this;
    if (kind === "mailto" || kind === "handler" || this.panel.host.visitor?.email) return [];
    if (kind === "callback") return [h("label", { for: "reply" }, say("Your telephone number")), h("input", { class: "field", id: "reply", type: "tel", autocomplete: "tel", required: true, maxlength: "40" })];
    return [h("label", { for: "reply" }, say("Your e-mail address")), h("input", { class: "field", id: "reply", type: "email", autocomplete: "email", required: true, maxlength: "320" })];
  }

  // --- what may answer it already ---

  #changed() {
    this.sure = false;
    const text = this.question.value.trim();
    if (text.length > 3) this.live.type(text.slice(0, 2000));
  }

  #offer({ answer }) {
    const hits = answer && answer.verdict !== "none" ? answer.hits : [];
    if (answer) this.offers.replaceChildren(...(hits.length ? [h("p", { class: "verdict" }, this.say("These may answer it:")), this.#list(answer)] : []));
  }

  #list(answer) {
    const open = (hit) => this.panel.article(hit.id, { ...hit, search_id: answer.search_id });
    return h("ul", { class: "results" }, ...answer.hits.map((hit) => h("li", {}, h("button", { type: "button", class: "result", lang: hit.locale, onclick: () => open(hit) },
      h("span", { class: "name" }, hit.title), h("span", { class: "snippet" }, marked(hit.snippet, hit.highlights))))));
  }

  // --- sending ---

  async #submit(event) {
    event.preventDefault();
    if (!this.#valid()) return;
    const { panel, say } = this;
    const search = await this.#search();
    if (!this.sure) return this.#ask(search);
    const message = this.#message(search);
    if (!panel.host.tell("contact", message)) return this.#sent(search, "handler");
    if (panel.way.kind === "handler") return this.#failed(say("Nobody takes messages on this page yet."));
    if (panel.way.kind === "mailto") return this.#mail(message, search);
    this.send.disabled = true;
    try {
      const response = await fetch(panel.way.address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message) });
      if (!response.ok) throw new Error(String(response.status));
      this.#sent(search, panel.way.kind);
    } catch (error) {
      console.warn("kb-help:", error);
      this.#failed(say("It could not be sent. What you wrote is still here: try again."));
    } finally {
      this.send.disabled = false;
    }
  }

  #valid() {
    const wrong = [...this.form.elements].find((field) => !field.checkValidity());
    this.form.querySelector(".wrong")?.remove();
    for (const field of this.form.elements) field.removeAttribute("aria-invalid");
    if (!wrong) return true;
    wrong.setAttribute("aria-invalid", "true");
    wrong.setAttribute("aria-describedby", "wrong");
    wrong.before(h("p", { class: "wrong", id: "wrong" }, wrong.validationMessage));
    wrong.focus();
    return false;
  }

  /** The search that this is about. What is written and was not searched for is now, so that the desk knows what was asked. */
  async #search() {
    const text = this.question.value.trim();
    const { results } = this.panel.searching;
    if (results && text === this.panel.searching.field.value.trim()) return results;
    try {
      return await this.panel.api.search(text.slice(0, 2000), { limit: 3 });
    } catch (error) {
      console.warn("kb-help:", error); // a person is reached without it
      return null;
    }
  }

  /** Once: what will be sent, and what may answer it. */
  #ask(search) {
    const { say, panel } = this;
    this.sure = true;
    const hits = search && search.verdict !== "none" ? search.hits : [];
    const read = panel.api.visit.read.map((one) => one.title);
    this.said.replaceChildren(h("section", { class: "ask", tabindex: "-1", "aria-labelledby": "sure" },
      h("h3", { id: "sure" }, say("Send this to a person?")),
      read.length ? h("p", {}, say("With it goes what you read: {titles}", { titles: read.join(", ") })) : null,
      ...(hits.length ? [h("p", {}, say("One of these may answer it at once:")), this.#list(search)] : [])));
    this.offers.replaceChildren();
    this.send.textContent = say("Yes, send it");
    this.said.firstChild.focus();
  }

  #message(search) {
    const { panel } = this;
    const { visitor, server } = panel.host;
    const read = panel.api.visit.read.map((one) => ({ ...one, url: `${server}/articles/${path(one.id)}` }));
    return { question: panel.api.visit.question, message: this.question.value.trim(), reply_to: this.form.elements.reply?.value ?? visitor?.email ?? "",
      visitor, read, search_id: search?.search_id ?? "", page: location.href, locale: panel.host.locale };
  }

  /** A mail program cannot be told from here: the link is the visitor's to open. */
  #mail(message, search) {
    const { say, panel } = this;
    const lines = [message.message, "", ...(message.read.length ? [say("What I read:"), ...message.read.map((one) => `- ${one.title} ${one.url}`), ""] : []), message.page];
    const subject = message.message.split("\n")[0].slice(0, 100);
    const href = `mailto:${panel.way.address}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(lines.join("\r\n"))}`;
    const link = h("a", { class: "button", href, onclick: () => this.#sent(search, "mailto") }, say("Open the e-mail"));
    this.said.replaceChildren(link);
    this.send.hidden = true;
    link.focus();
  }

  #sent(search, via) {
    const { panel, say } = this;
    panel.api.event(search?.search_id, "contacted", "", { via, read: panel.api.visit.read.map((one) => one.id).join(" ") });
    const texts = { callback: say("Thank you. We will call you back."), mailto: say("Your e-mail is ready to be sent.") };
    const said = h("p", { class: "thanks", tabindex: "-1" }, texts[panel.way.kind] ?? say("Thank you. A person will answer you."));
    this.form.replaceWith(said);
    said.focus();
    this.question.value = "";
    this.#anew();
  }

  /** Ready for a message that nothing was asked about yet. */
  #anew() {
    const { say } = this;
    const texts = { callback: say("Call me back"), mailto: say("Write an e-mail") };
    this.sure = false;
    this.send.hidden = false;
    this.send.textContent = texts[this.panel.way.kind] ?? say("Send");
    this.offers.replaceChildren();
    this.said.replaceChildren();
  }

  #failed(text) {
    this.said.replaceChildren(h("p", { class: "note", role: "alert" }, text));
  }
}
