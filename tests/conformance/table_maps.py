"""Map and Set, JavaScript's side of them and Python's."""

from __future__ import annotations

ROWS = {
    "new": "js.Map.new()",
    "new_from_pairs": "js.Map.new([['a', 1], ['b', 2]])",
    "new_from_js_pairs": "js.Map.new(to_js([['a', 1]]))",
    "new_from_items": "js.Map.new({'a': 1}.items())",
    "new_from_dict": "kind(lambda: js.Map.new({'abc': 1}))",
    "new_from_number": "kind(lambda: js.Map.new(5))",
    "set_returns_the_map": "m = js.Map.new(); m.set('a', 1) == m",
    "get": "js.Map.new([['a', 1]]).get('a')",
    "get_missing": "js.Map.new().get('x')",
    "get_default": "js.Map.new().get('x', 5)",
    "has": "m = js.Map.new([['a', 1]]); (m.has('a'), m.has('b'))",
    "delete": "m = js.Map.new([['a', 1]]); (m.delete('a'), m.delete('a'), m.size)",
    "size": "js.Map.new([['a', 1]]).size",
    "clear": "m = js.Map.new([['a', 1]]); m.clear(); m.size",
    "for_each": """
        seen = []
        js.Map.new([['a', 1]]).forEach(lambda v, k, m: seen.append((k, v)))
        seen
    """,
    "subscript": "js.Map.new([['a', 1]])['a']",
    "subscript_missing": "js.Map.new()['x']",
    "set_item": "m = js.Map.new(); m['a'] = 1; m",
    "delete_item": "m = js.Map.new([['a', 1]]); del m['a']; m",
    "delete_item_missing": "m = js.Map.new()\ndel m['x']",
    "len": "len(js.Map.new([['a', 1]]))",
    "bool": "(bool(js.Map.new()), bool(js.Map.new([['a', 1]])))",
    "membership": "('a' in js.Map.new([['a', 1]]), 'b' in js.Map.new())",
    "iterates_keys": "list(js.Map.new([['a', 1], ['b', 2]]))",
    "keys": "list(js.Map.new([['a', 1]]).keys())",
    "values": "list(js.Map.new([['a', 1]]).values())",
    "items": "list(js.Map.new([['a', 1]]).items())",
    "entries": "list(js.Map.new([['a', 1]]).entries())",
    "keys_type": "type(js.Map.new().keys()).__name__",
    "items_type": "type(js.Map.new().items()).__name__",
    "keys_next": """
        keys = js.Map.new([['a', 1]]).keys()
        said(lambda: keys.next().value)
    """,
    "entries_next": """
        entries = js.Map.new([['a', 1]]).entries()
        first = entries.next()
        last = entries.next()
        (first.value, first.done, last.done)
    """,
    "pop": "m = js.Map.new([['a', 1]]); (m.pop('a'), m.size)",
    "pop_missing": "js.Map.new().pop('x')",
    "pop_default": "js.Map.new().pop('x', 7)",
    "setdefault": "m = js.Map.new(); (m.setdefault('a', 1), m.setdefault('a', 2))",
    "popitem": "m = js.Map.new([['a', 1]]); (m.popitem(), m.size)",
    "popitem_empty": "js.Map.new().popitem()",
    "update": "m = js.Map.new(); m.update({'a': 1}, b=2); m",
    "dict_of_map": "dict(js.Map.new([['a', 1]]))",
    "double_star": "(lambda **k: k)(**js.Map.new([['a', 1]]))",
    "number_key": "m = js.Map.new([[1, 'one']]); (m[1], m.get('1'))",
    "object_key": "o = js.Object.new(); m = js.Map.new(); m.set(o, 1); m.get(o)",
    "tuple_key_does_not_match": "m = js.Map.new(); m.set('a', 1); m.get(('a',))",
    "list_value_set_by_item": "m = js.Map.new()\nm['a'] = [1]\nsaid(lambda: m['a'])",
    "keeps_order": "list(js.Map.new([['b', 1], ['a', 2], ['b', 3]]).items())",
    "str": "str(js.Map.new())",
    "equality": "m = js.Map.new(); (m == m, m == js.Map.new(), m == {})",
    "isinstance_mapping": """
        from collections.abc import Mapping, MutableMapping
        m = js.Map.new()
        (isinstance(m, Mapping), isinstance(m, MutableMapping), isinstance(m, dict))
    """,
    "match_mapping": """
        match js.Map.new([['a', 1]]):
            case {'a': x}: result = x
            case _: result = 'no match'
    """,
    "to_py": "js.Map.new([['a', 1], [2, 'b']]).to_py()",
    "to_py_unhashable_key": "js.Map.new([[to_js([1]), 1]]).to_py()",
    "json_stringify": "js.JSON.stringify(js.Map.new([['a', 1]]))",
    "from_entries": "js.Object.fromEntries(js.Map.new([['a', 1]]))",
    "constructor_name": "js.Map.new().constructor.name",
    "attribute_of_key": "hasattr(js.Map.new([['a', 1]]), 'a')",
    "weak_map": "o = js.Object.new(); w = js.WeakMap.new(); w.set(o, 1); (w.get(o), w.has(o))",
    "weak_map_bad_key": "kind(lambda: js.WeakMap.new().set(1, 2))",
    # Set
    "set_new": "js.Set.new([1, 2, 2])",
    "set_of_string": "js.Set.new('aab')",
    "set_add": "s = js.Set.new(); (s.add(1) == s, s.size)",
    "set_has": "s = js.Set.new([1]); (s.has(1), s.has('1'))",
    "set_delete": "s = js.Set.new([1]); (s.delete(1), s.delete(1))",
    "set_clear": "s = js.Set.new([1]); s.clear(); s.size",
    "set_len": "len(js.Set.new([1, 2]))",
    "set_bool": "(bool(js.Set.new()), bool(js.Set.new([0])))",
    "set_membership": "(1 in js.Set.new([1]), 5 in js.Set.new([1]))",
    "set_iterate": "list(js.Set.new([3, 1, 2]))",
    "set_subscript": "kind(lambda: js.Set.new([1])[0])",
    "set_values": "list(js.Set.new(['a']).values())",
    "set_entries": "list(js.Set.new(['a']).entries())",
    "set_for_each": "seen = []\njs.Set.new([1]).forEach(lambda v, k, s: seen.append((v, k)))\nseen",
    "set_to_py": "js.Set.new([1, 2]).to_py()",
    "set_to_py_unhashable": "js.Set.new([to_js([1])]).to_py()",
    "set_str": "str(js.Set.new())",
    "set_union_operator": "kind(lambda: js.Set.new([1]) | {2})",
    "set_isinstance": """
        from collections.abc import MutableSet, Set
        s = js.Set.new()
        (isinstance(s, Set), isinstance(s, MutableSet))
    """,
    "set_python_add_discard": "hasattr(js.Set.new(), 'discard')",
    "set_nan_once": "js.Set.new([js.NaN, js.NaN]).size",
    "set_array_from": "js.Array.from_(js.Set.new([2, 1]))",
    "weak_set": "o = js.Object.new(); w = js.WeakSet.new(); w.add(o); w.has(o)",
}
