// The bench's page: shows what the server of the demo tells, sends what the visitor does. No state of its own but the
// badge in hand: after a reload, or a lost connection, everything is told anew.
"use strict";

const language = document.documentElement.lang;
const words = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const units = new Map([...document.querySelectorAll("[data-unit]")].map((card) => [card.dataset.unit, card]));

async function order(what) {
  try {
    const answer = await fetch("orders", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what),
    });
    if (!answer.ok) hint(await answer.text(), true);
  } catch {
    hint(words.away, true);
  }
}

let inHand = null;

function hint(text, asks = false) {
  byId("hint").textContent = text;
  byId("hint").classList.toggle("asks", asks);
}

function take(card) {
  inHand?.setAttribute("aria-pressed", "false");
  inHand = card;
  inHand?.setAttribute("aria-pressed", "true");
  document.body.classList.toggle("in-hand", inHand !== null);
  hint(inHand ? words.hand.replace("{badge}", nameOn(inHand)) : words.take);
}

function nameOn(card) {
  return card.querySelector(".name").textContent;
}

function hold(card, reader) {
  const unit = reader.closest("[data-unit]").dataset.unit;
  order({ do: "present", badge: card.dataset.badge, unit, side: reader.dataset.side });
}

for (const card of document.querySelectorAll(".badge")) {
  const drag = { from: null, ghost: null, moved: false };
  const end = () => {
    drag.ghost?.remove();
    drag.from = drag.ghost = null;
    aim(null);
  };
  card.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    drag.moved = false;
    drag.from = { x: event.clientX, y: event.clientY };
    card.setPointerCapture(event.pointerId); // a quick hand leaves the card before it is seen to move
  });
  card.addEventListener("pointermove", (event) => {
    if (!drag.from) return;
    if (!drag.ghost && Math.hypot(event.clientX - drag.from.x, event.clientY - drag.from.y) > 7) {
      drag.moved = true;
      drag.ghost = card.cloneNode(true);
      drag.ghost.classList.add("ghost");
      drag.ghost.setAttribute("aria-hidden", "true");
      document.body.append(drag.ghost);
    }
    if (drag.ghost) {
      drag.ghost.style.transform = `translate(${event.clientX - 110}px, ${event.clientY - 30}px)`;
      aim(readerAt(event));
    }
  });
  card.addEventListener("pointerup", (event) => {
    const reader = drag.ghost && readerAt(event);
    end();
    if (reader) hold(card, reader);
  });
  card.addEventListener("pointercancel", end);
  card.addEventListener("click", () => {
    if (!drag.moved) take(inHand === card ? null : card);
    drag.moved = false;
  });
}

function readerAt(event) {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest(".reader") ?? null;
}

function aim(reader) {
  for (const each of document.querySelectorAll(".reader.aimed")) each.classList.remove("aimed");
  reader?.classList.add("aimed");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && inHand) {
    const card = inHand;
    take(null);
    card.focus();
  }
});

for (const [unit, card] of units) {
  for (const reader of card.querySelectorAll(".reader")) {
    reader.addEventListener("click", () => (inHand ? hold(inHand, reader) : hint(words.first, true)));
  }
  for (const part of card.querySelectorAll("[data-act]")) {
    part.addEventListener("click", () => act(unit, part.dataset.act, card));
  }
  for (const toggle of card.querySelectorAll("[data-switch]")) {
    toggle.addEventListener("click", () => {
      order({ do: "switch", unit, what: toggle.dataset.switch, on: toggle.getAttribute("aria-checked") !== "true" });
    });
  }
}

const DIAL = {
  left: { do: "turn", steps: -1 }, right: { do: "turn", steps: 1 },
  press: { do: "press", long: false }, hold: { do: "press", long: true },
};

function act(unit, what, card) {
  if (what in DIAL) order({ ...DIAL[what], unit });
  else if (what === "rex") order({ do: "rex", unit });
  else if (what === "shut" || (what === "push" && card.classList.contains("is-open"))) order({ do: "shut", unit });
  else order({ do: "push", unit, how: what === "push" ? "through" : what });
}

for (const toggle of document.querySelectorAll(".switch[data-run]")) {
  toggle.addEventListener("click", () => {
    order({ do: "run", what: toggle.dataset.run, on: toggle.getAttribute("aria-checked") !== "true" });
  });
}

