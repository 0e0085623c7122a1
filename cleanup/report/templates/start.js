// The bar and the keys, and the first drawing of the page.
const ruleFilter = $("by-rule"), sureFilter = $("by-sure");

function facts() {
  return t("facts", count(A.length), count(B.length), count(C.at.length), count(DROPS.length), count(CASES.length));
}

function drawFilter() {
  const sums = new Map();
  for (let c = 0; c < C.at.length; c++) for (const rule of new Set(rulesOf(c))) sums.set(rule, (sums.get(rule) || 0) + 1);
  const stages = new Map();
  for (const [rule, n] of [...sums].sort((x, y) => y[1] - x[1])) {
    const stage = D.rules[rule][1];
    stages.set(stage, [...(stages.get(stage) || []), [rule, n]]);
  }
  const chosen = ruleFilter.value;
  ruleFilter.replaceChildren(el("option", { value: "" }, t("all-changes", count(C.at.length))),
    ...["repair", "columns", "reflow", "rejoin", "simplify", "separate", "decision"].filter((stage) => stages.has(stage)).map((stage) => el("optgroup", { label: t("stage." + stage) },
      el("option", { value: "stage " + stage }, t("whole-stage", t("stage." + stage), count(stages.get(stage).reduce((sum, [, n]) => sum + n, 0)))),
      ...stages.get(stage).map(([rule, n]) => el("option", { value: "rule " + rule }, `${D.rules[rule][0]} (${count(n)})`)))));
  ruleFilter.value = chosen;
  const limits = [["", "any"], ["100", "99"], ["500", "95"], [String(D.threshold), String(100 - D.threshold / 100)], ["5000", "50"]];
  const held = sureFilter.value;
  sureFilter.replaceChildren(...limits.map(([value, below]) => el("option", { value }, value ? t("below", below) : t("any-sure"))));
  sureFilter.value = held;
}
function applyFilter() {
  const [kind, name] = [ruleFilter.value.split(" ")[0], ruleFilter.value.split(" ")[1]];
  const limit = sureFilter.value === "" ? -1 : Number(sureFilter.value);
  filter.passes = (c) => C.doubt[c] > limit && (!kind || rulesOf(c).some((rule) => kind === "rule" ? rule === +name : D.rules[rule][1] === name));
  let n = 0;
  for (let c = 0; c < C.at.length; c++) if (filter.passes(c)) n++;
  $("passing").textContent = kind || limit >= 0 ? t("passing", count(n), count(C.at.length)) : "";
  for (const mark of document.querySelectorAll("[data-c]")) mark.classList.toggle("off", !filter.passes(+mark.dataset.c));
}
let passed = -1;
function stepFiltered(step) {
  const order = MARKS.filter(filter.passes);
  if (!order.length) return;
  passed = ((passed < 0 ? (step > 0 ? 0 : -1) : passed + step) + order.length) % order.length;
  const c = order[passed];
  if (C.block[c] >= 0) show(C.block[c], C.at[c]); else showSource(C.at[c]);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const mark = left.querySelector(`[data-c="${c}"]`);
    if (mark) roam(mark);
  }));
}

function reading(on) {
  document.body.classList.toggle("reading", on);
  $("read").setAttribute("aria-pressed", String(on));
  closeCard();
  drawCurvesSoon();
}

function redraw() {
  translate();
  $("facts").textContent = facts();
  $("language").textContent = t("other-language");
  drawFilter();
  drawCase();
  drawList();
  drawMap();
}

$("read").addEventListener("click", () => reading(!document.body.classList.contains("reading")));
$("language").addEventListener("click", () => {
  language = LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length];
  redraw();
  for (const chunk of [...BLOCK_CHUNKS]) if (chunk.full) { chunk.full = false; fill(chunk); }
  document.querySelectorAll("#right > article").forEach((node, a) => node.firstChild.replaceWith(articleHead(a)));
});
ruleFilter.addEventListener("change", () => { passed = -1; applyFilter(); });
sureFilter.addEventListener("change", () => { passed = -1; applyFilter(); });
$("next").addEventListener("click", () => step(here + 1));
$("previous").addEventListener("click", () => step(here < 0 ? -1 : here - 1));
$("following").addEventListener("click", () => stepFiltered(1));
$("preceding").addEventListener("click", () => stepFiltered(-1));
$("save").addEventListener("click", save);
$("listing").addEventListener("click", () => {
  const list = $("list");
  list.hidden = !list.hidden;
  $("listing").setAttribute("aria-expanded", String(!list.hidden));
  drawCurvesSoon();
});
const help = $("help");
$("helping").addEventListener("click", () => help.showModal());
$("order").addEventListener("toggle", () => { drawMap(); drawCurvesSoon(); });
right.addEventListener("click", (event) => {
  const ask = event.target.closest("[data-article]");
  if (!ask) return;
  const n = CASES.findIndex((item) => item.a === +ask.dataset.article);
  if (n >= 0) step(n);
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || event.target.matches("select, input, textarea")) return;
  const pane = event.target.closest?.(".pane");
  const mark = event.target.closest?.(".m, .dropped[data-d]");
  const keys = {
    n: () => step(here + 1), p: () => step(here < 0 ? -1 : here - 1), r: () => reading(!document.body.classList.contains("reading")),
    "?": () => help.showModal(), "]": () => stepFiltered(1), "[": () => stepFiltered(-1), Escape: () => closeCard(true),
  };
  if (pane) {
    keys.ArrowDown = () => stepBlock(pane, 1);
    keys.ArrowUp = () => stepBlock(pane, -1);
    keys.ArrowRight = () => stepMark(pane, event.target, 1);
    keys.ArrowLeft = () => stepMark(pane, event.target, -1);
    keys.Enter = () => {
      if (mark) { openCard(mark, true); card.querySelector("button")?.focus(); }
      else if (state.sel >= 0) show(state.sel);
    };
  }
  if (/^[1-9]$/.test(event.key)) {
    const box = pinned ? card : dock;
    const button = box.querySelector(`[data-key="${event.key}"]`);
    if (button) keys[event.key] = () => button.click();
  }
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
addEventListener("beforeunload", (event) => { if (decisions.size && !$("said").textContent) event.preventDefault(); });

if (!wide.matches) $("order").open = false;
gatherCases();
recall();
translate();
layOut();
redraw();
drawCurvesSoon();
document.fonts?.ready.then(() => { drawMap(); drawCurvesSoon(); });
addEventListener("resize", drawMap);
document.body.classList.add("ready");
