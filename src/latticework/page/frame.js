/* What stays while time goes on: names of buttons, switches, legend, notes about the page, theme. */

function drawFrame() {
  document.documentElement.lang = LANGUAGES[view.lang];
  document.title = say("title");
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = say(node.dataset.text);
  byId("home")?.setAttribute("href", `${byId("home").dataset.home}${view.lang}/`);
  byId("subtitle").textContent = say("subtitle", { from: facts.first.slice(0, 4), to: facts.last.slice(0, 4) });
  const language = byId("language");
  language.textContent = words[other()].own_name;
  language.lang = LANGUAGES[other()];
  language.setAttribute("aria-label", words[other()].switch_to);
  for (const [id, key] of [["previous", "previous"], ["next", "next"]]) {
    byId(id).setAttribute("aria-label", say(key));
    byId(id).title = say(key);
  }
  search.placeholder = say("search");
  search.setAttribute("aria-label", say("search"));
  foundList.setAttribute("aria-label", say("search"));
  slider.setAttribute("aria-label", say("slider"));
  showPlaying();
  drawTheme();
  drawSwitches();
  drawLegend();
  drawFilters();
  drawDownloads();
  drawAbout();
  drawTabs();
}

/* ---------- Switches ---------- */

/** A row of which one is chosen. */
function choice(key, name, values) {
  return el("fieldset", { class: "segment" }, el("legend", { class: "unseen" }, say(name)),
    values.map((value) => el("label", {},
      el("input", { type: "radio", name: key, value, checked: view[key] === value, onchange: () => show({ [key]: value }) }),
      el("span", {}, say(`${key}_${value}`)))));
}

function extra(key, sign) {
  const change = () => { show({ extras: toggled(view.extras, key) }); drawSwitches(); byId("extras").querySelector(`[value="${key}"]`)?.focus(); };
  return el("label", { class: "check" },
    el("input", { type: "checkbox", value: key, checked: view.extras.has(key), onchange: change }),
    sign, el("span", {}, say(`extra_${key}`), el("span", { class: "hint" }, ` ${say(`extra_${key}_hint`)}`)));
}

function drawSwitches() {
  const have = (table) => Object.keys(facts[table]).length > 0;
  const first = facts.layers[0]?.id;
  byId("switches").replaceChildren(choice("layout", "layout", LAYOUTS), choice("whole", "whole", WHOLES));
  const shown = [
    have("threats") && extra("threats", threatSwatch()),
    have("threats") && extra("undated", threatSwatch(true)),
    have("divergences") && extra("divergences", divergenceSwatch()),
    have("meetings") && extra("meetings", meetingSwatch()),
    ties.some((tie) => !tie.spells.length) && extra("never", swatch(first, { status: "failed" })),
  ].filter(Boolean);
  byId("extras").hidden = !shown.length;
  byId("extras").classList.toggle("used", view.extras.size > 0);
  byId("extras-name").textContent = view.extras.size ? say("extras_used", { n: view.extras.size }) : say("extras");
  byId("extras-body").replaceChildren(...shown);
}

function drawTimeChoices() {
  const option = (value, text, chosen) => el("option", { value, selected: String(chosen) === String(value) }, text);
  byId("span").replaceChildren(...SPANS.map((years) => option(years, years ? say("span_years", { n: years }) : say("span_none"), view.span)));
  byId("zoom").replaceChildren(...ZOOMS.filter((years) => years === "all" || Number(years) * 365.25 < LAST - FIRST)
    .map((years) => option(years, years === "all" ? say("zoom_all") : say("zoom_years", { n: Number(years) }), view.zoom)));
}
byId("span").addEventListener("change", (event) => show({ span: Number(event.currentTarget.value) }));
byId("zoom").addEventListener("change", (event) => show({ zoom: event.currentTarget.value }));

/* ---------- Legend ---------- */

