/* Time: the slider, playing, stepping from change to change, instant and window. */

const STEP_TIME = 1500; // milliseconds a change stays on screen while playing
const SNAP = 5; // pixels within which a dragged slider jumps to a change
const slider = byId("slider");
let timer = 0; // of the player; 0 while it rests

/** The days looked at, in words. */
const spanText = () => (view.span ? say("from_to", { from: dateText(days()[0]), to: dateText(view.date) }) : dateText(view.date));

let scrubbed = 0; // where the hand came down on a lane

function scrub(event) {
  if (event.type === "pointerdown") scrubbed = event.clientX;
  const box = event.currentTarget.getBoundingClientRect();
  const day = Math.min(axis.to, Math.max(axis.from, dayAt(event.clientX - box.left, box.width)));
  pause();
  show({ date: snap(day) }, { soon: true });
}

/** A day under the pointer; a change that is near enough on the screen wins. */
function snap(day) {
  const reach = (SNAP * (axis.to - axis.from)) / Math.max(1, slider.clientWidth);
  const text = iso(day);
  const near = [stops().findLast((stop) => stop <= text), stops().find((stop) => stop > text)]
    .filter(Boolean)
    .sort((a, b) => Math.abs(number(a) - day) - Math.abs(number(b) - day))[0];
  return near && Math.abs(number(near) - day) <= reach ? near : text;
}

function step(direction) {
  const stop = nextStop(direction);
  if (stop) show({ date: stop });
  return Boolean(stop);
}

function play() {
  if (timer) return pause();
  if (!nextStop(1)) show({ date: facts.first });
  const tick = () => {
    if (!step(1) || !nextStop(1)) return pause();
    timer = setTimeout(tick, STEP_TIME * (still.matches ? 2 : 1));
  };
  timer = setTimeout(tick, 400);
  showPlaying();
}

function pause() {
  if (!timer) return;
  clearTimeout(timer);
  timer = 0;
  showPlaying();
}

function showPlaying() {
  const button = byId("play");
  button.setAttribute("aria-pressed", String(Boolean(timer)));
  button.setAttribute("aria-label", say(timer ? "pause" : "play"));
  button.title = say(timer ? "pause" : "play");
}

slider.addEventListener("input", () => { pause(); show({ date: snap(Number(slider.value)) }, { soon: true }); });
slider.addEventListener("keydown", (event) => {
  const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  const years = { PageUp: 1, PageDown: -1 }[event.key];
  const end = { Home: facts.first, End: facts.last }[event.key];
  if (!way && !years && !end) return;
  event.preventDefault();
  pause();
  if (way) step(way);
  else show({ date: end ?? iso(Math.min(LAST, Math.max(FIRST, number(view.date) + Math.round(years * 365.25)))) });
});
byId("previous").addEventListener("click", () => { pause(); step(-1); });
byId("next").addEventListener("click", () => { pause(); step(1); });
byId("play").addEventListener("click", play);
byId("day").addEventListener("change", (event) => {
  const text = event.currentTarget.value.trim();
  const whole = /^\d{4}$/.test(text) ? `${text}-12-31` : text;
  pause();
  show(isDay(whole) ? { date: clamp(whole) } : {});
});
