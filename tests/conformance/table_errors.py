"""Errors: JavaScript's in Python, Python's through JavaScript."""

from __future__ import annotations

ROWS = {
    "new_is_an_exception": "isinstance(js.Error.new('x'), Exception)",
    "new_is_a_js_exception": "isinstance(js.Error.new('x'), JsException)",
    "new_is_a_proxy": "isinstance(js.Error.new('x'), JsProxy)",
    "type_name": "type(js.Error.new('x')).__name__",
    "name_and_message": "e = js.TypeError.new('bad'); (e.name, e.message)",
    "no_message": "e = js.Error.new(); (e.message, str(e))",
    "str": "(str(js.Error.new('x')), str(js.RangeError.new('y')))",
    "repr": "repr(js.Error.new('x'))",
    "args": "e = js.Error.new('x'); (len(e.args), said(lambda: e.args[0] == e))",
    "constructor_name": "js.TypeError.new('x').constructor.name",
    "stack_is_text": "e = js.Error.new('x'); (type(e.stack).__name__, e.stack.split('\\n')[0])",
    "classes": """
        [getattr(js, n).new('m').name for n in
         ('Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError',
          'URIError')]
    """,
    "aggregate_error": """
        e = js.AggregateError.new(to_js([1, 2]), 'many')
        (e.message, e.errors, e.name)
    """,
    "cause": "js.Error.new('x', cause=js.Error.new('y')).cause.message",
    "cause_absent": "hasattr(js.Error.new('x'), 'cause')",
    "cause_by_to_js": """
        js.Error.new('x', to_js({'cause': 'c'}, dict_converter=js.Object.fromEntries)).cause
    """,
    "own_property": "e = js.Error.new('x'); e.code = 'E1'; e.code",
    "set_name": "e = js.Error.new('x'); e.name = 'Mine'; str(e)",
    "set_message": "e = js.Error.new('x'); e.message = 'y'; (e.message, str(e))",
    "raise_and_catch": """
        try:
            raise js.Error.new('x')
        except JsException as e:
            result = (e.message, e.name)
    """,
    "raise_uncaught": "raise js.TypeError.new('bad')",
    "raise_is_the_same_object": """
        err = js.Error.new('x')
        try:
            raise err
        except JsException as e:
            result = e == err
    """,
    "raise_from": """
        try:
            try:
                1 / 0
            except ZeroDivisionError as e:
                raise js.Error.new('x') from e
        except JsException as e:
            result = type(e.__cause__).__name__
    """,
    "js_error_is_itself": "e = js.Error.new('x'); said(lambda: e.js_error == e)",
    "caught_js_error": """
        try:
            js.JSON.parse('{')
        except JsException as e:
            result = (e.js_error == e, e.js_error.name)
    """,
    "caught_by_exception": """
        try:
            js.JSON.parse('{')
        except Exception as e:
            result = type(e).__name__
    """,
    "caught_not_by_value_error": """
        try:
            js.JSON.parse('{')
        except ValueError:
            result = 'ValueError'
        except Exception:
            result = 'other'
    """,
    "thrown_stack": """
        try:
            js.JSON.parse('{')
        except JsException as e:
            result = e.stack.split(':')[0]
    """,
    "traceback_printed": """
        import traceback
        try:
            js.decodeURIComponent('%')
        except JsException as e:
            result = ''.join(traceback.format_exception_only(e)).splitlines()[0]
    """,
    "with_traceback": """
        try:
            js.decodeURIComponent('%')
        except JsException as e:
            result = e.__traceback__ is not None
    """,
    "add_note": """
        try:
            js.decodeURIComponent('%')
        except JsException as e:
            e.add_note('noted')
            result = e.__notes__
    """,
    "to_string": "js.Error.new('x').toString()",
    "to_py": "js.Error.new('x').to_py()",
    "to_py_converter": """
        def convert(value, convert, cache):
            return Exception(value.toString())
        js.Error.new('x').to_py(default_converter=convert)
    """,
    "to_py_nested": "o = js.Object.new(); o.e = js.Error.new('x'); o.to_py()",
    "in_an_array": "js.Array.of(js.Error.new('x'))[0].message",
    "hash": "kind(lambda: hash(js.Error.new('x')))",
    "equality": "e = js.Error.new('x'); (e == e, e == js.Error.new('x'))",
    "bool": "bool(js.Error.new(''))",
    "object_keys": "js.Object.keys(js.Error.new('x')).length",
    "dom_exception": """
        e = js.DOMException.new('m', 'AbortError')
        (e.name, e.message, e.code, isinstance(e, JsException))
    """,
    "dom_exception_default_name": "e = js.DOMException.new('m'); (e.name, e.code)",
    "python_exception_as_argument": "js.String(ValueError('x'))",
    "python_exception_through_a_callback": """
        def f(*_): raise KeyError('k')
        said(lambda: to_js([1]).map(f))
    """,
    "python_exception_keeps_its_identity": """
        err = ValueError('x')
        def f(*_): raise err
        try:
            to_js([1]).map(f)
        except ValueError as e:
            result = e is err
    """,
    "js_exception_through_a_callback": """
        def f(*_): raise js.TypeError.new('x')
        said(lambda: to_js([1]).map(f))
    """,
    "stop_iteration_through_a_callback": """
        def f(*_): raise StopIteration
        kind(lambda: to_js([1]).map(f))
    """,
    "exception_in_a_python_iterator": """
        def g():
            yield 1
            raise ValueError('x')
        said(lambda: js.Array.from_(g()))
    """,
    "exception_in_a_property": """
        class A:
            @property
            def x(self): raise ValueError('inside')
        o = js.Object.new()
        said(lambda: js.Reflect.get(A(), 'x'))
    """,
    "missing_property_of_python_object": """
        class A: pass
        js.Reflect.get(A(), 'nope')
    """,
    "unicode_message": "str(js.Error.new('h\\u00e9\\U0001f600'))",
    "message_of_number": "js.Error.new(5).message",
    "message_of_none": "js.Error.new(None).message",
    "message_of_object": "js.Error.new(js.Object.new()).message",
    "has_own": "js.Object.hasOwn(js.Error.new('x'), 'message')",
    "error_is_subclassed": "issubclass(JsException, Exception)",
    "exception_constructed_in_python": "kind(lambda: JsException('x'))",
    "conversion_error_class": "issubclass(ConversionError, Exception)",
    "null_property_read": "kind(lambda: js.JSON.parse('null').x)",
    "array_invalid_length": "js.Array.new(-1)",
    "range_error_repeat": "js.String.new('a').repeat(-1)",
    "to_fixed_range": "js.Number.new(1).toFixed(200)",
    "syntax_of_regexp": "kind(lambda: js.RegExp.new('('))",
}
