// What belongs together: a passage and its source lines light up, curves run between them, both sides scroll together.
const curves = $("curves");
const glow = new CSSStyleSheet();
document.adoptedStyleSheets = [glow];
const state = { hot: -1, sel: -1 };
const wide = window.matchMedia("(min-width: 760px)");

const active = () => (state.hot >= 0 ? state.hot : state.sel);

function light() {
  const rules = [];
  if (state.sel >= 0) rules.push(`[data-b="${state.sel}"]{--lit:1;--edge:var(--ink)}`);
  if (state.hot >= 0 && state.hot !== state.sel) rules.push(`[data-b="${state.hot}"]{--lit:1}`);
  glow.replaceSync(rules.join(""));
  drawCurvesSoon();
}

let waiting = false;
function drawCurvesSoon() {
  if (waiting) return;
  waiting = true;
  soon(() => {
    waiting = false;
    drawCurves();
  });
}

// where a stretch of the source stands on the screen: top and bottom, from drawn rows or from the size of their chunk
function rowEdge(r, bottom) {
  const chunk = chunkOfRow(r);
  const box = boxOf(chunk.full ? chunk.node.children[r - chunk.first] : chunk.node);
  if (chunk.full) return bottom ? box.bottom : box.top;
  return box.top + box.height * ((r - chunk.first + bottom) / (chunk.last - chunk.first));
}

function ribbon(b, frame, from, to, faint) {
  const chunk = chunkOfBlock(b);
  const box = boxOf(chunk.full ? chunk.node.children[b - chunk.first] : chunk.node);
  const clamp = (y, area) => Math.max(area.top, Math.min(area.bottom, y)) - frame.top;
  const paths = [];
  for (const [start, end] of B[b].spans) {
    const top = rowEdge(rowOf(start), 0),
      bottom = rowEdge(rowOf(end - 1), 1);
    if (faint && (bottom < from.top || top > from.bottom || box.bottom < to.top || box.top > to.bottom)) continue;
    const [y1, y2, z1, z2] = [clamp(top, from), clamp(bottom, from), clamp(box.top, to), clamp(box.bottom, to)];
    const w = frame.width,
      h = w / 2;
    paths.push(`M0 ${y1}C${h} ${y1} ${h} ${z1} ${w} ${z1}V${z2}C${h} ${z2} ${h} ${y2} 0 ${y2}Z`);
  }
  if (!paths.length) return;
  shape("path", { d: paths.join(""), class: `a${B[b].article % 8}` + (faint ? " faint" : "") }, curves);
}

function drawCurves() {
  const frame = boxOf(curves);
  if (!frame.width || !B.length) return;
  const from = boxOf(left),
    to = boxOf(right);
  const now = active();
  curves.replaceChildren();
  for (const chunk of BLOCK_CHUNKS) {
    if (!chunk.full) continue;
    const box = boxOf(chunk.node);
    if (box.bottom < to.top) continue;
    if (box.top > to.bottom) break;
    for (let b = chunk.first; b < chunk.last; b++) if (b !== now) ribbon(b, frame, from, to, true);
  }
  if (now >= 0) ribbon(now, frame, from, to, false);
}

// bring a node of a pane to a height on the screen; again when what lies above has been drawn
function place(pane, find, y) {
  let tries = 0;
  (function once() {
    const node = find();
    const off = node ? boxOf(node).top - y : 0;
    if (Math.abs(off) > 2 && tries++ < 6) {
      const before = pane.scrollTop;
      pane.scrollTop += off;
      if (pane.scrollTop !== before || tries < 3) soon(once);
    }
    drawCurvesSoon();
  })();
}

function rowNode(r) {
  const chunk = chunkOfRow(r);
  fill(chunk);
  return chunk.node.children[r - chunk.first];
}
function blockNode(b) {
  const chunk = chunkOfBlock(b);
  fill(chunk);
  return chunk.node.children[b - chunk.first];
}
const resting = (pane) => {
  const box = boxOf(pane);
  return box.top + box.height / 4;
};
const inSight = (pane, y) => {
  const box = boxOf(pane);
  return Math.max(box.top + 8, Math.min(box.bottom - 60, y));
};

