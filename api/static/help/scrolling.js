// Boxes that are wider than the page.

/** Gives a box a place in the order of keys, and a name, while it hides something at its side. */
export function scrolls(box, say) {
  const look = () => {
    const wide = box.scrollWidth > box.clientWidth;
    const given = { tabindex: "0", role: "group", "aria-label": say("Scrolls sideways") };
    for (const [name, value] of Object.entries(given)) {
      if (wide) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  };
  new ResizeObserver(look).observe(box);
  look();
}
