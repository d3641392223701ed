// Ties the page's one passkey button to the sign-in library's script.
const place = document.querySelector("[data-passkey]");
if (place) {
  const { passkey, button, credential, passwordless } = place.dataset;
  const ids = { [button]: "passkey-button", credential };
  if (passwordless) ids.passwordless = passwordless;
  if (document.getElementById("passkey-data")) ids.data = "passkey-data";
  window.allauth.webauthn.forms[passkey]({ ids });
}
// Says on the page when the browser's own dialogue was closed or refused.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey-problem");
  if (problem) problem.hidden = false;
});
