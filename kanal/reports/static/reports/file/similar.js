// Somebody may have told it already.
import { $, conf, debounced, form, isWhistle, say, value } from "./form.js";
import { photoLooks } from "./photos.js";

let refused = false;
let asked = "";
export const lookAlike = debounced(async () => {
  const text = value("body");
  const region = $("#id_region").value;
  const looks = photoLooks();
  const question = `${text}|${region}|${value("lat")}|${looks}`;
  if (refused || isWhistle() || text.length < 30 || question === asked) return;
  asked = question;
  const told = new FormData();
  Object.entries({ text, region, lat: value("lat"), lon: value("lon"), csrfmiddlewaretoken: value("csrfmiddlewaretoken") })
    .forEach(([name, content]) => told.append(name, content));
  looks.forEach((one) => told.append("looks", one));
  try {
    const answer = await fetch(conf.similar, { method: "POST", body: told });
    if (!answer.ok || refused) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("section");
    $("[data-similar-here]").replaceChildren(...(found ? [found] : []));
  } catch { /* no line, no hint */ }
}, 900);
export const support = async (button) => {
  const told = new FormData();
  told.append("csrfmiddlewaretoken", value("csrfmiddlewaretoken"));
  button.disabled = true;
  let fine = false;
  try { fine = (await fetch(button.dataset.support, { method: "POST", body: told })).ok; } catch { /* told below */ }
  button.disabled = fine;
  window.kanal.toast(say(fine ? "supported" : "not_supported"), fine ? "green" : "yellow", fine ? "check" : "alert");
};
export const notThis = () => {
  refused = true;
  $("[data-similar-here]").replaceChildren();
  form.elements.body.focus();
};
