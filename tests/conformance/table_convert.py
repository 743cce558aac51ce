"""to_js and to_py: every kind of value, depth, converters."""

from __future__ import annotations

ROWS = {
    "to_js_scalars": "[to_js(x) for x in (1, 1.5, 'a', True, None)]",
    "to_js_list": "to_js([1, [2, [3]]])",
    "to_js_tuple": "to_js((1, (2,)))",
    "to_js_empty": "(to_js([]), to_js({}).constructor.name, to_js(set()))",
    "to_js_dict": "to_js({'a': 1})",
    "to_js_dict_class": "to_js({'a': 1}).constructor.name",
    "to_js_dict_subscript": "said(lambda: to_js({'a': 1})['a'])",
    "to_js_dict_attribute": "said(lambda: to_js({'a': 1}).a)",
    "to_js_dict_get": "said(lambda: to_js({'a': 1}).get('a'))",
    "to_js_dict_nested": "to_js({'a': {'b': 1}})",
    "to_js_dict_stringify": "js.JSON.stringify(to_js({'a': 1}))",
    "to_js_dict_number_keys": "to_js({1: 'a'}).constructor.name",
    "to_js_dict_number_keys_get": "said(lambda: to_js({1: 'a'}).get(1))",
    "to_js_dict_tuple_key": "said(lambda: to_js({(1, 2): 'a'}))",
    "to_js_dict_in_keys": "kind(lambda: 'a' in to_js({'a': 1}))",
    "to_js_dict_as_object": "js.Object.keys(to_js({'a': 1}))",
    "to_js_dict_to_py": "to_js({'a': [1, {'b': 2}]}).to_py()",
    "to_js_set": "to_js({1})",
    "to_js_frozenset": "to_js(frozenset({1}))",
    "to_js_set_of_lists": "kind(lambda: to_js({(1, 2)}))",
    "to_js_dict_converter": "to_js({'a': {'b': 1}}, dict_converter=js.Object.fromEntries)",
    "to_js_dict_converter_map": "to_js({'a': 1}, dict_converter=js.Map.new)",
    "to_js_dict_converter_python": """
        to_js({'a': 1}, dict_converter=lambda pairs: to_js(sorted(k for k, v in pairs)))
    """,
    "to_js_dict_converter_number_keys": """
        d = to_js({1: 'a', None: 'b', True: 'c'}, dict_converter=js.Object.fromEntries)
        js.JSON.stringify(d)
    """,
    "to_js_list_of_dicts": "to_js([{'a': 1}], dict_converter=js.Object.fromEntries)",
    "to_js_depth_0": "said(lambda: to_js([1, [2]], depth=0))",
    "to_js_depth_1": "to_js([1, [2]], depth=1)[1]",
    "to_js_depth_2": "to_js([1, [2, [3]]], depth=2)",
    "to_js_object_is_a_proxy": "class A: pass\nisinstance(to_js(A()), JsDoubleProxy)",
    "to_js_object_in_list_unwraps": "class A: pass\na = A(); to_js([a])[0] is a",
    "to_js_function_is_a_proxy": "isinstance(to_js(lambda: 1), JsDoubleProxy)",
    "to_js_class_is_a_proxy": "isinstance(to_js(int), JsDoubleProxy)",
    "to_js_datetime": """
        import datetime
        isinstance(to_js(datetime.date(2024, 1, 1)), JsDoubleProxy)
    """,
    "to_js_decimal": "import decimal\nisinstance(to_js(decimal.Decimal('1')), JsDoubleProxy)",
    "to_js_exception": "isinstance(to_js(ValueError('x')), JsDoubleProxy)",
    "to_js_generator": "isinstance(to_js(x for x in ()), JsDoubleProxy)",
    "to_js_range": "to_js(range(2)).__class__.__name__",
    "to_js_dataclass": """
        from dataclasses import dataclass
        @dataclass
        class P:
            x: int
        said(lambda: to_js(P(1)).x)
    """,
    "to_js_named_tuple": """
        from collections import namedtuple
        to_js(namedtuple('P', 'x y')(1, 2))
    """,
    "to_js_default_dict": """
        from collections import OrderedDict, defaultdict
        (to_js(defaultdict(int, a=1)).constructor.name, to_js(OrderedDict(a=1)).constructor.name)
    """,
    "to_js_list_subclass": "class L(list): pass\nto_js(L([1]))",
    "to_js_dict_views": "said(lambda: to_js({'a': 1}.keys()).constructor.name)",
    "to_js_deque": "from collections import deque\nto_js(deque([1, 2]))",
    "to_js_enum": """
        import enum
        class E(enum.Enum):
            A = 1
        isinstance(to_js(E.A), JsDoubleProxy)
    """,
    "to_js_str_enum": """
        import enum
        class E(enum.StrEnum):
            A = 'a'
        to_js(E.A)
    """,
    "to_js_js_proxy_unchanged": "o = js.Object.new(); to_js(o) == o",
    "to_js_js_proxy_inside": "o = js.Object.new(); to_js([o])[0] == o",
    "to_js_circular": "a = []; a.append(a); b = to_js(a); b[0] == b",
    "to_js_shared": "x = [1]; b = to_js([x, x]); b[0] == b[1]",
    "to_js_create_pyproxies_false": "class A: pass\nto_js([A()], create_pyproxies=False)",
    "to_js_create_pyproxies_true": "to_js([1], create_pyproxies=False)",
    "to_js_pyproxies": """
        pyproxies = js.Array.new()
        to_js([object(), [object()], 1], pyproxies=pyproxies)
        pyproxies.length
    """,
    "to_js_default_converter": """
        class A: pass
        to_js([A(), 1], default_converter=lambda v, convert, cache: 'converted')
    """,
    "to_js_default_converter_top": """
        class A: pass
        to_js(A(), default_converter=lambda v, convert, cache: 'converted')
    """,
    "to_js_default_converter_not_for_builtin": """
        seen = []
        def f(v, convert, cache):
            seen.append(type(v).__name__)
            return 'x'
        to_js([1, 'a', None, {'k': (1,)}, b'', 1.5, {1}, js.Object.new(), len], default_converter=f)
        seen
    """,
    "to_js_default_converter_convert": """
        class P:
            def __init__(self, first, second): self.first, self.second = first, second
        def f(v, convert, cache):
            a = js.Array.new()
            cache(v, a)
            a.push(convert(v.first))
            a.push(convert(v.second))
            return a
        to_js(P([1], P(2, 'x')), default_converter=f)
    """,
    "to_js_default_converter_returning_itself": """
        class A: pass
        a = A()
        to_js([a], default_converter=lambda v, convert, cache: v)[0] is a
    """,
    "to_js_default_converter_datetime": """
        import datetime
        def f(v, convert, cache):
            return js.Date.new(v.timestamp() * 1000)
        d = datetime.datetime(1970, 1, 1, 0, 0, 1, tzinfo=datetime.UTC)
        to_js({'d': d}, default_converter=f, dict_converter=js.Object.fromEntries)
    """,
    "to_js_default_converter_raises": """
        class A: pass
        def f(v, convert, cache): raise ValueError('x')
        said(lambda: to_js([A()], default_converter=f))
    """,
    "to_js_default_converter_function": """
        to_js([len], default_converter=lambda v, c, k: create_proxy(v))[0]
    """,
    "to_js_large_int": "to_js(2**60)",
    "to_js_large_int_in_list": "js.String(to_js([2**60]))",
    "to_js_of_future": "isinstance(to_js(asyncio.get_running_loop().create_future()), JsProxy)",
    "to_js_unknown_keyword": "kind(lambda: to_js([1], nope=1))",
    "to_js_eager_converter": "said(lambda: to_js([1], eager_converter=lambda v, c, k: v))",
    # to_py
    "to_py_object": 'js.JSON.parse(\'{"a": {"b": [1, 2]}}\').to_py()',
    "to_py_array": "js.JSON.parse('[1, [2], {\"a\": 3}]').to_py()",
    "to_py_map": "js.Map.new([['a', to_js([1])]]).to_py()",
    "to_py_map_number_keys": "js.Map.new([[1, 'a'], [2.5, 'b'], [True, 'c']]).to_py()",
    "to_py_map_object_key": "kind(lambda: js.Map.new([[js.Object.new(), 1]]).to_py())",
    "to_py_set": "js.Set.new([1, 'a']).to_py()",
    "to_py_depth_0": "js.JSON.parse('{\"a\": [1]}').to_py(depth=0)",
    "to_py_depth_1": "js.JSON.parse('{\"a\": [1]}').to_py(depth=1)",
    "to_py_depth_2": 'js.JSON.parse(\'{"a": {"b": {}}}\').to_py(depth=2)',
    "to_py_class_instance": "js.URL.new('http://x/').to_py()",
    "to_py_function": "js.parseInt.to_py()",
    "to_py_null_prototype": "js.Object.create(js.Object.prototype).to_py()",
    "to_py_undefined": "o = js.Object.new(); o.a = None; o.to_py()",
    "to_py_circular": "o = js.Object.new(); o.me = o; d = o.to_py(); d['me'] is d",
    "to_py_python_object_inside": "o = js.Object.new(); x = object(); o.a = x; o.to_py()['a'] is x",
    "to_py_python_list_inside": "o = js.Object.new(); x = [1]; o.a = x; o.to_py()['a'] is x",
    "to_py_default_converter": """
        o = js.Object.new()
        o.d = js.Date.new(5)
        o.to_py(default_converter=lambda v, convert, cache: v.getTime())
    """,
    "to_py_default_converter_calls": """
        seen = []
        def f(v, convert, cache):
            seen.append(v.constructor.name)
            return v
        o = js.Array.of(1, 'a', js.Date.new(0), js.Object.new(), js.Map.new(), js.Uint8Array.new(1),
                        js.Error.new('x'), js.URL.new('http://x/'), js.parseInt)
        o.to_py(default_converter=f)
        seen
    """,
    "to_py_default_converter_null": """
        seen = []
        def f(v, convert, cache):
            seen.append(repr(v))
            return v
        js.JSON.parse('[null]').to_py(default_converter=f)
        seen
    """,
    "to_py_default_converter_convert": """
        def f(v, convert, cache):
            if v.constructor.name == 'URLSearchParams':
                return {'params': convert(js.Object.fromEntries(v))}
            return v
        js.URLSearchParams.new('a=1').to_py(default_converter=f)
    """,
    "to_py_of_literal_map": "to_js({'a': {'b': 1}}).to_py()",
    "to_py_of_double_proxy": "said(lambda: create_proxy([1]).to_py())",
    "to_py_number_object": "js.Number.new(5).to_py()",
    "to_py_string_object": "js.String.new('a').to_py()",
    "to_py_promise_unchanged": "js.Promise.new(lambda r, _: r(1)).to_py().constructor.name",
    "to_py_unknown_keyword": "kind(lambda: js.Object.new().to_py(nope=1))",
    "roundtrip": """
        data = {'a': [1, 2.5, 'x', None, True, {'b': []}], 'c': {}}
        to_js(data, dict_converter=js.Object.fromEntries).to_py() == data
    """,
    # what the SDK does
    "sdk_rpc_default_converter": """
        def f(obj, convert, cache):
            if obj is None: return jsnull
            if isinstance(obj, Exception): return js.Error.new(str(obj))
            if callable(obj) and not isinstance(obj, type): return create_proxy(obj)
            return obj
        converted = to_js({'e': ValueError('x'), 'f': len, 'n': None},
                          default_converter=f, dict_converter=js.Object.fromEntries)
        (converted.e.message, converted.n)
    """,
    "sdk_null_inside": """
        js.JSON.stringify(to_js({'a': jsnull, 'b': [jsnull]}, dict_converter=js.Object.fromEntries))
    """,
    "sdk_constructor_test": """
        [hasattr(x, 'constructor') for x in
         (js.Object.new(), js.Array.new(), js.Map, js.parseInt, 'a', 1, None, [], {}, jsnull, b'')]
    """,
    "sdk_kwargs_options": """
        options = {'status': 201, 'headers': js.Headers.new()}
        js.Response.new('x', **options).status
    """,
    "sdk_pyproxies_array": """
        proxies = js.Array.new()
        to_js([b'ab', 'x'], pyproxies=proxies)
        destroy_proxies(proxies)
        proxies.length
    """,
    "sdk_object_from_entries_of_kwargs": """
        to_js({'method': 'POST', 'headers': {'a': 'b'}}, dict_converter=js.Object.fromEntries)
    """,
}
