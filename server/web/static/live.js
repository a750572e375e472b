"use strict";
// Keeps the parts of the desk as the server has them. What somebody is busy with is left alone until they are done.
const desk = document.querySelector("[data-live]");
const cutOff = document.querySelector("[data-cut-off]");
const SILENCE_MS = 25000, CUT_MS = 5000, GATHER_MS = 100;
const waiting = new Set();
let heardAt = Date.now(), cutAt = 0, pauseMs = 1000, gathering;

const partOf = name => desk.querySelector(`[data-part="${name}"]`);
const isBusy = part => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
const isTyped = field => field.type !== "hidden" && (field.matches("select") ? field.selectedIndex > 0 : field.value !== field.defaultValue);
// every form has a number of its own, which is no change to be shown
const bare = html => html.replace(/name="(form_id|csrf_token)" value="[^"]*"/g, "").trim();

function ask(names) {
  names.forEach(name => waiting.add(name));
  gathering ??= setTimeout(fetchAll, GATHER_MS);
}

async function fetchAll() {
  const names = [...waiting];
  waiting.clear();
  await Promise.all(names.map(fetchPart));
  gathering = waiting.size ? setTimeout(fetchAll, GATHER_MS) : undefined;
}

async function fetchPart(name) {
  const part = partOf(name);
  if (isBusy(part)) { part.addEventListener("focusout", () => setTimeout(ask, 200, [name]), {once: true}); return; }
  const answer = await fetch(desk.dataset.parts + name).catch(() => null);
  if (answer && answer.status === 401) location.reload();
  if (!answer || !answer.ok) return;
  const html = await answer.text();
  if (part.bare === bare(html) || isBusy(part)) return;
  replace(part, html);
}

function replace(part, html) {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...part.querySelectorAll("details[open]")].map(details => details.id);
  const typed = [...part.querySelectorAll("input[id], select[id]")].filter(isTyped).map(field => [field.id, field.value]);
  part.innerHTML = html;
  part.bare = bare(html);
  delete part.dataset.digest;
  typed.forEach(([id, value]) => { const field = document.getElementById(id); if (field) field.value = value; });
  open.forEach(id => document.getElementById(id)?.setAttribute("open", ""));
  if (focused) document.getElementById(focused)?.focus();
}

function connect() {
  const source = new EventSource(desk.dataset.live);
  source.addEventListener("parts", said => { heard(); ask(stale(JSON.parse(said.data))); });
  source.addEventListener("changed", said => { heard(); ask(JSON.parse(said.data)); });
  source.addEventListener("alive", heard);
  source.addEventListener("error", () => {
    cutAt ||= Date.now();
    if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
    ask(["occupancy"]); // says whether the login is over
    setTimeout(connect, pauseMs); // it was told to come back, and a browser gives up then
    pauseMs = Math.min(pauseMs * 2, 30000);
  });
}

// which parts are not as this page has them, by what the server says of them when the stream begins
function stale(digests) {
  return Object.keys(digests).filter(name => partOf(name).dataset.digest !== digests[name]);
}

function heard() { heardAt = Date.now(); cutAt = 0; pauseMs = 1000; cutOff.hidden = true; }

desk.querySelectorAll("[data-part]").forEach(part => { part.bare = bare(part.innerHTML); });
setInterval(() => {
  if (Date.now() - heardAt > SILENCE_MS || (cutAt && Date.now() - cutAt > CUT_MS)) cutOff.hidden = false;
}, 1000);
connect();
