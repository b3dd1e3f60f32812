// Keys for the moderators' pages, and small comforts. Every key presses a button or follows a
// link that is on the page, so the page is whole without this file. Nothing is kept here.

const form = document.querySelector("#queue[data-keys]");
const told = document.querySelector("#told");
const rows = [...document.querySelectorAll(".item")];
const boxes = [...document.querySelectorAll(".item > label input")];
const keys = new Map(Object.entries(JSON.parse(form?.dataset.keys || "{}")).map(([act, key]) => [key, act]));

const BUTTONS = {
  approve: '.deeds :is([value^="approve."], [value^="open."])',
  spam: '.deeds [value^="spam."]',
  reject: '.deeds :is([value^="reject."], [value^="decline."])',
  reply: 'a[href*="for=reply"]',
  note: 'a[href*="for=note"]',
  claim: '.deeds [name="claim"]',
  open: "h2 a",
};

let here = rows.find(row => `#${row.id}` === location.hash) || null;
let lastBox = null;

const isTyping = target =>
  target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");

function go(row) {
  here?.classList.remove("is-here");
  here = row;
  row.classList.add("is-here");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  if (!rows.length) return;
  const at = rows.indexOf(here);
  go(rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]);
}

// A key acts on the row it is on; on the page of one comment, on that comment.
function press(act) {
  const place = rows.length ? here : document.querySelector(".case");
  const target = act === "undo" ? document.querySelector(".undo button") : place?.querySelector(BUTTONS[act]);
  if (target) target.click();
  else tell(place ? "That is not possible here." : "Choose one first.");
}

function pick(box, isOn, isRange) {
  const between = isRange && lastBox ? [lastBox, box].map(one => boxes.indexOf(one)).sort((a, b) => a - b) : null;
  for (const one of between ? boxes.slice(between[0], between[1] + 1) : [box]) one.checked = isOn;
  lastBox = box;
  count();
}

function count() {
  const line = document.querySelector("#bulk-count");
  const chosen = boxes.filter(box => box.checked).length;
  if (line) line.textContent = `${chosen} chosen`;
  return chosen;
}

function tell(words) {
  if (told) told.textContent = words;
}

function help() {
  const box = document.querySelector("#keys");
  if (!box) return;
  box.open = !box.open;
  if (box.open) {
    box.scrollIntoView({ block: "nearest" });
    box.querySelector("summary").focus();
  }
}

const doings = {
  next: () => step(1),
  previous: () => step(-1),
  help,
  choose: event => {
    const box = here?.querySelector(":scope > label input");
    if (!box) return tell("Choose one first.");
    pick(box, event.shiftKey || !box.checked, event.shiftKey);
    tell(`${count()} chosen`);
  },
};

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
  const act = keys.get(event.key) || keys.get(event.key.toLowerCase());
  if (!act) return;
  event.preventDefault();
  if (event.repeat && act !== "next" && act !== "previous") return;
  (doings[act] || (() => press(act)))(event);
});

document.addEventListener("click", event => {
  const box = event.target.closest?.(".item > label input");
  if (box) pick(box, box.checked, event.shiftKey);
});

document.addEventListener("focusin", event => {
  const row = event.target.closest?.(".item");
  if (!row || row === here) return;
  here?.classList.remove("is-here");
  here = row;
});

// What was done is read out, as it stood on the page before a screen reader listened.
const done = document.querySelector(".undo p");
if (done) setTimeout(() => tell(`${done.textContent} ${document.querySelector("h1").textContent}.`), 200);

const left = document.querySelector("[data-until]");
if (left) {
  const end = Date.now() + Number(left.dataset.until) * 1000;
  const timer = setInterval(() => {
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    const minutes = Math.floor(seconds / 60);
    left.textContent = seconds ? `${minutes ? `${minutes} min ` : ""}${seconds % 60} s left` : "too late now";
    if (seconds) return;
    clearInterval(timer);
    left.closest("form").querySelector("button").disabled = true;
  }, 1000);
}

// A look was a POST. Loading the page again asks for the page, which covers the value again.
if (document.querySelector(".sealed-fact--open")) history.replaceState(null, "", location.href);
if (boxes.length) count();
if (here) go(here);
