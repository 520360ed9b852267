// What a mutation of the ledger is tried with: the plain tests of what is shared, or those that keep books on SQLite.
import { defineConfig } from 'vitest/config'

const onBooks = process.env.MULIN_MUTATION === 'books'
const BOOKS = ['test/ledger/{audit,kinds,lots,post,bad-input}.test.ts', 'test/member/repay.test.ts']
const PLAIN = ['test/ledger/{rules,leaf,input}.test.ts']
const KINDS = ['test/ledger/kinds.test.ts']
/** What reaches a file from nearby, and says it in seconds; of the others all are tried. */
const NEAR: Record<string, string[]> = {
  'shared/ledger/input.ts': ['test/ledger/input.test.ts'],
  'server/ledger/post.ts': ['test/ledger/{post,lots,kinds}.test.ts'],
  'server/ledger/write.ts': ['test/ledger/{post,lots}.test.ts'],
  'server/ledger/lots.ts': ['test/ledger/lots.test.ts'],
  'server/ledger/order.ts': ['test/ledger/{post,lots}.test.ts'],
  'server/ledger/books.ts': ['test/ledger/audit.test.ts'],
  'server/ledger/audit.ts': ['test/ledger/audit.test.ts'],
  'server/ledger/leaf.ts': ['test/ledger/{leaf,lots}.test.ts'],
  'server/ledger/accounts.ts': ['test/ledger/{accounts,post}.test.ts'],
  'server/ledger/restore.ts': ['test/ledger/restore.test.ts'],
  'server/ledger/promises.ts': ['test/redemption/gate.test.ts'],
  'server/ledger/overdraft.ts': ['test/ledger/lots.test.ts'],
  'server/ledger/forget.ts': ['test/person/rights.test.ts'],
  'server/ledger/queries.ts': ['test/ledger/{post,queries}.test.ts'],
  'server/ledger/close.ts': ['test/ledger/close.test.ts'],
  'server/ledger/request.ts': ['test/ledger/{request,kinds}.test.ts'],
  'server/ledger/transfer.ts': ['test/ledger/transfer.test.ts'],
  'server/ledger/manual.ts': ['test/ledger/request.test.ts'],
  ...Object.fromEntries(
    ['expire', 'freeze', 'gift', 'grant', 'import', 'move', 'pay', 'repay', 'settle'].map((name) => [
      `server/ledger/${name}.ts`,
      KINDS,
    ]),
  ),
}

export default defineConfig({
  test: {
    include: NEAR[process.env.MULIN_MUTATION_FILE ?? ''] ?? (onBooks ? BOOKS : PLAIN),
    globalSetup: onBooks ? ['test/support/sqlite.setup.ts'] : [],
    isolate: false, // a change is switched on, not loaded
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NODE_ENV: 'test' },
  },
})
