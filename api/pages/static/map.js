// The map: an area that is pressed is chosen, as in the list beside it; keys choose layers and rows.
(() => {
  const TYPING = "textarea, select, input, [contenteditable]";
  const OFF = "indelible-desk-keys-off";

  document.addEventListener("click", (event) => {
    const area = event.target.closest?.(".themap [data-address]");
    if (area) location.assign(area.dataset.address);
  });

  function step(by) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.(TYPING)) return;
    if (localStorage.getItem(OFF) === "1") return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      step(key === "j" ? 1 : -1);
      event.preventDefault();
      return;
    }
    document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.click();
  });
})();
