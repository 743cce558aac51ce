"""Events, abort, streams, timers and crypto, where Node and workerd agree."""

from __future__ import annotations

ROWS = {
    "event": "e = js.Event.new('x'); (e.type, e.bubbles, e.cancelable, e.defaultPrevented)",
    "event_options": """
        e = js.Event.new('x', cancelable=True)
        e.preventDefault()
        e.defaultPrevented
    """,
    "listener_without_create_proxy": """
        t = js.EventTarget.new()
        t.addEventListener('x', lambda e: None)
        kind(lambda: t.dispatchEvent(js.Event.new('y')))
    """,
    "listener_with_create_proxy": """
        seen = []
        t = js.EventTarget.new()
        p = create_proxy(lambda e: seen.append(e.type))
        t.addEventListener('x', p)
        t.dispatchEvent(js.Event.new('x'))
        t.dispatchEvent(js.Event.new('x'))
        t.removeEventListener('x', p)
        t.dispatchEvent(js.Event.new('x'))
        seen
    """,
    "listener_once": """
        seen = []
        t = js.EventTarget.new()
        t.addEventListener('x', create_proxy(lambda e: seen.append(1)), once=True)
        t.dispatchEvent(js.Event.new('x'))
        t.dispatchEvent(js.Event.new('x'))
        seen
    """,
    "listener_added_twice_runs_once": """
        seen = []
        t = js.EventTarget.new()
        p = create_proxy(lambda e: seen.append(1))
        t.addEventListener('x', p)
        t.addEventListener('x', p)
        t.dispatchEvent(js.Event.new('x'))
        seen
    """,
    "listener_order": """
        seen = []
        t = js.EventTarget.new()
        t.addEventListener('x', create_proxy(lambda e: seen.append('a')))
        t.addEventListener('x', create_proxy(lambda e: seen.append('b')))
        t.dispatchEvent(js.Event.new('x'))
        seen
    """,
    "listener_stop_immediate": """
        seen = []
        def first(e):
            seen.append('a')
            e.stopImmediatePropagation()
        t = js.EventTarget.new()
        t.addEventListener('x', create_proxy(first))
        t.addEventListener('x', create_proxy(lambda e: seen.append('b')))
        t.dispatchEvent(js.Event.new('x'))
        seen
    """,
    "dispatch_answers": """
        t = js.EventTarget.new()
        t.addEventListener('x', create_proxy(lambda e: e.preventDefault()))
        t.dispatchEvent(js.Event.new('x', cancelable=True)), t.dispatchEvent(js.Event.new('y'))
    """,
    "event_target_property": """
        seen = []
        t = js.EventTarget.new()
        t.addEventListener('x', create_proxy(lambda e: seen.append(e.target == t)))
        t.dispatchEvent(js.Event.new('x'))
        seen
    """,
    "event_constructor_name": "js.Event.new('x').constructor.name",
    # abort
    "abort": """
        c = js.AbortController.new()
        before = c.signal.aborted
        c.abort()
        (before, c.signal.aborted, c.signal.reason.name)
    """,
    "abort_with_reason": "c = js.AbortController.new(); c.abort('why'); c.signal.reason",
    "abort_event": """
        seen = []
        c = js.AbortController.new()
        c.signal.addEventListener('abort', create_proxy(lambda e: seen.append(e.type)))
        c.abort()
        c.abort()
        seen
    """,
    "abort_onabort": """
        seen = []
        c = js.AbortController.new()
        c.signal.onabort = lambda e: seen.append(e.type)
        c.abort()
        seen
    """,
    "abort_throw_if_aborted": """
        c = js.AbortController.new()
        c.signal.throwIfAborted()
        c.abort()
        try:
            c.signal.throwIfAborted()
        except JsException as e:
            result = e.name
    """,
    "abort_signal_abort": "s = js.AbortSignal.abort(); (s.aborted, s.reason.name)",
    "abort_signal_timeout": """
        s = js.AbortSignal.timeout(5)
        before = s.aborted
        await asyncio.sleep(0.1)
        (before, s.aborted, s.reason.name)
    """,
    "abort_signal_any": """
        c = js.AbortController.new()
        s = js.AbortSignal.any(to_js([c.signal]))
        c.abort('r')
        (s.aborted, s.reason)
    """,
    "abort_signal_not_constructed": "kind(lambda: js.AbortSignal.new())",
    # streams
    "stream_reader": """
        reader = js.Response.new('hello').body.getReader()
        first = await reader.read()
        last = await reader.read()
        (first.value.to_bytes(), first.done, last.done, hasattr(last, 'value'))
    """,
    "stream_async_for": """
        chunks = []
        async for chunk in js.Response.new('hello').body:
            chunks.append(chunk.to_bytes())
        chunks
    """,
    "stream_locked": """
        body = js.Response.new('x').body
        before = body.locked
        reader = body.getReader()
        during = body.locked
        reader.releaseLock()
        (before, during, body.locked)
    """,
    "stream_reader_twice": """
        body = js.Response.new('x').body
        body.getReader()
        kind(lambda: body.getReader())
    """,
    "stream_tee": """
        a, b = js.Response.new('x').body.tee()
        (await js.Response.new(a).text(), await js.Response.new(b).text())
    """,
    "stream_cancel": "body = js.Response.new('x').body; await body.cancel()",
    "stream_new_with_start": """
        source = js.Object.new()
        def start(controller):
            controller.enqueue(to_js(b'ab'))
            controller.close()
        source.start = create_proxy(start)
        await js.Response.new(js.ReadableStream.new(source)).text()
    """,
    "stream_new_with_pull": """
        source = js.Object.new()
        left = [1, 2]
        def pull(controller):
            if left: controller.enqueue(to_js(bytes([48 + left.pop(0)])))
            else: controller.close()
        source.pull = create_proxy(pull)
        await js.Response.new(js.ReadableStream.new(source)).text()
    """,
    "stream_new_with_keywords": """
        def start(controller):
            controller.enqueue('a')
            controller.close()
        reader = js.ReadableStream.new(start=create_proxy(start)).getReader()
        (await reader.read()).value
    """,
    "stream_error": """
        source = js.Object.new()
        source.start = create_proxy(lambda c: c.error(js.Error.new('broken')))
        try:
            await js.ReadableStream.new(source).getReader().read()
        except JsException as e:
            result = e.message
    """,
    "transform_stream": """
        t = js.TransformStream.new()
        writer = t.writable.getWriter()
        writing = writer.write('a')
        reader = t.readable.getReader()
        first = await reader.read()
        await writing
        closing = writer.close()
        last = await reader.read()
        await closing
        (first.value, last.done)
    """,
    "transform_stream_names": """
        t = js.TransformStream.new()
        (t.constructor.name, t.readable.constructor.name, t.writable.constructor.name)
    """,
    "writable_stream": """
        sink = js.Object.new()
        seen = []
        sink.write = create_proxy(lambda chunk, controller: seen.append(chunk))
        sink.close = create_proxy(lambda *_: seen.append('closed'))
        writer = js.WritableStream.new(sink).getWriter()
        await writer.write('a')
        await writer.close()
        seen
    """,
    "pipe_to": """
        seen = []
        sink = js.Object.new()
        sink.write = create_proxy(lambda chunk, controller: seen.append(chunk.to_bytes()))
        await js.Response.new('ab').body.pipeTo(js.WritableStream.new(sink))
        seen
    """,
    "pipe_through": """
        t = js.TransformStream.new()
        await js.Response.new(js.Response.new('ab').body.pipeThrough(t)).text()
    """,
    "text_decoder_stream": """
        stream = js.Response.new('ab').body.pipeThrough(js.TextDecoderStream.new())
        (await stream.getReader().read()).value
    """,
    "compression_round_trip": """
        squeezed = js.Response.new('hello').body.pipeThrough(js.CompressionStream.new('gzip'))
        opened = squeezed.pipeThrough(js.DecompressionStream.new('gzip'))
        await js.Response.new(opened).text()
    """,
    # timers
    "queue_microtask_borrowed": """
        seen = []
        js.queueMicrotask(lambda: seen.append(1))
        await asyncio.sleep(0.01)
        seen
    """,
    "queue_microtask": """
        seen = []
        js.queueMicrotask(create_once_callable(lambda: seen.append(1)))
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        seen
    """,
    "interval": """
        seen = []
        p = create_proxy(lambda: seen.append(1))
        timer = js.setInterval(p, 2)
        await asyncio.sleep(0.1)
        js.clearInterval(timer)
        count = len(seen)
        await asyncio.sleep(0.02)
        (count >= 2, len(seen) == count)
    """,
    "timeout_order": """
        seen = []
        js.setTimeout(create_once_callable(lambda: seen.append('b')), 20)
        js.setTimeout(create_once_callable(lambda: seen.append('a')), 1)
        await asyncio.sleep(0.1)
        seen
    """,
    "clear_timeout_unknown": "js.clearTimeout(None)",
    "performance_now": "type(js.performance.now()).__name__ in ('int', 'float')",
    # crypto
    "random_uuid": """
        import re
        bool(re.fullmatch(r'[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
                          js.crypto.randomUUID()))
    """,
    "get_random_values": "u = js.Uint8Array.new(8); js.crypto.getRandomValues(u) == u",
    "digest": "(await js.crypto.subtle.digest('SHA-256', to_js(b'abc'))).to_bytes().hex()[:16]",
    "digest_by_object": """
        algorithm = js.Object.new(name='SHA-1')
        (await js.crypto.subtle.digest(algorithm, to_js(b''))).to_bytes().hex()[:8]
    """,
    "hmac": """
        algorithm = js.Object.new(name='HMAC', hash='SHA-256')
        key = await js.crypto.subtle.importKey('raw', to_js(b'key'), algorithm, False,
                                               to_js(['sign', 'verify']))
        mark = await js.crypto.subtle.sign('HMAC', key, to_js(b'data'))
        (mark.to_bytes().hex()[:16],
         await js.crypto.subtle.verify('HMAC', key, mark, to_js(b'data')),
         await js.crypto.subtle.verify('HMAC', key, mark, to_js(b'other')), key.type)
    """,
    "aes_gcm": """
        key = await js.crypto.subtle.importKey('raw', to_js(bytes(16)), 'AES-GCM', False,
                                               to_js(['encrypt', 'decrypt']))
        how = js.Object.new(name='AES-GCM', iv=to_js(bytes(12)))
        hidden = await js.crypto.subtle.encrypt(how, key, to_js(b'hi'))
        back = await js.crypto.subtle.decrypt(how, key, hidden)
        (hidden.to_bytes().hex(), back.to_bytes())
    """,
    "pbkdf2": """
        base = await js.crypto.subtle.importKey('raw', to_js(b'pw'), 'PBKDF2', False,
                                                to_js(['deriveBits']))
        how = js.Object.new(name='PBKDF2', hash='SHA-256', salt=to_js(b'salt'), iterations=10)
        (await js.crypto.subtle.deriveBits(how, base, 128)).to_bytes().hex()
    """,
    "crypto_names": "(js.crypto.constructor.name, js.crypto.subtle.constructor.name)",
}
