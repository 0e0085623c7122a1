// The doubtful decisions: a list to step through, what else was weighed, and what the reader decides instead.
const dock = $("dock");
const decisions = new Map();
const KEEP = "cleanup " + D.source.sha256;
const ALL_ROLES = ["paragraph", "heading", "title", "subtitle", "kicker", "byline", "caption", "credit", "furniture"];

// a case: what kind of decision, where, how doubtful, and how to show it
const CASES = [];
function caseOfChange(c) {
  const rules = rulesOf(c).map((rule) => D.rules[rule]);
  const b = C.block[c];
  const joint = rules.find(([id]) => id === "join-broken-passage" || id === "join-headline-halves");
  if (joint && b >= 0) {
    const k = B[b].spans.findIndex(([, end]) => end <= C.end[c] && end >= C.at[c]);
    const next = B[b].spans[k + 1];
    if (next) return { kind: joint[0] === "join-headline-halves" ? "halves" : "joint", at: C.at[c], doubt: C.doubt[c], b, c, span: next, to: B[b].spans[k] };
  }
  if (rules.some(([, stage]) => stage === "reflow")) return { kind: "line", at: C.at[c], doubt: C.doubt[c], b, c, span: [C.at[c], C.end[c]], joined: true };
  return { kind: "text", at: C.at[c], doubt: C.doubt[c], b, c, span: [C.at[c], C.end[c]] };
}
function gapAt(at) {
  let end = at;
  while (end < TEXT.length && /\s/.test(TEXT[end])) end++;
  return [at, end];
}
const caseOfBreak = (k) => ({ kind: "line", at: BREAKS[k].at, doubt: BREAKS[k].doubt, b: blockBefore(BREAKS[k].at), k, span: gapAt(BREAKS[k].at), joined: false });
const caseOfSuspect = (s) => ({ kind: "suspect", at: SUSPECTS[s].start, doubt: SUSPECTS[s].doubt, b: blockBefore(SUSPECTS[s].start + 1), s, span: [SUSPECTS[s].start, SUSPECTS[s].end] });
const caseOfBlock = (b) => ({ kind: "block", at: B[b].spans[0]?.[0] ?? 0, doubt: B[b].doubt, b, span: B[b].spans[0] });
const caseOfDrop = (d) => ({ kind: "drop", at: DROPS[d].start, doubt: 0, b: -1, d, span: [DROPS[d].start, DROPS[d].end] });
function caseOfArticle(a) {
  const b = A[a].first;
  return { kind: HEADLINE.has(B[b].role) ? "headline" : "start", at: B[b].spans[0]?.[0] ?? 0, doubt: A[a].doubt, b, a, span: B[b].spans[0] };
}
function blockBefore(at) {
  const o = bisect(OWNED.length, (i) => OWNED[i].end >= at);
  return o < OWNED.length && OWNED[o].start <= at ? OWNED[o].b : -1;
}
function caseOf(node) {
  const { c, s, k, d } = node.dataset;
  if (c !== undefined) return caseOfChange(+c);
  if (s !== undefined) return caseOfSuspect(+s);
  if (k !== undefined) return caseOfBreak(+k);
  if (d !== undefined) return caseOfDrop(+d);
  return null;
}

function gatherCases() {
  const joints = new Set();
  for (let c = 0; c < C.at.length; c++) {
    if (C.doubt[c] > D.threshold) {
      const item = caseOfChange(c);
      if (item.to) joints.add(item.b);
      CASES.push(item);
    }
  }
  BREAKS.forEach((_, k) => CASES.push(caseOfBreak(k)));
  SUSPECTS.forEach((_, s) => CASES.push(caseOfSuspect(s)));
  // a passage that is doubtful only because of its joint stands there already
  B.forEach((block, b) => { if (block.doubt > D.threshold && block.spans.length && !joints.has(b)) CASES.push(caseOfBlock(b)); });
  A.forEach((article, a) => { if (article.doubt > D.threshold && article.blocks && B[article.first].spans.length) CASES.push(caseOfArticle(a)); });
  CASES.sort((x, y) => x.at - y.at);
}

