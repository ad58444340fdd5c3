// The page of one case: letters for verbs, standard answers put in place, the map, and a name that closes by itself.
// Without script every part still works as links and plain forms.
"use strict";
(() => {
  const doc = document;
  // Switched off at the queue, for both pages. Storage may be forbidden; then the letters work.
  const off = () => { try { return localStorage.getItem("meja.pintasan") === "mati"; } catch { return false; } };

  // One letter does what the button with that letter does, while nobody is typing.
  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || off()) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    const wanted = doc.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
    write();
  });

  // Whoever came to write the answer can type at once.
  const write = () => {
    const field = location.hash === "#jawab" && doc.querySelector("#jawab textarea");
    if (field) field.focus();
  };
  addEventListener("load", write); // not before: going to #jawab, the browser takes the focus away

  // A form that was just fetched takes the focus.
  doc.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "aksi") return;
    event.target.hidden = false;
    const menu = doc.querySelector("details.menu[open]");
    if (menu) menu.open = false;
    const first = event.target.querySelector("input:not([type=hidden]), textarea, select");
    if (first) first.focus();
    event.target.scrollIntoView({ block: "nearest" });
  });

  // Insert a standard answer where the cursor stands.
  doc.addEventListener("click", (event) => {
    const button = event.target.closest("[data-canned] button");
    if (!button) return;
    const form = button.form;
    const chosen = form.querySelector("[name=canned]").value;
    const source = form.querySelector(`template[data-canned-text="${CSS.escape(chosen)}"]`);
    const field = form.querySelector("textarea[name=text]");
    if (!field) return;
    event.preventDefault();
    if (!source) return;
    const before = field.value.slice(0, field.selectionStart);
    const gap = before && !before.endsWith("\n") ? "\n\n" : "";
    field.setRangeText(gap + source.content.textContent, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    const hole = field.value.indexOf("{tanggal}");
    if (hole >= 0) field.setSelectionRange(hole, hole + "{tanggal}".length);
  });

  // An open identity leaves the screen when its quarter of an hour is over.
  const open = doc.querySelector("[data-seconds]");
  if (open) setTimeout(() => location.reload(), Math.max(0, Number(open.dataset.seconds) - Date.now()) + 1000);

  // The drawn map is replaced by the real one when it comes into view.
  const load = (src) => new Promise((done, fail) => {
    const script = doc.createElement("script");
    script.src = src;
    script.onload = done;
    script.onerror = fail;
    doc.head.append(script);
  });
  const draw = async (box) => {
    const { lat, lon, tiles, attribution, exact, leaflet } = box.dataset;
    await load(leaflet);
    box.replaceChildren();
    const point = [Number(lat), Number(lon)];
    const map = window.L.map(box, { scrollWheelZoom: false }).setView(point, exact ? 16 : 13);
    map.attributionControl.setPrefix(false);
    window.L.tileLayer(tiles, { attribution, maxZoom: 19 }).addTo(map);
    window.L.circleMarker(point, { radius: exact ? 9 : 16, weight: 3 }).addTo(map);
  };
  const box = doc.querySelector("[data-map]");
  if (box && "IntersectionObserver" in window) {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      draw(box).catch(() => {});
    });
    seen.observe(box);
  }
})();
