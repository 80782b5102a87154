/** Every page: htmx for live parts, and buttons that copy. */

import "htmx.org";
import "./labels";

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  if (!button || !navigator.clipboard) return;
  void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
    const said = button.querySelector("[data-copied]");
    if (said) said.textContent = said.getAttribute("data-copied");
  });
});