// what a reader can choose: [decision, words, whether the program chose so]
function optionsOf(item) {
  const to = item.span && item.span.map((at) => at);
  const make = (deed, words, chosen, more) => ({ deed, words, chosen, decision: { do: deed, source: to, ...more } });
  switch (item.kind) {
    case "line": return [make("join", t("do.join"), item.joined), make("break", t("do.break"), !item.joined)];
    case "halves":
    case "joint": return [make("continue", t("do.continue"), true, { to: item.to }), make("apart", t("do.apart"), false)];
    case "text": return [make("change", t("do.change", brief(seen(newOf(item.c)), 20)), true), make("keep", t("do.keep", brief(seen(oldOf(item.c)), 20)), false)];
    case "suspect": return [make("keep", t("do.keep", brief(seen(TEXT.slice(...item.span)), 20)), true),
      ...(SUSPECTS[item.s].suggestion ? [make("change", t("do.change", brief(seen(SUSPECTS[item.s].suggestion), 20)), false, { text: SUSPECTS[item.s].suggestion })] : [])];
    case "drop": return [make("role", t("do.leave-out"), true, { role: "furniture" }), make("role", t("do.put-back"), false, { role: "paragraph" })];
    case "block": {
      const role = B[item.b].role;
      const others = (D.alternatives[item.b] || []).map((words) => words.split(" ")[0]).filter((name) => name !== role && ALL_ROLES.includes(name));
      return [role, ...others].map((name) => make("role", t("role." + name), name === role, { role: name }));
    }
    case "headline": {
      const body = bodyOf(item.a);
      return [...(body ? [make("headline", t("do.headline-here"), true, { to: body })] : []), make("begin", t("do.own"), !body)];
    }
    case "start": return [make("begin", t("do.begins"), true)];
  }
  return [];
}
function bodyOf(a) {
  for (let b = A[a].first; b < A[a].last; b++) if (!HEADLINE.has(B[b].role) && B[b].spans.length) return B[b].spans[0];
  return null;
}
// further choices, in a list: other roles, and other articles
function moreOf(item) {
  const more = [];
  if (item.b < 0 || !item.span || !["block", "headline", "start"].includes(item.kind)) return more;
  const known = new Set(optionsOf(item).map((option) => option.decision.role));
  if (item.kind === "block") for (const role of ALL_ROLES) if (!known.has(role)) more.push({ words: t("role." + role), decision: { do: "role", source: item.span, role } });
  if (item.kind === "block") more.push({ words: t("do.begin"), decision: { do: "begin", source: item.span } });
  A.forEach((article, a) => {
    const body = bodyOf(a) || B[article.first]?.spans[0];
    if (!body || a === B[item.b].article) return;
    const deed = item.kind === "headline" ? "headline" : "move";
    more.push({ words: t("do." + deed, a + 1, brief(plain(titleOf(a)), 18)), decision: { do: deed, source: item.span, to: body } });
  });
  return more.slice(0, 400);
}
function titleOf(a) {
  for (let b = A[a].first; b < A[a].last; b++) if (B[b].role === "title") return textOf(b);
  return A[a].blocks ? textOf(A[a].first) : "";
}

const GROUP = { join: "line", break: "line", keep: "text", change: "text", role: "role" };
const keyOf = (decision) => (GROUP[decision.do] || "place") + " " + decision.source;
const same = (x, y) => JSON.stringify(x, FIELDS) === JSON.stringify(y, FIELDS);
const FIELDS = ["do", "source", "to", "role", "text", "0", "1"];

function choices(item, again) {
  const options = optionsOf(item), more = moreOf(item);
  const taken = item.span && [...decisions.values()].find((d) => String(d.source) === String(item.span) &&
    [...options, ...more].some((option) => same(option.decision, d)));
  const pick = (decision) => { decide(decision, taken && same(taken, decision)); again(); };
  const group = el("div", { class: "choices", role: "group", "aria-label": t("choices") },
    ...options.map((option, n) => el("button", {
      type: "button", "data-key": n + 1, class: option.chosen ? "chosen" : "",
      "aria-pressed": String(Boolean(taken && same(taken, option.decision))), on: { click: () => pick(option.decision) },
    }, option.words, option.chosen ? el("small", {}, " " + t("chosen", percent(item.doubt))) : null)));
  if (more.length) {
    const at = taken ? more.findIndex((option) => same(option.decision, taken)) : -1;
    const select = el("select", { "aria-label": t("more"), on: { change: (event) => { if (event.target.value) pick(more[event.target.value].decision); } } },
      el("option", { value: "" }, t("more")), ...more.map((option, n) => el("option", { value: n, selected: n === at }, option.words)));
    group.append(select);
  }
  return group;
}

function decide(decision, takeBack) {
  const key = keyOf(decision);
  if (takeBack) decisions.delete(key); else decisions.set(key, decision);
  try { localStorage.setItem(KEEP, JSON.stringify([...decisions.values()])); } catch { /* a page without storage works as well */ }
  saidSoFar();
}
function saidSoFar() {
  const n = decisions.size;
  const save = $("save");
  save.disabled = !n;
  save.textContent = t("save", count(n));
  for (const node of document.querySelectorAll("#list li")) node.classList.toggle("said", said(CASES[node.dataset.case]));
}
const said = (item) => item.span && [...decisions.values()].some((d) => String(d.source) === String(item.span));

