"""Headers, Request, Response, FormData, Blob and File, where Node and workerd agree."""

from __future__ import annotations

ROWS = {
    # Headers
    "headers_empty": "list(js.Headers.new())",
    "headers_from_pairs": "[(k, v) for k, v in js.Headers.new([['B', '2'], ['a', '1']])]",
    "headers_from_items": "[(k, v) for k, v in js.Headers.new({'X-A': '1'}.items())]",
    "headers_from_keywords": "js.Headers.new(a='1').get('a')",
    "headers_from_to_js_dict": """
        js.Headers.new(to_js({'a': '1'}, dict_converter=js.Object.fromEntries)).get('a')
    """,
    "headers_from_headers": "js.Headers.new(js.Headers.new([['a', '1']])).get('a')",
    "headers_from_tuples": "js.Headers.new([('a', '1'), ('b', '2')]).get('b')",
    "headers_get": "h = js.Headers.new([['A', '1']]); (h.get('a'), h.get('A'))",
    "headers_get_missing": "js.Headers.new().get('x')",
    "headers_has": "h = js.Headers.new([['A', '1']]); (h.has('a'), h.has('b'))",
    "headers_set_replaces": "h = js.Headers.new([['a', '1']]); h.set('A', '2'); h.get('a')",
    "headers_append_joins": "h = js.Headers.new([['a', '1']]); h.append('a', '2'); h.get('a')",
    "headers_delete": "h = js.Headers.new([['a', '1']]); h.delete('A'); h.has('a')",
    "headers_number_value": "h = js.Headers.new(); h.set('a', 5); h.get('a')",
    "headers_value_is_trimmed": "js.Headers.new([['a', '  x ']]).get('a')",
    "headers_iterates_sorted_lowercase": """
        [(k, v) for k, v in js.Headers.new([['Zed', '1'], ['Alpha', '2']])]
    """,
    "headers_pairs_are_arrays": "list(js.Headers.new([['a', '1']]))",
    "headers_keys_values": "h = js.Headers.new([['a', '1']]); (list(h.keys()), list(h.values()))",
    "headers_entries": "[(k, v) for k, v in js.Headers.new([['a', '1']]).entries()]",
    "headers_items": "js.Headers.new().items()",
    "headers_subscript": "js.Headers.new([['a', '1']])['A']",
    "headers_subscript_missing": "js.Headers.new()['x']",
    "headers_contains": "h = js.Headers.new([['a', '1']]); ('A' in h, 'z' in h)",
    "headers_len": "kind(lambda: len(js.Headers.new()))",
    "headers_bool": "bool(js.Headers.new())",
    "headers_dict": "dict(js.Headers.new([['a', '1']]))",
    "headers_for_each": """
        seen = []
        js.Headers.new([['a', '1']]).forEach(lambda v, k, h: seen.append((k, v)))
        seen
    """,
    "headers_set_item": "h = js.Headers.new()\nsaid(lambda: h.__setitem__('a', '1'))",
    "headers_set_cookie": """
        h = js.Headers.new()
        h.append('Set-Cookie', 'a=1')
        h.append('Set-Cookie', 'b=2')
        (h.getSetCookie(), h.get('set-cookie'), [(k, v) for k, v in h])
    """,
    "headers_from_entries": "js.Object.fromEntries(js.Headers.new([['A', '1']]))",
    "headers_from_python_dict": "kind(lambda: js.Headers.new({'abc': '1'}))",
    "headers_invalid_name": "kind(lambda: js.Headers.new([['a b', '1']]))",
    "headers_invalid_value": "kind(lambda: js.Headers.new([['a', 'x\\ny']]))",
    "headers_without_new": "kind(lambda: js.Headers())",
    "headers_constructor_name": "js.Headers.new().constructor.name",
    "headers_str": "str(js.Headers.new())",
    "headers_to_py": "js.Headers.new([['a', '1']]).to_py().get('a')",
    # Response
    "response_defaults": """
        r = js.Response.new()
        (r.status, r.ok, r.body, r.bodyUsed, r.redirected, r.url)
    """,
    "response_text": "await js.Response.new('h\\u00e9').text()",
    "response_text_type": "js.Response.new('hi').headers.get('content-type')",
    "response_options": """
        r = js.Response.new('x', status=404, statusText='No')
        (r.status, r.statusText, r.ok)
    """,
    "response_options_by_dict": "js.Response.new('x', {'status': 202}).status",
    "response_options_by_to_js": """
        js.Response.new('x', to_js({'status': 202}, dict_converter=js.Object.fromEntries)).status
    """,
    "response_options_by_plain_to_js": "js.Response.new('x', to_js({'status': 202})).status",
    "response_options_object": """
        o = js.Object.new()
        o.status = 203
        js.Response.new('x', o).status
    """,
    "response_options_response": "js.Response.new('x', js.Response.new('y', status=201)).status",
    "response_headers_pairs": "js.Response.new('x', headers=[['a', 'b']]).headers.get('a')",
    "response_headers_headers": """
        js.Response.new('x', headers=js.Headers.new([['a', 'b']])).headers.get('a')
    """,
    "response_headers_to_js": """
        h = to_js({'a': 'b'}, dict_converter=js.Object.fromEntries)
        js.Response.new('x', headers=h).headers.get('a')
    """,
    "response_headers_type_kept": """
        js.Response.new('x', headers=[['content-type', 'text/html']]).headers.get('content-type')
    """,
    "response_none_body": "r = js.Response.new(None, status=204); (r.status, await r.text())",
    "response_null_body_status": "kind(lambda: js.Response.new('x', status=204))",
    "response_bad_status": """
        try:
            js.Response.new('x', status=1000)
        except JsException as e:
            result = e.name
    """,
    "response_bytes_object": "await js.Response.new(b'ab').text()",
    "response_list_object": "await js.Response.new([1, 'a']).text()",
    "response_number": "await js.Response.new(5).text()",
    "response_to_js_bytes": "await js.Response.new(to_js(b'ab')).text()",
    "response_array_buffer": "await js.Response.new(to_js(b'ab').buffer.slice(0)).text()",
    "response_data_view": "await js.Response.new(js.DataView.new(js.ArrayBuffer.new(2))).text()",
    "response_get_buffer": """
        p = create_proxy(b'ab')
        b = p.getBuffer()
        r = js.Response.new(b.data)
        b.release()
        p.destroy()
        await r.text()
    """,
    "response_params": """
        r = js.Response.new(js.URLSearchParams.new('a=1'))
        (await r.text(), r.headers.get('content-type').lower())
    """,
    "response_blob": """
        r = js.Response.new(js.Blob.new(to_js(['x']), type='text/css'))
        (await r.text(), r.headers.get('content-type'))
    """,
    "response_json": "(await js.Response.new('{\"a\": [1]}').json()).a[0]",
    "response_json_null": "await js.Response.new('null').json()",
    "response_json_to_py": "(await js.Response.new('{\"a\": 1}').json()).to_py()",
    "response_json_bad": """
        try:
            await js.Response.new('{bad').json()
        except JsException as e:
            result = e.name
    """,
    "response_array_buffer_read": "await js.Response.new('ab').arrayBuffer()",
    "response_blob_read": "b = await js.Response.new('ab').blob(); (b.size, b.constructor.name)",
    "response_read_twice": """
        r = js.Response.new('x')
        await r.text()
        try:
            await r.text()
        except JsException as e:
            result = (e.name, r.bodyUsed)
    """,
    "response_clone": "r = js.Response.new('x'); c = r.clone(); (await r.text(), await c.text())",
    "response_clone_used": "r = js.Response.new('x'); await r.text()\nkind(lambda: r.clone())",
    "response_static_json": """
        r = js.Response.json(to_js({'a': 1}, dict_converter=js.Object.fromEntries), status=201)
        (await r.text(), r.headers.get('content-type'), r.status)
    """,
    "response_static_json_python_dict": "await js.Response.json({'a': [1]}).text()",
    "response_static_json_python_list": "await js.Response.json([1, {'a': 2}]).text()",
    "response_static_json_text": "await js.Response.json('x').text()",
    "response_redirect": """
        r = js.Response.redirect('http://x/y', 301)
        (r.status, r.headers.get('location'))
    """,
    "response_redirect_default": "js.Response.redirect('http://x/').status",
    "response_redirect_bad_status": """
        try:
            js.Response.redirect('http://x/', 200)
        except JsException as e:
            result = e.name
    """,
    "response_body_is_a_stream": "js.Response.new('x').body.constructor.name",
    "response_body_null": "js.Response.new().body",
    "response_constructor_name": "js.Response.new().constructor.name",
    "response_str": "str(js.Response.new())",
    "response_bool": "bool(js.Response.new())",
    "response_headers_are_live": """
        r = js.Response.new('x'); r.headers.set('a', '1'); r.headers.get('a')
    """,
    "response_form_data_read": """
        r = js.Response.new('a=1&b=x+y', headers=[
            ['content-type', 'application/x-www-form-urlencoded']])
        f = await r.formData()
        (f.get('a'), f.get('b'))
    """,
    # Request
    "request_defaults": """
        r = js.Request.new('http://x/a?b=1')
        (r.url, r.method, r.body, r.bodyUsed, list(r.headers))
    """,
    "request_options": """
        r = js.Request.new('http://x/', method='POST', body='hi')
        (r.method, await r.text(), r.headers.get('content-type'))
    """,
    "request_method_is_uppercased": "js.Request.new('http://x/', method='post').method",
    "request_headers": "js.Request.new('http://x/', headers=[['A', 'b']]).headers.get('a')",
    "request_from_request": """
        a = js.Request.new('http://x/', method='PUT', body='x')
        b = js.Request.new(a, headers=[['q', '1']])
        (b.method, b.url, await b.text(), b.headers.get('q'))
    """,
    "request_from_url": "js.Request.new(js.URL.new('http://x/a')).url",
    "request_normalizes": "js.Request.new('http://X').url",
    "request_get_with_body": "kind(lambda: js.Request.new('http://x/', body='x'))",
    "request_bad_url": """
        try:
            js.Request.new('nonsense')
        except JsException as e:
            result = e.name
    """,
    "request_clone": """
        r = js.Request.new('http://x/', method='POST', body='x')
        c = r.clone()
        (await r.text(), await c.text())
    """,
    "request_json": """
        (await js.Request.new('http://x/', method='POST', body='{"a": 1}').json()).a
    """,
    "request_signal": "js.Request.new('http://x/').signal.aborted",
    "request_redirect_mode": "js.Request.new('http://x/').redirect",
    "request_constructor_name": "js.Request.new('http://x/').constructor.name",
    # FormData
    "form_append_get": """
        f = js.FormData.new()
        f.append('a', '1')
        f.append('a', '2')
        (f.get('a'), f.getAll('a'), f.has('a'), f.get('z'))
    """,
    "form_set_delete": """
        f = js.FormData.new(); f.set('a', 1); f.set('a', 2); f.delete('b'); list(f)
    """,
    "form_iterates_pairs": "f = js.FormData.new(); f.append('a', '1'); [(k, v) for k, v in f]",
    "form_keys_values": """
        f = js.FormData.new()
        f.append('a', '1')
        (list(f.keys()), list(f.values()), [list(e) for e in f.entries()])
    """,
    "form_subscript": "f = js.FormData.new(); f.append('a', '1'); (f['a'], 'a' in f)",
    "form_blob_becomes_a_file": """
        f = js.FormData.new()
        f.append('f', js.Blob.new(to_js(['hi']), type='text/css'), 'n.css')
        x = f.get('f')
        (x.constructor.name, x.name, x.type, await x.text())
    """,
    "form_through_a_response": """
        f = js.FormData.new()
        f.append('a', '1')
        f.append('f', js.File.new(to_js(['hi']), 'n.txt', type='text/plain'))
        r = js.Response.new(f)
        g = await r.formData()
        x = g.get('f')
        (g.get('a'), x.name, await x.text(), r.headers.get('content-type').split(';')[0])
    """,
    "form_constructor_name": "js.FormData.new().constructor.name",
    # Blob and File
    "blob_text": "await js.Blob.new(to_js(['a', 'b'])).text()",
    "blob_parts": """
        await js.Blob.new(to_js([to_js(b'ab'), 'c', js.Blob.new(to_js(['d']))])).text()
    """,
    "blob_to_js_parts": "await js.Blob.new(to_js(['a', b'b'])).text()",
    "blob_properties": "b = js.Blob.new(to_js(['h\\u00e9']), type='Text/Plain'); (b.size, b.type)",
    "blob_empty": "b = js.Blob.new(); (b.size, b.type, bool(b))",
    "blob_type_none": "js.Blob.new(to_js(['a']), type='').type",
    "blob_slice": """
        b = js.Blob.new(to_js(['hello'])).slice(1, 3, 'x/y')
        (await b.text(), b.type, b.size)
    """,
    "blob_slice_negative": "await js.Blob.new(to_js(['hello'])).slice(-2).text()",
    "blob_array_buffer": "(await js.Blob.new(to_js(['ab'])).arrayBuffer()).to_bytes()",
    "blob_stream": "js.Blob.new(to_js(['ab'])).stream().constructor.name",
    "blob_not_an_array": "kind(lambda: js.Blob.new('text'))",
    "blob_constructor_name": "js.Blob.new().constructor.name",
    "file": """
        f = js.File.new(to_js(['hi']), 'n.txt', type='text/plain', lastModified=5)
        (f.name, f.type, f.lastModified, f.size, await f.text(), f.constructor.name)
    """,
    "file_without_name": "kind(lambda: js.File.new(to_js(['hi'])))",
}
