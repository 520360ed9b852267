import Taro from '@tarojs/taro'
import { useSyncExternalStore } from 'react'
import type { QueueEvent } from '../../../shared/queue/input'
import { CHAIN_REFUSALS, eventText } from '../../../shared/queue/rules'
import type { EventAnswer, UploadView } from '../../../shared/queue/view'
import { failureOf, isUnanswered, post } from '../core/call'
import { phoneTime } from '../core/clock'
import { deviceId, signText } from '../core/device'
import { newId } from '../core/ids'
import { bootId, monotonicMs } from '../core/monotonic'
import { currentSession, useSession } from '../core/session'
import { readDisk, writeDisk } from './disk'

/** Something done on this phone: what the server will be told, and what is shown until then. */
export interface Item {
  event: QueueEvent
  title: string
  /** null: it waits */
  answer: EventAnswer | null
  /** somebody has read that it came to nothing */
  read?: boolean
}
/** The events of one person on this phone, each naming the hash of the one before. */
interface Chain {
  chainId: string
  lastHash: string | null
  lastSeq: number
  items: Item[]
}
type Chains = Record<string, Chain>

/** What somebody did: under this id it is done once, over the network or from the queue. */
export interface Wish {
  id: string
  kind: QueueEvent['kind']
  body: QueueEvent['body']
  title: string
}

/** WeChat keeps 1 MB under a name: what was answered long ago goes first, what waits never. */
const ANSWERED_KEPT = 100
const AT_ONCE = 50
const NONE: readonly Item[] = []

let chains: Chains = {}
const listeners = new Set<() => void>()
let read: Promise<void> | null = null

/** What was kept is read once, before anything is added to it. */
function ready(): Promise<void> {
  read ??= readDisk().then((kept) => {
    if (typeof kept === 'object' && kept !== null) chains = kept as Chains
    tell()
  })
  return read
}

function tell(): void {
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  void ready()
  return () => listeners.delete(listener)
}

const ownerOf = () => currentSession()?.tokens.personId ?? ''
const chainOf = (owner: string): Chain | null => chains[owner] ?? null

/** What this person did here: the newest first. */
export function useItems(): readonly Item[] {
  const owner = useSession()?.tokens.personId ?? ''
  const items = useSyncExternalStore(
    subscribe,
    () => chains[owner]?.items ?? NONE,
    () => NONE,
  )
  return [...items].reverse()
}

export const isWaiting = ({ answer }: Item): boolean => answer === null
export const isConflict = ({ answer }: Item): boolean => answer?.outcome === 'conflict'
export const isUnread = (item: Item): boolean => isConflict(item) && item.read !== true

/** What came to nothing was read: the banner goes, the list keeps it. */
export function markRead(): Promise<void> {
  const owner = ownerOf()
  return inLine(async () => {
    const chain = chainOf(owner)
    if (chain !== null)
      await put(owner, { ...chain, items: chain.items.map((item) => ({ ...item, read: isConflict(item) })) })
  })
}

let line: Promise<unknown> = Promise.resolve()

/** One change of the queue at a time: each event names the one before it. */
function inLine<T>(act: () => Promise<T>): Promise<T> {
  const turn = line.then(ready).then(act)
  line = turn.catch(() => undefined)
  return turn
}

/**
 * Keeps it on the phone, and answers as soon as it is kept: from here on it isn't lost. It is uploaded when there is a
 * network, in order, and counted once.
 */
export async function keepWish({ id, kind, body, title }: Wish): Promise<void> {
  const owner = ownerOf()
  await inLine(async () => {
    const chain = chainOf(owner) ?? { chainId: await newId(), lastHash: null, lastSeq: 0, items: [] }
    // the same press again, or kept before the app was closed: it is there already
    if (chain.items.some(({ event }) => event.id === id)) return
    const { event, hash } = await sealed(chain, { id, kind, body, deviceId: await deviceId(), ...(await clocks()) })
    await put(owner, {
      ...chain,
      lastHash: hash,
      lastSeq: event.seq,
      items: trimmed([...chain.items, { event, title, answer: null }]),
    })
  })
  void flush()
}

/** Kept on the phone at once, whether there is a network or not. */
export async function enqueue(kind: Wish['kind'], body: Wish['body'], title: string): Promise<void> {
  await keepWish({ id: await newId(), kind, body, title })
}

/**
 * Does it over the network; where nobody answers it is kept on the phone under the same id, so that it is done once. What
 * waits already goes first: then it waits behind it.
 *
 * @returns the answer, or null: it is kept
 */