let here = -1;
function step(to) {
  if (!CASES.length) return;
  here = (to + CASES.length) % CASES.length;
  const item = CASES[here];
  drawCase();
  if (item.b >= 0) show(item.b, item.at); else showSource(item.at);
  for (const node of document.querySelectorAll(".now")) node.classList.remove("now");
  requestAnimationFrame(() => {
    const selector = item.c !== undefined ? `[data-c="${item.c}"]` : item.s !== undefined ? `[data-s="${item.s}"]` : item.k !== undefined ? `[data-k="${item.k}"]` : `[data-b="${item.b}"]`;
    for (const node of document.querySelectorAll(selector)) node.classList.add("now");
  });
}
function around(item) {
  if (item.to) {
    return [item.to, item.span].map(([start, end], n) => n ? TEXT.slice(start, Math.min(end, start + 24)) : TEXT.slice(Math.max(start, end - 24), end));
  }
  const [start, end] = item.span;
  if (item.kind === "line") return [TEXT.slice(Math.max(0, start - 24), start).split("\n").pop(), TEXT.slice(end, end + 24).split("\n")[0]];
  if (item.kind === "text" || item.kind === "suspect") return [TEXT.slice(Math.max(0, start - 16), start), TEXT.slice(start, end), TEXT.slice(end, end + 16)];
  return [brief(TEXT.slice(start, end), 48)];
}
function drawCase() {
  const item = CASES[here];
  $("where").textContent = item ? t("where", count(here + 1), count(CASES.length)) : CASES.length ? t("places", count(CASES.length)) : t("no-doubt");
  const box = $("case");
  if (!item) return box.replaceChildren();
  const parts = around(item).map((part) => plain(part).replace(/\n+/g, "⏎"));
  const quote = el("q", { lang: "zh-Hans" });
  if (parts.length === 3) quote.append(parts[0], el("mark", {}, parts[1] || "∅"), parts[2]);
  else if (parts.length === 2) quote.append(parts[0], el("mark", {}, item.to ? "…" : "⏎"), parts[1]);
  else quote.append(parts[0]);
  const weighed = item.b >= 0 && D.alternatives[item.b] && (item.kind === "block" || item.to) ? D.alternatives[item.b] : [];
  box.replaceChildren(...[
    el("p", { class: "what" }, el("b", {}, t("case." + item.kind + (item.kind === "line" ? item.joined ? ".joined" : ".kept" : ""))), " ", quote),
    weighed.length ? el("p", { class: "weighed" }, t("weighed") + " " + weighed.map(weighing).join(" · ")) : null,
    choices(item, drawCase),
  ].filter(Boolean));
}
function weighing(words) {
  const [name, rest] = [words.split(" ")[0], words.slice(words.indexOf(" ") + 1)];
  if (ALL_ROLES.includes(name)) return t("role." + name) + " " + (isNaN(+rest) ? plain(rest) : percent(SURE - Math.round(+rest * SURE)));
  return plain(rest);
}

function drawList() {
  const list = document.querySelector("#list ol");
  list.replaceChildren(...CASES.slice(0, 1000).map((item, n) => el("li", { "data-case": n },
    el("button", { type: "button", on: { click: () => { step(n); } } },
      el("span", { class: "sure" }, percent(item.doubt)), " ", t("case." + item.kind + (item.kind === "line" ? item.joined ? ".joined" : ".kept" : "")),
      el("q", { lang: "zh-Hans" }, around(item).map((part) => brief(plain(part).replace(/\n+/g, "⏎"), 24)).join("│"))))));
  saidSoFar();
}

const tomlText = (text) => JSON.stringify(text).replace(/[\x7f-\x9f\ud800-\udfff]|[\u2028\u2029]/g, (c) =>
  /[\ud800-\udfff]/.test(c) ? c : "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
function toml() {
  const lines = [t("toml.head", plain(D.source.name)).split("\n").map((line) => "# " + line).join("\n"),
    "schema = 1", "source = " + tomlText(plain(D.source.name)), "sha256 = " + tomlText(D.source.sha256)];
  const span = ([start, end]) => `[${points(start)}, ${points(end)}]`;
  for (const decision of [...decisions.values()].sort((x, y) => x.source[0] - y.source[0])) {
    lines.push("", "[[decision]]", "do = " + tomlText(decision.do), "source = " + span(decision.source));
    if (decision.to) lines.push("to = " + span(decision.to));
    if (decision.role) lines.push("role = " + tomlText(decision.role));
    if (decision.text !== undefined) lines.push("text = " + tomlText(decision.text));
    const [start, end] = decision.source;
    lines.push("quote = " + tomlText(plain(brief(TEXT.slice(Math.max(0, start - 8), Math.max(end, start + 8)), 40)).replace(/\n/g, "⏎")));
  }
  return lines.join("\n") + "\n";
}
function save() {
  const link = el("a", { href: URL.createObjectURL(new Blob([toml()], { type: "application/toml" })), download: D.file });
  document.body.append(link);
  link.click();
  link.remove();
  $("said").textContent = t("saved", D.file);
}

function recall() {
  const take = (d) => decisions.set(keyOf(d), d);
  for (const d of D.decisions) take({ ...d, source: d.source.map(units), ...(d.to ? { to: d.to.map(units) } : {}) });
  try { for (const d of JSON.parse(localStorage.getItem(KEEP) || "[]")) take(d); } catch { /* nothing was kept */ }
}
