"""JSON, structuredClone and the functions that turn values into text."""

from __future__ import annotations

ROWS = {
    "parse_object": 'js.JSON.parse(\'{"a": [1, {"b": true}]}\')',
    "parse_numbers": "js.JSON.parse('[1, 1.5, -0, 1e3, 12345678901234567890]')",
    "parse_string_escapes": "js.JSON.parse('\"\\\\u00e9\\\\n\\\\ud83d\\\\ude00\"')",
    "parse_scalars": "[js.JSON.parse(x) for x in ('true', 'false', '5', '\"a\"')]",
    "parse_empty": "js.JSON.parse('')",
    # (a newer V8 adds the line and the column)
    "parse_bad": "said(lambda: js.JSON.parse('{bad')).split(' (line')[0]",
    "parse_trailing": "kind(lambda: js.JSON.parse('[1,]'))",
    "parse_error_name": """
        try:
            js.JSON.parse('{bad')
        except JsException as e:
            result = e.name
    """,
    "parse_python_literals": "kind(lambda: js.JSON.parse(\"{'a': None}\"))",
    "parse_nan": "kind(lambda: js.JSON.parse('NaN'))",
    "parse_reviver": "js.JSON.parse('[1, 2]', lambda k, v: v * 2 if isinstance(v, int) else v)",
    "parse_duplicate_keys": 'js.JSON.parse(\'{"a": 1, "a": 2}\').a',
    "parse_proto_key": 'js.JSON.parse(\'{"__proto__": 5, "a": 1}\').a',
    "parse_of_number": "js.JSON.parse(5)",
    "stringify_scalars": "[js.JSON.stringify(x) for x in (1, 1.5, 'a', True, None)]",
    "stringify_nan": "js.JSON.stringify(to_js([float('nan'), float('inf')]))",
    "stringify_object": "js.JSON.stringify(js.JSON.parse('{\"a\": [1, null]}'))",
    "stringify_undefined_member": "o = js.Object.new(); o.a = None; o.b = 1; js.JSON.stringify(o)",
    "stringify_function_member": """
        o = js.Object.new()
        o.f = js.parseInt
        o.b = 1
        js.JSON.stringify(o)
    """,
    "stringify_indent": 'js.JSON.stringify(js.JSON.parse(\'{"a": [1, {}], "b": []}\'), None, 2)',
    "stringify_indent_text": "js.JSON.stringify(to_js([1]), None, '--')",
    "stringify_key_list": "js.JSON.stringify(js.JSON.parse('{\"a\": 1, \"b\": 2}'), to_js(['b']))",
    "stringify_replacer": """
        js.JSON.stringify(js.JSON.parse('{"a": 1, "b": "x"}'),
                          lambda k, v: v * 2 if isinstance(v, int) else v)
    """,
    "stringify_unicode": "js.JSON.stringify('h\\u00e9\\u2028\\U0001f600')",
    "stringify_lone_surrogate": "js.JSON.stringify(js.String.fromCharCode(0xD800))",
    "stringify_control": "js.JSON.stringify('a\\nb\\x01\"\\\\/')",
    "stringify_map_and_set": "js.JSON.stringify(js.Array.of(js.Map.new(), js.Set.new([1])))",
    "stringify_typed_array": "js.JSON.stringify(js.Uint8Array.new([1, 2]))",
    "stringify_array_buffer": "js.JSON.stringify(js.ArrayBuffer.new(2))",
    "stringify_error": "js.JSON.stringify(js.Error.new('x'))",
    "stringify_number_object": "js.JSON.stringify(js.Number.new(5))",
    "stringify_circular": """
        o = js.Object.new()
        o.self = o
        try:
            js.JSON.stringify(o)
        except JsException as e:
            result = (e.name, e.message.split('\\n')[0])
    """,
    "stringify_to_json_method": """
        o = js.Object.new()
        o.toJSON = lambda *_: 'custom'
        js.JSON.stringify(o)
    """,
    "stringify_floats": "js.JSON.stringify(to_js([1.0, 0.1, 1e21, 1e-7, 123456789012345680000.0]))",
    "stringify_dict_in_an_array": "js.JSON.stringify(js.Array.of({'a': 1}))",
    "stringify_kwargs_object": "js.JSON.stringify(js.Object.new(a=1, b=to_js([1])))",
    "stringify_nested_python_in_object": """
        o = js.Object.new()
        o.list = [1, 2]
        o.dict = {'a': 1}
        js.JSON.stringify(o)
    """,
    "stringify_python_set": "js.JSON.stringify({1})",
    "stringify_bytes": "js.JSON.stringify(b'ab')",
    "stringify_python_function": "js.JSON.stringify(lambda: 1)",
    "stringify_dict_with_none": "js.JSON.stringify({'a': None, 'b': True})",
    "stringify_dict_with_number_keys": "js.JSON.stringify({1: 'a'})",
    "stringify_ordered": "js.JSON.stringify({'b': 1, 'a': 2})",
    "stringify_dict_indent": "js.JSON.stringify({'a': [1]}, None, 1)",
    "stringify_to_js_dict": "js.JSON.stringify(to_js({'a': {'b': 1}}))",
    "stringify_to_js_dict_converter": """
        js.JSON.stringify(to_js({'a': {'b': [1, None]}}, dict_converter=js.Object.fromEntries))
    """,
    "stringify_list_of_dicts": """
        js.JSON.stringify(to_js([{'a': 1}, {'a': 2}], dict_converter=js.Object.fromEntries))
    """,
    "python_json_to_js_and_back": """
        import json
        data = {'a': [1, 2.5, 'x', None, True, {'b': {}}]}
        js.JSON.stringify(js.JSON.parse(json.dumps(data)))
    """,
    "to_string_tag": "(str(js.JSON), js.JSON.constructor.name)",
    # structuredClone
    "clone_object": "o = js.JSON.parse('{\"a\": [1]}'); c = js.structuredClone(o); (c, c == o)",
    "clone_map": "js.structuredClone(js.Map.new([['a', 1]]))",
    "clone_set": "js.structuredClone(js.Set.new([1]))",
    "clone_date": "js.structuredClone(js.Date.new(5))",
    "clone_buffer": "b = js.Uint8Array.new([1, 2]); c = js.structuredClone(b); b[0] = 9; c",
    "clone_scalar": "[js.structuredClone(x) for x in (1, 'a', None, True)]",
    "clone_error": "e = js.structuredClone(js.TypeError.new('x')); (e.name, e.message)",
    "clone_function": "kind(lambda: js.structuredClone(js.parseInt))",
    "clone_function_error_name": """
        try:
            js.structuredClone(js.parseInt)
        except JsException as e:
            result = (e.name, e.code)
    """,
    "clone_python_list": "kind(lambda: js.structuredClone([1]))",
    "clone_circular": "o = js.Object.new(); o.me = o; c = js.structuredClone(o); c.me == c",
    # text
    "encode_uri_component": "js.encodeURIComponent('a b&c/\\u00e9~!')",
    "decode_uri_component": "js.decodeURIComponent('a%20b%C3%A9')",
    "decode_uri_component_bad": "js.decodeURIComponent('%')",
    "encode_uri": "js.encodeURI('http://x/a b?c=\\u00e9#d')",
    "decode_uri": "js.decodeURI('a%20b%2F')",
    "escape_unescape": "(js.escape('a b\\u00e9'), js.unescape('%20'))",
    "btoa": "(js.btoa('hello'), js.btoa(''), js.btoa('\\xff'))",
    "btoa_not_latin1": """
        try:
            js.btoa('\\u20ac')
        except JsException as e:
            result = (e.name, e.code)
    """,
    "atob": "(js.atob('aGVsbG8='), js.atob('aGVsbG8'), js.atob(' aGVs bG8= '))",
    "atob_binary": "js.atob('/w==')",
    "atob_bad": """
        try:
            js.atob('*')
        except JsException as e:
            result = (e.name, e.code)
    """,
    "regexp": """
        r = js.RegExp.new('a(.)', 'g')
        (r.test('xab'), r.source, r.flags, r.constructor.name, str(r))
    """,
    "string_replace_regexp": "js.String.new('aXbX').replace(js.RegExp.new('X', 'g'), '-')",
    "intl_exists": "(hasattr(js, 'Intl'), js.Intl.NumberFormat.new('en-US').format(1234.5))",
    "global_this": "(js.globalThis.JSON == js.JSON, js.globalThis.Array == js.Array)",
    "globals_present": """
        [name for name in ('console queueMicrotask setTimeout clearTimeout setInterval '
         'clearInterval structuredClone fetch Headers Request Response FormData Blob File URL '
         'URLSearchParams TextEncoder TextDecoder AbortController AbortSignal Event EventTarget '
         'DOMException ReadableStream WritableStream TransformStream crypto performance atob btoa '
         'CompressionStream DecompressionStream WeakRef Proxy Reflect Symbol BigInt').split()
         if not hasattr(js, name)]
    """,
    "global_missing": "said(lambda: js.nope)",
    "global_import_missing": """
        try:
            from js import Nope
        except ImportError as e:
            result = str(e)
    """,
    "global_import_order": "from js import Object, JSON\nJSON.stringify(Object.new())",
    "js_module_is_a_proxy_or_module": "js.__name__",
    "console_methods": """
        [m for m in ('log', 'error', 'warn', 'info', 'debug', 'table', 'time', 'trace', 'group')
         if not callable(getattr(js.console, m))]
    """,
    "console_log_answers": "js.console.log('a', 1, None, {'a': 1})",
}
