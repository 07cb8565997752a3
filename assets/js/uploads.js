// Refuses a file that the server would refuse, before it is sent over a slow line.
export function startUploads(root) {
  for (const input of root.querySelectorAll("input[type=file][data-upload]"))
    input.addEventListener("change", () => show(input, findFault(input)));
}

function findFault(input) {
  const allowed = input.accept.split(",").map((ending) => ending.trim().toLowerCase());
  for (const file of input.files) {
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
    group.classList.remove("govuk-form-group--error");
    input.removeAttribute("aria-invalid");
    return;
  }
  if (!message) {
    message = document.createElement("p");
    message.id = id;
    message.className = "govuk-error-message";
    message.setAttribute("role", "alert");
    input.before(message);
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  }
  message.textContent = fault[0].replace("{name}", fault[1].name);
  group.classList.add("govuk-form-group--error");
  input.setAttribute("aria-invalid", "true");
  input.value = ""; // nothing refused is ever sent
}
