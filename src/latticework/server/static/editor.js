/* The query field: names completed from the vocabulary, prefixes written out, Ctrl+Enter runs. */

export const form = document.getElementById("editor");
export const field = document.getElementById("query");
const list = document.getElementById("completions");
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const WORD = /[?$]?[\w.-]*:?[\w.-]*$/u;
const MOST = 60;
let known, found = [], chosen = 0;

export async function vocabulary() {
  known ??= (await fetch(`/completions?lang=${language}`)).json();
  return known;
}

const before = () => field.value.slice(0, field.selectionStart);
const word = () => WORD.exec(before())?.[0] ?? "";

/** Names that fit the word before the cursor: of terms, or of things by the server's search. */
async function fitting(text) {
  const { prefixes, terms } = await vocabulary();
  const folded = text.toLowerCase();
  const [prefix, local] = folded.includes(":") ? folded.split(":", 2) : ["", folded];
  const own = terms
    .filter(([short, name]) => short.toLowerCase().startsWith(folded)
      || (local.length > 1 && (short.toLowerCase().includes(local) || name.toLowerCase().includes(local)) && (!prefix || short.startsWith(`${prefix}:`))))
    .map(([short, name, says]) => ({ short, name, says }));
  const names = folded.includes(":") ? [] : Object.keys(prefixes).filter((one) => one.startsWith(folded))
    .map((one) => ({ short: `${one}:`, name: prefixes[one], says: "" }));
  const things = prefix && local && prefix in prefixes && !["lw", "lwc"].includes(prefix) ? await thingsLike(prefix, local) : [];
  return [...names, ...own, ...things].slice(0, MOST);
}

async function thingsLike(prefix, local) {
  const answer = await fetch(`/suggest?${new URLSearchParams({ q: local.replaceAll("-", " "), lang: language })}`);
  const all = answer.ok ? await answer.json() : [];
  return all.filter((one) => one.short.startsWith(`${prefix}:`)).map((one) => ({ short: one.short, name: one.name, says: "" }));
}

async function complete() {
  const text = word();
  if (!text || text.startsWith("?") || text.startsWith("$")) return close();
  draw(await fitting(text));
}

function draw(suggestions) {
  found = suggestions;
  chosen = 0;
  list.replaceChildren(...found.map((one, at) => {
    const row = document.createElement("div");
    row.id = `completion-${at}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(at === 0));
    const short = document.createElement("code");
    short.textContent = one.short;
    const says = document.createElement("span");
    says.className = "hint";
    says.textContent = [one.name, one.says].filter(Boolean).join(": ");
    row.append(short, says);
    row.addEventListener("mousedown", (event) => { event.preventDefault(); take(one); });
    return row;
  }));
  list.hidden = !found.length;
  field.setAttribute("aria-expanded", String(!list.hidden));
  mark();
}

function mark() {
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  list.children[chosen]?.scrollIntoView({ block: "nearest" });
  if (list.hidden) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", `completion-${chosen}`);
}

const close = () => draw([]);

function take(one) {
  const start = field.selectionStart - word().length;
  field.setRangeText(one.short, start, field.selectionStart, "end");
  close();
  field.focus();
}

field.addEventListener("input", () => { if (!list.hidden || /[\w]:[\w-]*$/.test(before())) complete(); });
field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.ctrlKey && event.key === " ") {
    event.preventDefault();
    complete();
  } else if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % found.length;
    mark();
  } else if (!list.hidden && (event.key === "Enter" || event.key === "Tab")) {
    event.preventDefault();
    take(found[chosen]);
  } else if (!list.hidden && event.key === "Escape") {
    event.preventDefault();
    close();
  }
});
field.addEventListener("blur", close);
for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "completions", "aria-haspopup": "listbox" })) field.setAttribute(name, value);

const write = document.getElementById("write-prefixes");
write.hidden = false;
write.addEventListener("click", async () => {
  const { prefixes } = await vocabulary();
  const lines = Object.keys(prefixes)
    .filter((name) => new RegExp(`(^|[^\\w-])${name}:`).test(field.value) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(field.value))
    .map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`);
  field.value = lines.join("") + field.value;
  field.dispatchEvent(new Event("written"));
  field.focus();
});

/* The answer is fetched into this page, so that the query can be cancelled while it runs. */
const cancel = document.getElementById("cancel");
const result = document.getElementById("result");
const said = document.getElementById("said");
let running = "";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (running) return;
  running = crypto.randomUUID();
  said.textContent = form.dataset.working;
  result.setAttribute("aria-busy", "true");
  const showing = setTimeout(() => { cancel.hidden = false; }, 300);
  const here = `${form.getAttribute("action")}?${new URLSearchParams({ query: field.value })}`;
  try {
    const answer = await fetch(`${here}&name=${running}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    result.replaceChildren(...(page.getElementById("result")?.childNodes ?? [page.body.textContent]));
    const other = page.querySelector("a.other")?.getAttribute("href");
    if (other) document.querySelector("a.other").href = other.replace(/&name=[^&]*/, "");
    history.pushState(null, "", here);
  } catch {
    result.textContent = form.dataset.unreachable;
  }
  clearTimeout(showing);
  running = "";
  cancel.hidden = true;
  said.textContent = "";
  result.removeAttribute("aria-busy");
  reach();
});
cancel.addEventListener("click", () => {
  fetch("/sparql/cancel", { method: "POST", body: new URLSearchParams({ "query-id": running }) });
});
addEventListener("popstate", () => location.reload());

/** To the answer, or to what is said instead of it. */
function reach() {
  const there = result.querySelector("h2");
  there?.setAttribute("tabindex", "-1");
  there?.focus();
}
