// What pages do besides being read: poll what takes seconds, play moves, say what a point is. No library, no eval.
"use strict";

const token = document.querySelector('meta[name="token"]')?.content;
const tab = Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");

const number = (value, places) => {
  if (value === null || value === undefined) return "not known";
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
  if (Number(value.toFixed(places)) === 0) return value === 0 ? "0" : "about zero";
  return (value < 0 ? "−" : "+") + text;
};

async function ask(levers, stage, moving) {
  const reply = await fetch("/api/move", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Tradetalks-Token": token },
    body: JSON.stringify({ levers, stage, moving: moving ?? null, tab }),
  });
  const answer = await reply.json().catch(() => ({ error: "The app does not answer; is it still running?" }));
  if (!reply.ok && !answer.error) answer.error = "The app could not answer this.";
  return answer;
}

// What takes seconds: move the bar, and load the page again when it is there.
function wait(section) {
  const look = async () => {
    let job;
    try {
      job = await (await fetch("/api/job/" + encodeURIComponent(section.dataset.job))).json();
    } catch {
      section.querySelector(".saying").textContent = "The app does not answer; is it still running?";
      return;
    }
    if (job.done || !job.known) return void location.reload();
    section.querySelector(".saying").textContent = job.saying;
    section.querySelector("progress").value = job.share;
    setTimeout(look, 500);
  };
  setTimeout(look, 300);
}

// The packages of the overview, one after the other.
async function worths(table) {
  for (const row of table.querySelectorAll("tr[data-settings]")) {
    const answer = await ask(JSON.parse(row.dataset.settings), "full");
    for (const cell of row.querySelectorAll("td[data-party]")) {
      cell.textContent = answer.no_deal?.[cell.dataset.party] ? number(answer.no_deal[cell.dataset.party].welfare_net_usd_bn, 2) : "not known";
      if (answer.error) cell.title = answer.error;
    }
  }
}

function moves(root) {
  const levers = [...root.querySelectorAll("[data-lever]")];
  const part = (lever, kind) => lever.querySelector(`input[type=${kind}]`);
  const state = root.querySelector("[data-state]");
  const wrong = root.querySelector("[data-wrong]");
  const unpriced = root.querySelector("[data-unpriced]");
  const scores = root.querySelector(".scores");
  const sides = [root.dataset.seat, root.dataset.other];
  let latest = 0;
  let sliding = false;
  let next = null;
  let scale = 1;

  // A ticked lever whose box holds no number has no amount; an empty box is not a zero.
  const missing = () => levers.find((one) => part(one, "checkbox").checked && part(one, "number")?.value === "");

  const settings = () => Object.fromEntries(levers.filter((one) => part(one, "checkbox").checked)
    .map((one) => [one.dataset.lever, part(one, "number") ? Number(part(one, "number").value) : 1]));

  const say = (lever) => {
    const range = part(lever, "range");
    if (range) range.setAttribute("aria-valuetext", `${part(lever, "number").value || range.value} ${lever.dataset.unit}`);
    lever.classList.toggle("out", !part(lever, "checkbox").checked);
  };

  const blank = (lever) => {
    const box = part(lever, "number");
    return `${lever.querySelector("legend label").textContent.trim()}: its box holds no number; write one from ${Number(box.min)} to ${Number(box.max)} ${lever.dataset.unit}, or untick it.`;
  };

  function show(answer) {
    wrong.hidden = !answer.error;
    if (answer.error) {
      wrong.textContent = answer.error;
      state.textContent = "No number: something given is wrong.";
      state.classList.remove("approximate");
      for (const cell of root.querySelectorAll("[data-score], [data-figure]")) cell.textContent = "–";
      for (const cell of root.querySelectorAll("[data-accept]")) cell.textContent = "";
      for (const bar of root.querySelectorAll("[data-bar]")) bar.setAttribute("width", "0");
      root.querySelector("[data-bars-title]").textContent = "No number: something given is wrong.";
      unpriced.hidden = true;
      return;
    }
    scores.classList.toggle("approximate", answer.approximate);
    state.classList.toggle("approximate", answer.approximate);
    state.textContent = answer.approximate ? "Approximate: 16 regions, while the slider moves." : "Full solve of the world.";
    const gains = sides.map((party) => answer.no_deal[party].welfare_net_usd_bn ?? 0);
    scale = Math.max(scale, ...gains.map((gain) => Math.abs(gain) * 1.1));
    sides.forEach((party, k) => {
      root.querySelector(`[data-score="${party}"]`).textContent = number(answer.no_deal[party].welfare_net_usd_bn, 2);
      const bar = root.querySelector(`[data-bar="${party}"]`);
      const width = (Math.abs(gains[k]) / scale) * 150;
      bar.setAttribute("width", width.toFixed(1));
      bar.setAttribute("x", (gains[k] < 0 ? 160 - width : 160).toFixed(1));
      const chance = answer.accepts?.[party];
      const accept = root.querySelector(`[data-accept="${party}"]`);
      if (!answer.approximate) accept.textContent = chance === undefined ? "" : `accepts with ${Math.round(100 * chance)}%`;
    });
    root.querySelector("[data-bars-title]").textContent = "Gains against no deal, USD bn a year: " +
      sides.map((party, k) => `${party} ${number(gains[k], 2)}`).join(", ");
    for (const cell of root.querySelectorAll("[data-figure]")) {
      const [against, party, field] = cell.dataset.figure.split(" ");
      cell.textContent = number(answer[against][party][field], Number(cell.dataset.places));
    }
    unpriced.hidden = !answer.unpriced.length;
    unpriced.textContent = answer.unpriced.length ? `Not priced, or only in part: ${answer.unpriced.join("; ")}.` : "";
  }

  // Quick moves go one at a time, and of those that come meanwhile the latest goes next. Nobody waits for a full solve:
  // the app answers it as overtaken when a later move comes.
  function play(stage, moving) {
    next = [stage, moving];
    if (!sliding) send();
  }

  async function send() {
    const [how, on] = next;
    const mine = ++latest;
    next = null;
    sliding = how === "quick";
    let answer;
    const empty = missing();
    try {
      answer = empty ? { error: blank(empty) } : await ask(settings(), how, on);
    } catch {
      answer = { error: "The app does not answer; is it still running?" };
    }
    if (mine !== latest) return;
    sliding = false;
    if (!answer.overtaken) show(answer);
    if (next) send();
  }

  function press() {
    const now = JSON.stringify(Object.entries(settings()).sort());
    for (const button of root.querySelectorAll("[data-preset]")) {
      const same = JSON.stringify(Object.entries(JSON.parse(button.dataset.preset)).sort()) === now;
      button.setAttribute("aria-pressed", String(same));
    }
  }

  function moved(lever, stage) {
    say(lever);
    if (stage === "full") press();
    play(stage, lever.dataset.lever);
  }

  for (const lever of levers) {
    const [tick, range, box] = ["checkbox", "range", "number"].map((kind) => part(lever, kind));
    tick.addEventListener("change", () => moved(lever, "full"));
    if (!range) continue;
    range.addEventListener("input", () => { box.value = range.value; tick.checked = true; moved(lever, "quick"); });
    range.addEventListener("change", () => moved(lever, "full"));
    box.addEventListener("input", () => { if (box.value !== "" && box.validity.valid) { range.value = box.value; tick.checked = true; moved(lever, "quick"); } });
    box.addEventListener("change", () => moved(lever, "full"));
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); moved(lever, "full"); } });
    for (const mark of lever.querySelectorAll("[data-mark]")) {
      mark.addEventListener("click", () => { range.value = box.value = mark.dataset.mark; tick.checked = true; moved(lever, "full"); });
    }
  }
  for (const button of root.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => {
      const wanted = JSON.parse(button.dataset.preset);
      for (const lever of levers) {
        const at = wanted[lever.dataset.lever];
        part(lever, "checkbox").checked = at !== undefined;
        if (at !== undefined && part(lever, "range")) part(lever, "range").value = part(lever, "number").value = at;
        say(lever);
      }
      press();
      play("full");
    });
  }
  levers.forEach(say);
  play("full");
}