const shown = new Map();
const house = { broker: true };

function showUnit(unit) {
  const card = units.get(unit.name);
  const before = shown.get(unit.name);
  shown.set(unit.name, unit);
  if (!card) return;
  card.classList.toggle("is-open", unit.leaf_open);
  card.classList.toggle("is-free", unit.released);
  card.classList.toggle("is-off", !unit.power);
  showRing(card, unit.ring);
  showAnswer(card, unit.answer, before?.answer);
  showBuzzer(card, unit, before);
  fact(card, "strike", words[unit.released ? "strike.free" : "strike.locked"]);
  fact(card, "leaf", words[unit.leaf_open ? "leaf.open" : "leaf.closed"]);
  fact(card, "kept", unit.kept ? words.kept.replace("{nth}", unit.kept) : words["kept.none"]);
  showRoom(card, unit.room);
  fact(card, "alarms", unit.alarms.map((name) => `▲ ${words[`alarm.${name}`] ?? name}`).join("  ·  "));
  showOnline(card, unit);
  drawing(card, unit);
  for (const reader of card.querySelectorAll(".reader")) {
    const holding = unit.held_to.includes(reader.dataset.side);
    reader.classList.toggle("holding", holding);
    text(reader.querySelector(".call"), words[holding ? "holding" : "hold"]);
  }
  for (const toggle of card.querySelectorAll("[data-switch]")) set(toggle, unit[toggle.dataset.switch]);
  const shut = card.querySelector('[data-act="shut"]');
  if (shut) {
    const focused = document.activeElement;
    for (const part of card.querySelectorAll(".acts button")) part.hidden = unit.leaf_open === (part !== shut);
    if (focused?.hidden && focused.closest(".acts")) card.querySelector(".acts button.main:not([hidden])").focus();
  }
  showWires();
}

function showRing(card, colours) {
  const ring = card.querySelector(".ring");
  const [halo, leds] = [ring.querySelector(".halo"), ring.querySelector(".leds")];
  colours.forEach((colour, nth) => {
    const light = brightened(colour);
    leds.children[nth]?.setAttribute("fill", light);
    halo.children[nth]?.setAttribute("fill", light);
  });
}

const DRIVEN = 170;

// The simulated LEDs run at the brightness of the settings, made for an entrance: a screen is brighter, so they look
// as their eye, used to the entrance's light, would see them.
function brightened(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const most = Math.max(...parts);
  if (!most) return "#191a1f";
  const gain = (255 / most) * Math.min(1, most / DRIVEN) ** 0.65;
  return `rgb(${parts.map((part) => Math.round(part * gain)).join(" ")})`;
}

function showAnswer(card, answer, before) {
  const line = card.querySelector('[data-fact="answer"]');
  if (!line) return;
  if (answer && before && answer.nth === before.nth) return;
  line.className = answer ? `answer ${answer.granted ? "yes" : "no"}` : "answer";
  text(line, answer ? `${answer.granted ? "✓" : "✕"} ${answer.text[language]}` : words["answer.none"]);
  if (answer) freshen(line);
}

function showRoom(card, room) {
  const line = card.querySelector('[data-fact="room"]');
  if (!line) return;
  const told = words.room.replace("{people}", room?.people).replace("{seats}", room?.seats);
  text(line, room ? `${room.label}\n${told}` : words["room.none"]);
}

const silences = new Map();

function showBuzzer(card, unit, before) {
  const buzzer = card.querySelector('[data-fact="buzzer"]');
  if (!buzzer) return;
  if (!before) sound(buzzer, "");
  if (!before || unit.beeps === before.beeps) return;
  sound(buzzer, unit.buzzer);
  clearTimeout(silences.get(card));
  silences.set(card, setTimeout(() => sound(buzzer, ""), 2500));
}

function sound(buzzer, pattern) {
  text(buzzer.querySelector(".rhythm"), words[`rhythm.${pattern}`] ?? "");
  text(buzzer.querySelector(".words"), words[`buzzer.${pattern || "silent"}`] ?? pattern);
  buzzer.classList.remove("sounds");
  void buzzer.offsetWidth;
  buzzer.classList.toggle("sounds", pattern !== "");
}

function showOnline(card, unit) {
  const chip = card.querySelector('[data-fact="online"]');
  const state = !unit.power ? "off" : unit.online ? "online" : "alone";
  text(chip, words[`unit.${state}`]);
  chip.className = `chip ${state === "online" ? "good" : "bad"}`;
}

