// The rundown of an episode without reloading the page: topics are dragged by their grip or moved with Alt and an
// arrow, minutes are kept when they change, and every button of #susunan answers in place. Without this file each is a
// form that works all the same.
"use strict";
(() => {
  const doc = document;
  const frame = () => doc.getElementById("susunan");
  if (!frame() || !("rundown" in frame().dataset)) return;
  const list = () => doc.getElementById("daftar-topik");
  const slots = () => (list() ? [...list().querySelectorAll("[data-slot]")] : []);
  const order = () => slots().map((slot) => slot.dataset.slot).join(",");

  const tell = (text) => { doc.getElementById("kabar-susunan").textContent = text; };

  const tellPlace = (slot) => {
    const words = { topic: slot.dataset.topic, place: slots().indexOf(slot) + 1, count: slots().length };
    tell(frame().dataset.place.replace(/\{(\w+)\}/g, (_whole, name) => words[name]));
  };

  // Sending --------------------------------------------------------------------------------------------------------

  const queue = [];
  let sending = false;
  let pressed = false;

  // Where the focus was: the same control, else its neighbour of the same topic, else the first proposal or the list.
  const focusAgain = (id, slotId) => {
    const slot = slotId && doc.querySelector(`[data-slot="${slotId}"]`);
    const found = (id && doc.querySelector(`#${id}:enabled`)) || (slot && slot.querySelector("button:enabled:not([hidden])"))
      || doc.querySelector("#usul [data-proposal] button") || doc.querySelector("#topik input:not([type=hidden])");
    if (found) found.focus({ preventScroll: true });
  };

  const replace = (page) => {
    const fresh = page.getElementById("susunan");
    if (!fresh) return false;
    const at = frame().contains(doc.activeElement) ? doc.activeElement : null;
    const place = at && { id: at.id, slot: at.closest("[data-slot]") };
    frame().replaceWith(fresh);
    fresh.dispatchEvent(new Event("htmx:load", { bubbles: true }));
    const version = fresh.querySelector("input[name=version]");
    if (version) doc.querySelectorAll("input[name=version]").forEach((one) => { one.value = version.value; });
    if (place) focusAgain(place.id, place.slot && place.slot.dataset.slot);
    const notes = [...page.querySelectorAll(".messages .notice p")].map((note) => note.textContent);
    notes.forEach((note) => window.kanal.toast(note));
    return true;
  };

  // What was refused is shown by the page that refuses it: the form is sent once more, and nothing was written before.
  const openly = (form) => {
    if (!form.isConnected) doc.body.append(form);
    form.submit();
  };

  // A button that is being pressed stays where it is until the finger is off it.
  const still = async () => { while (pressed) await new Promise((go) => { setTimeout(go, 40); }); };

  const send = async (form, fields) => {
    const sent = order();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(fields) });
    if (!answer.ok) return openly(form);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await still();
    // Moved on meanwhile: the newer order is sent at once, and its answer is the one that is shown.
    if (form.id === "urutan" && sent !== order()) return keepOrder();
    if (!queue.length && !replace(page)) openly(form);
    return undefined;
  };

  const push = async (form, fields) => {
    queue.push([form, fields]);
    if (sending) return;
    sending = true;
    frame().setAttribute("aria-busy", "true");
    try {
      while (queue.length) await send(...queue.shift());
    } catch {
      queue.length = 0;
      window.kanal.toast(frame().dataset.offline, "red", "alert");
    } finally {
      sending = false;
      frame().removeAttribute("aria-busy");
    }
  };

  const keepOrder = () => {
    const form = doc.getElementById("urutan");
    form.elements.order.value = order();
    push(form, new FormData(form));
  };

  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (!frame().contains(form)) return;
    event.preventDefault();
    push(form, new FormData(form, event.submitter));
  }, { capture: true });

  doc.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.id === "menit" && event.target.validity.valid) form.requestSubmit();
  });

  // Order ----------------------------------------------------------------------------------------------------------

  const number = () => slots().forEach((slot, at) => { slot.querySelector("[data-number]").textContent = `${at + 1}.`; });

  const moved = (slot) => {
    number();
    tellPlace(slot);
    keepOrder();
  };

  doc.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const slot = event.altKey && step && event.target.closest("#daftar-topik [data-slot]");
    if (!slot) return;
    event.preventDefault();
    const other = step < 0 ? slot.previousElementSibling : slot.nextElementSibling;
    if (!other) return;
    slot[step < 0 ? "after" : "before"](other);
    slot.scrollIntoView({ block: "nearest" });
    moved(slot);
  });

  // Near an edge of the screen the page goes on by itself, so many pixels a move.
  const EDGE = 70;
  const STEP = 12;
  let held = null;

  doc.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    held = { slot: grip.closest("[data-slot]"), before: order() };
    grip.setPointerCapture(event.pointerId);
    grip.focus({ preventScroll: true });
    held.slot.classList.add("is-held");
  });

  doc.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { slot } = held;
    if (event.clientY < EDGE) scrollBy(0, -STEP);
    else if (event.clientY > innerHeight - EDGE) scrollBy(0, STEP);
    const above = slot.previousElementSibling;
    const below = slot.nextElementSibling;
    const middle = (one) => { const box = one.getBoundingClientRect(); return box.top + box.height / 2; };
    // The others go round it: what is held stays in the document, and with it focus and pointer.
    if (above && event.clientY < middle(above)) slot.after(above);
    else if (below && event.clientY > middle(below)) slot.before(below);
    else return;
    number();
  });

  const letGo = () => {
    if (!held) return;
    const { slot, before } = held;
    held = null;
    slot.classList.remove("is-held");
    if (order() !== before) moved(slot);
  };
  doc.addEventListener("pointerdown", () => { pressed = true; }, { capture: true });
  for (const end of ["pointerup", "pointercancel"]) {
    doc.addEventListener(end, () => {
      pressed = false;
      letGo();
    });
  }
})();
