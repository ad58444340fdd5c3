// Photos of the form, which it sends by itself.
import { shrink } from "../../kanal/photos.js";
import { $, all, complain, conf, icon, make, say } from "./form.js";

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
      else photos.push({ name: file.name, data, url: URL.createObjectURL(data) });
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
export const photoCount = () => photos.length;
export const addPhotosTo = (told) => photos.forEach((photo) => told.append("photos", photo.data, photo.name));
export const forgetPhotos = () => {
  photos.forEach((photo) => URL.revokeObjectURL(photo.url));
  photos = [];
};
