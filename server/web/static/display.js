"use strict";
// A wall shows what the server last said, says when that is old, and comes back by itself.
const wall = document.querySelector("[data-wall]");
const cutOff = document.querySelector("[data-cut-off]");
const SILENCE_MS = 25000, CUT_MS = 5000, FRESH_PAGE_MS = 12 * 3600 * 1000;
const begunAt = Date.now();
let heardAt = begunAt, cutAt = 0, pauseMs = 1000;

const put = (where, text) => { if (where && where.textContent !== String(text)) where.textContent = text; };

function paintOccupancy(now) {
  const gauge = wall.querySelector("[data-occupancy]");
  if (!gauge) return;
  put(gauge.querySelector("[data-present]"), now.present);
  put(gauge.querySelector("[data-max]"), now.max);
  put(gauge.querySelector("[data-level]"), gauge.dataset[now.level]);
  gauge.className = `gauge level-${now.level}`;
  gauge.querySelector(".filled").setAttribute("width", 1000 * now.present / Math.max(now.max, now.present));
  gauge.querySelector("[data-bar]").setAttribute("aria-label", `${now.present} / ${now.max}`);
}

// as server/formats/camembert.py draws it
function slicePath(people, seats) {
  if (people <= 0) return "";
  if (people >= seats) return "M18 1A17 17 0 1 1 18 35A17 17 0 1 1 18 1Z";
  const angle = 2 * Math.PI * people / seats;
  const [x, y] = [18 + 17 * Math.sin(angle), 18 - 17 * Math.cos(angle)].map(number => number.toFixed(2));
  return `M18 18V1A17 17 0 ${angle > Math.PI ? 1 : 0} 1 ${x} ${y}Z`;
}

function paintRoom(status) {
  const room = wall.querySelector(`[data-room="${CSS.escape(status.id)}"]`);
  if (!room) return;
  for (const key of ["label", "people", "seats"]) put(room.querySelector(`[data-${key}]`), status[key]);
  const pie = room.querySelector(".taken-part");
  pie.setAttribute("fill", status.colour);
  pie.setAttribute("d", slicePath(status.people, status.seats));
  room.querySelector(".camembert").setAttribute("aria-label", `${status.people} / ${status.seats}`);
}

async function paintHours(hours) {
  document.documentElement.classList.toggle("night", !hours.open);
  const answer = await fetch(wall.dataset.hoursAt + location.search).catch(() => null);
  if (answer?.ok) put(wall.querySelector("[data-hours]"), (await answer.text()).trim());
}

function connect() {
  const source = new EventSource(wall.dataset.wall);
  const on = (name, paint) => source.addEventListener(name, said => { heard(); paint(JSON.parse(said.data)); });
  on("occupancy", paintOccupancy);
  on("room", paintRoom);
  on("hours", paintHours);
  on("alive", () => { if (Date.now() - begunAt > FRESH_PAGE_MS) location.reload(); });
  source.addEventListener("error", () => {
    cutAt ||= Date.now();
    if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
    setTimeout(connect, pauseMs + Math.random() * 1000); // not all walls at once
    pauseMs = Math.min(pauseMs * 2, 30000);
  });
}

function heard() { heardAt = Date.now(); cutAt = 0; pauseMs = 1000; cutOff.hidden = true; }

setInterval(() => {
  const isCut = Date.now() - heardAt > SILENCE_MS || (cutAt && Date.now() - cutAt > CUT_MS);
  if (!isCut || !cutOff.hidden) return;
  const time = new Date(heardAt).toLocaleTimeString(document.documentElement.lang, {hour: "2-digit", minute: "2-digit"});
  cutOff.textContent = cutOff.dataset.text.replace("{time}", time);
  cutOff.hidden = false;
}, 1000);
connect();
