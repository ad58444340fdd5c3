// "Buat laporan" in three steps, on a phone whose connection comes and goes. Without this file the form is one page.
"use strict";
(() => {
  const KEY = "kanal.laporan";
  const KEEP_DAYS = 30;
  const SIDE = 1600;
  const SMALL_ENOUGH = 400_000;
  const PROOF_WAIT = 20_000;
  const PROOF_FRESH = 50 * 60_000;
  const RETRY = [5, 10, 20, 40, 60];
  const TEXTS = ["body", "category", "occurred_on", "lat", "lon", "accuracy", "region", "village", "place_text", "name", "phone", "email"];
  const doc = document;
  const words = JSON.parse(doc.getElementById("kata").textContent);
  const say = (name, facts = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => facts[key]);

  let form = doc.getElementById("laporan");
  const conf = { ...form.dataset };
  const $ = (selector, root = form) => root.querySelector(selector);
  const all = (selector, root = form) => [...root.querySelectorAll(selector)];
  const value = (name) => form.elements[name] ? form.elements[name].value : "";
  const kind = () => ($("[name=kind]:checked") || {}).value;
  const isWhistle = () => kind() === "whistleblowing";

  const make = (tag, attributes = {}, text = "") => {
    const element = doc.createElement(tag);
    Object.entries(attributes).forEach(([name, content]) => element.setAttribute(name, content));
    element.textContent = text;
    return element;
  };
  const icon = (name) => {
    const svg = doc.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    const use = doc.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  };
  const complain = (line, text) => {
    line.hidden = !text;
    line.querySelector("span").textContent = text;
  };
  const debounced = (act, pause) => {
    let timer;
    return () => { clearTimeout(timer); timer = setTimeout(act, pause); };
  };

  /* Draft: words and choices, never photos, and nothing at all of whistle-blowing. */
  const storage = {
    read: () => { try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; } },
    write: (draft) => { try { localStorage.setItem(KEY, JSON.stringify(draft)); return true; } catch { return false; } },
    clear: () => { try { localStorage.removeItem(KEY); } catch { /* private mode: there was nothing */ } },
  };
  const draftLine = doc.querySelector("[data-draft]");
  const showDraft = (at) => {
    const time = new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    $("[data-draft-text]", draftLine).textContent = say("saved", { time });
    draftLine.hidden = false;
  };
  const save = (waiting = false) => {
    if (isWhistle()) { storage.clear(); draftLine.hidden = true; return; }
    const fields = Object.fromEntries(TEXTS.map((name) => [name, name === "region" ? $("#id_region").value : value(name)]));
    if (!fields.body && !fields.place_text) return;
    const draft = {
      at: Date.now(), fields, kind: kind(), stamp: value("stamp"), waiting, photos: photos.length,
      anonymous: form.elements.anonymous.checked, secret: form.elements.secret.checked,
    };
    if (storage.write(draft)) showDraft(draft.at);
  };
  const restore = () => {
    const draft = storage.read();
    if (!draft || Date.now() - draft.at > KEEP_DAYS * 86_400_000) return null;
    TEXTS.forEach((name) => {
      const field = name === "region" ? $("#id_region") : form.elements[name];
      if (field && draft.fields[name]) field.value = draft.fields[name];
    });
    const choice = $(`[name=kind][value="${draft.kind}"]`);
    if (choice) choice.checked = true;
    form.elements.anonymous.checked = draft.anonymous;
    form.elements.secret.checked = draft.secret;
    form.elements.stamp.value = draft.stamp; // sent before the line broke? then the same receipt comes back
    showDraft(draft.at);
    $("[data-restored]").hidden = !draft.photos;
    return draft;
  };

  /* Steps. */
  let step = 1;
  const go = (wanted, focus = true) => {
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
  const bodyFault = () => {
    const actual = [...value("body")].length;
    if (actual > Number(conf.longest)) return say("long", { actual: actual.toLocaleString("id-ID") });
    return longEnough() ? "" : say("short");
  };
  const checkBody = () => {
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

  /* Photos: made small here, so that sending them costs little. */
  let photos = [];
  const shrink = async (file) => {
    if (!("createImageBitmap" in window)) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      if (scale === 1 && file.size < SMALL_ENOUGH) return file;
      const canvas = doc.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return small && small.size < file.size ? small : file;
    } catch {
      return file; // HEIC and the like: the server can open what this browser cannot
    }
  };
  const parkedCount = () => all("[name=parked]:checked").length;
  const drawThumbs = () => {
    const list = $("[data-thumbs]");
    all("[data-local]", list).forEach((item) => item.remove());
    photos.forEach((photo) => {
      const item = make("li", { "data-local": "" });
      const picture = make("img", { src: photo.url, alt: say("ready", { name: photo.name }) });
      const drop = make("button", { type: "button", class: "thumb-drop", "aria-label": say("remove", { name: photo.name }) });
      drop.append(icon("x"));
      drop.addEventListener("click", () => {
        URL.revokeObjectURL(photo.url);
        photos = photos.filter((one) => one !== photo);
        drawThumbs();
        $("#id_photos").focus();
      });
      item.append(picture, drop);
      list.append(item);
    });
    list.hidden = !list.children.length;
  };
  const addPhotos = async (files) => {
    const faults = [];
    for (const file of files) {
      if (file.type && !file.type.startsWith("image/")) faults.push(say("not_photo", { name: file.name }));
      else if (photos.length + parkedCount() >= Number(conf.most)) { faults.push(say("too_many", { most: conf.most })); break; }
      else {
        const data = await shrink(file);
        if (data.size > Number(conf.largest)) faults.push(say("too_large", { name: file.name }));
        else photos.push({ name: file.name, data, url: URL.createObjectURL(data) });
      }
    }
    complain($("[data-photo-error]"), faults.join(" "));
    drawThumbs();
    save();
  };
  const photoField = () => {
    const input = $("#id_photos");
    input.classList.add("vh");
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      addPhotos(files);
    });
    all("[name=parked]").forEach((box) => box.addEventListener("change", () => { if (!box.checked) box.closest("li").remove(); drawThumbs(); }));
    drawThumbs();
  };

  /* The village: the select box of the plain page, made quick to search. */
  const villages = () => all("#id_region option").filter((option) => option.value).map((option) => ({
    id: option.value, name: option.textContent, group: option.parentElement.label || "",
  }));
  let combo = null;
  const placeOf = (id) => {
    const found = villages().find((row) => row.id === id);
    return !found ? "" : found.name.startsWith("Kec. ") ? found.group : `${found.name}, ${found.group}`;
  };
  const choose = (id) => {
    $("#id_region").value = id;
    form.elements.village.value = "";
    all("[data-which] input").forEach((radio) => { radio.checked = radio.value === id; });
    if (combo) { combo.input.value = placeOf(id); combo.close(); }
  };
  const comboBox = () => {
    const select = $("#id_region");
    const rows = villages();
    const input = make("input", {
      class: "input", id: "desa", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": "desa-pilihan",
      "aria-autocomplete": "list", "aria-describedby": select.getAttribute("aria-describedby"),
    });
    const list = make("div", { class: "card listbox", id: "desa-pilihan", role: "listbox", "aria-label": say("choices") });
    list.hidden = true;
    $("label[for=id_region]").setAttribute("for", "desa");
    select.hidden = true;
    select.after(input, list);
    input.value = select.value ? placeOf(select.value) : value("village");
    let here = -1;
    const fold = (text) => text.toLowerCase().replace(/[.,]/g, " ").replace(/\b(desa|kelurahan|kecamatan|kec)\b/g, " ").replace(/\s+/g, " ").trim();
    const rank = (row, typed) => {
      const name = fold(row.name), place = fold(`${row.name} ${row.group}`);
      return name === typed ? 0 : name.startsWith(typed) ? 1 : place.startsWith(typed) ? 2 : place.includes(` ${typed}`) ? 3 : 9;
    };
    const options = () => all("[role=option]", list);
    const close = () => {
      list.hidden = true;
      here = -1;
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
      list.replaceChildren();
      if (!typed) return close();
      const found = rows.map((row) => [rank(row, typed), row]).filter(([score]) => score < 9)
        .sort((one, other) => one[0] - other[0] || one[1].name.localeCompare(other[1].name)).slice(0, 8);
      found.forEach(([, row], at) => {
        const option = make("div", { role: "option", id: `desa-${at}`, "aria-selected": "false", "data-id": row.id });
        const rest = row.name.startsWith("Kec. ") ? "" : `, ${row.group}`;
        option.append(make("b", {}, row.name), rest);
        list.append(option);
      });
      if (!found.length) list.append(make("p", { class: "small muted" }, say("no_village")));
      list.hidden = false;
      here = -1;
      input.setAttribute("aria-expanded", "true");
    };
    input.addEventListener("input", () => {
      select.value = "";
      form.elements.village.value = input.value;
      all("[data-which] input").forEach((radio) => { radio.checked = false; });
      open();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) open();
        point(here + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        const shown = options();
        const option = shown[here] || (shown.length === 1 ? shown[0] : null);
        if (option) choose(option.dataset.id);
      } else if (event.key === "Escape") close();
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { choose(option.dataset.id); save(); lookAlike(); }
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    all("[data-which] input").forEach((radio) => radio.addEventListener("change", () => choose(radio.value)));
    combo = { input, close };
  };

  /* The pin: from the phone's own position or from the map. */
  let map = null;
  const pinWords = (place, accuracy) => {
    const line = $("[data-pin-words]");
    line.replaceChildren(icon("pin"), " ", say(place ? "pin_at" : "pin_bare", { place }) + (accuracy ? `, ${say("accuracy", { metres: Math.round(accuracy) })}` : ""));
    $("[data-unpin]").hidden = false;
    $("[data-figure]").hidden = false;
  };
  const unpin = () => {
    ["lat", "lon", "accuracy"].forEach((name) => { form.elements[name].value = ""; });
    if (map) map.clear();
    $("[data-pin-words]").textContent = say("tap");
    $("[data-unpin]").hidden = true;
    if (!map) $("[data-figure]").hidden = true;
    save();
  };
  const setPin = async (lat, lon, accuracy = 0) => {
    complain($("[data-pin-error]"), "");
    let found = null;
    try {
      found = await (await fetch(`${conf.places}?lat=${lat}&lon=${lon}`)).json();
    } catch { /* without a line the server looks at the pin later */ }
    if (found && !found.inside) {
      unpin();
      complain($("[data-pin-error]"), say("outside"));
      return;
    }
    form.elements.lat.value = lat.toFixed(6);
    form.elements.lon.value = lon.toFixed(6);
    form.elements.accuracy.value = accuracy ? Math.round(accuracy) : "";
    if (map) map.show(lat, lon, accuracy > 0);
    if (found && found.id) choose(String(found.id));
    pinWords(found ? found.place : "", accuracy);
    save();
    lookAlike();
  };
  const gps = (button) => {
    if (!navigator.geolocation) return complain($("[data-pin-error]"), say("gps_failed"));
    button.setAttribute("aria-busy", "true");
    const done = () => button.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { done(); setPin(coords.latitude, coords.longitude, coords.accuracy); },
      () => { done(); complain($("[data-pin-error]"), say("gps_failed")); },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  };
  const load = (tag, attributes) => new Promise((done, failed) => {
    const element = make(tag, attributes);
    element.onload = done;
    element.onerror = failed;
    doc.head.append(element);
  });
  const openMap = async (button) => {
    button.setAttribute("aria-busy", "true");
    try {
      if (!window.L) {
        await Promise.all([
          load("link", { rel: "stylesheet", href: conf.leafletCss }), load("link", { rel: "stylesheet", href: conf.mapCss }),
          load("script", { src: conf.leaflet }),
        ]);
        await load("script", { src: conf.map });
      }
      $("[data-figure]").hidden = false;
      $("[data-canvas]").hidden = false;
      const picked = (lat, lon) => setPin(lat, lon);
      map = await window.kanalMap($("[data-canvas]"), { source: `${conf.places}?peta`, tiles: conf.tiles, attribution: conf.attribution, picked });
      button.hidden = true;
      $("[data-pin-centre]").hidden = false;
      if (value("lat")) map.show(Number(value("lat")), Number(value("lon")), true);
    } catch {
      complain($("[data-pin-error]"), say("map_failed"));
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  /* Somebody may have told it already. */
  let refused = false;
  let asked = "";
  const lookAlike = debounced(async () => {
    const text = value("body");
    const region = $("#id_region").value;
    const question = `${text}|${region}|${value("lat")}`;
    if (refused || isWhistle() || text.length < 30 || question === asked) return;
    asked = question;
    const told = new FormData();
    Object.entries({ text, region, lat: value("lat"), lon: value("lon"), csrfmiddlewaretoken: value("csrfmiddlewaretoken") })
      .forEach(([name, content]) => told.append(name, content));
    try {
      const answer = await fetch(conf.similar, { method: "POST", body: told });
      if (!answer.ok || refused) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("section");
      $("[data-similar-here]").replaceChildren(...(found ? [found] : []));
    } catch { /* no line, no hint */ }
  }, 900);
  const support = async (button) => {
    const told = new FormData();
    told.append("csrfmiddlewaretoken", value("csrfmiddlewaretoken"));
    button.disabled = true;
    let fine = false;
    try { fine = (await fetch(button.dataset.support, { method: "POST", body: told })).ok; } catch { /* told below */ }
    button.disabled = fine;
    window.kanal.toast(say(fine ? "supported" : "not_supported"), fine ? "green" : "yellow", fine ? "check" : "alert");
  };

  /* The puzzle that keeps robots out, solved while the person writes. */
  let proof = null;
  const solve = () => {
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
  const proven = async () => {
    if (!proof || Date.now() - proof.started > PROOF_FRESH) solve();
    if (proof) await Promise.race([proof.done, new Promise((over) => setTimeout(over, PROOF_WAIT))]);
  };

  /* Sending, and sending again. */
  let sending = false;
  let tries = 0;
  let timer = 0;
  const tell = (sentence) => {
    const note = $("[data-waiting]");
    note.hidden = false;
    $("p", note).textContent = say(sentence);
    note.scrollIntoView({ block: "center" });
  };
  const wait = (sentence) => {
    tell(isWhistle() ? "whistle" : sentence);
    save(true);
    clearTimeout(timer);
    timer = setTimeout(send, 1000 * RETRY[Math.min(tries, RETRY.length - 1)]);
    tries += 1;
  };
  const swap = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById("laporan");
    if (!fresh) return false;
    photos.forEach((photo) => URL.revokeObjectURL(photo.url));
    photos = []; // the good ones wait on the server now
    map = null;
    form.replaceWith(fresh);
    form = fresh;
    start(false);
    const summary = $("#kesalahan");
    if (summary) summary.focus();
    return true;
  };
  const send = async () => {
    if (sending) return;
    clearTimeout(timer);
    sending = true;
    const button = $("[data-send]");
    button.setAttribute("aria-busy", "true");
    try {
      if (!navigator.onLine) return wait("offline");
      await proven();
      const told = new FormData(form);
      told.delete("photos");
      photos.forEach((photo) => told.append("photos", photo.data, photo.name));
      const answer = await fetch(form.action, { method: "POST", body: told, headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 201) {
        const { next } = await answer.json();
        storage.clear();
        location.assign(next);
        return;
      }
      if (answer.status >= 500) wait("trouble");
      else if (!swap(await answer.text())) tell("refused"); // sending the same again would not help
    } catch {
      wait(navigator.onLine ? "trouble" : "offline");
    } finally {
      sending = false;
      button.removeAttribute("aria-busy");
    }
  };
  addEventListener("online", () => { if (tries) send(); });

  const clicks = {
    "[data-next]": () => { if (step !== 1 || checkBody()) go(step + 1); },
    "[data-back]": () => go(step - 1),
    "[data-gps]": gps,
    "[data-open-map]": openMap,
    "[data-unpin]": unpin,
    "[data-pin-centre]": () => { const { lat, lng } = map.centre(); setPin(lat, lng); },
    "[data-support]": support,
    "[data-not-this]": () => { refused = true; $("[data-similar-here]").replaceChildren(); form.elements.body.focus(); },
  };
  const shownTo = () => {
    const whistle = isWhistle(), secret = form.elements.secret.checked;
    $("[data-if-whistle]").hidden = !whistle;
    $("[data-if-secret]").hidden = whistle || !secret;
    $("[data-if-open]").hidden = whistle || secret;
    if (whistle) $("[data-similar-here]").replaceChildren();
  };
  const leadToError = (link) => {
    const target = doc.getElementById(link.hash.slice(1));
    const section = target && target.closest("[data-step]");
    if (!section) return;
    go(all("[data-step]").indexOf(section) + 1, false);
    if (target.id === "id_region" && combo) { combo.input.focus(); return true; }
  };
  const start = (first) => {
    all("[data-js]").forEach((part) => { part.hidden = false; });
    all("[data-no-js]").forEach((part) => { part.hidden = true; });
    const saveSoon = debounced(() => { save(); }, 600);
    form.addEventListener("input", () => { saveSoon(); shownTo(); });
    form.addEventListener("click", (event) => {
      const link = event.target.closest("#kesalahan a");
      if (link && leadToError(link)) event.preventDefault();
      for (const [selector, act] of Object.entries(clicks)) {
        const button = event.target.closest(selector);
        if (button) act(button);
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!checkBody()) { go(1, false); checkBody(); return; }
      tries = 0;
      send();
    });
    form.elements.body.addEventListener("input", () => {
      if (form.elements.body.getAttribute("aria-invalid") === "true" && !bodyFault()) checkBodyQuietly();
      lookAlike();
    });
    const draft = first && !conf.bound ? restore() : null;
    comboBox();
    photoField();
    shownTo();
    if (value("lat")) pinWords(placeOf($("#id_region").value), Number(value("accuracy")));
    go(Number(form.dataset.stepFirst), false);
    proof = null;
    solve();
    if (draft && draft.waiting && !draft.photos) send();
    if (value("body")) lookAlike();
  };
  const checkBodyQuietly = () => {
    complain($("#id_body_error"), "");
    form.elements.body.closest(".field").classList.remove("field--wrong");
    form.elements.body.setAttribute("aria-invalid", "false");
  };
  doc.querySelector("[data-wipe]").addEventListener("click", () => {
    storage.clear();
    location.assign(form.action);
  });
  start(true);
})();
