"use strict";
// A wall shows what the server last said, says when that is old, and comes back by itself.
const wall = document.querySelector("[data-wall]");
const cutOff = document.querySelector("[data-cut-off]");
const SILENCE_MS = 25000;
let heardAt = Date.now(), pauseMs = 1000;

const put = (where, text) => { if (where && where.textContent !== String(text)) where.textContent = text; };

function paintOccupancy(now) {
  const gauge = wall.querySelector("[data-occupancy]");
  if (!gauge) return;
  put(gauge.querySelector("[data-present]"), now.present);
  put(gauge.querySelector("[data-max]"), now.max);
  const level = gauge.querySelector("[data-level]");
  put(level, JSON.parse(level.dataset.words)[now.level]);
  gauge.className = `gauge level-${now.level}`;
}

function paintRoom(status) {
  const room = wall.querySelector(`[data-room="${CSS.escape(status.id)}"]`);
  if (!room) return;
  for (const key of ["label", "people", "seats"]) put(room.querySelector(`[data-${key}]`), status[key]);
}

function connect() {
  const source = new EventSource(wall.dataset.wall);
  const on = (name, paint) => source.addEventListener(name, said => { heard(); paint(JSON.parse(said.data)); });
  on("occupancy", paintOccupancy);
  on("room", paintRoom);
  on("alive", () => {});
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(connect, pauseMs + Math.random() * 1000); // not all walls at once
    pauseMs = Math.min(pauseMs * 2, 30000);
  });
}

function heard() { heardAt = Date.now(); pauseMs = 1000; cutOff.hidden = true; }

setInterval(() => {
  if (Date.now() - heardAt < SILENCE_MS || !cutOff.hidden) return;
  const time = new Date(heardAt).toLocaleTimeString(document.documentElement.lang, {hour: "2-digit", minute: "2-digit"});
  cutOff.textContent = cutOff.dataset.text.replace("{time}", time);
  cutOff.hidden = false;
}, 1000);
connect();
