// The findings page: what a wording reads like, and the keys that desk.js does not know.
(() => {
  const one = (found) => document.querySelector(found);
  const printed = () => JSON.parse(one("[data-printed]")?.dataset.printed ?? "{}");

  // A wording with its references as the numbers they are now; one that names nothing stays as it is.
  function read(field) {
    const target = one("#reads");
    if (!target) return;
    const numbers = printed();
    const text = field.value.trim() || field.dataset.suggested;
    target.textContent = text.replace(/\{(?:finding|estimate|number|source):([^{}\s]+)\}/g,
      (whole, name) => numbers[name] ?? whole).replace(/\{(?:date|article|name|hash|wording):([^{}]+)\}/g, "$1");
  }
  document.addEventListener("input", (event) => {
    if (event.target.id === "words") read(event.target);
  });
  // What is not written yet is begun from the suggestion.
  document.addEventListener("focusin", (event) => {
    const field = event.target;
    if (field.id === "words" && !field.value && !field.dataset.begun) {
      field.value = field.dataset.suggested;
      field.dataset.begun = "1";
    }
  });
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector?.("#words");
    if (field && field.value.trim() === field.dataset.suggested) field.value = "";
  });

  // What is left out needs a reason.
  document.addEventListener("change", (event) => {
    if (event.target.id === "pick" && !event.target.checked) one("#reason")?.focus();
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "merge" && event.target.open) event.target.querySelector("input[type=checkbox]")?.focus();
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      one("#choose")?.requestSubmit();
      return;
    }
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      const button = one(`[data-move="${event.key === "ArrowUp" ? "up" : "down"}"]`);
      if (button) {
        event.preventDefault();
        button.click();
      }
      return;
    }
    // With nothing open the first finding is opened.
    const typing = event.target.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (event.key === "j" && !typing && !one("#open") && localStorage.getItem("indelible-desk-keys-off") !== "1")
      one(".fi .say a")?.click();
    if (event.key === "x" && !typing && one("#pick") && localStorage.getItem("indelible-desk-keys-off") !== "1") {
      event.preventDefault();
      one("#pick").click();
    }
    if (event.key === "m" && !typing && one("#merge") && !one("#merge").open) {
      event.preventDefault();
      one("#merge").open = true;
    }
  });
})();
