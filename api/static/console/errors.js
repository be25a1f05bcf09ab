// What went wrong, in words.

import { Problem } from "./api.js";

/** Words for an error that somebody can do something about; any other is thrown. */
export function inWords(error, say) {
  if (error instanceof NotCopied) return say("The browser does not allow copying here.");
  if (!(error instanceof Problem)) throw error;
  switch (error.status) {
    case 0:
      return say("The server cannot be reached.");
    case 401:
      return say("Your session has ended: sign in again.");
    case 404:
      return say("It is no longer there.");
    case 429:
      return say("Too many requests. Try again in {seconds} s.", { seconds: error.seconds || 1 });
    default:
      return say("That did not work: {why}", { why: error.message });
  }
}

/** The clipboard was not given. */
export class NotCopied extends Error {}
