// The draft: words and choices, never photos, and nothing at all of whistle-blowing.
import { $, form, isWhistle, kind, say, value } from "./form.js";
import { photoCount } from "./photos.js";

const KEY = "kanal.laporan";
const KEEP_DAYS = 30;
const TEXTS = ["body", "category", "occurred_on", "lat", "lon", "accuracy", "region", "village", "place_text", "name", "phone", "email"];

const storage = {
  read: () => { try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; } },
  write: (draft) => { try { localStorage.setItem(KEY, JSON.stringify(draft)); return true; } catch { return false; } },
  clear: () => { try { localStorage.removeItem(KEY); } catch { /* private mode: there was nothing */ } },
};
const draftLine = document.querySelector("[data-draft]");
const showDraft = (at) => {
  const time = new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  $("[data-draft-text]", draftLine).textContent = say("saved", { time });
  draftLine.hidden = false;
};
let finished = false;
export const finish = () => { finished = true; storage.clear(); }; // what was typed last may still wait to be saved
addEventListener("pageshow", (event) => { if (event.persisted && finished) location.reload(); });
export const save = (waiting = false) => {
  if (finished) return;
  if (isWhistle()) { storage.clear(); draftLine.hidden = true; return; }
  const fields = Object.fromEntries(TEXTS.map((name) => [name, name === "region" ? $("#id_region").value : value(name)]));
  if (!fields.body && !fields.place_text) return;
  const draft = {
    at: Date.now(), fields, kind: kind(), stamp: value("stamp"), waiting, photos: photoCount(),
    anonymous: form.elements.anonymous.checked, secret: form.elements.secret.checked,
  };
  if (storage.write(draft)) showDraft(draft.at);
};
export const restore = () => {
  const draft = storage.read();
  if (!draft || Date.now() - draft.at > KEEP_DAYS * 86_400_000) return null;
  TEXTS.forEach((name) => {
    const field = name === "region" ? $("#id_region") : form.elements[name];
    if (field && draft.fields[name]) field.value = draft.fields[name];
  });
  const choice = $(`[name=kind][value="${draft.kind}"]`);
  if (choice) choice.checked = true;
  form.elements.anonymous.checked = draft.anonymous;
  form.elements.secret.checked = draft.secret;
  form.elements.stamp.value = draft.stamp; // sent before the line broke? then the same receipt comes back
  showDraft(draft.at);
  $("[data-restored]").hidden = !draft.photos;
  return draft;
};
