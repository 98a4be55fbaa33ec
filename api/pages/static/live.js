// Listens to the mission's events and asks the page to refresh the parts that changed.
(() => {
  const strip = document.querySelector("[data-events]");
  if (!strip || !window.EventSource) return;
  const lastSeen = strip.querySelector("[data-last]");
  let told = 0;
  const source = new EventSource(strip.dataset.events);

  const refresh = () => {
    const now = Date.now();
    if (now - told < 1500) return;
    told = now;
    document.body.dispatchEvent(new CustomEvent("folded"));
  };
  source.addEventListener("open", () => strip.classList.remove("lost"));
  source.addEventListener("error", () => {
    strip.classList.add("lost");
    const at = strip.querySelector("[data-stopped]");
    if (at && !at.textContent) at.textContent = new Date().toTimeString().slice(0, 5);
  });
  source.addEventListener("folded", (event) => {
    strip.classList.remove("lost");
    if (lastSeen) lastSeen.textContent = new Date().toTimeString().slice(0, 8);
    strip.dataset.sequence = event.lastEventId;
    refresh();
    setTimeout(refresh, 1600);
  });
  addEventListener("pagehide", () => source.close());
})();
