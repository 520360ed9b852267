import { addSeconds, clockOf, dayOf } from '../../shared/core/time'
import { type Channel, outsideOf } from '../../shared/message/kinds'
import { pauseSeconds, quietUntil, TRIES_MOST } from '../../shared/message/rules'
import { findBy, type RowOf } from '../core/bulk'
import type { Parts } from '../core/route'
import { longestSetting, settingsAt } from '../region/settings'
import { type Address, addressOf } from './address'
import { switchesOf } from './switches'

type Message = RowOf<'Message'>
type Result = { ok: true } | { ok: false; reason: string; retryable: boolean }

const AT_ONCE = 8
const MOST_A_RUN = 400
/** Longer than a call of WeChat with all its tries. */
const LEASE_SECONDS = 120
const TOO_OFTEN_SECONDS = 3600
/** So many in a row that nobody took, and the channel is left alone until the next run. */
const DOWN_AFTER = 4

/**
 * Sends what is due: by WeChat to who agreed, by SMS where a place pays for it; else it stays in the app's own list, where it
 * is in any case. A message is marked before it leaves, so that one that may have left is never sent again.
 *
 * @returns how many went out
 */
export async function sendMessages(parts: Parts, at: Date): Promise<number> {
  await endOld(parts, at)
  const failedInARow: Record<Channel, number> = { wechat: 0, sms: 0 }
  const isDown = (channel: Channel) => failedInARow[channel] >= DOWN_AFTER
  let sent = 0
  for (let seen = 0; seen < MOST_A_RUN; seen += AT_ONCE) {
    const due = await parts.db.message.findMany({
      where: { state: 'waiting', dueAt: { lte: at } },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      take: AT_ONCE,
    })
    if (due.length === 0) break
    const done = await Promise.all((await planned(parts, due, at)).map((one) => sendOne(parts, one, isDown, at)))
    for (const { channel, result } of done.filter((one) => one !== null)) {
      if (result.ok) sent += 1
      const isAway = !result.ok && ['busy', 'unreachable', 'tooOften'].includes(result.reason)
      failedInARow[channel] = isAway ? failedInARow[channel] + 1 : 0
    }
  }
  return sent
}

type Planned = { message: Message; way: { channel: Channel; address: Address } | { reason: string; until?: Date } }

/** By which channel each may go, looked up together; or why by none. */
async function planned({ db, config, wechat, sms }: Parts, due: readonly Message[], at: Date): Promise<Planned[]> {
  const notices = new Map(
    (
      await findBy(
        db,
        'Notice',
        'id',
        due.map((one) => one.id),
      )
    ).map((one) => [one.id, one]),
  )
  const addresses = await addressOf(
    db,
    config,
    due.map(({ id, personId, kind }) => ({ id, personId, kind })),
  )
  const isOn = await switchesOf(
    db,
    due.map((one) => one.regionPath),
  )
  return Promise.all(
    due.map(async (message): Promise<Planned> => {
      const { quietFromHour, quietToHour } = await settingsAt(db, message.regionPath, dayOf(at))
      const until = outsideOf(message.kind).isUrgent === true ? null : quietUntil(at, quietFromHour, quietToHour)
      if (notices.get(message.id)?.readAt) return { message, way: { reason: 'read' } }
      if (until !== null) return { message, way: { reason: 'quiet', until } }
      const address = addresses.get(message.id)
      if (address === undefined) return { message, way: { reason: 'nobody' } }
      const may = { wechat: wechat !== null && address.wechat !== null, sms: sms !== null && address.phone !== null }
      const from = message.channel === 'sms' ? (['sms'] as const) : (['wechat', 'sms'] as const)
      const open = from.filter((one) => may[one])
      const channel = open.find((one) => isOn(message.regionPath, message.kind, one))
      if (channel !== undefined) return { message, way: { channel, address } }
      if (wechat === null && sms === null) return { message, way: { reason: 'noChannel' } }
      if (open.length > 0) return { message, way: { reason: 'switchedOff' } }
      return { message, way: { reason: (message.channel === 'sms' ? message.reason : null) ?? address.whyNot } }
    }),
  )
}

