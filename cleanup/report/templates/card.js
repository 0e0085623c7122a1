// The card: what a change is, by which rule and why, beside the mark that has the mouse or the keyboard.
const card = $("card");
let pinned = null;

function ruleLines(rule) {
  const [id, stage] = D.rules[rule],
    [what, why] = saidOf(rule);
  return [
    el("p", { class: "by" }, el("code", {}, id), " ", t("stage." + stage)),
    what ? el("p", { class: "why", lang: inChinese(rule) ? "zh-Hans" : "en" }, what + (why && (inChinese(rule) ? "。" : " — ") + why)) : null,
  ];
}
function changeLine(old, now, doubt, says = "confidence") {
  return el(
    "p",
    { class: "swap" },
    el("del", {}, brief(seen(old), 60)),
    " → ",
    el("ins", {}, brief(seen(now), 60)),
    doubt ? el("span", { class: "sure" }, " " + t(says, percent(doubt))) : "",
  );
}

function cardOf(mark) {
  const { c, s, k, d, f } = mark.dataset;
  if (c !== undefined) {
    return [
      el("h3", {}, t("kind." + kindOf(+c))),
      ...editsOf(+c).flatMap(([rule, doubt, old, now]) => [changeLine(old, now, doubt), ...ruleLines(rule)]),
    ];
  }
  if (s !== undefined) {
    const suspect = SUSPECTS[s];
    return [
      el("h3", {}, t("kind.suspect")),
      changeLine(TEXT.slice(suspect.start, suspect.end), suspect.suggestion, suspect.doubt, "probably"),
      ...ruleLines(suspect.rule),
    ];
  }
  if (k !== undefined) return [el("h3", {}, t("kind.break")), el("p", {}, t("confidence", percent(BREAKS[k].doubt)))];
  if (d !== undefined) return [el("h3", {}, t("kind.dropped")), ...ruleLines(DROPS[d].rule)];
  if (f !== undefined) return [el("h3", {}, mark.textContent), el("p", {}, t("why." + f))];
  return null;
}

function openCard(mark, pin) {
  const content = cardOf(mark);
  if (!content) return;
  if (pin) {
    const item = caseOf(mark);
    if (item) content.push(choices(item, () => openCard(mark, true)));
  }
  card.setAttribute("role", pin ? "dialog" : "tooltip");
  pinned = pin ? mark : null;
  card.replaceChildren(...content.filter(Boolean));
  card.hidden = false;
  mark.setAttribute("aria-describedby", "card");
  if (!mark.textContent) mark.setAttribute("aria-label", content[0].textContent);
  const box = mark.getClientRects()[0] || boxOf(mark);
  const w = card.offsetWidth,
    h = card.offsetHeight;
  const above = box.bottom + h + 10 > innerHeight && box.top > h + 10;
  card.style.left = Math.max(8, Math.min(innerWidth - w - 8, box.left - 12)) + "px";
  card.style.top = Math.max(8, above ? box.top - h - 8 : Math.min(innerHeight - h - 8, box.bottom + 8)) + "px";
}
function closeCard(back) {
  if (back && pinned && document.contains(pinned)) roam(pinned);
  pinned = null;
  card.hidden = true;
}

const markAt = (target) =>
  document.body.classList.contains("reading") ? null : target.closest?.(MARKED);
for (const pane of [left, right]) {
  on(pane, "mouseover", (event) => {
    const mark = markAt(event.target);
    if (pinned) return;
    if (mark) openCard(mark, false);
    else closeCard();
  });
  on(pane, "mouseleave", (event) => {
    if (!pinned && !card.contains(event.relatedTarget)) closeCard();
  });
  on(pane, "focusin", (event) => {
    const mark = event.target === markAt(event.target) ? event.target : null;
    if (mark) openCard(mark, false);
    else if (!pinned) closeCard();
  });
  on(pane, "click", (event) => {
    const mark = markAt(event.target);
    if (mark) openCard(mark, true);
    else closeCard();
  });
  on(pane, "scroll", () => {
    if (!pinned) closeCard();
  });
}
on(card, "mouseleave", () => {
  if (!pinned) closeCard();
});
on(window, "pointerdown", ({ target }) => {
  if (!card.contains(target) && !target.closest(".pane")) closeCard();
});
