// "Buat laporan" in three steps, on a phone whose connection comes and goes. Without this file the form is one page.
import { finish, restore, save } from "./file/draft.js";
import { $, all, conf, debounced, form, isWhistle, replaceForm, say, value } from "./file/form.js";
import { addPhotosTo, forgetPhotos, photoField } from "./file/photos.js";
import { gps, openMap, pinCentre, pinField, unpin } from "./file/pin.js";
import { proven, solve } from "./file/proof.js";
import { lookAlike, notThis, support } from "./file/similar.js";
import { bodyFault, calmBody, checkBody, go, step } from "./file/steps.js";
import { combo, comboBox } from "./file/village.js";

const RETRY = [5, 10, 20, 40, 60];

/* Sending, and sending again. */
let sending = false;
let tries = 0;
let timer = 0;
const tell = (sentence) => {
  const note = $("[data-waiting]");
  note.hidden = false;
  $("p", note).textContent = say(sentence);
  note.scrollIntoView({ block: "center" });
};
const wait = (sentence) => {
  tell(isWhistle() ? "whistle" : sentence);
  save(true);
  clearTimeout(timer);
  timer = setTimeout(send, 1000 * RETRY[Math.min(tries, RETRY.length - 1)]);
  tries += 1;
};
const swap = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.getElementById("laporan");
  if (!fresh) return false;
  forgetPhotos(); // the good ones wait on the server now
  replaceForm(fresh);
  start(false);
  const summary = $("#kesalahan");
  if (summary) summary.focus();
  return true;
};
const send = async () => {
  if (sending) return;
  clearTimeout(timer);
  sending = true;
  const button = $("[data-send]");
  button.setAttribute("aria-busy", "true");
  try {
    if (!navigator.onLine) return wait("offline");
    await proven();
    const told = new FormData(form);
    told.delete("photos");
    addPhotosTo(told);
    const answer = await fetch(form.action, { method: "POST", body: told, headers: { "X-Requested-With": "fetch" } });
    if (answer.status === 201) {
      const { next } = await answer.json();
      finish();
      location.assign(next);
      return;
    }
    if (answer.status >= 500) wait("trouble");
    else if (!swap(await answer.text())) tell("refused"); // sending the same again would not help
  } catch {
    wait(navigator.onLine ? "trouble" : "offline");
  } finally {
    sending = false;
    button.removeAttribute("aria-busy");
  }
};
addEventListener("online", () => { if (tries) send(); });

/* What is pressed and typed. */
const clicks = {
  "[data-next]": () => { if (step !== 1 || checkBody()) go(step + 1); },
  "[data-back]": () => go(step - 1),
  "[data-gps]": gps,
  "[data-open-map]": openMap,
  "[data-unpin]": unpin,
  "[data-pin-centre]": pinCentre,
  "[data-support]": support,
  "[data-not-this]": notThis,
};
const changed = () => {
  save();
  lookAlike();
};
const shownTo = () => {
  const whistle = isWhistle(), secret = form.elements.secret.checked;
  $("[data-if-whistle]").hidden = !whistle;
  $("[data-if-secret]").hidden = whistle || !secret;
  $("[data-if-open]").hidden = whistle || secret;
  if (whistle) $("[data-similar-here]").replaceChildren();
};
const leadToError = (link) => {
  const target = document.getElementById(link.hash.slice(1));
  const section = target && target.closest("[data-step]");
  if (!section) return;
  go(all("[data-step]").indexOf(section) + 1, false);
  if (target.id === "id_region" && combo) { combo.input.focus(); return true; }
};
const start = (first) => {
  all("[data-js]").forEach((part) => { part.hidden = false; });
  all("[data-no-js]").forEach((part) => { part.hidden = true; });
  const saveSoon = debounced(() => { save(); }, 600);
  form.addEventListener("input", () => { saveSoon(); shownTo(); });
  form.addEventListener("click", (event) => {
    const link = event.target.closest("#kesalahan a");
    if (link && leadToError(link)) event.preventDefault();
    for (const [selector, act] of Object.entries(clicks)) {
      const button = event.target.closest(selector);
      if (button) act(button);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!checkBody()) { go(1, false); checkBody(); return; }
    tries = 0;
    send();
  });
  form.elements.body.addEventListener("input", () => {
    if (form.elements.body.getAttribute("aria-invalid") === "true" && !bodyFault()) calmBody();
    lookAlike();
  });
  const draft = first && !conf.bound ? restore() : null;
  comboBox(changed);
  photoField(changed);
  pinField(changed);
  shownTo();
  go(Number(form.dataset.stepFirst), false);
  solve();
  if (draft && draft.waiting && !draft.photos) send();
  if (value("body")) lookAlike();
};
document.querySelector("[data-wipe]").addEventListener("click", () => {
  finish();
  location.assign(form.action);
});
start(true);
