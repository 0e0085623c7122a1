// The two panes: rows of the source and blocks of the articles, drawn in chunks when they come into sight.
const left = $("left"),
  right = $("right");
const CHUNK_ROWS = 60,
  CHUNK_CHARACTERS = 5000;
const filter = { passes: () => true };

function markClass(c, side, later) {
  let name = "m " + (later ? "cut" : kindOf(c)) + " " + side;
  if (C.doubt[c] > D.threshold) name += " doubt";
  if (!filter.passes(c)) name += " off";
  return name;
}
const handle = { tabindex: "-1", role: "button" };
const markOf = (c, side, later) => el("span", { class: markClass(c, side, later), "data-c": c, ...handle });

// kept text, with what looks misread in it marked
function putKept(parent, start, end, side) {
  let s = bisect(SUSPECTS.length, (i) => SUSPECTS[i].end > start);
  for (; s < SUSPECTS.length && SUSPECTS[s].start < end; s++) {
    const from = Math.max(start, SUSPECTS[s].start),
      to = Math.min(end, SUSPECTS[s].end);
    if (to <= from) continue;
    if (from > start) put(parent, TEXT.slice(start, from));
    parent.append(put(el("span", { class: "m sus " + side, "data-s": s, ...handle }), TEXT.slice(from, to)));
    start = to;
  }
  if (start < end) put(parent, TEXT.slice(start, end));
}

function drawRow(r) {
  const row = ROWS[r];
  const node = el("div", { class: "row", "data-r": r, "data-n": row.first ? row.line : null });
  const body = el("div", { class: "line" });
  let o = bisect(OWNED.length, (i) => OWNED[i].end > row.start);
  let m = bisect(MARKS.length, (i) => C.at[MARKS[i]] >= row.start);
  while (m > 0 && C.end[MARKS[m - 1]] > row.start) m--;
  // a row is one passage's when nothing in it is another's
  const whole =
    o < OWNED.length &&
    (OWNED[o].start < row.end || OWNED[o].start <= row.start) &&
    !(o + 1 < OWNED.length && OWNED[o + 1].start < row.end);
  if (whole) own(node, OWNED[o], r);
  let part = body,
    owner = null;
  for (let at = row.start; ;) {
    while (m < MARKS.length && C.end[MARKS[m]] <= at && C.at[MARKS[m]] < at) m++;
    while (o < OWNED.length && OWNED[o].end <= at) o++;
    const mine = o < OWNED.length && OWNED[o].start <= at ? OWNED[o] : null;
    if (mine !== owner && !whole && at < row.end) {
      part = mine ? own(el("span", { class: "part" }), mine, r) : body;
      if (mine) body.append(part);
      owner = mine;
    }
    // what was put in, and line ends that were taken out, have no characters of their own here
    while (m < MARKS.length && C.at[MARKS[m]] === at && (C.end[MARKS[m]] === at || (at === row.end && row.ends))) {
      part.append(markOf(MARKS[m++], "l"));
    }
    if (at >= row.end) break;
    const inMark = m < MARKS.length && C.at[MARKS[m]] <= at;
    const stop = Math.min(
      row.end,
      mine ? mine.end : o < OWNED.length ? OWNED[o].start : row.end,
      m < MARKS.length ? (inMark ? C.end[MARKS[m]] : C.at[MARKS[m]]) : row.end,
    );
    if (inMark) part.append(put(markOf(MARKS[m], "l", C.at[MARKS[m]] < row.start), TEXT.slice(at, stop)));
    else putKept(part, at, stop, "l");
    at = stop;
  }
  const gap = row.ends ? BREAK_AT.get(row.end) : undefined;
  if (gap !== undefined) body.append(el("span", { class: "m brk doubt l", "data-k": gap, ...handle }));
  node.append(body);
  return node;
}
const BREAK_AT = new Map(BREAKS.map((entry, k) => [entry.at, k]));

function own(node, owned, r) {
  if (owned.b < 0) {
    node.classList.add("dropped");
    node.dataset.d = owned.drop;
  } else {
    const { article } = B[owned.b];
    node.dataset.b = owned.b;
    node.classList.add("tint", "a" + (article % 8));
    if (rowOf(owned.start) === r) {
      node.classList.add("opens");
      node.dataset.a = article + 1;
    }
  }
  return node;
}

const TAGS = { title: "h2", kicker: "p", heading: "h3" };
function drawBlock(b) {
  const block = B[b],
    unsure = block.doubt > D.threshold;
  const node = el(TAGS[block.role] || "p", {
    class: `b tint ${block.role} a${block.article % 8}`,
    "data-b": b,
    tabindex: "-1",
  });
  if (unsure) node.classList.add("doubt");
  if (unsure || block.role !== "paragraph")
    node.dataset.l = t("role." + block.role) + (unsure ? " " + percent(block.doubt) : "");
  if (b in D.texts) put(node, D.texts[b]);
  else
    walk(
      b,
      (start, end) => putKept(node, start, end, "r"),
      (c) => node.append(put(markOf(c, "r"), newOf(c))),
    );
  if (b in D.duplicates) {
    const text = textOf(b),
      twin = B.findIndex((_, k) => k < b && textOf(k) === text);
    const say = t("duplicate", plain(D.duplicates[b]));
    node.append(
      twin < 0 ? el("span", { class: "flag" }, say) : el("button", { class: "flag", click: () => show(twin) }, say),
    );
  }
  return node;
}

