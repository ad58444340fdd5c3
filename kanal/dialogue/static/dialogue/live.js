// The live page: what moves is fetched again every few seconds, letters act on the question one stands at, buttons work
// without leaving the page. Without this file every button and form works by itself, and the page is loaded again by hand.
import { start } from "./minutes.js";

const doc = document;
const EVERY = 4000; // milliseconds between two looks
const PATIENCE = 15_000;
const words = JSON.parse(doc.getElementById("kata-siaran").textContent);
const say = (name, facts = {}) => Object.entries(facts).reduce((text, [key, fact]) => text.replaceAll(`{${key}}`, fact), words[name]);
const board = doc.getElementById("papan");
const status = doc.querySelector("[data-status]");
const tell = (text, kind = "green", picture = "check") => window.kanal?.toast(text, kind, picture);

doc.querySelectorAll("[data-no-js]").forEach((part) => { part.hidden = true; });

/* What moves ------------------------------------------------------------------------------------------------------ */

let drawn = "";
let offline = false;
const typing = () => {
  const field = doc.activeElement;
  return board.contains(field) && field.matches("input:not([type=hidden]), textarea, select");
};
const half = () => [...board.querySelectorAll("[data-answer], [data-reason]")].some((field) => field.value);
const kept = () => new Set([...board.querySelectorAll("details[open][data-keep]")].map((part) => part.dataset.keep));

const draw = (html) => {
  const here = doc.activeElement?.closest?.("[data-question]")?.id;
  const open = kept();
  const closed = new Set([...board.querySelectorAll("details[data-keep]:not([open])")].map((part) => part.dataset.keep));
  const token = doc.querySelector("[name=csrfmiddlewaretoken]").value;
  board.innerHTML = html;
  board.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
  board.querySelectorAll("details[data-keep]").forEach((part) => {
    if (open.has(part.dataset.keep)) part.open = true;
    else if (closed.has(part.dataset.keep)) part.open = false;
  });
  if (here) (doc.getElementById(here) || board.querySelector("[data-question]"))?.focus({ preventScroll: true });
  count();
};
const bare = (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
const line = (text) => { if (status.textContent !== text) status.textContent = text; };

const look = async (force = false) => {
  let html;
  try {
    const answer = await fetch(board.dataset.board, { signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    html = await answer.text();
  } catch {
    offline = true;
    line(words.offline);
    return;
  }
  if (offline) line("");
  offline = false;
  if (bare(html) === drawn) return;
  if (!force && (typing() || half())) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-waiting]");
    line(say("fresh", { count: fresh ? fresh.dataset.waiting : 0 }));
    return;
  }
  line("");
  drawn = bare(html);
  draw(html);
};
let timer = 0;
const again = () => { clearTimeout(timer); timer = setTimeout(async () => { await look(); again(); }, EVERY); };
drawn = bare(board.innerHTML);
again();
addEventListener("online", () => look());
doc.addEventListener("visibilitychange", () => { if (doc.visibilityState === "visible") look(); });

/* The time that is left ------------------------------------------------------------------------------------------- */

const minutes = (ms) => Math.ceil(ms / 60_000);
const count = () => doc.querySelectorAll("[data-left]").forEach((part) => {
  const toEnd = minutes(Date.parse(part.dataset.left) - Date.now());
  const toStart = part.dataset.starts ? minutes(Date.parse(part.dataset.starts) - Date.now()) : 0;
  if (Number.isNaN(toEnd)) return;
  part.classList.toggle("is-late", toStart <= 0 && toEnd < 0);
  const left = toEnd < 0 ? say("over", { minutes: -toEnd }) : say("left", { minutes: toEnd });
  const soon = toStart > 120 ? words.starts_long : say("starts", { minutes: toStart });
  const text = toStart > 0 ? soon : left;
  if (part.textContent !== text) part.textContent = text;
});
count();
setInterval(count, 5000);

/* Buttons and forms ----------------------------------------------------------------------------------------------- */

const complain = (form, text) => {
  const place = form.querySelector("[data-wrong]");
  if (place) { place.textContent = text; place.hidden = !text; }
  if (text && !place) tell(text, "red", "alert");
};
const freshId = () => `tanya-${[...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
const empty = (form) => {
  form.reset();
  if (form.elements.submission) form.elements.submission.value = freshId();
  form.closest("details").open = false;
};
const busy = new WeakSet();
const send = async (form, button) => {
  if (busy.has(form)) return;
  busy.add(form);
  complain(form, "");
  const told = new FormData(form, button);
  try {
    const answer = await fetch(form.action, { method: "POST", body: told, headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(PATIENCE) });
    const said = answer.redirected ? {} : await answer.json();
    if (!answer.ok || answer.redirected) {
      complain(form, said.wrong || words.trouble);
      if (answer.status === 409) await look(true);
      return;
    }
    if (said.said) tell(said.said);
    if ("fresh" in form.dataset) empty(form);
    else form.querySelectorAll("[data-answer], [data-reason]").forEach((field) => { field.value = ""; });
    await look(true);
  } catch {
    complain(form, words.trouble); // what was typed stays in its field
  } finally { busy.delete(form); }
};
doc.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("live" in form.dataset)) return;
  event.preventDefault();
  send(form, event.submitter);
});

/* Letters --------------------------------------------------------------------------------------------------------- */

const rows = () => [...board.querySelectorAll("[data-question]")].filter((row) => row.checkVisibility());
const here = () => doc.activeElement?.closest?.("[data-question]");
const stand = (row) => { if (row) { row.focus(); row.scrollIntoView({ block: "nearest" }); } };
const step = (by) => {
  const all = rows();
  const at = all.indexOf(here());
  stand(at < 0 ? all[0] : all[Math.min(all.length - 1, Math.max(0, at + by))]);
};
// The question that a letter means: where one stands, else the one on the air, else the first that waits.
const meant = () => here() || board.querySelector(".live-now [data-question]") || rows()[0];
const press = (key) => meant()?.querySelector(`[data-deed="${key}"]`)?.click();
const field = (selector) => {
  const row = meant();
  const found = row?.querySelector(selector);
  if (!found) return;
  const more = found.closest("details");
  if (more) more.open = true;
  found.focus();
};
const open = (id) => {
  const part = doc.getElementById(id);
  if (!part) return;
  part.open = true;
  part.querySelector("select, textarea, input:not([type=hidden])").focus();
};
const write = () => (doc.querySelector(".live-page.is-now textarea") || doc.querySelector(".live-page textarea"))?.focus();
const KEYS = {
  ArrowDown: () => step(1), ArrowUp: () => step(-1),
  s: () => press("s"), n: () => press("n"), k: () => press("k"),
  j: () => field("[data-answer]"), x: () => field("[data-reason]"),
  l: () => { const more = meant()?.querySelector(".live-more"); if (more) { more.open = !more.open; more.querySelector("summary").focus(); } },
  t: () => board.querySelector('.live-topics [data-deed="t"]')?.click(),
  c: write, p: () => open("catat-janji"), b: () => open("penelepon"),
};
doc.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inField = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && inField) {
    inField.closest("#catat-janji, #penelepon")?.removeAttribute("open");
    stand(here() || rows()[0]);
    return;
  }
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (inField || !act) return;
  event.preventDefault();
  act();
});

start();
