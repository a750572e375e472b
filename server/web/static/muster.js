"use strict";
// Ticks people off from a phone outside, where the network comes and goes: a tick is kept until it has been sent.
const roll = document.getElementById("roll");
const cutOff = document.querySelector("[data-cut-off]");
const LOOK_MS = 2000;
const unsent = new Map();
let sending = false;

roll.addEventListener("submit", submitted => {
  const form = submitted.target;
  if (!form.matches("[data-tick]")) return;
  submitted.preventDefault();
  const data = new FormData(form);
  show(form, data.get("safe") === "yes");
  unsent.set(data.get("person"), {address: form.action, data});
  send();
}, true);

function show(form, safe) {
  const button = form.querySelector("button");
  button.setAttribute("aria-pressed", safe);
  button.querySelector(".box").textContent = safe ? "✓" : "";
  form.closest("li").classList.toggle("safe", safe);
  form.elements.safe.value = safe ? "no" : "yes";
}

async function send() {
  if (sending) return;
  sending = true;
  for (const [person, {address, data}] of unsent) {
    const answer = await fetch(address, {method: "POST", body: data, headers: {"X-Wants": "list"}}).catch(() => null);
    cutOff.hidden = Boolean(answer);
    if (!answer) break;
    if (unsent.get(person)?.data === data) unsent.delete(person);
    if (answer.ok && !unsent.size) put(await answer.text());
  }
  sending = false;
}

async function look() {
  if (unsent.size) { send(); return; }
  const answer = await fetch(roll.dataset.list).catch(() => null);
  cutOff.hidden = Boolean(answer);
  if (answer && answer.status === 401) location.reload();
  if (answer && answer.ok && !unsent.size) put(await answer.text());
}

function put(html) {
  const focused = roll.contains(document.activeElement) ? document.activeElement.id : "";
  roll.innerHTML = html;
  if (focused) document.getElementById(focused)?.focus();
}

setInterval(look, LOOK_MS);
