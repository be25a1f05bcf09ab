// The help centre's pages are complete without this: it completes questions, and lets keys scroll what is wide.

import { speaker } from "/static/shared/words.js";
import { completes } from "./completion.js";
import { scrolls } from "./scrolling.js";

const language = document.documentElement.lang;
const response = language === "en" ? null : await fetch(`/locales/${language}/help.json`);
const say = speaker(response?.ok ? await response.json() : {});

for (const form of document.querySelectorAll("form[data-completes]")) completes(form, say);
for (const box of document.querySelectorAll(".prose .scroll, .prose pre")) scrolls(box, say);
