// Issues by keyboard: on the board j and k walk from line to line, on the page of one issue a letter opens what its
// button says. Without this file every link, form and button works all the same. Letters can be switched off, for the
// queue and for these pages together.
"use strict";
(() => {
  const doc = document;
  const SWITCH = "meja.pintasan";
  const remember = (value) => { try { localStorage.setItem(SWITCH, value); } catch { /* storage is forbidden: forgets */ } };
  const recall = () => { try { return localStorage.getItem(SWITCH); } catch { return null; } };
  const lettersOn = () => recall() !== "mati";
  const help = doc.getElementById("pintasan");
  const box = doc.getElementById("pintasan-aktif");

  const show = () => {
    if (box) box.checked = lettersOn();
    for (const line of doc.querySelectorAll("[data-keys]")) line.hidden = !lettersOn();
  };

  // The line one is on, on the board.
  const links = () => [...doc.querySelectorAll("[data-walk] :is(h3, h4) a")];
  const walk = (by) => {
    const all = links();
    const at = all.indexOf(doc.activeElement.closest("a"));
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    if (!next) return false;
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  };

  // What a letter stands on: a form behind its words is opened and its first field takes the focus, anything else is pressed.
  const press = (wanted) => {
    if (wanted.matches("details")) {
      wanted.open = true;
      const first = wanted.querySelector("input:not([type=hidden]), textarea, select");
      if (first) first.focus();
      wanted.scrollIntoView({ block: "nearest" });
    } else if (wanted.matches("input, textarea, select")) {
      wanted.focus();
      if (wanted.select && wanted.type !== "checkbox") wanted.select();
    } else wanted.click();
  };

  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || !lettersOn()) return;
    if (event.target.closest("textarea, select, dialog[open], [contenteditable], input:not([type=checkbox], [type=radio])")) return;
    const key = event.key.toLowerCase();
    if (key === "?" && help) help.showModal();
    else if ((key === "j" || key === "k") && doc.querySelector("[data-walk]")) walk(key === "j" ? 1 : -1);
    else {
      const wanted = doc.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (!wanted) return;
      press(wanted);
    }
    event.preventDefault();
  });

  if (box) {
    box.addEventListener("change", () => {
      remember(box.checked ? "nyala" : "mati");
      show();
    });
  }
  show();
})();
