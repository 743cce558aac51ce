"""ArrayBuffer, typed arrays, DataView, and Python's bytes on their way to and fro."""

from __future__ import annotations

ROWS = {
    "new_length": "js.Uint8Array.new(3)",
    "new_from_list": "js.Uint8Array.new([1, 2, 300])",
    "new_from_js_array": "js.Uint8Array.new(to_js([1, 2]))",
    "new_from_bytes_proxy": "js.Uint8Array.new(b'ab')",
    "new_from_to_js_bytes": "js.Uint8Array.new(to_js(b'ab'))",
    "new_from_buffer": "js.Uint8Array.new(js.Uint8Array.new([1, 2, 3]).buffer, 1)",
    "new_from_buffer_with_length": "js.Uint8Array.new(js.Uint8Array.new([1, 2, 3]).buffer, 1, 1)",
    "new_is_a_copy": "a = js.Uint8Array.new([1]); b = js.Uint8Array.new(a); b[0] = 9; a",
    "from": "js.Uint8Array.from_([1, 2])",
    "of": "js.Uint8Array.of(1, 2)",
    "to_js_bytes": "to_js(b'ab')",
    "to_js_bytearray": "to_js(bytearray(b'ab'))",
    "to_js_memoryview": "to_js(memoryview(b'abc')[1:])",
    "to_js_bytes_is_a_copy": "b = bytearray(b'ab'); u = to_js(b); b[0] = 0; u",
    "to_js_array_module": "import array\nto_js(array.array('d', [1.5])).constructor.name",
    "to_js_int_array": "import array\nto_js(array.array('i', [1, -1]))",
    "to_py": "js.Uint8Array.new([1, 2]).to_py()",
    "to_py_float": "js.Float64Array.new([1.5]).to_py()",
    "to_py_int16": "js.Int16Array.new([1, -1]).to_py()",
    "to_py_array_buffer": "js.Uint8Array.new([1, 2]).buffer.to_py()",
    "to_py_nested": "o = js.Object.new(); o.b = js.Uint8Array.new([1]); o.to_py()",
    "to_py_is_a_copy": "u = js.Uint8Array.new([1]); m = u.to_py(); u[0] = 9; bytes(m)",
    "to_bytes": "js.Uint8Array.new([1, 2]).to_bytes()",
    "to_bytes_array_buffer": "js.Uint8Array.new([1, 2]).buffer.to_bytes()",
    "to_bytes_subarray": "js.Uint8Array.new([1, 2, 3]).subarray(1).to_bytes()",
    "to_bytes_int16": "js.Int16Array.new([1, 256]).to_bytes()",
    "to_bytes_data_view": "js.DataView.new(js.ArrayBuffer.new(2)).to_bytes()",
    "to_memoryview": "js.Uint8Array.new([1, 2]).to_memoryview()",
    "to_memoryview_uint32": "js.Uint32Array.new([1]).to_memoryview()",
    "to_string": "to_js('h\\u00e9'.encode()).to_string()",
    "to_string_with_encoding": "to_js(b'\\xe9').to_string('latin1')",
    "to_string_invalid": "to_js(b'\\xff').to_string()",
    "to_string_of_array_buffer": "to_js(b'ab').buffer.slice(0).to_string()",
    "bytes_of": "bytes(js.Uint8Array.new([1, 2]))",
    "bytes_of_array_buffer": "kind(lambda: bytes(js.ArrayBuffer.new(2)))",
    "bytearray_of": "bytearray(js.Uint8Array.new([1, 2]))",
    "memoryview_of": "kind(lambda: memoryview(js.Uint8Array.new([1])))",
    "list_of": "list(js.Uint8Array.new([1, 2]))",
    "len": "len(js.Uint8Array.new([1, 2]))",
    "len_of_array_buffer": "kind(lambda: len(js.ArrayBuffer.new(2)))",
    "len_of_data_view": "kind(lambda: len(js.DataView.new(js.ArrayBuffer.new(2))))",
    "length_properties": """
        u = js.Uint16Array.new([1, 2])
        (u.length, u.byteLength, u.byteOffset, u.BYTES_PER_ELEMENT,
         js.Uint16Array.BYTES_PER_ELEMENT)
    """,
    "byte_length_of_array_buffer": "js.ArrayBuffer.new(5).byteLength",
    "index": "u = js.Uint8Array.new([1, 2]); (u[0], u[-1])",
    "index_out_of_range": "js.Uint8Array.new([1])[5]",
    "index_of_array_buffer": "kind(lambda: js.ArrayBuffer.new(1)[0])",
    "set_item": "u = js.Uint8Array.new(2); u[0] = 258; u",
    "set_item_out_of_range": "u = js.Uint8Array.new(1)\nu[5] = 1\nu",
    "slice_by_brackets": "js.Uint8Array.new([1, 2, 3])[1:]",
    "delete_item": "u = js.Uint8Array.new([1])\ndel u[0]",
    "membership": "(1 in js.Uint8Array.new([1]), 5 in js.Uint8Array.new([1]))",
    "iterate": "[x + 1 for x in js.Uint8Array.new([1, 2])]",
    "bool": """
        (bool(js.Uint8Array.new()), bool(js.Uint8Array.new(1)),
         bool(js.ArrayBuffer.new(0)), bool(js.ArrayBuffer.new(1)))
    """,
    "slice": "u = js.Uint8Array.new([1, 2, 3]); s = u.slice(1); s[0] = 9; (s, u)",
    "subarray_shares": "u = js.Uint8Array.new([1, 2, 3]); s = u.subarray(1, 2); s[0] = 9; (s, u)",
    "set": "u = js.Uint8Array.new(3); u.set(to_js([1, 2]), 1); u",
    "set_python_list": "u = js.Uint8Array.new(3); u.set([1, 2]); u",
    "set_too_far": "said(lambda: js.Uint8Array.new(1).set(to_js([1, 2])))",
    "set_to_js_bytes": "u = js.Uint8Array.new(2); u.set(to_js(b'ab')); u",
    "fill": "js.Uint8Array.new(2).fill(7)",
    "map": "js.Uint8Array.new([1, 2]).map(lambda x, *_: x * 200)",
    "filter": "js.Uint8Array.new([1, 2]).filter(lambda x, *_: x > 1)",
    "join": "js.Uint8Array.new([1, 2]).join('-')",
    "index_of": "js.Uint8Array.new([1, 2]).indexOf(2)",
    "reverse": "js.Uint8Array.new([1, 2]).reverse()",
    "js_sort_is_numeric": "js.Uint8Array.new([10, 9]).sort()",
    "at": "js.Uint8Array.new([1, 2]).at(-1)",
    "buffer_is_shared": "u = js.Uint8Array.new([1]); v = js.Uint8Array.new(u.buffer); v[0] = 5; u",
    "array_from": "js.Array.from_(js.Uint8Array.new([1, 2]))",
    "str": "(str(js.Uint8Array.new([1, 2])), str(js.ArrayBuffer.new(1)))",
    "constructor_names": """
        [getattr(js, n).new(1).constructor.name for n in
         ('Int8Array', 'Uint8ClampedArray', 'Uint16Array', 'Int32Array', 'Uint32Array',
          'Float32Array', 'Float64Array', 'ArrayBuffer')]
    """,
    "clamped": "js.Uint8ClampedArray.new([300, -5, 1.5])",
    "int8_wraps": "js.Int8Array.new([128, 255])",
    "float32_rounds": "js.Float32Array.new([0.1])[0]",
    # (0.26 cannot show BigInt64Array)
    "array_buffer_slice": "js.Uint8Array.new([1, 2, 3]).buffer.slice(1)",
    "array_buffer_is_view": """
        (js.ArrayBuffer.isView(js.Uint8Array.new(1)), js.ArrayBuffer.isView(js.ArrayBuffer.new(1)))
    """,
    "array_buffer_resize_exists": "hasattr(js.ArrayBuffer.new(1), 'resize')",
    "array_buffer_to_py_bytes": "bytes(js.Uint8Array.new([1, 2]).buffer.to_py())",
    "data_view": """
        v = js.DataView.new(js.ArrayBuffer.new(8))
        v.setUint16(0, 258)
        v.setInt32(2, -2, True)
        (v.getUint8(0), v.getUint16(0), v.getUint16(0, True), v.getInt32(2, True), v.byteLength)
    """,
    "data_view_float": """
        v = js.DataView.new(js.ArrayBuffer.new(8))
        v.setFloat64(0, 1.5)
        (v.getFloat64(0), v.getUint8(0))
    """,
    "data_view_out_of_range": "said(lambda: js.DataView.new(js.ArrayBuffer.new(1)).getUint16(0))",
    "assign": "u = js.Uint8Array.new(2); u.assign(b'ab'); u",
    "assign_wrong_size": "kind(lambda: js.Uint8Array.new(1).assign(b'ab'))",
    "assign_to": "u = js.Uint8Array.new([1, 2]); b = bytearray(2); u.assign_to(b); b",
    "equality": "u = js.Uint8Array.new([1]); (u == u, u == js.Uint8Array.new([1]), u == b'\\x01')",
    "hash": "kind(lambda: hash(js.Uint8Array.new(1)))",
    "isinstance": """
        u = js.Uint8Array.new(1)
        (isinstance(u, JsBuffer), isinstance(u.buffer, JsBuffer),
         isinstance(js.DataView.new(u.buffer), JsBuffer), isinstance(js.Array.new(), JsBuffer))
    """,
    "borrowed_get_buffer": """
        p = create_proxy(b'hello')
        b = p.getBuffer()
        text = js.TextDecoder.new().decode(b.data)
        b.release()
        p.destroy()
        text
    """,
    "get_buffer_after_destroying_the_proxy": """
        p = create_proxy(b'hello')
        b = p.getBuffer()
        p.destroy()
        copy = b.data.slice()
        b.release()
        copy.to_bytes()
    """,
    "get_buffer_of_a_bytearray_is_shared": """
        data = bytearray(b'ab')
        p = create_proxy(data)
        b = p.getBuffer()
        b.data[0] = 90
        b.release()
        p.destroy()
        data
    """,
    "get_buffer_of_no_buffer": "kind(lambda: create_proxy([1]).getBuffer())",
    "get_buffer_as_type": "create_proxy(b'ab').getBuffer('u8').data.constructor.name",
    "write_file": "hasattr(js.Uint8Array.new(1), 'to_file')",
}
