import Taro from '@tarojs/taro'
import type { QueueEvent } from '../../../shared/queue/input'
import type { EventAnswer, UploadView } from '../../../shared/queue/view'
import { failureOf, post } from '../core/call'
import { phoneTime } from '../core/clock'
import { newId } from '../core/ids'
import { monotonicMs } from '../core/monotonic'
import { currentSession } from '../core/session'
import { createStore, useStore } from '../core/store'

/** Something done on this phone: what the server will be told, and what is shown until then. */
export interface Item {
  event: QueueEvent
  title: string
  /** null: it waits */
  answer: EventAnswer | null
  /** somebody has read that it came to nothing */
  read?: boolean
}
/** The events of one person on this phone, each following the one before. */
interface Chain {
  chainId: string
  lastId: string | null
  lastSeq: number
  items: Item[]
}
type Chains = Record<string, Chain>

/** WeChat keeps 1 MB under a name: what was answered long ago goes first, what waits never. */
const ANSWERED_KEPT = 200
const AT_ONCE = 50

const store = createStore<Chains>('mulin.queue', {}, (stored) =>
  typeof stored === 'object' && stored !== null ? (stored as Chains) : null,
)

const ownerOf = () => currentSession()?.tokens.personId ?? ''
const chainOf = (owner: string): Chain | null => store.get()[owner] ?? null

/** What this person did here: the newest first. */
export function useItems(): readonly Item[] {
  return [...(useStore(store)[ownerOf()]?.items ?? [])].reverse()
}

export const isWaiting = ({ answer }: Item): boolean => answer === null
export const isConflict = ({ answer }: Item): boolean => answer?.outcome === 'conflict'
export const isUnread = (item: Item): boolean => isConflict(item) && item.read !== true

/** What came to nothing was read: the banner goes, the list keeps it. */
export function markRead(): void {
  const owner = ownerOf()
  const chain = chainOf(owner)
  if (chain !== null) put(owner, { ...chain, items: chain.items.map((item) => ({ ...item, read: isConflict(item) })) })
}

/**
 * Keeps it on the phone, and answers as soon as it is kept: from here on it isn't lost. It is uploaded when there is a
 * network, in order, and counted once.
 */
export async function enqueue(kind: QueueEvent['kind'], body: QueueEvent['body'], title: string): Promise<string> {
  const owner = ownerOf()
  const [id, chainId] = [await newId(), chainOf(owner)?.chainId ?? (await newId())]
  // read again: another press may have come while the ids were made
  const chain = chainOf(owner) ?? { chainId, lastId: null, lastSeq: 0, items: [] }
  const event: QueueEvent = {
    ...{ id, kind, seq: chain.lastSeq + 1, previousId: chain.lastId },
    ...{ wallAt: new Date(phoneTime()).toISOString(), monotonicMs: monotonicMs(), body },
  }
  put(owner, {
    ...chain,
    lastId: id,
    lastSeq: event.seq,
    items: trimmed([...chain.items, { event, title, answer: null }]),
  })
  void flush()
  return id
}

function put(owner: string, chain: Chain): void {
  store.set({ ...store.get(), [owner]: chain })
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
  const owner = ownerOf()
  for (;;) {
    const chain = chainOf(owner)
    const events = (chain?.items ?? []).filter(isWaiting).map(({ event }) => event)
    if (chain === null || events.length === 0) return null
    try {
      const { answers } = await post<UploadView>('/queue-events', {
        chainId: chain.chainId,
        events: events.slice(0, AT_ONCE),
      })
      const settled = answers.filter(({ outcome }) => outcome !== 'gap')
      if (settled.length === 0) return answers[0]?.sentence ?? null
      settle(owner, settled)
    } catch (error) {
      return failureOf(error).sentence
    }
  }
}

function settle(owner: string, answers: readonly EventAnswer[]): void {
  const chain = chainOf(owner)
  if (chain === null) return
  const items = chain.items.map((item) => {
    const answer = answers.find(({ id }) => id === item.event.id)
    return answer === undefined ? item : { ...item, answer, title: answer.title === '' ? item.title : answer.title }
  })
  put(owner, { ...chain, items: trimmed(items) })
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
