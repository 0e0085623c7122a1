// The doubtful decisions: a list to step through, what else was weighed, and what the reader decides instead.
const dock = $("dock");
const decisions = new Map();
const KEEP = "cleanup " + D.source.sha256;
const BASE = JSON.stringify(D.decisions);
const ALL_ROLES = ["paragraph", "heading", "title", "subtitle", "kicker", "byline", "caption", "credit", "furniture"];

// a case: what kind of decision, where, how doubtful, in which passage, and which stretch of the source it is about
const CASES = [];
const start = (b) => B[b].spans[0]?.[0] ?? 0;
function caseOfChange(c) {
  const rules = rulesOf(c).map((rule) => D.rules[rule]);
  const item = { kind: "text", at: C.at[c], doubt: C.doubt[c], b: C.block[c], c, span: [C.at[c], C.end[c]] };
  const joint = rules.find(([id]) => id === "join-broken-passage" || id === "join-headline-halves");
  const spans = item.b >= 0 ? B[item.b].spans : [];
  const next = spans.findIndex(([, end]) => end >= C.at[c] && end <= C.end[c]) + 1;
  if ((joint || C.at[c] >= spans[next - 1]?.[1]) && next && spans[next]) {
    return {
      ...item,
      kind: joint?.[0] === "join-headline-halves" ? "halves" : "joint",
      span: spans[next],
      to: spans[next - 1],
    };
  }
  const made = (name) => rules.some(([, stage]) => stage === name);
  return made("reflow")
    ? { ...item, kind: "line", joined: true }
    : { ...item, kind: made("columns") ? "layout" : "text" };
}
function caseOfBreak(k) {
  const { at, doubt } = BREAKS[k];
  let end = at;
  while (/\s/.test(TEXT[end] || "")) end++;
  return { kind: "line", at, doubt, b: blockBefore(at), k, span: [at, end], joined: false };
}
const caseOfSuspect = (s) => ({
  ...SUSPECTS[s],
  kind: "suspect",
  at: SUSPECTS[s].start,
  b: blockBefore(SUSPECTS[s].end),
  s,
  span: [SUSPECTS[s].start, SUSPECTS[s].end],
});
const caseOfDrop = (d) => ({
  kind: "drop",
  at: DROPS[d].start,
  doubt: 0,
  b: -1,
  d,
  span: [DROPS[d].start, DROPS[d].end],
});
const caseOfBlock = (b) => ({ kind: "block", at: start(b), doubt: B[b].doubt, b, span: B[b].spans[0] });
function caseOfArticle(a) {
  const b = A[a].first;
  return { ...caseOfBlock(b), kind: HEADLINE.has(B[b].role) ? "headline" : "start", doubt: A[a].doubt, a };
}
function blockBefore(at) {
  const o = bisect(OWNED.length, (i) => OWNED[i].end >= at);
  return o < OWNED.length && OWNED[o].start <= at ? OWNED[o].b : -1;
}
function caseOf({ dataset: { c, s, k, d } }) {
  return c ? caseOfChange(+c) : s ? caseOfSuspect(+s) : k ? caseOfBreak(+k) : d ? caseOfDrop(+d) : null;
}

function gatherCases() {
  const joints = new Set();
  const take = (item) => {
    if (item.span && (item.doubt > D.threshold || item.kind === "suspect")) CASES.push(item);
  };
  C.doubt.forEach((doubt, c) => {
    if (doubt <= D.threshold) return;
    const item = caseOfChange(c);
    if (item.to) joints.add(item.b);
    take(item);
  });
  BREAKS.forEach((_, k) => take(caseOfBreak(k)));
  SUSPECTS.forEach((_, s) => take(caseOfSuspect(s)));
  // a passage that is doubtful because of its joint stands there already
  B.forEach((_, b) => joints.has(b) || take(caseOfBlock(b)));
  A.forEach((article, a) => article.blocks && take(caseOfArticle(a)));
  CASES.sort((x, y) => x.at - y.at);
}
const caseWords = ({ kind, joined }) => t("case." + kind + (kind === "line" ? (joined ? ".joined" : ".kept") : ""));
const oneLine = (text) => plain(text).replace(/\n+/g, "⏎");

