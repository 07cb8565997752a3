// What the three editors share: read the file, save each change with its revision, be loud when that fails, let nobody lose a drawing.
const DELAY = 1200;
const RETRY = [3000, 8000, 20000, 40000];

export function readJson(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

export async function readFile(url) {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/plain" } });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.text();
}

// `read` gives the file's text as the editor holds it. Returns `changed`, to be called at each change.
export function startSaving(root, read) {
  const words = readJson("designer-words");
  const saved = document.querySelector("[data-save-status]");
  const failed = document.querySelector("[data-save-failed]");
  const choice = document.querySelector("[data-save-conflict]");
  let revision = root.dataset.revision;
  let dirty = false;
  let stopped = false;
  let running = false;
  let failures = 0;
  let timer = 0;

  const schedule = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  };

  const shout = (sentence) => {
    failed.textContent = sentence;
    failed.hidden = false;
    saved.textContent = "";
    root.dataset.saveState = "failed";
  };

  async function save() {
    if (!dirty || running || stopped) return;
    running = true;
    dirty = false;
    saved.textContent = words.saving;
    root.dataset.saveState = "saving";
    const outcome = await send();
    running = false;
    if (outcome.ok) {
      failures = 0;
      revision = outcome.revision;
      failed.hidden = true;
      saved.textContent = words.saved.replace("{time}", outcome.saved_at);
      root.dataset.saveState = dirty ? "changed" : "saved";
      if (dirty) schedule(DELAY);
      return;
    }
    dirty = true;
    shout(outcome.sentence);
    if (outcome.final) stopped = true;
    else schedule(RETRY[Math.min(failures++, RETRY.length - 1)]);
  }

  async function send() {
    const aborter = new AbortController();
    const limit = setTimeout(() => aborter.abort(), 20000);
    try {
      const response = await fetch(root.dataset.fileUrl, {
        method: "PUT",
        body: await read(),
        credentials: "same-origin",
        redirect: "manual",
        signal: aborter.signal,
        headers: {
          Accept: "application/json",
          "Content-Type": "text/plain; charset=utf-8",
          "If-Match": `"${revision}"`,
          "X-CSRFToken": root.dataset.csrf,
        },
      });
      const answer = response.type === "opaqueredirect" ? {} : await response.json().catch(() => ({}));
      if (response.ok) return { ok: true, ...answer };
      return refusal(response, answer);
    } catch {
      return { ok: false, sentence: words.offline };
    } finally {
      clearTimeout(limit);
    }
  }

  function refusal(response, answer) {
    if (response.status === 412) {
      choice.hidden = false;
      choice.dataset.revision = answer.revision;
      return { ok: false, final: true, sentence: `${words.notSaved} ${answer.message}` };
    }
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403)
      return { ok: false, sentence: answer.message ? `${words.notSaved} ${answer.message}` : words.expired };
    if (answer.message) return { ok: false, final: response.status < 500, sentence: `${words.notSaved} ${answer.message}` };
    return { ok: false, sentence: words.failed };
  }

  choice?.querySelector("[data-use-mine]")?.addEventListener("click", () => {
    revision = choice.dataset.revision;
    choice.hidden = true;
    stopped = false;
    dirty = true;
    save();
  });
  choice?.querySelector("[data-use-theirs]")?.addEventListener("click", () => {
    dirty = false;
    window.location.reload();
  });
  window.addEventListener("online", () => schedule(0));
  window.addEventListener("beforeunload", (event) => {
    if (dirty || running) event.preventDefault();
  });

  return () => {
    dirty = true;
    if (stopped) return;
    root.dataset.saveState = "changed";
    saved.textContent = words.changed;
    schedule(DELAY);
  };
}

export function showFailure(root, error) {
  console.error(error);
  const failed = document.querySelector("[data-save-failed]");
  failed.textContent = root.dataset.openFailed;
  failed.hidden = false;
  root.dataset.editorState = "failed";
}
