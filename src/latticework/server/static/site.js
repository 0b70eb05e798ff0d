/* Suggestions while one writes a name: in the search field, and in fields of questions. */

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

/** A list of suggestions under a text field: arrows choose, Enter takes, Escape closes. */
export function suggesting(input, ask, take) {
  const list = document.createElement("div");
  list.className = "suggestions";
  list.id = `${input.id}-suggestions`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  input.after(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  let found = [], chosen = -1, asked = 0, waiting = 0;

  const close = () => draw([]);
  function draw(suggestions) {
    found = suggestions;
    chosen = -1;
    list.replaceChildren(...found.map((one, at) => option(one, at)));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }
  function option(one, at) {
    const row = document.createElement("div");
    row.id = `${list.id}-${at}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const short = document.createElement("span");
    short.className = "hint";
    short.textContent = one.short;
    row.append(one.name, short);
    row.addEventListener("mousedown", (event) => { event.preventDefault(); close(); take(one); });
    return row;
  }
  function choose(step) {
    list.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = (chosen + step + found.length + (chosen < 0 && step < 0 ? 1 : 0)) % found.length;
    list.children[chosen].setAttribute("aria-selected", "true");
    list.children[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[chosen].id);
  }
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    const number = ++asked;
    waiting = setTimeout(async () => {
      const suggestions = input.value.trim() ? await ask(input.value.trim()) : [];
      if (number === asked && document.activeElement === input) draw(suggestions);
    }, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      const one = found[chosen];
      close();
      take(one);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);
}

async function names(text) {
  try {
    const answer = await fetch(`/suggest?${new URLSearchParams({ q: text, lang: language })}`);
    return answer.ok ? await answer.json() : [];
  } catch {
    return [];  // without suggestions the field works all the same
  }
}

const search = document.getElementById("q");
if (search) suggesting(search, names, (one) => { location.assign(one.address); });
for (const input of document.querySelectorAll("[data-suggest]")) {
  suggesting(input, names, (one) => { input.value = one.short; });
}

/* The theme that the reader chose on the alliance web holds here too. */
try {
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch { /* no storage: the system's theme */ }
