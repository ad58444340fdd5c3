// The category by number or by letters: the select box of the plain page, made quick to type.
import { $, all, make, say } from "../file/form.js";

const MOST = 7;
const fold = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

export const categoryBox = () => {
  const select = $("#id_category");
  const rows = all("option", select).filter((option) => option.value).map((option) => ({
    id: option.value, name: option.textContent, number: option.dataset.number || "",
    words: fold(option.textContent.replace(/^\d+\./, "")), other: option.dataset.words.split(";").map(fold),
  }));
  const input = make("input", {
    class: "input", id: "kategori", role: "combobox", autocomplete: "off", "aria-expanded": "false",
    "aria-controls": "kategori-pilihan", "aria-autocomplete": "list",
  });
  const list = make("div", { class: "card listbox", id: "kategori-pilihan", role: "listbox", "aria-label": say("categories") });
  list.hidden = true;
  $("label[for=id_category]").setAttribute("for", "kategori");
  select.hidden = true;
  select.after(input, list);

  const rank = (row, typed) => {
    if (/^\d+$/.test(typed)) return row.number === typed ? 0 : row.number.startsWith(typed) ? 1 : 9;
    if (row.words.startsWith(typed)) return row.number ? 0 : 1;
    if (` ${row.words}`.includes(` ${typed}`)) return 2;
    return row.other.some((word) => word.startsWith(typed)) ? 3 : 9;
  };
  const options = () => all("[role=option]", list);
  let here = 0;
  const close = () => {
    list.hidden = true;
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
    if (!typed) return close();
    const found = rows.map((row) => [rank(row, typed), row]).filter(([score]) => score < 9)
      .sort((one, other) => one[0] - other[0]).slice(0, MOST);
    list.replaceChildren(...found.map(([, row], at) => make(
      "div", { role: "option", id: `kategori-${at}`, "aria-selected": "false", "data-id": row.id }, row.name,
    )));
    if (!found.length) return close();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(0);
  };
  const choose = (id) => {
    select.value = id;
    const row = rows.find((one) => one.id === id);
    input.value = row ? row.name : "";
    close();
  };
  // What is typed means the option that is pointed at; false when it means none.
  const settle = () => {
    const shown = list.hidden ? [] : options();
    if (shown.length) choose(shown[here].dataset.id);
    return !input.value.trim() || Boolean(select.value);
  };
  if (select.value) choose(select.value);
  input.addEventListener("input", () => { select.value = ""; open(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open(); else point(here + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" || event.key === "Tab") settle(); // Enter goes on and sends
    else if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option.dataset.id);
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  return { input, choose, settle };
};
