// Adds the viewer's own time to what pages tell in UTC and Anywhere on Earth. They say all of it
// without this, too.
"use strict";
{
  const format = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
  const local = (text) => {
    const at = new Date(text);
    // where the clock shows UTC there is nothing to add
    return Number.isNaN(at.getTime()) || at.getTimezoneOffset() === 0 ? "" : format.format(at);
  };
  for (const time of document.querySelectorAll("time[datetime]")) {
    const told = local(time.dateTime);
    if (!told) continue;
    if ("local" in time.dataset) time.after(` (${told}, your time)`);
    else time.title = [time.title, told].filter(Boolean).join("; ");
  }
}
