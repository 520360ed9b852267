// Accounts: whose id follows from what, what a new one holds, and that each is opened once.
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Tx } from '../../server/core/db'
import {
  clearingAccount,
  clearingIdOf,
  openAccounts,
  openRecovery,
  organisationAccount,
  organisationAccountId,
  systemAccount,
} from '../../server/ledger/accounts'
import { recoveryIdOf } from '../../server/ledger/order'
import { addSeconds } from '../../shared/core/time'
import { type Books, NOON, newBooks } from './books'

const inTx = <T>({ db }: Books, work: (tx: Tx) => Promise<T>) => db.$transaction(work)
const found = ({ db }: Books, id: string) => db.ledgerAccount.findUniqueOrThrow({ where: { id } })
const EMPTY = { postedMilliPoints: 0n, pendingMilliPoints: 0n, seq: 0, lotsFrom: 1, closedAt: null }

test('a new account is empty, and its kind says whether its balance is kept and how low it may go', async () => {
  const books = await newBooks()
  const { programmeId } = books
  const kinds = ['issuance', 'member', 'recovery', 'redemptionDue'] as const
  const opened = kinds.map((kind) => ({ id: randomUUID(), programmeId, kind, openedAt: NOON }))
  await inTx(books, (tx) => openAccounts(tx, opened))
  expect(await Promise.all(opened.map(({ id }) => found(books, id)))).toMatchObject([
    { ...opened[0], ...EMPTY, stored: false, lowestMilliPoints: null },
    { ...opened[1], ...EMPTY, stored: true, lowestMilliPoints: 0n },
    { ...opened[2], ...EMPTY, stored: true, lowestMilliPoints: null },
    { ...opened[3], ...EMPTY, stored: true, lowestMilliPoints: 0n },
  ])
})

test('an organisation has one account in a programme, as old as its first points', async () => {
  const books = await newBooks()
  const { programmeId } = books
  const [one, other] = [randomUUID(), randomUUID()]
  const open = (organisationId: string, at = NOON) =>
    inTx(books, (tx) => organisationAccount(tx, programmeId, organisationId, at))
  const id = await open(one)
  expect(await open(one, addSeconds(NOON, 60))).toBe(id)
  expect(id).toBe(organisationAccountId(programmeId, one))
  const ids = [id, await open(other), organisationAccountId(randomUUID(), one)]
  expect(new Set(ids).size).toBe(3)
  expect(await found(books, id)).toMatchObject({ ...EMPTY, programmeId, kind: 'organisation', openedAt: NOON })
})

test('what two counties owe each other, what somebody owes and what a programme has one of: each its own, opened once', async () => {
  const books = await newBooks()
  const { programmeId: here } = books
  const [there, li] = [randomUUID(), await books.open()]
  const ids = []
  for (const _ of ['once', 'again']) {
    ids.push(await inTx(books, (tx) => clearingAccount(tx, here, there)))
    ids.push(await inTx(books, (tx) => clearingAccount(tx, there, here)))
    ids.push(await inTx(books, (tx) => systemAccount(tx, here, 'pool')))
    ids.push(await inTx(books, (tx) => systemAccount(tx, there, 'pool')))
    await inTx(books, (tx) => openRecovery(tx, li, here, NOON))
  }
  expect(ids.slice(0, 2)).toEqual([clearingIdOf(here, there), clearingIdOf(there, here)])
  expect(ids.slice(4)).toEqual(ids.slice(0, 4))
  expect(new Set(ids).size).toBe(4)
  const ever = new Date(0)
  expect(await Promise.all([...ids.slice(0, 4), recoveryIdOf(li)].map((id) => found(books, id)))).toMatchObject([
    { ...EMPTY, programmeId: here, kind: 'clearing', lowestMilliPoints: null, openedAt: ever },
    { ...EMPTY, programmeId: there, kind: 'clearing', lowestMilliPoints: null, openedAt: ever },
    { ...EMPTY, programmeId: here, kind: 'pool', lowestMilliPoints: 0n, openedAt: ever },
    { ...EMPTY, programmeId: there, kind: 'pool', lowestMilliPoints: 0n, openedAt: ever },
    { ...EMPTY, programmeId: here, kind: 'recovery', lowestMilliPoints: null, openedAt: NOON },
  ])
})
