// Answers in words where no asset does; a path that begins with `/~` is about `env.ASSETS`.
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, kind, rest] = /^\/~(\w+)(.*)$/s.exec(url.pathname) ?? [, "", ""];
    const there = new URL((rest || "/") + url.search, url);
    const seen = (r) => {
      const headers = [...r.headers].filter(([name]) => name !== "etag");
      return [r.status, r.statusText, r.url, r.redirected, r.type, r.body === null, headers];
    };
    const assets = env.ASSETS;
    try {
      switch (kind) {
        case "fetch": return await assets.fetch(new Request(there, request));
        case "string": return await assets.fetch(there.href);
        case "url": return await assets.fetch(there);
        case "manual": return await assets.fetch(there.href, { redirect: "manual" });
        case "host": return await assets.fetch(`https://elsewhere.example${rest}`);
        case "seen": return Response.json(seen(await assets.fetch(new Request(there, request))));
        case "relative": return await assets.fetch("/note.txt");
        case "nothing": return await assets.fetch();
        case "rpc": return Response.json(await assets.missing());
        case "keys": return Response.json([assets.constructor.name, typeof assets.fetch, `${assets}`]);
        case "twice": {
          const first = await assets.fetch(there.href);
          const second = first.clone();
          return new Response((await first.text()) + (await second.text()));
        }
      }
    } catch (error) {
      return new Response(`${error.name}: ${error.message}`);
    }
    const type = url.searchParams.get("type");
    const headers = type === null ? {} : { "content-type": type };
    return new Response(`worker ${request.method} ${url.pathname}${url.search}`, { headers });
  },
};
