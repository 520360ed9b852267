// On PostgreSQL the server's own role can't do what a guard forbids, nor take the guard away.
import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../server/core/db'
import { migrate } from '../../server/core/migrate'
import { grantServing } from '../../server/core/roles'
import { issuanceAccount, openAccount } from '../../server/ledger/accounts'
import { auditLedger } from '../../server/ledger/audit'
import { hold, post, postHold, reverse } from '../../server/ledger/post'
import { freshDatabase, provider } from '../support/database'
import { servingDatabase } from '../support/serving'
import { NOON } from './books'

async function serving() {
  const { url, ownerUrl } = await servingDatabase()
  await grantServing(ownerUrl, url) // asked again it says the same again
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const db = openDb(url, { connections: 4 })
  onTestFinished(async () => {
    await client.end()
    await db.$disconnect()
  })
  const refusal = (sql: string) =>
    client.query(sql).then(
      () => 'done',
      (error: Error) => error.message,
    )
  return { servingUrl: url, client, db, refusal }
}

test('the serving role adds to append-only tables and does nothing else to them', async () => {
  if (provider() !== 'postgresql') return
  const { client, refusal } = await serving()
  const { rows } = await client.query(
    String.raw`SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname LIKE '%\_append\_only' ORDER BY 1`,
  )
  const tables = rows.map((row) => row.name as string)
  expect(tables).toEqual(
    expect.arrayContaining([
      'ledger_decision',
      'ledger_entry',
      'ledger_lot_use',
      'ledger_request',
      'ledger_transaction',
    ]),
  )
  for (const table of tables) {
    const column = (await client.query(`SELECT * FROM ${table} LIMIT 0`)).fields[0]?.name
    expect(await refusal(`UPDATE ${table} SET "${column}" = "${column}"`), table).toContain('permission denied')
    expect(await refusal(`DELETE FROM ${table}`), table).toContain('permission denied')
    expect(await refusal(`TRUNCATE ${table} CASCADE`), table).toContain('permission denied')
    expect(await refusal(`ALTER TABLE ${table} DISABLE TRIGGER ALL`), table).toContain('must be owner')
  }
  expect(await refusal('DELETE FROM ledger_account')).toContain('permission denied')
  expect(await refusal('CREATE TABLE own (id int)')).toContain('permission denied')
  expect(await refusal('DROP FUNCTION append_only CASCADE')).toContain('must be owner')
})

test('the books are kept by the serving role, and it starts on what the owner migrated', async () => {
  if (provider() !== 'postgresql') return
  const { db, servingUrl } = await serving()
  expect(await migrate(servingUrl, join(import.meta.dirname, '../../prisma/postgresql/migrations'), () => {})).toBe(0)
  await db.$transaction(async (tx) => {
    const programmeId = 'p'
    const [issuance, li] = [await issuanceAccount(tx, programmeId), await openAccount(tx, programmeId, 'member', NOON)]
    const postings = [
      { accountId: issuance, milliPoints: -900n },
      { accountId: li, milliPoints: 900n },
    ]
    const common = { programmeId, happenedAt: NOON, byId: 'test', explanation: {} }
    const reference = { refType: 'visit', refId: 'v', revision: 0 }
    await post(tx, [{ ...common, ...reference, id: 'earn', kind: 'EARN', postings }], NOON)
    const held = { accountId: li, milliPoints: 300n, refType: 'redemption', refId: 'r', until: NOON }
    await hold(tx, { ...common, ...held, id: 'hold' }, NOON)
    const taken = { id: 'take', holdId: 'hold', to: await openAccount(tx, programmeId, 'redemptionDue', NOON) }
    await postHold(tx, { ...common, ...taken }, NOON)
    await reverse(tx, { id: 'back', transactionId: 'earn', byId: 'test', explanation: {} }, NOON)
  })
  expect(await auditLedger(db)).toMatchObject({ transactions: 5, problem: null })
})

test('the owner does not serve', async () => {
  if (provider() !== 'postgresql') return
  const url = await freshDatabase()
  await expect(grantServing(url, url)).rejects.toThrow(/same role/)
})
