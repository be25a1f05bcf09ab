// The part of an article that an agent inserts: what stands under one heading, as text, Markdown and HTML.

/** An article's sanitised HTML as nodes that load nothing and are on no page. */
export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;  // sanitised by the server
  return template.content;
}

export function headings(article) {
  return [...article.children].filter(isHeading);
}

/** Which of an article's headings an anchor names; -1 for what stands before all of them. */
export function placeOf(article, anchor) {
  return anchor ? headings(article).findIndex((heading) => heading.id === anchor) : -1;
}

/** What stands under a heading, up to the next; where that is nothing, up to the next that is not below it. */
export function section(article, place) {
  const blocks = [...article.children];
  const heading = headings(article)[place];
  const rest = blocks.slice(heading ? blocks.indexOf(heading) + 1 : 0);
  const found = until(rest, isHeading);
  if (found.length || !rest.length) return found;
  return heading ? until(rest, (block) => isHeading(block) && level(block) <= level(heading)) : section(article, 0);
}

function until(blocks, ends) {
  const at = blocks.findIndex(ends);
  return at < 0 ? blocks : blocks.slice(0, at);
}

function isHeading(block) {
  return /^H[1-6]$/.test(block.tagName);
}

function level(heading) {
  return Number(heading.tagName[1]);
}

const TEXT = {
  text: (words) => words,
  strong: (words) => words,
  em: (words) => words,
  code: (words) => words,
  link: (words, url) => (words === url ? url : `${words} (${url})`),
  image: (words) => words,
  fence: (words) => words,
  heading: (words) => words,
  row: (cells) => cells.join(" | "),
  rule: () => [],
};
const MARKDOWN = {
  text: (words) => words.replace(/[\\`*_[\]<>]/g, "\\$&"),
  strong: (words) => `**${words}**`,
  em: (words) => `*${words}*`,
  code: (words) => `\`${words}\``,
  link: (words, url) => `[${words}](${url})`,
  image: (words, url) => `![${words}](${url})`,
  fence: (words) => `\`\`\`\n${words}\n\`\`\``,
  heading: (words, deep) => `${"#".repeat(deep)} ${words}`,
  row: (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
  rule: (cells) => [`|${" --- |".repeat(cells.length)}`],
};

export function toText(blocks) {
  return joined(blocks, TEXT);
}

export function toMarkdown(blocks) {
  return joined(blocks, MARKDOWN);
}

/** The blocks for another site: addresses are whole, and nothing refers to styles or places of ours. */
export function toHtml(blocks) {
  const holder = document.createElement("template").content;
  holder.append(...blocks.map((block) => block.cloneNode(true)));
  for (const element of holder.querySelectorAll("*")) {
    for (const name of ["class", "id", "name"]) element.removeAttribute(name);
    for (const name of ["href", "src"]) if (element.hasAttribute(name)) element.setAttribute(name, whole(element, name));
  }
  return [...holder.children].map((element) => element.outerHTML).join("\n");
}

function whole(element, name) {
  return new URL(element.getAttribute(name), location.origin).href;
}

function joined(blocks, form) {
  return blocks.map((block) => written(block, form)).filter(Boolean).join("\n\n");
}

function written(block, form) {
  switch (block.tagName) {
    case "UL":
    case "OL":
      return listed(block, form);
    case "PRE":
      return form.fence(block.textContent.trimEnd());
    case "TABLE":
      return table(block, form);
    case "BLOCKQUOTE":
    case "DIV":
    case "SECTION":
    case "DETAILS":
      return joined([...block.children], form);
    case "HR":
      return "";
    default:
      return isHeading(block) ? form.heading(words(block, form), level(block)) : words(block, form);
  }
}

function listed(list, form) {
  const first = Number(list.getAttribute("start") ?? 1);
  return [...list.children]
    .map((item, place) => {
      const mark = list.tagName === "OL" ? `${first + place}. ` : "- ";
      return mark + content(item, form).replaceAll("\n", `\n${" ".repeat(mark.length)}`);
    })
    .join("\n");
}

/** A list's item: its own words, then the lists in it. */
function content(item, form) {
  const inner = [...item.children].filter((child) => /^(P|UL|OL|PRE|TABLE|DIV|BLOCKQUOTE)$/.test(child.tagName));
  const own = [...item.childNodes].filter((node) => !inner.includes(node));
  return [run(own, form), ...inner.map((block) => written(block, form))].filter(Boolean).join("\n");
}

function table(block, form) {
  const rows = [...block.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => words(cell, form)));
  return rows.flatMap((cells, place) => [form.row(cells), ...(place ? [] : form.rule(cells))]).join("\n");
}

function words(element, form) {
  return run([...element.childNodes], form);
}

function run(nodes, form) {
  return nodes.map((node) => piece(node, form)).join("").trim();
}

function piece(node, form) {
  if (node.nodeType === Node.TEXT_NODE) return form.text(node.data.replace(/\s+/g, " "));
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  switch (node.tagName) {
    case "STRONG":
    case "B":
      return form.strong(words(node, form));
    case "EM":
    case "I":
      return form.em(words(node, form));
    case "CODE":
      return form.code(node.textContent);
    case "A":
      return node.hasAttribute("href") ? form.link(words(node, form), whole(node, "href")) : words(node, form);
    case "IMG":
      return form.image(node.alt, whole(node, "src"));
    case "BR":
      return "\n";
    default:
      return [...node.childNodes].map((child) => piece(child, form)).join("");
  }
}
