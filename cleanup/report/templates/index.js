// The table of sources: sorted, searched, a page at a time, so that ten thousand are as quick as ten.
const D = JSON.parse($("data").textContent);
const SURE = D.sure;
const PAGE = 100;
const [NAME, LINK, WRITTEN, SIZE, ARTICLES, EDITS, DROPPED, SUSPECTS, DOUBTFUL, LEAST, BAR, FLAGS] = Array(12).keys();
const COLUMNS = [
  ["source", NAME],
  ["size", SIZE],
  ["articles", ARTICLES],
  ["flags", FLAGS],
  ["edits", EDITS],
  ["dropped", DROPPED],
  ["suspects", SUSPECTS],
  ["doubtful", DOUBTFUL],
  ["least", LEAST],
];
const state = { column: LEAST, down: true, page: 0, wanted: "" };
// names are compared once, in the language of the names
const sorter = new Intl.Collator("zh", { numeric: true });
let shownRows = [];

function choose() {
  const words = state.wanted.toLowerCase().split(/\s+/).filter(Boolean);
  shownRows = D.sources.filter((row) => words.every((word) => row[NAME].toLowerCase().includes(word)));
  const by = state.column;
  const order =
    by === NAME
      ? (x, y) => sorter.compare(x[NAME], y[NAME])
      : (x, y) => x[by] - y[by] || x[DOUBTFUL] - y[DOUBTFUL] || sorter.compare(y[NAME], x[NAME]);
  shownRows.sort((x, y) => (state.down ? order(y, x) : order(x, y)));
}

function bars(row) {
  const all = row[BAR].reduce((sum, n) => sum + n, 0) || 1;
  const box = el("span", { class: "bars", role: "img", "aria-label": t("bars", ...row[BAR].map(count)) });
  row[BAR].forEach((n, k) => {
    const part = el("i", { class: "s" + k });
    part.style.width = n ? `max(2px, ${(100 * n) / all}%)` : "0";
    box.append(part);
  });
  box.title = box.getAttribute("aria-label");
  return box;
}

function draw() {
  const pages = Math.max(1, Math.ceil(shownRows.length / PAGE));
  state.page = Math.max(0, Math.min(pages - 1, state.page));
  document.querySelector("#table thead tr").replaceChildren(
    ...COLUMNS.map(([key, column]) =>
      el(
        "th",
        {
          scope: "col",
          "aria-sort":
            state.column === column ? (state.down === (column === LEAST) ? "ascending" : "descending") : null,
        },
        el("button", { click: () => sortBy(column) }, t(key)),
      ),
    ),
    el("th", { scope: "col" }, t("confidence")),
  );
  document
    .querySelector("#table tbody")
    .replaceChildren(
      ...shownRows
        .slice(state.page * PAGE, (state.page + 1) * PAGE)
        .map((row) =>
          el(
            "tr",
            {},
            el(
              "td",
              {},
              row[WRITTEN]
                ? el("a", { href: row[LINK] }, plain(row[NAME]))
                : el("span", { title: t("no-page", row[LINK]) }, plain(row[NAME])),
            ),
            ...COLUMNS.slice(1).map(([key, column]) =>
              el("td", { "data-l": t(key) }, column === LEAST ? percent(row[LEAST]) : count(row[column])),
            ),
            el("td", { "data-l": t("confidence") }, bars(row)),
          ),
        ),
    );
  say("page", t("page", count(state.page + 1), count(pages)));
  say("found", t("found", count(shownRows.length), count(D.sources.length)));
  $("before").disabled = state.page === 0;
  $("after").disabled = state.page === pages - 1;
}
function sortBy(column) {
  state.down = state.column === column ? !state.down : column !== NAME;
  state.column = column;
  state.page = 0;
  choose();
  draw();
  const at = COLUMNS.findIndex(([, other]) => other === column);
  $$("#table th button")[at].focus();
}

const FEW = 20;
let allFailures = false;
function drawFailures() {
  $("failures").hidden = !D.failures.length;
  const some = allFailures ? D.failures : D.failures.slice(0, FEW);
  document
    .querySelector("#failures ul")
    .replaceChildren(
      ...some.map(([name, cause]) => el("li", {}, plain(name) + ": ", el("span", { class: "cause" }, plain(cause)))),
    );
  $("all-failures").hidden = allFailures || D.failures.length <= FEW;
}

function redraw() {
  translate();
  say("language", t("other-language"));
  for (const node of $$("[data-count]")) node.textContent = count(+node.dataset.count);
  $("search").placeholder = t("search");
  for (const node of $$("[data-words]")) {
    const [english, chinese] = JSON.parse(node.dataset.words);
    node.textContent = (language === "zh" && chinese) || english;
    node.lang = language === "zh" && chinese ? "zh-Hans" : "en";
  }
  const missing = D.sources.filter((row) => !row[WRITTEN]).length;
  $("unwritten").hidden = !missing;
  say("unwritten", t("unwritten", count(missing)));
  drawFailures();
  draw();
}
on($("search"), "input", (event) => {
  state.wanted = event.target.value;
  state.page = 0;
  choose();
  draw();
});
on($("before"), "click", () => {
  state.page--;
  draw();
});
on($("after"), "click", () => {
  state.page++;
  draw();
});
on($("all-failures"), "click", () => {
  allFailures = true;
  drawFailures();
});
on($("language"), "click", () => {
  language = otherLanguage();
  redraw();
});
choose();
redraw();
document.body.classList.add("ready");