function drawLegend() {
  const legend = byId("layers");
  const held = document.activeElement?.closest?.("#layers") ? document.activeElement.value : null;
  legend.replaceChildren(legend.firstElementChild, ...facts.layers.map((layer) => el("label", { class: "layer" },
    el("input", {
      type: "checkbox", value: layer.id, checked: view.layers.has(layer.id),
      onchange: () => show({ layers: toggled(view.layers, layer.id) }),
    }), swatch(layer.id), named(layer.name))));
  if (held) legend.querySelector(`[value="${held}"]`)?.focus();
  drawSigns();
}

/** What the kinds of lines mean: those that may be in the drawing. */
function drawSigns() {
  const first = facts.layers[0]?.id;
  const never = view.extras.has("never");
  const second = Object.values(facts.sources).some((source) => source.background);
  const sign = (picture, text) => el("li", {}, picture, say(text));
  byId("signs").replaceChildren(
    sign(swatch(first), "sign_certain"),
    sign(swatch(first, { status: "possible" }), "sign_possible"),
    ...(view.span ? [] : [sign(swatch(first, { isNew: true }), "sign_new")]),
    ...(second ? [sign(swatch(first, { background: true }), "sign_background")] : []),
    ...(never ? [sign(swatch(first, { status: "prospective" }), "sign_prospective"), sign(swatch(first, { status: "failed" }), "sign_failed")] : []),
  );
}

/* ---------- About ---------- */

function drawAbout() {
  const hub = facts.hub ? stateName(facts.hub) : "";
  const definitions = [...MEASURES, "size", "band_name", "gap"].flatMap((name) => [
    el("dt", {}, say(name)), el("dd", {}, say(`${name}_definition`, { hub })),
  ]);
  const sources = Object.entries(facts.sources).map(([id, source]) => el("article", {},
    el("h4", {}, named(source.name), " ", el("span", { class: "hint" }, say(source.background ? "background" : "coded"))),
    ...source.description[view.lang].map((text) => el("p", {}, text)),
    el("p", { class: "hint" }, say("horizon", { date: source.horizon ? dateText(source.horizon) : "" })),
    el("ul", { class: "hint" }, facts.layers.flatMap((layer) => facts.coverage
      .filter((row) => row.source === id && row.layer === layer.id)
      .map((row) => el("li", {}, say("coverage_row", {
        layer: named(layer.name), from: row.first, to: row.last, degree: say(row.degree.replace("lwc:", "")),
      }))))),
  ));
  byId("about").replaceChildren(
    el("div", {}, el("h3", {}, say("how_to_read")), el("p", {}, say("how_to_read_text")), el("p", {}, say("how_to_read_more")), el("dl", {}, definitions)),
    el("div", {}, el("h3", {}, say("sources")), ...sources, el("h3", {}, say("keys")), el("p", {}, say("keys_text"))),
  );
}

/* ---------- Tabs, where there is more than one view ---------- */

function drawTabs() {
  const tabs = byId("tabs");
  tabs.hidden = VIEWS.length < 2;
  tabs.setAttribute("aria-label", say("views"));
  tabs.replaceChildren(...VIEWS.map(({ id, title }) => el("button", {
    type: "button", value: id, "aria-pressed": String(id === view.stage), onclick: () => show({ stage: id }),
  }, title())));
}

/** Show the chosen view in place of the others. */
function drawStage() {
  for (const tab of byId("tabs").children) tab.setAttribute("aria-pressed", String(tab.value === view.stage));
  for (const { id, node, draw } of VIEWS) {
    node.hidden = id !== view.stage;
    if (!node.hidden) draw();
  }
}

/* ---------- Theme ---------- */

function drawTheme() {
  byId("theme").textContent = say(isDark() ? "to_light" : "to_dark");
}

function recolour() {
  palette.clear();
  drawn.clear();
  drawTheme();
  drawGraph();
}

byId("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  keep("theme", document.documentElement.dataset.theme);
  recolour();
});
dark.addEventListener("change", recolour);
