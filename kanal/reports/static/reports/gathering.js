// The grid of an event: keys move through it, a piece of a spreadsheet pasted into it becomes rows, and what is typed is
// saved on the server as one types and on this device while there is no line. Without this file it is a plain form.
"use strict";
const doc = document;
const form = doc.getElementById("kisi");
const body = doc.getElementById("baris-kosong");
const sample = doc.getElementById("contoh-baris");
const COLUMNS = ["name", "phone", "village", "words", "category", "kind"];
const LISTED = new Set(["village", "category", "kind"]);
const HEADS = JSON.parse(form.dataset.heads);
const STORE = `kanal.acara.${form.dataset.event}`;
const WAIT = 700; // milliseconds without a key before what was typed is sent
const RETRY = 10_000;
const MOST_AT_ONCE = 100; // rows
const HEAVIEST = 250_000; // letters of one parcel; the server takes a million bytes
const LONGEST_CELL = 32_767;

const rows = () => [...form.querySelectorAll("tr.voice")];
const cell = (row, name) => row.querySelector(`[name="${name}"]`);
const rowOf = (node) => node.closest("tr.voice");
const rowOfKey = (key) => form.querySelector(`tr.voice[data-key="${CSS.escape(key)}"]`);
const cellsOf = (row) => Object.fromEntries(COLUMNS.map((name) => [name, cell(row, name).value]));
const fields = (row) => [...row.querySelectorAll("input, textarea")];
const isBlank = (row) => COLUMNS.every((name) => !cell(row, name).value.trim());
const say = (words, facts = {}) => Object.entries(facts).reduce((text, [name, fact]) => text.replaceAll(`{${name}}`, fact), words);
// What found no room is said until there is room again, whatever else is said meanwhile.
let full = false;
const state = (words) => { form.querySelector("[data-state]").textContent = full ? `${words} ${form.dataset.full}` : words; };

// What is on its way ---------------------------------------------------------------------------------------------

// Dirty rows by key; kept on the device until the server has answered for them.
const dirty = new Map();
let timer = 0;
let sending = false;
let leaving = false;

const remember = () => {
  try {
    if (dirty.size) localStorage.setItem(STORE, JSON.stringify([...dirty]));
    else localStorage.removeItem(STORE);
  } catch { /* storage may be forbidden: then the server alone keeps it */ }
};
const recall = () => { try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; } };

const touch = (row, wait = WAIT) => {
  const long = COLUMNS.filter((name) => cell(row, name).value.length > LONGEST_CELL);
  if (long.length) { long.forEach((name) => complain(row, name, form.dataset.long)); return; }
  dirty.set(row.dataset.key, cellsOf(row));
  remember();
  clearTimeout(timer);
  timer = setTimeout(send, wait);
};

// As many rows as one form may carry, at least one.
const nextParcel = () => {
  const sent = [];
  let weight = 0;
  for (const [key, cells] of dirty) {
    weight += COLUMNS.reduce((sum, name) => sum + cells[name].length, 0);
    if (sent.length && (sent.length === MOST_AT_ONCE || weight > HEAVIEST)) break;
    sent.push([key, cells]);
  }
  return sent;
};

const parcel = (keys) => {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const key of keys) {
    const row = rowOfKey(key);
    const version = row ? cell(row, "version").value : "0";
    data.append("key", key);
    data.append("version", version);
    COLUMNS.forEach((name) => data.append(name, dirty.get(key)[name]));
  }
  return data;
};

const complain = (row, name, sentence) => {
  const field = cell(row, name);
  const line = field.parentElement.querySelector(".error");
  line.textContent = sentence || "";
  line.hidden = !sentence;
  if (sentence) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", line.id); }
  else { field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); }
};

const offer = (row, choices) => {
  const place = row.querySelector(".voice-village");
  place.querySelector(".choices")?.remove();
  if (!choices.length) return;
  const box = doc.createElement("div");
  box.className = "choices";
  for (const choice of choices) {
    const button = doc.createElement("button");
    button.type = "button";
    button.className = "btn btn--small";
    button.dataset.place = choice;
    button.textContent = choice;
    button.setAttribute("aria-label", say(form.dataset.pick, { place: choice }));
    box.append(button);
  }
  place.append(box);
};

