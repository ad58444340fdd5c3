// Where a report should go: an agency is asked for before sending, and the category goes with a proposal until somebody
// chooses it. The style sheet shows the list of all agencies; without script the server asks for what is missing.
"use strict";
(() => {
  const doc = document;
  const prepare = (root) => {
    for (const box of root.querySelectorAll("[data-other]")) {
      for (const radio of box.closest("form").querySelectorAll("input[name=to]")) radio.required = true;
    }
  };

  doc.addEventListener("change", (event) => {
    const form = event.target.form;
    const box = form && form.querySelector("[data-other]");
    if (!box) return;
    const category = form.querySelector("select[name=category]");
    if (event.target === category) form.dataset.sorted = "1";
    if (event.target.name !== "to") return;
    box.querySelector("select").required = event.target.value === "lain";
    const suggested = event.target.dataset.category;
    if (suggested && !form.dataset.sorted) category.value = suggested;
  });
  doc.addEventListener("htmx:load", (event) => prepare(event.target));
  prepare(doc);
})();