// Where each key goes from a point, by its place.
const STEPS = {
  ArrowRight: (at, all) => (at + 1) % all,
  ArrowDown: (at, all) => (at + 1) % all,
  ArrowLeft: (at, all) => (at + all - 1) % all,
  ArrowUp: (at, all) => (at + all - 1) % all,
  Home: () => 0,
  End: (_, all) => all - 1,
};

// Points of the frontier say what they are, by mouse and by keyboard.
function frontier(svg) {
  const line = document.querySelector("[data-hovered]");
  const idle = line.textContent;
  const found = [...svg.querySelectorAll("[data-point]")];
  const points = [...found].sort((one, other) => one.getBoundingClientRect().left - other.getBoundingClientRect().left);
  // One stop for Tab; the arrow keys go from there, along the frontier.
  const roving = (stop) => points.forEach((one) => one.setAttribute("tabindex", one === stop ? "0" : "-1"));
  roving(found[0]);
  for (const point of points) {
    const tell = () => {
      const row = document.getElementById(point.dataset.point);
      const terms = row?.querySelector("td:last-child")?.textContent ?? "";
      line.textContent = `${point.getAttribute("aria-label")}. Terms: ${terms}`;
    };
    point.addEventListener("mouseenter", tell);
    point.addEventListener("focus", tell);
    point.addEventListener("focus", () => roving(point));
    point.addEventListener("keydown", (event) => {
      const at = STEPS[event.key]?.(points.indexOf(point), points.length);
      if (at === undefined) return;
      event.preventDefault();
      points[at].focus();
    });
    point.addEventListener("mouseleave", () => { line.textContent = idle; });
    point.addEventListener("click", () => {
      const box = document.getElementById(point.dataset.point)?.querySelector("input[type=checkbox]");
      if (box) box.checked = true;
    });
  }
}

// A file that the app would refuse for its size is not sent; what was typed stays.
function sized(box) {
  box.addEventListener("change", () => {
    const over = box.files.length && box.files[0].size > Number(box.dataset.most);
    box.setCustomValidity(over ? `This file is larger than the ${box.dataset.most / 1e6} MB that are read here.` : "");
    if (over) box.reportValidity();
  });
}

document.querySelectorAll("[data-job]").forEach(wait);
document.querySelectorAll("input[data-most]").forEach(sized);
document.querySelectorAll("[data-packages]").forEach(worths);
document.querySelectorAll("[data-moves]").forEach(moves);
document.querySelectorAll("[data-frontier]").forEach(frontier);
