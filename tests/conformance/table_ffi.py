"""pyodide.ffi's classes, the iteration protocols, pyodide's other modules."""

from __future__ import annotations

# (JsOnceCallable, JsDomElement and JsFetchResponse accept every proxy)
CLASSES = """
    JsProxy JsArray JsMap JsMutableMap JsBuffer JsTypedArray JsPromise JsCallable JsException
    JsDoubleProxy JsIterable JsIterator JsGenerator JsAsyncIterable JsAsyncIterator
    JsAsyncGenerator
"""


def classes_of(expression: str) -> str:
    """Ask which of ``pyodide.ffi``'s classes a value is an instance of."""
    return (
        f"x = {expression}\n"
        f"names = {' '.join(CLASSES.split())!r}.split()\n"
        "[n for n in names if hasattr(pyodide.ffi, n) and isinstance(x, getattr(pyodide.ffi, n))]"
    )


ROWS = {
    "classes_of_object": classes_of("js.Object.new()"),
    "classes_of_array": classes_of("js.Array.new()"),
    "classes_of_map": classes_of("js.Map.new()"),
    "classes_of_set": classes_of("js.Set.new()"),
    "classes_of_literal_map": classes_of("to_js({'a': 1})"),
    "classes_of_object_map": classes_of("js.Object.new().as_object_map()"),
    "classes_of_headers": classes_of("js.Headers.new()"),
    "classes_of_url_search_params": classes_of("js.URLSearchParams.new('a=1')"),
    "classes_of_form_data": classes_of("js.FormData.new()"),
    "classes_of_typed_array": classes_of("js.Uint8Array.new(1)"),
    "classes_of_array_buffer": classes_of("js.ArrayBuffer.new(1)"),
    "classes_of_data_view": classes_of("js.DataView.new(js.ArrayBuffer.new(1))"),
    "classes_of_new_promise": classes_of("js.Promise.new(lambda r, _: r(1))"),
    "classes_of_answered_promise": classes_of("js.Promise.resolve(1)"),
    "classes_of_function": classes_of("js.parseInt"),
    "classes_of_class": classes_of("js.Map"),
    "classes_of_error": classes_of("js.Error.new('x')"),
    "classes_of_create_proxy": classes_of("create_proxy([1])"),
    "classes_of_create_proxy_function": classes_of("create_proxy(lambda: 1)"),
    "classes_of_once_callable": classes_of("create_once_callable(lambda: 1)"),
    "classes_of_map_iterator": classes_of("js.Map.new().entries()"),
    "classes_of_array_iterator": classes_of("js.Array.new().values()"),
    "classes_of_readable_stream": classes_of("js.ReadableStream.new()"),
    "classes_of_number": classes_of("1"),
    "classes_of_null": classes_of("js.JSON.parse('null')"),
    "classes_of_date": classes_of("js.Date.new()"),
    "classes_of_response": classes_of("js.Response.new('x')"),
    "type_names": """
        [type(x).__name__ for x in (
         js.Object.new(), js.Array.new(), js.Map.new(), js.Uint8Array.new(1), js.parseInt,
         js.Promise.new(lambda r, _: r(1)), js.Error.new('x'), create_proxy([1]))]
    """,
    "jsproxy_is_not_constructed": "kind(lambda: JsProxy())",
    "subclasses": """
        (issubclass(JsArray, JsProxy), issubclass(JsMutableMap, JsMap),
         issubclass(JsPromise, JsProxy))
    """,
    "exported_names": """
        [n for n in ('JsBigInt', 'JsNull', 'jsnull', 'can_run_sync', 'run_sync', 'JsCallable',
         'create_once_callable', 'ConversionError', 'register_js_module', 'JsTypedArray')
         if hasattr(pyodide.ffi, n)]
    """,
    "version": "pyodide.__version__.split('.')[0]",
    # iteration
    "js_iterator_next": """
        it = js.Array.of(1, 2).values()
        (next(it), next(it), kind(lambda: next(it)))
    """,
    "js_iterator_js_next": """
        it = js.Array.of(1).values()
        first = it.next()
        second = it.next()
        (first.value, first.done, second.done)
    """,
    "js_iterator_is_its_own_iterator": "it = js.Array.of(1).values(); iter(it) == it",
    "js_iterator_exhausted_stays_so": "it = js.Array.of(1).values(); (list(it), list(it))",
    "js_iterator_len": "kind(lambda: len(js.Array.of(1).values()))",
    "js_iterator_to_array": "js.Array.from_(js.Array.of(1, 2).values())",
    "js_iterator_str": "str(js.Array.of(1).values())",
    "js_iterator_unpacked": "a, b = js.Array.of(1, 2).values()\n(a, b)",
    "js_map_iterator_unpacked": "[(k, v) for k, v in js.Map.new([['a', 1]]).entries()]",
    "js_dict_of_entries": "dict(js.Map.new([['a', 1]]).entries())",
    "js_object_entries_for": "[(k, v) for k, v in js.Object.entries(js.JSON.parse('{\"a\": 1}'))]",
    "js_dict_of_object_entries": "dict(js.Object.entries(js.JSON.parse('{\"a\": 1}')))",
    "python_iterator_in_js": "js.Array.from_(iter([1, 2]))",
    "python_dict_items_in_js": "js.Array.from_({'a': 1}.items()).length",
    "python_enumerate_in_js": "js.Map.new(enumerate('ab')).get(1)",
    "string_iterates_code_points": "list(js.String.new('a\\U0001f600'))",
    "any_all": "(any(js.Array.of(0, 1)), all(js.Array.of(0, 1)))",
    "sorted_with_key": """
        [o.n for o in sorted(js.JSON.parse('[{"n": 2}, {"n": 1}]'), key=lambda o: o.n)]
    """,
    "dict_comprehension": "{o.n: 1 for o in js.JSON.parse('[{\"n\":2}]')}",
    "map_builtin": "list(map(str, js.Array.of(1, 2)))",
    "join_str": "','.join(js.Array.of('a', 'b'))",
    "async_for_over_an_array": """
        try:
            async for x in js.Array.of(1): pass
        except TypeError:
            result = 'TypeError'
    """,
    "python_async_generator_in_js": """
        async def g():
            yield 1
            yield 2
        it = create_proxy(g())
        (await it.next()).value
    """,
    # other modules
    "http_fetch_response_class": """
        from pyodide.http import FetchResponse
        r = FetchResponse('http://x/', js.Response.new('hi', status=201))
        (r.status, r.ok, r.url, r.js_response.status, await r.string())
    """,
    "http_fetch_response_text": """
        from pyodide.http import FetchResponse
        await FetchResponse('http://x/', js.Response.new('hi')).text()
    """,
    "http_fetch_response_json": """
        from pyodide.http import FetchResponse
        await FetchResponse('http://x/', js.Response.new('{"a": [1]}')).json()
    """,
    "http_fetch_response_bytes": """
        from pyodide.http import FetchResponse
        await FetchResponse('http://x/', js.Response.new('hi')).bytes()
    """,
    "http_fetch_response_buffer": """
        from pyodide.http import FetchResponse
        await FetchResponse('http://x/', js.Response.new('hi')).buffer()
    """,
    "http_fetch_response_memoryview": """
        from pyodide.http import FetchResponse
        await FetchResponse('http://x/', js.Response.new('hi')).memoryview()
    """,
    "http_fetch_response_body_used": """
        from pyodide.http import FetchResponse
        r = FetchResponse('http://x/', js.Response.new('hi'))
        await r.text()
        try:
            await r.text()
        except OSError as e:
            result = ('OSError', r.body_used)
    """,
    "http_fetch_response_headers": """
        from pyodide.http import FetchResponse
        r = FetchResponse('http://x/', js.Response.new('', headers=js.Headers.new([['a', 'b']])))
        (r.headers['a'], list(r.headers))
    """,
    "http_fetch_response_status_text": """
        from pyodide.http import FetchResponse
        r = FetchResponse('http://x/', js.Response.new('', statusText='Fine', status=404))
        (r.status_text, r.ok, r.redirected, r.type, repr(r).startswith('<'))
    """,
    "http_fetch_response_clone": """
        from pyodide.http import FetchResponse
        r = FetchResponse('http://x/', js.Response.new('hi'))
        c = r.clone()
        (await r.text(), await c.text())
    """,
    "http_fetch_response_raise_for_status": """
        from pyodide.http import FetchResponse
        try:
            r = js.Response.new('', status=404, statusText='Gone Fishing')
            FetchResponse('http://x/', r).raise_for_status()
        except OSError as e:
            result = str(e)
    """,
    "http_fetch_response_raise_for_status_ok": """
        from pyodide.http import FetchResponse
        FetchResponse('http://x/', js.Response.new('')).raise_for_status()
    """,
    "http_names": """
        import pyodide.http
        [n for n in ('pyfetch', 'FetchResponse', 'open_url', 'HttpStatusError', 'BodyUsedError',
         'AbortError') if hasattr(pyodide.http, n)]
    """,
    "code_names": """
        import pyodide.code
        [n for n in ('run_js', 'eval_code', 'eval_code_async', 'relaxed_call', 'relaxed_wrap',
         'find_imports') if hasattr(pyodide.code, n)]
    """,
    "eval_code_async": """
        from pyodide.code import eval_code_async
        await eval_code_async('1 + 1')
    """,
    "eval_code": "from pyodide.code import eval_code\neval_code('x = 5\\nx + 1')",
    "webloop": "type(asyncio.get_running_loop()).__name__",
    "call_later": """
        seen = []
        asyncio.get_running_loop().call_later(0.001, seen.append, 1)
        await asyncio.sleep(0.02)
        seen
    """,
}
