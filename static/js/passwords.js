// Lets people look at the password they type. The pages work without this file.

function addPeek(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "peek";
  button.setAttribute("aria-controls", input.id);
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = isShown ? "Hide password" : "Show password";
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // Browsers offer to remember what was sent from a password field, and nothing else.
  input.form.addEventListener("submit", () => show(false));
  show(false);
  input.after(button);
}

document.querySelectorAll('input[type="password"]').forEach(addPeek);
