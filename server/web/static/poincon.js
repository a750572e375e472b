"use strict";
// What every page of the desk does: no button pressed twice, lists found as one types.
const TYPING_MS = 150;

addEventListener("submit", submitted => {
  const form = submitted.target;
  if (form.dataset.sent) { submitted.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
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

document.querySelector("[data-print]")?.addEventListener("click", () => print());
