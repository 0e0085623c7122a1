// The picture of the order: the source as a row of blocks above, the articles below, ribbons from the one to the other.
const SVG = "http://www.w3.org/2000/svg";
function shape(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.append(node);
  return node;
}

// stretches that stay together on both sides are one piece
function pieces() {
  const out = [];
  B.forEach((block, b) => block.spans.forEach(([start, end]) => {
    const last = out[out.length - 1];
    const near = last && last.article === block.article && start >= last.end && !TEXT.slice(last.end, start).trim();
    if (near) { last.end = end; last.size += end - start; last.to = b; }
    else out.push({ start, end, size: end - start, b, to: b, article: block.article });
  }));
  return out;
}

function drawMap() {
  const map = $("map");
  map.replaceChildren();
  const w = map.clientWidth || 800, h = 132, top = 30, bar = 12, bottom = h - 32;
  map.setAttribute("viewBox", `0 0 ${w} ${h}`);
  const all = pieces();
  const source = [...all, ...DROPS.map((drop) => ({ start: drop.start, end: drop.end, size: drop.end - drop.start, b: -1 }))].sort((x, y) => x.start - y.start);
  const total = source.reduce((sum, piece) => sum + piece.size, 0) || 1;
  const gaps = Math.max(0, A.length - 1), gap = Math.min(10, w / 6 / (gaps || 1));
  const scale = w / total, below = (w - gap * gaps) / total;
  let x = 0;
  for (const piece of source) { piece.x = x; piece.w = piece.size * scale; x += piece.w; }
  x = 0;
  all.forEach((piece, n) => {
    if (n && piece.article !== all[n - 1].article) x += gap * (piece.article - all[n - 1].article);
    piece.y = x; piece.v = piece.size * below; x += piece.v;
  });
  shape("text", { x: 0, y: 16, class: "quiet" }, map).textContent = t("map.source");
  shape("text", { x: 0, y: h - 2, class: "quiet" }, map).textContent = t("map.articles");
  const order = new Map(source.map((piece, n) => [piece, n]));
  // a piece has moved when it does not follow what it follows in the source; smaller ones are drawn over larger ones
  all.forEach((piece, n) => { piece.moved = n ? order.get(all[n - 1]) + 1 !== order.get(piece) : order.get(piece) > 0; });
  for (const piece of [...all].sort((x, y) => y.size - x.size)) {
    const group = shape("g", { class: `a${piece.article % 8} ${piece.moved ? "moved" : ""}`, "data-b": piece.b }, map);
    const m = (top + bar + bottom - bar) / 2, y1 = top + bar, y2 = bottom - bar;
    const [x1, x2, z1, z2] = [piece.x, piece.x + Math.max(piece.w, .5), piece.y, piece.y + Math.max(piece.v, .5)];
    shape("path", { class: "ribbon", d: `M${x1} ${y1}C${x1} ${m} ${z1} ${m} ${z1} ${y2}H${z2}C${z2} ${m} ${x2} ${m} ${x2} ${y1}Z` }, group);
    shape("rect", { x: x1, y: top, width: Math.max(.5, piece.w - .7), height: bar }, group);
    shape("rect", { x: z1, y: y2, width: Math.max(.5, piece.v - .7), height: bar }, group);
    const centre = (z1 + z2) / 2;
    if (piece.moved) shape("path", { class: "arrow", d: `M${centre - 4} ${y2 - 6}h8l-4 6z` }, group);
    if (piece.w > 16) shape("text", { x: (x1 + x2) / 2, y: top - 3, class: "label" }, group).textContent = piece.article + 1;
    const words = shape("title", {}, group);
    words.textContent = `${piece.article + 1} · ${brief(plain(textOf(piece.b)), 30)}`;
  }
  for (const piece of source) if (piece.b < 0) shape("rect", { class: "gone", x: piece.x, y: top, width: Math.max(.7, piece.w - .5), height: bar }, map);
  let last = -1;
  all.forEach((piece) => {
    if (piece.article === last) return;
    last = piece.article;
    const end = all.filter((other) => other.article === last).reduce((most, other) => Math.max(most, other.y + other.v), 0);
    if (end - piece.y > 14) shape("text", { x: (piece.y + end) / 2, y: bottom + 13, class: "label" }, map).textContent = last + 1;
  });
  map.setAttribute("aria-label", t("map.says", count(all.length), count(all.filter((piece) => piece.moved).length), count(A.length)));
}
$("map").addEventListener("click", (event) => {
  const b = blockAt(event.target);
  if (b >= 0) show(b);
});
$("map").addEventListener("mouseover", (event) => { state.hot = blockAt(event.target); light(); });
$("map").addEventListener("mouseleave", () => { state.hot = -1; light(); });
