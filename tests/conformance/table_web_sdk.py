"""The call shapes of Cloudflare's SDK (`workers`, `asgi`), on the host's classes."""

from __future__ import annotations

ROWS = {
    # telling values apart
    "constructor_names": """
        [x.constructor.name for x in
         (js.Request.new('http://x/'), js.Response.new(), js.FormData.new(), js.Blob.new(),
          js.File.new(to_js([]), 'n'), js.Headers.new(), js.Date.new(0), js.Error.new('x'),
          js.Number.new(1), js.RegExp.new('a'), js.URLSearchParams.new(), js.ArrayBuffer.new(1),
          js.DataView.new(js.ArrayBuffer.new(1)), js.Response.new('x').body)]
    """,
    "python_values_have_no_constructor": """
        from http import HTTPStatus
        [hasattr(x, 'constructor') for x in
         ('a', b'a', 1, 1.5, None, [], {}, (), set(), HTTPStatus.OK, bytearray(), len, object())]
    """,
    "none_from_null": "x = js.Response.new().body; None if x is jsnull else x",
    "isinstance_of_a_proxy": """
        [isinstance(x, JsProxy) for x in
         (js.Response.new(), js.Headers.new(), js.Blob.new(), 'a', {})]
    """,
    "promise_test": """
        r = js.Response.new('x').text()
        (hasattr(r, 'then'), callable(r.then), await r)
    """,
    "promise_test_of_plain_values": """
        [hasattr(x, 'then') for x in (js.Response.new(), js.Headers.new(), 'a', None, 5, {})]
    """,
    "callable_attributes": """
        r = js.Response.new('x')
        [callable(getattr(r, n)) for n in ('text', 'status', 'headers', 'clone', 'ok')]
    """,
    "is_iterable": """
        def is_iterable(obj):
            try:
                iter(obj)
            except TypeError:
                return False
            return True
        [is_iterable(x) for x in
         (js.Blob.new(), js.Response.new(), js.Headers.new(), js.FormData.new(), js.Array.new(),
          js.Object.new(), js.ArrayBuffer.new(1), js.Uint8Array.new(1), js.Date.new(0))]
    """,
    "has_dunder_iter": """
        [hasattr(x, '__iter__') for x in
         (js.Headers.new(), js.Array.new(), js.Object.new(), js.Map.new())]
    """,
    "supports_buffer_protocol": """
        def supports(o):
            try:
                with memoryview(o):
                    return True
            except TypeError:
                return False
        [supports(x) for x in (b'a', bytearray(b'a'), 'a', js.Blob.new(), js.Object.new())]
    """,
    "length_attribute": """
        [getattr(x, 'length', None) for x in (js.Array.of(1), js.Object.new(), js.Headers.new())]
    """,
    # bodies
    "bytes_body": """
        proxy = create_proxy(b'hello')
        buffer = proxy.getBuffer()
        try:
            r = js.Response.new(buffer.data, **{'status': 201})
        finally:
            buffer.release()
            proxy.destroy()
        (r.status, await r.text(), r.headers.get('content-type'))
    """,
    "empty_bytes_body": """
        proxy = create_proxy(b'')
        buffer = proxy.getBuffer()
        r = js.Response.new(buffer.data)
        buffer.release()
        proxy.destroy()
        (await r.arrayBuffer()).to_bytes()
    """,
    "bytearray_body": """
        proxy = create_proxy(bytearray(b'abc'))
        buffer = proxy.getBuffer()
        r = js.Response.new(buffer.data)
        buffer.release()
        proxy.destroy()
        await r.text()
    """,
    "memoryview_body": """
        proxy = create_proxy(memoryview(b'abcd')[1:3])
        buffer = proxy.getBuffer()
        r = js.Response.new(buffer.data)
        buffer.release()
        proxy.destroy()
        await r.text()
    """,
    "slice_of_a_released_buffer_is_a_copy": """
        proxy = create_proxy(b'abc')
        buffer = proxy.getBuffer()
        proxy.destroy()
        copy = buffer.data.slice()
        buffer.release()
        (copy.length, copy.to_bytes())
    """,
    "none_body_with_options": """
        r = js.Response.new(None, **{'status': 204})
        (r.status, r.body is jsnull)
    """,
    "no_options": "js.Response.new('x', **{}).status",
    "replace_body": """
        first = js.Response.new('x', status=202, headers=[['a', 'b']])
        r = js.Response.new('y', first)
        (r.status, r.headers.get('a'), await r.text())
    """,
    "request_with_options": """
        options = {'method': 'POST', 'headers': js.Headers.new([('a', 'b')]), 'body': 'x'}
        r = js.Request.new('http://x/', **options)
        (r.method, r.headers.get('a'), await r.text())
    """,
    "request_read_as_bytes": """
        r = js.Request.new('http://x/', method='POST', body='h\\u00e9')
        (await r.arrayBuffer()).to_bytes()
    """,
    "body_async_for_chunks": """
        r = js.Request.new('http://x/', method='POST', body='abc')
        parts = []
        if r.body:
            async for data in r.body:
                parts.append(data.to_bytes())
        b''.join(parts)
    """,
    "body_absent_is_falsy": "bool(js.Request.new('http://x/').body)",
    "body_present_is_truthy": "bool(js.Response.new('x').body)",
    "stream_through_a_writer": """
        t = js.TransformStream.new()
        writer = t.writable.getWriter()
        r = js.Response.new(t.readable, headers=js.Headers.new([('a', 'b')]), status=200)
        async def produce():
            for part in (b'ab', b'cd'):
                proxy = create_proxy(part)
                buffer = proxy.getBuffer()
                proxy.destroy()
                await writer.write(buffer.data.slice())
                buffer.release()
            await writer.close()
        task = asyncio.create_task(produce())
        text = await r.text()
        await task
        text
    """,
    # headers
    "headers_of_a_dict": "[(k, v) for k, v in js.Headers.new({'A': '1', 'b': '2'}.items())]",
    "headers_of_pairs": "[(k, v) for k, v in js.Headers.new([('A', '1'), ('A', '2')])]",
    "headers_to_http_message": """
        import http.client
        message = http.client.HTTPMessage()
        for key, value in js.Headers.new([('X-A', ' 1 ')]):
            message[key] = value.strip()
        (message['x-a'], message.items())
    """,
    "set_cookie_values": """
        h = js.Headers.new([('set-cookie', 'a=1'), ('set-cookie', 'b=2')])
        [value.strip() for value in h.getSetCookie()]
    """,
    "set_cookie_none_is_falsy": "bool(js.Headers.new().getSetCookie())",
    "set_content_type_if_absent": """
        h = js.Headers.new([])
        if not h.has('content-type'):
            h.set('content-type', 'application/json')
        h.get('Content-Type')
    """,
    # forms and blobs
    "form_values_in_python": """
        f = js.FormData.new()
        f.append('a', '1')
        f.append('b', js.Blob.new(to_js(['x'])), None)
        (list(f.keys()), [v if isinstance(v, str) else v.constructor.name for v in f.values()])
    """,
    "form_entries_unpack": """
        f = js.FormData.new()
        f.append('a', '1')
        [(k, v) for k, v in f.entries()]
    """,
    "form_keys_len": "kind(lambda: len(js.FormData.new().keys()))",
    "blob_options_none": "b = js.Blob.new(to_js(['a']), type=None, endings=None); (b.size, b.type)",
    "blob_from_to_js_parts": """
        proxies = js.Array.new()
        proxy = create_proxy(b'ab')
        buffer = proxy.getBuffer()
        b = js.Blob.new(to_js(['x', buffer.data], pyproxies=proxies), type='text/plain')
        destroy_proxies(proxies)
        buffer.release()
        proxy.destroy()
        (await b.text(), b.type)
    """,
    "blob_slice_none": "await js.Blob.new(to_js(['abc'])).slice(None, None, None).text()",
    "blob_slice_end_none": "await js.Blob.new(to_js(['abc'])).slice(1, None, None).text()",
    "file_options_none": """
        f = js.File.new(to_js(['a']), 'n', type=None, endings=None, lastModified=5)
        (f.name, f.type, f.lastModified)
    """,
    # converting across RPC
    "from_rpc_keeps_host_objects": """
        def convert(value, convert, cache):
            return ('host', value.constructor.name)
        o = js.Array.of(js.Response.new(), js.Blob.new(), js.Headers.new(), js.Date.new(0))
        o.to_py(default_converter=convert)
    """,
    "from_rpc_of_a_date": """
        import datetime
        def convert(value, convert, cache):
            if value.constructor.name == 'Date':
                return datetime.datetime.fromtimestamp(value.getTime() / 1000, datetime.UTC)
            return value
        str(js.Date.new(1500).to_py(default_converter=convert))
    """,
    "from_rpc_array_buffer": "js.ArrayBuffer.new(2).to_py(default_converter=lambda v, c, k: v)",
    "to_rpc_exception": """
        js.Error.new(str(ValueError('bad'))).message
    """,
    "to_rpc_function": """
        f = create_proxy(lambda x: x + 1)
        converted = to_js({'f': f}, dict_converter=js.Object.fromEntries)
        converted.f(1)
    """,
    "to_rpc_js_object_inside": """
        r = js.Response.new('x')
        converted = to_js({'r': r, 'l': [r]}, dict_converter=js.Object.fromEntries)
        (converted.r == r, converted.l[0] == r)
    """,
    "to_rpc_none": "js.JSON.stringify(to_js({'a': None}, dict_converter=js.Object.fromEntries))",
    # errors
    "type_error_to_python": """
        try:
            js.Response.new('x', status=99)
        except JsException as exc:
            result = (exc.name, isinstance(exc.message, str))
    """,
    "error_name_getattr": "getattr(js.Error.new('x'), 'name', None)",
    "python_error_last_line": """
        def f(*_): raise ValueError('inside')
        async def g(*_): raise ValueError('inside')
        try:
            await js.Promise.all(to_js([g()]))
        except JsException as exc:
            result = (exc.name, exc.message.rstrip().split('\\n')[-1])
    """,
    # pyfetch's own shapes
    "abort_controller_option": """
        c = js.AbortController.new()
        r = js.Request.new('http://x/', signal=c.signal)
        c.abort()
        r.signal.aborted
    """,
    "options_object_of_kwargs": """
        options = to_js({'method': 'POST', 'body': 'x'}, dict_converter=js.Object.fromEntries)
        r = js.Request.new('http://x/', options)
        (r.method, await r.text())
    """,
    "method_enum_value": """
        from http import HTTPMethod
        js.Request.new('http://x/', method=HTTPMethod.PUT).method
    """,
}
