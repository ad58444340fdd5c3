// The form as it stands now (a refused one is replaced), and what all its parts use.
const words = JSON.parse(document.getElementById("kata").textContent);
export const say = (name, facts = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => facts[key]);

export let form = document.getElementById("laporan");
export const replaceForm = (fresh) => {
  form.replaceWith(fresh);
  form = fresh;
};
export const conf = { ...form.dataset };
export const $ = (selector, root = form) => root.querySelector(selector);
export const all = (selector, root = form) => [...root.querySelectorAll(selector)];
export const value = (name) => form.elements[name] ? form.elements[name].value : "";
export const kind = () => ($("[name=kind]:checked") || {}).value;
export const isWhistle = () => kind() === "whistleblowing";

export const make = (tag, attributes = {}, text = "") => {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, content]) => element.setAttribute(name, content));
  element.textContent = text;
  return element;
};
export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
};
export const complain = (line, text) => {
  line.hidden = !text;
  line.querySelector("span").textContent = text;
};
export const debounced = (act, pause) => {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(act, pause); };
};
