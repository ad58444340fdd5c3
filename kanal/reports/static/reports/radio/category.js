// The category by number or by letters: the select box of the plain page, made quick to type.
import { $, all, say } from "../file/form.js";
import { listbox, ranked } from "../file/listbox.js";

const MOST = 7;
const fold = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

export const categoryBox = () => {
  const select = $("#id_category");
  const rows = all("option", select).filter((option) => option.value).map((option) => ({
    id: option.value, name: option.textContent, number: option.dataset.number || "",
    words: fold(option.textContent.replace(/^\d+\./, "")), other: option.dataset.words.split(";").map(fold),
  }));
  const box = listbox("kategori", say("categories"));
  const { input, list, close } = box;
  box.replace(select);

  const rank = (row, typed) => {
    if (/^\d+$/.test(typed)) return row.number === typed ? 0 : row.number.startsWith(typed) ? 1 : 9;
    if (row.words.startsWith(typed)) return row.number ? 0 : 1;
    if (` ${row.words}`.includes(` ${typed}`)) return 2;
    return row.other.some((word) => word.startsWith(typed)) ? 3 : 9;
  };
  const open = () => {
    const typed = fold(input.value);
    const found = typed ? ranked(rows, (row) => rank(row, typed), MOST) : [];
    if (!found.length) return close();
    box.show(found, (row) => [row.name]);
    box.point(0);
  };
  const choose = (id) => {
    select.value = id;
    const row = rows.find((one) => one.id === id);
    input.value = row ? row.name : "";
    close();
  };
  // What is typed means the option that is pointed at; false when it means none.
  const settle = () => {
    const option = list.hidden ? null : box.pointed();
    if (option) choose(option.dataset.id);
    return !input.value.trim() || Boolean(select.value);
  };
  if (select.value) choose(select.value);
  input.addEventListener("input", () => { select.value = ""; open(); });
  input.addEventListener("keydown", (event) => {
    if (!box.moved(event, open) && (event.key === "Enter" || event.key === "Tab")) settle(); // Enter goes on and sends
  });
  box.chosen(choose);
  return { input, choose, settle };
};
