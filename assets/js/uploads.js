// Makes photos smaller before they travel over a slow line, and refuses what the server would refuse.
const SHRINK_ABOVE = 1500000; // bytes: a sharp photo of a page needs no more
const LONG_EDGE = 2600; // pixels: an A4 page at about 220 dots an inch

export function startUploads(root) {
  for (const input of root.querySelectorAll("input[type=file][data-upload]"))
    input.addEventListener("change", () => accept(input));
}

async function accept(input) {
  const chosen = [...input.files];
  const files = await Promise.all(chosen.map(shrink));
  if (files.some((file, index) => file !== chosen[index])) {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    input.files = transfer.files;
  }
  show(input, findFault(input, files));
}

async function shrink(file) {
  if (file.size <= SHRINK_ABOVE || !/^image\/(jpeg|png)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file; // the server judges it
  }
}

function findFault(input, files) {
  const allowed = input.accept.split(",").map((ending) => ending.trim().toLowerCase());
  for (const file of files) {
    const name = file.name.toLowerCase();
    if (input.accept && !allowed.some((ending) => name.endsWith(ending))) return [input.dataset.wrongType, file];
    if (file.size === 0) return [input.dataset.empty, file];
    if (file.size > Number(input.dataset.maxBytes)) return [input.dataset.tooBig, file];
  }
  return null;
}

function show(input, fault) {
  const group = input.closest(".govuk-form-group");
  const id = `${input.id}-error`;
  let message = document.getElementById(id);
  if (!fault) {
    message?.remove();
    describe(input, (ids) => ids.filter((name) => name !== id));
    group.classList.remove("govuk-form-group--error");
    input.removeAttribute("aria-invalid");
    return;
  }
  if (!message) {
    message = document.createElement("p");
    message.id = id;
    message.className = "govuk-error-message";
    input.before(message);
    describe(input, (ids) => [...ids, id]);
  }
  message.setAttribute("role", "alert");
  message.textContent = fault[0].replace("{name}", fault[1].name);
  group.classList.add("govuk-form-group--error");
  input.setAttribute("aria-invalid", "true");
  input.value = ""; // nothing refused is ever sent
}

function describe(input, change) {
  const ids = (input.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  input.setAttribute("aria-describedby", change(ids).join(" "));
}