function drawing(card, unit) {
  const title = card.querySelector(".door title");
  if (title) {
    const strike = words[unit.released ? "strike.free" : "strike.locked"];
    text(title, `${words.strike} : ${strike}. ${words.leaf} : ${words[unit.leaf_open ? "leaf.open" : "leaf.closed"]}.`);
  }
}

function showHouse(told) {
  Object.assign(house, told);
  for (const what of ["server", "broker"]) {
    set(document.querySelector(`.switch[data-run="${what}"]`), told[what]);
    document.querySelector(`.machine[data-run="${what}"]`).classList.toggle("dead", !told[what]);
  }
  byId("count").dataset.level = told.level;
  text(byId("present"), told.present === null ? "–" : String(told.present));
  text(byId("level"), told.present === null ? "" : words[`level.${told.level}`]);
  byId("gauge").style.transform = `scaleX(${Math.min(1, (told.present ?? 0) / told.most)})`;
  const notes = [];
  if (told.guests) notes.push(words[told.guests > 1 ? "guests" : "guest"].replace("{guests}", told.guests));
  if (told.uncertain) notes.push(words.uncertain.replace("{uncertain}", told.uncertain));
  if (!told.server) notes.push(words["server.dead"]);
  text(byId("count-note"), notes.join(" · "));
  showWires();
}

function showWires() {
  document.querySelector('[data-wire="server"]').classList.toggle("cut", !(house.server && house.broker));
  for (const end of document.querySelectorAll(".ends [data-wire]")) {
    const unit = shown.get(end.dataset.wire);
    if (!unit) continue;
    const state = !unit.power ? "wire.off" : !unit.network ? "wire.cut" : !house.broker ? "wire.nobroker"
      : unit.online ? "wire.good" : "wire.trying";
    end.classList.toggle("cut", state !== "wire.good");
    text(end.querySelector("em"), words[state]);
  }
}

const TROUBLE_WHEN = { network: false, power: false, reader: false, fire: true, tamper: true, server: false, broker: false };

function set(toggle, on) {
  const what = toggle.dataset.switch ?? toggle.dataset.run;
  toggle.setAttribute("aria-checked", String(on));
  toggle.classList.toggle("trouble", on === TROUBLE_WHEN[what]);
  text(toggle.querySelector(".state"), on ? toggle.dataset.on : toggle.dataset.off);
  toggle.setAttribute("aria-label", `${toggle.querySelector(".label").textContent} : ${on ? toggle.dataset.on : toggle.dataset.off}`);
}

const SIGNS = { hand: "→", yes: "✓", no: "✕", alarm: "▲", quiet: "·", server: "≡" };
const MOST_LINES = 200;
let lastLine = 0;

function tellStory(line, nth) {
  if (nth <= lastLine) return;
  lastLine = nth;
  const item = document.createElement("li");
  item.className = line.mark;
  const sign = part("span", "sign", SIGNS[line.mark] ?? "·");
  sign.setAttribute("aria-hidden", "true");
  item.append(sign, part("span", "text", line.text[language]), part("span", "meta", `${line.time} · ${line.place[language]}`));
  byId("story").prepend(item);
  freshen(item);
  while (byId("story").children.length > MOST_LINES) byId("story").lastChild.remove();
}

function part(tag, name, content) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = content;
  return made;
}

function text(element, content) {
  if (element.textContent !== content) element.textContent = content;
}

function fact(card, name, content) {
  const element = card.querySelector(`[data-fact="${name}"]`);
  if (element) text(element, content);
}

function freshen(element) {
  element.classList.remove("news");
  void element.offsetWidth;
  element.classList.add("news");
}

let isOver = false;

function away(message) {
  byId("over").hidden = !message;
  text(byId("over"), message);
}

const stream = new EventSource("stream");
stream.addEventListener("open", () => away(""));
stream.addEventListener("error", () => isOver || away(words.away));
stream.addEventListener("unit", (event) => showUnit(JSON.parse(event.data)));
stream.addEventListener("house", (event) => showHouse(JSON.parse(event.data)));
stream.addEventListener("story", (event) => tellStory(JSON.parse(event.data), Number(event.lastEventId)));
stream.addEventListener("over", () => {
  isOver = true;
  stream.close();
  away(words.over);
});
