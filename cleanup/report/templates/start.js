// The bar and the keys, and the first drawing of the page.
const ruleFilter = $("by-rule"),
  sureFilter = $("by-sure"),
  help = $("help");
const STAGES = ["decision", "repair", "pages", "columns", "reflow", "rejoin", "simplify", "separate"];

function facts() {
  const counts = [A, B, C.at, DROPS, CASES].map((list) => count(list.length));
  return [...Object.values(D.metadata || {}).map(plain), t("facts", ...counts)].join(" · ");
}
// how many changes each rule made, the most first
function sums() {
  const found = new Map();
  for (let c = 0; c < C.at.length; c++) for (const rule of rulesOf(c)) found.set(rule, (found.get(rule) || 0) + 1);
  return [...found].sort((x, y) => y[1] - x[1]);
}

function drawFilter() {
  const [rule, sure] = [ruleFilter.value, sureFilter.value];
  const all = sums();
  ruleFilter.replaceChildren(
    el("option", { value: "" }, t("all-changes", count(C.at.length))),
    ...STAGES.flatMap((stage) => {
      const mine = all.filter(([rule]) => D.rules[rule][1] === stage),
        name = t("stage." + stage);
      return mine.length
        ? [
            el(
              "optgroup",
              { label: name },
              el("option", { value: stage }, t("whole-stage", name)),
              ...mine.map(([rule, n]) => el("option", { value: rule }, `${D.rules[rule][0]} (${count(n)})`)),
            ),
          ]
        : [];
    }),
  );
  sureFilter.replaceChildren(
    el("option", { value: -1 }, t("any-sure")),
    ...[100, 500, D.threshold, 5000].map((doubt) => el("option", { value: doubt }, t("below", 100 - doubt / 100))),
  );
  ruleFilter.value = rule;
  sureFilter.value = sure || -1;
}
let passed = -1;
function applyFilter() {
  const wanted = ruleFilter.value,
    limit = +sureFilter.value;
  filter.passes = (c) =>
    C.doubt[c] > limit &&
    (!wanted || rulesOf(c).some((rule) => String(rule) === wanted || D.rules[rule][1] === wanted));
  passed = -1;
  say(
    "passing",
    wanted || limit >= 0 ? t("passing", count(MARKS.filter(filter.passes).length), count(C.at.length)) : "",
  );
  for (const mark of $$("[data-c]")) mark.classList.toggle("off", !filter.passes(+mark.dataset.c));
}
function stepFiltered(by) {
  const order = MARKS.filter(filter.passes);
  if (!order.length) return;
  passed = ((passed < 0 && by < 0 ? 0 : passed) + by + order.length) % order.length;
  const c = order[passed];
  if (C.block[c] >= 0) show(C.block[c], C.at[c]);
  else showSource(C.at[c]);
  soon(() =>
    soon(() => {
      const mark = left.querySelector(`[data-c="${c}"]`);
      if (mark) roam(mark);
    }),
  );
}
function reading() {
  $("read").setAttribute("aria-pressed", document.body.classList.toggle("reading"));
  closeCard();
  drawCurvesSoon();
}
function redraw() {
  translate();
  say("facts", facts());
  say("language", t("other-language"));
  drawFilter();
  drawCase();
  drawList();
  drawMap();
}

const CLICKS = {
  read: reading,
  save,
  next: () => step(here + 1),
  previous: () => step(here < 0 ? -1 : here - 1),
  following: () => stepFiltered(1),
  preceding: () => stepFiltered(-1),
  helping: () => help.showModal(),
  listing: () => {
    $("listing").setAttribute("aria-expanded", $("list").hidden);
    $("list").hidden = !$("list").hidden;
    drawCurvesSoon();
  },
  language: () => {
    language = otherLanguage();
    redraw();
    for (const chunk of BLOCK_CHUNKS)
      if (chunk.full) {
        chunk.full = false;
        fill(chunk);
      }
    $$("#right > article").forEach((node, a) => node.firstChild.replaceWith(articleHead(a)));
  },
  right: ({
    target: {
      dataset: { article },
    },
  }) => {
    if (article) step(CASES.findIndex((item) => item.a === +article));
  },
};
for (const [id, act] of Object.entries(CLICKS)) on($(id), "click", act);
on(ruleFilter, "change", applyFilter);
on(sureFilter, "change", applyFilter);
on($("order"), "toggle", () => {
  drawMap();
  drawCurvesSoon();
});
on(window, "resize", () => {
  drawMap();
  drawCurvesSoon();
});

on(window, "keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || key !== "Escape" && target.matches("select, input")) return;
  const pane = target.closest(".pane");
  const keys = {
    n: CLICKS.next,
    p: CLICKS.previous,
    r: reading,
    "?": CLICKS.helping,
    "]": CLICKS.following,
    "[": CLICKS.preceding,
    Escape: () => closeCard(true),
    ...(map.contains(target) && {
      ArrowRight: () => stepMap(target, 1),
      ArrowLeft: () => stepMap(target, -1),
      Enter: () => blockAt(target) >= 0 && show(blockAt(target)),
    }),
    ...(pane && {
      ArrowDown: () => stepBlock(pane, 1),
      ArrowUp: () => stepBlock(pane, -1),
      ArrowRight: () => stepMark(pane, target, 1),
      ArrowLeft: () => stepMark(pane, target, -1),
      ...(!target.matches("button") && {
        Enter: () => {
          if (markAt(target)) {
            openCard(markAt(target), true);
            card.querySelector("button")?.focus();
          } else if (state.sel >= 0) show(state.sel);
        },
      }),
    }),
  };
  const button = /[1-9]/.test(key) && (pinned ? card : dock).querySelector(`[data-key="${key}"]`);
  const act = button ? () => button.click() : keys[key];
  if (!act) return;
  event.preventDefault();
  act();
});

if (!wide.matches) $("order").open = false;
gatherCases();
recall();
translate();
layOut();
redraw();
drawCurvesSoon();
document.body.classList.add("ready");