// what a reader can choose: the words, the decision, and whether the program chose so
function optionsOf(item) {
  const make = (deed, words, chosen, more) => ({ words, chosen, decision: { do: deed, source: item.span, ...more } });
  const glyphs = (text) => brief(seen(text), 20);
  switch (item.kind) {
    case "line":
      return [make("join", t("do.join"), item.joined), make("break", t("do.break"), !item.joined)];
    case "halves":
    case "joint":
      return [make("continue", t("do.continue"), true, { to: item.to }), make("apart", t("do.apart"))];
    case "text":
      return [
        make("change", t("do.change", glyphs(newOf(item.c))), true),
        make("keep", t("do.keep", glyphs(oldOf(item.c)))),
      ];
    case "suspect":
      return [
        make("keep", t("do.keep", glyphs(TEXT.slice(...item.span))), true),
        make(
          "change",
          item.suggestion ? t("do.change", glyphs(item.suggestion)) : t("do.leave-out", glyphs(TEXT.slice(...item.span))),
          false,
          { text: item.suggestion },
        ),
      ];
    case "drop":
      return [
        make("role", t("role.furniture"), true, { role: "furniture" }),
        make("role", t("do.put-back"), false, { role: "paragraph" }),
      ];
    case "block": {
      const role = B[item.b].role;
      const others = (WEIGHED[item.b] || [])
        .map((words) => words.split(" ")[0])
        .filter((name) => name !== role && ALL_ROLES.includes(name));
      return [role, ...others].map((name) => make("role", t("role." + name), name === role, { role: name }));
    }
    case "headline": {
      const body = bodyOf(item.a);
      return [
        ...(body ? [make("headline", t("do.headline-here"), true, { to: body })] : []),
        make("begin", t("do.own"), !body),
      ];
    }
  }
  return item.kind === "start" ? [make("begin", t("do.begin"), true)] : [];
}
function bodyOf(a) {
  for (let b = A[a].first; b < A[a].last; b++) if (!HEADLINE.has(B[b].role) && B[b].spans.length) return B[b].spans[0];
  return null;
}
// further choices, in a list: other roles, and other articles
function moreOf(item) {
  const more = [];
  if (!["block", "headline", "start"].includes(item.kind)) return more;
  const add = (words, deed, rest) => more.push({ words, decision: { do: deed, source: item.span, ...rest } });
  if (item.kind === "block") {
    const known = optionsOf(item).map((option) => option.decision.role);
    for (const role of ALL_ROLES) if (!known.includes(role)) add(t("role." + role), "role", { role });
    add(t("do.begin"), "begin");
  }
  const deed = item.kind === "headline" ? "headline" : "move";
  A.slice(0, 400).forEach((article, a) => {
    const to = bodyOf(a) || B[article.first]?.spans[0];
    if (to && a !== B[item.b].article) add(t("do." + deed, a + 1, brief(plain(titleOf(a)), 18)), deed, { to });
  });
  return more;
}
function titleOf(a) {
  for (let b = A[a].first; b < A[a].last; b++) if (B[b].role === "title") return textOf(b);
  return A[a].blocks ? textOf(A[a].first) : "";
}

const GROUPS = { join: "line", break: "line", keep: "text", change: "text", role: "role" };
const keyOf = (decision) => (GROUPS[decision.do] || "place") + " " + decision.source;
const same = (x, y) => ["do", "source", "to", "role", "text"].every((key) => String(x[key]) === String(y[key]));
const about = (item) => [...decisions.values()].filter((decision) => String(decision.source) === String(item.span));

function choices(item, again) {
  const options = optionsOf(item),
    more = moreOf(item);
  const taken = about(item).find(
    (decision) => decision.text !== undefined || [...options, ...more].some((option) => same(option.decision, decision)),
  );
  const isTaken = (option) => Boolean(taken && same(taken, option.decision));
  const pick = (option) => {
    if (isTaken(option)) decisions.delete(keyOf(taken));
    else decisions.set(keyOf(option.decision), option.decision);
    try {
      localStorage.setItem(KEEP, JSON.stringify([BASE, ...decisions.values()]));
    } catch {
      /* a page without storage works as well */
    }
    tellDecisions();
    again();
  };
  const group = el(
    "div",
    { class: "choices", role: "group", "aria-label": t("choices") },
    ...options.map((option, n) =>
      el(
        "button",
        {
          "data-key": n + 1,
          class: option.chosen && "chosen",
          "aria-pressed": String(isTaken(option)),
          click: () => pick(option),
        },
        option.words,
        // of what looks misread it is the misreading that is so probable, not that it was kept
        option.chosen && item.kind !== "suspect" ? el("small", {}, " " + t("chosen", percent(item.doubt))) : null,
      ),
    ),
  );
  if (more.length) {
    group.append(
      el(
        "select",
        { "aria-label": t("more"), change: ({ target: { value } }) => value && pick(more[value]) },
        el("option", { value: "" }, t("more")),
        ...more.map((option, n) => el("option", { value: n, selected: isTaken(option) }, option.words)),
      ),
    );
  }
  if (item.kind === "text" || item.kind === "suspect") {
    const own = taken && !options.some(isTaken) ? taken.text : "";
    const write = ({ target: { value } }) =>
      pick({ decision: value ? { do: "change", source: item.span, text: value } : taken });
    group.append(el("input", { "aria-label": t("write"), placeholder: t("write"), value: own, change: write }));
  }
  return group;
}
function tellDecisions() {
  $("save").disabled = !decisions.size;
  say("save", t("save", count(decisions.size)));
  for (const node of $$("#list li")) node.classList.toggle("said", about(CASES[node.dataset.n]).length > 0);
}

