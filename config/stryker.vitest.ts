// What a mutation of the ledger is tried with: the plain tests of what is shared, or those that keep books on SQLite.
import { defineConfig } from 'vitest/config'

const onBooks = process.env.MULIN_MUTATION === 'books'

export default defineConfig({
  test: {
    include: onBooks
      ? ['test/ledger/{audit,kinds,lots,post,bad-input}.test.ts', 'test/member/repay.test.ts']
      : ['test/ledger/{rules,leaf,input}.test.ts'],
    globalSetup: onBooks ? ['test/support/sqlite.setup.ts'] : [],
    isolate: false, // a change is switched on, not loaded
    testTimeout: 60_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', NODE_ENV: 'test' },
  },
})
