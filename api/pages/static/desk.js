// Keys of the desk. A key opens an act or moves; nothing is done but by Ctrl+Enter or a button.
(() => {
  const OFF = "indelible-desk-keys-off";
  const FOCUS = "indelible-desk-focus";
  const QUEUES = { h: "held", c: "conflicts", f: "flagged", r: "corrections", o: "overdue", i: "incidents", t: "typing", s: "sms" };
  const TYPING = "textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]";
  const one = (found) => document.querySelector(found);
  const keys = one("#keys");
  const on = one("#keys-on");
  let going = 0;

  const isOff = () => localStorage.getItem(OFF) === "1";
  const shown = (each) => each.getClientRects().length > 0;
  const reach = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(shown);

  function use(target) {
    if (target.matches("[data-tab][aria-current]")) {
      first()?.focus();
      return;
    }
    // Not by the address: a browser that goes to a part of a page takes the focus from its fields.
    if (target.matches("[data-tab]")) sessionStorage.setItem(FOCUS, "1");
    if (target.matches("a, button")) target.click();
    else {
      target.scrollIntoView({ block: "nearest" });
      target.focus();
    }
  }

  // Of several questions the one that is focused, else the first that nobody has answered.
  const undecided = () => one("#act [data-question]:has(input[type=radio]):not(:has(:checked))");
  const question = () => document.activeElement?.closest?.("#act [data-question]") ?? undecided();

  const first = () => undecided()?.querySelector("input")
    ?? (one("#act [data-question] input[type=radio]") ? one("#reason") : null)
    ?? one("#act input[type=radio]:checked, #act textarea, #act input:not([type=hidden]), #act select");

  function choose(digit) {
    const target = (question() ?? document).querySelector(`[data-digit="${digit}"]`);
    if (!target) return false;
    if (target.type === "checkbox" || target.type === "radio") {
      target.checked = target.type === "radio" || !target.checked;
      target.dispatchEvent(new Event("change", { bubbles: true }));
      const next = target.closest("[data-question]") && undecided();
      (next ? next.querySelector("input") : target).focus();
    } else target.click();
    return true;
  }

  function previous() {
    const named = reach("k");
    if (named) return named.click();
    const here = one(".list li[aria-current]");
    const link = (here?.previousElementSibling ?? one(".list li:last-child"))?.querySelector("a");
    link?.click();
  }

  function pressed(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form.act") ?? one("#act");
      if (form) {
        event.preventDefault();
        form.requestSubmit();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.matches?.(TYPING)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (keys?.open || isOff()) {
      if (event.key === "?" && !keys?.open) keys?.showModal();
      return;
    }
    const key = event.key.toLowerCase();
    if (going && Date.now() - going < 2000) {
      going = 0;
      const queue = QUEUES[key] && one(`[data-queue="${QUEUES[key]}"]`);
      if (queue) {
        event.preventDefault();
        queue.click();
        return;
      }
    }
    if (key === "g") {
      going = Date.now();
      return;
    }
    if (key === "k") return previous();
    if (key === "p") {
      if (one("[data-photos]")) return one("[data-photos]").classList.toggle("large");
      const photos = one("#photos a, #photos button") ?? one("#photos");
      if (photos) use(photos);
      return;
    }
    if (/^[1-9]$/.test(key) && choose(key)) {
      event.preventDefault();
      return;
    }
    // A digit chooses; where nothing is to be chosen, 1 opens the act that has something.
    // To send back is to ask: S does what A does, where it is no field's key.
    const target = reach(key === "q" ? "x" : key === "1" ? "w" : key) ?? (key === "s" ? reach("a") : null);
    if (target) {
      event.preventDefault();
      use(target);
    }
  }
  document.addEventListener("keydown", pressed);

  // What is typed as a reason stays while another act is looked at.
  const reason = one("#reason");
  const kept = `indelible-desk-reason ${location.pathname}`;
  if (reason) {
    if (!reason.value) reason.value = sessionStorage.getItem(kept) ?? "";
    reason.addEventListener("input", () => sessionStorage.setItem(kept, reason.value));
  }
  // An empty reason says what to do, and is where the next letter goes.
  document.addEventListener("invalid", (event) => {
    const said = one("#reason-err");
    if (event.target !== reason || !said) return;
    event.preventDefault();
    said.hidden = false;
    reason.setAttribute("aria-invalid", "true");
    reason.focus();
  }, true);
  // Whoever looks does not hold an item; whoever begins to write does.
  const form = one("form.act[data-hold]");
  form?.addEventListener("input", () => fetch(form.dataset.hold, { method: "POST" }), { once: true });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.act")) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
    sessionStorage.removeItem(kept);
  });

  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-chip]");
    const field = chip?.closest("form, .do")?.querySelector("textarea");
    if (field) {
      field.value = [field.value.trim(), chip.dataset.chip].filter(Boolean).join(" ");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
    if (event.target.closest("[data-keys]")) keys?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });

  if (on) {
    on.checked = !isOff();
    on.addEventListener("change", () => localStorage.setItem(OFF, on.checked ? "0" : "1"));
  }
  for (const each of document.querySelectorAll("[data-key]"))
    each.setAttribute("aria-keyshortcuts", each.dataset.key.toUpperCase());
  if (sessionStorage.getItem(FOCUS)) {
    sessionStorage.removeItem(FOCUS);
    first()?.focus();
  }

  // An act can be taken back for a while, and then no more.
  const undo = one(".undo");
  if (undo) setTimeout(() => undo.remove(), Number(undo.dataset.seconds) * 1000);
})();
