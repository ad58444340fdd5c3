// Makes the drawn map of the public list movable. Leaflet is fetched only when the map comes into view; without this
// script, without Leaflet or without a connection the drawing stays.
"use strict";
(() => {
  const COLOURS = ["red", "yellow", "green"];
  const VILLAGES_FROM = 12; // zoom levels
  const POINTS_FROM = 15;
  const SVG = "http://www.w3.org/2000/svg";

  const load = (tag, attributes) => new Promise((resolve, reject) => {
    const part = document.createElement(tag);
    part.onload = resolve;
    part.onerror = reject;
    Object.assign(part, attributes);
    document.head.append(part);
  });

  const fetchJson = async (address) => {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  };

  const draw = (name, attributes) => {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    return part;
  };

  // The same shapes as the drawing and its key: diamond, square, circle.
  const shape = (colour, size) => {
    const middle = size / 2;
    const half = middle - 2;
    if (colour === "green") return draw("circle", { class: "pin", cx: middle, cy: middle, r: half });
    const inner = colour === "red" ? half * 0.75 : half;
    const box = { class: "pin", x: middle - inner, y: middle - inner, width: 2 * inner, height: 2 * inner, rx: 3 };
    if (colour === "red") box.transform = `rotate(45 ${middle} ${middle})`;
    return draw("rect", box);
  };

  const mark = (colour, number = "") => {
    const size = number ? 18 + 5 * number.length : 20;
    const svg = draw("svg", { viewBox: `0 0 ${size} ${size}`, width: size, height: size, class: colour, "aria-hidden": "true" });
    svg.append(shape(colour, size));
    if (number) {
      const text = draw("text", { class: "on-mark", x: size / 2, y: size / 2 + 4, "text-anchor": "middle" });
      text.style.fontSize = "11px"; // the drawing's own letters are larger on a phone, where it is scaled down
      text.textContent = number;
      svg.append(text);
    }
    return window.L.divIcon({ html: svg, className: "", iconSize: [size, size] });
  };

  // Of equals the worse colour, as on the server.
  const leading = (counts) => COLOURS.reduce((best, name, at) => (counts[at] > counts[COLOURS.indexOf(best)] ? name : best), "red");

  class PublicMap {
    constructor(figure) {
      this.figure = figure;
      this.data = figure.dataset;
      this.words = JSON.parse(this.data.words);
      this.drawn = "";
      this.talking = false;
    }

    async start() {
      const style = load("link", { rel: "stylesheet", href: this.data.style });
      const [figures] = await Promise.all([
        fetchJson(this.data.url),
        style,
        window.L ? null : load("script", { src: this.data.script }),
      ]);
      this.figures = figures;
      this.open();
      this.addGround();
      this.show();
    }

    open() {
      const place = document.createElement("div");
      place.className = "small" in this.data ? "leaflet leaflet--small" : "leaflet";
      place.setAttribute("role", "region");
      place.setAttribute("aria-label", this.words.label);
      this.figure.prepend(place);
      const { L } = window;
      this.map = L.map(place, { zoomControl: false, attributionControl: Boolean(this.data.tiles), scrollWheelZoom: false, zoomSnap: 0.25 });
      L.control.zoom({ zoomInTitle: this.words.in, zoomOutTitle: this.words.out }).addTo(this.map);
      this.layer = L.layerGroup().addTo(this.map);
      const spots = this.figures.districts.concat(this.figures.places).map((row) => [row[2], row[3]]);
      const [[south, west], [north, east]] = JSON.parse(this.data.bounds);
      const bounds = spots.length > 1 ? L.latLngBounds(spots).pad(0.05) : L.latLngBounds([[south, west], [north, east]]);
      this.map.fitBounds(bounds, { maxZoom: 14, animate: false });
      this.figure.querySelector(":scope > svg").setAttribute("hidden", "");
      this.map.on("moveend", () => this.show());
      this.map.on("popupopen", () => { this.talking = true; });
      this.map.on("popupclose", () => { this.talking = false; });
    }

    async addGround() {
      const { L } = window;
      if (this.data.tiles) {
        this.map.attributionControl.setPrefix(false);
        L.tileLayer(this.data.tiles, { attribution: this.data.attribution, maxZoom: 19 }).addTo(this.map);
        return;
      }
      const style = getComputedStyle(this.figure);
      const ink = (name, other) => style.getPropertyValue(name).trim() || other;
      const line = { color: ink("--edge", "#888"), weight: 1, fillColor: ink("--card", "#fff"), fillOpacity: 0.6 };
      const dot = { radius: 2, stroke: false, fillColor: ink("--edge", "#888"), fillOpacity: 0.45 };
      const options = {
        interactive: false,
        style: (feature) => (feature.geometry.type === "MultiPoint" ? dot : line),
        pointToLayer: (_feature, spot) => L.circleMarker(spot, { interactive: false }),
      };
      try {
        L.geoJSON(await fetchJson(this.data.ground), options).addTo(this.map).bringToBack();
      } catch {
        // Marks and names alone still tell where they are.
      }
    }

    // Names of the kecamatan as far as there is room: places by the middle of their name, marks take their room first.
    addNames(taken) {
      const { L } = window;
      const wide = this.map.getSize().x > 500 || this.map.getZoom() > 10;
      for (const [name, lat, lon] of wide && !this.data.tiles ? JSON.parse(this.data.names) : []) {
        const { x, y } = this.map.latLngToLayerPoint([lat, lon]);
        const half = name.length * 3.6 + 3;
        const free = [y + 19, y - 37].find((top) => !taken.some((other) => x - half < other[2] && other[0] < x + half
          && top < other[3] && other[1] < top + 18));
        if (free === undefined) continue;
        taken.push([x - half, free, x + half, free + 18]);
        const html = document.createElement("span");
        html.textContent = name;
        const icon = L.divIcon({ html, className: "tiny nowrap center", iconSize: [2 * half, 18], iconAnchor: [half, y - free] });
        L.marker([lat, lon], { icon,
          interactive: false, keyboard: false, zIndexOffset: -1000 }).addTo(this.layer);
      }
    }

    async show() {
      const zoom = this.map.getZoom();
      const villages = zoom >= VILLAGES_FROM;
      const close = zoom >= POINTS_FROM;
      // Moving the map to make room for an open popup must not take its mark away.
      const wanted = close ? this.corners() : String(zoom);
      if (wanted === this.drawn || (close && this.talking)) return;
      this.drawn = wanted;
      let near = null;
      if (close) {
        try {
          near = await this.near(wanted);
        } catch {
          near = null;
        }
        if (wanted !== this.drawn) return;
      }
      this.layer.clearLayers();
      if (near) near.points.forEach((row) => this.addPoint(row));
      const { places, districts } = near ? { places: near.places } : this.figures;
      (villages ? places : districts).forEach((row) => this.addPlace(row, villages));
      const taken = [];
      this.layer.eachLayer((spot) => {
        const { x, y } = this.map.latLngToLayerPoint(spot.getLatLng());
        const half = spot.options.icon.options.iconSize[0] / 2;
        taken.push([x - half, y - half, x + half, y + half]);
      });
      this.addNames(taken);
    }

    corners() {
      const box = this.map.getBounds();
      return [box.getSouth(), box.getWest(), box.getNorth(), box.getEast()].map((value) => value.toFixed(3)).join(",");
    }

    // Single reports, and the villages of those that have no point. Null for a box too wide for that.
    async near(corners) {
      const join = this.data.url.endsWith("?") ? "" : "&";
      const found = await fetchJson(`${this.data.url}${join}kotak=${corners}`);
      return found.points ? found : null;
    }

    short(number) {
      return number < 1000 ? String(number) : `${Math.round(number / 1000)}${this.words.thousand}`;
    }

    addPlace([code, name, lat, lon, ...counts], isVillage) {
      const total = counts.reduce((sum, count) => sum + count, 0);
      const words = COLOURS.map((colour, at) => `${counts[at]} ${this.words[colour]}`).join(", ");
      const spot = window.L.marker([lat, lon], { icon: mark(leading(counts), this.short(total)), title: `${name}: ${words}` });
      const query = new URLSearchParams(this.data.url.split("?")[1] || "");
      query.set(isVillage ? "desa" : "kecamatan", code);
      spot.bindPopup(this.popup(name, words, `${this.data.list}?${query}`, this.words.see)).addTo(this.layer);
    }

    addPoint([lat, lon, colour, code, title]) {
      const spot = window.L.marker([lat, lon], { icon: mark(colour), title });
      spot.bindPopup(this.popup(title, code, `${this.data.list}${encodeURIComponent(code)}/`, this.words.one)).addTo(this.layer);
    }

    popup(head, text, address, words) {
      const box = document.createElement("div");
      box.className = "stack gap-1 small";
      const bold = document.createElement("b");
      bold.textContent = head;
      const line = document.createElement("span");
      line.textContent = text;
      const link = document.createElement("a");
      link.href = address;
      link.textContent = words;
      box.append(bold, line, link);
      return box;
    }
  }

  const begin = (figure) => new PublicMap(figure).start().catch(() => {});
  const figures = document.querySelectorAll("[data-map]");
  if (!("IntersectionObserver" in window)) {
    figures.forEach(begin);
    return;
  }
  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      begin(target);
    }
  }, { rootMargin: "200px" });
  figures.forEach((figure) => watcher.observe(figure));
})();
