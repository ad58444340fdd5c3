// Calls that wait for the line. Each is one entry of the browser's storage under a name of its own, so that two tabs
// cannot lose each other's; the server knows the name too, so that a call sent twice is still one report.
const PREFIX = "kanal.radio.";
const AGAIN_AFTER = 5000;
const PATIENCE = 15_000;

const words = JSON.parse(document.getElementById("kata").textContent);
const say = (name, facts = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => facts[key]);
const memory = new Map(); // what the storage would not take

const stored = () => {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => JSON.parse(localStorage[key]));
  } catch { return []; }
};
export const waiting = () => [...stored(), ...memory.values()].sort((one, other) => one.at - other.at);
const keep = (call) => {
  try { localStorage[PREFIX + call.id] = JSON.stringify(call); memory.delete(call.id); } catch { memory.set(call.id, call); }
};
const forget = (id) => {
  memory.delete(id);
  try { localStorage.removeItem(PREFIX + id); } catch { /* it was never there */ }
};

let hear = { sent: () => {}, mend: null }; // mend takes a refused call back into the form, or says that it cannot
let why = "";
let timer = 0;
let busy = false;

const make = (tag, css, text) => Object.assign(document.createElement(tag), { className: css, textContent: text });
const button = (text, act) => {
  const made = make("button", "btn btn--small", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
};
const row = (call) => {
  const line = make("li", "row between", "");
  const told = make("div", "stack gap-1 grow", "");
  told.append(make("p", "", `${call.fields.name || say("nameless")}: ${call.fields.body}`));
  line.append(told);
  if (!call.refused) return line;
  told.append(make("p", "error", Object.values(call.refused).join(" ")));
  if (hear.mend) line.append(button(say("mend"), () => { if (hear.mend(call)) { forget(call.id); draw(); } }));
  line.append(button(say("drop"), () => { forget(call.id); draw(); }));
  return line;
};
const draw = () => {
  const box = document.getElementById("belum-terkirim");
  const calls = waiting();
  box.hidden = !calls.length || (calls.length === 1 && busy && !why && !calls[0].refused);
  const asked = [box.querySelector("[data-count]"), box.querySelector("[data-why]")];
  const said = [say("unsent", { count: calls.length }), memory.size ? say("not_kept") : why ? say(why) : ""];
  asked.forEach((place, at) => { if (place.textContent !== said[at]) place.textContent = said[at]; });
  box.querySelector("[data-list]").replaceChildren(...calls.map(row));
};

const post = (call) => {
  const told = new FormData();
  Object.entries({ ...call.fields, submission: call.id }).forEach(([name, text]) => told.append(name, text));
  told.append("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  const headers = { "X-Requested-With": "fetch" };
  return fetch(call.url, { method: "POST", body: told, headers, signal: AbortSignal.timeout(PATIENCE) });
};
// Returns what keeps the rest from being sent, "" when the next may go.
const sendOne = async (call) => {
  let answer;
  try { answer = await post(call); } catch { return "offline"; }
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (answer.status >= 500) return "trouble";
  if (answer.redirected || answer.status === 403 || (!isJson && answer.status !== 404)) return "session";
  const said = isJson ? await answer.json().catch(() => null) : { errors: { "": say("gone") } };
  if (!said) return "offline"; // the line broke within the answer; the same name brings the same code
  if (answer.status === 201) { forget(call.id); hear.sent(call, said); } else keep({ ...call, refused: said.errors });
  return "";
};
export const flush = async () => {
  if (busy) return;
  clearTimeout(timer);
  busy = true;
  why = "";
  try {
    for (const call of waiting().filter((one) => !one.refused)) {
      why = await sendOne(call);
      if (why) break;
    }
  } finally { busy = false; }
  draw();
  const left = waiting().some((call) => !call.refused);
  if (left) timer = setTimeout(flush, why ? AGAIN_AFTER : 0);
};
export const put = (call) => {
  keep(call);
  flush();
  draw();
};
export const start = (listeners = {}) => {
  hear = { ...hear, ...listeners };
  addEventListener("online", flush);
  addEventListener("beforeunload", (event) => { if (memory.size) event.preventDefault(); });
  draw();
  flush();
};
