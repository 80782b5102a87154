/** Every page: htmx for live parts, buttons that copy, sliders that say their value, and a navigation that shows where one is. */

import "htmx.org";
import "./files";
import "./labels";

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  if (!button || !navigator.clipboard) return;
  void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
    const said = button.querySelector("[data-copied]");
    if (said) said.textContent = said.getAttribute("data-copied");
  });
});

document.addEventListener("input", (event) => {
  const slid = event.target instanceof HTMLInputElement && event.target.type === "range" ? event.target : null;
  const said = slid?.labels?.[0]?.querySelector("output");
  if (slid && said) said.value = slid.value;
});

for (const here of document.querySelectorAll<HTMLElement>(".masthead [aria-current]")) {
  const bar = here.closest("nav");
  if (bar) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}
