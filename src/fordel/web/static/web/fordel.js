/* Every page works without this. With it, a filter is sent as soon as it is changed, and the end of a session is told. */
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send-on-change]");
  if (form) form.requestSubmit();
});

/* A session ends after so many seconds without a request from any window; five minutes before, the page says so. */
const sessionEnd = document.getElementById("session-end");
if (sessionEnd) {
  const lasts = Number(sessionEnd.dataset.seconds) * 1000;
  const begun = "fordel-session-begun";
  const show = (id, shown) => { document.getElementById(id).hidden = !shown; };
  const look = () => {
    const left = Number(localStorage.getItem(begun)) + lasts - Date.now();
    show("session-soon", left > 0 && left <= 300000);
    show("session-over", left <= 0);
  };
  const begin = () => { localStorage.setItem(begun, Date.now()); look(); };
  begin();
  setInterval(look, 10000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.requestConfig.headers["Fordel-Poll"]) begin();
  });
  document.getElementById("session-stay").addEventListener("click", async () => {
    const answer = await fetch(sessionEnd.dataset.stay, { redirect: "manual" });
    if (answer.status === 204) begin(); else { show("session-soon", false); show("session-over", true); }
  });
}
