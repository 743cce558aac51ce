"""The page: a module, so that it is deployed like any other code of the Worker."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A Worker in between</title>
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
  }
  * { box-sizing: border-box; }
  body {
    margin: 0; padding: clamp(1rem, 5vw, 4rem) 1rem; background: var(--ground); color: var(--ink);
    font: 1rem/1.5 system-ui, sans-serif;
  }
  main { max-width: 34rem; margin: auto; }
  h1 { font-size: 1.25rem; margin: 0; }
  #status { color: var(--soft); margin: .25rem 0 1.25rem; }
  form { display: flex; gap: .75rem; align-items: end; }
  label { flex: 1; font-size: .875rem; color: var(--soft); }
  input, button { font: inherit; padding: .55rem .9rem; border-radius: 9px; }
  input {
    display: block; width: 100%; margin-top: .25rem; border: 1px solid var(--line);
    background: var(--card); color: var(--ink);
  }
  button {
    border: 1px solid transparent; background: var(--accent); color: var(--on-accent);
    font-weight: 600; cursor: pointer;
  }
  button:disabled { opacity: .45; cursor: not-allowed; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  #log {
    list-style: none; margin: 1.5rem 0 0; padding: 0; max-height: 22rem; overflow-y: auto;
    border: 1px solid var(--line); border-radius: 10px; background: var(--card);
  }
  #log li {
    padding: .4rem .9rem; border-top: 1px solid var(--line); overflow-wrap: anywhere;
    font: .85rem/1.6 ui-monospace, monospace;
  }
  #log li:first-child { border-top: 0; }
  #log .sent { color: var(--soft); }
  #log:empty { display: none; }
</style>
</head>
<body>
<main>
  <h1>A Worker in between</h1>
  <p id="status" role="status">connecting</p>
  <form>
    <label>Message <input id="text" autocomplete="off" value="hello" required></label>
    <button id="send" disabled>Send</button>
  </form>
  <ul id="log" role="log" aria-label="Messages, newest first" tabindex="0"></ul>
</main>
<script>
  const find = id => document.getElementById(id);
  let socket, wait = 250;

  function connect() {
    const url = new URL("relay", location);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(url);
    socket.onopen = () => { wait = 250; show("connected to the Worker", true); };
    socket.onmessage = event => note(`← ${event.data}`, "received");
    socket.onclose = event => {
      show(`connection lost (${event.code} ${event.reason}), trying again`, false);
      setTimeout(connect, event.code === 1012 ? 50 : wait);
      wait = Math.min(wait * 2, 8000);
    };
  }

  function show(text, open) {
    find("status").textContent = text;
    find("send").disabled = !open;
  }

  function note(text, kind) {
    const line = document.createElement("li");
    line.className = kind;
    line.textContent = text;
    find("log").prepend(line);
    while (find("log").children.length > 50) find("log").lastChild.remove();
  }

  document.querySelector("form").onsubmit = event => {
    event.preventDefault();
    socket.send(find("text").value);
    note(`→ ${find("text").value}`, "sent");
    find("text").select();
  };
  connect();
</script>
</body>
</html>
"""
