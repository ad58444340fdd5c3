// The radio desk by keyboard: who, where, what, category, Enter; the form is empty again and the line does the rest.
import { $, all, complain, conf, debounced, form, say, value } from "./file/form.js";
import { choose, combo, comboBox } from "./file/village.js";
import { categoryBox } from "./radio/category.js";
import { put, start } from "./radio/line.js";

const DRAFT = "kanal.radio-draft";
const TEXTS = ["name", "phone", "village", "body"];
const fold = (text) => text.toLowerCase().trim();

comboBox(() => {});
const category = categoryBox();
all("[data-js]").forEach((part) => { part.hidden = false; });

/* The village: Tab takes what can mean one place only. */
const offered = () => all("#desa-pilihan [role=option]");
const onlyOne = () => {
  const shown = offered();
  const pointed = shown.find((option) => option.getAttribute("aria-selected") === "true");
  if (pointed || shown.length === 1) return pointed || shown[0];
  const exact = shown.filter((option) => fold($("b", option).textContent) === fold(combo.input.value));
  return exact.length === 1 ? exact[0] : null;
};
const settlePlace = () => {
  if (!value("village") || $("#id_region").value) return true;
  const option = onlyOne();
  if (option) choose(option.dataset.id);
  return Boolean(option) || !offered().length; // no village at all is a landmark
};
combo.input.addEventListener("keydown", (event) => { if (event.key === "Tab") settlePlace(); });

/* The sentence for the air. */
let asked = "";
let turn = 0;
const hint = $("[data-similar-here]");
const lookAlike = debounced(async () => {
  const text = value("body");
  const region = $("#id_region").value;
  const question = `${text}|${region}`;
  if (question === asked) return;
  asked = question;
  turn += 1;
  const mine = turn;
  if (text.trim().split(/\s+/).length < 3) return hint.replaceChildren();
  const told = new FormData();
  Object.entries({ text, region, csrfmiddlewaretoken: value("csrfmiddlewaretoken") }).forEach((pair) => told.append(...pair));
  try {
    const answer = await fetch(conf.similar, { method: "POST", body: told });
    if (!answer.ok || answer.redirected || mine !== turn) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("section");
    if (mine === turn) hint.replaceChildren(...(found ? [found] : []));
  } catch { /* no line, no hint */ }
}, 500);

/* What is half typed outlives a reload. */
const draft = {
  save: () => {
    const fields = Object.fromEntries(TEXTS.map((name) => [name, value(name)]));
    const more = { region: $("#id_region").value, category: $("#id_category").value, anonymous: form.elements.anonymous.checked };
    try { localStorage[DRAFT] = JSON.stringify({ ...fields, ...more, kind: value("kind") }); } catch { /* forgets */ }
  },
  wipe: () => { try { localStorage.removeItem(DRAFT); } catch { /* nothing was kept */ } },
  fill: (told) => {
    TEXTS.forEach((name) => { form.elements[name].value = told[name] || ""; });
    form.elements.anonymous.checked = Boolean(told.anonymous);
    if (told.kind) form.elements.kind.value = told.kind;
    category.choose(told.category || "");
    if (told.region) choose(told.region); else combo.input.value = told.village || "";
  },
  restore: () => {
    try {
      const told = JSON.parse(localStorage[DRAFT] || "null");
      if (told && !value("body") && !value("name")) draft.fill(told);
    } catch { /* nothing to restore */ }
  },
};
const saveSoon = debounced(draft.save, 200);

/* Sending. */
const wrong = (sentence, field) => {
  complain($("[data-wrong]"), sentence);
  if (field) field.focus();
  return !sentence;
};
const inOrder = () => {
  if ([...value("body")].filter((char) => /[\p{L}\p{N}]/u.test(char)).length < Number(conf.least)) return wrong(say("short"), form.elements.body);
  if (!settlePlace()) return wrong(say("which_village"), combo.input);
  if (!category.settle()) return wrong(say("no_category"), category.input);
  return wrong("");
};
const freshId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `radio-${btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_")}`;
};
const next = () => {
  form.reset();
  choose("");
  category.choose("");
  combo.input.value = "";
  turn += 1;
  asked = "";
  hint.replaceChildren();
  draft.wipe();
  form.elements.name.focus();
};
const send = () => {
  if (!inOrder()) return;
  const fields = Object.fromEntries(TEXTS.map((name) => [name, value(name)]));
  Object.assign(fields, { region: $("#id_region").value, category: $("#id_category").value, kind: value("kind") });
  if (form.elements.anonymous.checked) fields.anonymous = "on";
  const call = { id: freshId(), url: form.action, at: Date.now(), fields };
  next();
  put(call);
};
form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
form.addEventListener("keydown", (event) => {
  const button = event.target.closest("button");
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented || button) return;
  event.preventDefault();
  send();
});
form.addEventListener("input", () => { saveSoon(); lookAlike(); });
form.addEventListener("focusin", lookAlike); // a village taken by Tab changes the answer
addEventListener("pagehide", () => { if (value("body") || value("name")) draft.save(); });

const sent = (call, said) => {
  const last = document.querySelector("[data-last]");
  last.hidden = false;
  last.querySelector("b").textContent = say("saved", { name: call.fields.name || say("nameless"), code: said.code });
  const list = document.getElementById("panggilan");
  list.replaceChildren(...new DOMParser().parseFromString(said.list, "text/html").body.childNodes);
  if (window.htmx) window.htmx.process(list);
};
const mend = (call) => {
  if (value("body") || value("name")) return wrong(say("finish"), form.elements.name);
  draft.fill({ ...call.fields, anonymous: call.fields.anonymous === "on" });
  wrong(Object.values(call.refused).join(" "), form.elements.name);
  return true;
};
draft.restore();
start({ sent, mend });