const hear = (row, told) => {
  const number = row.querySelector("[data-number]");
  if (number.textContent !== String(told.number)) {
    number.textContent = told.number;
    const words = say(form.dataset.row, { number: told.number });
    COLUMNS.forEach((name) => cell(row, name).setAttribute("aria-label", `${cell(row, name).parentElement.dataset.l}, ${words}`));
  }
  cell(row, "version").value = told.version;
  COLUMNS.forEach((name) => complain(row, name, told.problems[name]));
  offer(row, told.choices);
};

const settle = (sent, answer) => {
  for (const [key, cells] of sent) {
    const row = rowOfKey(key);
    const told = answer.rows[key];
    const same = JSON.stringify(dirty.get(key)) === JSON.stringify(cells);
    if (told && row && same) hear(row, told);
    else if (told && row) cell(row, "version").value = told.version;
    if (row && same && isBlank(row)) { COLUMNS.forEach((name) => complain(row, name, "")); offer(row, []); cell(row, "version").value = 0; }
    if (same && (told || !row || isBlank(row) || answer.copied)) dirty.delete(key);
    if (answer.filed.includes(key)) { dirty.delete(key); row?.remove(); }
  }
  remember();
  form.querySelector("[data-tally]").textContent = say(form.dataset.counts, { ready: answer.ready, wrong: answer.wrong });
};

const finish = (answer) => {
  if (answer.left) { full = true; state(""); return; }
  const time = new Date().toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  state(say(form.dataset.saved, { time }));
  // Somebody else wrote in the same row: show theirs and the copy of ours.
  if (answer.copied && !dirty.size) { leaving = true; location.reload(); return; }
  if (dirty.size) timer = setTimeout(send, WAIT);
};

async function send() {
  clearTimeout(timer);
  if (sending || leaving || !dirty.size) return;
  sending = true;
  state(form.dataset.saving);
  const sent = nextParcel();
  let answer = null;
  let refused = false;
  try {
    const response = await fetch(form.action, { method: "POST", body: parcel(sent.map(([key]) => key)), headers: { Accept: "application/json" }, redirect: "manual" });
    if (response.ok) answer = await response.json();
    else refused = response.status < 500; // a redirection (status 0) leads to the sign-in page
  } catch { /* no line: tried again below */ }
  sending = false;
  if (answer) { settle(sent, answer); finish(answer); return; }
  state(refused ? form.dataset.refused : form.dataset.offline);
  if (!refused) timer = setTimeout(send, RETRY);
}

addEventListener("online", send);
doc.addEventListener("visibilitychange", () => { if (doc.visibilityState === "hidden") send(); });

// Rows -----------------------------------------------------------------------------------------------------------

