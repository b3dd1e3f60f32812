// Passkeys. A form with `data-passkey` asks the browser for a key before it is sent: "make" a new
// one or "use" one that is there. Everything else about signing in works without this file.

const TROUBLE = {
  NotAllowedError: "No passkey was used: it was cancelled, or took too long. Try again when you are ready.",
  InvalidStateError: "This device already holds a passkey for your account.",
  NotSupportedError: "This device cannot make a passkey that checks who you are.",
  SecurityError: "The browser does not take passkeys at this address.",
};

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const known = (list = []) => list.map((key) => ({ ...key, id: toBytes(key.id) }));

function readOptions(options) {
  const read = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) read.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) read.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) read.allowCredentials = known(options.allowCredentials);
  return read;
}

function writeAnswer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response,
  });
}

async function askServer(form) {
  const token = form.elements.csrf_token;
  const body = new URLSearchParams(token ? { csrf_token: token.value } : {});
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  if (!answer.ok) throw new Error("The site did not answer; reload the page and try again.");
  return readOptions(await answer.json());
}

async function answerFor(form) {
  const publicKey = await askServer(form);
  const credential =
    form.dataset.passkey === "make"
      ? await navigator.credentials.create({ publicKey })
      : await navigator.credentials.get({ publicKey });
  return writeAnswer(credential);
}

function say(form, words) {
  form.querySelector("[data-status]").textContent = words;
}

async function send(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button");
  button.disabled = true;
  say(form, "Waiting for your device …");
  try {
    form.elements.answer.value = await answerFor(form);
    form.submit();
  } catch (problem) {
    say(form, TROUBLE[problem.name] ?? problem.message);
    button.disabled = false;
    button.focus();
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (window.PublicKeyCredential) {
    form.addEventListener("submit", send);
  } else {
    form.querySelector("button").disabled = true;
    say(form, "This browser knows no passkeys, or not at this address. A code of your app works everywhere.");
  }
}
