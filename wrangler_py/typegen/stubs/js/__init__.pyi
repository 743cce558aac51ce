from typing import Any

from ._bindings import Ai as Ai
from ._bindings import AnalyticsEngineDataset as AnalyticsEngineDataset
from ._bindings import AnyFetcher as AnyFetcher
from ._bindings import D1Database as D1Database
from ._bindings import D1DatabaseSession as D1DatabaseSession
from ._bindings import D1PreparedStatement as D1PreparedStatement
from ._bindings import D1Result as D1Result
from ._bindings import DispatchNamespace as DispatchNamespace
from ._bindings import EmailSendResult as EmailSendResult
from ._bindings import Fetcher as Fetcher
from ._bindings import ForwardableEmailMessage as ForwardableEmailMessage
from ._bindings import Hyperdrive as Hyperdrive
from ._bindings import KVList as KVList
from ._bindings import KVNamespace as KVNamespace
from ._bindings import Pipeline as Pipeline
from ._bindings import Queue as Queue
from ._bindings import R2Bucket as R2Bucket
from ._bindings import R2Object as R2Object
from ._bindings import R2ObjectBody as R2ObjectBody
from ._bindings import RateLimit as RateLimit
from ._bindings import RateLimitOutcome as RateLimitOutcome
from ._bindings import SecretsStoreSecret as SecretsStoreSecret
from ._bindings import SendEmail as SendEmail
from ._bindings import Vectorize as Vectorize
from ._bindings import WorkerVersionMetadata as WorkerVersionMetadata
from ._bindings import Workflow as Workflow
from ._bindings import WorkflowInstance as WorkflowInstance
from ._buffers import ArrayBuffer as ArrayBuffer
from ._buffers import BigInt64Array as BigInt64Array
from ._buffers import BigUint64Array as BigUint64Array
from ._buffers import BufferSource as BufferSource
from ._buffers import DataView as DataView
from ._buffers import Float16Array as Float16Array
from ._buffers import Float32Array as Float32Array
from ._buffers import Float64Array as Float64Array
from ._buffers import Int8Array as Int8Array
from ._buffers import Int16Array as Int16Array
from ._buffers import Int32Array as Int32Array
from ._buffers import SharedArrayBuffer as SharedArrayBuffer
from ._buffers import TypedArray as TypedArray
from ._buffers import Uint8Array as Uint8Array
from ._buffers import Uint8ClampedArray as Uint8ClampedArray
from ._buffers import Uint16Array as Uint16Array
from ._buffers import Uint32Array as Uint32Array
from ._cache import Cache as Cache
from ._cache import CacheStorage as CacheStorage
from ._cache import caches as caches
from ._crypto import Crypto as Crypto
from ._crypto import CryptoKey as CryptoKey
from ._crypto import SubtleCrypto as SubtleCrypto
from ._crypto import crypto as crypto
from ._durable import AnyDurableObjectStub as AnyDurableObjectStub
from ._durable import DurableObjectId as DurableObjectId
from ._durable import DurableObjectNamespace as DurableObjectNamespace
from ._durable import DurableObjectState as DurableObjectState
from ._durable import DurableObjectStorage as DurableObjectStorage
from ._durable import DurableObjectStub as DurableObjectStub
from ._durable import DurableObjectTransaction as DurableObjectTransaction
from ._durable import ExecutionContext as ExecutionContext
from ._durable import Message as Message
from ._durable import MessageBatch as MessageBatch
from ._durable import ScheduledController as ScheduledController
from ._durable import SqlStorage as SqlStorage
from ._durable import SqlStorageCursor as SqlStorageCursor
from ._durable import SyncKvStorage as SyncKvStorage
from ._env import Env as Env
from ._event_source import EventSource as EventSource
from ._events import AbortController as AbortController
from ._events import AbortSignal as AbortSignal
from ._events import CloseEvent as CloseEvent
from ._events import CustomEvent as CustomEvent
from ._events import ErrorEvent as ErrorEvent
from ._events import Event as Event
from ._events import EventTarget as EventTarget
from ._events import ExtendableEvent as ExtendableEvent
from ._events import MessageEvent as MessageEvent
from ._fetch import URL as URL
from ._fetch import Blob as Blob
from ._fetch import BodyInit as BodyInit
from ._fetch import File as File
from ._fetch import FormData as FormData
from ._fetch import Headers as Headers
from ._fetch import HeadersInit as HeadersInit
from ._fetch import Request as Request
from ._fetch import Response as Response
from ._fetch import URLPattern as URLPattern
from ._fetch import URLSearchParams as URLSearchParams
from ._fetch import fetch as fetch
from ._globals import Navigator as Navigator
from ._globals import Performance as Performance
from ._globals import TextDecoder as TextDecoder
from ._globals import TextEncoder as TextEncoder
from ._globals import atob as atob
from ._globals import btoa as btoa
from ._globals import clearInterval as clearInterval
from ._globals import clearTimeout as clearTimeout
from ._globals import console as console
from ._globals import navigator as navigator
from ._globals import performance as performance
from ._globals import queueMicrotask as queueMicrotask
from ._globals import reportError as reportError
from ._globals import scheduler as scheduler
from ._globals import setInterval as setInterval
from ._globals import setTimeout as setTimeout
from ._globals import structuredClone as structuredClone
from ._html_rewriter import HTMLRewriter as HTMLRewriter
from ._language import JSON as JSON
from ._language import AggregateError as AggregateError
from ._language import Array as Array
from ._language import BigInt as BigInt
from ._language import Boolean as Boolean
from ._language import Date as Date
from ._language import DOMException as DOMException
from ._language import Error as Error
from ._language import EvalError as EvalError
from ._language import FinalizationRegistry as FinalizationRegistry
from ._language import Function as Function
from ._language import Infinity as Infinity
from ._language import Map as Map
from ._language import Math as Math
from ._language import NaN as NaN
from ._language import Number as Number
from ._language import Object as Object
from ._language import Promise as Promise
from ._language import Proxy as Proxy
from ._language import RangeError as RangeError
from ._language import ReferenceError as ReferenceError
from ._language import Reflect as Reflect
from ._language import RegExp as RegExp
from ._language import Set as Set
from ._language import String as String
from ._language import Symbol as Symbol
from ._language import SyntaxError as SyntaxError
from ._language import TypeError as TypeError
from ._language import URIError as URIError
from ._language import WeakMap as WeakMap
from ._language import WeakRef as WeakRef
from ._language import WeakSet as WeakSet
from ._language import decodeURI as decodeURI
from ._language import decodeURIComponent as decodeURIComponent
from ._language import encodeURI as encodeURI
from ._language import encodeURIComponent as encodeURIComponent
from ._language import escape as escape
from ._language import eval as eval
from ._language import isFinite as isFinite
from ._language import isNaN as isNaN
from ._language import parseFloat as parseFloat
from ._language import parseInt as parseInt
from ._language import undefined as undefined
from ._language import unescape as unescape
from ._streams import ByteLengthQueuingStrategy as ByteLengthQueuingStrategy
from ._streams import CompressionStream as CompressionStream
from ._streams import CountQueuingStrategy as CountQueuingStrategy
from ._streams import DecompressionStream as DecompressionStream
from ._streams import FixedLengthStream as FixedLengthStream
from ._streams import IdentityTransformStream as IdentityTransformStream
from ._streams import ReadableByteStreamController as ReadableByteStreamController
from ._streams import ReadableStream as ReadableStream
from ._streams import ReadableStreamBYOBReader as ReadableStreamBYOBReader
from ._streams import ReadableStreamBYOBRequest as ReadableStreamBYOBRequest
from ._streams import ReadableStreamDefaultController as ReadableStreamDefaultController
from ._streams import ReadableStreamDefaultReader as ReadableStreamDefaultReader
from ._streams import TextDecoderStream as TextDecoderStream
from ._streams import TextEncoderStream as TextEncoderStream
from ._streams import TransformStream as TransformStream
from ._streams import TransformStreamDefaultController as TransformStreamDefaultController
from ._streams import WritableStream as WritableStream
from ._streams import WritableStreamDefaultController as WritableStreamDefaultController
from ._streams import WritableStreamDefaultWriter as WritableStreamDefaultWriter
from ._websocket import WebSocket as WebSocket
from ._websocket import WebSocketPair as WebSocketPair
from ._websocket import WebSocketRequestResponsePair as WebSocketRequestResponsePair

# Names that Cloudflare has and whose interface these stubs do not describe.
Atomics: Any
Cloudflare: Any
FetchEvent: Any
Intl: Any
Iterator: Any
MessageChannel: Any
MessagePort: Any
PromiseRejectionEvent: Any
ScheduledEvent: Any
TailEvent: Any
TraceEvent: Any
WebAssembly: Any
WorkerGlobalScope: Any
addEventListener: Any
clearImmediate: Any
dispatchEvent: Any
globalThis: Any
origin: Any
removeEventListener: Any
self: Any
setImmediate: Any