// show a passage on both sides; `at` is the place of the source that matters, `y` where the eye is already
function show(b, at, y) {
  state.sel = b;
  light();
  const r = rowOf(at ?? B[b].spans[0]?.[0] ?? 0);
  place(left, () => rowNode(r), inSight(left, y ?? resting(left)));
  const mark = () => (at === undefined ? blockNode(b) : markIn(blockNode(b), at) || blockNode(b));
  place(right, mark, inSight(right, y ?? resting(right)));
}
function showSource(at) {
  place(left, () => rowNode(rowOf(at)), resting(left));
}
function markIn(node, at) {
  return $$("[data-c]", node).find((mark) => C.end[mark.dataset.c] >= at && C.at[mark.dataset.c] <= at);
}

const blockAt = (target) => {
  const node = target.closest?.("[data-b]");
  return node ? Number(node.dataset.b) : -1;
};
for (const pane of [left, right]) {
  on(pane, "mouseover", (event) => {
    const b = blockAt(event.target);
    if (b !== state.hot) {
      state.hot = b;
      light();
    }
  });
  on(pane, "mouseleave", () => {
    state.hot = -1;
    light();
  });
  on(pane, "focusin", ({ target }) => {
    if (blockAt(target) < 0) return;
    state.sel = blockAt(target);
    light();
  });
  on(pane, "scroll", drawCurvesSoon);
  on(pane, "click", (event) => {
    const b = blockAt(event.target);
    if (b < 0 || event.target.closest("button") || !getSelection().isCollapsed) return;
    const node = event.target.closest("[data-b],.row");
    const r = event.target.closest(".row");
    state.sel = b;
    light();
    const y = boxOf(node).top;
    if (pane === left) place(right, () => blockNode(b), inSight(right, y));
    else place(left, () => rowNode(rowOf(B[b].spans[0]?.[0] ?? 0)), inSight(left, y));
    if (r) roam(r, false);
    else roam(blockNode(b), false);
  });
}

// one tab stop a pane: arrows go from passage to passage and from change to change
function roam(node, focus = true) {
  const pane = node.closest(".pane");
  for (const old of $$('[tabindex="0"]', pane)) old.tabIndex = -1;
  node.tabIndex = 0;
  if (focus) node.focus({ preventScroll: true });
}
function neighbour(pane, b, step) {
  if (pane === right) return b < 0 ? 0 : Math.max(0, Math.min(B.length - 1, b + step));
  const order = OWNED.filter((owned) => owned.b >= 0);
  const here = order.findIndex((owned) => owned.b === b);
  return order[here < 0 ? 0 : Math.max(0, Math.min(order.length - 1, here + step))]?.b ?? -1;
}
function stepBlock(pane, step) {
  const b = neighbour(pane, state.sel, step);
  if (b < 0) return;
  show(b);
  const node = pane === right ? blockNode(b) : rowNode(rowOf(B[b].spans[0]?.[0] ?? 0));
  if (!node.hasAttribute("tabindex")) node.tabIndex = -1;
  roam(node);
}
// what has a card: changes, what was left out, flags of an article
const MARKED = ".m:not(.off), .dropped[data-d], .flag[data-f]";
function stepMark(pane, from, step) {
  const all = $$(MARKED, pane);
  let k = all.indexOf(from);
  if (k < 0) {
    k = all.findIndex((mark) => from && from.compareDocumentPosition(mark) & 4);
    k = step > 0 ? k : k - 1;
  } else k += step;
  const next = all[k];
  if (!next) return;
  if (blockAt(next) >= 0) state.sel = blockAt(next);
  light();
  next.scrollIntoView({ block: "nearest" });
  roam(next);
}
