// Photos of a form: chosen one after another, shown, taken back, and made small here, so that sending them costs little.
// Without this file the browser's own field sends them as they are. A page that sends by itself only borrows `shrink`.
const SIDE = 1600;
const SMALL_ENOUGH = 400_000;

export const shrink = async (file) => {
  if (!("createImageBitmap" in window)) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < SMALL_ENOUGH) return file;
    const canvas = document.createElement("canvas");
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

// One picture of the list, with the button that takes it back.
const thumb = (url, ready, remove, drop) => {
  const item = document.createElement("li");
  item.dataset.local = "";
  const picture = document.createElement("img");
  picture.src = url;
  picture.alt = ready;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumb-drop";
  button.setAttribute("aria-label", remove);
  const ns = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(ns, "svg");
  icon.setAttribute("class", "i");
  icon.setAttribute("aria-hidden", "true");
  icon.append(document.createElementNS(ns, "use"));
  icon.firstChild.setAttribute("href", "#i-x");
  button.append(icon);
  button.addEventListener("click", drop);
  item.append(picture, button);
  return item;
};
const draw = (list, items) => {
  list.querySelectorAll("[data-local]").forEach((item) => item.remove());
  list.append(...items);
  list.hidden = !list.children.length;
};

const enhance = (field) => {
  const { most, largest, ready, remove, notPhoto, tooMany, tooLarge } = field.dataset;
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-thumbs]");
  const line = field.querySelector("[data-photo-error]");
  let photos = [];

  // The field itself always holds what the list shows, so that the form is sent as if it had been chosen at once.
  const keep = () => {
    const chosen = new DataTransfer();
    photos.forEach((photo) => chosen.items.add(photo.file));
    input.files = chosen.files;
    draw(list, photos.map((photo) => thumb(photo.url, ready.replace("{name}", photo.name), remove.replace("{name}", photo.name), () => {
      URL.revokeObjectURL(photo.url);
      photos = photos.filter((one) => one !== photo);
      keep();
      input.focus();
    })));
  };
  const add = async (files) => {
    const faults = [];
    const fresh = [];
    for (const file of files) {
      if (file.type && !file.type.startsWith("image/")) faults.push(notPhoto.replace("{name}", file.name));
      else if (photos.length >= Number(most)) { faults.push(tooMany); break; }
      else {
        const photo = { name: file.name, file, url: URL.createObjectURL(file) };
        photos.push(photo);
        fresh.push(photo);
      }
    }
    keep();
    for (const photo of fresh) {
      const data = await shrink(photo.file);
      if (data.size > Number(largest)) {
        faults.push(tooLarge.replace("{name}", photo.name));
        photos = photos.filter((one) => one !== photo);
      } else if (data !== photo.file) photo.file = new File([data], photo.name, { type: data.type });
    }
    line.hidden = !faults.length;
    line.querySelector("span").textContent = faults.join(" ");
    keep();
  };
  field.querySelectorAll("[data-js]").forEach((part) => { part.hidden = false; });
  input.classList.add("behind");
  input.addEventListener("change", () => add([...input.files]));
};

let able = true;
try { new DataTransfer(); } catch { able = false; } // an old browser keeps its own field
if (able) document.querySelectorAll("[data-photos]").forEach(enhance);
