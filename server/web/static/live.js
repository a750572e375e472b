"use strict";
// Keeps the parts of a page as the server has them. What somebody is busy with is left alone until they are done.
const page = document.querySelector("[data-live]");
const cutOff = document.querySelector("[data-cut-off]");
const SILENCE_MS = 25000, LOOK_MS = 30000, CUT_MS = 5000, GATHER_MS = 100;
const waiting = new Set();
let heardAt = Date.now(), cutAt = 0, pauseMs = 1000, gathering, source;

const parts = () => [...page.querySelectorAll("[data-part]")];
const partOf = name => page.querySelector(`[data-part="${name}"]`);
const isBusy = part => part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
const isTyped = field => field.name === "seen" || field.type !== "hidden" && (field.matches("select") ? field.selectedIndex > 0
  : field.matches("[type=checkbox]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
// what a form has seen stays what somebody has seen: the server asks where more was booked meanwhile
const typedIn = part => [...part.querySelectorAll("input, select")].filter(isTyped)
  .map(field => ({form: field.form?.getAttribute("action"), name: field.name, value: field.value, checked: field.checked}));
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
  const answer = await fetch(page.dataset.parts.replace("PART", name)).catch(() => null);
  if (answer && answer.status === 401) location.reload();
  if (!answer || !answer.ok) return;
  const html = await answer.text();
  if (part.bare === bare(html) || isBusy(part)) return;
  replace(part, html);
}

// what has the focus is found again by its number, or by what it says; where it is gone, one goes on from the same part
function focusedIn(part) {
  const was = document.activeElement;
  if (!part.contains(was)) return () => {};
  const isSame = each => each.textContent === was.textContent && each.getAttribute("href") === was.getAttribute("href");
  return () => {
    const found = was.id ? document.getElementById(was.id) : [...part.querySelectorAll(was.localName)].find(isSame);
    if (!found) part.tabIndex = -1;
    (found || part).focus({preventScroll: true});
  };
}

function replace(part, html) {
  const focus = focusedIn(part);
  const open = [...part.querySelectorAll("details[open]")].map(details => details.id);
  const typed = typedIn(part);
  part.innerHTML = html;
  part.bare = bare(html);
  delete part.dataset.digest;
  typed.forEach(was => {
    const form = [...part.querySelectorAll("form")].find(each => each.getAttribute("action") === was.form);
    const field = form?.elements[was.name];
    if (field && "value" in field) { field.value = was.value; field.checked = was.checked; }
  });
  open.forEach(id => document.getElementById(id)?.setAttribute("open", ""));
  focus();
}

function connect() {
  source = new EventSource(page.dataset.live);
  source.addEventListener("parts", said => { heard(); ask(stale(JSON.parse(said.data))); });
  source.addEventListener("changed", said => { heard(); ask(JSON.parse(said.data)); });
  source.addEventListener("alive", heard);
  const opened = source;
  source.addEventListener("error", () => {
    if (opened !== source) return;
    cutAt ||= Date.now();
    if (source.readyState !== EventSource.CLOSED) return; // it tries again by itself
    ask(parts().slice(0, 1).map(part => part.dataset.part)); // says whether the login is over
    setTimeout(connect, pauseMs); // it was told to come back, and a browser gives up then
    pauseMs = Math.min(pauseMs * 2, 30000);
  });
}

// which parts are not as this page has them, by what the server says of them when the stream begins
function stale(digests) {
  return Object.keys(digests).filter(name => partOf(name).dataset.digest !== digests[name]);
}

function heard() { heardAt = Date.now(); cutAt = 0; pauseMs = 1000; cutOff.hidden = true; }

// a browser opens few streams to one server: a page that nobody looks at gives its own back
function follow() {
  if (!("whileSeen" in page.dataset) || !document.hidden) {
    if (!source) { heard(); connect(); }
    return;
  }
  source?.close();
  source = undefined;
}

if (page) {
  parts().forEach(part => { part.bare = bare(part.innerHTML); });
  setInterval(() => {
    if (source && (Date.now() - heardAt > SILENCE_MS || (cutAt && Date.now() - cutAt > CUT_MS))) cutOff.hidden = false;
  }, 1000);
  // whatever rings or does not: times pass too, and a line that is dead rings nothing
  const lookAgain = () => { if (!document.hidden) ask(parts().map(part => part.dataset.part)); };
  setInterval(lookAgain, LOOK_MS);
  document.addEventListener("visibilitychange", () => { follow(); lookAgain(); });
  follow();
}
