// The dialog of shortcuts and settings, and what all dialogs share.

const at = (id) => document.getElementById(id);

/** Single keys can be turned off, and whoever is signed in can sign out. */
export function settings({ memory, session, api, failed }) {
  at("single").checked = memory.single;
  at("single").addEventListener("change", () => (memory.single = at("single").checked));
  at("me").textContent = session.user?.name || session.user?.id || session.actor;
  at("leave").addEventListener("click", () => api.signOut().then(() => location.assign("/sign-in"), failed));
  for (const button of document.querySelectorAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}
