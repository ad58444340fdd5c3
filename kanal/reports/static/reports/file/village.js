// The village: the select box of the plain page, made quick to search.
import { $, all, form, make, say, value } from "./form.js";
import { listbox, ranked } from "./listbox.js";

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
  const box = listbox("desa", say("choices"), { "aria-describedby": select.getAttribute("aria-describedby") || "" });
  const { input, list, close } = box;
  box.replace(select);
  input.value = select.value ? placeOf(select.value) : value("village");
  const fold = (text) => text.toLowerCase().replace(/[.,]/g, " ").replace(/\b(desa|kelurahan|kecamatan|kec)\b/g, " ").replace(/\s+/g, " ").trim();
  const rank = (row, typed) => {
    const name = fold(row.name), place = fold(`${row.name} ${row.group}`);
    return name === typed ? 0 : name.startsWith(typed) ? 1 : place.startsWith(typed) ? 2 : place.includes(` ${typed}`) ? 3 : 9;
  };
  const open = () => {
    const typed = fold(input.value);
    if (!typed) return close();
    const found = ranked(rows, (row) => rank(row, typed), 8, (one, other) => one.name.localeCompare(other.name));
    box.show(found, (row) => [make("b", {}, row.name), row.name.startsWith("Kec. ") ? "" : `, ${row.group}`]);
    if (!found.length) list.append(make("p", { class: "small muted" }, say("no_village")));
  };
  input.addEventListener("input", () => {
    select.value = "";
    form.elements.village.value = input.value;
    all("[data-which] input").forEach((radio) => { radio.checked = false; });
    open();
  });
  input.addEventListener("keydown", (event) => {
    if (box.moved(event, open) || event.key !== "Enter" || list.hidden) return;
    event.preventDefault();
    const shown = box.options();
    const option = box.pointed() || (shown.length === 1 ? shown[0] : null);
    if (option) choose(option.dataset.id);
  });
  box.chosen((id) => { choose(id); changed(); });
  all("[data-which] input").forEach((radio) => radio.addEventListener("change", () => choose(radio.value)));
  combo = { input, close };
};
