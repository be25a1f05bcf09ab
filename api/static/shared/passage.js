// Where in an article its snippet stands.

/** Marks the sentences of a snippet in an article's text; the first mark, or null where none is found. */
export function markPassage(article, snippet, anchor = "") {
  const { text, places } = plain(article, anchor);
  const marks = [];
  let from = 0;
  for (const sentence of sentences(snippet)) {
    const at = text.indexOf(sentence, from) >= 0 ? text.indexOf(sentence, from) : text.indexOf(sentence);
    if (at < 0) continue;
    marks.push(...wrap(places.slice(at, at + sentence.length)));
    from = at + sentence.length;
  }
  return marks.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0] ?? null;
}

function sentences(snippet) {
  return snippet.split(/\n|…/).map(squeeze).filter((part) => part.length > 3);
}

function squeeze(text) {
  return text.replace(/^\s*(?:\d+\.|[-*])\s+/, "").replace(/\s+/g, " ").trim();
}

/** The text after an anchor with its white space collapsed, and the node and offset of each of its characters. */
function plain(article, anchor) {
  const start = anchor && article.querySelector(`#${CSS.escape(anchor)}`);
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (start && start.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING) continue;
    for (let offset = 0; offset < node.data.length; offset++) {
      const blank = /\s/.test(node.data[offset]);
      if (blank && text.endsWith(" ")) continue;
      text += blank ? " " : node.data[offset];
      places.push([node, offset]);
    }
  }
  return { text, places };
}

/** Puts a mark around each piece of a run of characters that is in one text node. */
function wrap(places) {
  const pieces = new Map();
  for (const [node, offset] of places) {
    const piece = pieces.get(node);
    if (piece) piece[1] = offset + 1;
    else pieces.set(node, [offset, offset + 1]);
  }
  return [...pieces].filter(([node, [start, end]]) => node.data.slice(start, end).trim()).map(([node, [start, end]]) => {
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, end);
    const mark = document.createElement("mark");
    range.surroundContents(mark);
    return mark;
  });
}
