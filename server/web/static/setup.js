"use strict";
// A backup that is sent: it takes a while, and is sent once.
// The place is made: the page goes to the desk once that answers, and once the key was noted where there is one.
const done = document.querySelector("[data-desk]");
const LOOK_MS = 2000;

const sends = document.querySelector("[data-sends]");

if (sends) {
  const isSending = (state) => {
    sends.querySelector("button").disabled = state;
    sends.querySelector("[data-sending]").hidden = !state;
  };
  sends.addEventListener("submit", () => isSending(true));
  // back from the next page, as the browser had kept this one
  addEventListener("pageshow", () => isSending(false));
}

if (done) {
  const noted = done.querySelector("[data-noted]");
  const link = done.querySelector("[data-go]");
  let answers = false;
  // who leaves this page never sees the key again
  const go = () => {
    const may = !noted || noted.checked;
    link.hidden = !may;
    if (answers && may) location.assign(done.dataset.desk);
  };
  const look = async () => {
    const answer = await fetch(done.dataset.desk, {cache: "no-store"}).catch(() => null);
    answers = Boolean(answer && answer.ok);
    done.querySelector("[data-waiting]").hidden = answers;
    done.querySelector("[data-answers]").hidden = !answers;
    go();
    if (!answers) setTimeout(look, LOOK_MS);
  };
  noted?.addEventListener("change", go);
  look();
}
