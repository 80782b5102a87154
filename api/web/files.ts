/** File inputs speak the page's language; a browser's own control speaks the browser's. The input lies over what is shown. */

const { choose = "", none = "" } = document.body.dataset;

function dress(input: HTMLInputElement): void {
  const shown = document.createElement("span");
  const button = document.createElement("b");
  const name = document.createElement("span");
  shown.className = "file";
  button.textContent = choose;
  button.ariaHidden = name.ariaHidden = "true";
  const tell = (): void => {
    name.textContent = input.files?.[0]?.name ?? none;
  };
  input.replaceWith(shown);
  shown.append(button, name, input);
  input.addEventListener("change", tell);
  input.form?.addEventListener("reset", () => setTimeout(tell));
  tell();
}

if (choose) for (const input of document.querySelectorAll<HTMLInputElement>("input[type=file]:not(.as-button *)")) dress(input);
