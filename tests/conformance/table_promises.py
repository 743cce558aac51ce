"""Promise: made, awaited, chained and combined; futures that calls answer with."""

from __future__ import annotations

ROWS = {
    "resolve_awaited": "await js.Promise.resolve(5)",
    "resolve_without_value": "await js.Promise.resolve()",
    "resolve_null": "await js.Promise.resolve(jsnull)",
    "resolve_object": "(await js.Promise.resolve(js.JSON.parse('{\"a\": 1}'))).a",
    "resolve_promise": "await js.Promise.resolve(js.Promise.resolve(5))",
    "reject_awaited": "await js.Promise.reject(js.Error.new('no'))",
    "reject_type_error": "await js.Promise.reject(js.TypeError.new('no'))",
    "reject_caught": """
        try:
            await js.Promise.reject(js.Error.new('no'))
        except JsException as e:
            result = (e.name, e.message)
    """,
    "reject_with_a_string": """
        try:
            await asyncio.wait_for(js.Promise.reject('text'), 0.05)
        except Exception as e:
            result = (type(e).__name__, str(e))
    """,
    "reject_with_a_python_exception": """
        try:
            await js.Promise.reject(ValueError('x'))
        except BaseException as e:
            result = type(e).__name__
    """,
    "call_answers_a_future": "type(js.Promise.resolve(1)).__name__",
    "future_is_an_asyncio_future": "asyncio.isfuture(js.Promise.resolve(1))",
    "future_is_a_promise_class": """
        (isinstance(js.Promise.resolve(1), JsPromise), isinstance(js.Promise.resolve(1), JsProxy))
    """,
    "future_has_then": """
        p = js.Promise.resolve(1)
        (hasattr(p, 'then'), callable(p.then), hasattr(p, 'catch'), hasattr(p, 'finally_'))
    """,
    "future_has_constructor": "hasattr(js.Promise.resolve(1), 'constructor')",
    "future_awaited_twice": "p = js.Promise.resolve(1); (await p, await p)",
    "future_done_at_once": "js.Promise.resolve(1).done()",
    "future_result_after_await": "p = js.Promise.resolve(1); await p; (p.done(), p.result())",
    "new_promise_is_a_proxy": """
        p = js.Promise.new(lambda resolve, reject: resolve(3))
        (type(p).__name__, await p)
    """,
    "new_promise_rejects": """
        p = js.Promise.new(lambda resolve, reject: reject(js.Error.new('bad')))
        await p
    """,
    "new_promise_executor_raises": """
        def f(resolve, reject): raise ValueError('x')
        try:
            await js.Promise.new(f)
        except BaseException as e:
            result = type(e).__name__
    """,
    "new_promise_resolved_later": """
        kept = []
        p = js.Promise.new(create_proxy(lambda resolve, reject: kept.append(resolve)))
        kept[0]('late')
        await p
    """,
    "then": "await js.Promise.resolve(1).then(lambda x: x + 1)",
    "then_twice": "await js.Promise.resolve(1).then(lambda x: x + 1).then(lambda x: x * 10)",
    "then_returning_promise": """
        await js.Promise.resolve(1).then(lambda x: js.Promise.resolve(x + 1))
    """,
    "then_returning_coroutine": """
        async def f(x): return x + 1
        await js.Promise.resolve(1).then(f)
    """,
    "then_raises": """
        await js.Promise.resolve(1).then(lambda x: 1 / 0)
    """,
    "then_error_handler": """
        await js.Promise.reject(js.Error.new('no')).then(lambda x: x, lambda e: e.message)
    """,
    "catch": "await js.Promise.reject(js.Error.new('no')).catch(lambda e: 'caught ' + e.message)",
    "catch_not_called": "await js.Promise.resolve(1).catch(lambda e: 'caught')",
    "catch_then": """
        await js.Promise.reject(js.Error.new('x')).catch(lambda e: 1).then(lambda x: x + 1)
    """,
    "finally": """
        seen = []
        value = await js.Promise.resolve(1).finally_(lambda: seen.append('f'))
        (value, seen)
    """,
    "then_passes_through": "kind(lambda: js.Promise.resolve(7).then())",
    "then_answers": "type(js.Promise.resolve(1).then(lambda x: x)).__name__",
    "all": "await js.Promise.all(to_js([js.Promise.resolve(1), js.Promise.resolve(2)]))",
    "all_of_a_python_list": "await js.Promise.all([js.Promise.resolve(1)])",
    "all_of_js_array": "await js.Promise.all(to_js([1, 2]))",
    "all_unpacked": "a, b = await js.Promise.all(to_js([js.Promise.resolve(1), 2]))\n(a, b)",
    "all_rejects": """
        try:
            await js.Promise.all(to_js([js.Promise.reject(js.Error.new('no'))]))
        except JsException as e:
            result = e.message
    """,
    "all_empty": "await js.Promise.all([])",
    "all_of_coroutines": """
        async def f(x): return x
        await js.Promise.all(to_js([f(1), f(2)]))
    """,
    "all_settled": """
        settled = await js.Promise.allSettled(
            to_js([js.Promise.resolve(1), js.Promise.reject(js.Error.new('no'))])
        )
        [settled[0].status, settled[0].value, settled[1].status, settled[1].reason.message]
    """,
    "race": "await js.Promise.race(to_js([js.Promise.resolve(1), js.Promise.resolve(2)]))",
    "any": """
        await js.Promise.any(to_js([js.Promise.reject(js.Error.new('x')), js.Promise.resolve(2)]))
    """,
    "any_all_rejected": """
        try:
            await js.Promise.any(to_js([js.Promise.reject(js.Error.new('x'))]))
        except JsException as e:
            result = (e.name, e.message, e.errors.length)
    """,
    "promise_in_an_attribute": """
        o = js.Object.new()
        o.p = js.Promise.resolve(5)
        (type(o.p).__name__, await o.p)
    """,
    "promise_in_an_array": """
        a = js.Array.of(js.Promise.new(lambda resolve, reject: resolve(5)))
        await a[0]
    """,
    "constructor_name_of_new": "js.Promise.new(lambda r, _: r(1)).constructor.name",
    "str_of_new": "str(js.Promise.new(lambda r, _: r(1)))",
    "gather": "await asyncio.gather(js.Promise.resolve(1), js.Promise.resolve(2))",
    "gather_rejected": """
        results = await asyncio.gather(
            js.Promise.resolve(1),
            js.Promise.reject(js.Error.new('no')),
            return_exceptions=True,
        )
        results
    """,
    "wait_for": "await asyncio.wait_for(js.Promise.resolve(1), 1)",
    "wait_for_timeout": """
        try:
            await asyncio.wait_for(js.Promise.new(lambda resolve, reject: None), 0.01)
        except TimeoutError as e:
            result = 'timeout'
    """,
    "ensure_future": "await asyncio.ensure_future(js.Promise.resolve(1))",
    "create_task": "kind(lambda: asyncio.create_task(js.Promise.resolve(1)))",
    "ensure_future_of_new": """
        await asyncio.ensure_future(js.Promise.new(lambda resolve, reject: resolve(4)))
    """,
    "gather_of_new": "kind(lambda: asyncio.gather(js.Promise.new(lambda resolve, reject: None)))",
    "run_until_complete_order": """
        seen = []
        js.queueMicrotask(create_once_callable(lambda: seen.append('micro')))
        seen.append('sync')
        await asyncio.sleep(0)
        await js.Promise.resolve(None)
        seen
    """,
    "then_runs_later": """
        seen = []
        p = js.Promise.resolve(1).then(lambda x: seen.append('then'))
        seen.append('sync')
        await p
        seen
    """,
    "exception_from_async_function_via_promise": """
        async def f(): raise ValueError('inside')
        try:
            await js.Promise.all(to_js([f()]))
        except BaseException as e:
            result = (type(e).__name__, 'inside' in str(e))
    """,
    "exception_is_the_same_class_via_then": """
        async def f(x): raise ValueError('inside')
        try:
            await js.Promise.resolve(1).then(f)
        except BaseException as e:
            result = (type(e).__name__, 'ValueError: inside' in str(e))
    """,
    "python_error_seen_by_catch": """
        def raises(x): raise ValueError('inside')
        await js.Promise.resolve(1).then(raises).catch(lambda e: type(e).__name__)
    """,
    "python_future_to_javascript": """
        f = asyncio.get_running_loop().create_future()
        f.set_result(5)
        await js.Promise.resolve(f)
    """,
    "python_task_to_javascript": """
        async def f(): return 6
        await js.Promise.resolve(asyncio.create_task(f()))
    """,
    "syncify_missing_on_futures": "hasattr(js.Promise.resolve(1), 'syncify')",
    "without_new": "said(lambda: js.Promise())",
    "without_executor": "said(lambda: js.Promise.new())",
    "async_for_over_a_promise": """
        try:
            async for x in js.Promise.resolve(1): pass
        except TypeError as e:
            result = 'TypeError'
    """,
}
