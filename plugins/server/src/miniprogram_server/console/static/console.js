// What pages do beyond HTML: sliders show their number, rows of the audience builder can go, ids can be copied.
"use strict";

function showAmount(input) {
  const output = document.getElementById(input.dataset.output);
  if (output) output.textContent = `${Number(input.value) / Number(input.dataset.divisor || 1)} %`;
}

document.addEventListener("input", (event) => {
  if (event.target.matches("input[data-output]")) showAmount(event.target);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-removes], button[data-sets], button[data-copies]");
  if (!button) return;
  if (button.dataset.removes) {
    const form = button.closest("form");
    button.closest(button.dataset.removes).remove();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (button.dataset.sets) {
    const input = document.getElementById(button.dataset.sets);
    input.value = button.value;
    showAmount(input);
  } else {
    await navigator.clipboard.writeText(button.dataset.copies);
    button.textContent = "Copied";
  }
});

// Times: shown as the clock of this browser shows them, and typed so; what is sent is UTC.
const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }).formatToParts(new Date())
  .find((part) => part.type === "timeZoneName").value;

function showLocalTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]:not([title])")) {
    const instant = new Date(element.dateTime);
    if (Number.isNaN(instant.valueOf())) continue;
    element.title = element.textContent;
    element.textContent = clock.format(instant);
  }
  for (const sent of root.querySelectorAll("input[data-time]")) pickTime(sent);
}

function pickTime(sent) {
  const instant = new Date(sent.value);
  if (sent.value && Number.isNaN(instant.valueOf())) return; // what was typed is no time: it is shown as it is
  const picker = document.createElement("input");
  picker.type = "datetime-local";
  for (const name of ["id", "aria-invalid", "aria-describedby"]) {
    if (sent.hasAttribute(name)) picker.setAttribute(name, sent.getAttribute(name));
    sent.removeAttribute(name);
  }
  if (sent.value) picker.value = new Date(instant - instant.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  const label = document.querySelector(`label[for="${picker.id}"] .hint`);
  if (label) label.textContent = `in ${zone}`;
  picker.addEventListener("input", () => {
    sent.value = picker.value ? new Date(picker.value).toISOString().replace(".000", "") : "";
  });
  sent.removeAttribute("data-time");
  sent.type = "hidden";
  sent.after(picker);
}

document.addEventListener("DOMContentLoaded", () => {
  showLocalTimes(document);
  // on a narrow screen the tabs scroll: the one that is shown must be seen
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) tab.parentElement.scrollLeft = tab.offsetLeft - 48;
});
document.addEventListener("htmx:load", (event) => showLocalTimes(event.target));

// What somebody else changes while this page is looked at: it is said, and nothing that is shown or typed is touched.
// A page that is not looked at holds no connection.
const news = { source: null, since: "", typed: false, lines: [] };

function listen() {
  const { live, since } = document.body.dataset;
  if (!live || news.source || document.hidden) return;
  news.since ||= since;
  news.source = new EventSource(`${live}&since=${encodeURIComponent(news.since)}`);
  news.source.addEventListener("message", (event) => {
    news.since = event.lastEventId || news.since;
    showNews(JSON.parse(event.data));
  });
}

function stopListening() {
  if (news.source) news.source.close();
  news.source = null;
}

function showNews(texts) {
  news.lines = [...news.lines, ...texts].slice(-3);
  const note = document.createElement("div");
  note.className = "note news";
  for (const text of news.lines) note.append(Object.assign(document.createElement("p"), { textContent: text }));
  const address = new URL(location.href);
  address.searchParams.delete("draft");
  const show = Object.assign(document.createElement("a"), { href: address.href, textContent: "Show" });
  if (news.typed) Object.assign(show, { target: "_blank", textContent: "Show in another tab" });
  note.append(show);
  document.getElementById("news").replaceChildren(note);
}

document.addEventListener("input", (event) => {
  news.typed ||= Boolean(event.target.closest("form[method=post]"));
});
document.addEventListener("visibilitychange", () => (document.hidden ? stopListening() : listen()));
addEventListener("pagehide", stopListening);
addEventListener("load", () => setTimeout(listen, 1_500));
