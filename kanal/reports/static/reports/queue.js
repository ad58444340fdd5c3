// The queue by keyboard: one row is "here", letters act on it, a preview follows. Without this file every link and
// button of the page works all the same. Letters count only while the focus is in the list, and can be switched off.
"use strict";
(() => {
  const doc = document;
  const main = doc.getElementById("isi");
  const byId = (id) => doc.getElementById(id);
  const SWITCH = "meja.pintasan";
  const PLACE = "meja.baris";
  const PREVIEW_AFTER = 200;
  const wide = matchMedia("(min-width: 60rem)");

  // Storage may be forbidden; the page then forgets, and that is all.
  const remember = (store, key, value) => { try { store.setItem(key, value); } catch { /* forgets */ } };
  const recall = (store, key) => { try { return store.getItem(key); } catch { return null; } };
  const lettersOn = () => recall(localStorage, SWITCH) !== "mati";

  const rows = () => [...doc.querySelectorAll("#daftar tbody tr")];
  const linkOf = (row) => row.querySelector("th a");
  const boxOf = (row) => row.querySelector(".pick input");
  const here = () => doc.querySelector("#daftar .is-here");
  const ticked = () => [...doc.querySelectorAll("#daftar tbody .pick input:checked")];

  // The preview ----------------------------------------------------------------------------------------------------

  let waiting = 0;
  let shown = "";

  const plainPreview = (link) => {
    const card = doc.createElement("article");
    card.className = "card stick";
    const title = doc.createElement("h2");
    title.className = "h3";
    title.textContent = link.textContent;
    const open = doc.createElement("a");
    open.className = "btn";
    open.href = link.href;
    open.textContent = byId("pratinjau").dataset.open;
    card.append(title, open);
    byId("pratinjau").replaceChildren(card);
  };

  const preview = (link) => {
    clearTimeout(waiting);
    if (!wide.matches || !window.htmx || shown === link.href) return;
    waiting = setTimeout(() => {
      shown = link.href;
      window.htmx.ajax("GET", `${link.pathname}pratinjau/`, { target: "#pratinjau", swap: "innerHTML" }).catch(() => {});
    }, PREVIEW_AFTER);
  };

  doc.addEventListener("htmx:responseError", (event) => {
    if (event.detail.target && event.detail.target.id === "pratinjau" && here()) plainPreview(linkOf(here()));
  });

  // The row one is on ----------------------------------------------------------------------------------------------

  const stand = (row) => {
    if (!row || row === here()) return;
    rows().forEach((other) => other.classList.toggle("is-here", other === row));
    const link = linkOf(row);
    remember(sessionStorage, PLACE, link.pathname);
    preview(link);
  };

  const go = (row) => {
    if (!row) return;
    stand(row);
    linkOf(row).focus();
    row.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const all = rows();
    const at = all.indexOf(here());
    go(all[Math.min(all.length - 1, Math.max(0, at + by))]);
  };

  // Ticking --------------------------------------------------------------------------------------------------------

  const tell = () => {
    const bar = byId("bilah");
    if (!bar) return;
    const number = ticked().length;
    bar.hidden = number === 0;
    const words = byId("dipilih");
    words.textContent = words.dataset.one.replace("%(number)s", number);
    const every = byId("semua");
    every.checked = number > 0 && number === rows().length;
    every.indeterminate = number > 0 && !every.checked;
  };

  const tick = (row, on) => {
    const box = boxOf(row);
    if (box) box.checked = on === undefined ? !box.checked : on;
    tell();
  };

  const assign = () => {
    const button = doc.querySelector('#bilah button[value="assign"]');
    if (!button || !here()) return;
    const field = doc.querySelector("#pratinjau form :is(input:checked, input:not([type=hidden]), select)");
    if (!ticked().length && field && wide.matches) {
      field.focus();
      return;
    }
    if (!ticked().length) tick(here(), true);
    byId("massal").requestSubmit(button);
  };

  // As proposed: afterwards one stands on the next report, not at the top again.
  const accept = () => {
    const button = here() && here().querySelector('button[name="usul"]');
    if (button) byId("massal").requestSubmit(button);
  };

  doc.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.name !== "usul") return;
    const row = event.submitter.closest("tr");
    const next = row.nextElementSibling || row.previousElementSibling;
    if (next) remember(sessionStorage, PLACE, linkOf(next).pathname);
  });

  // Keys -----------------------------------------------------------------------------------------------------------

  const search = () => {
    const top = byId("cari-atas");
    const field = top && top.offsetParent ? top : byId("cari");
    field.focus();
    field.select();
  };

  const LETTERS = {
    j: () => step(1),
    k: () => step(-1),
    o: () => here() && linkOf(here()).click(),
    x: () => here() && tick(here()),
    t: assign,
    u: accept,
    c: () => byId("catat") && byId("catat").click(),
    "/": search,
    "?": () => byId("pintasan").showModal(),
  };
  const ARROWS = { ArrowDown: () => step(1), ArrowUp: () => step(-1) };

  doc.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest("#daftar")) return;
    const deed = ARROWS[event.key] || (lettersOn() && LETTERS[event.key]);
    if (!deed) return;
    event.preventDefault();
    deed();
  });

  doc.addEventListener("focusin", (event) => {
    const row = event.target.closest("#daftar tbody tr");
    if (row) stand(row);
  });

  doc.addEventListener("click", (event) => {
    const row = event.target.closest("#daftar tbody tr");
    if (row && !event.target.closest("a, input, label")) {
      if (event.target.closest(".pick")) tick(row);
      go(row);
    }
    if (event.target.closest("#batal")) {
      rows().forEach((other) => tick(other, false));
      go(here() || rows()[0]);
    }
  });

  doc.addEventListener("change", (event) => {
    if (event.target.id === "semua") rows().forEach((row) => tick(row, event.target.checked));
    else if (event.target.closest("#daftar .pick")) tell();
    else if (event.target.id === "pintasan-aktif") {
      remember(localStorage, SWITCH, event.target.checked ? "nyala" : "mati");
      showSwitch();
    }
  });

  const showSwitch = () => {
    const box = byId("pintasan-aktif");
    if (!box) return;
    box.checked = lettersOn();
    byId("baris-pintasan").hidden = !lettersOn();
  };

  // A fresh list, on arrival and after every swap ------------------------------------------------------------------

  const ready = (first) => {
    shown = "";
    showSwitch();
    tell();
    const place = recall(sessionStorage, PLACE);
    const known = rows().find((row) => linkOf(row).pathname === place);
    const row = known || rows()[0];
    // Arriving on a wide screen one is in the list at once, unless one asked for a part of the page or uses no letters.
    if (row && first && wide.matches && lettersOn() && !location.hash && doc.activeElement === doc.body) {
      linkOf(row).focus({ preventScroll: !known });
    } else if (row && wide.matches) stand(row);
  };

  let open = [];
  doc.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === main) open = [...main.querySelectorAll("details[open][id]")].map((part) => part.id);
  });
  doc.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== main) return;
    open.forEach((id) => { if (byId(id)) byId(id).open = true; });
    ready(false);
  });
  addEventListener("pageshow", () => tell());
  ready(true);
})();
