// Books of a test's own: a programme, its system accounts, and members who hold points.
import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { type Db, openDb, type Tx } from '../../server/core/db'
import { issuanceAccount, openAccount, systemAccount } from '../../server/ledger/accounts'
import { type Draft, hold, post, postHold, reverse, voidHold } from '../../server/ledger/post'
import { instantOf } from '../../shared/core/time'
import type { AccountKind } from '../../shared/ledger/rules'
import { freshDatabase } from '../support/database'

export const NOON = instantOf('2026-11-22', '12:00')

export async function newBooks(url?: string) {
  const db = openDb(url ?? (await freshDatabase()), { connections: 20 })
  onTestFinished(async () => db.$disconnect())
  const programmeId = randomUUID()
  const issuance = await db.$transaction((tx) => issuanceAccount(tx, programmeId))
  const due = await db.$transaction((tx) => systemAccount(tx, programmeId, 'redemptionDue'))
  const open = (kind: AccountKind = 'member', programme: string = programmeId) =>
    db.$transaction((tx) => openAccount(tx, programme, kind, NOON))

  const draft = (given: Partial<Draft> & Pick<Draft, 'postings'>): Draft => ({
    id: randomUUID(),
    programmeId,
    kind: 'EARN',
    refType: 'visit',
    refId: randomUUID(),
    revision: 0,
    happenedAt: NOON,
    byId: 'test',
    explanation: { formula: 'test' },
    ...given,
  })
  const earn = (accountId: string, milliPoints: bigint, more: Partial<Draft> = {}) =>
    draft({
      ...more,
      postings: [
        { accountId: issuance, milliPoints: -milliPoints },
        { accountId, milliPoints },
      ],
    })

  const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.$transaction(work)
  const ask = (more: object = {}) => ({ id: randomUUID(), byId: 'test', happenedAt: NOON, explanation: {}, ...more })
  /** What two persons agreed to, for a verb that is tried by itself. Answers the request's id. */
  const agreed = async (kind: string, accountId: string) => {
    const request = {
      id: randomUUID(),
      programmeId,
      kind,
      accountId,
      reason: 'test',
      regionPath: '/1/',
      askedById: 'clerk',
    }
    await db.ledgerRequest.create({
      data: {
        ...request,
        askedAt: NOON,
        decision: { create: { decision: 'approve', reason: '', byId: 'boss', at: NOON } },
      },
    })
    return request.id
  }
  return {
    agreed,
    db,
    programmeId,
    issuance,
    due,
    open,
    draft,
    earn,
    post: (...drafts: Draft[]) => inTx((tx) => post(tx, drafts, NOON)),
    /** Opens a member account that holds this much. */
    async member(milliPoints = 0n) {
      const id = await open()
      if (milliPoints > 0n) await inTx((tx) => post(tx, [earn(id, milliPoints)], NOON))
      return id
    },
    async hold(accountId: string, milliPoints: bigint, more: { id?: string; refId?: string; until?: Date } = {}) {
      const id = more.id ?? randomUUID()
      const until = more.until ?? instantOf('2026-11-25', '12:00')
      await inTx((tx) =>
        hold(
          tx,
          { ...ask(), id, programmeId, accountId, milliPoints, refType: 'redemption', refId: more.refId ?? id, until },
          NOON,
        ),
      )
      return id
    },
    postHold: (holdId: string, more: { id?: string; milliPoints?: bigint; happenedAt?: Date } = {}) =>
      inTx((tx) => postHold(tx, { ...ask(more), holdId, to: due }, NOON)),
    voidHold: (holdId: string) => inTx((tx) => voidHold(tx, { ...ask(), holdId }, NOON)),
    reverse: (transactionId: string) =>
      inTx((tx) => reverse(tx, { id: randomUUID(), transactionId, byId: 'test', explanation: {} }, NOON)),
    async balance(accountId: string) {
      const { postedMilliPoints, pendingMilliPoints } = await db.ledgerAccount.findUniqueOrThrow({
        where: { id: accountId },
      })
      return { posted: postedMilliPoints, pending: pendingMilliPoints }
    },
    async sumOf(accountId: string) {
      const { _sum } = await db.ledgerEntry.aggregate({ where: { accountId }, _sum: { amountMilliPoints: true } })
      return _sum.amountMilliPoints ?? 0n
    },
  }
}
export type Books = Awaited<ReturnType<typeof newBooks>>

/** The codes of what was refused; '' for what was done. Anything else thrown is a bug and thrown on. */
export async function codesOf(works: readonly Promise<unknown>[]): Promise<string[]> {
  const { Refusal } = await import('../../shared/core/refusals')
  const done = await Promise.allSettled(works)
  return done.map((one) => {
    if (one.status === 'fulfilled') return ''
    if (one.reason instanceof Refusal) return one.reason.code
    throw one.reason
  })
}

export const rowsOf = async (db: Db) => ({
  transactions: await db.ledgerTransaction.count(),
  entries: await db.ledgerEntry.count(),
})
