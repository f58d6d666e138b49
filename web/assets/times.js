// Adds the viewer's local time to times in UTC and Anywhere on Earth. Pages are complete without it.
"use strict";
{
  const format = new Intl.DateTimeFormat("en-GB", {
    day: "numeric", month: "short", year: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
  const local = (text) => {
    const at = new Date(text);
    // nothing to add if the local time is UTC
    return Number.isNaN(at.getTime()) || at.getTimezoneOffset() === 0 ? "" : format.format(at);
  };
  for (const time of document.querySelectorAll("time[datetime]")) {
    const told = local(time.dateTime);
    if (!told) continue;
    if ("local" in time.dataset) time.after(` (${told}, your time)`);
    else time.title = [time.title, told].filter(Boolean).join("; ");
  }
}
