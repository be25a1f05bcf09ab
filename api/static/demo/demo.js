// What the three faces tell each other on the demo's page: a customer's message becomes the ticket in the console.

const frame = document.querySelector("#console");

const ticket = (subject, text, locale) => {
  const message = { type: "kb:ticket", ticket: { subject, messages: [{ author: "customer", text }], locale } };
  frame?.contentWindow.postMessage(message, location.origin);
};

// the console says when it listens
addEventListener("message", (event) => {
  if (event.origin === location.origin && event.source === frame?.contentWindow && event.data?.type === "kb:ready") {
    const { subject, text, locale } = frame.dataset;
    ticket(subject, text, locale);
  }
});

document.addEventListener("kb-help:contact", (event) => {
  event.preventDefault();
  const { question, message, locale } = event.detail;
  ticket(question.slice(0, 80), message, locale);
});

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => window.kbHelp?.search(button.dataset.ask));
}
