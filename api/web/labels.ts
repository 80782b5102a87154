/** The label desk: the calibration page is that of the chosen stock. */

document.addEventListener("change", (event) => {
  const stock = event.target instanceof HTMLSelectElement && event.target.id === "stock" ? event.target.value : "";
  const link = document.querySelector<HTMLAnchorElement>("a[data-stock]");
  if (stock && stock !== "own" && link) link.href = `/labels/calibration?stock=${encodeURIComponent(stock)}`;
});
