"use strict";
// How long a badge is still awaited, as a bar that runs out. The server alone decides when it is over.
const bar = document.querySelector("[data-left-s]");
const endsAtMs = performance.now() + 1000 * bar.value;
setInterval(() => {
  bar.hidden = !document.querySelector("[data-awaits]");
  bar.value = Math.max(0, (endsAtMs - performance.now()) / 1000);
}, 250);
