// The three steps, and the one field that must be filled in before the next.
import { $, all, complain, conf, form, icon, make, say, value } from "./form.js";

export let step = 1;
export const go = (wanted, focus = true) => {
  step = Math.min(3, Math.max(1, wanted));
  all("[data-step]").forEach((section, at) => { section.hidden = at + 1 !== step; });
  all("[data-steps] li").forEach((mark, at) => {
    mark.className = at + 1 < step ? "done" : "";
    if (at + 1 === step) mark.setAttribute("aria-current", "step"); else mark.removeAttribute("aria-current");
  });
  $("[data-intro]").classList.toggle("vh", step > 1);
  if (focus) {
    $(`#langkah-${step}`).focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }
};
const longEnough = () => (value("body").match(/[\p{L}\p{N}]/gu) || []).length >= Number(conf.least);
export const bodyFault = () => {
  const actual = [...value("body")].length;
  if (actual > Number(conf.longest)) return say("long", { actual: actual.toLocaleString("id-ID") });
  return longEnough() ? "" : say("short");
};
export const checkBody = () => {
  const field = form.elements.body.closest(".field");
  let line = $("#id_body_error", field);
  const fault = bodyFault();
  const fine = !fault;
  if (!line && !fine) {
    line = make("p", { class: "error", id: "id_body_error", role: "alert" });
    line.append(icon("alert"), " ", make("span"));
    field.append(line);
  }
  if (line) complain(line, fault);
  field.classList.toggle("field--wrong", !fine);
  form.elements.body.setAttribute("aria-invalid", String(!fine));
  const told = "id_body_hint" + (fine ? "" : " id_body_error");
  form.elements.body.setAttribute("aria-describedby", told);
  if (!fine) form.elements.body.focus();
  return fine;
};
export const calmBody = () => {
  complain($("#id_body_error"), "");
  form.elements.body.closest(".field").classList.remove("field--wrong");
  form.elements.body.setAttribute("aria-invalid", "false");
};
