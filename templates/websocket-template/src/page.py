"""The page: a module, so that it is deployed like any other code of the Worker."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Clicks over a WebSocket</title>
<link rel="icon" href="data:,">
<style>
  :root {
    color-scheme: light dark;
    --ground: light-dark(#f6f5f2, #16181d);
    --card: light-dark(#ffffff, #1f2229);
    --line: light-dark(#dcd9d2, #343944);
    --ink: light-dark(#1d1f24, #eceef2);
    --soft: light-dark(#5d6068, #a2a8b4);
    --accent: light-dark(#b4460b, #ff9a5c);
    --on-accent: light-dark(#ffffff, #22130a);
    --good: light-dark(#1a7040, #6fd49a);
    --bad: light-dark(#b3201f, #ff8e86);
  }
  * { box-sizing: border-box; }
  body {
    margin: 0; padding: clamp(1rem, 5vw, 4rem) 1rem; background: var(--ground); color: var(--ink);
    font: 1rem/1.5 system-ui, sans-serif;
  }
  main { max-width: 34rem; margin: auto; }
  header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; }
  h1 { font-size: 1.25rem; margin: 0; }
  h2 { font-size: .875rem; margin: 2rem 0 .5rem; color: var(--soft); }
  #status { display: flex; align-items: center; gap: .5rem; color: var(--soft); }
  #status::before { content: ""; width: .6rem; height: .6rem; border-radius: 50%; }
  [data-state=open] #status::before { background: var(--good); }
  [data-state=connecting] #status::before { border: 2px solid var(--accent); }
  [data-state=closed] #status::before { background: var(--bad); }
  .card {
    margin-top: 1rem; padding: 1.5rem; border: 1px solid var(--line); border-radius: 14px;
    background: var(--card); text-align: center;
  }
  #count {
    display: block; font-size: clamp(4rem, 20vw, 6.5rem); line-height: 1.1; font-weight: 700;
    margin-bottom: .75rem; font-variant-numeric: tabular-nums;
  }
  .buttons { display: flex; flex-wrap: wrap; justify-content: center; gap: .75rem; }
  button {
    font: inherit; padding: .55rem 1.1rem; border-radius: 9px; border: 1px solid var(--line);
    background: transparent; color: inherit; cursor: pointer;
  }
  button:hover:enabled { border-color: currentColor; }
  button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  button:disabled { opacity: .45; cursor: not-allowed; }
  #click {
    border-color: transparent; background: var(--accent); color: var(--on-accent);
    font-weight: 600; padding: .7rem 2rem;
  }
  #error { min-height: 1.5rem; margin: .75rem 0; color: var(--bad); }
  #log {
    list-style: none; margin: 0; padding: 0; max-height: 16rem; overflow-y: auto;
    border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  }
  #log li {
    display: flex; gap: 1rem; padding: .4rem .9rem; border-top: 1px solid var(--line);
    font: .85rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere;
  }
  #log li:first-child { border-top: 0; }
  #log li:only-child.empty { color: var(--soft); }
  time { color: var(--soft); flex: none; }
</style>
</head>
<body data-state="connecting">
<main>
  <header>
    <h1>Clicks over a WebSocket</h1>
    <div id="status" role="status">connecting</div>
  </header>
  <section class="card" aria-label="Counter">
    <output id="count" aria-label="Clicks that the Worker has counted">0</output>
    <div class="buttons"><button id="click" disabled>Click me</button></div>
    <p id="error" role="alert"></p>
    <div class="buttons">
      <button id="unknown" disabled>Send an unknown message</button>
      <button id="close" disabled>Close the connection</button>
    </div>
  </section>
  <h2 id="received">Messages received</h2>
  <ul id="log" aria-labelledby="received" tabindex="0"><li class="empty">none yet</li></ul>
</main>
<script>
  const find = id => document.getElementById(id);
  const buttons = { click: find("click"), unknown: find("unknown"), close: find("close") };
  const slowest = 8000;
  let socket, wait = 250;

  function connect() {
    show("connecting", "connecting");
    const url = new URL("ws", location);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(url);
    socket.onopen = () => { wait = 250; show("open", "connected"); };
    socket.onmessage = event => receive(event.data);
    socket.onclose = closed;
  }

  function closed(event) {
    if (event.code === 1000) {
      show("closed", "closed");
      return;
    }
    show("connecting", `connection lost (${event.code}), trying again`);
    // 1012: the Worker has new code and is back already.
    setTimeout(connect, event.code === 1012 ? 50 : wait);
    wait = Math.min(wait * 2, slowest);
  }

  function receive(text) {
    const { at, ...message } = JSON.parse(text), line = document.createElement("li");
    const time = document.createElement("time"), said = document.createElement("span");
    find("error").textContent = message.type === "error" ? message.message : "";
    if (message.type === "count") find("count").textContent = message.count;
    time.dateTime = at;
    time.textContent = new Date(at).toLocaleTimeString(undefined, { hour12: false });
    said.textContent = JSON.stringify(message);
    line.append(time, said);
    find("log").querySelector(".empty")?.remove();
    find("log").prepend(line);
    while (find("log").children.length > 50) find("log").lastChild.remove();
  }

  function show(state, text) {
    document.body.dataset.state = state;
    find("status").textContent = text;
    buttons.click.disabled = buttons.unknown.disabled = state !== "open";
    buttons.close.disabled = state === "connecting";
    buttons.close.textContent = state === "closed" ? "Connect again" : "Close the connection";
  }

  function send(message) { socket.send(JSON.stringify(message)); }

  buttons.click.onclick = () => send({ type: "click" });
  buttons.unknown.onclick = () => send({ type: "dance" });
  buttons.close.onclick = () => {
    if (document.body.dataset.state === "closed") connect();
    else socket.close(1000, "closed by the page");
  };
  connect();
</script>
</body>
</html>
"""
