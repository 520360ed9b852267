import { addSeconds } from '../../shared/core/time'
import { pauseSeconds, TRIES_MOST } from '../../shared/message/rules'
import type { TextKind } from '../../shared/text/words'
import type { RowOf } from '../core/bulk'
import type { Parts } from '../core/route'
import { readOpenids } from '../person/openids'
import type { Wechat, TextKind as WechatKind } from '../wechat/wechat'
import { readTexts } from './places'

type Row = RowOf<'TextCheck'>
type Verdict = Awaited<ReturnType<Wechat['checkText']>>

const AT_ONCE = 8
const MOST_A_RUN = 400
/** Longer than a call of WeChat with all its tries. */
const LEASE_SECONDS = 120
const TOO_OFTEN_SECONDS = 3600
/** So many in a row that WeChat did not look at, and it is left alone until the next run. */
const DOWN_AFTER = 4
/** WeChat will never judge these: staff do. */
const FOR_STAFF = ['inactiveUser', 'badValue', 'blocked']

/** WeChat judges a remark more mildly than what stands in a list for everybody. */
const SCENES: Record<TextKind, WechatKind> = {
  giftNote: 'comment',
  helperNote: 'comment',
  appeal: 'comment',
  creditAppeal: 'comment',
  product: 'forum',
  organisation: 'profile',
}

/**
 * Puts what is due before WeChat. Risky: hidden, and staff look at it. Not sure, or nothing WeChat would judge: staff look at
 * it, and it is shown. No answer: asked again later, and after some tries staff look at it. Where no WeChat is, texts are
 * shown as they are.
 *
 * @returns how many were judged
 */
export async function checkTexts({ db, config, wechat }: Parts, at: Date): Promise<number> {
  if (wechat === null) {
    await db.textCheck.updateMany({ where: { state: 'waiting' }, data: { state: 'unchecked', doneAt: at } })
    return 0
  }
  // asking twice does no harm: what a process that died was asking is asked again
  await db.textCheck.updateMany({
    where: { state: 'asking', leasedUntil: { lte: at } },
    data: { state: 'waiting', leasedUntil: null },
  })
  let judged = 0
  let failedInARow = 0
  for (let seen = 0; seen < MOST_A_RUN && failedInARow < DOWN_AFTER; seen += AT_ONCE) {
    const due = await db.textCheck.findMany({
      where: { state: 'waiting', dueAt: { lte: at } },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      take: AT_ONCE,
    })
    if (due.length === 0) break
    const texts = await readTexts(db, due)
    const openids = await readOpenids(
      db,
      config.keys,
      due.map((one) => one.byPersonId),
    )
    const verdicts = await Promise.all(
      due.map((row) =>
        checkOne({ db, wechat }, row, texts.get(row.id) ?? null, openids.get(row.byPersonId) ?? null, at),
      ),
    )
    for (const verdict of verdicts.filter((one) => one !== null)) {
      if (verdict.ok) judged += 1
      const isAway = !verdict.ok && !FOR_STAFF.includes(verdict.reason)
      failedInARow = isAway ? failedInARow + 1 : 0
    }
  }
  return judged
}

/** @returns what WeChat said, or null where it was not asked */
async function checkOne(
  { db, wechat }: { db: Parts['db']; wechat: Wechat },
  row: Row,
  text: string | null,
  openid: string | null,
  at: Date,
): Promise<Verdict | null> {
  const { id, createdAt, tries } = row
  const waiting = { id, createdAt, tries, state: 'waiting' }
  if (text === null || openid === null) {
    const data = text === null ? { state: 'fine', reason: 'gone' } : { state: 'review', reason: 'nobody' }
    await db.textCheck.updateMany({ where: waiting, data: { ...data, doneAt: at } })
    return null
  }
  const taken = await db.textCheck.updateMany({
    where: waiting,
    data: { state: 'asking', tries: tries + 1, leasedUntil: addSeconds(at, LEASE_SECONDS), reason: null },
  })
  if (taken.count === 0) return null
  const verdict = await wechat.checkText({ openid, kind: SCENES[row.kind as TextKind], text })
  // written anew meanwhile, it is another text: the time it was written at tells
  const mine = { id, createdAt, state: 'asking', tries: tries + 1 }
  await db.textCheck.updateMany({ where: mine, data: { leasedUntil: null, ...outcomeOf(row, verdict, at) } })
  return verdict
}

function outcomeOf({ id, tries }: Row, verdict: Verdict, at: Date) {
  if (verdict.ok && verdict.verdict === 'pass') return { state: 'fine', doneAt: at }
  if (verdict.ok) {
    const state = verdict.verdict === 'risky' ? 'hidden' : 'review'
    return { state, reason: verdict.verdict, doneAt: at }
  }
  const { reason } = verdict
  if (FOR_STAFF.includes(reason)) return { state: 'review', reason, doneAt: at }
  if (tries + 1 >= TRIES_MOST) return { state: 'review', reason: 'tries', doneAt: at }
  const pause = reason === 'tooOften' ? TOO_OFTEN_SECONDS : pauseSeconds(tries + 1, spreadOf(id))
  return { state: 'waiting', reason, dueAt: addSeconds(at, pause) }
}

/** The same for a text, another one for the next. */
function spreadOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(-4), 16) / 0xffff
}
