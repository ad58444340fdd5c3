// A field with a list of choices below it: what the village and the category have in common.
import { all, make } from "./form.js";

export const listbox = (id, label, attributes = {}) => {
  const input = make("input", {
    class: "input", id, role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": `${id}-pilihan`,
    "aria-autocomplete": "list", ...attributes,
  });
  const list = make("div", { class: "card listbox", id: `${id}-pilihan`, role: "listbox", "aria-label": label });
  list.hidden = true;
  let here = -1;
  const options = () => all("[role=option]", list);
  const close = () => {
    list.hidden = true;
    here = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (at) => {
    const shown = options();
    if (!shown.length) return;
    here = (at + shown.length) % shown.length;
    shown.forEach((option, number) => option.setAttribute("aria-selected", String(number === here)));
    shown[here].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", shown[here].id);
  };
  const show = (rows, draw) => {
    here = -1;
    list.replaceChildren(...rows.map((row, at) => {
      const option = make("div", { role: "option", id: `${id}-${at}`, "aria-selected": "false", "data-id": row.id });
      option.append(...draw(row));
      return option;
    }));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };
  // The select box of the plain page stays what is sent; it only leaves the sight.
  const replace = (select) => {
    document.querySelector(`label[for=${select.id}]`).setAttribute("for", id);
    select.hidden = true;
    select.after(input, list);
  };
  // Up and down, opening the list first; Escape closes it. True when the key was one of these.
  const moved = (event, open) => {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown", opens = list.hidden;
      if (opens) open();
      if (!list.hidden && (!opens || here < 0)) point(down ? here + 1 : here < 0 ? -1 : here - 1);
    } else return false;
    return true;
  };
  const chosen = (choose) => {
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option.dataset.id);
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
  };
  const pointed = () => options()[here] || null;
  return { input, list, options, close, point, show, replace, moved, chosen, pointed };
};

// The rows that match what was typed, best first; 9 means not at all.
export const ranked = (rows, rank, most, compare = () => 0) => rows.map((row) => [rank(row), row])
  .filter(([score]) => score < 9).sort((one, other) => one[0] - other[0] || compare(one[1], other[1])).slice(0, most).map(([, row]) => row);
