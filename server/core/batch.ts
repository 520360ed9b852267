import { Refusal } from '../../shared/core/refusals'
import type { Keys } from './config'
import type { Db } from './db'

/** What became of one item of a list: a refusal refuses its own item only. */
export type Settled<T> = { answer: T; refusal: null } | { answer: null; refusal: Refusal }

type Plan<Ask, T> = {
  /** does a list in one commit, or reads for a list; one settlement per ask, in order */
  work: (db: Db, asks: readonly Ask[]) => Promise<Settled<T>[]>
  /** two asks that share one of these don't go into one list: the second must see what the first did */
  apart: (ask: Ask) => readonly string[]
  /** how many lists may be at work at once */
  writers?: number
  /** how long a list may be; a verb whose lists are cheap takes more */
  most?: number
}
type Waiting<Ask, T> = { ask: Ask; resolve: (answer: T) => void; reject: (error: unknown) => void }
type Lane<Ask, T> = { waiting: Waiting<Ask, T>[]; working: number; gathers: boolean }

/** A list longer than this makes those in it wait longer than two short ones would. */
const MOST = 64

/** Where a list was answered just now: those in it are on their way to the next. */
const comingOn = new WeakSet<Db>()

/**
 * Joins single requests that come at the same time into lists, and answers each by itself. No timer: a list forms while the
 * one before it commits, so that one request alone waits for nobody and a crowd shares statements and commits. Those whom
 * one list answered (who they are) stay together: the next (what they did, then what they are shown) begins when all of them
 * have come on, and before the sockets bring others. A list that fails is done again one by one, so that only who is at
 * fault fails. How many wait is bounded by how many requests the server lets in (`bounded` of http.ts).
 */
export function joined<Ask, T>({
  work,
  apart,
  writers = 1,
  most = MOST,
}: Plan<Ask, T>): (db: Db, ask: Ask) => Promise<T> {
  const lanes = new WeakMap<Db, Lane<Ask, T>>()

  return (db, ask) =>
    new Promise<T>((resolve, reject) => {
      const lane = lanes.get(db) ?? { waiting: [], working: 0, gathers: false }
      lanes.set(db, lane)
      lane.waiting.push({ ask, resolve, reject })
      if (lane.working >= writers || lane.gathers) return
      if (comingOn.has(db)) process.nextTick(start, lane, db)
      else gather(lane, db, 0)
    })

  /** What the sockets hold is read before a list closes: it closes when a turn of the event loop brought nobody more. */
  function gather(lane: Lane<Ask, T>, db: Db, before: number): void {
    const now = lane.waiting.length
    lane.gathers = now > before && now < most
    if (lane.gathers) setImmediate(gather, lane, db, now)
    else void start(lane, db)
  }

  async function start(lane: Lane<Ask, T>, db: Db): Promise<void> {
    if (lane.working >= writers || lane.waiting.length === 0) return
    lane.working += 1
    try {
      while (lane.waiting.length > 0) await settle(db, takeList(lane))
    } finally {
      lane.working -= 1
    }
  }

  function takeList(lane: Pick<Lane<Ask, T>, 'waiting'>): Waiting<Ask, T>[] {
    const taken: Waiting<Ask, T>[] = []
    const left: Waiting<Ask, T>[] = []
    const met = new Set<string>()
    for (const one of lane.waiting) {
      const names = apart(one.ask)
      const isMet = names.some((name) => met.has(name))
      for (const name of names) met.add(name)
      ;(isMet || taken.length >= most ? left : taken).push(one)
    }
    lane.waiting = left
    return taken
  }

  async function settle(db: Db, list: readonly Waiting<Ask, T>[]): Promise<void> {
    try {
      const settled = await work(
        db,
        list.map(({ ask }) => ask),
      )
      comingOn.add(db)
      process.nextTick(() => comingOn.delete(db))
      list.forEach((one, place) => {
        answer(one, settled[place])
      })
    } catch (error) {
      const [alone] = list
      if (list.length === 1 && alone !== undefined) alone.reject(error)
      else for (const one of list) await settle(db, [one])
    }
  }
}

function answer<T>({ resolve, reject }: Pick<Waiting<unknown, T>, 'resolve' | 'reject'>, settled?: Settled<T>): void {
  if (settled === undefined) reject(new Error('a list answered for fewer than it was asked'))
  else if (settled.refusal !== null) reject(settled.refusal)
  else resolve(settled.answer)
}

export function settled<T>(answer: T): Settled<T> {
  return { answer, refusal: null }
}

/** A list of one: its refusal is thrown. */
export function only<T>([first]: readonly Settled<T>[]): T {
  if (first === undefined) throw new Refusal('NOT_FOUND')
  if (first.refusal !== null) throw first.refusal
  return first.answer
}

/** The keys of the server: every item of a list came with the same. */
export function keysOf([first]: readonly { keys: Keys }[]): Keys {
  if (first === undefined) throw new Error('an empty list')
  return first.keys
}
