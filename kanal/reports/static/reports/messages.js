// The inbox by keyboard. In the list one row is "here" and letters act on it; on a message each key is a button's own.
// Without this file every link and button of the pages works all the same.
"use strict";
(() => {
  const doc = document;
  const rows = () => [...doc.querySelectorAll("#pesan tbody tr")];
  const linkOf = (row) => row.querySelector("th a");
  const boxOf = (row) => row.querySelector(".pick input");
  const here = () => doc.querySelector("#pesan .is-here");
  // The same switch as in the queue: who turned letters off there wants none here.
  const lettersOn = () => {
    try { return localStorage.getItem("meja.pintasan") !== "mati"; } catch { return true; }
  };
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const stand = (row) => rows().forEach((other) => other.classList.toggle("is-here", other === row));
  const go = (row) => {
    if (!row) return;
    stand(row);
    linkOf(row).focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = rows();
    go(all[Math.min(all.length - 1, Math.max(0, all.indexOf(here()) + by))]);
  };

  const tell = () => {
    const words = doc.getElementById("dicentang");
    if (!words) return;
    const number = doc.querySelectorAll("#pesan .pick input:checked").length;
    words.textContent = words.dataset.words.replace("%(number)s", number);
  };
  const tick = (row, on) => {
    const box = boxOf(row);
    if (box) box.checked = on === undefined ? !box.checked : on;
    tell();
  };
  const drop = () => {
    const reason = doc.querySelector("#bilah select");
    if (!reason || !here()) return;
    if (!doc.querySelector("#pesan .pick input:checked")) tick(here(), true);
    reason.focus();
  };
  const open = (part) => { if (here() && (boxOf(here()) || !part)) location.href = linkOf(here()).pathname + part; };

  const LIST = {
    j: () => step(1), ArrowDown: () => step(1),
    k: () => step(-1), ArrowUp: () => step(-1),
    o: () => open(""),
    l: () => open("laporan/"),
    g: () => open("#gabung"),
    b: () => open("#jawab"),
    x: () => here() && tick(here()),
    d: drop,
  };

  // A button that leads to a part of the page brings the focus to what is filled in there.
  const enter = (hash) => {
    const part = hash.length > 1 && doc.getElementById(hash.slice(1));
    const field = part && part.querySelector("input:not([type=hidden]), textarea, select, button");
    if (field) field.focus();
  };

  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const letter = event.key.length === 1;
    if (letter && !lettersOn()) return;
    if (rows().length) {
      const deed = LIST[event.key];
      if (!deed || !event.target.closest("#pesan")) return;
      event.preventDefault();
      deed();
      return;
    }
    const button = doc.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  doc.addEventListener("focusin", (event) => {
    const row = event.target.closest("#pesan tbody tr");
    if (row) stand(row);
  });
  doc.addEventListener("change", (event) => { if (event.target.closest("#pesan .pick")) tell(); });
  doc.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"][data-key]');
    if (link) setTimeout(() => enter(link.hash));
  });

  // Only now: going to a part of a page takes the focus away again.
  addEventListener("pageshow", () => {
    tell();
    enter(location.hash);
  });
  const first = rows()[0];
  if (first && matchMedia("(min-width: 60rem)").matches && doc.activeElement === doc.body && lettersOn()) {
    linkOf(first).focus({ preventScroll: true });
  }
})();
