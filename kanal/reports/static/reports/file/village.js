// The village: the select box of the plain page, made quick to search.
import { $, all, form, make, say, value } from "./form.js";

const villages = () => all("#id_region option").filter((option) => option.value).map((option) => ({
  id: option.value, name: option.textContent, group: option.parentElement.label || "",
}));
export let combo = null;
export const placeOf = (id) => {
  const found = villages().find((row) => row.id === id);
  return !found ? "" : found.name.startsWith("Kec. ") ? found.group : `${found.name}, ${found.group}`;
};
export const choose = (id) => {
  $("#id_region").value = id;
  form.elements.village.value = "";
  all("[data-which] input").forEach((radio) => { radio.checked = radio.value === id; });
  if (combo) { combo.input.value = placeOf(id); combo.close(); }
};
export const comboBox = (changed) => {
  const select = $("#id_region");
  const rows = villages();
  const input = make("input", {
    class: "input", id: "desa", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": "desa-pilihan",
    "aria-autocomplete": "list", "aria-describedby": select.getAttribute("aria-describedby"),
  });
  const list = make("div", { class: "card listbox", id: "desa-pilihan", role: "listbox", "aria-label": say("choices") });
  list.hidden = true;
  $("label[for=id_region]").setAttribute("for", "desa");
  select.hidden = true;
  select.after(input, list);
  input.value = select.value ? placeOf(select.value) : value("village");
  let here = -1;
  const fold = (text) => text.toLowerCase().replace(/[.,]/g, " ").replace(/\b(desa|kelurahan|kecamatan|kec)\b/g, " ").replace(/\s+/g, " ").trim();
  const rank = (row, typed) => {
    const name = fold(row.name), place = fold(`${row.name} ${row.group}`);
    return name === typed ? 0 : name.startsWith(typed) ? 1 : place.startsWith(typed) ? 2 : place.includes(` ${typed}`) ? 3 : 9;
  };
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
  const open = () => {
    const typed = fold(input.value);
    list.replaceChildren();
    if (!typed) return close();
    const found = rows.map((row) => [rank(row, typed), row]).filter(([score]) => score < 9)
      .sort((one, other) => one[0] - other[0] || one[1].name.localeCompare(other[1].name)).slice(0, 8);
    found.forEach(([, row], at) => {
      const option = make("div", { role: "option", id: `desa-${at}`, "aria-selected": "false", "data-id": row.id });
      const rest = row.name.startsWith("Kec. ") ? "" : `, ${row.group}`;
      option.append(make("b", {}, row.name), rest);
      list.append(option);
    });
    if (!found.length) list.append(make("p", { class: "small muted" }, say("no_village")));
    list.hidden = false;
    here = -1;
    input.setAttribute("aria-expanded", "true");
  };
  input.addEventListener("input", () => {
    select.value = "";
    form.elements.village.value = input.value;
    all("[data-which] input").forEach((radio) => { radio.checked = false; });
    open();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      point(here + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      const shown = options();
      const option = shown[here] || (shown.length === 1 ? shown[0] : null);
      if (option) choose(option.dataset.id);
    } else if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) { choose(option.dataset.id); changed(); }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  all("[data-which] input").forEach((radio) => radio.addEventListener("change", () => choose(radio.value)));
  combo = { input, close };
};
