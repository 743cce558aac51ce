"""Date and Math."""

from __future__ import annotations

ROWS = {
    "now_is_an_int": "type(js.Date.now()).__name__",
    "now_is_about_now": "import time\nabs(js.Date.now() / 1000 - time.time()) < 60",
    "new_now": "abs(js.Date.new().getTime() - js.Date.now()) < 5000",
    "from_number": "js.Date.new(0).toISOString()",
    "from_string": "js.Date.new('2024-02-29T12:34:56.789Z').getTime()",
    "from_date_string_is_utc": "js.Date.new('2024-02-29').getTime()",
    "from_string_with_offset": "js.Date.new('2024-01-01T00:00:00+02:00').toISOString()",
    "from_parts_utc": "js.Date.UTC(2024, 1, 29, 1, 2, 3, 4)",
    "from_date": "js.Date.new(js.Date.new(5)).getTime()",
    "from_fractional": "js.Date.new(1.9).getTime()",
    "from_python_timestamp": """
        import datetime
        d = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
        js.Date.new(d.timestamp() * 1000).toISOString()
    """,
    "parse": "(js.Date.parse('1970-01-01T00:00:01Z'), js.Date.parse('nonsense'))",
    "parse_http_date": "js.Date.parse('Thu, 01 Jan 1970 00:00:01 GMT')",
    "invalid": "js.Date.new('nonsense').getTime()",
    "invalid_iso": "js.Date.new('nonsense').toISOString()",
    "invalid_str": "str(js.Date.new('nonsense'))",
    "called_without_new_is_text": "type(js.Date()).__name__",
    "utc_parts": """
        d = js.Date.new('2024-02-29T12:34:56.789Z')
        (d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(),
         d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds())
    """,
    "set_time": "d = js.Date.new(0); (d.setTime(5), d.getTime())",
    "set_utc_parts": """
        d = js.Date.new(0)
        d.setUTCFullYear(2025, 11, 31)
        d.setUTCHours(23, 59, 59, 999)
        d.toISOString()
    """,
    "set_utc_overflow": "d = js.Date.new(0); d.setUTCDate(32); d.toISOString()",
    "to_json": "js.Date.new(0).toJSON()",
    "stringify": "js.JSON.stringify(js.Date.new(0))",
    "to_utc_string": "js.Date.new(0).toUTCString()",
    "value_of": "js.Date.new(5).valueOf()",
    "constructor_name": "js.Date.new(0).constructor.name",
    "to_py_is_unchanged": "js.Date.new(0).to_py()",
    "to_py_converter": """
        import datetime
        def convert(value, convert, cache):
            if value.constructor.name == 'Date':
                return datetime.datetime.fromtimestamp(value.getTime() / 1000, datetime.UTC)
            return value
        o = js.Object.new()
        o.d = js.Date.new(1000)
        str(o.to_py(default_converter=convert)['d'])
    """,
    "comparison": "(js.Date.new(0) < js.Date.new(1), js.Date.new(0) == js.Date.new(0))",
    "subtract": "kind(lambda: js.Date.new(5) - js.Date.new(2))",
    "negative_year": "js.Date.new(-62198755200000).toISOString()",
    "far_future": "js.Date.new(8.64e15).toISOString()",
    "beyond_the_range": "js.Date.new(8.64e15 + 1).getTime()",
    "timezone_is_a_number": "type(js.Date.new(0).getTimezoneOffset()).__name__",
    "instance_not_hashable": "kind(lambda: hash(js.Date.new(0)))",
    # Math
    "math_constants": "(js.Math.PI, js.Math.E, js.Math.SQRT2, js.Math.LN2)",
    "math_rounding": """
        [(js.Math.floor(x), js.Math.ceil(x), js.Math.round(x), js.Math.trunc(x))
         for x in (1.5, -1.5, 2.5, -0.2)]
    """,
    "math_max_min": "(js.Math.max(1, 3, 2), js.Math.min(2, 1), js.Math.max(), js.Math.min())",
    "math_max_with_nan": "js.Math.max(1, js.NaN)",
    "math_max_spread": "js.Math.max(*to_js([1, 9]))",
    "math_max_strings": "js.Math.max('3', 2)",
    "math_abs_sign": "(js.Math.abs(-3), js.Math.sign(-3), js.Math.abs('x'))",
    "math_pow_sqrt": "(js.Math.pow(2, 10), js.Math.sqrt(9), js.Math.sqrt(-1), js.Math.cbrt(27))",
    "math_hypot": "(js.Math.hypot(3, 4), js.Math.hypot())",
    "math_logs": "(js.Math.log(1), js.Math.log2(8), js.Math.log10(1000), js.Math.log(0))",
    "math_trig": "(js.Math.sin(0), js.Math.cos(0), js.Math.atan2(0, -1))",
    "math_clz32_imul": "(js.Math.clz32(1), js.Math.imul(2**31, 3), js.Math.fround(5.5))",
    "math_random_range": "0 <= js.Math.random() < 1",
    "math_none": "(js.Math.abs(None), js.Math.floor())",
    "math_str": "str(js.Math)",
    "math_is_not_callable": "kind(lambda: js.Math())",
    "math_expm1_log1p": "(js.Math.expm1(0), js.Math.log1p(0), js.Math.exp(0))",
}
