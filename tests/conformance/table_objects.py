"""Plain objects: attributes, items, the statics of Object, what Python's operators say."""

from __future__ import annotations

ROWS = {
    # attributes
    "new_is_empty": "js.Object.new()",
    "from_entries_list": "js.Object.fromEntries(to_js([['a', 1], ['b', 'x']]))",
    "from_entries_of_python_list": "js.Object.fromEntries([('a', 1), ('b', 2)])",
    "from_entries_of_dict_items": "js.Object.fromEntries({'a': 1}.items())",
    "from_entries_of_dict": "kind(lambda: js.Object.fromEntries({'ab': 1}))",
    "from_entries_of_map": "js.Object.fromEntries(js.Map.new([['a', 1]]))",
    "from_entries_numeric_key": "js.JSON.stringify(js.Object.fromEntries([[1, 'one']]))",
    "from_entries_nested_dict_value": "js.Object.fromEntries([['a', {'b': 1}]]).a",
    "read_attribute": "js.JSON.parse('{\"a\": 1}').a",
    "read_nested": 'js.JSON.parse(\'{"a": {"b": [1, 2]}}\').a.b[1]',
    "missing_attribute": "js.JSON.parse('{}').nope",
    "getattr_default": "getattr(js.Object.new(), 'nope', 'default')",
    "hasattr": "o = js.JSON.parse('{\"a\": 1}'); (hasattr(o, 'a'), hasattr(o, 'b'))",
    "inherited_attribute": "hasattr(js.Object.new(), 'hasOwnProperty')",
    "set_attribute": "o = js.Object.new(); o.a = 1; o.b = 'x'; js.JSON.stringify(o)",
    "set_attribute_list_is_a_proxy": """
        o = js.Object.new()
        o.a = [1]
        o.a
    """,
    "set_attribute_object": "o = js.Object.new(); o.a = js.Object.new(); js.JSON.stringify(o)",
    "set_attribute_function_is_kept": "o = js.Object.new(); o.f = lambda: 5; o.f()",
    "set_attribute_gives_back_the_same_object": """
        class A: pass
        a = A()
        o = js.Object.new()
        o.a = a
        o.a is a
    """,
    "delete_attribute": 'o = js.JSON.parse(\'{"a": 1, "b": 2}\'); del o.a; js.JSON.stringify(o)',
    "delete_missing_attribute": "o = js.Object.new()\ndel o.nope",
    "setattr_with_dash": "o = js.Object.new(); setattr(o, 'a-b', 1); js.JSON.stringify(o)",
    "getattr_with_dash": "getattr(js.JSON.parse('{\"a-b\": 5}'), 'a-b')",
    "getattr_number_name": "getattr(js.JSON.parse('{\"0\": 5}'), '0')",
    "getattr_empty_name": "getattr(js.JSON.parse('{\"\": 5}'), '')",
    "reserved_word": 'js.JSON.parse(\'{"class": 5, "from": 6}\').class_',
    "reserved_word_from": "js.JSON.parse('{\"from\": 6}').from_",
    "reserved_word_by_getattr": "getattr(js.JSON.parse('{\"from\": 6}'), 'from')",
    "reserved_word_with_two_underscores": """
        js.JSON.stringify(js.Object.keys(js.JSON.parse('{"from_": 6}'))), \\
        hasattr(js.JSON.parse('{"from_": 6}'), 'from_'), \\
        hasattr(js.JSON.parse('{"from_": 6}'), 'from__')
    """,
    "set_reserved_word": "o = js.Object.new(); o.class_ = 1; js.JSON.stringify(o)",
    "soft_keyword_match": "js.JSON.parse('{\"match\": 1}').match",
    "soft_keyword_match_with_suffix": "hasattr(js.JSON.parse('{\"match\": 1}'), 'match_')",
    "none_true_false_suffix": 'js.JSON.parse(\'{"True": 1, "None": 2}\').None_',
    "dunder_attribute": "hasattr(js.Object.new(), '__len__')",
    "python_method_hides_property": """
        o = js.JSON.parse('{"to_py": 5}')
        callable(o.to_py)
    """,
    "keys_is_a_property": 'js.JSON.parse(\'{"keys": 5, "items": 6, "get": 7}\').keys',
    "then_is_a_property": "js.JSON.parse('{\"then\": 5}').then",
    "constructor_name": "js.Object.new().constructor.name",
    "constructor_of_class": "js.Object.constructor.name",
    "class_name": "(js.Object.name, js.Array.name, js.Map.name)",
    "dir_has_keys": "'a' in dir(js.JSON.parse('{\"a\": 1}'))",
    "dir_has_reserved_suffix": "'class_' in dir(js.JSON.parse('{\"class\": 1}'))",
    # items
    "subscript": "js.JSON.parse('{\"a\": 1}')['a']",
    "subscript_number": "js.JSON.parse('{\"0\": 1}')[0]",
    "set_item": "o = js.Object.new()\no['a'] = 1",
    "delete_item": "o = js.Object.new()\ndel o['a']",
    "length": "len(js.JSON.parse('{\"a\": 1}'))",
    "iterate": "list(js.JSON.parse('{\"a\": 1}'))",
    "membership": "kind(lambda: 'a' in js.JSON.parse('{\"a\": 1}'))",
    "call": "js.Object.new()()",
    "await": """
        try:
            await js.Object.new()
        except TypeError:
            result = 'TypeError'
    """,
    "next": "next(js.Object.new())",
    "star_unpack": "kind(lambda: [*js.Object.new()])",
    "dict_of_object": "kind(lambda: dict(js.JSON.parse('{\"a\": 1}')))",
    "double_star_unpack": "kind(lambda: dict(**js.JSON.parse('{\"a\": 1}')))",
    "object_with_length": 'js.JSON.parse(\'{"length": 2, "0": "a"}\').length',
    "len_of_object_with_length": "len(js.JSON.parse('{\"length\": 2}'))",
    "len_of_object_with_size": "len(js.JSON.parse('{\"size\": 2}'))",
    "bool_of_object_with_size_zero": """
        bool(js.JSON.parse('{"size": 0}')), bool(js.JSON.parse('{"length": 0}'))
    """,
    # Python's operators
    "bool_of_empty": "bool(js.Object.new())",
    "bool_of_function": "bool(js.Object.keys)",
    "equality_with_itself": "o = js.Object.new(); o == o",
    "equality_of_two": "js.Object.new() == js.Object.new()",
    "inequality": "o = js.Object.new(); (o != o, o != js.Object.new())",
    "equality_of_two_reads": "o = js.JSON.parse('{\"a\": {}}'); o.a == o.a",
    "identity_of_two_reads": "o = js.JSON.parse('{\"a\": {}}'); o.a is o.a",
    "equality_with_python": "o = js.Object.new(); (o == {}, o == 1, o == None)",
    "hash": "hash(js.Object.new())",
    "as_dictionary_key": "kind(lambda: {js.Object.new(): 1})",
    "in_a_set": "kind(lambda: {js.Object.new()})",
    "in_a_list": "o = js.Object.new(); (o in [o], [o].index(o))",
    "less_than": "said(lambda: js.Object.new() < js.Object.new())",
    "add": "kind(lambda: js.Object.new() + 1)",
    "str": "str(js.Object.new())",
    "repr": "repr(js.Object.new())",
    "format": "f'{js.Object.new()}'",
    "str_of_function": "str(js.Object.keys)",
    "str_of_class": "str(js.Object)",
    "js_id": "o = js.Object.new(); (o.js_id == o.js_id, o.js_id == js.Object.new().js_id)",
    "typeof": "(js.Object.new().typeof, js.Object.typeof, js.Array.new().typeof)",
    "type_name": "type(js.Object.new()).__name__",
    "type_module": "type(js.Object.new()).__module__",
    "copy": "import copy\nkind(lambda: copy.copy(js.Object.new()))",
    "pickle": "import pickle\nkind(lambda: pickle.dumps(js.Object.new()))",
    "python_json": "import json\nkind(lambda: json.dumps(js.Object.new()))",
    "object_keys": 'js.JSON.parse(\'{"a": 1, "b": 2}\').object_keys()',
    "object_values": 'js.JSON.parse(\'{"a": 1, "b": 2}\').object_values()',
    "object_entries": 'js.JSON.parse(\'{"a": 1, "b": 2}\').object_entries()',
    "object_values_unpacked": """
        a, b = js.JSON.parse('{"0": 1, "1": 2}').object_values()
        (a, b)
    """,
    "python_json_of_object_keys": 'js.JSON.parse(\'{"b": 1, "a": 2}\').object_keys().to_py()',
    "integer_keys_come_first": 'js.JSON.parse(\'{"b": 1, "2": 2, "1": 3}\').object_keys()',
    # statics of Object
    "statics_keys": 'js.Object.keys(js.JSON.parse(\'{"a": 1, "b": 2}\'))',
    "statics_values": 'js.Object.values(js.JSON.parse(\'{"a": 1, "b": [2]}\'))',
    "statics_entries": "js.Object.entries(js.JSON.parse('{\"a\": 1}'))",
    "statics_keys_of_array": "js.Object.keys(to_js(['x', 'y']))",
    "statics_keys_of_string": "js.Object.keys('ab')",
    "statics_keys_of_none": "js.Object.keys(None)",
    "statics_assign": """
        a = js.JSON.parse('{"x": 1}')
        b = js.Object.assign(a, js.JSON.parse('{"y": 2}'))
        (js.JSON.stringify(a), a == b)
    """,
    "statics_assign_keyword_arguments": "js.JSON.stringify(js.Object.assign(js.Object.new(), a=1))",
    "statics_assign_python_dict": """
        js.JSON.stringify(js.Object.assign(js.Object.new(), {'a': 1}))
    """,
    "statics_freeze_returns_the_object": "o = js.Object.new(); js.Object.freeze(o) == o",
    "statics_freeze_refuses_writes": "o = js.Object.freeze(js.Object.new())\no.a = 1",
    "statics_is_frozen": """
        o = js.JSON.parse('{"a": 1}')
        before = js.Object.isFrozen(o)
        js.Object.freeze(o)
        (before, js.Object.isFrozen(o))
    """,
    "statics_is": "(js.Object.is_(1, 1), js.Object.is_(js.NaN, js.NaN))",
    "statics_has_own": "js.Object.hasOwn(js.JSON.parse('{\"a\": 1}'), 'a')",
    "has_own_property": """
        o = js.JSON.parse('{"a": 1}')
        (o.hasOwnProperty('a'), o.hasOwnProperty('toString'))
    """,
    "statics_create": "o = js.JSON.parse('{\"a\": 1}'); js.Object.create(o).a",
    "object_of_number": "js.Object(5).constructor.name",
    "object_of_object": "o = js.Object.new(); js.Object(o) == o",
    "object_called_without_new": "js.Object()",
    "object_called_without_new_then_item": "o = js.Object()\no['k'] = 1",
    "object_new_of_dict": "js.Object.new({'a': 1})",
    "object_new_keyword_arguments": "js.Object.new(a=1, b='x')",
    "to_string": "js.Object.new().toString()",
    "value_of": "o = js.Object.new(); o.valueOf() == o",
    # as_object_map, as_py_json
    "as_object_map_item": "js.JSON.parse('{\"a\": 1}').as_object_map()['a']",
    "as_object_map_len_and_in": """
        m = js.JSON.parse('{"a": 1, "b": 2}').as_object_map()
        (len(m), 'a' in m, 'z' in m, list(m))
    """,
    "as_object_map_missing": "js.JSON.parse('{}').as_object_map()['nope']",
    "as_object_map_items": "list(js.JSON.parse('{\"a\": 1}').as_object_map().items())",
    "as_object_map_get_default": "js.JSON.parse('{}').as_object_map().get('x', 5)",
    "as_object_map_set": """
        o = js.Object.new()
        m = o.as_object_map()
        m['a'] = 1
        m.update({'b': 2})
        del m['a']
        js.JSON.stringify(o)
    """,
    "as_object_map_dict": "dict(js.JSON.parse('{\"a\": 1}').as_object_map())",
    "as_object_map_nested": """
        m = js.JSON.parse('{"a": {"b": 1}}').as_object_map()
        said(lambda: m['a']['b'])
    """,
    "as_object_map_hereditary": """
        m = js.JSON.parse('{"a": {"b": 1}}').as_object_map(hereditary=True)
        m['a']['b']
    """,
    "as_py_json_exists": "hasattr(js.Object.new(), 'as_py_json')",
    "as_py_json_nested": """
        o = js.JSON.parse('{"a": {"b": [1, {"c": 2}]}}')
        said(lambda: o.as_py_json()['a']['b'][1]['c'])
    """,
}
