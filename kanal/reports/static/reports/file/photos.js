// Photos of the form, which it sends by itself.
import { shrink } from "../../kanal/photos.js";
import { $, all, complain, conf, icon, make, say } from "./form.js";

const FIELDS = 8;
const GRAIN = 8;
// What a picture looks like, as kanal/common/looks.py has it: where each field is lighter than its right neighbour.
const looksOf = async (data) => {
  const [across, down] = [(FIELDS + 1) * GRAIN, FIELDS * GRAIN];
  const pen = Object.assign(document.createElement("canvas"), { width: across, height: down }).getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(await createImageBitmap(data), 0, 0, across, down);
  const dots = pen.getImageData(0, 0, across, down).data;
  const light = Array.from({ length: FIELDS * (FIELDS + 1) }, () => 0);
  for (let dot = 0; dot < across * down; dot += 1) {
    const field = Math.floor(dot / across / GRAIN) * (FIELDS + 1) + Math.floor((dot % across) / GRAIN);
    light[field] += 299 * dots[4 * dot] + 587 * dots[4 * dot + 1] + 114 * dots[4 * dot + 2];
  }
  const lighter = (_nothing, place) => Number(light[place] > light[place + 1]);
  const bits = light.map(lighter).filter((_bit, place) => place % (FIELDS + 1) < FIELDS).join("");
  return bits.match(/.{4}/g).map((four) => parseInt(four, 2).toString(16)).join("");
};
let photos = [];
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
const addPhotos = async (files, changed) => {
  const faults = [];
  for (const file of files) {
    if (file.type && !file.type.startsWith("image/")) faults.push(say("not_photo", { name: file.name }));
    else if (photos.length + parkedCount() >= Number(conf.most)) { faults.push(say("too_many", { most: conf.most })); break; }
    else {
      const data = await shrink(file);
      if (data.size > Number(conf.largest)) faults.push(say("too_large", { name: file.name }));
      else photos.push({ name: file.name, data, url: URL.createObjectURL(data), looks: await looksOf(data).catch(() => "") });
    }
  }
  complain($("[data-photo-error]"), faults.join(" "));
  drawThumbs();
  changed();
};
export const photoField = (changed) => {
  const input = $("#id_photos");
  input.classList.add("behind");
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    addPhotos(files, changed);
  });
  all("[name=parked]").forEach((box) => box.addEventListener("change", () => { if (!box.checked) box.closest("li").remove(); drawThumbs(); }));
  drawThumbs();
};
export const photoLooks = () => photos.map((photo) => photo.looks).filter(Boolean);
export const photoCount = () => photos.length;
export const addPhotosTo = (told) => photos.forEach((photo) => told.append("photos", photo.data, photo.name));
export const forgetPhotos = () => {
  photos.forEach((photo) => URL.revokeObjectURL(photo.url));
  photos = [];
};
