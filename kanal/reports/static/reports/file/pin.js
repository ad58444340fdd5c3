// The pin: from the phone's own position or from the map.
import { $, complain, conf, form, icon, make, say, value } from "./form.js";
import { choose, placeOf } from "./village.js";

let map = null;
let changed = null;
const pinWords = (place, accuracy) => {
  const line = $("[data-pin-words]");
  line.replaceChildren(icon("pin"), " ", say(place ? "pin_at" : "pin_bare", { place }) + (accuracy ? `, ${say("accuracy", { metres: Math.round(accuracy) })}` : ""));
  $("[data-unpin]").hidden = false;
  $("[data-figure]").hidden = false;
};
export const unpin = () => {
  ["lat", "lon", "accuracy"].forEach((name) => { form.elements[name].value = ""; });
  if (map) map.clear();
  $("[data-pin-words]").textContent = say("tap");
  $("[data-unpin]").hidden = true;
  if (!map) $("[data-figure]").hidden = true;
  changed();
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
  changed();
};
export const gps = (button) => {
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
  document.head.append(element);
});
export const openMap = async (button) => {
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
export const pinCentre = () => {
  const { lat, lng } = map.centre();
  setPin(lat, lng);
};
export const pinField = (whenChanged) => {
  map = null;
  changed = whenChanged;
  if (value("lat")) pinWords(placeOf($("#id_region").value), Number(value("accuracy")));
};
