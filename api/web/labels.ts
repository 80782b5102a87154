/** The label desk: opening a source chooses it, and the calibration page is that of the chosen stock. */

document.addEventListener("toggle", chooseSource, true);
document.addEventListener("change", openSource);
document.addEventListener("change", followStock);

function chooseSource(event: Event): void {
  const opened = event.target instanceof HTMLDetailsElement && event.target.open ? event.target : null;
  const radio = opened?.querySelector<HTMLInputElement>('summary input[name="source"]');
  if (radio) radio.checked = true;
}

function openSource(event: Event): void {
  const radio = event.target instanceof HTMLInputElement && event.target.name === "source" ? event.target : null;
  const choice = radio?.closest("details");
  if (choice) choice.open = true;
}

function followStock(event: Event): void {
  const stock = event.target instanceof HTMLSelectElement && event.target.id === "stock" ? event.target.value : "";
  const link = document.querySelector<HTMLAnchorElement>("a[data-stock]");
  if (stock && stock !== "own" && link) link.href = `/labels/calibration?stock=${encodeURIComponent(stock)}`;
}
