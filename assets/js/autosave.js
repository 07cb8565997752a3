// Saves a form while it is being filled in. Failure is loud, stays on the screen, and is retried.
// The server answers JSON: {"saved_at": "17:05 ngày 23/11/2026", "revision": 4}; on refusal {"code": "...", "message": "..."}.
const DELAY = 3000;
const RETRY = [5000, 10000, 20000, 40000];

export function startAutosave(form) {
  const box = form.querySelector("[data-autosave-status]");
  if (!box) return;
  const saved = box.querySelector("[role=status]");
  const failed = box.querySelector("[role=alert]");
  const words = box.dataset;
  let dirty = false;
  let stopped = false;
  let submitting = false;
  let running = null;
  let timer = 0;
  let failures = 0;

  const schedule = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };

  const shout = (sentence) => {
    failed.textContent = sentence;
    failed.hidden = false;
    saved.textContent = "";
  };

  async function save() {
    if (!dirty || running || submitting || stopped) return;
    dirty = false;
    saved.textContent = words.saving;
    const aborter = new AbortController();
    const limit = setTimeout(() => aborter.abort(), 20000);
    running = send(aborter.signal);
    const outcome = await running;
    clearTimeout(limit);
    running = null;
    if (submitting) return;
    if (outcome.ok) {
      failures = 0;
      failed.hidden = true;
      saved.textContent = words.saved.replace("{time}", outcome.savedAt);
      if (dirty) schedule(DELAY);
      return;
    }
    dirty = true;
    shout(outcome.sentence);
    if (outcome.final) stopped = true;
    else schedule(RETRY[Math.min(failures++, RETRY.length - 1)]);
  }

  async function send(signal) {
    const body = new FormData(form);
    for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
    try {
      const response = await fetch(form.dataset.autosaveUrl, {
        method: "POST",
        body,
        signal,
        credentials: "same-origin",
        redirect: "manual",
        headers: { Accept: "application/json" },
      });
      if (response.ok) {
        const answer = await response.json();
        const revision = form.querySelector("input[name=revision]");
        if (revision && answer.revision !== undefined) revision.value = answer.revision;
        return { ok: true, savedAt: answer.saved_at ?? new Date().toLocaleTimeString("vi-VN").slice(0, 5) };
      }
      return refusal(response, await response.json().catch(() => ({})));
    } catch {
      return { ok: false, sentence: words.offline };
    }
  }

  function refusal(response, answer) {
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403)
      return { ok: false, sentence: answer.message ? `${words.notSaved} ${answer.message}` : words.expired };
    if (response.status === 409) return { ok: false, sentence: answer.message ? `${words.notSaved} ${answer.message}` : words.conflict, final: true };
    return { ok: false, sentence: words.failed };
  }

  const touched = () => {
    dirty = true;
    if (!stopped && failures === 0) schedule(DELAY);
  };
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("submit", () => {
    submitting = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    submitting = false;
  });
  window.addEventListener("online", () => dirty && schedule(0));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && dirty && save());
  window.addEventListener("beforeunload", (event) => {
    if ((dirty || running) && !submitting) event.preventDefault();
  });
}
