// Between the console and the help desk that shows it in a frame: tickets come in, what an agent inserts goes out.

const STATES = ["open", "pending", "solved", "closed"];
const LOCALE = /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$/;
const AUTHORS = ["customer", "agent"];

export class Bridge {
  #listener = null;
  #held = null;

  /** @param allowed the origins of help desks; a page of this origin is always heard */
  constructor(allowed) {
    this.embedded = window.parent !== window;
    this.allowed = new Set([...allowed, location.origin]);
    this.origin = "";  // of the page that sent the ticket
    window.addEventListener("message", (event) => this.#hear(event));
    this.#greet();
  }

  /** Call `listener(ticket)` with each ticket that comes, and with one that came before. */
  listen(listener) {
    this.#listener = listener;
    if (this.#held) listener(this.#held);
  }

  /** Whether there is a help desk to insert into. */
  get open() {
    return this.embedded && this.origin !== "";
  }

  insert(what) {
    window.parent.postMessage({ type: "kb:insert", ...what }, this.origin);
  }

  #hear(event) {
    if (!this.embedded || event.source !== window.parent || !this.allowed.has(event.origin)) return;
    if (event.data?.type !== "kb:ticket") return;
    const ticket = read(event.data.ticket);
    if (!ticket) return;
    this.origin = event.origin;
    this.#held = ticket;
    this.#listener?.(ticket);
  }

  /** Says that tickets are heard now, to the page around where the browser tells which it is. */
  #greet() {
    const around = window.location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
    if (this.embedded && this.allowed.has(around)) window.parent.postMessage({ type: "kb:ready" }, around);
  }
}

/** A ticket as the console keeps it; null where what came is none. */
export function read(told) {
  if (typeof told !== "object" || told === null) return null;
  const messages = told.messages ?? [];
  if (!Array.isArray(messages) || messages.length > 1000 || !messages.every(isMessage)) return null;
  return {
    id: text(told.id, 200),
    subject: text(told.subject, 2000),
    messages: messages.map((one) => ({ author: one.author, text: one.text.slice(0, 100_000), ...at(one) })),
    locale: LOCALE.test(told.locale) ? told.locale : "",
    product: text(told.product, 200),
    state: STATES.includes(told.state) ? told.state : "open",
    space: text(told.space, 100),
    channel: text(told.channel, 100),
  };
}

/** The ticket that the address tells after its #; null where it tells none. */
export function fromHash() {
  const { subject = "", text: words = "", ...more } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const messages = words ? [{ author: "customer", text: words }] : [];
  return subject || words ? read({ subject, messages, locale: more.locale, product: more.product }) : null;
}

function isMessage(one) {
  return AUTHORS.includes(one?.author) && typeof one.text === "string";
}

/** When a message was written, where that is a time. */
function at(message) {
  const time = new Date(message.at ?? NaN);
  return Number.isNaN(time.getTime()) ? {} : { at: time.toISOString() };
}

function text(value, most) {
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, most) : "";
}
