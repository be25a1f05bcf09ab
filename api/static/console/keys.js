// Single keys that do something, while no field has the focus and the agent has not turned them off.

const LETTERS = {
  "/": "search", t: "write", j: "next", k: "previous", o: "open", p: "passage", l: "link", c: "copy", h: "helped", x: "dismiss",
  z: "undo", f: "flag", b: "pin", s: "solve", d: "draft", "?": "help",
};
const OTHERS = { ArrowDown: "next", ArrowUp: "previous", Enter: "open", Escape: "back" };
const AGAIN = new Set(["next", "previous"]);  // what a key that is held down does again and again

/** The character of a key on a Latin keyboard: on a Korean one, `j` is typed as ㅓ. */
export function letter(event) {
  if (event.key.length !== 1) return "";
  if (event.key.charCodeAt(0) < 128) return event.shiftKey && /[a-z]/i.test(event.key) ? "" : event.key.toLowerCase();
  const found = /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code);
  if (found && !event.shiftKey) return (found[1] ?? found[2]).toLowerCase();
  return event.code === "Slash" ? (event.shiftKey ? "?" : "/") : "";
}

export function isField(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

/**
 * Listen for keys.
 *
 * @param single whether single letters count
 * @param act `(name) => boolean`, does what a key stands for; whether there was anything to do
 */
export function listen(single, act) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (isField(target) || document.querySelector("dialog[open]")) return;
    const name = OTHERS[event.key] ?? (single() ? LETTERS[letter(event)] : undefined);
    if (!name || (event.repeat && !AGAIN.has(name))) return;
    if (event.key === "Enter" && target.closest("button, a")) return;  // it is pressed
    if (event.key.startsWith("Arrow") && target.closest("#reading, #talk")) return;  // it scrolls
    if (act(name)) event.preventDefault();
  });
}