// chunks: {node, first, last, full}
const ROW_CHUNKS = [],
  BLOCK_CHUNKS = [];
const chunkOfRow = (r) => ROW_CHUNKS[bisect(ROW_CHUNKS.length, (k) => ROW_CHUNKS[k].last > r)];
const chunkOfBlock = (b) => BLOCK_CHUNKS[bisect(BLOCK_CHUNKS.length, (k) => BLOCK_CHUNKS[k].last > b)];

function chunksOf(first, last, size, most, make) {
  for (let at = first; at < last;) {
    let to = at,
      sum = 0;
    while (to < last && to - at < most && (sum === 0 || sum + size(to) <= CHUNK_CHARACTERS)) sum += size(to++);
    make(at, to, sum);
    at = to;
  }
}

function fill(chunk) {
  if (chunk.full) return;
  chunk.full = true;
  const draw = chunk.rows ? drawRow : drawBlock;
  const nodes = [];
  for (let i = chunk.first; i < chunk.last; i++) nodes.push(draw(i));
  chunk.node.replaceChildren(...nodes);
}

const sights = [left, right].map(
  (root) =>
    new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) fill(entry.target.chunk);
      },
      { root, rootMargin: "1200px 0px" },
    ),
);

function addChunk(list, parent, first, last, rows, height) {
  const node = el("div", { class: "chunk" });
  node.style.containIntrinsicSize = `auto 300px auto ${Math.round(height)}px`;
  node.chunk = { node, first, last, rows, full: false };
  list.push(node.chunk);
  parent.append(node);
}

function layOut() {
  const wide = Math.max(10, left.clientWidth / 15 - 4),
    broad = Math.max(10, right.clientWidth / 17 - 4);
  chunksOf(
    0,
    ROWS.length,
    (r) => ROWS[r].end - ROWS[r].start + 1,
    CHUNK_ROWS,
    (first, last) => {
      let height = 0;
      for (let r = first; r < last; r++) height += 24 * Math.max(0.5, Math.ceil((ROWS[r].end - ROWS[r].start) / wide));
      addChunk(ROW_CHUNKS, left, first, last, true, height);
    },
  );
  A.forEach((article, a) => {
    const node = el("article", { class: "a" + (a % 8), "aria-label": t("article", a + 1) });
    node.append(articleHead(a));
    const size = (b) => B[b].spans.reduce((sum, [start, end]) => sum + end - start, 0) + 1;
    chunksOf(article.first, article.last, size, CHUNK_ROWS, (first, last, sum) =>
      addChunk(BLOCK_CHUNKS, node, first, last, false, (sum / broad + (last - first)) * 30),
    );
    right.append(node);
  });
  if (DROPS.length) {
    right.append(
      el(
        "section",
        { class: "left-out" },
        el("h2", {}, t("dropped", count(DROPS.length))),
        ...DROPS.slice(0, 500).map((drop, d) =>
          el(
            "p",
            { class: "b dropped", "data-d": d, tabindex: "-1" },
            plain(TEXT.slice(drop.start, drop.end)),
            " ",
            el("code", {}, D.rules[drop.rule][0]),
          ),
        ),
      ),
    );
  }
  [ROW_CHUNKS, BLOCK_CHUNKS].forEach((list, side) => {
    list.slice(0, 2).forEach(fill);
    list.forEach((chunk) => sights[side].observe(chunk.node));
  });
  // the rest when there is time, so that the browser's own search finds everything
  const rest = [...ROW_CHUNKS, ...BLOCK_CHUNKS];
  const later = window.requestIdleCallback || ((work) => setTimeout(work, 30, { timeRemaining: () => 8 }));
  later(function some(deadline) {
    while (rest.length && deadline.timeRemaining() > 4) fill(rest.shift());
    if (rest.length) later(some);
  });
}

// on which pages of the issue an article goes on and began, where turn lines name them
function turnsOf(a) {
  const [on, from] = D.turns[a] || [];
  return [on && t("turn.on", plain(on)), from && t("turn.from", plain(from))].filter(Boolean);
}

function articleHead(a) {
  const { flags, doubt } = A[a];
  return el(
    "header",
    { class: "head" },
    el("span", { class: "number" }, a + 1),
    ...flags.map((flag) => el("span", { class: "flag", "data-f": flag, ...handle }, t("flag." + flag))),
    ...turnsOf(a).map((words) => el("span", { class: "flag" }, words)),
    doubt > D.threshold && el("button", { class: "flag", "data-article": a }, t("unsure", percent(doubt))),
  );
}
