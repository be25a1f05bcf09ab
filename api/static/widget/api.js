// What the widget asks its server, and what of a visit it remembers.

import { path } from "../shared/path.js";

const SECONDS = 15; // the longest that an answer may take

/** The server did not answer in time, or there is no network. */
export class Unreachable extends Error {}

export class Api {
  constructor(host) {
    this.host = host;
    this.visit = remembered();
  }

  /** Who asks: as the host page knows them, else only this visit. */
  get visitor() {
    return this.host.visitor?.id || this.visit.id;
  }

  search(query, { channel = "search", limit = 5, signal } = {}) {
    const space = this.host.getAttribute("space");
    const body = { query, channel, limit, settled: false, visitor: this.visitor, ...(space ? { space } : {}) };
    return this.#ask("/v1/search", { body, signal });
  }

  async complete(text, signal) {
    const space = this.host.getAttribute("space");
    const params = new URLSearchParams({ q: text.slice(0, 200), limit: 5, ...(space ? { space } : {}) });
    return (await this.#ask(`/v1/complete?${params}`, { signal })).completions;
  }

  article(id) {
    return this.#ask(`/v1/articles/${path(id)}?fields=title,locale,html,verification,updated_at`);
  }

  async related(id) {
    return (await this.#ask(`/v1/articles/${path(id)}/related?limit=3`)).articles;
  }

  /** Says what was done with a result. It is not waited for, and outlives the page. */
  event(search_id, kind, article_id = "", data = {}) {
    if (!search_id) return Promise.resolve();
    const told = this.#ask("/v1/events", { body: { search_id, kind, article_id, data }, keepalive: true });
    return told.catch((error) => console.warn("kb-help:", error)); // nobody can do anything about it
  }

  /** Keeps what this visit is about, until the tab is closed. */
  remember(changed) {
    Object.assign(this.visit, changed);
    try {
      sessionStorage.setItem("kb-help", JSON.stringify(this.visit));
    } catch { /* a page may forbid storage: then the visit ends with the page */ }
  }

  async #ask(address, { body, signal, keepalive } = {}) {
    const key = this.host.getAttribute("key");
    const headers = { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...(body ? { "Content-Type": "application/json" } : {}) };
    const late = AbortSignal.timeout(SECONDS * 1000);
    const options = { method: body ? "POST" : "GET", headers, credentials: "omit", keepalive };
    let response;
    try {
      response = await fetch(this.host.server + address, {
        ...options, body: body && JSON.stringify(body), signal: signal ? AbortSignal.any([signal, late]) : late,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Unreachable(String(error));
    }
    if (!response.ok) throw Object.assign(new Error(`${response.status} ${address}`), { status: response.status });
    return response.json();
  }
}

function remembered() {
  try {
    const held = JSON.parse(sessionStorage.getItem("kb-help") ?? "null");
    if (held?.id) return held;
  } catch { /* forbidden, or somebody else's */ }
  return { id: `visit:${random()}`, question: "", read: [], search: "" };
}

/** `crypto.randomUUID` is for secure pages only. */
function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
