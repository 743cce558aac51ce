"""The SDK's public members: what is done with each, and what comes back."""

from __future__ import annotations

from typing import NamedTuple

DATES = ["2025-06-01", "2025-10-01", "2026-11-01"]
OLDEST, MIDDLE, NEWEST = DATES


class Row(NamedTuple):
    members: str
    """What the row calls."""
    body: str
    answer: str
    """The `repr` of what the body returns."""
    dates: tuple[str, ...] = tuple(DATES)


TABLE = [
    # Request
    Row("Request.method", "return Request('http://x/', method='PUT').method", "<HTTPMethod.PUT>"),
    Row("Request.url", "return Request('http://x/a b').url", "'http://x/a%20b'"),
    Row("Request.headers", "return post().headers['X-Y']", "'1, 2'"),
    Row("Request.headers", "return post().headers.get_all('set-cookie')", "['a=1', 'b=2']"),
    Row("Request.text", "return await post().text()", "'{\"a\": [1]}'"),
    Row("Request.json", "return await post().json()", "{'a': [1]}"),
    Row("Request.bytes", "return await post().bytes()", "b'{\"a\": [1]}'"),
    Row("Request.buffer", "return (await post().buffer()).byteLength", "10"),
    Row(
        "Request.blob", "return type(await post().blob()), (await post().blob()).size", "(Blob, 10)"
    ),
    Row("Request.body", "return post().body.constructor.name", "'ReadableStream'"),
    Row("Request.body_used", "r = post(); await r.text(); return r.body_used", "True"),
    Row(
        "Request.clone",
        "r = post(); c = r.clone(); return await r.text() == await c.text()",
        "True",
    ),
    Row(
        "Request.clone",
        "r = post(); await r.text(); return failure(r.clone)",
        "'OSError: Body already used'",
    ),
    Row("Request.cf", "return Request('http://x/').cf, request.cf.country", "(None, 'US')"),
    Row("Request.cache", "return Request('http://x/', cache='no-store').cache", "'no-store'"),
    Row("Request.integrity", "return Request('http://x/').integrity", "''"),
    Row("Request.keepalive", "return Request('http://x/').keepalive", "False"),
    Row(
        "Request.redirect",
        "return request.redirect, Request('http://x/').redirect",
        "('manual', 'follow')",
    ),
    Row("Request.js_object", "return request.js_object.constructor.name", "'Request'"),
    Row(
        "Request.form_data",
        """
        form = await Request('http://x/', method='POST', body=FormData({'a': '1'})).form_data()
        return type(form), form['a']
        """,
        "(FormData, '1')",
    ),
    Row(
        "Request.form_data",
        "return await failed(post().form_data())",
        "'TypeError: Unrecognized Content-Type header value. FormData can only parse the following "
        "MIME types: multipart/form-data, application/x-www-form-urlencoded'",
    ),
    *(
        Row(
            f"Request.{python}",
            f"return failure(lambda: request.{python})",
            f"'AttributeError: {js}'",
        )
        for python, js in [
            ("credentials", "credentials"),
            ("destination", "destination"),
            ("is_history_navigation", "isHistoryNavigation"),
            ("mode", "mode"),
            ("referrer", "referrer"),
            ("referrer_policy", "referrerPolicy"),
        ]
    ),
    # Response
    Row("Response.status", "return Response('x', status=HTTPStatus.ACCEPTED).status", "202"),
    Row(
        "Response.status_text",
        "return Response('x').status_text, page().status_text",
        "('', 'Mine')",
    ),
    Row("Response.ok", "return Response('x').ok, Response('x', 500).ok", "(True, False)"),
    Row("Response.type", "return page().type", "'default'"),
    Row("Response.url", "return page().url", "''"),
    Row("Response.redirected", "return page().redirected", "False"),
    Row(
        "Response.headers",
        "return page().headers.items()",
        "[('content-type', 'text/x'), ('x-y', '1')]",
    ),
    Row("Response.text", "return await page().text()", "'[1, \"é\"]'"),
    Row("Response.string", "return await page().string()", "'[1, \"é\"]'"),
    Row("Response.json", "return await page().json()", "[1, 'é']"),
    Row("Response.json", "return await Response.json({'a': None}, 201).text()", "'{\"a\": null}'"),
    Row("Response.json", "return await Response.json(JSON.parse('[1]')).text()", "'[1]'"),
    Row(
        "Response.from_json",
        "return Response.from_json('x', headers={'A': 'b'}).headers['a']",
        "'b'",
    ),
    Row("Response.bytes", "return await page().bytes()", "b'[1, \"\\xc3\\xa9\"]'"),
    Row("Response.memoryview", "return bytes(await page().memoryview())", "b'[1, \"\\xc3\\xa9\"]'"),
    Row("Response.buffer", "return (await page().buffer()).byteLength", "9"),
    Row(
        "Response.blob",
        "b = await page().blob(); return type(b), b.content_type",
        "(Blob, 'text/x')",
    ),
    Row("Response.body", "return page().body.locked, Response(None).body", "(False, None)"),
    Row("Response.body_used", "r = page(); await r.text(); return r.body_used", "True"),
    Row(
        "Response.clone",
        "r = page(); c = r.clone(); return await r.text() == await c.text()",
        "True",
    ),
    Row("Response.js_object", "return page().js_object.constructor.name", "'Response'"),
    Row("Response.replace_body", "return await page().replace_body('z').text()", "'z'"),
    Row(
        "Response.form_data",
        "return (await Response(FormData({'a': '1'})).form_data())['a']",
        "'1'",
    ),
    Row(
        "Response.formData", "return (await Response(FormData({'a': '1'})).formData())['a']", "'1'"
    ),
    Row("Response.raise_for_status", "return page().raise_for_status()", "None"),
    Row(
        "Response.raise_for_status",
        "return failure(Response('x', 404).raise_for_status)",
        "'OSError: 404 Client Error:  for url: '",
        (OLDEST,),
    ),
    Row(
        "Response.raise_for_status",
        "return failure(Response('x', 404).raise_for_status)",
        "'HttpStatusError: 404 Client Error:  for url: '",
        (MIDDLE, NEWEST),
    ),
    Row("Response.redirect", "return Response.redirect('http://x/', 301).status", "301"),
    Row(
        "Response.redirect",
        "return failure(lambda: Response.redirect('http://x/', 200))",
        ""
        "'ValueError: 200 is not a redirect status code. "
        "It must be one of: 301, 302, 303, 307, or 308.'",
    ),
    Row(
        "Response.abort",
        "return failure(page().abort)",
        "'ValueError: abort_controller is not set'",
        (MIDDLE, NEWEST),
    ),
    Row(
        "Response",
        "return repr(page())",
        "\"Response(status=203, status_text='Mine', content_type='text/x')\"",
    ),
    Row(
        "Response",
        "return failure(lambda: Response(5))",
        "'TypeError: Unsupported type in Response: int'",
    ),
    Row("Response", "return await Response(Uint8Array.new(to_js([65, 66]))).text()", "'AB'"),
    Row(
        "Response.unpack_archive",
        "return await failed(page().unpack_archive())",
        "'NotEmulated: FetchResponse.unpack_archive'",
    ),
    # FetchResponse, by a fetch of the worker's own
    Row(
        "FetchResponse",
        "r = await fetch(here(request)); return type(r), r.status, r.url[-6:]",
        "(Response, 200, '/plain')",
    ),
    Row("fetch", "return await (await fetch(Request(here(request)))).text()", "'GET plain '"),
    Row(
        "fetch",
        "return await (await fetch(here(request), method=HTTPMethod.PUT, body='b')).text()",
        "'PUT plain b'",
    ),
    Row(
        "fetch",
        "return (await fetch(here(request), headers={'a': 'b'})).ok",
        "True",
        (OLDEST, MIDDLE, NEWEST),
    ),
    # FormData
    Row("FormData.append", "f = form(); f.append('a', '3'); return f.get_all('a')", "['1', '3']"),
    Row(
        "FormData.append",
        "f = form(); f.append('f', Blob('x'), 'n.txt'); return f['f'].name",
        "'n.txt'",
    ),
    Row("FormData.delete", "f = form(); f.delete('a'); return 'a' in f", "False"),
    Row("FormData.get", "return form().get('a')", "'1'"),
    Row("FormData.get_all", "return form().get_all('zzz')", "[]"),
    Row("FormData.items", "return [k for k, v in form().items()]", "['a', 'b', 'c']"),
    Row(
        "FormData.keys",
        "return list(form().keys()), list(form())",
        "(['a', 'b', 'c'], ['a', 'b', 'c'])",
    ),
    Row("FormData.values", "return [type(v) for v in form().values()]", "[str, File, File]"),
    Row("FormData.js_object", "return form().js_object.constructor.name", "'FormData'"),
    Row("FormData.pop", "f = form(); return f.pop('a'), 'a' in f", "('1', False)"),
    Row("FormData.popitem", "f = form(); return f.popitem(), 'a' in f", "(('a', '1'), False)"),
    Row("FormData.clear", "f = FormData({'a': '1'}); return failure(f.clear)", "None"),
    Row("FormData.setdefault", "return form().setdefault('a', '9')", "'1'"),
    Row("FormData.update", "f = form(); f.update({'a': '9'}); return f['a']", "'9'"),
    Row(
        "FormData",
        "return failure(lambda: len(form()))",
        "\"TypeError: object of type 'generator' has no len()\"",
    ),
    # Blob and File
    Row("Blob.text", "return await Blob(['a', b'b', Blob('c')]).text()", "'abc'"),
    Row("Blob.bytes", "return await Blob([memoryview(b'ab')]).bytes()", "b'ab'"),
    Row("Blob.size", "return Blob('é').size", "2"),
    Row("Blob.content_type", "return Blob(Blob('a', content_type='x/y')).content_type", "'x/y'"),
    Row("Blob.slice", "return await Blob('abcd').slice(1, 3).text()", "'bc'"),
    Row("Blob.js_object", "return Blob('a').js_object.constructor.name", "'Blob'"),
    Row(
        "BlobEnding",
        "return failure(lambda: Blob('a', endings=BlobEnding.NATIVE))",
        "\"JsException: Error: The 'endings' field on 'Options' is not implemented.\"",
    ),
    Row("File.name", "return File('a', 'n.txt').name", "'n.txt'"),
    Row("File.last_modified", "return File('a', 'n', last_modified=5).last_modified", "5"),
    Row(
        "File.text File.size File.content_type",
        "f = File('a', 'n', 'x/y'); return await f.text(), f.size, f.content_type",
        "('a', 1, 'x/y')",
    ),
    Row("File.bytes File.slice", "return await File('abc', 'n').slice(1).bytes()", "b'bc'"),
    Row("File.js_object", "return File('a', 'n').js_object.constructor.name", "'File'"),
    # The module's functions
    Row("env", "return env.GREETING, failure(lambda: env.NOPE)", "('hi', 'AttributeError: NOPE')"),
    Row("env", "return await env.SELF.add(1, b=2) if False else await env.SELF.add(1, 2)", "3"),
    Row(
        "patch_env",
        "with patch_env(GREETING='other'):\n    inside = workers.env.GREETING\n"
        "return inside, workers.env.GREETING",
        "('other', 'hi')",
    ),
    Row("patch_env", "with patch_env([('NEW', 1)]):\n    return workers.env.NEW", "1"),
    Row("wait_until", "wait_until(Promise.resolve(1)); return wait_until.name", "'waitUntil'"),
    Row("waitUntil", "waitUntil(create_proxy(asyncio.ensure_future(asyncio.sleep(0))))", "None"),
    Row(
        "import_from_javascript",
        "return import_from_javascript('cloudflare:workers').env.GREETING",
        "'hi'",
    ),
    Row(
        "import_from_javascript",
        "return failure(lambda: import_from_javascript('nope'))",
        "'ImportError: Failed to import \\'nope\\': Error: No such module \"nope\".'",
        (MIDDLE, NEWEST),
    ),
    Row("python_to_rpc", "return python_to_rpc({'a': [1]}).constructor.name", "'Object'"),
    Row(
        "python_to_rpc",
        "return failure(lambda: python_to_rpc((1, 2)))",
        "\"TypeError: <class 'tuple'> cannot be sent over RPC.\"",
    ),
    Row(
        "python_from_rpc",
        "return python_from_rpc(JSON.parse('{\"a\": [1, null]}'))",
        "{'a': [1, None]}",
    ),
    Row(
        "handler",
        "f = handler(lambda request, env: (type(request), env.GREETING)); "
        "return f(request.js_object, raw_env)",
        "(Request, 'hi')",
    ),
    Row(
        "JsDict",
        "d = python_from_rpc(JSON.parse('{\"a\": 1}')); return type(d).__name__, d.a, d['a']",
        "('JsDict', 1, 1)",
    ),
    Row("RpcStub", "f = await env.SELF.counter(); return await f(2), await f(3)", "(2, 5)"),
]
