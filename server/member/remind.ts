import { pointsText } from '../../shared/core/amounts'
import { addDays, type Day, dayOf, daysBetween, startOfDay } from '../../shared/core/time'
import type { SchemeDocument } from '../../shared/scheme/document'
import type { Db, Reader } from '../core/db'
import { type LotOver, lotsOverIn } from '../ledger/lots'
import { type Notice, notify } from '../notice/notify'
import { schemesOn } from '../scheme/queries'
import { ownersOf } from './account'
import { REMIND_DAYS } from './giving'

const ACCOUNTS_AT_ONCE = 200

/**
 * Reminds those whose points will be over: for each account and last day once so many days before as the scheme of the
 * owner's home says (60 and 7 where it says nothing). A day that the server slept through is caught up with.
 *
 * @returns how many were told
 */
export async function remindExpiring(db: Db, at: Date): Promise<number> {
  const today = dayOf(at)
  const longest = await longestReminder(db)
  const span = { after: at, upTo: startOfDay(addDays(today, longest + 1)) }
  let told = 0
  let after: string | null = ''
  while (after !== null) {
    const { over, last } = await lotsOverIn(db, span, after, ACCOUNTS_AT_ONCE)
    const notices = await remindersOf(db, over, today)
    told += (await db.$transaction((tx) => notify(tx, notices, at))).length
    after = last
  }
  return told
}

async function longestReminder(db: Reader): Promise<number> {
  const rows = await db.scheme.findMany({ select: { document: true } })
  const asked = rows.flatMap(
    ({ document }) => (JSON.parse(document) as SchemeDocument).expiry?.reminderDays ?? REMIND_DAYS,
  )
  return Math.max(0, ...asked)
}

async function remindersOf(db: Reader, over: readonly LotOver[], today: Day): Promise<Notice[]> {
  const owners = await ownersOf(
    db,
    over.map(({ accountId }) => accountId),
  )
  const homes = await homesOf(db, [...owners.values()])
  const places = [...homes.values()].map(({ regionPath }) => ({ regionPath, day: today }))
  const schemeOf = await schemesOn(db, places)
  const sums = new Map<string, { accountId: string; last: Day; milliPoints: bigint }>()
  for (const { accountId, expiresAt, milliPoints } of over) {
    // Over at midnight: people know the day before as the last one.
    const last = dayOf(new Date(expiresAt.getTime() - 1))
    const sum = sums.get(`${accountId} ${last}`) ?? { accountId, last, milliPoints: 0n }
    sums.set(`${accountId} ${last}`, { ...sum, milliPoints: sum.milliPoints + milliPoints })
  }
  return [...sums.values()].flatMap(({ accountId, last, milliPoints }): Notice[] => {
    const personId = owners.get(accountId)
    const home = homes.get(personId ?? '')
    const document = home === undefined ? undefined : schemeOf({ regionPath: home.regionPath, day: today })?.document
    const left = daysBetween(today, last)
    const step = stepOf(document?.expiry?.reminderDays ?? REMIND_DAYS, left)
    if (personId === undefined || home === undefined || step === null) return []
    const [, month, date] = last.split('-').map(Number)
    const word = document?.pointsWord ?? '积分'
    return [
      {
        ...{ personId, kind: 'pointsExpiring', phoneLink: home.pointsPage },
        title: `${month} 月 ${date} 日${word}到期`,
        body: `有 ${pointsText(milliPoints)} 分只能用到 ${month} 月 ${date} 日，还有 ${left} 天。可以换东西，也可以送给家人或捐出去。`,
        key: `expiring:${accountId}:${last}:${step}`,
      },
    ]
  })
}

/** The reminder that is due so many days before: the nearest one that has begun. */
function stepOf(steps: readonly number[], left: number): number | null {
  const begun = steps.filter((step) => left <= step)
  return begun.length === 0 ? null : Math.min(...begun)
}

type Home = { regionPath: string; pointsPage: string }

async function homesOf(db: Reader, personIds: readonly string[]): Promise<Map<string, Home>> {
  const where = { personId: { in: [...new Set(personIds)] } }
  const select = { personId: true, regionPath: true } as const
  const elders = await db.elder.findMany({ where: { ...where, endedDay: null }, select })
  const members = await db.member.findMany({ where, select })
  const pages: [rows: typeof members, pointsPage: string][] = [
    [elders, '/ledger/elder-points'],
    [members, '/ledger/points'],
  ]
  return new Map(
    pages.flatMap(([rows, pointsPage]) =>
      rows.map(({ personId, regionPath }): [string, Home] => [personId, { regionPath, pointsPage }]),
    ),
  )
}
