// Words for the reader: the interface in the browser's language, and characters nobody would see otherwise.
const $ = (id) => document.getElementById(id);
const PHRASES = JSON.parse($("phrases").textContent);
const LANGUAGES = Object.keys(PHRASES);
let language = LANGUAGES.find((name) => (navigator.language || "").toLowerCase().startsWith(name)) || LANGUAGES[0];

function t(key, ...values) {
  const text = PHRASES[language][key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, n) => values[n]);
}
const count = (n) => n.toLocaleString(language);
const percent = (doubt) => {
  const sure = (SURE - doubt) / 100;
  return (sure > 99 && sure < 100 ? Math.floor(sure * 10) / 10 : Math.round(sure)) + " %";
};

function translate() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of document.querySelectorAll("[data-hint]")) node.title = t(node.dataset.hint);
}

// make an element; children are nodes or texts, never markup
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;
const NAMES = { "\0": "NUL", "\r": "CR", "\f": "FF", "\xad": "SHY", "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ",
  "\u200e": "LRM", "\u200f": "RLM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
  "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\ufeff": "BOM" };

function nameOf(character) {
  const code = character.codePointAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return "\\x" + (code - 0xdc00).toString(16);
  return NAMES[character] || "U+" + code.toString(16).toUpperCase().padStart(4, "0");
}

// put text into an element; what has no shape is shown by its name
function put(parent, text) {
  let at = 0;
  for (const hit of text.matchAll(HIDDEN)) {
    if (hit.index > at) parent.append(text.slice(at, hit.index));
    parent.append(el("span", { class: "ctl" }, nameOf(hit[0])));
    at = hit.index + hit[0].length;
  }
  if (at < text.length) parent.append(at ? text.slice(at) : text);
  return parent;
}

const GLYPHS = { " ": "␣", "\n": "⏎", "\t": "⇥", "\u3000": "□", "\xa0": "⍽" };
const plain = (text) => text.replace(HIDDEN, (c) => "‹" + nameOf(c) + "›");
const seen = (text) => text === "" ? "∅" : plain(text.replace(/[ \n\t\u3000\xa0]/g, (c) => GLYPHS[c]));
const brief = (text, room) => {
  const points = Array.from(text);
  return points.length > room ? points.slice(0, room).join("") + "…" : text;
};
