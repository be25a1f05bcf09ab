// What the console asks the server, as whoever is signed in.

import { path } from "../shared/path.js";

/** An answer that is no success. `status` is 0 where there was none; `seconds` is when to ask again. */
export class Problem extends Error {
  constructor(status, detail, seconds = 0) {
    super(detail);
    Object.assign(this, { status, seconds });
  }
}

export class Api {
  /** @param ended `(has) => void`, told whether the session has ended, or goes on */
  constructor(ended) {
    this.ended = ended;
    this.csrf = "";
  }

  /** Who is signed in; their token goes with every write from now on. */
  async begin() {
    const session = await this.#send("GET", "/v1/session");
    this.csrf = session.csrf_token ?? "";
    this.ended(false);
    clearTimeout(this.ends);  // a browser drops the cookie then, and would go on as nobody
    if (session.expires_at) this.ends = setTimeout(() => this.ended(true), new Date(session.expires_at) - new Date());
    return session;
  }

  signOut() {
    return this.#send("DELETE", "/v1/session");
  }

  search(body, signal) {
    return this.#send("POST", "/v1/search", body, { signal });
  }

  suggest(body, signal) {
    return this.#send("POST", "/v1/suggest", body, { signal });
  }

  /** What was done with a result. `outlive`: also when the page goes away meanwhile. */
  event(search_id, kind, article_id = "", data = {}, outlive = false) {
    return this.#send("POST", "/v1/events", { search_id, kind, article_id, data }, { keepalive: outlive });
  }

  article(id, fields, locale = "") {
    const wanted = new URLSearchParams({ fields, ...(locale ? { locale } : {}) });
    return this.#send("GET", `/v1/articles/${path(id)}?${wanted}`);
  }

  suggestEdit(id, edit) {
    return this.#send("POST", `/v1/articles/${path(id)}/edits`, edit);
  }

  ticket(id) {
    return this.#send("GET", `/v1/tickets/${path(id)}`);
  }

  putTicket(ticket) {
    return this.#send("POST", "/v1/tickets", ticket);
  }

  draft(id) {
    return this.#send("POST", `/v1/tickets/${path(id)}/draft`);
  }

  spaces() {
    return this.#send("GET", "/v1/spaces");
  }

  async #send(method, address, body, options = {}, again = false) {
    const headers = { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) };
    if (method !== "GET" && this.csrf) headers["X-CSRF-Token"] = this.csrf;
    const request = { method, headers, body: body && JSON.stringify(body), credentials: "same-origin", ...options };
    const response = await fetch(address, request).catch((error) => {
      if (options.signal?.aborted) throw error;
      throw new Problem(0, String(error));
    });
    if (response.ok) return response.status === 204 ? null : response.json();
    if (response.status === 401) this.ended(true);
    if (response.status === 403 && method !== "GET" && !again && (await this.#renewed())) {
      return this.#send(method, address, body, options, true);
    }
    const told = await response.json().catch(() => ({}));  // a proxy's answer may be a page
    throw new Problem(response.status, told.detail ?? response.statusText, Number(response.headers.get("Retry-After")));
  }

  /** Whether the session is another than the page began with: somebody signed in again in another window. */
  async #renewed() {
    const before = this.csrf;
    await this.begin();
    return this.csrf !== before;
  }
}