let here = -1;
function step(to) {
  if (!CASES.length) return;
  here = (to + CASES.length) % CASES.length;
  const { b, at, c, s, k } = CASES[here];
  drawCase();
  if (b >= 0) show(b, at);
  else showSource(at);
  for (const node of $$(".now")) node.classList.remove("now");
  const [name, value] = c !== undefined ? ["c", c] : s !== undefined ? ["s", s] : k !== undefined ? ["k", k] : ["b", b];
  soon(() => {
    for (const node of $$(`[data-${name}="${value}"]`)) node.classList.add("now");
  });
}
// the words around the place of a case, in two or three parts
function around({ kind, to, span }) {
  const [first, last] = span,
    cut = (from, end) => TEXT.slice(Math.max(0, from), end);
  if (to) return [cut(Math.max(to[0], to[1] - 24), to[1]), cut(first, Math.min(last, first + 24))];
  if (kind === "line")
    return [
      cut(first - 24, first)
        .split("\n")
        .pop(),
      cut(last, last + 24).split("\n")[0],
    ];
  if (kind === "text" || kind === "layout" || kind === "suspect")
    return [cut(first - 16, first), cut(first, last), cut(last, last + 16)];
  return [brief(cut(first, last), 48)];
}
function drawCase() {
  const item = CASES[here];
  say(
    "where",
    item
      ? t("where", count(here + 1), count(CASES.length))
      : t(CASES.length ? "places" : "no-doubt", count(CASES.length)),
  );
  if (!item) return;
  const parts = around(item).map(oneLine);
  const middle = parts.length === 3 ? parts.splice(1, 1)[0] || "∅" : parts.length < 2 ? null : item.to ? "…" : "⏎";
  const weighed = (item.b >= 0 && (item.kind === "block" || item.to) && WEIGHED[item.b]) || [];
  $("case").replaceChildren(
    el(
      "p",
      { class: "what" },
      el("b", {}, caseWords(item)),
      " ",
      el("q", { lang: "zh-Hans" }, parts[0], middle && el("mark", {}, middle), parts[1]),
      item.kind === "suspect" && el("span", { class: "sure" }, " " + t("probably", percent(item.doubt))),
    ),
    weighed.length ? el("p", { class: "weighed" }, t("weighed") + " " + weighed.map(weighing).join(" · ")) : "",
    choices(item, drawCase),
  );
}
function weighing(words) {
  const [name, sure] = words.split(" ");
  if (ALL_ROLES.includes(name))
    return t("role." + name) + " " + (sure > 0 ? percent(SURE - Math.round(sure * SURE)) : "");
  return plain(words.slice(name.length + 1));
}
function drawList() {
  document.querySelector("#list ol").replaceChildren(
    ...CASES.slice(0, 1000).map((item, n) =>
      el(
        "li",
        { "data-n": n },
        el(
          "button",
          { click: () => step(n) },
          el("span", { class: "sure" }, percent(item.doubt)),
          " ",
          caseWords(item),
          el(
            "q",
            { lang: "zh-Hans" },
            around(item)
              .map((part) => brief(oneLine(part), 24))
              .join("│"),
          ),
        ),
      ),
    ),
  );
  tellDecisions();
}

// the file of decisions; JSON's strings are TOML's, but for the controls that TOML wants escaped
const quoted = (text) => JSON.stringify(text).replace(/[\x7f-\x9f]/g, (c) => "\\u00" + c.charCodeAt(0).toString(16));
function toml() {
  const lines = [
    ...t("toml.head", plain(D.source.name))
      .split("\n")
      .map((line) => "# " + line),
    "schema = 1",
    "source = " + quoted(plain(D.source.name)),
    "sha256 = " + quoted(D.source.sha256),
  ];
  const span = ([first, last]) => `[${points(first)}, ${points(last)}]`;
  for (const decision of [...decisions.values()].sort((x, y) => x.source[0] - y.source[0])) {
    const [first, last] = decision.source;
    lines.push("", "[[decision]]", "do = " + quoted(decision.do), "source = " + span(decision.source));
    if (decision.to) lines.push("to = " + span(decision.to));
    if (decision.role) lines.push("role = " + quoted(decision.role));
    if (decision.text !== undefined) lines.push("text = " + quoted(decision.text));
    lines.push("quote = " + quoted(oneLine(brief(TEXT.slice(Math.max(0, first - 8), Math.max(last, first + 8)), 40))));
  }
  return lines.join("\n") + "\n";
}
function save() {
  el("a", { href: URL.createObjectURL(new Blob([toml()], { type: "application/toml" })), download: D.file }).click();
  say("said", t("saved", D.file));
}
function recall() {
  const take = (decision) => decisions.set(keyOf(decision), decision);
  for (const d of D.decisions) take({ ...d, source: d.source.map(units), ...(d.to && { to: d.to.map(units) }) });
  try {
    const [base, ...kept] = JSON.parse(localStorage.getItem(KEEP));
    if (base === BASE) {
      decisions.clear();
      kept.forEach(take);
    }
  } catch {
    /* nothing was kept */
  }
}
