// Small helpers for every page. Nothing here is needed to use Kanal: each part only makes a working page quicker.
"use strict";
(() => {
  const doc = document;
  const all = (selector, root = doc) => root.querySelectorAll(selector);

  // Buttons that cannot work without script are written hidden.
  const reveal = (root) => all("[data-script][hidden]", root).forEach((part) => { part.hidden = false; });

  const toast = (text, kind = "green", name = "check") => {
    let stack = doc.querySelector(".toasts");
    if (!stack) {
      stack = doc.createElement("div");
      stack.className = "toasts";
      doc.body.append(stack);
    }
    stack.setAttribute("role", "status");
    const note = doc.createElement("div");
    note.className = `notice toast small ${kind}`;
    const ns = "http://www.w3.org/2000/svg";
    const icon = doc.createElementNS(ns, "svg");
    icon.setAttribute("class", "i");
    icon.setAttribute("aria-hidden", "true");
    icon.append(doc.createElementNS(ns, "use"));
    icon.firstChild.setAttribute("href", `#i-${name}`);
    const words = doc.createElement("p");
    words.textContent = text;
    note.append(icon, words);
    stack.append(note);
    setTimeout(() => note.remove(), 8000);
  };

  const copy = async (button) => {
    const source = doc.querySelector(button.dataset.copy);
    const text = button.dataset.text || (source && (source.value || source.textContent.trim()));
    try {
      await navigator.clipboard.writeText(text);
      toast(button.dataset.done || text);
    } catch {
      // No clipboard (old phone, plain http): select the text so that one long press copies it.
      if (source) getSelection().selectAllChildren(source);
    }
  };

  const share = async (button) => {
    const url = button.dataset.url || location.href;
    if (navigator.share) await navigator.share({ title: doc.title, url }).catch(() => {});
    else await copy({ dataset: { text: url, done: button.dataset.done } });
  };

  doc.addEventListener("click", (event) => {
    for (const menu of all("details.menu[open]:not(.menu--inline)")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const button = event.target.closest("[data-copy], [data-text], [data-share], [data-print], [data-close], [data-dialog]");
    if (!button) return;
    const { dataset } = button;
    if ("share" in dataset) share(button);
    else if ("print" in dataset) window.print();
    else if ("close" in dataset) button.closest(".notice, dialog")[button.closest("dialog") ? "close" : "remove"]();
    else if ("dialog" in dataset) {
      // The link or button still leads to a page of its own when there is no script.
      event.preventDefault();
      doc.querySelector(dataset.dialog).showModal();
    } else copy(button);
  });

  doc.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // A form marked data-once is sent once, however impatient the thumb; coming back makes it usable again.
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("once" in form.dataset) || event.defaultPrevented) return;
    if (form.dataset.once === "sent") event.preventDefault();
    form.dataset.once = "sent";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("form[data-once]").forEach((form) => { form.dataset.once = ""; });
    all("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
  });

  const ready = (root) => {
    reveal(root);
    const wrong = doc.querySelector("[data-focus]");
    if (wrong) wrong.focus();
  };
  doc.addEventListener("htmx:load", (event) => reveal(event.target));
  ready(doc);
  window.kanal = { toast };
})();
