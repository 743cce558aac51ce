"""The host's text and URL classes, where Node and workerd agree."""

from __future__ import annotations

ROWS = {
    # TextEncoder, TextDecoder
    "encode": "js.TextEncoder.new().encode('h\\u00e9')",
    "encode_nothing": "js.TextEncoder.new().encode()",
    "encode_to_bytes": "js.TextEncoder.new().encode('\\U0001f600').to_bytes()",
    "encoder_encoding": "js.TextEncoder.new().encoding",
    "encode_into": """
        u = js.Uint8Array.new(4)
        r = js.TextEncoder.new().encodeInto('h\\u00e9', u)
        (r.read, r.written, u)
    """,
    "decode": "js.TextDecoder.new().decode(to_js('h\\u00e9'.encode()))",
    "decode_nothing": "js.TextDecoder.new().decode()",
    "decode_array_buffer": "js.TextDecoder.new().decode(to_js(b'ab').buffer.slice(0))",
    "decode_replaces": "js.TextDecoder.new().decode(to_js(b'a\\xff'))",
    "decode_fatal": """
        try:
            js.TextDecoder.new('utf-8', fatal=True).decode(to_js(b'\\xff'))
        except JsException as e:
            result = e.name
    """,
    "decode_bom": "js.TextDecoder.new().decode(to_js(b'\\xef\\xbb\\xbfa'))",
    "decode_keeps_bom": """
        js.TextDecoder.new('utf-8', ignoreBOM=True).decode(to_js(b'\\xef\\xbb\\xbfa'))
    """,
    "decode_stream": """
        d = js.TextDecoder.new()
        options = js.Object.new(stream=True)
        d.decode(to_js(b'\\xc3'), options) + d.decode(to_js(b'\\xa9'), options) + d.decode()
    """,
    "decode_utf_16": "js.TextDecoder.new('utf-16le').decode(to_js('h\\u00e9'.encode('utf-16-le')))",
    "decoder_latin1_is_windows_1252": "js.TextDecoder.new('latin1').encoding",
    "decoder_label": "js.TextDecoder.new('UTF8').encoding",
    "decoder_unknown_label": """
        try:
            js.TextDecoder.new('nonsense')
        except JsException as e:
            result = e.name
    """,
    "decoder_properties": "d = js.TextDecoder.new(); (d.encoding, d.fatal, d.ignoreBOM)",
    # URL
    "url_parts": """
        u = js.URL.new('https://user:pw@example.com:8443/a/b?x=1&y=2#frag')
        (u.href, u.protocol, u.host, u.hostname, u.port, u.pathname, u.search, u.hash, u.origin,
         u.username, u.password)
    """,
    "url_relative": "js.URL.new('../c?x', 'https://example.com/a/b/').href",
    "url_base_as_url": "js.URL.new('/c', js.URL.new('https://example.com/a')).href",
    "url_normalized": "js.URL.new('HTTP://EXAMPLE.com:80/a/../b c').href",
    "url_no_path": "js.URL.new('http://example.com').href",
    "url_idn": "js.URL.new('http://b\\u00fccher.example/').hostname",
    "url_percent_encoding": "js.URL.new('http://x/\\u00e9?q=\\u00e9 #\\u00e9').href",
    "url_ipv4_numbers": "js.URL.new('http://0x7f.1/').hostname",
    "url_ipv6": "js.URL.new('http://[::1]:80/').host",
    "url_data": "u = js.URL.new('data:text/plain,hi'); (u.origin, u.pathname)",
    "url_default_port_is_empty": "js.URL.new('https://x:443/').port",
    "url_invalid_name": """
        try:
            js.URL.new('/relative')
        except JsException as e:
            result = e.name
    """,
    "url_without_new": "kind(lambda: js.URL('http://x/'))",
    "url_set_pathname": "u = js.URL.new('http://x/a'); u.pathname = '/b c'; u.href",
    "url_set_search": """
        u = js.URL.new('http://x/'); u.search = 'a=b'; (u.href, u.searchParams.get('a'))
    """,
    "url_set_hash_and_port": "u = js.URL.new('http://x/'); u.hash = 'h'; u.port = '81'; u.href",
    "url_set_host": "u = js.URL.new('http://x/'); u.host = 'y:82'; u.href",
    "url_set_protocol": "u = js.URL.new('http://x/'); u.protocol = 'https'; u.href",
    "url_search_params_write_back": """
        u = js.URL.new('http://x/?a=1')
        u.searchParams.set('b', '2 3')
        u.searchParams.delete('a')
        u.href
    """,
    "url_str": "u = js.URL.new('http://x/'); (str(u), u.toString(), u.toJSON())",
    "url_json": "js.JSON.stringify(js.URL.new('http://x/a'))",
    "url_can_parse": "(js.URL.canParse('http://x/'), js.URL.canParse('nope'))",
    "url_constructor_name": "js.URL.new('http://x/').constructor.name",
    "url_equality": "u = js.URL.new('http://x/'); (u == u, u == js.URL.new('http://x/'))",
    # URLSearchParams
    "params_from_string": "js.URLSearchParams.new('?a=1&b=%20x+y').toString()",
    "params_from_object": """
        js.URLSearchParams.new(js.JSON.parse('{"a": 1, "b": "c d"}')).toString()
    """,
    "params_from_pairs": "js.URLSearchParams.new([['a', '1'], ['a', '2']]).toString()",
    "params_from_keywords": "js.URLSearchParams.new(a='1').toString()",
    "params_from_dict_items": "js.URLSearchParams.new({'a': '1'}.items()).toString()",
    "params_from_params": "js.URLSearchParams.new(js.URLSearchParams.new('a=1')).toString()",
    "params_get": "p = js.URLSearchParams.new('a=1&a=2'); (p.get('a'), p.get('z'))",
    "params_get_all": "js.URLSearchParams.new('a=1&a=2').getAll('a')",
    "params_has": "p = js.URLSearchParams.new('a=1'); (p.has('a'), p.has('z'))",
    "params_append_set_delete": """
        p = js.URLSearchParams.new()
        p.append('a', '1')
        p.append('a', '2')
        p.append('b', 3)
        p.set('b', 'x&y')
        p.delete('a')
        p.toString()
    """,
    "params_sort": "p = js.URLSearchParams.new('b=1&a=2'); p.sort(); p.toString()",
    "params_size": "js.URLSearchParams.new('a=1&b=2').size",
    "params_entries": "[(k, v) for k, v in js.URLSearchParams.new('a=1&b=2').entries()]",
    "params_keys_values": """
        p = js.URLSearchParams.new('a=1&b=2')
        (list(p.keys()), list(p.values()))
    """,
    "params_iterate": "list(js.URLSearchParams.new('a=1&b=2'))",
    "params_len": "len(js.URLSearchParams.new('a=1'))",
    "params_subscript": "js.URLSearchParams.new('a=1')['a']",
    "params_subscript_missing": "js.URLSearchParams.new('')['a']",
    "params_in": "p = js.URLSearchParams.new('a=1'); ('a' in p, 'z' in p)",
    "params_items": "list(js.URLSearchParams.new('a=1').items())",
    "params_dict": "dict(js.URLSearchParams.new('a=1&b=2'))",
    "params_from_entries": "js.Object.fromEntries(js.URLSearchParams.new('a=1&b=2'))",
    "params_for_each": """
        seen = []
        js.URLSearchParams.new('a=1').forEach(lambda v, k, p: seen.append((k, v)))
        seen
    """,
    "params_bool": "(bool(js.URLSearchParams.new('')), bool(js.URLSearchParams.new('a')))",
    "params_str": "str(js.URLSearchParams.new('a=b c'))",
    "params_unicode": "js.URLSearchParams.new('a=\\u00e9&b=%C3%A9').getAll('b')",
    "params_empty_value": """
        (js.URLSearchParams.new('a&b=').get('a'), js.URLSearchParams.new('a=').get('a'))
    """,
    "params_none_value": "p = js.URLSearchParams.new(); p.set('a', None); p.toString()",
    "params_to_py": "js.URLSearchParams.new('a=1').to_py().toString()",
}
