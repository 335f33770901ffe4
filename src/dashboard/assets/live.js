/**
 * Keeps the page current without reloading it: the same address is fetched again and what differs is patched in
 * place, so that scroll position, focus, selection and opened details stay. The page is complete without it.
 */
const REFRESH_MS = 3_000;
const SLOWEST_MS = 30_000;
const ANSWER_MS = 10_000;
/** Longer than between two letters. */
const TYPING_MS = 200;
/** A page says once what was done; long enough to be read. */
const NOTICE_MS = 20_000;

const live = document.getElementById("live");
let waitMs = REFRESH_MS;
let timer;

function say(state, text) {
  live.dataset.state = state;
  if (live.textContent !== text) live.textContent = text;
}

/** Old data stays readable and is green no more; the next page that arrives says itself how old it is. */
function outdate() {
  document.getElementById("main").className = "stale lost";
}

function lastGood() {
  return `${document.getElementById("main").dataset.now.slice(11, 19)} UTC`;
}

function plan(ms) {
  clearTimeout(timer);
  timer = setTimeout(refresh, ms);
}

async function refresh() {
  if (document.hidden) return;
  const { pathname, search } = location;
  try {
    const answer = await fetch(pathname + search, {
      headers: { Accept: "text/html" },
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    // Signed out: the page with the form is another page, and not a newer one of this.
    if (answer.redirected) return location.reload();
    if (answer.status === 404) {
      outdate();
      return say("lost", `Gone. Last seen at ${lastGood()}`);
    }
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const text = await answer.text();
    // Somebody has typed meanwhile: the answer is to another question.
    if (location.search !== search) return plan(0);
    show(new DOMParser().parseFromString(text, "text/html"));
    waitMs = REFRESH_MS;
    say("live", "Live");
  } catch {
    waitMs = Math.min(SLOWEST_MS, waitMs * 2);
    outdate();
    say("lost", `Connection lost. Data as of ${lastGood()}`);
  }
  plan(waitMs);
}

function show(next) {
  const main = next.getElementById("main");
  if (main === null) throw new Error("no page");
  adapt(main);
  const notice = document.getElementById("done");
  if (notice !== null && performance.now() < NOTICE_MS) main.prepend(notice.cloneNode(true));
  document.title = next.title;
  patch(document.getElementById("main"), main);
  for (const id of ["now", "paused"]) patch(document.getElementById(id), next.getElementById(id));
}

/** What only the browser knows: its own address, and that buttons work. */
function adapt(root) {
  for (const origin of root.querySelectorAll("[data-origin]")) origin.textContent = location.origin;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

/** Makes `from` look like `to`. Elements with `data-keep` belong to this script and stay as they are. */
function patch(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.hasAttribute("data-keep")) return;
  patchAttributes(from, to);
  patchChildren(from, to);
}

function patchAttributes(from, to) {
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (name !== "open" && !to.hasAttribute(name)) from.removeAttribute(name);
  }
}

/** Children with an id are found again wherever they went; the others are taken in order. */
function patchChildren(from, to) {
  const byId = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]));
  let next = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const known = wanted.id ? byId.get(wanted.id) : undefined;
    if (known !== undefined) {
      if (known === next) next = next.nextSibling;
      else from.insertBefore(known, next);
      patch(known, wanted);
    } else if (next !== null && !next.id && !wanted.id) {
      const current = next;
      next = next.nextSibling;
      patch(current, wanted);
    } else {
      from.insertBefore(wanted, next);
    }
  }
  while (next !== null) {
    const surplus = next;
    next = next.nextSibling;
    surplus.remove();
  }
}

/** The fleet's filter: it lives in the address, so that it can be shared, and the server searches. */
function startFilter() {
  const form = document.getElementById("filter");
  if (form === null) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    plan(0);
  });
  form.addEventListener("input", () => {
    const wanted = new URLSearchParams(location.search);
    const put = (name, value) => (value === "" ? wanted.delete(name) : wanted.set(name, value));
    put("filter", form.elements.filter.value);
    put("attention", form.elements.attention.checked ? "yes" : "");
    history.replaceState(null, "", wanted.size > 0 ? `?${wanted}` : location.pathname);
    plan(TYPING_MS);
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const text = button.parentElement.querySelector("[data-copy-text]").textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(button.parentElement.querySelector("[data-copy-text]"));
    button.textContent = "Selected";
  }
});

document.addEventListener("visibilitychange", () => {
  if (document.getElementById("main").dataset.typed !== undefined) return;
  if (document.hidden) {
    clearTimeout(timer);
    say("paused", `Paused at ${lastGood()}`);
  } else {
    plan(0);
  }
});

if (document.getElementById("main").dataset.typed !== undefined) {
  adapt(document.getElementById("main"));
} else if (location.protocol.startsWith("http")) {
  adapt(document.getElementById("main"));
  startFilter();
  say("live", "Live");
  plan(REFRESH_MS);
}
