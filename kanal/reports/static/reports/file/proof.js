// The puzzle that keeps robots out, solved while the person writes.
import { $, conf, form, value } from "./form.js";

const PROOF_WAIT = 20_000;
const PROOF_FRESH = 50 * 60_000;

let proof = null;
export const solve = () => {
  proof = null;
  if (!window.Worker || !window.isSecureContext) return;
  const started = Date.now();
  const done = (async () => {
    const puzzle = await (await fetch(conf.challenge, { headers: { "X-Kanal-Stamp": value("stamp") } })).json();
    form.elements.stamp.value = puzzle.stamp;
    const number = await new Promise((found, failed) => {
      const worker = new Worker(conf.solver);
      worker.onmessage = ({ data }) => { worker.terminate(); found(data); };
      worker.onerror = failed;
      worker.postMessage(puzzle);
    });
    if (number === null) return;
    form.elements.proof.value = [puzzle.salt, puzzle.target, puzzle.expires, puzzle.signature, number].join(".");
    $("[data-proof-done]").hidden = false;
  })().catch(() => { proof = null; });
  proof = { started, done };
};
export const proven = async () => {
  if (!proof || Date.now() - proof.started > PROOF_FRESH) solve();
  if (proof) await Promise.race([proof.done, new Promise((over) => setTimeout(over, PROOF_WAIT))]);
};
