// The protocol on paper: articles, changes by rule, what was left out, doubted and decided. Made when printing begins.
function table(head, rows) {
  return el(
    "table",
    {},
    el("thead", {}, el("tr", {}, ...head.map((words) => el("th", { scope: "col" }, words)))),
    el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, cell))))),
  );
}
const lineOf = (at) => ROWS[rowOf(at)]?.line ?? 1;
function linesOf(b) {
  return B[b].spans
    .map(([start, end]) => [lineOf(start), lineOf(Math.max(start, end - 1))])
    .map(([first, last]) => (first === last ? String(first) : `${first}–${last}`))
    .join(", ");
}

function drawProtocol() {
  const box = $("protocol");
  const parts = [
    el("h1", {}, t("protocol", plain(D.source.name))),
    el("p", {}, `SHA-256 ${D.source.sha256} · ${D.source.encoding} · ${count(D.source.bytes)} B`),
    el("p", {}, facts()),
  ];
  A.forEach((article, a) => {
    parts.push(
      el(
        "article",
        {},
        el(
          "p",
          { class: "quiet" },
          [t("article", a + 1), ...article.flags.map((flag) => t("flag." + flag)), ...turnsOf(a)].join(" · "),
        ),
        ...Array.from({ length: article.blocks }, (_, k) => {
          const b = article.first + k;
          return el(
            TAGS[B[b].role] || "p",
            { class: B[b].role },
            plain(textOf(b)),
            el("small", {}, " " + t("lines", linesOf(b))),
          );
        }),
      ),
    );
  });
  parts.push(
    el("h2", {}, t("changes")),
    table(
      [t("stage"), t("rule"), t("count"), t("what")],
      sums().map(([rule, n]) => [t("stage." + D.rules[rule][1]), D.rules[rule][0], count(n), saidOf(rule)[0]]),
    ),
  );
  if (DROPS.length)
    parts.push(
      el("h2", {}, t("dropped", count(DROPS.length))),
      table(
        [t("line"), t("rule"), t("text")],
        DROPS.map((drop) => [
          String(lineOf(drop.start)),
          D.rules[drop.rule][0],
          seen(TEXT.slice(drop.start, drop.end)),
        ]),
      ),
    );
  if (SUSPECTS.length)
    parts.push(
      el("h2", {}, t("suspects")),
      table(
        [t("line"), t("rule"), t("text"), t("suggestion")],
        SUSPECTS.map((s) => [
          String(lineOf(s.start)),
          D.rules[s.rule][0],
          seen(TEXT.slice(s.start, s.end)),
          seen(s.suggestion),
        ]),
      ),
    );
  const doubtful = CASES.filter((item) => item.kind !== "suspect");
  if (doubtful.length)
    parts.push(
      el("h2", {}, t("doubts")),
      table(
        [t("line"), t("decision"), t("confidence.head"), t("text")],
        doubtful.map((item) => [
          String(lineOf(item.at)),
          caseWords(item),
          percent(item.doubt),
          around(item).map(oneLine).join("│"),
        ]),
      ),
    );
  if (decisions.size)
    parts.push(
      el("h2", {}, t("decided")),
      table(
        [t("line"), t("decision"), t("text")],
        [...decisions.values()].map((d) => [
          String(lineOf(d.source[0])),
          d.do + (d.role ? " " + t("role." + d.role) : ""),
          seen(d.text ?? brief(TEXT.slice(...d.source), 40)),
        ]),
      ),
    );
  box.replaceChildren(...parts);
}
on(window, "beforeprint", drawProtocol);
on(window, "afterprint", () => $("protocol").replaceChildren());
