"""Calling and constructing: arguments, keyword arguments, methods, callbacks, proxies' lives."""

from __future__ import annotations

ROWS = {
    # calls and new
    "class_without_new": "js.Map()",
    "class_without_new_message": "said(lambda: js.Promise())",
    "set_without_new": "said(lambda: js.Set())",
    "typed_array_without_new": "said(lambda: js.Uint8Array(1))",
    "array_without_new": "js.Array(1, 2)",
    "error_without_new": "js.Error('x')",
    "new_on_a_function_that_is_not_a_constructor": "said(lambda: js.parseInt.new('1'))",
    "new_on_an_object": "kind(lambda: js.Object.new().new())",
    "missing_method": "js.Object.new().nope()",
    "call_a_number": "kind(lambda: js.JSON.parse('{\"a\": 1}').a())",
    "too_many_arguments_are_ignored": "js.parseInt('7', 10, 5, 6)",
    "too_few_arguments_are_undefined": "js.parseInt()",
    "keyword_arguments_become_one_object": "js.Array.of(1, a=2, b='x')",
    "no_keyword_arguments_no_object": "js.Array.of(1).length",
    "keyword_arguments_only": "js.Array.of(a=1)",
    "keyword_argument_none_is_undefined": "js.JSON.stringify(js.Array.of(a=None))",
    "keyword_arguments_from_an_empty_dict": "js.Array.of(1, **{}).length",
    "keyword_argument_list_is_a_proxy": "js.Array.of(a=[1])[0].a",
    "keyword_argument_reserved_suffix": "js.JSON.stringify(js.Array.of(from_=1))",
    "new_with_keyword_arguments": "js.Error.new('m', cause='c').cause",
    "new_many_arguments": "js.Array.new(1, 2, 3)",
    "js_new_is_a_method": "callable(js.Map.new)",
    "isinstance_of_a_class": "isinstance(js.Map, JsProxy)",
    "callable_class": "callable(js.Map)",
    "callable_object": "callable(js.Object.new())",
    "callable_function": "callable(js.parseInt)",
    "instance_of_by_constructor": "js.Map.new().constructor == js.Map",
    "function_name_and_length": "(js.parseInt.name, js.parseInt.length)",
    "method_equality": "m = js.Map.new(); m.get == m.get",
    "bound_method": "push = (a := js.Array.new()).push\npush(1); push(2)\na",
    "function_call_method": "js.Array.prototype.slice.call(to_js([1, 2, 3]), 1)",
    "function_apply_method": "js.Math.max.apply(None, to_js([1, 5, 3]))",
    "function_bind_method": "js.Math.max.bind(None, 5)(1, 9)",
    "reflect_construct": "js.Reflect.construct(js.Array, to_js([1, 2]))",
    "reflect_get": "js.Reflect.get(js.JSON.parse('{\"a\": 1}'), 'a')",
    "reflect_own_keys": "js.Reflect.ownKeys(js.JSON.parse('{\"a\": 1}'))",
    "reflect_set": "o = js.Object.new(); (js.Reflect.set(o, 'a', 1), o.a)",
    "reflect_has": "js.Reflect.has(js.JSON.parse('{\"a\": 1}'), 'a')",
    "reflect_delete": "o = js.JSON.parse('{\"a\": 1}'); js.Reflect.deleteProperty(o, 'a'); o",
    # arguments
    "list_argument_is_a_proxy": "js.Array.isArray([1, 2])",
    "list_argument_converted": "js.Array.isArray(to_js([1, 2]))",
    "dict_argument_typeof": "js.Object.prototype.toString.call({})",
    "list_argument_is_iterable": "js.Array.from_([1, 2])",
    "tuple_argument_is_iterable": "js.Array.from_((1, 2))",
    "set_argument_is_iterable": "js.Array.from_({1})",
    "dict_argument_iterates_keys": "js.Array.from_({'a': 1, 'b': 2})",
    "generator_argument_is_iterable": "js.Array.from_(x * 2 for x in range(3))",
    "range_argument": "js.Array.from_(range(3))",
    "bytes_argument_str": "js.String(b'ab')",
    "list_argument_str": "js.String([1, 'a'])",
    "dict_argument_str": "js.String({'a': 1})",
    "object_argument_str": """
        class A:
            def __str__(self): return 'as str'
            def __repr__(self): return 'as repr'
        js.String(A())
    """,
    "bool_argument_str": "(js.String(True), js.String(False))",
    "float_argument_str": "(js.String(1e21), js.String(1e-7), js.String(123456789.5))",
    "nan_argument_str": "(js.String(float('nan')), js.String(float('-inf')))",
    "str_argument_is_a_string": "js.Object('a').constructor.name",
    "dict_in_stringify": "js.JSON.stringify({'a': 1})",
    "list_in_stringify": "js.JSON.stringify([1, 'a', None])",
    "nested_dict_in_stringify": "js.JSON.stringify({'a': {'b': [1, 2]}})",
    "tuple_in_stringify": "js.JSON.stringify((1, 2))",
    "object_in_stringify": """
        class A:
            def __init__(self): self.x = 1
        js.JSON.stringify(A())
    """,
    # callbacks are borrowed
    "callback_with_fewer_parameters": "to_js([1, 2]).map(lambda x: x * 2)",
    "callback_with_all_parameters": "to_js(['a']).map(lambda x, i, a: [x, i].__len__())",
    "callback_extra_arguments_refused": "kind(lambda: to_js([1]).map(lambda: 1))",
    "callback_with_star_arguments": "to_js([5]).map(lambda *a: len(a))",
    "callback_returning_a_list": "to_js([1]).map(lambda x, *_: [x])[0]",
    "callback_returning_none": "to_js([1]).map(lambda *_: None)",
    "callback_raises": "to_js([1]).forEach(lambda *a: 1 / 0)",
    "callback_raises_its_own_class": """
        class Mine(Exception): pass
        def f(*a): raise Mine('x')
        try:
            to_js([1]).forEach(f)
        except Mine as e:
            result = ('caught', str(e))
    """,
    # (reading a dead proxy as an item of an array breaks 0.28.2 and 314 themselves: SystemError)
    "borrowed_list_read_later": "o = js.Object.assign(js.Object.new(), a=[1])\nsaid(lambda: o.a)",
    "borrowed_function_read_later": """
        o = js.Object.assign(js.Object.new(), f=lambda: 1)
        said(lambda: o.f())
    """,
    "borrowed_function_called_later_by_javascript": """
        a = js.Array.new()
        a.push(lambda *a: 1)
        said(lambda: js.Array.prototype.map.apply(to_js([1]), a))
    """,
    "kept_function_called_later_by_javascript": """
        a = js.Array.new()
        a.push(create_proxy(lambda *a: 1))
        js.Array.prototype.map.apply(to_js([1]), a)
    """,
    "borrowed_list_iterated_later_by_javascript": """
        a = js.Array.new()
        a.push([1])
        said(lambda: js.Array.from_.apply(js.Array, a))
    """,
    "borrowed_object_printed_later_by_javascript": """
        a = js.Array.new()
        a.push([1])
        said(lambda: a.join())
    """,
    "borrowed_until_the_promise_settles": """
        async def f(): return 5
        p = js.Promise.resolve(1).then(lambda x: x + 1)
        await p
    """,
    "kept_by_to_js": """
        a = js.Array.new()
        a.push(to_js([1]))
        a[0]
    """,
    "borrowed_in_timeout": """
        seen = []
        js.setTimeout(lambda: seen.append(1), 1)
        await asyncio.sleep(0.05)
        seen
    """,
    "create_proxy_in_timeout": """
        seen = []
        p = create_proxy(lambda: seen.append(1))
        js.setTimeout(p, 1)
        await asyncio.sleep(0.05)
        p.destroy()
        seen
    """,
    "once_callable_in_timeout": """
        seen = []
        js.setTimeout(create_once_callable(lambda: seen.append(1)), 1)
        await asyncio.sleep(0.05)
        seen
    """,
    "timeout_with_arguments": """
        seen = []
        js.setTimeout(create_once_callable(lambda *a: seen.extend(a)), 1, 'a', 2)
        await asyncio.sleep(0.05)
        seen
    """,
    "clear_timeout": """
        seen = []
        p = create_proxy(lambda: seen.append(1))
        js.clearTimeout(js.setTimeout(p, 1))
        await asyncio.sleep(0.05)
        p.destroy()
        seen
    """,
    "attribute_is_not_borrowed": """
        o = js.Object.new()
        o.f = lambda x: x + 1
        js.Array.new().push(o)
        o.f(1)
    """,
    "attribute_reads_back_the_function": """
        def f(): pass
        o = js.Object.new()
        o.f = f
        o.f is f
    """,
    # create_proxy and its end
    "proxy_type": "type(create_proxy([1])).__name__",
    "proxy_is_a_double_proxy": "isinstance(create_proxy([1]), JsDoubleProxy)",
    "proxy_is_a_proxy": "isinstance(create_proxy([1]), JsProxy)",
    "proxy_unwrap": "x = [1]; create_proxy(x).unwrap() is x",
    "proxy_str": "(str(create_proxy([1, 2])), repr(create_proxy('a')))",
    "proxy_kept_in_an_array": "a = js.Array.new(); a.push(create_proxy([1, 2]))\na[0]",
    "proxy_function_called_from_js": """
        p = create_proxy(lambda x, *_: x + 1)
        (to_js([1, 2]).map(p), to_js([3]).map(p))
    """,
    "proxy_called_from_python": "said(lambda: create_proxy(lambda: 5)())",
    "proxy_destroyed": "p = create_proxy([1]); p.destroy()\nsaid(lambda: js.Array.from_(p))",
    "proxy_destroyed_twice": "p = create_proxy([1]); p.destroy()\nsaid(lambda: p.destroy())",
    "proxy_function_destroyed": """
        p = create_proxy(lambda *a: 1)
        p.destroy()
        said(lambda: to_js([1]).map(p))
    """,
    "proxy_copy": """
        p = create_proxy([1])
        c = p.copy()
        p.destroy()
        c.unwrap()
    """,
    "proxy_to_string": "create_proxy([1, 2]).toString()",
    "proxy_type_property": "(create_proxy([1]).type, create_proxy({}).type)",
    "proxy_to_js": "create_proxy([1, 2]).toJs()",
    "proxy_of_dict_get": "create_proxy({'a': 1}).get('a')",
    "proxy_of_list_length": "create_proxy([1, 2]).length",
    "proxy_get_buffer": "b = create_proxy(b'ab').getBuffer(); (b.data, b.nbytes, b.format)",
    "proxy_get_buffer_release": """
        p = create_proxy(b'ab')
        b = p.getBuffer()
        copy = b.data.slice()
        b.release()
        p.destroy()
        copy
    """,
    "proxy_of_immutable": "said(lambda: create_proxy(1))",
    "proxy_of_proxy": "o = js.Object.new(); said(lambda: create_proxy(o))",
    "once_callable_type": "type(create_once_callable(lambda: 1)).__name__",
    "once_callable_called_once": "create_once_callable(lambda x: x + 1)(1)",
    "once_callable_called_twice": """
        f = create_once_callable(lambda *a: 1)
        to_js([1]).map(f)
        said(lambda: to_js([1]).map(f))
    """,
    "once_callable_twice_within_one_call": """
        said(lambda: to_js([1, 2]).map(create_once_callable(lambda *a: 1)))
    """,
    "destroy_proxies": """
        pyproxies = js.Array.new()
        a = to_js([object()], pyproxies=pyproxies)
        count = pyproxies.length
        destroy_proxies(pyproxies)
        (count, said(lambda: a.join()))
    """,
    "roundtrip_keeps_identity": """
        x = object()
        p = create_proxy(x)
        a = js.Array.of(p)
        a[0] is x
    """,
    "capture_this": """
        o = js.JSON.parse('{"a": 5}')
        f = create_proxy(lambda this, x, i: this.a + x, capture_this=True)
        js.Array.from_(to_js([1]), f, o)
    """,
    "function_with_keyword_only": """
        def f(x, *, y=2): return x + y
        to_js([1]).map(lambda x, *_: f(x))
    """,
    "proxy_call_kwargs": "create_proxy(lambda x, y=1: x + y).callKwargs(1, y=5)",
    # what a function proxied into JavaScript answers
    "async_callback_gives_a_promise": """
        async def f(x, *_): return x + 1
        promises = to_js([1, 2]).map(create_proxy(f))
        await js.Promise.all(promises)
    """,
    "coroutine_as_an_argument_is_thenable": """
        async def f(): return 5
        await js.Promise.resolve(f())
    """,
    "relaxed_call": """
        from pyodide.code import relaxed_call
        relaxed_call(lambda a: a, 1, 2, 3)
    """,
    "relaxed_call_keywords": """
        from pyodide.code import relaxed_call
        def f(a, b=2): return (a, b)
        (relaxed_call(f, 1, c=5), relaxed_call(f, 1, b=7, c=5))
    """,
    "relaxed_call_too_few": """
        from pyodide.code import relaxed_call
        kind(lambda: relaxed_call(lambda a, b: a, 1))
    """,
    "relaxed_call_star": """
        from pyodide.code import relaxed_call
        relaxed_call(lambda *a, **k: (a, k), 1, 2, c=3)
    """,
    "relaxed_wrap": """
        from pyodide.code import relaxed_wrap
        relaxed_wrap(lambda a: a)(1, 2)
    """,
}
