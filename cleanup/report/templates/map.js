// The picture of the order: the source as a row of blocks above, the articles below, ribbons from the one to the other.
const map = $("map");
const stops = []; // the pieces as the keyboard goes through them: in the order of the source
const byPlace = (x, y) => x.start - y.start;

// stretches that stay together on both sides are one piece
function pieces() {
  const out = [];
  B.forEach(({ spans, article }, b) =>
    spans.forEach(([start, end]) => {
      const last = out.at(-1);
      if (last?.article === article && start >= last.end && !TEXT.slice(last.end, start).trim()) last.end = end;
      else out.push({ start, end, b, article });
    }),
  );
  return out;
}

function drawMap() {
  const w = map.clientWidth || 800,
    h = map.clientHeight || 132,
    top = 30,
    bar = 12,
    low = h - 44,
    middle = (top + bar + low) / 2;
  const all = pieces(),
    source = [...all, ...DROPS].sort(byPlace);
  const total = source.reduce((sum, { start, end }) => sum + end - start, 0) || 1;
  const gaps = Math.max(0, A.length - 1),
    gap = Math.min(10, w / 6 / (gaps || 1));
  let x = 0;
  for (const piece of source) {
    piece.x = x;
    piece.w = ((piece.end - piece.start) * w) / total;
    x += piece.w;
  }
  // a piece has moved when it does not follow what it follows in the source
  const order = new Map([...all].sort(byPlace).map((piece, n) => [piece, n]));
  x = 0;
  all.forEach((piece, n) => {
    x += gap * (piece.article - (all[n - 1]?.article ?? 0));
    piece.y = x;
    piece.v = (piece.w * (w - gap * gaps)) / w;
    x += piece.v;
    piece.moved = (order.get(all[n - 1]) ?? -1) + 1 !== order.get(piece);
  });
  map.replaceChildren();
  stops.length = 0;
  map.setAttribute("viewBox", `0 0 ${w} ${h}`);
  const write = (x, y, text, name, parent = map) => {
    shape("text", { x, y, class: name }, parent).textContent = text;
  };
  const block = (x, y, width, parent, name = "") =>
    shape("rect", { x, y, width: Math.max(0.5, width - 0.7), height: bar, class: name }, parent);
  write(0, 12, t("map.source"), "quiet");
  write(0, h - 2, t("map.articles"), "quiet");
  // smaller ones are drawn over larger ones, and none that nobody could see
  for (const { x, y, w, v, b, article, moved } of [...all].sort((x, y) => y.w - x.w)) {
    if (w < 0.3) break;
    const says = `${article + 1} · ${brief(plain(textOf(b)), 30)}`;
    const group = shape(
      "g",
      { class: `a${article % 8} ${moved ? "moved" : ""}`, "data-b": b, tabindex: -1, role: "button", "aria-label": says },
      map,
    );
    stops.push([x, group]);
    shape(
      "path",
      {
        class: "ribbon",
        d: `M${x} ${top + bar}C${x} ${middle} ${y} ${middle} ${y} ${low}h${v}C${y + v} ${middle} ${x + w} ${middle} ${x + w} ${top + bar}Z`,
      },
      group,
    );
    block(x, top, w, group);
    block(y, low, v, group);
    if (moved && v > 5) shape("path", { class: "arrow", d: `M${y + v / 2 - 4} ${low - 6}h8l-4 6z` }, group);
    if (w > 16) write(x + w / 2, top - 3, article + 1, "label", group);
    shape("title", {}, group).textContent = says;
  }
  stops.sort(([x], [y]) => x - y);
  for (const { x, w } of DROPS) block(x, top, w, map, "gone");
  A.forEach((_, a) => {
    const mine = all.filter((piece) => piece.article === a),
      from = mine[0]?.y,
      to = mine.at(-1)?.y + mine.at(-1)?.v;
    if (to - from > 14) write((from + to) / 2, low + bar + 13, a + 1, "label");
  });
  map.setAttribute(
    "aria-label",
    t("map.says", count(all.length), count(all.filter((piece) => piece.moved).length), count(A.length)),
  );
}
on(map, "click", ({ target }) => {
  if (blockAt(target) >= 0) show(blockAt(target));
});
function stepMap(from, step) {
  const here = stops.findIndex(([, group]) => group === from);
  stops[Math.max(0, Math.min(stops.length - 1, here + step))]?.[1].focus();
}
on(map, "focusin", ({ target }) => {
  state.hot = blockAt(target);
  light();
});
on(map, "focusout", () => {
  state.hot = -1;
  light();
});
on(map, "mouseover", ({ target }) => {
  state.hot = blockAt(target);
  light();
});
on(map, "mouseleave", () => {
  state.hot = -1;
  light();
});
