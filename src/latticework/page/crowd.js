/* Where there are too many states to name, there are too many ties to hand each to vis: those that
   nothing sets apart are drawn here, look by look, and found under the pointer. */

let mass = []; // { tie, status, background, tone } as graph.js sorts them out
let hasty = false; // while the hand moves; thin lines are drawn much faster
const REACH = 4; // pixels within which a line is under the pointer
const SPREAD = 4; // pixels between ties of one pair

/** The ends of a tie and the point to which it bends. */
function course(tie) {
  const [from, to] = [place.get(tie.from), place.get(tie.to)];
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const bow = (2 * tie.slot * SPREAD) / (Math.hypot(dx, dy) || 1);
  return { from, to, via: { x: (from.x + to.x) / 2 - dy * bow, y: (from.y + to.y) / 2 + dx * bow } };
}

const onCourse = ({ from, via, to }, t) => ({
  x: (1 - t) ** 2 * from.x + 2 * t * (1 - t) * via.x + t ** 2 * to.x,
  y: (1 - t) ** 2 * from.y + 2 * t * (1 - t) * via.y + t ** 2 * to.y,
});

function massStyle({ tie, status, background, tone }) {
  const layer = layerOf(tie);
  return {
    color: rgba(layerColour(layer), [0.13, 0.4, 0.8][tone] * (background ? 0.6 : 1)),
    width: hasty ? 1 : layerWidth(layer) * 0.5,
    dashes: dashesOf(layer, status) || [],
  };
}

graph.on("beforeDrawing", (context) => {
  if (!mass.length) return;
  const looks = new Map();
  for (const one of mass) {
    const look = `${layerOf(one.tie)}${one.status}${one.background}${one.tone}`;
    if (!looks.has(look)) looks.set(look, []);
    looks.get(look).push(one);
  }
  context.save();
  for (const alike of looks.values()) {
    const { color, width, dashes } = massStyle(alike[0]);
    context.strokeStyle = color;
    context.lineWidth = width;
    context.setLineDash(dashes);
    for (const { tie } of alike) { // a stroke for each: one path of a thousand lines is slower
      const { from, via, to } = course(tie);
      context.beginPath();
      context.moveTo(from.x, from.y);
      if (tie.slot) context.quadraticCurveTo(via.x, via.y, to.x, to.y);
      else context.lineTo(to.x, to.y);
      context.stroke();
    }
  }
  context.restore();
});

/** The tie of the crowd that is under the pointer. */
function massAt(pointer) {
  const at = graph.DOMtoCanvas(pointer);
  let best = { far: REACH, id: "" };
  for (const { tie } of mass) {
    const way = course(tie);
    const [dx, dy] = [way.to.x - way.from.x, way.to.y - way.from.y];
    const along = ((at.x - way.from.x) * dx + (at.y - way.from.y) * dy) / (dx * dx + dy * dy || 1);
    if (along < 0 || along > 1) continue;
    const near = onCourse(way, along);
    const far = Math.hypot(near.x - at.x, near.y - at.y);
    if (far < best.far) best = { far, id: tie.id };
  }
  return best.id;
}

if (crowded) {
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const DOM = { x: event.clientX - box.left, y: event.clientY - box.top };
    if (graph.getNodeAt(DOM) === undefined && graph.getEdgeAt(DOM) === undefined) point(massAt(DOM), DOM);
  });
}
