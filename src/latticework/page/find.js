/* Find a thing by its name in either language; filter by source, arrangement and shared number. */

const search = byId("search");
const foundList = byId("found");
let foundItems = []; // what the list shows
let marked = -1; // which of it is marked

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Everything that has a name and can be opened, with the texts in which it is looked for. */
const names = [
  ...Object.entries(facts.states).map(([id, { name }]) => ["state", id, name]),
  ...Object.entries(facts.arrangements).map(([id, { name }]) => ["arrangement", id, name]),
  ...Object.entries(facts.meetings).map(([id, { name, exercise }]) => [exercise ? "exercise" : "meeting", id, name]),
  ...[...persons].map(([id, { name }]) => ["person", id, name]),
  ...Object.entries(facts.periods).map(([id, { name }]) => ["period", id, name]),
  ...Object.entries(debate?.claims ?? {}).map(([id, { name }]) => ["claim", id, name]),
].map(([kind, id, name]) => ({ kind, id, name, texts: [name.en, name.zh].map(plain) }));

const KINDS = ["state", "arrangement", "period", "person", "meeting", "exercise", "claim"];

/** The things whose name holds all that is asked; those that begin with it first. */
function find(asked) {
  const parts = plain(asked.trim()).split(/\s+/).filter(Boolean);
  if (!parts.length) return [];
  const fits = names.filter(({ texts }) => texts.some((text) => parts.every((part) => text.includes(part))));
  const early = ({ texts }) => (texts.some((text) => text.startsWith(parts[0])) ? 0 : 1);
  return fits.sort((a, b) => early(a) - early(b) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || collate(named(a.name), named(b.name))).slice(0, 12);
}

function drawFound() {
  foundItems = find(search.value);
  marked = foundItems.length ? 0 : -1;
  const open = document.activeElement === search && Boolean(search.value.trim());
  search.setAttribute("aria-expanded", String(open));
  foundList.hidden = !open;
  foundList.replaceChildren(...(foundItems.length ? foundItems : [null]).map((item, i) => (item
    ? el("li", { role: "option", id: `found-${i}`, "aria-selected": String(i === marked), onpointerdown: (event) => { event.preventDefault(); take(i); } },
      el("span", {}, named(item.name)), el("span", { class: "hint" }, say(item.kind)))
    : el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("found_none")))));
  markFound();
}

function markFound() {
  foundList.querySelectorAll("[role=option]").forEach((item, i) => item.setAttribute("aria-selected", String(i === marked)));
  if (marked >= 0 && !foundList.hidden) search.setAttribute("aria-activedescendant", `found-${marked}`);
  else search.removeAttribute("aria-activedescendant");
  foundList.children[marked]?.scrollIntoView({ block: "nearest" });
}

function take(i) {
  const item = foundItems[i];
  if (!item) return;
  search.value = "";
  drawFound();
  opener = null;
  select(item.id, true);
}

search.addEventListener("input", drawFound);
search.addEventListener("focus", drawFound);
search.addEventListener("blur", drawFound);
search.addEventListener("keydown", (event) => {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (way && foundItems.length) {
    event.preventDefault();
    marked = (marked + way + foundItems.length) % foundItems.length;
    markFound();
  } else if (event.key === "Enter") take(marked);
  else if (event.key === "Escape" && search.value) {
    event.stopPropagation();
    search.value = "";
    drawFound();
  }
});

/* ---------- Filters ---------- */

function check(text, checked, change, ...before) {
  return el("label", { class: "check" }, el("input", { type: "checkbox", checked, onchange: change }), ...before, el("span", {}, text));
}

function drawFilters() {
  const box = byId("filters");
  const used = view.least > 1 || view.without.size > 0 || view.sources.size < allSources.length;
  box.classList.toggle("used", used);
  const most = Math.max(1, ...slotsOf.values());
  const least = el("input", { type: "number", id: "least", min: 1, max: most, value: view.least, onchange: (event) => {
    show({ least: Math.min(most, Math.max(1, Math.trunc(Number(event.currentTarget.value)) || 1)) });
    drawFilters();
  } });
  const sources = allSources.map((id) => check(sourceName(id), view.sources.has(id), () => { show({ sources: toggled(view.sources, id) }); drawFilters(); }));
  const groups = facts.layers.filter((layer) => layer.counted || view.layers.has(layer.id)).flatMap((layer) => {
    const mine = Object.keys(facts.arrangements).filter((id) => facts.arrangements[id].layer === layer.id)
      .sort((a, b) => collate(arrangementName(a), arrangementName(b)));
    return mine.length ? [el("fieldset", {}, el("legend", {}, named(layer.name)), ...mine.map((id) => check(arrangementName(id), !view.without.has(id), () => {
      show({ without: toggled(view.without, id) });
      drawFilters();
    })))] : [];
  });
  const held = document.activeElement?.closest?.("#filters") ? [...box.querySelectorAll("input, button, summary")].indexOf(document.activeElement) : -1;
  byId("filter-name").textContent = say(used ? "filter_used" : "filter");
  byId("filter-body").replaceChildren(
    el("p", { class: "hint" }, say("filter_hint")),
    el("label", { class: "least" }, el("span", {}, say("least")), least),
    el("fieldset", {}, el("legend", {}, say("sources")), ...sources),
    ...groups,
    el("button", { type: "button", class: "plain-button", disabled: !used, onclick: () => {
      show({ least: 1, without: new Set(), sources: new Set(allSources) });
      drawFilters();
    } }, say("filter_reset")),
  );
  if (held >= 0) box.querySelectorAll("input, button, summary")[held]?.focus();
}
