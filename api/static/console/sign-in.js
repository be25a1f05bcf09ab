// The page to sign in: a user and a password, then on to where one wanted to be.

import { speaker } from "../shared/words.js";

const lang = document.documentElement.lang;
const [door, form, problem] = ["door", "sign-in", "problem"].map((id) => document.getElementById(id));
const button = form.querySelector("button");
const catalogue = fetch(`/locales/${lang}/console.json`).then((answer) => answer.json()).catch(() => ({}));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  button.disabled = true;
  const say = speaker(await catalogue);
  try {
    const response = await fetch("/v1/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: form.user.value, password: form.password.value }),
    });
    if (response.ok) return leave();
    tell(words(response, say));
  } catch {  // a browser says no more of a server that it does not reach
    tell(say("The server cannot be reached. Try again in a moment."));
  } finally {
    button.disabled = false;
  }
  form.password.select();
});
button.disabled = false;  // before somebody listens, the form would go to an address that takes none

/** Goes on, within this site. What stood after a # is the ticket that the console was opened with. */
function leave() {
  const next = new URL(door.dataset.next, location.origin);
  location.assign(next.origin === location.origin ? next.pathname + next.search + location.hash : "/console");
}

function words(response, say) {
  if (response.status === 401) return say("There is no such user, or the password is another one.");
  if (response.status === 429) {
    const minutes = Math.ceil(Number(response.headers.get("Retry-After")) / 60) || 1;
    return say("Too many attempts. Try again in {minutes} min.", { minutes });
  }
  return say("Signing in did not work ({status}). Try again in a moment.", { status: response.status });
}

function tell(text) {
  problem.textContent = text;
  problem.hidden = false;
}
