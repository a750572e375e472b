"use strict";
// Keeps the parts of the desk as the server has them. What is being typed in is left alone until it is done.
const desk = document.querySelector("[data-live]");
const cutOff = document.querySelector("[data-cut-off]");
const SILENCE_MS = 25000;
const waiting = new Set();
let heardAt = Date.now(), fetching = false, pauseMs = 1000, source;

const isBusy = part => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea, [open] *");

async function refresh() {
  if (fetching) return;
  fetching = true;
  while (waiting.size) {
    const names = [...waiting];
    waiting.clear();
    await Promise.all(names.map(fetchPart));
  }
  fetching = false;
}

async function fetchPart(name) {
  const part = desk.querySelector(`[data-part="${name}"]`);
  if (!part) return;
  if (isBusy(part)) { part.addEventListener("focusout", () => ask([name]), {once: true}); return; }
  const answer = await fetch(desk.dataset.parts + name).catch(() => null);
  if (answer && answer.status === 401) location.reload();
  if (!answer || !answer.ok) return;
  const html = await answer.text();
  if (part.innerHTML === html || isBusy(part)) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus();
}

function ask(names) { names.forEach(name => waiting.add(name)); refresh(); }

function connect() {
  source = new EventSource(desk.dataset.live);
  source.addEventListener("changed", said => { heard(); ask(JSON.parse(said.data)); });
  source.addEventListener("alive", heard);
  source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) retry(); });
}

// a browser gives up for good when it is told 503
function retry() { setTimeout(connect, pauseMs); pauseMs = Math.min(pauseMs * 2, 30000); }
function heard() { heardAt = Date.now(); pauseMs = 1000; cutOff.hidden = true; }

setInterval(() => { if (Date.now() - heardAt > SILENCE_MS) cutOff.hidden = false; }, 1000);
connect();
