// Listens to the mission's events and asks the page to refresh the parts that changed.
(() => {
  const strip = document.querySelector("[data-events]");
  if (!strip || !window.EventSource) return;
  const lastSeen = strip.querySelector("[data-last]");
  const stopped = strip.querySelector("[data-stopped]");
  const hour = (length) => new Date().toTimeString().slice(0, length);
  const source = new EventSource(strip.dataset.events);
  let waiting = 0;

  const refresh = () => {
    waiting = 0;
    document.body.dispatchEvent(new CustomEvent("folded"));
  };
  const back = () => {
    strip.classList.remove("lost");
    if (stopped) stopped.textContent = "";
  };
  source.addEventListener("open", back);
  source.addEventListener("error", () => {
    strip.classList.add("lost");
    if (stopped && !stopped.textContent) stopped.textContent = hour(5);
  });
  source.addEventListener("folded", (event) => {
    back();
    // The page was drawn at this reading of the clock: there is nothing new to show.
    if (event.lastEventId === strip.dataset.sequence) return;
    strip.dataset.sequence = event.lastEventId;
    const { changed } = JSON.parse(event.data);
    if (lastSeen && changed.includes("reports")) lastSeen.textContent = hour(8);
    if (!waiting) waiting = setTimeout(refresh, 1000);
  });
  addEventListener("pagehide", () => source.close());
})();
