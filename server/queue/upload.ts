import { Buffer } from 'node:buffer'
import { canonicalJson } from '../../shared/core/canonical'
import { REFUSALS, Refusal, type RefusalCode } from '../../shared/core/refusals'
import type { QueueEvent, Upload } from '../../shared/queue/input'
import { eventText, momentOf, whyNotFollows } from '../../shared/queue/rules'
import type { EventAnswer, UploadView } from '../../shared/queue/view'
import type { Actor } from '../core/actor'
import { insertRows, type RowOf } from '../core/bulk'
import type { Keys } from '../core/config'
import { blindIndex } from '../core/crypto'
import { type Db, transact } from '../core/db'
import { sha256Hex, verifyEd25519 } from '../proof/crypto'
import { boundPhones } from '../session/device'
import { DOERS, type Done } from './doers'

type Row = RowOf<'QueueEvent'>
type Parts = { db: Db; keys: Keys; actor: Actor; at: Date }
type Chain = { id: string; sent: Upload['sent']; publicKey: Buffer | null; unboundAt: Date | null }

/**
 * Takes what a phone did on its own, in order. An event is judged once and its answer kept: uploaded again it gets the first
 * one, however often and in whatever state the phone is. What doesn't follow the chain is answered with how far it goes.
 */
export async function uploadEvents(parts: Parts, { chainId, sent, events }: Upload): Promise<UploadView> {
  const { db, actor } = parts
  const answers: EventAnswer[] = []
  let last = await findLast(db, chainId)
  if (last !== null && last.personId !== actor.personId) throw new Refusal('QUEUE_FOREIGN')
  const chain: Chain = { id: chainId, sent, ...(await readPhone(db, actor)) }
  for (const event of [...events].sort((one, other) => one.seq - other.seq)) {
    const known = await db.queueEvent.findUnique({ where: { id: event.id } })
    if (known !== null) {
      answers.push(
        known.personId === actor.personId && isSame(parts.keys, known, event)
          ? answerOf(known)
          : odd(event, parts.at, 'QUEUE_REPLAY'),
      )
      continue
    }
    const hash = sha256Hex(eventText(chainId, event))
    const whyNot = whyNotSigned(event, hash, actor, chain) ?? whyNotFollows(event, last)
    if (whyNot !== null) {
      answers.push(odd(event, parts.at, whyNot))
      continue
    }
    const row = await judge(parts, chain, { event, hash, last })
    answers.push(answerOf(row))
    last = row
  }
  return { answers, last: last === null ? null : { hash: last.hash, seq: last.seq } }
}

function findLast(db: Db, chainId: string): Promise<Row | null> {
  return db.queueEvent.findFirst({ where: { chainId }, orderBy: { seq: 'desc' } })
}

/** The key of the phone that uploads, and since when its owner works with another one. */
async function readPhone(db: Db, { deviceId, personId }: Actor): Promise<Pick<Chain, 'publicKey' | 'unboundAt'>> {
  if (deviceId === null) return { publicKey: null, unboundAt: null }
  const key = await db.deviceKey.findUnique({ where: { deviceId } })
  const bound = (await boundPhones(db, [deviceId])).filter((one) => one.personId === personId)
  const isActive = bound.some((one) => one.unboundAt === null)
  const ends = bound.flatMap((one) => one.unboundAt?.getTime() ?? [])
  return {
    publicKey: key === null ? null : Buffer.from(key.publicKey, 'hex'),
    unboundAt: isActive || ends.length === 0 ? null : new Date(Math.max(...ends)),
  }
}

/** An event is uploaded by the phone that made it, as it made it. */
function whyNotSigned(event: QueueEvent, hash: string, actor: Actor, { publicKey }: Chain): RefusalCode | null {
  if (publicKey === null || event.deviceId !== actor.deviceId) return 'QUEUE_DEVICE'
  const isSigned = verifyEd25519(publicKey, Buffer.from(hash, 'hex'), Buffer.from(event.signature, 'hex'))
  return isSigned ? null : 'QUEUE_SIGNATURE'
}

type Judged = { event: QueueEvent; hash: string; last: Row | null }

/** The verb first, under the event's own id; then its answer. Broken off between the two, the verb answers the same again. */
async function judge(parts: Parts, chain: Chain, { event, hash, last }: Judged): Promise<Row> {
  const { at: happenedAt, clockSeconds } = momentOf(event, chain.sent, parts.at, last?.happenedAt ?? null)
  const isAfterChange = chain.unboundAt !== null && happenedAt >= chain.unboundAt
  const outcome = isAfterChange
    ? refusedAs(new Refusal('DEVICE_CHANGED'))
    : await outcomeOf(parts, event, { at: happenedAt, offline: { receivedAt: parts.at, clockSeconds } })
  const { id, kind, seq, previousHash, deviceId, wallAt, monotonicMs, boot, body, signature } = event
  const row = {
    ...{ id, chainId: chain.id, seq, previousHash, kind, monotonicMs, boot, deviceId, hash, signature },
    ...{ personId: parts.actor.personId, body: bodyText(parts.keys, body), wallAt: new Date(wallAt) },
    ...{ happenedAt, receivedAt: parts.at },
    ...outcome,
  }
  await transact(parts.db, (tx) => insertRows(tx, 'queue_event', [row]))
  // of the same event twice at once the first row stays
  const kept = await parts.db.queueEvent.findUnique({ where: { id } })
  if (kept === null) throw new Refusal('BUSY')
  return kept
}

async function outcomeOf(parts: Parts, event: QueueEvent, moment: Parameters<typeof DOERS.checkIn>[2]) {
  try {
    const { subjectId, title, sentence } = await DOERS[event.kind](parts, event, moment)
    return { outcome: 'done', code: null, subjectId, title, sentence }
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500 || error.status === 429) throw error
    return refusedAs(error)
  }
}

function refusedAs(refusal: Refusal) {
  const { subjectId = null, title = '', sentence = refusal.sentence } = refusal.detail as Partial<Done>
  return { outcome: 'conflict', code: refusal.code, subjectId, title, sentence }
}

function isSame(keys: Keys, row: Row, event: QueueEvent): boolean {
  return row.kind === event.kind && row.deviceId === event.deviceId && row.body === bodyText(keys, event.body)
}

/** What belongs to somebody alone: it is kept sealed where it is used, and may be forgotten there. */
const PRIVATE = ['place', 'note']

/** As it is kept: where the phone was and what was written only as a MAC, which still tells the same event again. */
function bodyText({ index }: Keys, body: QueueEvent['body']): string {
  const kept = Object.entries(body).map(([field, value]) => [
    field,
    PRIVATE.includes(field) ? blindIndex(index, `queue ${field}`, value) : value,
  ])
  return canonicalJson(Object.fromEntries(kept) as typeof body)
}

function answerOf(row: Row): EventAnswer {
  const { id, outcome, code, sentence, title, receivedAt, subjectId } = row
  return {
    id,
    outcome: outcome as EventAnswer['outcome'],
    code,
    sentence,
    title,
    subjectId,
    at: receivedAt.toISOString(),
  }
}

function odd({ id }: QueueEvent, at: Date, code: RefusalCode): EventAnswer {
  const outcome = code === 'QUEUE_GAP' ? ('gap' as const) : ('conflict' as const)
  return { id, outcome, code, sentence: REFUSALS[code][1], title: '', subjectId: null, at: at.toISOString() }
}
