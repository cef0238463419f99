/* Every page works without this. With it, a filter is sent as soon as it is changed. */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-on-change]");
  if (form) form.requestSubmit();
});
