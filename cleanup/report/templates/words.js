// Words for the reader: the interface in the browser's language, and characters nobody would see otherwise.
const $ = (id) => document.getElementById(id);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (node, event, act) => node.addEventListener(event, act, { passive: event === "scroll" });
const boxOf = (node) => node.getBoundingClientRect();
const soon = (act) => requestAnimationFrame(act);
const say = (id, text) => {
  $(id).textContent = text;
};
const PHRASES = JSON.parse($("phrases").textContent);
const LANGUAGES = PHRASES[""];
let language = LANGUAGES.find((name) => (navigator.language || "").toLowerCase().startsWith(name)) || LANGUAGES[0];

function t(key, ...values) {
  return (PHRASES[key]?.[LANGUAGES.indexOf(language)] ?? key).replace(/\{(\d)\}/g, (_, n) => values[n]);
}
const otherLanguage = () => LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length];
const count = (n) => n.toLocaleString(language);
const percent = (doubt) => {
  const sure = (SURE - doubt) / 100;
  return (sure > 99 && sure < 100 ? Math.floor(sure * 10) / 10 : Math.round(sure)) + " %";
};

function translate() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
  for (const node of $$("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of $$("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
}

// make an element; children are nodes or texts, never markup
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") on(node, name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value || value === 0 || value === "") node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

// make a shape in a drawing
function shape(name, attributes, parent) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.append(node);
  return node;
}

const HIDDEN =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Cs}/gu;
const NAMES = { "\0": "NUL", "\r": "CR", "\f": "FF", "\u200b": "ZWSP", "\u202e": "RLO", "\ufeff": "BOM" };

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
const seen = (text) => (text === "" ? "∅" : plain(text.replace(/[ \n\t\u3000\xa0]/g, (c) => GLYPHS[c])));
const brief = (text, room) => {
  const points = Array.from(text);
  return points.length > room ? points.slice(0, room).join("") + "…" : text;
};
