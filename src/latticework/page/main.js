/* One way in: `show` changes what is chosen and draws what depends on it. */

let resting = 0; // of what is drawn only when the hand rests
let painting = 0; // of the next picture while the hand moves

/** Change what is chosen and draw it; `soon` while the hand moves: words follow when it rests. */
function show(change = {}, { soon = false } = {}) {
  const before = { ...view };
  Object.assign(view, change);
  const differs = (...keys) => keys.some((key) => before[key] !== view[key]);
  if (differs("lang")) {
    drawn.clear();
    drawFrame();
  }
  if (differs("layers")) {
    drawLegend();
    if (BESIDE.size) drawFilters();
  }
  if (differs("extras", "span")) drawSigns();
  if (differs("lang", "span", "zoom")) drawTimeChoices();
  slider.value = number(view.date);
  slider.setAttribute("aria-valuetext", spanText());
  byId("day").value = view.date;
  byId("date").textContent = spanText();
  byId("previous").disabled = !nextStop(-1);
  byId("next").disabled = !nextStop(1);
  clearTimeout(resting);
  if (soon) {
    hasty = true;
    painting ||= requestAnimationFrame(() => { painting = 0; gather(); drawGraph(); moveCursor(); });
    resting = setTimeout(() => show(), 140);
    return;
  }
  hasty = false;
  cancelAnimationFrame(painting);
  painting = 0;
  gather();
  if (differs("lang", "layers", "selected", "zoom")) drawChart();
  if (differs("lang", "layout", "extras") || (BESIDE.size && differs("layers"))) arrange();
  else drawGraph();
  moveCursor();
  drawWords();
}

/** All that is said in words of what is chosen. */
function drawWords() {
  byId("caption").textContent = caption();
  const told = current.filter(({ tie }) => tie.spells.length && countsTie(tie));
  byId("count").textContent = say("count", {
    ties: told.length,
    possible: told.filter((item) => item.status === "possible").length,
    n: new Set(told.flatMap(({ tie }) => [tie.from, tie.to])).size,
  });
  drawNotice();
  drawPanel();
  drawTable();
  drawStage();
  writeAddress();
  announce();
}

/** Say where the sources are silent, so that the drawing is not taken for the whole. */
function drawNotice() {
  const chosen = facts.layers.filter((layer) => view.layers.has(layer.id));
  const silent = chosen.filter((layer) => coverageOf(layer.id) === "lwc:notCovered");
  const notice = byId("notice");
  notice.classList.toggle("silent", silent.length > 0);
  const covered = silent.length
    ? say("notice", { layers: list(silent.map((layer) => named(layer.name))) })
    : chosen.length === 0 ? "" : say("notice_covered", { layers: list(chosen.map((layer) => `${named(layer.name)} – ${say(coverageOf(layer.id).replace("lwc:", ""))}`)) });
  const empty = chosenBeside().filter((layer) => !current.some(({ tie }) => layerOf(tie) === layer.id));
  const lineless = empty.length ? say("no_lines", { layers: list(empty.map((layer) => named(layer.name))) }) : "";
  notice.textContent = [view.span ? say("notice_window", { n: view.span }) : "", covered, lineless].filter(Boolean).join(" ");
  const [counted, beside] = [true, false].map((kind) => list(chosen.filter((layer) => layer.counted === kind).map((layer) => named(layer.name))));
  byId("basis").textContent = [
    counted ? say("basis", { layers: counted }) : beside ? "" : say("no_layers"),
    beside ? say("not_counted", { layers: beside }) : "",
  ].filter(Boolean).join(" · ");
}

let announcing = 0;
function announce() {
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    byId("status").textContent = `${byId("date").textContent}. ${byId("count").textContent} ${byId("caption").textContent}`;
  }, 600);
}

/** Select something, or nothing; from the keyboard the focus goes along. */
function select(id, follow = false) {
  hinted = "";
  const layer = own(facts.arrangements, tieById.get(id)?.arrangement ?? id)?.layer;
  const layers = layer && !view.layers.has(layer) ? new Set([...view.layers, layer]) : view.layers;
  show({ selected: id, layers });
  byId("panel").scrollTop = 0;
  if (id && follow) byId("detail")?.focus({ preventScroll: matchMedia("(max-width: 60rem)").matches });
}

function close() {
  const back = opener;
  opener = null;
  select("");
  if (back) document.querySelector(`[data-id="${CSS.escape(back)}"]`)?.focus();
}

VIEWS.unshift({ id: "web", title: () => say("web_view"), node: byId("web"), draw: () => {} });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (view.selected) close();
    return;
  }
  const plainKey = !(event.altKey || event.ctrlKey || event.metaKey);
  const writing = event.target.closest?.("input, select, textarea, button, summary, [contenteditable]");
  if (event.key === "/" && plainKey && !event.target.closest?.("input")) {
    event.preventDefault();
    search.focus();
    return;
  }
  if (event.key === " " && plainKey && !writing) {
    event.preventDefault();
    play();
    return;
  }
  const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const free = event.target === document.body || event.target.closest?.("#panel, .stage");
  if (!way || !plainKey || !free || event.target.closest?.("input, select")) return;
  event.preventDefault();
  pause();
  step(way);
});
document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
byId("language").addEventListener("click", () => show({ lang: other() }));
addEventListener("hashchange", () => { show(readAddress()); drawSwitches(); drawFilters(); });
let size = "";
new ResizeObserver(() => {
  const now = `${canvas.clientWidth} ${canvas.clientHeight}`;
  if (now === size || !canvas.clientWidth) return; // another view stands in its place
  size = now;
  arrange();
  drawChart();
}).observe(canvas);
document.fonts.addEventListener("loadingdone", () => { // names take up another size
  for (const name of drawn.keys()) if (name.startsWith("node ")) drawn.delete(name);
  drawGraph();
});

const theme = kept("theme");
if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
Object.assign(view, readAddress());
drawFrame();
drawTimeChoices();
gather();
size = `${canvas.clientWidth} ${canvas.clientHeight}`;
arrange();
drawChart();
show();
