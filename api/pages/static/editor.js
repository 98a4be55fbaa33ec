// The editor of statements: keys, numbers in braces, saving in place, and texts kept while offline.
(() => {
  const page = document.querySelector(".editorpage");
  if (!page) return;
  const OFF = "indelible-desk-keys-off";
  const PREFIX = `indelible-edit ${page.dataset.statement} ${page.dataset.language} `;
  const RETRY = 10_000; // ms
  const TYPING = "textarea, select, input:not([type=radio]):not([type=checkbox])";
  const one = (found, within = document) => within.querySelector(found);
  const all = (found, within = document) => [...within.querySelectorAll(found)];
  const keys = one("#keys");
  const numbers = one("#numbers");
  const on = one("#keys-on");
  const isOff = () => localStorage.getItem(OFF) === "1";
  const clock = () => new Date().toTimeString().slice(0, 8);
  const block = (id) => document.getElementById(id)?.closest(".blk");
  const said = Object.fromEntries(all("[data-insert]").map((each) => [each.dataset.insert.slice(1, -1).replace(/^\w+:/, ""), each.dataset.text]));
  page.classList.add("scripted");

  // The block that the keys act on.
  const chosen = () => one(".blk.on");
  function choose(target) {
    if (!target) return;
    const top = target.getBoundingClientRect().top;
    for (const each of all(".blk.on")) each.classList.remove("on");
    target.classList.add("on");
    target.focus({ preventScroll: true });
    // What folds up above it does not move it from under the pointer.
    scrollBy(0, target.getBoundingClientRect().top - top);
    target.scrollIntoView({ block: "nearest" });
  }
  function step(by) {
    const of = all(".blk");
    const at = of.indexOf(chosen());
    choose(of[at < 0 ? 0 : Math.min(of.length - 1, Math.max(0, at + by))]);
  }
  function write(target) {
    const details = target && one("details.write", target);
    const area = target && one("textarea", details ?? target);
    if (details) details.open = true;
    area?.focus();
  }

  // What is typed is kept in this browser until the server has it.
  const keyOf = (form) => PREFIX + (form.closest(".blk")?.dataset.block ?? `add ${form.elements.after.value}`);
  const kept = (form) => JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  function tell(form, text) {
    const place = one("[data-kept]", form);
    if (place) place.textContent = text;
  }
  function keep(form) {
    const at = clock();
    localStorage.setItem(keyOf(form), JSON.stringify({ text: form.elements.text.value, version: form.elements.version?.value, at }));
    tell(form, page.dataset.kept.replace("{time}", at));
  }
  // A paragraph that was not added yet, where the page was left or shown anew.
  function bringBackAdded() {
    for (const form of all(".add form.writing")) {
      const was = kept(form);
      if (!was?.text || form.elements.text.value) continue;
      form.elements.text.value = was.text;
      form.closest("details").open = true;
      preview(form);
    }
  }
  function bringBack(within) {
    for (const form of all("form.writing[data-save]", within)) {
      const was = kept(form);
      if (!was || form.closest(".both")) continue;
      if (was.text === form.elements.text.value) {
        localStorage.removeItem(keyOf(form));
        continue;
      }
      // Of an older version: saving it is refused with both texts, so neither is lost.
      form.elements.text.value = was.text;
      form.elements.version.value = was.version;
      form.closest("details").open = true;
      tell(form, page.dataset.kept.replace("{time}", was.at));
      preview(form);
    }
  }

  // The text with its numbers, as it will be read.
  function preview(form) {
    const place = one("[data-preview]", form);
    if (!place) return;
    const own = JSON.parse(form.dataset.said ?? "{}");
    place.replaceChildren();
    place.hidden = false;
    const text = form.elements.text.value;
    for (const part of text.split(/(\\[\\{}]|\{\w+:[^{}]*\})/)) {
      const reference = /^\{(\w+):([^{}]*)\}$/.exec(part);
      if (!reference) {
        place.append(/^\\[\\{}]$/.test(part) ? part[1] : part);
        continue;
      }
      const [, kind, code] = reference;
      const isNumber = ["number", "finding", "estimate", "source"].includes(kind);
      const id = kind === "source" ? `source:${code}` : code;
      const made = document.createElement(isNumber ? "bdi" : "span");
      made.className = isNumber ? "n" : "";
      made.textContent = isNumber ? own[id] ?? said[id] ?? said[code] ?? `${part} ${page.dataset.unknown}` : code;
      place.append(made);
    }
  }

  // Saving in place: the answer is the block as it is now, or both texts.
  async function save(form, submitter) {
    const old = form.closest(".blk");
    const content = new URLSearchParams(new FormData(form, submitter));
    const isText = form.matches(".writing");
    if (isText && form.elements.text) keep(form);
    // What is under way does not wait: sent once more beside itself, it would be refused as stale.
    const address = submitter?.getAttribute("formaction") ?? (form.dataset.waits || form.action);
    delete form.dataset.waits;
    let answer;
    try {
      answer = await fetch(address, { method: "POST", body: content, headers: { "HX-Request": "true" } });
    } catch {
      form.dataset.waits = address;
      tell(form, `${page.dataset.kept.replace("{time}", clock())} ${page.dataset.waits}`);
      return;
    }
    const text = await answer.text();
    const parsed = new DOMParser().parseFromString(text, "text/html");
    const made = one(".blk", parsed);
    if (!made || ![200, 409, 422].includes(answer.status)) {
      tell(form, `${page.dataset.kept.replace("{time}", clock())} ${page.dataset.failed}`);
      if (!isText) location.reload();
      return;
    }
    if (answer.ok && isText) localStorage.removeItem(keyOf(form));
    old.replaceWith(made);
    window.htmx?.process(made);
    if (answer.ok) {
      one("[data-saved]").textContent = answer.headers.get("X-Said") ? decodeURIComponent(answer.headers.get("X-Said")) : "";
      document.body.dispatchEvent(new CustomEvent("saved"));
    }
    reveal();
    choose(made);
    if (!answer.ok) one("textarea", made)?.focus();
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches(".add form.writing")) localStorage.removeItem(keyOf(form));
    if (!form.matches("form[data-save]")) return;
    event.preventDefault();
    save(form, event.submitter);
  });
  const again = () => {
    for (const form of all("form[data-waits]")) save(form, null);
  };
  addEventListener("online", again);
  setInterval(again, RETRY);

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.writing");
    if (form && event.target.matches("textarea")) {
      keep(form);
      preview(form);
    }
    if (event.target.id === "numbers-find") find(event.target.value);
  });

  // Numbers by what they are called.
  let into = null;
  let caret = [0, 0]; // a dialog that closes puts it elsewhere
  function find(text) {
    const wanted = text.trim().toLowerCase();
    for (const each of all("li", numbers)) each.hidden = !each.textContent.toLowerCase().includes(wanted);
    one("#numbers-none").hidden = all("li:not([hidden])", numbers).length > 0;
  }
  function offer(area) {
    into = area;
    caret = [area.selectionStart, area.selectionEnd];
    one("#numbers-find").value = "";
    find("");
    numbers.showModal();
    one("#numbers-find").focus();
  }
  function insert(reference) {
    numbers.close();
    into.focus();
    into.setRangeText(reference, ...caret, "end");
    into.dispatchEvent(new Event("input", { bubbles: true }));
  }
  one("#numbers-find").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    all("li:not([hidden]) [data-insert]", numbers)[0]?.click();
  });

  function settle() {
    const of = all("[data-settle]");
    const here = chosen()?.dataset.block;
    const next = of.slice(of.findLastIndex((each) => each.dataset.settle === here) + 1)[0] ?? of[0];
    if (next) choose(block(next.dataset.settle));
  }

  document.addEventListener("keydown", (event) => {
    const area = event.target.closest?.("form.writing textarea");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      const form = area?.form ?? one("details.write[open] form", chosen() ?? page);
      event.preventDefault();
      form?.requestSubmit();
      return;
    }
    if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      const button = chosen() && one(`[data-move=${event.key === "ArrowUp" ? "up" : "down"}]`, chosen());
      if (button) {
        event.preventDefault();
        button.click();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    if (area && event.key === "{") {
      event.preventDefault();
      offer(area);
      return;
    }
    if (event.target.matches?.(TYPING)) {
      if (event.key === "Escape" && !event.target.closest("dialog")) {
        const target = event.target.closest(".blk");
        const details = event.target.closest("details");
        if (details) details.open = false;
        choose(target);
      }
      return;
    }
    if (event.altKey || numbers.open || keys.open || isOff()) {
      if (event.key === "?" && !keys.open && !numbers.open) keys.showModal();
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "n") settle();
    else if (key === "?") keys.showModal();
    else if (event.key === "Enter" && event.target.matches(".blk")) {
      event.preventDefault();
      write(event.target);
    }
  });

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-keys]")) keys.showModal();
    if (target.closest("[data-close]")) target.closest("dialog").close();
    if (target.closest("[data-insert]")) insert(target.closest("[data-insert]").dataset.insert);
    if (target.closest("[data-numbers]")) offer(one("textarea", target.closest("form")));
    if (target.closest("[data-settle]")) {
      event.preventDefault();
      choose(block(target.closest("[data-settle]").dataset.settle));
      write(chosen());
    }
    const number = target.closest(".doc a.n");
    if (number && window.htmx && !event.ctrlKey && !event.metaKey && !event.shiftKey && matchMedia("(min-width: 901px)").matches) {
      event.preventDefault();
      one("#beneath-number [data-empty]").hidden = true;
      window.htmx.ajax("GET", number.href, { target: "#beneath-number [data-number]", select: "main > *", swap: "innerHTML" });
    }
    const inside = target.closest(".blk");
    if (inside && inside !== chosen() && !target.closest("a, button, summary, textarea, input")) choose(inside);
  });

  // What others saved meanwhile is shown; where somebody writes it is only said.
  function compare() {
    for (const each of all("#versions [data-of]")) {
      const target = block(each.dataset.of);
      if (!target || Number(target.dataset.version) >= Number(each.dataset.version)) continue;
      const place = one("[data-newer]", target);
      if (!place) continue;
      place.hidden = false;
      place.textContent = page.dataset.newer.replace("{by}", each.dataset.by).replace("{n}", each.dataset.version);
    }
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "beside") compare();
  });

  function reveal() {
    for (const each of all("[data-numbers]")) each.hidden = false;
  }
  if (on) {
    on.checked = !isOff();
    on.addEventListener("change", () => localStorage.setItem(OFF, on.checked ? "0" : "1"));
  }
  reveal();
  bringBack(page);
  bringBackAdded();
  if (location.hash) choose(block(decodeURIComponent(location.hash.slice(1))));
})();
