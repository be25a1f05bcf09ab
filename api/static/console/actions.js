// What an agent does with an article: insert it, copy it, say what it was worth, pin it.

import { path } from "../shared/path.js";
import { NotCopied } from "./errors.js";
import { headings, parsed, placeOf, section, toHtml, toMarkdown, toText } from "./passage.js";

const FIELDS = "html,title,locale,audience";

export class Actions {
  /**
   * @param events tells the server what was done
   * @param locale `() => string`, the customer's language, "" where it is not known
   */
  constructor({ api, bridge, toast, say, events, locale }) {
    Object.assign(this, { api, bridge, toast, say, events, locale });
    this.sure = document.getElementById("sure");
    this.about = document.getElementById("sure-about");
    this.anyway = document.getElementById("anyway");
  }

  /** Put a `link` or the `passage` into the help desk's reply, or `copy` both; the article's id, null where it was not done. */
  async use(item, what) {
    const found = await this.#found(item);
    if (found.audience !== "public" && !(await this.#agreed(found))) return null;
    const made = what === "link" ? asLink(found) : asPassage(found, what === "copy");
    const into = what !== "copy" && this.bridge.open;
    if (into) this.bridge.insert({ ...made, url: found.url, article_id: found.id, locale: found.locale });
    else await copy(made.text);
    this.events.tell(item, "inserted", { as: what, locale: found.locale });
    this.toast.show(this.#told(found, into, what));
    return found.id;
  }

  /** The article in the customer's language, where there is one, and its part that stands where the item's passage does. */
  async #found(item) {
    const article = await this.api.article(item.id, FIELDS, this.locale());
    const body = parsed(article.html);
    let place = placeOf(body, item.anchor);
    if (article.id !== item.id) {
      const own = parsed((await this.api.article(item.id, "html")).html);
      const alike = headings(own).length === headings(body).length;
      place = alike ? placeOf(own, item.anchor) : null;
    }
    const anchor = place === null ? "" : (headings(body)[place]?.id ?? "");
    const url = `${location.origin}/articles/${path(article.id)}${anchor ? `#${encodeURIComponent(anchor)}` : ""}`;
    return { ...article, url, blocks: place === null ? [] : section(body, place) };
  }

  /** Ask before an internal article leaves: one key is not enough for that. */
  #agreed(found) {
    this.about.textContent = found.title;
    return new Promise((resolve) => {
      const agree = () => this.sure.close("agreed");
      this.anyway.addEventListener("click", agree);
      this.sure.returnValue = "";
      this.sure.showModal();
      this.sure.addEventListener("close", () => {
        this.anyway.removeEventListener("click", agree);
        resolve(this.sure.returnValue === "agreed");
      }, { once: true });
    });
  }

  #told(found, into, what) {
    const values = { title: found.title };
    if (what === "passage" && !found.blocks.length) return this.say("The passage was not found in the translation: the link to “{title}” is there instead.", values);
    if (into) return what === "link" ? this.say("Inserted the link to “{title}”.", values) : this.say("Inserted the passage of “{title}”.", values);
    return what === "link" ? this.say("Copied the link to “{title}”.", values) : this.say("Copied the passage of “{title}”.", values);
  }
}

function asLink({ title, url }) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = title;
  const markdown = `[${title.replace(/[\\[\]]/g, "\\$&")}](${url})`;
  return { text: `${title}\n${url}`, html: link.outerHTML, markdown };
}

/** A passage, or the link where there is none. `linked`: with the link below. */
function asPassage(found, linked) {
  const link = asLink(found);
  if (!found.blocks.length) return link;
  const made = { text: toText(found.blocks), html: toHtml(found.blocks), markdown: toMarkdown(found.blocks) };
  return linked ? { ...made, text: `${made.text}\n\n${link.text}` } : made;
}

/** Put text on the clipboard; the older way where a frame or plain http is not given the newer one. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const held = document.activeElement;
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    held?.focus({ preventScroll: true });
    if (!done) throw new NotCopied();
  }
}
