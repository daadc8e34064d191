// Passkeys: the browser's own dialog, for a form whose hidden field takes the answer. Without script the codes remain.
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const readable = (options) => {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const key of [...(options.excludeCredentials || []), ...(options.allowCredentials || [])]) key.id = bytes(key.id);
    return options;
  };
  const sendable = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      const status = form.querySelector("[data-passkey-status]");
      status.textContent = "";
      const publicKey = readable(JSON.parse(form.dataset.options));
      const ask = form.dataset.passkey === "create" ? "create" : "get";
      const credential = await navigator.credentials[ask]({ publicKey }).catch(() => null);
      if (!credential) {
        status.textContent = form.dataset.failed;
        return;
      }
      form.elements.answer.value = sendable(credential);
      form.requestSubmit();
    });
  }
})();
