/* How things look: colours as the style sheet gives them, widths, dashes, swatches. */

const WIDTHS = [3.4, 2.1, 1.6, 1.3]; // of ties, by layer
const DASHES = { certain: false, possible: [7, 5], prospective: [2, 5], failed: [10, 4, 2, 4] };
const BESIDE_DASHES = { 2: [16, 3], 3: [12, 3, 2, 3] }; // of what is certain in layers that do not count, by rank
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

const probe = el("span", { hidden: true });
document.body.append(probe);
const palette = new Map(); // colours that were asked for; emptied when the theme changes

/** A colour of the style sheet as [r, g, b]. */
function colour(name) {
  if (!palette.has(name)) {
    probe.style.color = `var(--${name})`;
    palette.set(name, getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number));
  }
  return palette.get(name);
}
const rgba = (parts, alpha = 1) => `rgba(${parts.join(",")},${alpha})`;
const mix = (one, two, share) => one.map((part, i) => Math.round(part * share + two[i] * (1 - share)));
const rankOf = (layer) => Math.min(layerRank.get(layer) ?? 0, 3);
const layerColour = (layer) => colour(`layer-${rankOf(layer)}`);
const layerWidth = (layer) => WIDTHS[rankOf(layer)];
const dashesOf = (layer, status) => (status === "certain" && !counts(layer) ? BESIDE_DASHES[rankOf(layer)] ?? [16, 3] : DASHES[status]);
const fontFace = () => getComputedStyle(document.body).fontFamily;

/** A short piece of line as it is drawn, for legends and lists. */
function swatch(layer, { status = "certain", background = false, isNew = false } = {}) {
  const line = svg("svg", { class: "swatch", viewBox: "0 0 26 10", "aria-hidden": "true" });
  const rank = rankOf(layer);
  const width = WIDTHS[rank] + (background ? 1.2 : 0);
  const dashes = dashesOf(layer, status);
  if (isNew) line.append(svg("line", { class: `glow layer-${rank}`, x1: 0, x2: 26, y1: 5, y2: 5 }));
  line.append(svg("line", {
    class: `layer-${rank}`, x1: 1, x2: 25, y1: 5, y2: 5, "stroke-width": width,
    "stroke-dasharray": dashes ? dashes.map((dash) => dash * 0.8).join(" ") : "none",
  }));
  if (background) line.append(svg("line", { class: "core", x1: 0, x2: 26, y1: 5, y2: 5, "stroke-width": Math.max(1, width * 0.4) }));
  return line;
}

function threatSwatch(undated = false) {
  return svg("svg", { class: "swatch", viewBox: "0 0 26 10", "aria-hidden": "true" },
    svg("line", { class: "threat", x1: 1, x2: 19, y1: 5, y2: 5, "stroke-dasharray": undated ? "2 3" : "none" }),
    svg("path", { class: "threat-head", d: "M18 1.5 25 5l-7 3.5z" }));
}

function meetingSwatch() {
  return svg("svg", { class: "swatch", viewBox: "0 0 26 10", "aria-hidden": "true" },
    svg("line", { class: "met", x1: 1, x2: 25, y1: 5, y2: 5 }));
}

function divergenceSwatch() {
  const sign = svg("svg", { class: "swatch mark-sign", viewBox: "0 0 26 16", "aria-hidden": "true" },
    svg("circle", { class: "mark-disc", cx: 13, cy: 8, r: 7 }),
    svg("path", { class: "mark-glyph", d: "M9.5 6.3h7M9.5 9.7h7M14.8 4 11.2 12" }));
  return sign;
}

/* ---------- Theme ---------- */

const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
