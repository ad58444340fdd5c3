// Passkeys come from allauth's own script; this only shows when one was not used after all.
"use strict";
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelectorAll("[data-passkey-fault]").forEach((notice) => {
    notice.hidden = false;
    notice.tabIndex = -1;
    notice.focus();
  });
});
