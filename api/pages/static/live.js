// What a form was told is wrong is shown in its place, as any other answer to it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (![413, 422].includes(xhr.status) || !xhr.responseText.includes('id="outcome"')) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

// What scrolls sideways is reached by the keys too.
(() => {
  const reach = () => {
    for (const each of document.querySelectorAll(".wide"))
      if (each.scrollWidth > each.clientWidth) each.tabIndex = 0;
  };
  reach();
  document.addEventListener("htmx:afterSettle", reach);
})();

// Listens to the mission's events and asks the page to refresh the parts that changed.
(() => {
  const strip = document.querySelector("[data-events]");
  if (!strip || !window.EventSource) return;
  const lastSeen = strip.querySelector("[data-last]");
  const stopped = strip.querySelector("[data-stopped]");
  // The hours of a page are the mission's, wherever it is read.
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: strip.dataset.zone, timeStyle: "medium" });
  const hour = (length) => clock.format(new Date()).slice(0, length);
  // How long ago the last report came, under an hour; then it keeps the moment that it says.
  const age = () => {
    const { at, seconds, minutes } = lastSeen ? lastSeen.dataset : {};
    const passed = Math.floor(Date.now() / 1000) - Number(at);
    if (!at || passed < 0) return;
    if (passed < 60) lastSeen.textContent = seconds.replace("{n}", passed);
    else if (passed < 3600) lastSeen.textContent = minutes.replace("{n}", Math.floor(passed / 60));
    else if (passed < 7200) lastSeen.textContent = lastSeen.title;
  };
  setInterval(age, 10_000);
  const source = new EventSource(strip.dataset.events);
  let waiting = 0;
  let known = Infinity; // reports; a change of one that is known is no new one

  const refresh = () => {
    waiting = 0;
    document.body.dispatchEvent(new CustomEvent("folded"));
  };
  const back = () => {
    strip.classList.remove("lost");
    if (stopped) stopped.textContent = "";
  };
  const lost = () => {
    strip.classList.add("lost");
    if (stopped && !stopped.textContent) stopped.textContent = hour(5);
  };
  source.addEventListener("open", back);
  source.addEventListener("error", lost);
  source.addEventListener("stopped", lost);
  source.addEventListener("resumed", () => {
    back();
    refresh();
  });
  source.addEventListener("folded", (event) => {
    back();
    // The page was drawn at this reading of the clock: there is nothing new to show.
    if (event.lastEventId === strip.dataset.sequence) return;
    strip.dataset.sequence = event.lastEventId;
    const { reports } = JSON.parse(event.data);
    const came = reports > known;
    known = reports;
    if (lastSeen && came) {
      lastSeen.dataset.at = Math.floor(Date.now() / 1000);
      lastSeen.title = `${hour(8)} ${strip.dataset.zone}`;
      age();
    }
    if (!waiting) waiting = setTimeout(refresh, 1000);
  });
  addEventListener("pagehide", () => source.close());
})();