async function sendOne(
  parts: Parts,
  { message, way }: Planned,
  isDown: (channel: Channel) => boolean,
  at: Date,
): Promise<{ channel: Channel; result: Result } | null> {
  const { db } = parts
  const { id, tries } = message
  const waiting = { id, state: 'waiting', tries }
  if (!('channel' in way)) {
    const { reason, until } = way
    const data = until === undefined ? { state: 'dropped', reason, doneAt: at } : { reason, dueAt: until }
    await db.message.updateMany({ where: waiting, data })
    return null
  }
  const { channel, address } = way
  if (isDown(channel)) {
    const dueAt = addSeconds(at, pauseSeconds(2, spreadOf(id)))
    await db.message.updateMany({ where: waiting, data: { channel, reason: 'busy', dueAt } })
    return null
  }
  const taken = await db.message.updateMany({
    where: waiting,
    data: { state: 'sending', channel, tries: tries + 1, leasedUntil: addSeconds(at, LEASE_SECONDS), reason: null },
  })
  if (taken.count === 0) return null
  const result =
    channel === 'wechat' ? await byWechat(parts, message, address) : await bySms(parts, message, address, at)
  await finish(parts, { ...message, channel, tries: tries + 1 }, result, at)
  return { channel, result }
}

async function byWechat({ wechat, config }: Parts, message: Message, { wechat: to, page }: Address): Promise<Result> {
  if (wechat === null || to === null) return { ok: false, reason: 'noChannel', retryable: false }
  const { id: templateId, thing, time } = to.template
  return wechat.sendMessage({
    openid: to.openid,
    templateId,
    page,
    build: config.messages.build,
    values: { [thing]: outsideOf(message.kind).words, [time]: minuteOf(message.createdAt) },
  })
}

async function bySms({ sms, db }: Parts, message: Message, { phone }: Address, at: Date): Promise<Result> {
  if (sms === null || phone === null) return { ok: false, reason: 'noChannel', retryable: false }
  const { agencyName, hotline } = await settingsAt(db, message.regionPath, dayOf(at))
  const text = `【${agencyName}】${outsideOf(message.kind).words}。请打开睦邻小程序看看，或者打 ${hotline}。`
  return sms.send({ id: message.id, phone, text })
}

/** What came of it. A channel that will never take it gives way to the next one; what may have arrived is left alone. */
async function finish({ db }: Parts, message: Message, result: Result, at: Date): Promise<void> {
  const { id, personId, kind, channel, tries } = message
  const mine = { id, state: 'sending' }
  const end = (state: 'sent' | 'unclear' | 'dropped', reason: string | null = null) =>
    db.message.updateMany({ where: mine, data: { state, reason, doneAt: at, leasedUntil: null } })
  const again = (reason: string, seconds: number) =>
    db.message.updateMany({
      where: mine,
      data: { state: 'waiting', reason, dueAt: addSeconds(at, seconds), leasedUntil: null },
    })
  const grant = { personId, subject: outsideOf(kind).subject }
  const mayBeSpent = result.ok || (!result.retryable && result.reason === 'unreachable')
  if (channel === 'wechat' && mayBeSpent)
    await db.messageGrant.updateMany({
      where: { ...grant, isLasting: false, left: { gt: 0 } },
      data: { left: { decrement: 1 } },
    })
  if (result.ok) return void (await end('sent'))
  if (result.reason === 'unreachable' && !result.retryable) return void (await end('unclear', 'unreachable'))
  if (result.reason === 'noConsent')
    await db.messageGrant.updateMany({ where: grant, data: { left: 0, isLasting: false, changedAt: at } })
  if (result.retryable && tries < TRIES_MOST) {
    const pause = result.reason === 'tooOften' ? TOO_OFTEN_SECONDS : pauseSeconds(tries, spreadOf(id))
    return void (await again(result.reason, pause))
  }
  const reason = result.retryable ? 'tries' : result.reason
  if (channel === 'sms') return void (await end('dropped', reason))
  await db.message.updateMany({
    where: mine,
    data: { state: 'waiting', channel: 'sms', tries: 0, reason, dueAt: at, leasedUntil: null },
  })
}

/** What nobody wants to hear any more, and what was under way when a process died. */
async function endOld({ db }: Parts, at: Date): Promise<void> {
  const messageHours = await longestSetting(db, 'messageHours', dayOf(at))
  await db.message.updateMany({
    where: { state: 'waiting', createdAt: { lt: addSeconds(at, -messageHours * 3600) } },
    data: { state: 'dropped', reason: 'late', doneAt: at },
  })
  await db.message.updateMany({
    where: { state: 'sending', leasedUntil: { lte: at } },
    data: { state: 'unclear', reason: 'lost', doneAt: at, leasedUntil: null },
  })
}

/** The same for a message, another one for the next. */
function spreadOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(-4), 16) / 0xffff
}

function minuteOf(at: Date): string {
  return `${dayOf(at)} ${clockOf(at)}`
}
