// Words: messages in the reader's language, Korean particles, and marked snippets.

/** Messages of a face: `say("Open {title|을/를}", {title})`, an English text or what a catalogue has for it. */
export function speaker(catalogue = {}) {
  return (text, values = {}) =>
    (catalogue[text] ?? text).replace(/\{(\w+)(?:\|([^/}]+)\/([^}]+))?\}/g, (_, name, closed, open) => {
      const word = String(values[name] ?? "");
      return word + (closed ? particle(word, closed, open) : "");
    });
}

const CLOSED_DIGITS = "013678"; // 영 일 삼 육 칠 팔 end in a consonant; 이 사 오 구 do not

/** 을 or 를, 이 or 가, by the last sound of a word; both, as 을(를), where it cannot be known. */
export function particle(word, closed, open) {
  const last = word.replace(/[\s"'”’)\]}>.,!?…]+$/u, "").at(-1) ?? "";
  const code = last.charCodeAt(0) - 0xac00;
  if (code >= 0 && code < 11172) {
    const final = code % 28;
    if (closed === "으로" && final === 8) return open; // 로 after ㄹ
    return final ? closed : open;
  }
  if (last >= "0" && last <= "9") {
    if (closed === "으로" && "178".includes(last)) return open;
    return CLOSED_DIGITS.includes(last) ? closed : open;
  }
  return `${closed}(${open})`;
}

/** A snippet with its highlights marked. Offsets are in characters, as the API counts them. */
export function marked(snippet, highlights) {
  const letters = Array.from(snippet);
  const found = document.createDocumentFragment();
  let at = 0;
  for (const [start, end] of highlights) {
    found.append(letters.slice(at, start).join(""));
    const mark = document.createElement("mark");
    mark.textContent = letters.slice(start, end).join("");
    found.append(mark);
    at = end;
  }
  found.append(letters.slice(at).join(""));
  return found;
}