export async function doOrKeep<T>(wish: Wish, online: () => Promise<T>): Promise<T | null> {
  await ready()
  if (!(chainOf(ownerOf())?.items ?? []).some(isWaiting)) {
    try {
      return await online()
    } catch (error) {
      if (!isUnanswered(error)) throw error
    }
  }
  await keepWish(wish)
  return null
}

async function clocks() {
  return { wallAt: new Date(phoneTime()).toISOString(), monotonicMs: monotonicMs(), boot: await bootId() }
}

type Unsealed = Omit<QueueEvent, 'seq' | 'previousHash' | 'signature'>

async function sealed(chain: Chain, event: Unsealed): Promise<{ event: QueueEvent; hash: string }> {
  const linked = { ...event, seq: chain.lastSeq + 1, previousHash: chain.lastHash }
  const { hash, signature } = await signText(eventText(chain.chainId, linked))
  return { event: { ...linked, signature }, hash }
}

async function put(owner: string, chain: Chain): Promise<void> {
  const next = { ...chains, [owner]: chain }
  await writeDisk(next)
  chains = next
  tell()
}

function trimmed(items: readonly Item[]): Item[] {
  const surplus = items.filter((item) => !isWaiting(item)).length - ANSWERED_KEPT
  let dropped = 0
  return items.filter((item) => isWaiting(item) || dropped++ >= surplus)
}

let running: Promise<string | null> | null = null

/** Uploads what waits. One upload at a time. Answers why not all went, or null. */
export function flush(): Promise<string | null> {
  running ??= upload().finally(() => {
    running = null
  })
  return running
}

async function upload(): Promise<string | null> {
  await ready()
  const owner = ownerOf()
  let isNewChain = false
  for (;;) {
    const chain = chainOf(owner)
    const events = (chain?.items ?? []).filter(isWaiting).map(({ event }) => event)
    if (chain === null || events.length === 0 || ownerOf() !== owner) return null
    try {
      const { answers } = await post<UploadView>('/queue-events', {
        chainId: chain.chainId,
        sent: await clocks(),
        events: events.slice(0, AT_ONCE),
      })
      const broken = answers.find(({ code }) => code !== null && CHAIN_REFUSALS.includes(code))
      const settled = answers.filter(({ code }) => code === null || !CHAIN_REFUSALS.includes(code))
      await settle(owner, settled)
      if (settled.length > 0) continue
      if (isNewChain) return broken?.sentence ?? null
      isNewChain = true
      await beginChain(owner)
    } catch (error) {
      return failureOf(error).sentence
    }
  }
}

/**
 * The server knows another past of this chain than the phone, whose storage was put back or lost: what waits goes into a
 * new one, each under its own id.
 */
function beginChain(owner: string): Promise<void> {
  return inLine(async () => {
    const old = chainOf(owner)
    if (old === null) return
    let chain: Chain = { chainId: await newId(), lastHash: null, lastSeq: 0, items: [] }
    for (const item of old.items) {
      if (!isWaiting(item)) {
        chain = { ...chain, items: [...chain.items, item] }
        continue
      }
      const { seq: _seq, previousHash: _previous, signature: _signature, ...unsealed } = item.event
      const { event, hash } = await sealed(chain, unsealed)
      chain = { ...chain, lastHash: hash, lastSeq: event.seq, items: [...chain.items, { ...item, event }] }
    }
    await put(owner, chain)
  })
}

function settle(owner: string, answers: readonly EventAnswer[]): Promise<void> {
  return inLine(async () => {
    const chain = chainOf(owner)
    if (chain === null || answers.length === 0) return
    const items = chain.items.map((item) => {
      const answer = answers.find(({ id }) => id === item.event.id)
      return answer === undefined ? item : { ...item, answer, title: answer.title === '' ? item.title : answer.title }
    })
    await put(owner, { ...chain, items: trimmed(items) })
  })
}

const RETRY_MS = 30_000
let isListening = false

/** From the start of the app: what waits is uploaded when the network comes back, and tried again every half minute. */
export function startQueue(): void {
  if (isListening) return
  isListening = true
  const tryAll = () => {
    if (currentSession() !== null) void flush()
  }
  Taro.onNetworkStatusChange(({ isConnected }) => {
    if (isConnected) tryAll()
  })
  setInterval(() => {
    if ((chainOf(ownerOf())?.items ?? []).some(isWaiting)) tryAll()
  }, RETRY_MS)
  tryAll()
}

/** All that waits as text: for a message to the office when the phone can't upload it. */
export function textOf(items: readonly Item[]): string {
  return items
    .map(({ event, title, answer }) =>
      [event.seq, event.wallAt, title, answer?.sentence ?? '等待上传', JSON.stringify(event)].join('\t'),
    )
    .join('\n')
}
