"use strict";
// What every page of the desk does: no button pressed twice, nothing booked by a key, lists found as one types.
const TYPING_MS = 150;

const sendable = new WeakMap();

addEventListener("submit", submitted => {
  const form = submitted.target;
  if (form.dataset.sent) { submitted.preventDefault(); return; }
  form.dataset.sent = "yes";
  clearTimeout(sendable.get(form));
  sendable.set(form, setTimeout(() => delete form.dataset.sent, 3000));
});

addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach(form => delete form.dataset.sent));

let timer, asked = 0;
addEventListener("input", typed => {
  const search = typed.target.closest("[data-search]");
  if (!search || typed.target.type !== "search") return;
  clearTimeout(timer);
  timer = setTimeout(() => find(search, typed.target.value), TYPING_MS);
});

async function find(search, wanted) {
  const number = ++asked;
  const said = new FormData();
  said.append("csrf_token", search.closest("form").elements.csrf_token.value);
  said.append("wanted", wanted);
  said.append("list", "yes");
  const answer = await fetch(search.dataset.search, {method: "POST", body: said}).catch(() => null);
  if (answer && answer.status === 401) location.reload();
  if (!answer || !answer.ok || number !== asked) return;
  document.getElementById(search.dataset.into).innerHTML = await answer.text();
}

// a search that shows its list as one types has no page of its own to go to
addEventListener("submit", submitted => {
  if (submitted.target.matches("form[data-search]")) submitted.preventDefault();
}, true);

// where money is booked, or several buttons differ, Enter in a field says so and presses nothing, however often it comes:
// it may lead to the group of the buttons, never to a button, which the next stroke would press
addEventListener("keydown", pressed => {
  const field = pressed.target, form = field.form;
  if (pressed.key !== "Enter" || !form?.querySelector("[data-hold]")) return;
  if (field.matches("button") && pressed.repeat) pressed.preventDefault();  // held since before it came here
  if (!field.matches("input")) return;
  pressed.preventDefault();
  form.querySelectorAll("[data-enter]").forEach(hint => { hint.hidden = false; });
  form.querySelector("[data-choices]")?.focus();
});

// the reduced price: what each pass costs then, and a reason that cannot be forgotten
function reduce(box) {
  const form = box.form;
  form.querySelectorAll(".one-price input").forEach(pass => { pass.disabled = box.checked; pass.checked &&= !box.checked; });
  form.elements.reason.required = box.checked;
}

// who was not there has no times
function excuse(box) { box.form.querySelectorAll("[type=time]").forEach(time => { time.disabled = box.checked; }); }

const BOXES = {reduced: reduce, absent: excuse};
addEventListener("change", changed => BOXES[changed.target.id]?.(changed.target));
Object.keys(BOXES).map(id => document.getElementById(id)).filter(box => box?.checked).forEach(box => BOXES[box.id](box));

addEventListener("click", clicked => {
  const field = document.getElementById(clicked.target.closest(".chip")?.parentElement.dataset.says);
  if (field) { field.value = clicked.target.textContent; field.focus(); }
});

// a table that is folded away is printed all the same
const folded = () => document.querySelectorAll("details[data-printed]:not([open])");
addEventListener("beforeprint", () => folded().forEach(details => { details.open = true; }));

document.querySelector("[data-print]")?.addEventListener("click", () => print());
