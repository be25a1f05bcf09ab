/** An article's or a ticket's id as a path: its slashes stay. */
export function path(id) {
  return id.split("/").map(encodeURIComponent).join("/");
}
