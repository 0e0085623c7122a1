// The data of the page: unpacked numbers, and the arrays that everything else reads. It draws nothing.
const D = JSON.parse($("data").textContent);
const TEXT = D.text;
D.rules = D.rules.map((words) => words.map(plain));
// what a rule finds and why: in Chinese where a Chinese reader can be told so
const inChinese = (rule) => language === "zh" && D.rules[rule].length > 4;
const saidOf = (rule) => D.rules[rule].slice(inChinese(rule) ? 4 : 2);
const SURE = 10000;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function unpacked(text) {
  const value = new Uint8Array(128);
  for (let i = 0; i < 64; i++) value[DIGITS.charCodeAt(i)] = i;
  const out = [];
  let sum = 0,
    shift = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = value[text.charCodeAt(i)];
    sum |= (digit & 31) << shift;
    shift += 5;
    if (digit < 32) {
      out.push(sum & 1 ? -(sum >>> 1) : sum >>> 1);
      sum = shift = 0;
    }
  }
  return out;
}

// changes: those inside passages in reading order, then those outside; all offsets are UTF-16 units of the source
const C = { at: [], end: [], new: [], by: [], doubt: [], block: [] };
function takeChanges(text) {
  const n = unpacked(text);
  let last = 0;
  for (let i = 0; i < n.length; i += 5) {
    const at = last + n[i];
    last = at + n[i + 1];
    C.at.push(at);
    C.end.push(last);
    C.new.push(n[i + 2]);
    C.by.push(n[i + 3]);
    C.doubt.push(n[i + 4]);
    C.block.push(-1);
  }
}
takeChanges(D.changes);
const INSIDE = C.at.length;
takeChanges(D.outside);

// blocks: role, doubt, spans of the source, first and last change, article
const ROLES = ["kicker", "title", "subtitle", "byline", "heading", "paragraph", "caption", "credit", "furniture"];
const HEADLINE = new Set(["kicker", "title", "subtitle", "byline"]);
const B = [];
(function () {
  const n = unpacked(D.blocks);
  let last = 0,
    change = 0;
  for (let i = 0; i < n.length;) {
    const block = { role: ROLES[n[i]], doubt: n[i + 1], spans: [], first: change, last: change + n[i + 3], article: 0 };
    const spans = n[i + 2];
    i += 4;
    for (let k = 0; k < spans; k++, i += 2) {
      const start = last + n[i];
      last = start + n[i + 1];
      block.spans.push([start, last]);
    }
    for (; change < block.last; change++) C.block[change] = B.length;
    B.push(block);
  }
})();
const A = [];
(function () {
  const n = unpacked(D.articles);
  for (let i = 0, first = 0; i < n.length; i += 3) {
    const last = first + n[i + 1];
    for (let b = first; b < last; b++) B[b].article = A.length;
    A.push({ doubt: n[i], blocks: n[i + 1], flags: D.flags[n[i + 2]], first, last });
    first = last;
  }
})();

// what else was weighed about each block
const WEIGHED = [];
(function () {
  const n = unpacked(D.alternatives);
  for (let i = 0; i < n.length; i += n[i] + 1) WEIGHED.push(n.slice(i + 1, i + 1 + n[i]).map((k) => D.weighed[k]));
})();

const BREAKS = [];
(function () {
  const n = unpacked(D.breaks);
  for (let i = 0, last = 0; i < n.length; i += 2) BREAKS.push({ at: (last += n[i]), doubt: n[i + 1] });
})();
const SUSPECTS = D.suspects
  .map(([rule, start, end, suggestion, doubt]) => ({ rule, start, end, suggestion, doubt }))
  .sort((a, b) => a.start - b.start);
const DROPS = D.dropped.map(([rule, start, end]) => ({ rule, start, end })).sort((a, b) => a.start - b.start);

// which passage each stretch of the source went to, in the order of the source
const OWNED = B.flatMap((block, b) => block.spans.map(([start, end]) => ({ start, end, b })))
  .concat(DROPS.map(({ start, end }, drop) => ({ start, end, b: -1, drop })))
  .sort((a, b) => a.start - b.start);
const MARKS = C.at.map((_, c) => c).sort((a, b) => C.at[a] - C.at[b] || C.end[a] - C.end[b]);

// the first entry of a sorted list for which `after` holds
function bisect(length, after) {
  let low = 0,
    high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (after(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// rows of the source: its lines, very long ones in pieces
const PIECE = 4000;
const ROWS = [];
(function () {
  let number = 1;
  for (let at = 0; at <= TEXT.length; number++) {
    let end = TEXT.indexOf("\n", at);
    if (end < 0) end = TEXT.length;
    if (at === TEXT.length && at > 0) break;
    for (let from = at, first = true; ; first = false) {
      let to = Math.min(end, from + PIECE);
      if (to < end && TEXT.charCodeAt(to - 1) >> 10 === 0x36) to--;
      ROWS.push({ start: from, end: to, line: number, first, ends: to === end });
      if (to >= end) break;
      from = to;
    }
    at = end + 1;
  }
})();
const rowOf = (at) => Math.max(0, bisect(ROWS.length, (r) => ROWS[r].start > at) - 1);

const oldOf = (c) => TEXT.slice(C.at[c], C.end[c]);
const newOf = (c) => D.news[C.new[c]];
// the edits behind a change: rule number, doubt, old, new
const editsOf = (c) => (C.by[c] & 1 ? D.chains[C.by[c] >> 1] : [[C.by[c] >> 1, C.doubt[c], oldOf(c), newOf(c)]]);
const rulesOf = (c) => editsOf(c).map((edit) => edit[0]);

function kindOf(c) {
  const old = oldOf(c),
    now = newOf(c);
  if (old.includes("\n") && !now.includes("\n")) return "join";
  return now === "" || (!now.trim() && old.trim()) ? "cut" : old === "" ? "ins" : "sub";
}

// the text of a block, piece by piece: kept(start, end) and changed(change)
function walk(b, kept, changed) {
  const block = B[b];
  if (!block.spans.length) return;
  let k = 0,
    at = block.spans[0][0];
  for (let c = block.first; c < block.last; c++) {
    if (C.at[c] > at) kept(at, C.at[c]);
    changed(c);
    at = C.end[c];
    if (k < block.spans.length - 1 && at >= block.spans[k][1]) at = block.spans[++k][0];
  }
  if (block.spans[k][1] > at) kept(at, block.spans[k][1]);
}

function textOf(b) {
  if (b in D.texts) return D.texts[b];
  let text = "";
  walk(
    b,
    (start, end) => {
      text += TEXT.slice(start, end);
    },
    (c) => {
      text += newOf(c);
    },
  );
  return text;
}

// UTF-16 offset to code points, for what is written out
const WIDE = [];
for (let i = 0; i < TEXT.length - 1; i++) {
  if (TEXT.charCodeAt(i) >> 10 === 0x36 && TEXT.charCodeAt(i + 1) >> 10 === 0x37) WIDE.push(i);
}
const points = (at) => at - bisect(WIDE.length, (i) => WIDE[i] >= at);
const units = (at) => {
  let u = at;
  for (const w of WIDE) {
    if (w < u) u++;
    else break;
  }
  return u;
};
