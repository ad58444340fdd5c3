// Minutes while they are written: kept on this device at every stroke, sent a second after the last one, tried again until
// the server has them. Who finds that somebody else wrote at the same topic sees both, and puts them together.
const WAIT = 1000; // milliseconds without a key before what was typed is sent
const RETRY = 8000;
const PATIENCE = 15_000;

export const start = () => {
  const box = document.getElementById("notulen");
  const pages = box ? [...box.querySelectorAll("[data-page]")] : [];
  const name = (form) => `kanal.notulen.${box.dataset.episode}.${form.elements.slot.value || "umum"}`;
  const say = (form, text) => { const line = form.querySelector("[data-state]"); if (line.textContent !== text) line.textContent = text; };
  const clock = () => new Date().toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  const saved = new Map(); // what the server has, by page
  const timers = new Map();
  const busy = new Set();

  const keep = (form) => {
    const told = { text: form.elements.text.value, version: form.elements.version.value };
    try { localStorage.setItem(name(form), JSON.stringify(told)); } catch { /* the server alone keeps it */ }
  };
  const forget = (form) => { try { localStorage.removeItem(name(form)); } catch { /* it was never there */ } };
  const recall = (form) => { try { return JSON.parse(localStorage.getItem(name(form)) || "null"); } catch { return null; } };
  const dirty = (form) => form.elements.text.value !== saved.get(form);
  const later = (form, wait) => { clearTimeout(timers.get(form)); timers.set(form, setTimeout(() => send(form), wait)); };

  // Their text with the lines below it that only ours has.
  const merge = (theirs, ours) => {
    const known = new Set(theirs.split("\n"));
    return [theirs, ...ours.split("\n").filter((line) => !known.has(line))].join("\n").trim();
  };
  const both = (form, told) => {
    const place = form.querySelector("[data-both]");
    const made = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const button = Object.assign(made("button", box.dataset.merge), { type: "button", className: "btn btn--small" });
    button.addEventListener("click", () => {
      form.elements.text.value = merge(told.theirs, form.elements.text.value);
      form.elements.version.value = told.version;
      place.hidden = true;
      form.elements.text.focus();
      keep(form);
      send(form);
    });
    const part = Object.assign(document.createElement("div"), { className: "stack gap-1" });
    const theirs = Object.assign(made("p", told.theirs), { className: "live-theirs" });
    theirs.dir = "auto";
    part.append(made("p", told.wrong), made("b", box.dataset.theirs), theirs, button);
    place.replaceChildren(part);
    place.hidden = false;
    say(form, "");
  };

  const send = async (form) => {
    if (busy.has(form) || !form.querySelector("[data-both]").hidden) return;
    if (!dirty(form)) { forget(form); return; }
    busy.add(form);
    const text = form.elements.text.value;
    say(form, box.dataset.saving);
    let told = {};
    let answer;
    try {
      answer = await fetch(box.dataset.minutes, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(PATIENCE) });
      told = answer.redirected ? {} : await answer.json();
    } catch { answer = null; }
    busy.delete(form);
    if (answer?.ok && told.version !== undefined) {
      form.elements.version.value = told.version;
      saved.set(form, text);
      if (dirty(form)) { keep(form); later(form, WAIT); return; }
      forget(form);
      say(form, box.dataset.saved.replace("{time}", clock()));
    } else if (answer?.status === 409 && told.theirs !== undefined) both(form, told);
    else if (told.wrong) say(form, told.wrong);
    else {
      say(form, answer && (answer.redirected || answer.status === 403) ? box.dataset.session : box.dataset.kept);
      later(form, RETRY);
    }
  };

  for (const form of pages) {
    saved.set(form, form.elements.text.value);
    const told = recall(form);
    if (told && told.text !== form.elements.text.value) {
      form.elements.text.value = told.text;
      form.elements.version.value = told.version; // what was seen then: whoever wrote since is not overwritten
      send(form);
    } else if (told) forget(form);
    form.addEventListener("input", () => { keep(form); later(form, WAIT); });
    form.addEventListener("focusout", () => later(form, 0));
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
  }
  addEventListener("online", () => pages.forEach((form) => send(form)));
  addEventListener("pagehide", () => pages.forEach((form) => { if (dirty(form)) keep(form); }));
  // Signing off waits for what is still on its way.
  box?.querySelector("[data-after-save]")?.addEventListener("submit", async (event) => {
    const open = pages.filter(dirty);
    if (!open.length) return;
    event.preventDefault();
    await Promise.all(open.map(send));
    const form = event.target;
    form.dataset.once = "";
    if (!pages.some(dirty)) form.submit();
  });
};
