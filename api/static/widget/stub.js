// Answers the widget's requests on a page that has no server: a few articles, found by their words.
(() => {
  const asked = new URLSearchParams(location.search);
  if (asked.get("lang")) document.documentElement.lang = asked.get("lang");
  const ARTICLES = [
    { id: "refunds", locale: "en", title: "Refunds", words: "refund refunds money back return paid", snippet: "A refund is paid within 14 days to the card that you paid with.",
      html: "<h1>Refunds</h1><p>A refund is paid within 14 days to the card that you paid with.</p><h2 id='how'>How to ask for one</h2><ol><li>Open <strong>Orders</strong>.</li><li>Choose <strong>Refund</strong>.</li></ol>" },
    { id: "delivery", locale: "en", title: "When does my box come?", words: "delivery box late when arrive ship", snippet: "Boxes come on weekdays before 7 in the morning.",
      html: "<h1>When does my box come?</h1><p>Boxes come on weekdays before 7 in the morning. See also <a href='/articles/refunds'>refunds</a>.</p>" },
    { id: "ko/refunds", locale: "ko", title: "환불 안내", words: "환불 결제 취소 돈", snippet: "환불은 결제한 카드로 14일 안에 지급됩니다.",
      html: "<h1>환불 안내</h1><p>환불은 결제한 카드로 14일 안에 지급됩니다.</p><h2 id='how'>신청 방법</h2><ol><li><strong>주문</strong>을 엽니다.</li><li><strong>환불 신청</strong>을 누릅니다.</li></ol>" },
  ];
  const answers = {
    search: ({ query, limit }) => {
      const words = query.toLowerCase().split(/\s+/);
      const hits = ARTICLES.filter((one) => words.some((word) => one.words.includes(word) || (word.length > 1 && word.includes(one.words.split(" ")[0])))).slice(0, limit)
        .map(({ id, locale, title, snippet }) => ({ id, locale, title, snippet, anchor: "", highlights: [], confidence: 0.9 }));
      return { search_id: "stub", query, verdict: hits.length ? "answer" : "none", hits };
    },
    complete: (params) => ({ completions: ARTICLES.filter((one) => one.title.toLowerCase().startsWith(params.get("q").toLowerCase())).map(({ title, locale }) => ({ text: title, locale })) }),
    article: (id) => ({ ...ARTICLES.find((one) => one.id === id), verification: { on: "2026-10-21" } }),
    related: (id) => ({ articles: ARTICLES.filter((one) => one.id !== id).slice(0, 2) }),
  };
  window.fetch = async (address, options = {}) => {
    const url = new URL(address, location.href);
    await new Promise((done) => setTimeout(done, asked.has("slow") ? 6000 : 80));
    if (options.signal?.aborted) throw new DOMException("overtaken", "AbortError");
    if (asked.has("fail")) throw new TypeError("no server");
    const [, noun, id, related] = /\/v1\/(search|complete|events|articles)(?:\/(.+?))?(\/related)?$/.exec(url.pathname) ?? [];
    const said = { search: () => answers.search(JSON.parse(options.body)), complete: () => answers.complete(url.searchParams), events: () => ({ status: "accepted" }),
      articles: () => (related ? answers.related : answers.article)(decodeURIComponent(id)) }[noun]();
    return new Response(JSON.stringify(said), { headers: { "Content-Type": "application/json" } });
  };
})();