const freshKey = () => `baris-${[...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

const addRow = (key = freshKey()) => {
  if (rows().filter((row) => !isBlank(row)).length >= Number(form.dataset.most)) { full = true; state(""); return null; }
  full = false;
  const row = sample.content.firstElementChild.cloneNode(true);
  row.dataset.key = key;
  cell(row, "key").value = key;
  row.querySelector("[name=drop]").value = key;
  COLUMNS.forEach((name) => { cell(row, name).parentElement.querySelector(".error").id = `${key}-${name}`; });
  body.append(row);
  return row;
};

const below = (row) => { const all = rows(); return all[all.indexOf(row) + 1] || addRow(); };
const above = (row) => { const all = rows(); return all[all.indexOf(row) - 1] || null; };

const go = (row, name) => {
  if (!row) return;
  const field = cell(row, name);
  field.focus();
  if (field.select) field.select();
};

// Keys -----------------------------------------------------------------------------------------------------------

const forward = (row, name) => {
  const next = COLUMNS[COLUMNS.indexOf(name) + 1];
  if (next) go(row, next);
  else go(below(row), COLUMNS[0]);
};

const atEdge = (field, key) => field.tagName !== "TEXTAREA"
  || (key === "ArrowUp" ? !field.value.slice(0, field.selectionStart).includes("\n") : !field.value.slice(field.selectionEnd).includes("\n"));

form.addEventListener("keydown", (event) => {
  const field = event.target;
  const { key } = event;
  const row = field.name && COLUMNS.includes(field.name) ? rowOf(field) : null;
  if (!row || event.isComposing) return;
  if (key === "Enter" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) go(below(row), COLUMNS[0]);
    else forward(row, field.name);
  } else if ((key === "d" || key === "D") && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const from = above(row);
    if (!from) return;
    field.value = cell(from, field.name).value;
    touch(row);
  } else if ((key === "ArrowUp" || key === "ArrowDown") && (event.ctrlKey || !LISTED.has(field.name)) && atEdge(field, key)) {
    event.preventDefault();
    go(key === "ArrowUp" ? above(row) : below(row), field.name);
  }
});

form.addEventListener("input", (event) => { const row = rowOf(event.target); if (row) touch(row); });

// Pasting --------------------------------------------------------------------------------------------------------

// A spreadsheet's clipboard: tabs between cells, lines between rows, quotes around a cell that holds either.
const table = (text) => {
  const lines = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    const line = lines.at(-1);
    const last = line.length - 1;
    if (quoted && char === '"' && text[at + 1] === '"') { line[last] += '"'; at += 1; }
    else if (quoted && char === '"') quoted = false;
    else if (!quoted && char === '"' && !line[last]) quoted = true;
    else if (!quoted && char === "\t") line.push("");
    else if (!quoted && char === "\n") lines.push([""]);
    else line[last] += char;
  }
  return lines.filter((line) => line.some((value) => value.trim()));
};

// Where the pasted columns go: by their names when the first line holds names, else from the cell one stands in.
const placed = (lines, first) => {
  const named = lines[0].map((value) => HEADS[value.trim().toLowerCase().replace(/[ :*]+$/u, "")]);
  if (named.filter(Boolean).length >= 2) return { lines: lines.slice(1), names: named };
  const counted = first === COLUMNS[0] && lines.length > 1 && lines.every((line, at) => line.length > 1 && Number(line[0]) === Number(lines[0][0]) + at);
  const start = COLUMNS.indexOf(first);
  return { lines, names: counted ? [undefined, ...COLUMNS] : COLUMNS.slice(start) };
};

form.addEventListener("paste", (event) => {
  const field = event.target;
  const here = field.name && COLUMNS.includes(field.name) ? rowOf(field) : null;
  const text = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  const isSheet = text.includes("\t") || event.clipboardData.getData("text/html").includes("<table");
  // Several lines of somebody's words are one voice; of names or numbers they are several.
  if (!here || !(isSheet || (field.name !== "words" && text.trim().includes("\n")))) return;
  event.preventDefault();
  const { lines, names } = placed(table(text), field.name);
  let row = here;
  let pasted = 0;
  for (const line of lines) {
    if (!row) break;
    line.forEach((value, at) => { if (names[at]) cell(row, names[at]).value = names[at] === "words" ? value.trim() : value.trim().replaceAll("\n", " "); });
    touch(row, 0);
    pasted += 1;
    if (pasted < lines.length) row = below(row);
  }
  window.kanal?.toast(say(form.dataset.pasted, { count: pasted }));
  go(row || here, field.name);
});

// Buttons --------------------------------------------------------------------------------------------------------

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = rowOf(button);
  if (button.dataset.place) {
    cell(row, "village").value = button.dataset.place;
    touch(row, 0);
    go(row, "words");
  } else if (button.name === "drop") {
    event.preventDefault();
    const next = above(row) || below(row);
    COLUMNS.forEach((name) => { cell(row, name).value = ""; });
    touch(row, 0);
    row.remove();
    go(next, COLUMNS[0]);
  } else if (button.name === "more") {
    event.preventDefault();
    const added = Array.from({ length: 10 }, () => addRow()).filter(Boolean);
    go(added[0], COLUMNS[0]);
  }
});

// A form that is sent carries what is not saved yet: nothing else may be under way, or a row would be told twice.
form.addEventListener("submit", () => {
  leaving = true;
  clearTimeout(timer);
  // A form has room for so many fields: what is saved already need not go again.
  rows().forEach((row) => { if (!dirty.has(row.dataset.key)) fields(row).forEach((one) => { one.disabled = true; }); });
});
addEventListener("pageshow", () => { leaving = false; rows().flatMap(fields).forEach((one) => { one.disabled = false; }); });

for (const row of form.querySelectorAll("tr[data-choices]")) offer(row, JSON.parse(row.dataset.choices));
// On a phone ten empty cards are a long way to the buttons.
if (matchMedia("(max-width: 47.99rem)").matches) [...body.children].slice(2).forEach((row) => { if (isBlank(row)) row.remove(); });

// What was typed without a line, before the page was closed.
for (const [key, cells] of recall()) {
  const row = rowOfKey(key) || addRow(key);
  if (!row) break;
  if (JSON.stringify(cellsOf(row)) !== JSON.stringify(cells)) {
    COLUMNS.forEach((name) => { cell(row, name).value = cells[name] || ""; });
    touch(row, 0);
  }
}
if (!dirty.size) remember();
