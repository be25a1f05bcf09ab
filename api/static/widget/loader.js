// The help widget: a button on somebody's page. What it opens (panel.js) is loaded when it is wanted.
// The two are files of their own, which api/widget.py makes of the modules in this folder.
(() => {
  if (customElements.get("kb-help")) return;
  const script = document.currentScript;
  const server = new URL(script.src).origin;
  const address = (path) => new URL(path, script.src).href;

  const sheet = new CSSStyleSheet();
  // `!important` here wins over any rule of the page, so that none can move, hide or dress it
  sheet.replaceSync(`
    :host { all: initial !important; position: fixed !important; z-index: 2147483000 !important;
      inset-block-end: 20px !important; inset-inline-end: 20px !important; display: block !important;
      color-scheme: light dark; }
    :host([side=start]) { inset-inline: 20px auto !important; }
    :host([theme=light]) { color-scheme: light !important; }
    :host([theme=dark]) { color-scheme: dark !important; }
    :host([hidden]) { display: none !important; }
    .launch { font: 600 16px/1.5 var(--font, system-ui, "Noto Sans KR", sans-serif); min-height: 48px; padding: 8px 20px;
      color: var(--accent-ink, light-dark(#fff, #06262c)); background: var(--accent, light-dark(#0b5c6b, #7cd0df));
      border: 1px solid transparent; border-radius: 24px; box-shadow: 0 2px 12px rgb(0 0 0 / 0.25); cursor: pointer; }
    .launch:focus-visible { outline: 3px solid light-dark(#1b6fd1, #8ab8ff); outline-offset: 3px; }
    .launch[aria-busy=true] { cursor: progress; }
    .failed { font: 14px/1.5 system-ui, sans-serif; max-width: 240px; margin: 0 0 8px; padding: 8px 12px;
      color: light-dark(#1b2026, #e7eaee); background: light-dark(#fff, #1d2127); border: 1px solid; border-radius: 8px; }`);

  const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/i;
  const RULES = { createHTML: (html) => html, createScriptURL: (url) => url };

  class Help extends HTMLElement {
    #loading = null;
    #button = document.createElement("button");
    visitor = null; // as the host page knows them
    // a page may ask for trusted types: this is the one policy that it has to name
    static policy = globalThis.trustedTypes?.createPolicy("kb-help", RULES) ?? RULES;

    connectedCallback() {
      if (this.shadowRoot) return;
      this.dir = document.documentElement.dir || (RIGHT_TO_LEFT.test(this.locale) ? "rtl" : "ltr");
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.#button.type = "button";
      this.#button.className = "launch";
      this.#button.textContent = this.getAttribute("label") || (this.korean ? "도움말" : "Help");
      this.#button.setAttribute("aria-haspopup", "dialog");
      this.#button.addEventListener("click", () => this.open());
      for (const near of ["pointerenter", "focus"]) this.#button.addEventListener(near, () => this.#load(), { once: true });
      root.append(this.#button);
      document.dispatchEvent(new CustomEvent("kb-help:ready"));
    }

    get server() { return server; }
    get locale() { return this.getAttribute("locale") || document.documentElement.lang || navigator.language; }
    get korean() { return /^ko\b/i.test(this.locale); }

    /** Tells the page; false where it said that it does the rest. */
    tell(name, detail = {}) {
      return this.dispatchEvent(new CustomEvent(`kb-help:${name}`, { detail, bubbles: true, cancelable: true }));
    }

    async open() { await (await this.#load())?.open(); }
    async close() { (await this.#loading)?.close(); }
    async search(text) { await (await this.#load())?.search(text); }
    async article(id) { await (await this.#load())?.article(id); }

    #load() {
      this.#button.setAttribute("aria-busy", "true");
      this.#loading ??= this.#script()
        .then(() => new Help.Panel(this, this.#button))
        .catch((error) => this.#failed(error));
      return this.#loading.finally(() => this.#button.removeAttribute("aria-busy"));
    }

    #script() {
      return new Promise((done, failed) => {
        const own = document.createElement("script");
        const from = address(`widget/panel.${this.korean ? "ko" : "en"}.js`);
        Object.assign(own, { src: Help.policy.createScriptURL(from), onload: done, onerror: failed });
        document.head.append(own);
      });
    }

    #failed(error) {
      console.warn("kb-help:", error);
      this.#loading = null; // asked again by the next click
      this.shadowRoot.querySelector(".failed")?.remove();
      const said = document.createElement("p");
      said.className = "failed";
      said.setAttribute("role", "alert");
      said.textContent = this.korean ? "도움말을 불러오지 못했습니다. 다시 눌러 주세요." : "Help could not be loaded. Press again.";
      this.#button.before(said);
      setTimeout(() => said.remove(), 8000);
    }
  }
  customElements.define("kb-help", Help);

  const place = () => {
    const own = document.querySelector("kb-help") ?? document.createElement("kb-help");
    for (const [name, value] of Object.entries(script.dataset)) if (!own.hasAttribute(name)) own.setAttribute(name, value);
    window.kbHelp = {
      open: () => own.open(),
      close: () => own.close(),
      search: (text) => own.search(String(text)),
      article: (id) => own.article(String(id)),
      identify: (visitor) => void (own.visitor = visitor ? { ...visitor, id: String(visitor.id ?? "") } : null),
      on: (name, told) => {
        const hear = (event) => told(event.detail, event);
        own.addEventListener(`kb-help:${name}`, hear);
        return () => own.removeEventListener(`kb-help:${name}`, hear);
      },
    };
    if (!own.isConnected) document.body.append(own);
  };
  document.body ? place() : document.addEventListener("DOMContentLoaded", place);
})();
