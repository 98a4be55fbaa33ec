// A form marked data-passkey asks this device's passkey and sends what it answers.
(() => {
  const able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON;
  if (!able) return;
  const asked = {
    create: (options) => ({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
    get: (options) => ({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const said = form.querySelector("[role=status]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = "";
      try {
        const answer = await fetch(`${form.action}/options`, { method: "POST" });
        if (!answer.ok) throw new Error(String(answer.status));
        const kind = form.dataset.passkey;
        const credential = await navigator.credentials[kind](asked[kind](await answer.json()));
        form.elements.answer.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch {
        said.textContent = form.dataset.failed;
      }
    });
  }
})();
