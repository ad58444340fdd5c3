// The puzzle that keeps robots out, solved while the question is written. Without this file the form works all the same.
const form = document.getElementById("pertanyaan");

const solve = async () => {
  if (!window.Worker || !window.isSecureContext) return;
  try {
    const asked = await fetch(form.dataset.challenge, { headers: { "X-Kanal-Stamp": form.elements.stamp.value } });
    const puzzle = await asked.json();
    form.elements.stamp.value = puzzle.stamp;
    const number = await new Promise((found, failed) => {
      const worker = new Worker(form.dataset.solver);
      worker.onmessage = ({ data }) => { worker.terminate(); found(data); };
      worker.onerror = failed;
      worker.postMessage(puzzle);
    });
    if (number === null) return;
    form.elements.proof.value = [puzzle.salt, puzzle.target, puzzle.expires, puzzle.signature, number].join(".");
  } catch { /* no line, no proof: the form goes without */ }
};
solve();
